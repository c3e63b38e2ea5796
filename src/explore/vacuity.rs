//! Properties that hold, or fail, for no good reason.

use std::collections::BTreeSet;

use crate::explore::agenda::each_part;
use crate::ir::{Cell, EvId, Term, TermKind, VarId};
use crate::model::{PropertyKind, System};

/// What a property speaks of, and what a transition may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    State,
    Var(VarId),
    Evidence(EvId),
}

/// Whether some transition changes something that the property names; true of those that name transitions, or nothing of the
/// user's.
#[must_use]
pub fn can_change(system: &System, kind: &PropertyKind) -> bool {
    let terms: Vec<&Term> = match kind {
        PropertyKind::Always(p)
        | PropertyKind::Reachable(p)
        | PropertyKind::CanReach(p)
        | PropertyKind::Eventually(p)
        | PropertyKind::InfinitelyOften(p) => vec![p],
        PropertyKind::LeadsTo(p, q) => vec![p, q],
        PropertyKind::AtRequire(..)
        | PropertyKind::AtEnsure(..)
        | PropertyKind::Precedes(..)
        | PropertyKind::Fires(_)
        | PropertyKind::InRange
        | PropertyKind::NoDeadlock
        | PropertyKind::Refines => return true,
    };
    let mut names = BTreeSet::new();
    for term in terms {
        each_part(term, &mut |t| match &t.kind {
            TermKind::Terminal => {
                names.insert(Named::State);
            }
            TermKind::Read(cell) => {
                names.insert(named(*cell));
            }
            TermKind::Fresh(e, _) | TermKind::Stale(e, _) => {
                names.insert(Named::Evidence(*e));
            }
            TermKind::Lit(_)
            | TermKind::Choice(_)
            | TermKind::Input(_)
            | TermKind::Not(_)
            | TermKind::And(_)
            | TermKind::Or(_)
            | TermKind::Implies(..)
            | TermKind::Cmp(..)
            | TermKind::In(..)
            | TermKind::Add(..)
            | TermKind::Sub(..)
            | TermKind::If(..) => {}
        });
    }
    system.commands.iter().any(|c| {
        c.updates
            .iter()
            .any(|u| match system.cell(u.slot).map(|d| named(d.cell)) {
                None => false,
                // A command that only stays where it is does not change the control state.
                Some(Named::State) => {
                    names.contains(&Named::State) && c.from.iter().any(|s| Some(*s) != c.to)
                }
                Some(other) => names.contains(&other),
            })
    })
}

const fn named(cell: Cell) -> Named {
    match cell {
        Cell::State => Named::State,
        Cell::Var(v) => Named::Var(v),
        Cell::Has(e) | Cell::Bit(e, _) | Cell::Field(e, _) => Named::Evidence(e),
    }
}
