//! A text under revision: finds parts of it in the tree of its YAML, and inserts, replaces and removes parts without
//! touching another byte. Every edit reads the text anew, so no place is ever out of date.

use super::yaml::{Style, Yaml, key};
use crate::ir::{SourceId, Span};
use crate::syntax::{Entry, Node, NodeKind, Scalar, parse_tree};

/// A way down the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

/// Why an edit cannot be made: the text is laid out in an unforeseen way. Says what could not be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stuck(pub String);

/// The result of an edit.
pub(super) type Edited<T = ()> = Result<T, Stuck>;

/// The text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub text: String,
    pub style: Style,
}

impl Draft {
    pub(super) fn new(text: &str) -> Self {
        let body = text.trim_start_matches('\u{feff}').trim_start();
        let json = body
            .strip_prefix('{')
            .is_some_and(|rest| rest.trim_start().starts_with('"'));
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Self {
            text: text.to_owned(),
            style: Style { newline, json },
        }
    }

    fn root(&self) -> Edited<Node> {
        parse_tree(SourceId(0), &self.text)
            .map_err(|_| Stuck("an edit before this one broke the text".to_owned()))
    }

    /// The part at the end of a way; `None` if there is none.
    pub(super) fn find(&self, way: &[Step<'_>]) -> Edited<Option<Node>> {
        let mut node = self.root()?;
        for step in way {
            let next = match (step, node.kind) {
                (Step::Key(key), NodeKind::Map(entries)) => entries
                    .into_iter()
                    .find(|e| e.key.text == *key)
                    .map(|e| e.value),
                (Step::Item(n), NodeKind::List(items)) => items.into_iter().nth(*n),
                (Step::Key(_), NodeKind::List(_) | NodeKind::Scalar(_))
                | (Step::Item(_), NodeKind::Map(_) | NodeKind::Scalar(_)) => None,
            };
            match next {
                Some(next) => node = next,
                None => return Ok(None),
            }
        }
        Ok(Some(node))
    }

    /// The part at the end of a way, which must be there.
    pub(super) fn get(&self, way: &[Step<'_>]) -> Edited<Node> {
        self.find(way)?
            .ok_or_else(|| Stuck(format!("{way:?} is not where it is expected")))
    }

    /// Puts `new` in the place of the bytes from `start` to `end`.
    pub(super) fn splice(&mut self, start: usize, end: usize, new: &str) -> Edited {
        if self.text.get(start..end).is_none() {
            return Err(Stuck(format!("bytes {start} to {end}")));
        }
        self.text.replace_range(start..end, new);
        Ok(())
    }

    /// Puts `new` in the place of several ranges, which do not overlap.
    pub(super) fn splice_all(&mut self, mut edits: Vec<(usize, usize, String)>) -> Edited {
        edits.sort();
        edits.dedup();
        for (start, end, new) in edits.into_iter().rev() {
            self.splice(start, end, &new)?;
        }
        Ok(())
    }

    /// The bytes of a part.
    pub(super) fn raw(&self, span: Span) -> &str {
        self.text.get(range(span)).unwrap_or("")
    }

    /// Puts a value in the place of a part.
    pub(super) fn replace(&mut self, way: &[Step<'_>], new: &Yaml) -> Edited {
        let node = self.get(way)?;
        if node.is_absent() {
            return Err(Stuck(format!("{way:?} has no value to replace")));
        }
        let text = new.flow(self.style);
        let end = self.end(&node);
        let Some(header) = self.block_header(&node) else {
            return self.splice(range(node.span).start, end, &text);
        };
        // A comment behind `>` or `|` stays behind what takes its place.
        let comment = self.text.get(header..self.line_end(header)).unwrap_or("");
        let comment = comment
            .find(" #")
            .and_then(|n| comment.get(n..))
            .unwrap_or("");
        let text = format!("{text}{comment}");
        self.splice(header, end, &text)
    }

    /// Puts a name in the place of a name, in the same quotes.
    pub(super) fn renamed(&self, span: Span, new: &str) -> (usize, usize, String) {
        let range = range(span);
        let new = match self.raw(span).chars().next() {
            Some(quote @ ('"' | '\'')) => format!("{quote}{new}{quote}"),
            Some(_) | None => new.to_owned(),
        };
        (range.start, range.end, new)
    }

    /// Adds an element at the end of a list.
    pub(super) fn append(&mut self, way: &[Step<'_>], new: &Yaml) -> Edited {
        let node = self.get(way)?;
        let NodeKind::List(items) = &node.kind else {
            return Err(Stuck(format!("{way:?} is no list")));
        };
        let Some(last) = items.len().checked_sub(1) else {
            return self.splice_first(&node, new.flow(self.style));
        };
        self.insert_item(&node, items, last, new)
    }

    /// Adds an element behind the n-th of a list.
    pub(super) fn insert_behind(&mut self, way: &[Step<'_>], n: usize, new: &Yaml) -> Edited {
        let node = self.get(way)?;
        let NodeKind::List(items) = &node.kind else {
            return Err(Stuck(format!("{way:?} is no list")));
        };
        self.insert_item(&node, items, n, new)
    }

    fn insert_item(&mut self, list: &Node, items: &[Node], n: usize, new: &Yaml) -> Edited {
        let Some(item) = items.get(n) else {
            return Err(Stuck(format!("there is no element {n}")));
        };
        if self.is_flow(list) {
            let (start, end) = (range(item.span).start, self.end(item));
            return self.insert_flow(start, end, &new.flow(self.style));
        }
        let dash = self.dash(item)?;
        let column = self.column(dash)?;
        let keys = match (&item.kind, new) {
            (NodeKind::Map(entries), Yaml::Map(_) | Yaml::Lines(_)) if !self.is_flow(item) => {
                entries.first()
            }
            _ => None,
        };
        let body = match (keys, new) {
            (Some(first), Yaml::Map(new) | Yaml::Lines(new)) => {
                let start = range(first.key_span).start;
                let inner = self.column(start)?;
                let pad = if self.line_start(start) == self.line_start(dash) {
                    inner - column - 1
                } else {
                    1
                };
                let inner = column + 1 + pad;
                let lines: Vec<String> = new
                    .iter()
                    .map(|(k, v)| {
                        format!("{}:{}", key(k, self.style), v.after_key(inner, self.style))
                    })
                    .collect();
                let between = format!("{}{}", self.style.newline, " ".repeat(inner));
                format!("{}{}", " ".repeat(pad), lines.join(&between))
            }
            _ => format!(" {}", new.flow(self.style)),
        };
        let at = self.line_end(self.end(item));
        let gap = self.gap(items, n)?;
        let new = format!("{}{gap}{}-{body}", self.style.newline, " ".repeat(column));
        self.splice(at, at, &new)
    }

    /// What stands between the n-th element of a list and the one before or behind it, besides a line break.
    fn gap(&self, items: &[Node], n: usize) -> Edited<&'static str> {
        let pair = match n.checked_sub(1) {
            Some(before) => (items.get(before), items.get(n)),
            None => (items.get(n), items.get(n + 1)),
        };
        let (Some(a), Some(b)) = pair else {
            return Ok("");
        };
        let gap = self.blank_between(self.end(a), self.dash(b)?);
        Ok(if gap { self.style.newline } else { "" })
    }

    /// Writes the n-th element of a list a second time, behind itself, with the comments inside it.
    pub(super) fn duplicate(&mut self, way: &[Step<'_>], n: usize) -> Edited {
        let list = self.get(way)?;
        let NodeKind::List(items) = &list.kind else {
            return Err(Stuck(format!("{way:?} is no list")));
        };
        let Some(item) = items.get(n) else {
            return Err(Stuck(format!("there is no element {n}")));
        };
        let (start, end) = (range(item.span).start, self.end(item));
        if self.is_flow(&list) {
            let copy = self.text.get(start..end).unwrap_or("").to_owned();
            return self.insert_flow(start, end, &copy);
        }
        let dash = self.dash(item)?;
        let column = self.column(dash)?;
        let copy = self.text.get(dash..end).unwrap_or("").to_owned();
        let gap = self.gap(items, n)?;
        let at = self.line_end(end);
        let new = format!("{}{gap}{}{copy}", self.style.newline, " ".repeat(column));
        self.splice(at, at, &new)
    }

    /// Adds an entry to a map, behind the last of the keys in `after` that are there, else at the end.
    pub(super) fn put(
        &mut self,
        way: &[Step<'_>],
        after: &[&str],
        name: &str,
        new: &Yaml,
    ) -> Edited {
        let node = self.get(way)?;
        let NodeKind::Map(entries) = &node.kind else {
            return Err(Stuck(format!("{way:?} is no map")));
        };
        let known = |e: &Entry| after.contains(&e.key.text.as_str());
        let n = entries
            .iter()
            .rposition(known)
            .or_else(|| entries.len().checked_sub(1));
        let Some((n, entry)) = n.and_then(|n| Some((n, entries.get(n)?))) else {
            let new = format!("{}: {}", key(name, self.style), new.flow(self.style));
            return self.splice_first(&node, new);
        };
        if self.is_flow(&node) {
            if entry.value.is_absent() {
                return Err(Stuck(format!("`{}` has no value", entry.key.text)));
            }
            let new = format!("{}: {}", key(name, self.style), new.flow(self.style));
            let (start, end) = (range(entry.key_span).start, self.end(&entry.value));
            return self.insert_flow(start, end, &new);
        }
        let first = entries.first().unwrap_or(entry);
        let column = self.column(range(first.key_span).start)?;
        let end = self.end(&entry.value).max(range(entry.key_span).end);
        let at = self.line_end(end);
        let gap = entries
            .get(n + 1)
            .is_some_and(|next| self.blank_between(end, range(next.key_span).start));
        let gap = if gap { self.style.newline } else { "" };
        let new = format!(
            "{}{gap}{}{}:{}",
            self.style.newline,
            " ".repeat(column),
            key(name, self.style),
            new.after_key(column, self.style)
        );
        self.splice(at, at, &new)
    }

    /// Puts the first element into an empty `[]` or `{}`.
    fn splice_first(&mut self, node: &Node, new: String) -> Edited {
        if !self.is_flow(node) {
            return Err(Stuck("an empty list or map without brackets".to_owned()));
        }
        let at = range(node.span).start + 1;
        self.splice(at, at, &new)
    }

    /// Adds an element behind the one from `start` to `end` inside brackets: on a line of its own if that one has one.
    fn insert_flow(&mut self, start: usize, end: usize, new: &str) -> Edited {
        let own_line = self
            .text
            .get(self.line_start(start)..start)
            .is_some_and(|before| before.trim().is_empty());
        let comma = self.comma_behind(end);
        let at = self.line_end(comma.map_or(end, |c| c + 1));
        let rest = self
            .text
            .get(comma.map_or(end, |c| c + 1)..at)
            .unwrap_or("");
        let last_of_line = rest.trim().is_empty() || rest.trim_start().starts_with('#');
        if !own_line || !last_of_line {
            return self.splice(end, end, &format!(", {new}"));
        }
        let indent = self
            .text
            .get(self.line_start(start)..start)
            .unwrap_or("")
            .to_owned();
        let (newline, comma_too) = (self.style.newline, if comma.is_some() { "," } else { "" });
        self.splice(at, at, &format!("{newline}{indent}{new}{comma_too}"))?;
        if comma.is_none() {
            self.splice(end, end, ",")?;
        }
        Ok(())
    }
}

/// The bytes of a span.
pub(super) const fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.start as usize + span.len as usize
}

/// The scalar a part is.
pub(super) fn scalar(node: &Node) -> Edited<&Scalar> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Ok(scalar),
        NodeKind::List(_) | NodeKind::Map(_) => {
            Err(Stuck("a list or map where a word is expected".to_owned()))
        }
    }
}
