//! Taking elements out of lists, with their commas and their lines.

use super::draft::{Draft, Edited, Step, Stuck, range};
use crate::syntax::{Node, NodeKind};

impl Draft {
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
}
