//! Events of the YAML parser → the tree, with the limits, and without what this format leaves out.

use std::collections::HashSet;

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as YamlSpan};

use super::scalar::{Meaning, Scalar};
use super::tree::{Entry, Node, NodeKind};
use crate::finding::Diagnostic;
use crate::ir::{SourceId, Span};
use crate::syntax::error::SyntaxError;
use crate::syntax::expr::Place;
use crate::syntax::limits;

/// Keys whose values are expressions or are made of some.
pub(in crate::syntax) const EXPRESSION_KEYS: &[&str] = &[
    "when",
    "set",
    "record",
    "map",
    "init",
    "always",
    "never",
    "require",
    "ensure",
    "reachable",
    "can_reach",
    "eventually",
    "leads_to",
    "infinitely_often",
];

/// The tree of `text`, an empty file being an error.
///
/// # Errors
/// Where the text stops being YAML, and everything in it that this format leaves out.
pub(in crate::syntax) fn scan(source: SourceId, text: &str) -> Result<Node, Vec<Diagnostic>> {
    let mut builder = Builder {
        source,
        text,
        open: Vec::new(),
        root: None,
        documents: 0,
        nodes: 0,
        errors: Vec::new(),
        flow: 0,
    };
    if text.len() > limits::FILE_BYTES {
        let error = SyntaxError::FileSize {
            bytes: text.len(),
            limit: limits::FILE_BYTES,
        };
        return Err(vec![error.at(Span::new(source, 0, 0))]);
    }
    let options = granit_parser::options! {
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: limits::YAML_DEPTH,
        block_nesting_limit: limits::YAML_DEPTH,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        if builder.errors.len() >= limits::ERRORS {
            builder.errors.truncate(limits::ERRORS);
            return Err(builder.errors);
        }
        let done = match event {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => Err(builder.broken(&error)),
        };
        if let Err(fatal) = done {
            builder.errors.push(fatal);
            return Err(builder.errors);
        }
    }
    match builder.root {
        _ if !builder.errors.is_empty() => Err(builder.errors),
        Some(root) if !root.is_absent() => Ok(root),
        Some(_) | None => Err(vec![SyntaxError::Empty.at(Span::new(source, 0, 0))]),
    }
}

/// A collection that is being read.
enum Open {
    List {
        start: usize,
        flow: bool,
        items: Vec<Node>,
    },
    Map {
        start: usize,
        flow: bool,
        entries: Vec<Entry>,
        seen: HashSet<String>,
        key: Option<(Scalar, Span)>,
    },
}

