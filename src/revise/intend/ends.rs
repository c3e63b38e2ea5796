//! Ends of runs.

use super::names::Role;
use super::{Editor, NOWHERE, put};
use crate::ir::workflow::{State, Terminal, TerminalKind};
use crate::ir::{Name, Spanned};
use crate::revise::error::Why;

/// A state that is to be an end.
pub(super) struct End {
    pub name: Name,
    /// Not declared yet.
    new: bool,
    /// Not an end yet.
    open: bool,
    good: bool,
}

impl Editor {
    pub(super) fn add_terminal(&mut self, success: &[String], failure: &[String]) -> Option<()> {
        if success.is_empty() && failure.is_empty() {
            return self.fail(Why::Empty {
                what: "`success` and `failure` together",
            });
        }
        let all: Vec<String> = success.iter().chain(failure).cloned().collect();
        self.no_doubles("`success` and `failure`", &all)?;
        let good: Vec<_> = success.iter().map(|s| self.end(s, true)).collect();
        let bad: Vec<_> = failure.iter().map(|s| self.end(s, false)).collect();
        let ends: Option<Vec<End>> = good.into_iter().chain(bad).collect();
        for end in ends? {
            self.make_end(end);
        }
        Some(())
    }

    /// A state that is an end of this sort, or can be made one.
    pub(super) fn end(&mut self, text: &str, good: bool) -> Option<End> {
        if !self.w.states.iter().any(|s| s.id.value.as_str() == text) {
            return Some(End {
                name: self.new_name(text)?,
                new: true,
                open: true,
                good,
            });
        }
        let name = self.state(text)?;
        let open = match (self.role(text), good) {
            (Role::Success, true) | (Role::Failure, false) => false,
            (Role::Success, false) | (Role::Failure, true) => {
                let (found, wanted) = if good {
                    ("a failed end", "a good end")
                } else {
                    ("a good end", "a failed end")
                };
                return self.fail(Why::Role {
                    name: text.to_owned(),
                    found: found.to_owned(),
                    wanted: wanted.to_owned(),
                });
            }
            (Role::Ordinary, _) => true,
        };
        let leaves =
            |from: &Option<Vec<Spanned<Name>>>| from.iter().flatten().any(|s| s.value == name);
        let leaving = self.w.transitions.iter().find(|t| leaves(&t.from));
        if let Some(t) = leaving.map(|t| t.id.value.clone()) {
            return self.fail(Why::Role {
                name: text.to_owned(),
                found: format!("a state that `{t}` leaves"),
                wanted: "a state that no transition leaves".to_owned(),
            });
        }
        Some(End {
            name,
            new: false,
            open,
            good,
        })
    }

    /// Declares the state and the end as far as they are missing.
    pub(super) fn make_end(&mut self, end: End) -> Name {
        // Two parts of one change may want the same end.
        let known = self.w.states.iter().any(|s| s.id.value == end.name);
        if end.new && !known {
            self.w.states.push(State {
                id: put(end.name.clone()),
                needs: Vec::new(),
            });
        }
        if !end.open || self.role(end.name.as_str()) != Role::Ordinary {
            return end.name;
        }
        let (mut success, mut failure) = match self.w.terminal.take().map(|t| t.kind) {
            Some(TerminalKind::Declared { success, failure }) => (success, failure),
            Some(TerminalKind::Never) => {
                self.notes.push(
                    "the workflow said `terminal: none`, that it runs for ever by design; now it has ends"
                        .to_owned(),
                );
                (Vec::new(), None)
            }
            None => (Vec::new(), None),
        };
        if end.good {
            success.push(put(end.name.clone()));
        } else {
            failure.get_or_insert_default().push(put(end.name.clone()));
        }
        self.w.terminal = Some(Terminal {
            span: NOWHERE,
            kind: TerminalKind::Declared { success, failure },
        });
        end.name
    }
}
