//! The digest of a report: what an approval binds. Findings, verdicts, engine names and versions; no timings, no paths.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::outcome::Report;

/// SHA-256, in hexadecimal, over the canonical JSON of what the report concludes.
#[must_use]
pub fn digest(report: &Report) -> String {
    let bytes = conclusion(report).to_string();
    Sha256::digest(bytes.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Keys are sorted by `serde_json`'s map, and all numbers are integers, so this text is canonical.
fn conclusion(report: &Report) -> Value {
    let properties: Vec<Value> = report
        .properties
        .iter()
        .map(|p| {
            let cells: Vec<Value> = p
                .cells
                .iter()
                .map(|c| json!([c.engine.name(), c.answer, c.covered, c.distinct, c.theorem]))
                .collect();
            json!({
                "id": p.id, "verdict": p.verdict.word(), "assurance": p.assurance.word(),
                "assumptions": p.assumptions, "answers": cells,
            })
        })
        .collect();
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|f| {
            let run: Option<Vec<Value>> = f.run.as_ref().map(|r| {
                r.steps.iter().map(|s| json!([s.transition, s.choices, s.changed])).collect()
            });
            let core: Vec<&str> = f.core.iter().map(|c| c.name.as_str()).collect();
            let engines: Vec<&str> = f.confirmed_by.iter().map(|e| e.name()).collect();
            json!({
                "id": f.id, "kind": f.kind.word(), "severity": f.severity, "subject": f.subject.name,
                "property": f.property, "run": run, "loop": f.run.as_ref().and_then(|r| r.loop_from),
                "core": core, "confirmed_by": engines,
            })
        })
        .collect();
    let engines: Vec<Value> = report
        .engines
        .iter()
        .map(|e| json!([e.engine.name(), e.available, e.version, e.needed]))
        .collect();
    json!({
        "ir": report.about.digest, "verdict": report.verdict.word(),
        "properties": properties, "findings": findings, "engines": engines,
    })
}
