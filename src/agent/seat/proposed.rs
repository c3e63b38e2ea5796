//! Whether a workflow that somebody wrote is the one that was asked for.

use super::keep::Measure;
use super::reading::read;
use super::{Standing, Wish};
use crate::agent::prompt::harmless;
use crate::finding::Critique;

/// A first version as it was wished for.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn workflow(text: &str, wish: &Wish) -> Result<Standing, Vec<String>> {
    let standing = read(text, None).map_err(|why| vec![why])?;
    let ir = &standing.checked.ir;
    let mut wrong = Vec::new();
    named(&standing, &wish.workflow, wish.version, &mut wrong);
    if bare(&ir.goal.value) != bare(&wish.goal) {
        wrong.push("`goal:` is not the person's goal, word for word".to_owned());
    }
    for constraint in &wish.constraints {
        let wanted = bare(constraint);
        if !ir.constraints.iter().any(|c| bare(&c.value) == wanted) {
            let constraint = harmless(constraint);
            wrong.push(format!("`constraints:` lacks, word for word: {constraint}"));
        }
    }
    if wrong.is_empty() {
        Ok(standing)
    } else {
        Err(wrong)
    }
}

/// The next version, by whoever may change anything.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn next(text: &str, of: &Standing) -> Result<Standing, Vec<String>> {
    match following(text, of)? {
        (standing, wrong) if wrong.is_empty() => Ok(standing),
        (_, wrong) => Err(wrong),
    }
}

/// A workflow, and what keeps it from being the next version of another.
fn following(text: &str, of: &Standing) -> Result<(Standing, Vec<String>), Vec<String>> {
    let refinement = of.checked.refinement.as_ref();
    let refined = refinement.map(|r| r.refined.clone());
    let standing = read(text, refined).map_err(|why| vec![why])?;
    let mut wrong = Vec::new();
    let ir = &of.checked.ir;
    let next = ir.version.value.saturating_add(1);
    named(&standing, ir.id.value.as_str(), next, &mut wrong);
    if standing.digest == of.digest {
        wrong.push("nothing has changed but the version".to_owned());
    }
    Ok((standing, wrong))
}

/// The next version, by a critique.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn revision(
    text: &str,
    of: &Standing,
    critique: &Critique,
    measure: &Measure,
) -> Result<Standing, Vec<String>> {
    let (standing, mut wrong) = following(text, of)?;
    let changes = serde_json::to_string(&critique.recommended_changes).unwrap_or_default();
    let mentions = |name: &str| changes.contains(&format!("\"{name}\""));
    wrong.extend(measure.lost(&standing, &mentions));
    if wrong.is_empty() {
        Ok(standing)
    } else {
        Err(wrong)
    }
}

fn named(standing: &Standing, workflow: &str, version: u32, wrong: &mut Vec<String>) {
    let ir = &standing.checked.ir;
    if ir.id.value.as_str() != workflow {
        let found = &ir.id.value;
        wrong.push(format!("`workflow_id` is `{found}`, not `{workflow}`"));
    }
    if ir.version.value != version {
        let found = ir.version.value;
        wrong.push(format!("`version` is {found}, not {version}"));
    }
}

/// The words of a text as a model sees them, without regard to white space.
fn bare(text: &str) -> String {
    let harmless = harmless(text);
    harmless.split_whitespace().collect::<Vec<_>>().join(" ")
}
