//! Where in a text things stand: lines, columns, dashes, commas, the headers of block scalars.

use super::draft::{Draft, Edited, Stuck, range};
use crate::syntax::{Node, NodeKind};

impl Draft {
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

    /// Whether a line between two places is empty.
    pub(super) fn blank_between(&self, start: usize, end: usize) -> bool {
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

fn without_comment(line: &str) -> &str {
    match line.find(" #") {
        Some(n) => line.get(..n).unwrap_or(line),
        None if line.trim_start().starts_with('#') => "",
        None => line,
    }
}
