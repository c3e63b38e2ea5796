//! Names of a critique, resolved against the workflow as it stands, or refused.

use std::collections::{BTreeMap, BTreeSet};

use super::{Editor, put};
use crate::finding::critique::TypeSpec;
use crate::ir::symbols::ActorKind;
use crate::ir::workflow::{Actor, TerminalKind, TypeDecl};
use crate::ir::{Expr, Name, SourceId, Spanned};
use crate::revise::error::Why;
use crate::syntax::{parse_expr, why_reserved};

/// What a state is to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Ordinary,
    Success,
    Failure,
}

impl Editor {
    /// A word that may be an id.
    pub(super) fn name(&mut self, text: &str) -> Option<Name> {
        let Some(name) = Name::new(text) else {
            return self.fail(Why::NotAName {
                name: text.to_owned(),
            });
        };
        match why_reserved(text) {
            Some(why) => self.fail(Why::Reserved {
                name: text.to_owned(),
                why: why.text(),
            }),
            None => Some(name),
        }
    }

    /// A name that nothing of the one namespace has: variables, evidence, artifacts, states, actors.
    pub(super) fn new_name(&mut self, text: &str) -> Option<Name> {
        let name = self.name(text)?;
        match self.holder(text) {
            Some(by) => self.fail(Why::Taken {
                name: text.to_owned(),
                by,
            }),
            None => Some(name),
        }
    }

