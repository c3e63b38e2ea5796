//! Policies (S-11) as conditions on their inputs.
//!
//! A workflow's own policy can only tighten: for an action that it has rules for, both policies have to allow. Where it has
//! no `permit` for the action it leaves permitting to the other one, else a single `forbid` would forbid everything.

use super::names;
use super::script::{Script, Sort};
use super::tree::{Smt, and, int, not, or};
use super::value::{Scope, Val, literal, truth};
use crate::check::CheckedRule;
use crate::ir::symbols::Symbols;
use crate::ir::workflow::{Action, Effect};
use crate::ir::{Cell, ChoiceIx, PolicyInput, Ty, Value};

/// The rules of one action: those of the project's policy, and those of the workflow's own.
#[derive(Debug, Clone, Default)]
pub struct Rules<'a> {
    /// Of the policy file, or the built-in one.
    pub project: Vec<&'a CheckedRule>,
    /// Of the workflow.
    pub own: Vec<&'a CheckedRule>,
}

impl<'a> Rules<'a> {
    /// All of them, the project's first.
    pub fn all(&self) -> impl Iterator<Item = &'a CheckedRule> {
        self.project.iter().chain(&self.own).copied()
    }

    /// All but one.
    #[must_use]
    pub fn without(&self, rule: &CheckedRule) -> Self {
        let keep = |rules: &[&'a CheckedRule]| {
            rules
                .iter()
                .copied()
                .filter(|r| !std::ptr::eq(*r, rule))
                .collect()
        };
        Self {
            project: keep(&self.project),
            own: keep(&self.own),
        }
    }

    /// The conditions of the rules with this effect that permit or refuse; of the workflow's own too.
    pub fn with(&self, effect: Effect) -> impl Iterator<Item = &'a CheckedRule> {
        self.all().filter(move |r| r.effect == effect)
    }
}

/// Declares the inputs; integers are never negative.
#[must_use]
pub fn inputs() -> Script {
    let mut script = Script::default();
    for i in PolicyInput::ALL {
        let is_int = i.ty() == Ty::Int;
        let sort = if is_int { Sort::Int } else { Sort::Bool };
        let term = script.declare(names::input(i.word()), sort);
        if is_int {
            script.assert(int(">=", term, Smt::Int(0)));
        }
    }
    script
}

/// That a rule's condition holds.
#[must_use]
pub fn condition(rule: &CheckedRule) -> Smt {
    let symbols = nothing();
    truth(&rule.when, &InputScope { symbols: &symbols })
}

/// That some `permit` holds, of each policy that has to permit.
#[must_use]
pub fn permitted(rules: &Rules<'_>) -> Smt {
    let permits = |rules: &[&CheckedRule]| {
        let all: Vec<Smt> = rules
            .iter()
            .filter(|r| r.effect == Effect::Permit)
            .map(|r| condition(r))
            .collect();
        (!all.is_empty()).then(|| or(all))
    };
    and([
        permits(&rules.project).unwrap_or(Smt::Bool(false)),
        permits(&rules.own).unwrap_or(Smt::Bool(true)),
    ])
}

/// That every `require` holds and no `forbid` does.
#[must_use]
pub fn unopposed(rules: &Rules<'_>) -> Smt {
    and(rules.all().filter_map(demand))
}

/// What a `require` or a `forbid` demands; nothing for a `permit`.
#[must_use]
pub fn demand(rule: &CheckedRule) -> Option<Smt> {
    match rule.effect {
        Effect::Permit => None,
        Effect::Require => Some(condition(rule)),
        Effect::Forbid => Some(not(condition(rule))),
    }
}

/// That the action is allowed.
#[must_use]
pub fn allowed(rules: &Rules<'_>) -> Smt {
    and([permitted(rules), unopposed(rules)])
}

/// What no policy may let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leak {
    /// A blocking finding is open.
    Blocking,
    /// No person approves.
    Nobody,
    /// Workflow, report and critique are not of one version.
    Stale,
    /// The author approves.
    Author,
}

impl Leak {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Blocking, Self::Nobody, Self::Stale, Self::Author];

    /// When it happens. A waiver is about an open finding, so that question is not asked of `waive`; a locked session stands
    /// in for a person, an aligned version and another author where a single file is built.
    #[must_use]
    pub fn condition(self, action: Action) -> Smt {
        let number = |i: PolicyInput| Smt::Name(names::input(i.word()));
        let locked = match action {
            Action::Build => number(PolicyInput::Locked),
            Action::Approve | Action::Waive | Action::Implement | Action::Release => {
                Smt::Bool(false)
            }
        };
        let leak = match self {
            Self::Blocking => {
                return match action {
                    Action::Waive => Smt::Bool(false),
                    Action::Approve | Action::Implement | Action::Build | Action::Release => {
                        int(">", number(PolicyInput::Blocking), Smt::Int(0))
                    }
                };
            }
            Self::Nobody => Smt::App("=", vec![number(PolicyInput::HumanApprovals), Smt::Int(0)]),
            Self::Stale => not(number(PolicyInput::Aligned)),
            Self::Author => number(PolicyInput::AuthorApproves),
        };
        and([leak, not(locked)])
    }
}

/// Reads inputs.
struct InputScope<'a> {
    symbols: &'a Symbols,
}

const fn nothing() -> Symbols {
    Symbols {
        states: Vec::new(),
        actors: Vec::new(),
        artifacts: Vec::new(),
        evidence: Vec::new(),
        vars: Vec::new(),
        enums: Vec::new(),
        transitions: Vec::new(),
    }
}

impl Scope for InputScope<'_> {
    fn symbols(&self) -> &Symbols {
        self.symbols
    }

    fn literal(&self, value: Value, _: Ty) -> Val {
        literal(value, 1)
    }

    fn read(&self, _: Cell) -> Val {
        Val::none()
    }

    fn choice(&self, _: ChoiceIx) -> Val {
        Val::none()
    }

    fn input(&self, input: u16) -> Val {
        PolicyInput::ALL
            .get(usize::from(input))
            .map_or_else(Val::none, |i| Val::sure(Smt::Name(names::input(i.word()))))
    }

    fn at_terminal(&self) -> Smt {
        Smt::Bool(false)
    }
}
