//! Why a condition fails, and what a trace does, in the user's words. Explains only: no verdict rests on it.

use super::eval::StateEnv;
use super::system::System;
use crate::eval::truth;
use crate::finding::Trace;
use crate::ir::{Cell, Term, TermKind, Value};

/// The smallest parts of `term` whose failing makes it fail in `state` with `choices`; empty when it holds.
#[must_use]
pub fn failing_conjuncts<'t>(
    system: &System,
    state: &[Value],
    choices: &[Value],
    term: &'t Term,
) -> Vec<&'t Term> {
    let env = StateEnv {
        system,
        state,
        choices,
    };
    let mut found = Vec::new();
    failing(&env, term, &mut found);
    found
}

fn failing<'t>(env: &StateEnv<'_>, term: &'t Term, found: &mut Vec<&'t Term>) {
    if truth(term, env) {
        return;
    }
    match &term.kind {
        TermKind::And(parts) => parts.iter().for_each(|p| failing(env, p, found)),
        TermKind::Implies(_, b) => failing(env, b, found),
        TermKind::If(c, a, b) => failing(env, if truth(c, env) { a } else { b }, found),
        TermKind::Lit(_)
        | TermKind::Read(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::Or(_)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..) => found.push(term),
    }
}

/// One entry of a trace in the user's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainStep {
    /// The transition's id; `None` for the initial state.
    pub transition: Option<String>,
    /// Who fired it; `None` for the initial state.
    pub actor: Option<String>,
    /// Its choices, by name.
    pub choices: Vec<(String, String)>,
    /// What changed, in the order of the declarations. At the initial state: the control state and every variable.
    pub changed: Vec<Change>,
}

/// One cell that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As in expressions: `state`, `rounds`, `has(job)`, `fresh(job, plan)`, `job.result`.
    pub name: String,
    /// The value before; `None` at the initial state.
    pub old: Option<String>,
    /// The value after.
    pub new: String,
}

/// A trace as plain steps, one for each entry.
#[must_use]
pub fn describe(system: &System, trace: &Trace) -> Vec<PlainStep> {
    let mut before: Option<&[Value]> = None;
    let mut steps = Vec::new();
    for entry in &trace.steps {
        let command = entry.transition.and_then(|t| system.command(t));
        let symbol = entry
            .transition
            .and_then(|t| system.symbols.transitions.get(t.ix()));
        let choices = command
            .into_iter()
            .flat_map(|c| c.choices.iter().zip(&entry.choices));
        steps.push(PlainStep {
            transition: symbol.map(|s| s.name.to_string()),
            actor: symbol.map(|s| system.symbols.actor_name(s.actor).to_owned()),
            choices: choices
                .map(|(c, v)| (c.name.to_string(), system.symbols.show(c.domain.ty(), *v)))
                .collect(),
            changed: changes(system, before, &entry.state),
        });
        before = Some(&entry.state);
    }
    steps
}

fn changes(system: &System, before: Option<&[Value]>, after: &[Value]) -> Vec<Change> {
    let mut found = Vec::new();
    for (n, (decl, new)) in system.cells.iter().zip(after).enumerate() {
        let old = before.and_then(|b| b.get(n));
        let told = match decl.cell {
            // No evidence exists at the start, which need not be said.
            Cell::Has(_) | Cell::Bit(..) | Cell::Field(..) => old.is_some_and(|o| o != new),
            Cell::State | Cell::Var(_) => old != Some(new),
        };
        if told {
            let ty = decl.domain.ty();
            found.push(Change {
                name: system.symbols.cell_name(decl.cell),
                old: old.map(|o| system.symbols.show(ty, *o)),
                new: system.symbols.show(ty, *new),
            });
        }
    }
    found
}
