//! The script that is tried on every goal of an induction. It decides nothing: what it finds the kernel checks, and what it
//! does not find is an open goal.

use std::collections::BTreeSet;

use super::definitions::GroundAction;
use super::{facts, names};
use crate::ir::{Cell, Domain, Term, TermKind};
use crate::model::{Command, System};

/// A goal about one state.
pub struct Goal<'a> {
    /// The system.
    pub system: &'a System,
    /// Names of the hypotheses to introduce, the state `s` first.
    pub intro: &'a str,
    /// Definitions to unfold besides the rules of `facts`.
    pub unfold: Vec<String>,
    /// A hypothesis that may be the goal itself.
    pub given: Option<&'a str>,
}

impl Goal<'_> {
    /// The proof: what is given, else `grind`, else every control state by itself and arithmetic. The state is taken apart under
    /// the names of its fields, which is how Lean's counterexamples name them.
    #[must_use]
    pub fn script(&self) -> String {
        let mut rules = facts::names(self.system);
        rules.extend(self.unfold.iter().cloned());
        let rules = rules.join(", ");
        let fields: Vec<String> = (self.system.cells.iter())
            .map(|c| names::field(self.system, c.cell))
            .collect();
        let given = self
            .given
            .map_or_else(String::new, |h| format!("\n    | exact {h}"));
        // Without integers arithmetic has nothing to say, and the goal that is left says more.
        let numbers = self
            .system
            .cells
            .iter()
            .any(|c| matches!(c.domain, Domain::Int { .. }));
        let last = if numbers { " <;> omega" } else { "" };
        format!(
            "by\n  intro {}\n  first{given}\n    | (grind [{rules}]; done)\n    | (obtain ⟨{}⟩ := s; cases phase <;> simp [{rules}] at *{last})",
            self.intro,
            fields.join(", "),
        )
    }
}

/// What `guard'a`, `inRange'a` and `effect'a` unfold to.
#[must_use]
pub fn definitions_of(action: &GroundAction) -> Vec<String> {
    ["guard", "leaving", "when", "inRange", "effect"]
        .map(|d| format!("{d}'{}", action.name))
        .to_vec()
}

/// Whether a step of the command leaves everything alone that the term reads.
#[must_use]
pub fn untouched(system: &System, command: &Command, term: &Term) -> bool {
    let mut read = BTreeSet::new();
    cells(system, term, &mut read);
    !command
        .updates
        .iter()
        .any(|u| system.cell(u.slot).is_some_and(|c| read.contains(&c.cell)))
}

/// The cells that a term reads.
fn cells(system: &System, term: &Term, read: &mut BTreeSet<Cell>) {
    match &term.kind {
        TermKind::Lit(_) | TermKind::Choice(_) | TermKind::Input(_) => {}
        TermKind::Read(cell) => {
            read.insert(*cell);
        }
        TermKind::Fresh(e, _) | TermKind::Stale(e, _) => {
            read.insert(Cell::Has(*e));
            let of = system.symbols.evidence.get(e.ix()).map(|x| &x.of);
            read.extend(of.into_iter().flatten().map(|a| Cell::Bit(*e, *a)));
        }
        TermKind::Terminal => {
            read.insert(Cell::State);
        }
        TermKind::Not(a) => cells(system, a, read),
        TermKind::And(parts) | TermKind::Or(parts) => {
            parts.iter().for_each(|p| cells(system, p, read));
        }
        TermKind::Implies(a, b)
        | TermKind::Cmp(_, a, b)
        | TermKind::Add(a, b)
        | TermKind::Sub(a, b) => {
            cells(system, a, read);
            cells(system, b, read);
        }
        TermKind::In(a, list) => {
            cells(system, a, read);
            list.iter().for_each(|x| cells(system, x, read));
        }
        TermKind::If(c, a, b) => {
            cells(system, c, read);
            cells(system, a, read);
            cells(system, b, read);
        }
    }
}
