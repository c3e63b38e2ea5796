//! What can be noticed without running anything. One rule a file; the exact conditions are those of the table of findings.

mod absent;
mod reads;
mod stamps;
mod terminal;
mod unused;
mod vacuous;

use super::checked::CheckedWorkflow;
use crate::finding::Observation;

/// All static observations, rule by rule.
pub(super) fn observations(w: &CheckedWorkflow) -> Vec<Observation> {
    let mut all = Vec::new();
    all.extend(terminal::missing_assumption(w));
    all.extend(terminal::missing_reject_path(w));
    all.extend(stamps::hidden_staleness(w));
    all.extend(absent::unguarded_none(w));
    all.extend(unused::unused(w));
    all.extend(vacuous::unmoved(w));
    all
}