    fn holder(&self, text: &str) -> Option<&'static str> {
        let is = |n: &Spanned<Name>| n.value.as_str() == text;
        if self.w.states.iter().any(|s| is(&s.id)) {
            Some("state")
        } else if self.w.actors.iter().any(|a| is(&a.id)) {
            Some("actor")
        } else if self.w.vars.iter().any(|v| is(&v.id)) {
            Some("variable")
        } else if self.w.evidence.iter().any(|e| is(&e.id)) {
            Some("evidence")
        } else if self.w.artifacts.iter().any(is) {
            Some("artifact")
        } else {
            None
        }
    }

    fn unknown<T>(&mut self, what: &'static str, name: &str, known: &[String]) -> Option<T> {
        let near = known
            .iter()
            .map(|k| (strsim::damerau_levenshtein(k, name), k))
            .filter(|(d, k)| *d <= (k.len() / 3).max(1) && name.len() <= 2 * Name::MAX_LEN)
            .min()
            .map(|(_, k)| k.clone());
        self.fail(Why::Unknown {
            what,
            name: name.to_owned(),
            near,
        })
    }

    /// A declared state.
    pub(super) fn state(&mut self, text: &str) -> Option<Name> {
        let known: Vec<String> = self
            .w
            .states
            .iter()
            .map(|s| s.id.value.to_string())
            .collect();
        match self.w.states.iter().find(|s| s.id.value.as_str() == text) {
            Some(s) => Some(s.id.value.clone()),
            None => self.unknown("state", text, &known),
        }
    }

    /// Declared evidence.
    pub(super) fn evidence(&mut self, text: &str) -> Option<Name> {
        let known: Vec<String> = self
            .w
            .evidence
            .iter()
            .map(|e| e.id.value.to_string())
            .collect();
        match self.w.evidence.iter().find(|e| e.id.value.as_str() == text) {
            Some(e) => Some(e.id.value.clone()),
            None => self.unknown("evidence", text, &known),
        }
    }

    /// A declared artifact.
    pub(super) fn artifact(&mut self, text: &str) -> Option<Name> {
        let known: Vec<String> = self
            .w
            .artifacts
            .iter()
            .map(|a| a.value.to_string())
            .collect();
        match self.w.artifacts.iter().find(|a| a.value.as_str() == text) {
            Some(a) => Some(a.value.clone()),
            None => self.unknown("artifact", text, &known),
        }
    }

    /// A declared variable.
    pub(super) fn variable(&mut self, text: &str) -> Option<Name> {
        let known: Vec<String> = self.w.vars.iter().map(|v| v.id.value.to_string()).collect();
        match self.w.vars.iter().find(|v| v.id.value.as_str() == text) {
            Some(v) => Some(v.id.value.clone()),
            None => self.unknown("variable", text, &known),
        }
    }

    /// The position of a transition.
    pub(super) fn transition(&mut self, text: &str) -> Option<usize> {
        let known: Vec<String> = self
            .w
            .transitions
            .iter()
            .map(|t| t.id.value.to_string())
            .collect();
        match known.iter().position(|id| id == text) {
            Some(at) => Some(at),
            None => self.unknown("transition", text, &known),
        }
    }

    /// A declared actor.
    pub(super) fn actor(&mut self, text: &str) -> Option<Name> {
        let known: Vec<String> = self
            .w
            .actors
            .iter()
            .map(|a| a.id.value.to_string())
            .collect();
        match self.w.actors.iter().find(|a| a.id.value.as_str() == text) {
            Some(a) => Some(a.id.value.clone()),
            None => self.unknown("actor", text, &known),
        }
    }

    /// An actor, and its declaration if it is missing: an agent, or a person where `person` says so.
    pub(super) fn actor_or_new(
        &mut self,
        text: &str,
        person: bool,
    ) -> Option<(Name, Option<Actor>)> {
        if let Some(known) = self.w.actors.iter().find(|a| a.id.value.as_str() == text) {
            if person && known.kind != ActorKind::Human {
                return self.fail(Why::Role {
                    name: text.to_owned(),
                    found: "no person".to_owned(),
                    wanted: "an actor of kind `human`".to_owned(),
                });
            }
            return Some((known.id.value.clone(), None));
        }
        let name = self.new_name(text)?;
        let kind = if person || text == "Human" {
            ActorKind::Human
        } else {
            ActorKind::Agent
        };
        let actor = Actor {
            id: put(name.clone()),
            kind,
        };
        Some((name, Some(actor)))
    }

    /// What a state is to a run.
    pub(super) fn role(&self, state: &str) -> Role {
        let is = |n: &Spanned<Name>| n.value.as_str() == state;
        match self.w.terminal.as_ref().map(|t| &t.kind) {
            Some(TerminalKind::Declared { success, .. }) if success.iter().any(is) => Role::Success,
            Some(TerminalKind::Declared {
                failure: Some(failure),
                ..
            }) if failure.iter().any(is) => Role::Failure,
            Some(TerminalKind::Declared { .. } | TerminalKind::Never) | None => Role::Ordinary,
        }
    }

    /// A declared state that is no end.
    pub(super) fn ordinary(&mut self, text: &str) -> Option<Name> {
        let name = self.state(text)?;
        if self.role(text) == Role::Ordinary {
            return Some(name);
        }
        self.fail(Why::Role {
            name: text.to_owned(),
            found: "an end".to_owned(),
            wanted: "a state that transitions leave".to_owned(),
        })
    }

    /// An expression, without its places.
    pub(super) fn expression(&mut self, key: &str, text: &str) -> Option<Expr> {
        match parse_expr(SourceId(0), 0, text, true) {
            Ok(e) => Some(e),
            Err(d) => self.fail(Why::Expression {
                key: key.to_owned(),
                text: text.to_owned(),
                message: d.message,
                help: d.help,
            }),
        }
    }

    /// Names with types: fields, choices.
    pub(super) fn typed(
        &mut self,
        specs: &BTreeMap<String, TypeSpec>,
    ) -> Option<Vec<(Spanned<Name>, Spanned<TypeDecl>)>> {
        let mut made = Vec::new();
        for (name, spec) in specs {
            let name = self.name(name);
            let ty = match spec {
                TypeSpec::Bool {} => Some(TypeDecl::Bool),
                TypeSpec::Int { range: [lo, hi] } => Some(TypeDecl::Int {
                    lo: *lo,
                    hi: *hi,
                    span: super::NOWHERE,
                }),
                TypeSpec::Enum { values } => {
                    if values.is_empty() {
                        self.wrong.push(Why::Empty { what: "`values`" });
                    }
                    let values: Vec<_> = values.iter().map(|v| self.name(v)).collect();
                    let values: Option<Vec<Name>> = values.into_iter().collect();
                    values.map(|values| TypeDecl::Enum {
                        values: values.into_iter().map(put).collect(),
                    })
                }
            };
            made.push(name.zip(ty).map(|(n, t)| (put(n), put(t))));
        }
        made.into_iter().collect()
    }

    /// Refuses a list that names something twice.
    pub(super) fn no_doubles(&mut self, what: &'static str, list: &[String]) -> Option<()> {
        let mut seen = BTreeSet::new();
        match list.iter().find(|n| !seen.insert(n.as_str())) {
            Some(twice) => self.fail(Why::Twice {
                what,
                name: twice.clone(),
            }),
            None => Some(()),
        }
    }

    /// An id for a transition, which none may have.
    pub(super) fn new_transition(&mut self, id: &str) -> Option<Name> {
        let name = self.name(id)?;
        if self.w.transitions.iter().any(|t| t.id.value == name) {
            return self.fail(Why::Taken {
                name: id.to_owned(),
                by: "transition",
            });
        }
        Some(name)
    }

    /// An id that no transition has: the word itself, or with `_2`, `_3`, … behind it.
    pub(super) fn free_transition(&mut self, word: &str) -> Option<Name> {
        let taken = |id: &str| self.w.transitions.iter().any(|t| t.id.value.as_str() == id);
        let mut id = word.to_owned();
        let mut n = 2;
        while taken(&id) {
            id = format!("{word}_{n}");
            n += 1;
        }
        self.name(&id)
    }
}
