//! Choices that a universal statement ranges over, written out value by value.

use std::collections::BTreeSet;

use crate::ir::{ChoiceIx, Term, TermKind, Value};
use crate::model::Command;

/// The most combinations of values that are written out for one command.
pub const MOST: u64 = 256;

/// Every combination of the values of those choices that `terms` mention; choices not mentioned have their first value.
/// `None` where there are more than [`MOST`].
#[must_use]
pub fn mentioned_tuples<'a>(
    command: &Command,
    terms: impl IntoIterator<Item = &'a Term>,
) -> Option<Vec<Vec<Value>>> {
    let mut mentioned = BTreeSet::new();
    for t in terms {
        mentions(t, &mut mentioned);
    }
    let domains: Vec<Vec<Value>> = (0u16..)
        .map(ChoiceIx)
        .zip(&command.choices)
        .map(|(ix, c)| {
            if mentioned.contains(&ix) {
                if c.domain.size() > MOST {
                    Vec::new()
                } else {
                    c.domain.values().collect()
                }
            } else {
                c.domain.values().take(1).collect()
            }
        })
        .collect();
    let total = domains
        .iter()
        .try_fold(1u64, |n, d| n.checked_mul(d.len() as u64))?;
    if total == 0 || total > MOST {
        return None;
    }
    let mut tuples: Vec<Vec<Value>> = vec![Vec::new()];
    for domain in &domains {
        tuples = tuples
            .iter()
            .flat_map(|t| {
                domain.iter().map(|v| {
                    let mut t = t.clone();
                    t.push(*v);
                    t
                })
            })
            .collect();
    }
    Some(tuples)
}

fn mentions(term: &Term, found: &mut BTreeSet<ChoiceIx>) {
    if let TermKind::Choice(c) = &term.kind {
        found.insert(*c);
    }
    for part in term.parts() {
        mentions(part, found);
    }
}
