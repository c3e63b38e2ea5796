//! The words findings are told with, where the subject alone is not enough.

use crate::finding::{CoreItem, State};
use crate::ir::{Sources, Term, Value};
use crate::model::{System, failing_conjuncts};
use crate::report::findings::Doc;
use crate::report::plain;

/// The hint of a kind as the suggestions of one finding.
pub(super) fn hint(doc: &Doc, subject: &str) -> Vec<String> {
    if doc.hint.is_empty() {
        Vec::new()
    } else {
        vec![doc.hint.replace("{subject}", subject)]
    }
}

/// The parts of a condition that are false in a state, as small as the user wrote them: of a conjunction the conjuncts that
/// fail, of an implication that fails those of its right side.
pub(super) fn failing(
    system: &System,
    sources: &Sources,
    condition: &Term,
    state: &State,
    choices: &[Value],
) -> Vec<CoreItem> {
    let parts = failing_conjuncts(system, state, choices, condition);
    let item = |span| CoreItem {
        name: plain::line(sources.text(span)).into_owned(),
        span: Some(span),
    };
    parts.into_iter().filter_map(|p| p.span).map(item).collect()
}
