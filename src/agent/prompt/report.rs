//! A report as a model gets it: what does not hold, and the findings, cut where they are long. What is cut is counted.

use serde_json::{Value, json};

use crate::gate::StoredReport;
use crate::report::PropertyVerdict;
use crate::report::render::json::{FindingJson, PropertyJson, StepJson};

/// Findings; the report has the heaviest first.
const FINDINGS: usize = 60;
/// Entries of a run: the first ones, and the last ones.
const RUN: (usize, usize) = (8, 24);
/// Entries of any other list of a finding.
const LIST: usize = 12;

/// One report.
#[must_use]
pub fn brief(report: &StoredReport) -> Value {
    let properties = &report.data.properties;
    let findings: Vec<Value> = report.findings.iter().take(FINDINGS).map(finding).collect();
    json!({
        "verdict": report.data.verdict,
        "properties_that_hold": properties.iter().filter(|p| holds(p)).map(|p| &p.id).collect::<Vec<_>>(),
        "other_properties": properties.iter().filter(|p| !holds(p))
            .map(|p| json!({"id": p.id, "form": p.form, "verdict": p.verdict})).collect::<Vec<_>>(),
        "findings": findings,
        "findings_left_out": report.findings.len().saturating_sub(FINDINGS),
    })
}

fn holds(p: &PropertyJson) -> bool {
    p.verdict == PropertyVerdict::Holds
}

fn finding(f: &FindingJson) -> Value {
    let (first, last) = RUN;
    let left_out = f.trace.len().saturating_sub(first + last);
    let mut run: Vec<Value> = f.trace.iter().take(first).map(step).collect();
    if left_out > 0 {
        run.push(json!({"entries_left_out": left_out}));
    }
    run.extend(f.trace.iter().skip(first + left_out).map(step));
    let mut whole = json!({
        "id": f.id, "kind": f.kind, "severity": f.severity, "title": f.title,
        "subject": f.subject, "property": f.property,
    });
    if let Some(object) = whole.as_object_mut() {
        let lists = [
            ("run", run),
            (
                "causes",
                f.core.iter().take(LIST).map(|c| json!(c.name)).collect(),
            ),
            (
                "notes",
                f.notes.iter().take(LIST).map(|n| json!(n)).collect(),
            ),
            (
                "suggestions",
                f.suggestions
                    .iter()
                    .take(LIST)
                    .map(|s| json!(s.text))
                    .collect(),
            ),
        ];
        for (key, list) in lists {
            if !list.is_empty() {
                object.insert(key.to_owned(), Value::Array(list));
            }
        }
        if let Some(back) = f.loop_from {
            object.insert("run_comes_back_to_entry".to_owned(), json!(back));
        }
    }
    whole
}

fn step(step: &StepJson) -> Value {
    json!({"transition": step.transition, "choices": step.choices, "changed": step.changed})
}
