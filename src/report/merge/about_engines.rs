//! Findings about the engines: contradictions, runs that do not replay, missing answers.

use super::Input;
use super::order::Findings;
use super::words;
use crate::finding::{Engine, EngineState, Evidence, FindingKind, Subject, SubjectKind};
use crate::ir::Span;
use crate::report::finding_id::finding_id;
use crate::report::findings::{doc, severity};
use crate::report::outcome::{AnswerCell, Finding, PropertyResult};
use crate::report::plain;
use crate::report::verdict::PropertyVerdict;

/// Adds what there is to say about the engines of a report.
pub(super) fn add(
    findings: &mut Findings,
    input: &Input<'_>,
    evidence: &[&Evidence],
    properties: &[PropertyResult],
) {
    for (row, ix) in properties.iter().zip(input.asked) {
        let span = input.system.and_then(|s| s.property(*ix)).map(|p| p.span);
        if row.verdict == PropertyVerdict::Disagreement {
            findings.add(disagreement(row, span));
        }
        if let Some(finding) = unreplayable(row, span) {
            findings.add(finding);
        }
    }
    if let Some(finding) = counts(input, evidence) {
        findings.add(finding);
    }
    for one in evidence.iter().filter(|e| input.needed.contains(&e.engine)) {
        findings.extend(unavailable(one, properties));
        findings.extend(out_of_budget(one.engine, properties));
    }
}

fn finding(kind: FindingKind, subject: Subject, title: String, engines: Vec<Engine>) -> Finding {
    Finding {
        id: finding_id(kind, &subject),
        kind,
        severity: severity(kind, &subject, false),
        title: plain::line(&title).into_owned(),
        property: (subject.kind == SubjectKind::Property).then(|| subject.name.clone()),
        spans: Vec::new(),
        run: None,
        core: Vec::new(),
        notes: Vec::new(),
        suggestions: words::hint(doc(kind), &subject.name),
        confirmed_by: engines,
        subject,
    }
}

fn disagreement(row: &PropertyResult, span: Option<Span>) -> Finding {
    let said = |answer: &str| -> Vec<Engine> {
        row.cells
            .iter()
            .filter(|c| c.answer == answer)
            .map(|c| c.engine)
            .collect()
    };
    let (holds, violated) = (said("holds"), said("violated"));
    let title = format!(
        "engines contradict each other on `{}`: {} says it holds, {} refutes it",
        row.id,
        list(&holds),
        list(&violated)
    );
    let engines = row
        .cells
        .iter()
        .map(|c| c.engine)
        .filter(|e| holds.contains(e) || violated.contains(e))
        .collect();
    let mut found = finding(
        FindingKind::Disagreement,
        Subject::new(SubjectKind::Property, &row.id),
        title,
        engines,
    );
    found.spans.extend(span);
    found
}

fn unreplayable(row: &PropertyResult, span: Option<Span>) -> Option<Finding> {
    let bad: Vec<&AnswerCell> = row.cells.iter().filter(|c| c.unreplayable).collect();
    if bad.is_empty() {
        return None;
    }
    let engines: Vec<Engine> = bad.iter().map(|c| c.engine).collect();
    let title = format!(
        "what {} shows for `{}` cannot be replayed",
        list(&engines),
        row.id
    );
    let mut found = finding(
        FindingKind::Unreplayable,
        Subject::new(SubjectKind::Property, &row.id),
        title,
        engines,
    );
    found.notes = bad
        .iter()
        .filter_map(|c| Some(format!("{}: {}", c.engine, c.why.as_ref()?)))
        .collect();
    found.spans.extend(span);
    Some(found)
}

