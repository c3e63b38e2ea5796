//! Reading single values out of the tree: maps with known keys, lists, names, texts, integers, words, expressions.
//! Every method returns `None` exactly when it has reported why.

use crate::finding::{Diagnostic, Level};
use crate::ir::{Expr, Name, SourceId, Span, Spanned};
use crate::syntax::asynchronous;
use crate::syntax::error::SyntaxError;
use crate::syntax::expr;
use crate::syntax::limits;
use crate::syntax::words::why_reserved;
use crate::syntax::yaml::{EXPRESSION_KEYS, Entry, Meaning, Node, NodeKind, Scalar, shown};

/// Where errors and warnings about one file are collected.
pub(in crate::syntax) struct Reader<'t> {
    pub source: SourceId,
    text: &'t str,
    diagnostics: Vec<Diagnostic>,
}

/// A map whose keys are all known.
pub(in crate::syntax) struct Fields<'n> {
    of: &'static str,
    pub span: Span,
    entries: &'n [Entry],
}

impl<'n> Fields<'n> {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries
            .iter()
            .find(|e| e.key.text == key)
            .map(|e| &e.value)
    }

    /// The place of `key` itself.
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entries
            .iter()
            .find(|e| e.key.text == key)
            .map(|e| e.key.span())
    }

    /// The value of `key`, whose absence is an error.
    pub fn need(&self, reader: &mut Reader<'_>, key: &'static str) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() {
            let at = self.entries.first().map_or(self.span, |e| e.key.span());
            reader.error(SyntaxError::MissingKey { key, of: self.of }, at);
        }
        found
    }
}

impl<'t> Reader<'t> {
    pub(in crate::syntax) const fn new(source: SourceId, text: &'t str) -> Self {
        Self {
            source,
            text,
            diagnostics: Vec::new(),
        }
    }

    /// Everything reported: errors, or if there are none the warnings.
    pub(in crate::syntax) fn finish(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let (mut errors, warnings): (Vec<_>, Vec<_>) = self
            .diagnostics
            .into_iter()
            .partition(|d| d.level == Level::Error);
        errors.truncate(limits::ERRORS);
        if errors.is_empty() {
            Ok(warnings)
        } else {
            Err(errors)
        }
    }

    pub fn error(&mut self, error: SyntaxError, span: Span) {
        self.diagnostics.push(error.at(span));
    }

    /// Reports that `node` is not what is `wanted` here.
    pub fn shape(&mut self, node: &Node, wanted: impl Into<String>, advice: Option<&'static str>) {
        let wanted = wanted.into();
        self.error(
            SyntaxError::Shape {
                wanted,
                found: node.found(),
                advice,
            },
            node.span,
        );
    }

    /// A map with only `known` keys; those of `later` are refused as not verified yet.
    pub fn fields<'n>(
        &mut self,
        node: &'n Node,
        of: &'static str,
        known: &[&'static str],
        later: &[&'static str],
    ) -> Option<Fields<'n>> {
        let NodeKind::Map(entries) = &node.kind else {
            self.shape(
                node,
                format!("{of}, a map with the keys {}", spelled(known)),
                None,
            );
            return None;
        };
        let mut cut = false;
        for entry in entries {
            let key = entry.key.text.as_str();
            let rest_of_a_call =
                std::mem::replace(&mut cut, is_cut_expression(entry)) && entry.value.is_absent();
            if rest_of_a_call {
                // `{when: fresh(e, p)}` without quotes: reported where it is read as an expression.
                continue;
            }
            if later.contains(&key) {
                let what = format!("`{key}` is about instances or channels");
                self.error(SyntaxError::Asynchronous { what }, entry.key.span());
            } else if !known.contains(&key) {
                let error = SyntaxError::UnknownKey {
                    key: shown(key),
                    of,
                    near: nearest(key, known),
                    known: spelled(known),
                };
                self.error(error, entry.key.span());
            }
        }
        Some(Fields {
            of,
            span: node.span,
            entries,
        })
    }

