//! Guesses at invariants that may help an induction. A guess counts for nothing until Z3 has proved it together with the rest;
//! a few states reached by `model::step` only weed out those that are plainly wrong.

use std::collections::{HashSet, VecDeque};

use crate::finding::State;
use crate::ir::term::CmpOp;
use crate::ir::{Cell, Domain, StateId, Term, TermKind, Ty, Value};
use crate::model::{CommandIx, Outcome, System, choice_tuples, holds, initial_states, step};

/// States looked at to weed out guesses.
const SAMPLE: usize = 200;
/// Combinations of choices tried from each.
const TUPLES: usize = 16;
/// The most guesses that are handed on.
const MOST: usize = 1500;

/// Conditions that hold in every state looked at: a state is never entered; in a state, a cell has or lacks a value; one
/// Boolean cell implies another.
#[must_use]
pub fn guesses(system: &System, commands: &[CommandIx]) -> Vec<Term> {
    let sample = sample(system, commands);
    let mut found = Vec::new();
    let add = |term: Term, found: &mut Vec<Term>| {
        if found.len() < MOST && sample.iter().all(|s| holds(system, s, &term)) {
            found.push(term);
            true
        } else {
            false
        }
    };
    let literals = literals(system);
    for (n, _) in (0u16..).zip(&system.symbols.states) {
        let here = Term::made(
            TermKind::Cmp(
                CmpOp::Eq,
                Box::new(Term::read(Cell::State, Ty::State)),
                Box::new(Term::lit(Value::state(StateId(n)), Ty::State)),
            ),
            Ty::Bool,
        );
        if add(here.clone().negated(), &mut found) {
            continue;
        }
        for literal in &literals {
            add(implies(here.clone(), literal.clone()), &mut found);
        }
    }
    let booleans: Vec<Term> = system
        .cells
        .iter()
        .filter(|c| c.domain == Domain::Bool && !c.optional)
        .map(|c| Term::read(c.cell, Ty::Bool))
        .collect();
    for a in &booleans {
        for b in &booleans {
            if a != b {
                add(implies(a.clone(), b.clone()), &mut found);
                add(implies(a.clone(), b.clone().negated()), &mut found);
            }
        }
    }
    found
}

fn implies(a: Term, b: Term) -> Term {
    Term::made(TermKind::Implies(Box::new(a), Box::new(b)), Ty::Bool)
}

/// A cell has a value, or has it not; integers only `none` or not.
fn literals(system: &System) -> Vec<Term> {
    let mut all = Vec::new();
    for c in &system.cells {
        if c.cell == Cell::State {
            continue;
        }
        let ty = c.domain.ty();
        let mut values = Vec::new();
        match c.domain {
            Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => {
                values.extend(c.domain.values().take(8));
            }
            Domain::Int { .. } => values.extend(c.init.iter().take(1)),
        }
        if c.optional {
            values.push(Value::None);
        }
        for v in values {
            let is = Term::made(
                TermKind::Cmp(
                    CmpOp::Eq,
                    Box::new(Term::read(c.cell, ty)),
                    Box::new(Term::lit(v, ty)),
                ),
                Ty::Bool,
            );
            all.push(is.clone());
            all.push(is.negated());
        }
    }
    all
}

/// The first states of a breadth-first search, in a fixed order.
fn sample(system: &System, commands: &[CommandIx]) -> Vec<State> {
    let mut seen: HashSet<State> = HashSet::new();
    let mut order = Vec::new();
    let mut queue: VecDeque<State> = initial_states(system).take(SAMPLE).collect();
    while let Some(state) = queue.pop_front() {
        if order.len() >= SAMPLE || !seen.insert(state.clone()) {
            continue;
        }
        for command in commands.iter().filter_map(|c| system.command(*c)) {
            for tuple in choice_tuples(command).take(TUPLES) {
                if let Outcome::Next(next) = step(system, command, &state, &tuple) {
                    queue.push_back(next);
                }
            }
        }
        order.push(state);
    }
    order
}