struct Builder<'a> {
    source: SourceId,
    text: &'a str,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    errors: Vec<Diagnostic>,
    flow: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, at: YamlSpan) -> Result<(), Diagnostic> {
        if event.tag().is_some() {
            let tag = at
                .tag_span()
                .map_or_else(|| self.span(at), |tag| self.span(tag));
            self.errors.push(SyntaxError::Tag.at(tag));
        }
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    Err(SyntaxError::Documents.at(self.span(at)))
                } else {
                    Ok(())
                }
            }
            Event::Anchor(..) => {
                self.errors.push(SyntaxError::Anchor.at(self.span(at)));
                Ok(())
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.errors.push(SyntaxError::Anchor.at(self.span(at)));
                let place = Place::Whole(self.span(at));
                let scalar = Scalar {
                    text: String::new(),
                    plain: false,
                    flow: self.flow > 0,
                    place,
                };
                self.node(NodeKind::Scalar(scalar), self.span(at))
            }
            Event::Scalar(text, style, ..) => {
                let span = self.span(at);
                let scalar = self.scalar(&text, style, span);
                self.node(NodeKind::Scalar(scalar), span)
            }
            Event::SequenceStart(..) => {
                let (start, flow) = self.opening(at)?;
                self.open.push(Open::List {
                    start,
                    flow,
                    items: Vec::new(),
                });
                Ok(())
            }
            Event::MappingStart(..) => {
                let (start, flow) = self.opening(at)?;
                let (entries, seen) = (Vec::new(), HashSet::new());
                self.open.push(Open::Map {
                    start,
                    flow,
                    entries,
                    seen,
                    key: None,
                });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.closing(at),
            // Comments are not asked for; what a later version of the parser adds is not understood here.
            _ => Err(SyntaxError::Yaml {
                why: "something this version does not know".to_owned(),
            }
            .at(self.span(at))),
        }
    }

    fn opening(&mut self, at: YamlSpan) -> Result<(usize, bool), Diagnostic> {
        let span = self.span(at);
        if self.open.len() >= limits::YAML_DEPTH {
            return Err(SyntaxError::YamlDepth {
                limit: limits::YAML_DEPTH,
            }
            .at(span));
        }
        // A flow collection starts at its bracket; a block one has no text of its own. A map of one entry inside a
        // list, `[a: b]`, is counted with the list around it.
        let flow = span.len > 0;
        self.flow += usize::from(flow);
        Ok((span.start as usize, flow))
    }

    fn closing(&mut self, at: YamlSpan) -> Result<(), Diagnostic> {
        let end_of = |span: Span| (span.start + span.len) as usize;
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (start, first, flow, last, kind) = match open {
            Open::List { start, flow, items } => {
                let first = items.first().map(|n| n.span.start as usize);
                let last = items.last().map(|n| end_of(n.span));
                (start, first, flow, last, NodeKind::List(items))
            }
            Open::Map {
                start,
                flow,
                entries,
                ..
            } => {
                let first = entries.first().map(|e| e.key_span.start as usize);
                let last = entries
                    .last()
                    .map(|e| end_of(e.value.span).max(end_of(e.key_span)));
                (start, first, flow, last, NodeKind::Map(entries))
            }
        };
        let closing = self.span(at);
        let end = if flow {
            end_of(closing)
        } else {
            last.unwrap_or(closing.start as usize)
        };
        self.flow -= usize::from(flow);
        // A block collection starts where its first dash or key does; the parser may put it behind that dash.
        let start = start.min(first.unwrap_or(end)).min(end);
        let dash = matches!(kind, NodeKind::List(_)).then(|| self.dash_before(start));
        let start = dash.flatten().filter(|_| !flow).unwrap_or(start);
        let span = self.bytes(start, end);
        self.node(kind, span)
    }

    /// The dash of a list that starts right before `at`, if there is one.
    fn dash_before(&self, at: usize) -> Option<usize> {
        if self.text.get(at..)?.starts_with("- ") {
            return None;
        }
        let before = self.text.get(..at)?.trim_end_matches([' ', '\t']);
        before.ends_with('-').then(|| before.len() - 1)
    }

    /// Puts a finished node where it belongs.
    fn node(&mut self, kind: NodeKind, span: Span) -> Result<(), Diagnostic> {
        self.nodes += 1;
        if self.nodes > limits::YAML_NODES {
            return Err(SyntaxError::TooMany {
                what: "YAML values",
                limit: limits::YAML_NODES,
            }
            .at(span));
        }
        let mut errors = Vec::new();
        match self.open.last_mut() {
            None => self.root = Some(Node { kind, span }),
            Some(Open::List { items, .. }) => items.push(Node { kind, span }),
            Some(Open::Map {
                entries, seen, key, ..
            }) => match (key.take(), kind) {
                (Some((key, key_span)), kind) => {
                    let node = Node { kind, span };
                    // A value that is not written has no place of its own.
                    let span = if node.is_absent() { key.span() } else { span };
                    let value = Node { span, ..node };
                    if seen.insert(key.text.clone()) {
                        entries.push(Entry {
                            key,
                            key_span,
                            value,
                        });
                    } else {
                        errors.push(
                            SyntaxError::DuplicateKey {
                                key: shown(&key.text),
                            }
                            .at(key.span()),
                        );
                    }
                }
                (None, NodeKind::Scalar(scalar)) => {
                    if scalar.plain && scalar.text == "<<" {
                        errors.push(SyntaxError::MergeKey.at(span));
                    } else if scalar.meaning() == Meaning::Null {
                        errors.push(not_a_key("nothing").at(span));
                    }
                    *key = Some((scalar, span));
                }
                (None, NodeKind::List(_)) => return Err(not_a_key("a list").at(span)),
                (None, NodeKind::Map(_)) => return Err(not_a_key("a map").at(span)),
            },
        }
        self.errors.append(&mut errors);
        Ok(())
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: Span) -> Scalar {
        let start = span.start as usize;
        let raw = self
            .text
            .get(start..start + span.len as usize)
            .unwrap_or("");
        let quoted = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => 1,
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => 0,
        };
        let inside = raw
            .get(quoted..raw.len().saturating_sub(quoted))
            .unwrap_or("");
        let exact = inside == text && !text.contains(['\n', '\r']);
        let place = if exact {
            Place::Exact(self.source, span.start + u32::from(quoted == 1))
        } else {
            Place::Whole(span)
        };
        // A value that is not written at all comes as a scalar of no bytes.
        let text = if raw.is_empty() {
            String::new()
        } else {
            text.to_owned()
        };
        Scalar {
            text,
            plain: style == ScalarStyle::Plain,
            flow: self.flow > 0,
            place,
        }
    }

    fn offset(&self, marker: &Marker) -> usize {
        marker.byte_offset().unwrap_or(0).min(self.text.len())
    }

    fn bytes(&self, start: usize, end: usize) -> Span {
        let as_u32 = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span::new(self.source, as_u32(start), as_u32(end - start))
    }

    fn span(&self, span: YamlSpan) -> Span {
        let (start, end) = (self.offset(&span.start), self.offset(&span.end));
        self.bytes(start, end.max(start))
    }

    /// The text stops being YAML here.
    fn broken(&self, error: &ScanError) -> Diagnostic {
        use granit_parser::ErrorKind;
        let at = self.offset(error.marker());
        let width = self
            .text
            .get(at..)
            .and_then(|t| t.chars().next())
            .map_or(0, char::len_utf8);
        let span = self.bytes(at, at + width);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => SyntaxError::YamlDepth {
                limit: limits::YAML_DEPTH,
            }
            .at(span),
            ErrorKind::DirectiveDisallowed => SyntaxError::Directive.at(span),
            _ => match self.unquoted_expression(at) {
                Some(start) => SyntaxError::Unquoted {
                    found: "YAML takes this for its own syntax",
                }
                .at(self.bytes(start, at + width)),
                None => SyntaxError::Yaml { why: error.info() }.at(span),
            },
        }
    }

    /// Where the value starts that YAML could not read, when its key says that it is an expression without quotes.
    fn unquoted_expression(&self, at: usize) -> Option<usize> {
        let before = self.text.get(..at)?;
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let line = before.get(line_start..)?;
        let (colon, _) = line.rmatch_indices(": ").find(|(i, _)| {
            line.get(..*i)
                .is_some_and(|l| l.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
        })?;
        let key = line
            .get(..colon)?
            .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .next()?;
        let value = line.get(colon + 1..)?.trim_start();
        let quoted = value.starts_with(['"', '\'']);
        let start = at - value.len();
        (EXPRESSION_KEYS.contains(&key) && !quoted && !value.is_empty()).then_some(start)
    }
}

fn not_a_key(found: &'static str) -> SyntaxError {
    SyntaxError::Shape {
        wanted: "a key".to_owned(),
        found,
        advice: Some("a key is one word"),
    }
}

/// At most the first 60 characters of a text, for messages.
pub(in crate::syntax) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
