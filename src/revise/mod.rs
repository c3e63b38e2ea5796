//! Changes a workflow's text as a critique asks.
//!
//! Two ways lead to a revision and share no code. `intend` applies the changes to the decoded workflow and says
//! what must come out; `patch` applies them to the text, byte for byte, and leaves everything else as it is. The patched text
//! is read again, and counts only if it decodes to exactly what was intended and passes every check. So a hostile name, a
//! quote or a comment in an unlucky place can spoil a revision, but never make it say something else.

mod answers;
pub mod diff;
mod error;
mod intend;
pub mod lines;
mod patch;

use std::sync::Arc;

pub use answers::Answers;
pub use error::{ReviseError, Why};

use crate::check::{CheckedWorkflow, check};
use crate::finding::critique::RecommendedChange;
use crate::ir::canonical::to_full_json;
use crate::ir::{Digest, Name, SourceId, Workflow, canonical};
use crate::syntax::parse_workflow;
use serde_json::Value;

/// A new version of a workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Revised {
    /// The whole new text.
    pub text: String,
    /// What it says, checked; places point into `text`.
    pub checked: CheckedWorkflow,
    /// The version before.
    pub from: u32,
    /// What a person should know about how the changes were carried out, one sentence each.
    pub notes: Vec<String>,
}

impl Revised {
    /// The new version.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.checked.ir.version.value
    }
}

/// Carries out changes on the text of a workflow that refines no other; see [`apply_to`].
///
/// # Errors
/// As [`apply_to`].
pub fn apply(
    text: &str,
    changes: &[RecommendedChange],
    answers: &Answers,
) -> Result<Revised, Vec<ReviseError>> {
    apply_to(text, None, changes, answers)
}

/// Carries out changes, in their order, on the text of a workflow; `refined` is the checked workflow that its `refines:`
/// names and that file's digest. The result is the next version. Nothing is written anywhere.
///
/// # Errors
/// Everything that keeps the changes from being carried out; no part of them is carried out then.
pub fn apply_to(
    text: &str,
    refined: Option<(Arc<CheckedWorkflow>, Digest)>,
    changes: &[RecommendedChange],
    answers: &Answers,
) -> Result<Revised, Vec<ReviseError>> {
    let one = |why| vec![ReviseError::of_all(why)];
    let before = parse_workflow(SourceId(0), text)
        .map_err(|all| {
            all.into_iter()
                .flat_map(|d| one(Why::Source(d)))
                .collect::<Vec<_>>()
        })?
        .value;
    let steps = answers::settle(changes, answers)?;
    let (refined, refined_digest) = match refined {
        Some((workflow, digest)) => (Some(workflow), Some(digest)),
        None => (None, None),
    };
    let foreign: Vec<Name> = refined
        .iter()
        .flat_map(|r| &r.symbols.enums)
        .flat_map(|e| e.values.clone())
        .collect();
    let (mut intended, notes) =
        intend::changed(before.clone(), refined.as_ref(), &foreign, &steps)?;
    let same = |a: &Workflow, b: &Workflow| {
        canonical::digest(a, refined_digest.as_ref())
            == canonical::digest(b, refined_digest.as_ref())
    };
    if same(&before, &intended) {
        return Err(one(Why::Nothing));
    }
    let from = before.version.value;
    intended.version.value = from
        .checked_add(1)
        .ok_or_else(|| one(Why::LastVersion { version: from }))?;
    let patched = patch::patched(text, &foreign, &steps)?;
    let after = parse_workflow(SourceId(0), &patched).map_err(|all| {
        all.into_iter()
            .flat_map(|d| one(Why::Result(d)))
            .collect::<Vec<_>>()
    })?;
    if let Some(at) = difference(&to_full_json(&intended), &to_full_json(&after.value), "") {
        return Err(one(Why::Mismatch { at }));
    }
    let mut checked = check(after.value, refined).map_err(|all| {
        all.into_iter()
            .flat_map(|d| one(Why::Result(d)))
            .collect::<Vec<_>>()
    })?;
    checked.diagnostics.extend(after.warnings);
    Ok(Revised {
        text: patched,
        checked,
        from,
        notes,
    })
}

/// Where two values first differ, as a path; `None` where they are equal.
fn difference(a: &Value, b: &Value, at: &str) -> Option<String> {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|k| !a.contains_key(*k)));
            keys.map(|key| (key, a.get(key), b.get(key)))
                .find_map(|(key, x, y)| {
                    difference(
                        x.unwrap_or(&Value::Null),
                        y.unwrap_or(&Value::Null),
                        &format!("{at}/{key}"),
                    )
                })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(n, (x, y))| difference(x, y, &format!("{at}/{n}"))),
        (a, b) => (a != b).then(|| at.to_owned()),
    }
}

#[cfg(test)]
mod tests;