/// Two engines that saw every reachable state counted differently.
fn counts(input: &Input<'_>, evidence: &[&Evidence]) -> Option<Finding> {
    let counted: Vec<(Engine, u64)> = evidence
        .iter()
        .filter_map(|e| {
            e.states
                .filter(|s| s.complete)
                .map(|s| (e.engine, s.distinct))
        })
        .collect();
    let (_, first) = counted.first()?;
    if counted.iter().all(|(_, n)| n == first) {
        return None;
    }
    let told: Vec<String> = counted
        .iter()
        .map(|(e, n)| format!("{e} counts {n}"))
        .collect();
    let name = input
        .about
        .workflow
        .clone()
        .unwrap_or_else(|| input.about.file.clone());
    let title = format!(
        "engines disagree on the number of reachable states: {}",
        told.join(", ")
    );
    let engines = counted.iter().map(|(e, _)| *e).collect();
    Some(finding(
        FindingKind::Disagreement,
        Subject::new(SubjectKind::Workflow, name),
        title,
        engines,
    ))
}

fn unavailable(evidence: &Evidence, properties: &[PropertyResult]) -> Option<Finding> {
    let engine = evidence.engine;
    let failed: Vec<&AnswerCell> = properties
        .iter()
        .flat_map(|p| &p.cells)
        .filter(|c| {
            c.engine == engine && !c.unreplayable && matches!(c.answer, "unavailable" | "error")
        })
        .collect();
    let (title, notes) = match &evidence.state {
        EngineState::Unavailable(why) => (
            format!("{engine} is not there: {why}"),
            vec![lost(engine).to_owned()],
        ),
        EngineState::Failed { why, .. } => (
            format!("{engine} failed: {why}"),
            vec![lost(engine).to_owned()],
        ),
        EngineState::Ran { .. } => {
            let why = failed.first()?.why.as_deref().unwrap_or("no reason given");
            (
                format!(
                    "{engine} failed on {} of {} properties: {why}",
                    failed.len(),
                    properties.len()
                ),
                Vec::new(),
            )
        }
    };
    let mut found = finding(
        FindingKind::EngineUnavailable,
        Subject::new(SubjectKind::Engine, engine.name()),
        title,
        Vec::new(),
    );
    found.notes = notes;
    Some(found)
}

fn out_of_budget(engine: Engine, properties: &[PropertyResult]) -> Option<Finding> {
    let open: Vec<(&str, &AnswerCell)> = properties
        .iter()
        .filter(|p| p.verdict == PropertyVerdict::Unknown)
        .flat_map(|p| p.cells.iter().map(move |c| (p.id.as_str(), c)))
        .filter(|(_, c)| c.engine == engine && c.out_of_budget)
        .collect();
    let (_, cell) = open.first()?;
    let why = cell.why.as_deref().unwrap_or("budget");
    let title = format!(
        "{engine} ran out of its budget on {} of {} properties: {why}",
        open.len(),
        properties.len()
    );
    let subject = Subject::new(SubjectKind::Engine, engine.name());
    let mut found = finding(FindingKind::BudgetExceeded, subject, title, Vec::new());
    let names: Vec<String> = open
        .iter()
        .take(5)
        .map(|(id, _)| format!("`{id}`"))
        .collect();
    let more = if open.len() > names.len() {
        ", ..."
    } else {
        ""
    };
    found.notes = vec![format!("left open: {}{more}", names.join(", "))];
    Some(found)
}

/// What is lost without an engine.
#[must_use]
pub(in crate::report) const fn lost(engine: Engine) -> &'static str {
    match engine {
        Engine::Explore => {
            "without it nothing is searched exhaustively, and `can_reach` is not decided"
        }
        Engine::Tlc => {
            "without it no second, independent search confirms the first (exhaustive by one instead of by two)"
        }
        Engine::Z3 => {
            "without it nothing is said about guards and policies over all values, and nothing is inductive"
        }
        Engine::Lean => {
            "without it nothing is proved for all sizes (assurance stops at exhaustive)"
        }
    }
}

fn list(engines: &[Engine]) -> String {
    engines
        .iter()
        .map(|e| e.name())
        .collect::<Vec<_>>()
        .join(" and ")
}
