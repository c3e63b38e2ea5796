//! Reads a workflow that a seat has written, and says what is wrong with it so that its author can mend it.

use std::sync::Arc;

use super::Standing;
use crate::check::{CheckedWorkflow, check};
use crate::finding::Diagnostic;
use crate::ir::{Digest, SourceId, Sources, canonical};
use crate::report::plain::is_hostile;
use crate::syntax::parse_workflow;

/// Errors that are told; more of them seldom help.
const TOLD: usize = 12;

/// Reads and checks a text; `refined` is the workflow that it may refine.
///
/// # Errors
/// What is wrong with it, one error a line, each with its place and code.
pub(super) fn read(text: &str, refined: Option<Arc<CheckedWorkflow>>) -> Result<Standing, String> {
    if let Some(c) = text
        .chars()
        .find(|c| is_hostile(*c) && !matches!(c, '\n' | '\t' | '\r'))
    {
        return Err(format!(
            "the text holds the invisible character {}; leave such characters out",
            c.escape_unicode()
        ));
    }
    let told = |all: Vec<Diagnostic>| told(text, &all);
    let parsed = parse_workflow(SourceId(0), text).map_err(told)?;
    if parsed.value.refines.is_some() && refined.is_none() {
        return Err("`refines:` has no place here; leave it out".to_owned());
    }
    let mut checked = check(parsed.value, refined).map_err(told)?;
    checked.diagnostics.extend(parsed.warnings);
    Ok(Standing {
        text: text.to_owned(),
        digest: digest(&checked),
        checked: Arc::new(checked),
    })
}

/// The digest of a version (S-12).
pub(super) fn digest(checked: &CheckedWorkflow) -> Digest {
    let refined = checked.refinement.as_ref().map(|r| digest(&r.refined));
    canonical::digest(&checked.ir, refined.as_ref())
}

fn told(text: &str, all: &[Diagnostic]) -> String {
    let mut sources = Sources::default();
    sources.add("", text);
    let mut lines: Vec<String> = all.iter().take(TOLD).map(|d| line(&sources, d)).collect();
    if all.len() > TOLD {
        lines.push(format!("and {} more errors", all.len() - TOLD));
    }
    lines.join("\n")
}

fn line(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let place = diagnostic
        .labels
        .first()
        .map(|(span, _)| sources.line_column(*span))
        .filter(|(line, _)| *line > 0);
    let place = place.map_or_else(String::new, |(line, column)| {
        format!("line {line}, column {column}: ")
    });
    let help = diagnostic
        .help
        .as_deref()
        .map_or_else(String::new, |help| format!(" ({help})"));
    format!("{place}{}: {}{help}", diagnostic.code, diagnostic.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "workflow_id: w\ngoal: G\nactors: [A]\nstates: [S, T]\nterminal: {success: [T], failure: []}\n\
                        transitions:\n  - {id: go, actor: A, from: S, to: T}\n";

    #[test]
    fn errors_are_told_with_line_and_code() {
        assert_eq!(read(GOOD, None).expect("good").checked.ir.version.value, 1);
        let wrong = GOOD.replace("to: T", "to: Nowhere");
        let why = read(&wrong, None).expect_err("no such state");
        assert!(why.starts_with("line 7, column "), "{why}");
        assert!(why.contains("TRIB-") && why.contains("Nowhere"), "{why}");
    }

    #[test]
    fn what_cannot_be_seen_is_refused_also_in_a_comment() {
        let why = read(&format!("# \u{202e}\n{GOOD}"), None).expect_err("hidden");
        assert!(why.contains("\\u{202e}"), "{why}");
        let refines = format!("{GOOD}refines: {{workflow: other.yaml, map: {{state: state}}}}\n");
        assert!(read(&refines, None).expect_err("alone").contains("refines"));
    }
}
