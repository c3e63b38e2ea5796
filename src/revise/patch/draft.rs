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
    style: Style,
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

    /// The `>` or `|` of a block scalar; `None` for every other part.
    pub(super) fn block_header(&self, node: &Node) -> Option<usize> {
        let NodeKind::Scalar(scalar) = &node.kind else {
            return None;
        };
        let start = range(node.span).start;
        if scalar.plain || self.raw(node.span).starts_with(['"', '\'']) {
            return None;
        }
        let line = self.line_start(start);
        let above = self.text.get(..line)?.trim_end();
        let from = self.line_start(above.len());
        let code = without_comment(above.get(from..)?).trim_end();
        let mark = code.rfind(['>', '|'])?;
        Some(from + mark)
    }

    /// A line break and the blanks before this byte on its line.
    pub(super) fn own_line(&self, at: usize) -> Edited<String> {
        Ok(format!(
            "{}{}",
            self.style.newline,
            " ".repeat(self.column(at)?)
        ))
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
        let gap = match n.checked_sub(1).and_then(|m| items.get(m)) {
            Some(before) => self.blank_between(self.end(before), dash),
            None => false,
        };
        let gap = if gap { self.style.newline } else { "" };
        let new = format!("{}{gap}{}-{body}", self.style.newline, " ".repeat(column));
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

    /// Takes the n-th element out of a list, and what is written behind it on its line.
    pub(super) fn remove(&mut self, way: &[Step<'_>], n: usize) -> Edited {
        let list = self.get(way)?;
        let NodeKind::List(items) = &list.kind else {
            return Err(Stuck(format!("{way:?} is no list")));
        };
        let Some(item) = items.get(n) else {
            return Err(Stuck(format!("there is no element {n}")));
        };
        let (start, end) = (range(item.span).start, self.end(item));
        if self.is_flow(&list) {
            return self.remove_flow(start, end, n.checked_sub(1).and_then(|n| items.get(n)));
        }
        let dash = self.dash(item)?;
        let (from, to) = (self.line_start(dash), self.line_end(end));
        if items.len() == 1 {
            let before = self.text.get(..from).unwrap_or("").trim_end();
            if !before.ends_with(':') {
                return Err(Stuck("the only element of a list".to_owned()));
            }
            let at = before.len();
            self.splice(from, to, "")?;
            self.drop_empty_line(from)?;
            return self.splice(at, at, " []");
        }
        self.splice(from, to, "")?;
        self.drop_empty_line(from)
    }

    /// Takes away the line break behind an empty line, or before it at the end of the text.
    fn drop_empty_line(&mut self, at: usize) -> Edited {
        let rest = self.text.get(at..).unwrap_or("");
        let length = match rest {
            _ if rest.starts_with("\r\n") => 2,
            _ if rest.starts_with('\n') => 1,
            _ => {
                let before = self.text.get(..at).unwrap_or("");
                let kept = before.strip_suffix('\n').unwrap_or(before);
                let kept = kept.strip_suffix('\r').unwrap_or(kept).len();
                return self.splice(kept, at, "");
            }
        };
        self.splice(at, at + length, "")
    }

    /// Takes an element out of brackets, with one comma, and with its line if it has one of its own.
    fn remove_flow(&mut self, start: usize, end: usize, before: Option<&Node>) -> Edited {
        let comma = self.comma_behind(end);
        let line = self.line_start(start);
        let alone_before = self
            .text
            .get(line..start)
            .is_some_and(|t| t.trim().is_empty());
        if comma.is_none()
            && let Some(before) = before
        {
            let from = self.end(before);
            let between = self.comma_behind(from);
            let Some(between) = between else {
                return Err(Stuck("two elements without a comma".to_owned()));
            };
            let gap = self.text.get(between + 1..start).unwrap_or("");
            if gap.contains('#') {
                // A comment stands between the two: the comma and the element go, it stays.
                self.splice(start, end, "")?;
                return self.splice(between, between + 1, "");
            }
            return self.splice(between, end, "");
        }
        let stop = comma.map_or(end, |c| c + 1);
        let line_end = self.line_end(stop);
        let rest = self.text.get(stop..line_end).unwrap_or("");
        let alone_behind = rest.trim().is_empty() || rest.trim_start().starts_with('#');
        if alone_before && alone_behind && line > 0 {
            self.splice(line, line_end, "")?;
            return self.drop_empty_line(line);
        }
        let blanks = rest.len() - rest.trim_start().len();
        self.splice(start, stop + blanks, "")
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

    /// Whether a list or map is written in brackets.
    pub(super) fn is_flow(&self, node: &Node) -> bool {
        self.raw(node.span).starts_with(['[', '{'])
    }

    /// Where a part ends, line breaks behind it left out.
    pub(super) fn end(&self, node: &Node) -> usize {
        let start = range(node.span).start;
        start + self.raw(node.span).trim_end().len()
    }

    /// The dash of an element of a list without brackets.
    pub(super) fn dash(&self, item: &Node) -> Edited<usize> {
        let start = range(item.span).start;
        let stuck = || Stuck("a list element without a dash".to_owned());
        let before = self.text.get(..start).ok_or_else(stuck)?;
        for (n, line) in before.rsplit('\n').enumerate() {
            // In the lines above the element only a dash and comments can stand.
            let code = if n == 0 { line } else { without_comment(line) };
            let code = code.trim_end();
            if code.ends_with('-') {
                let offset = line.as_ptr() as usize - before.as_ptr() as usize;
                return Ok(offset + code.len() - 1);
            }
            if !code.trim_matches('\u{feff}').trim().is_empty() {
                break;
            }
        }
        Err(stuck())
    }

    /// How many blanks stand, or would stand, before this byte on its line; a dash counts as one.
    pub(super) fn column(&self, at: usize) -> Edited<usize> {
        let before = self.text.get(self.line_start(at)..at).unwrap_or("");
        let before = before.trim_start_matches('\u{feff}');
        if before.chars().all(|c| c == ' ' || c == '-') {
            Ok(before.len())
        } else {
            Err(Stuck(format!("`{before}` stands before it on its line")))
        }
    }

    /// Where the line of this byte starts.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text
            .get(..at)
            .and_then(|t| t.rfind('\n'))
            .map_or(0, |n| n + 1)
    }

    /// Where the line of this byte ends, before its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        at + line.trim_end_matches('\r').len()
    }

    fn blank_between(&self, start: usize, end: usize) -> bool {
        let between = self.text.get(start..end).unwrap_or("");
        let lines: Vec<&str> = between.split('\n').collect();
        lines
            .get(1..lines.len().saturating_sub(1))
            .is_some_and(|inner| inner.iter().any(|l| l.trim().is_empty()))
    }

    /// The comma behind a part inside brackets, blanks, line breaks and comments in between.
    pub(super) fn comma_behind(&self, end: usize) -> Option<usize> {
        let mut at = end;
        loop {
            let rest = self.text.get(at..)?;
            let skipped = rest.trim_start();
            at += rest.len() - skipped.len();
            match skipped.chars().next()? {
                ',' => return Some(at),
                '#' => at += skipped.find('\n')?,
                _ => return None,
            }
        }
    }
}

/// The bytes of a span.
pub(super) const fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.start as usize + span.len as usize
}

fn without_comment(line: &str) -> &str {
    match line.find(" #") {
        Some(n) => line.get(..n).unwrap_or(line),
        None if line.trim_start().starts_with('#') => "",
        None => line,
    }
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