    /// The entries of a map whose keys the user chooses.
    pub fn entries<'n>(
        &mut self,
        node: &'n Node,
        what: &'static str,
        limit: usize,
    ) -> Option<&'n [Entry]> {
        let NodeKind::Map(entries) = &node.kind else {
            self.shape(node, format!("a map of {what}"), None);
            return None;
        };
        self.count(entries.len(), what, limit, node.span)?;
        Some(entries)
    }

    /// The elements of a list, which may be empty.
    pub fn list<'n>(
        &mut self,
        node: &'n Node,
        what: &'static str,
        limit: usize,
    ) -> Option<&'n [Node]> {
        let NodeKind::List(items) = &node.kind else {
            let advice = match &node.kind {
                NodeKind::Scalar(s) if s.meaning() == Meaning::Null => {
                    Some("write `[]`, or remove the key")
                }
                NodeKind::Scalar(_) => Some("write it as a list: `[…]`"),
                NodeKind::List(_) | NodeKind::Map(_) => None,
            };
            self.shape(node, format!("a list of {what}"), advice);
            return None;
        };
        self.count(items.len(), what, limit, node.span)?;
        Some(items)
    }

    /// The elements of a list of at least one.
    pub fn some<'n>(
        &mut self,
        node: &'n Node,
        what: &'static str,
        limit: usize,
    ) -> Option<&'n [Node]> {
        let items = self.list(node, what, limit)?;
        if items.is_empty() {
            self.error(SyntaxError::EmptyList { what }, node.span);
            return None;
        }
        Some(items)
    }

    fn count(&mut self, found: usize, what: &'static str, limit: usize, span: Span) -> Option<()> {
        if found > limit {
            self.error(SyntaxError::TooMany { what, limit }, span);
            return None;
        }
        Some(())
    }

    /// A list of names, which may be empty.
    pub fn names(
        &mut self,
        node: &Node,
        what: &'static str,
        limit: usize,
    ) -> Option<Vec<Spanned<Name>>> {
        let items = self.list(node, what, limit)?;
        Some(items.iter().filter_map(|item| self.name(item)).collect())
    }

    /// A list of at least one name.
    pub fn some_names(
        &mut self,
        node: &Node,
        what: &'static str,
        limit: usize,
    ) -> Option<Vec<Spanned<Name>>> {
        let items = self.some(node, what, limit)?;
        Some(items.iter().filter_map(|item| self.name(item)).collect())
    }

    /// One name, or a list of at least one.
    pub fn name_or_names(
        &mut self,
        node: &Node,
        what: &'static str,
        limit: usize,
    ) -> Option<Vec<Spanned<Name>>> {
        match &node.kind {
            NodeKind::Scalar(_) => Some(vec![self.name(node)?]),
            NodeKind::List(_) | NodeKind::Map(_) => self.some_names(node, what, limit),
        }
    }

    /// A scalar that is written, whatever YAML takes it for.
    pub fn scalar<'n>(&mut self, node: &'n Node, wanted: &str) -> Option<&'n Scalar> {
        match &node.kind {
            NodeKind::Scalar(scalar) if !node.is_absent() => Some(scalar),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) => {
                self.shape(node, wanted, None);
                None
            }
        }
    }

    pub fn name(&mut self, node: &Node) -> Option<Spanned<Name>> {
        let scalar = self.scalar(node, "a name")?;
        self.name_of(scalar)
    }

    /// The scalar as a name.
    pub fn name_of(&mut self, scalar: &Scalar) -> Option<Spanned<Name>> {
        let span = scalar.span();
        let Some(name) = Name::new(&scalar.text) else {
            self.error(
                SyntaxError::BadName {
                    found: shown(&scalar.text),
                },
                span,
            );
            return None;
        };
        if let Some(why) = why_reserved(name.as_str()) {
            self.error(
                SyntaxError::Reserved {
                    found: name.to_string(),
                    why: why.text(),
                },
                span,
            );
            return None;
        }
        Some(Spanned::new(name, span))
    }

    /// Free text.
    pub fn text(&mut self, node: &Node) -> Option<Spanned<String>> {
        let scalar = self.scalar(node, "a text")?;
        if scalar.meaning() != Meaning::Text {
            self.shape(node, "a text", Some("put \"…\" around it"));
            return None;
        }
        if scalar.text.len() > limits::TEXT_BYTES {
            self.error(
                SyntaxError::TooLong {
                    limit: limits::TEXT_BYTES,
                },
                scalar.span(),
            );
            return None;
        }
        Some(Spanned::new(scalar.text.clone(), scalar.span()))
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, node: &Node) -> Option<bool> {
        if let NodeKind::Scalar(scalar) = &node.kind
            && let Meaning::Bool(value) = scalar.meaning()
        {
            return Some(value);
        }
        self.shape(node, "`true` or `false`", None);
        None
    }

    /// A decimal integer without quotes.
    pub fn integer(&mut self, node: &Node) -> Option<Spanned<i64>> {
        let scalar = self.scalar(node, "an integer")?;
        let digits = scalar.text.strip_prefix('-').unwrap_or(&scalar.text);
        let decimal = scalar.plain
            && !digits.is_empty()
            && digits.len() <= 18
            && digits.bytes().all(|b| b.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        match scalar.text.parse() {
            Ok(value) if decimal => Some(Spanned::new(value, scalar.span())),
            Ok(_) | Err(_) => {
                self.error(
                    SyntaxError::Integer {
                        found: shown(&scalar.text),
                    },
                    node.span,
                );
                None
            }
        }
    }

    /// One of a few words.
    pub fn word<T: Copy>(
        &mut self,
        node: &Node,
        words: &[(&'static str, T)],
    ) -> Option<Spanned<T>> {
        let known: Vec<&'static str> = words.iter().map(|(word, _)| *word).collect();
        let scalar = self.scalar(node, &format!("one of {}", spelled(&known)))?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == scalar.text) {
            return Some(Spanned::new(*value, scalar.span()));
        }
        let error = SyntaxError::Word {
            found: shown(&scalar.text),
            known: spelled(&known),
            near: nearest(&scalar.text, &known),
        };
        self.error(error, scalar.span());
        None
    }

    /// An expression.
    pub fn expression(&mut self, node: &Node) -> Option<Expr> {
        let scalar = match &node.kind {
            NodeKind::Scalar(scalar) => scalar,
            NodeKind::List(_) | NodeKind::Map(_) => {
                self.error(
                    SyntaxError::Unquoted {
                        found: node.found(),
                    },
                    node.span,
                );
                return None;
            }
        };
        if node.is_absent() {
            self.error(SyntaxError::ExprEmpty, node.span);
            return None;
        }
        let behind = self.behind(node.span);
        match expr::parse(&scalar.text, scalar.place) {
            Ok(e) => {
                if let Some((span, what)) = asynchronous::find(&e) {
                    self.error(
                        SyntaxError::Asynchronous {
                            what: what.to_owned(),
                        },
                        span,
                    );
                    return None;
                }
                if scalar.plain
                    && let Behind::Comment(span) = behind
                {
                    self.error(SyntaxError::CommentBehindExpression, span);
                }
                Some(e)
            }
            Err((error, span)) => {
                let ended = matches!(&error, SyntaxError::ExprUnexpected { found, .. } if found == "the end");
                let cut = match behind {
                    Behind::Comment(_) => Some("YAML takes the rest for a comment"),
                    Behind::Mark if scalar.flow => Some("YAML ends it here"),
                    Behind::Mark | Behind::Nothing => None,
                };
                match cut {
                    Some(found) if ended && scalar.plain => {
                        self.error(SyntaxError::Unquoted { found }, scalar.span());
                    }
                    Some(_) | None => self.error(error, span),
                }
                None
            }
        }
    }

    /// What stands behind a value on its line.
    fn behind(&self, span: Span) -> Behind {
        let end = (span.start + span.len) as usize;
        let rest = self.text.get(end..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        let trimmed = line.trim_start_matches([' ', '\t']);
        let blanks = line.len() - trimmed.len();
        if blanks > 0 && trimmed.starts_with('#') {
            let byte = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            Behind::Comment(Span::new(
                self.source,
                byte(end + blanks),
                byte(trimmed.trim_end().len()),
            ))
        } else if trimmed.starts_with([',', '[', '{', ':']) {
            Behind::Mark
        } else {
            Behind::Nothing
        }
    }
}

/// Whether a comma inside an expression without quotes has cut it off.
fn is_cut_expression(entry: &Entry) -> bool {
    let NodeKind::Scalar(scalar) = &entry.value.kind else {
        return false;
    };
    let text = &scalar.text;
    EXPRESSION_KEYS.contains(&entry.key.text.as_str())
        && scalar.plain
        && scalar.flow
        && text.matches('(').count() > text.matches(')').count()
}

enum Behind {
    Comment(Span),
    /// A mark with which YAML ends a value inside brackets.
    Mark,
    Nothing,
}

/// The known word that `found` is most likely a slip of.
fn nearest(found: &str, known: &[&'static str]) -> Option<&'static str> {
    if found.len() > 40 {
        return None;
    }
    let lower = found.to_ascii_lowercase();
    let distance = |word: &str| {
        let begun = lower.len() >= 3
            && (word.starts_with(&lower) || (word.len() >= 3 && lower.starts_with(word)));
        if begun {
            1
        } else {
            strsim::damerau_levenshtein(&lower, word)
        }
    };
    known
        .iter()
        .map(|word| (distance(word), *word))
        .filter(|(d, word)| *d <= (word.len().max(found.len()) / 3).max(1))
        .min_by_key(|(d, _)| *d)
        .map(|(_, word)| word)
}

fn spelled(words: &[&str]) -> String {
    words
        .iter()
        .map(|w| format!("`{w}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
