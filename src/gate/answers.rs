//! What a stored report says about the engines' answers as a whole: whether anything is missing, contradicts, or is left to
//! prove. Read from the stored form, because that is what a critique and an approval bind.

use crate::finding::{Engine, FindingKind, Severity};
use crate::report::render::json::{FindingJson, PropertyJson, ReportJson};
use crate::report::{Assurance, PropertyVerdict};

/// The engines without which nothing is complete, where a project does not name its own.
pub const ALWAYS_NEEDED: [Engine; 2] = [Engine::Explore, Engine::Z3];

/// The answers of one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answers {
    /// Every property was asked, every needed engine ran, and nothing needed was left unanswered.
    pub complete: bool,
    /// No two engines contradict each other, and every run that was shown replays.
    pub agree: bool,
    /// Goals that were asked of Lean and are left open.
    pub open_obligations: usize,
    /// Complete, and whatever holds is a theorem that Lean's kernel checked.
    pub proved: bool,
}

impl Answers {
    /// What a report says. `asked` are the ids of all properties of the workflow, `needed` the engines that the project needs:
    /// a report of fewer properties, or of other engines, is not complete however it was asked for.
    #[must_use]
    pub fn of(
        report: &ReportJson,
        findings: &[FindingJson],
        asked: &[String],
        needed: &[Engine],
    ) -> Self {
        let count = |kind: FindingKind| findings.iter().filter(|f| f.kind == kind.word()).count();
        let row = |id: &String| report.properties.iter().find(|p| p.id == *id);
        let all_asked = asked.iter().all(|id| row(id).is_some_and(answered));
        let all_ran = needed.iter().all(|needed| {
            let mut engines = report.engines.iter();
            engines.any(|e| e.engine == needed.name() && e.available)
        });
        let silent = count(FindingKind::EngineUnavailable) + count(FindingKind::BudgetExceeded);
        let contradictions = count(FindingKind::Disagreement)
            + count(FindingKind::Unreplayable)
            + count(FindingKind::UnsoundProof);
        let agree = contradictions == 0 && report.properties.iter().all(coherent);
        let complete =
            all_asked && report.properties.iter().all(answered) && all_ran && silent == 0;
        let open_obligations = count(FindingKind::OpenObligation);
        let refuted = findings.iter().any(|f| f.severity == Severity::Blocking);
        Self {
            complete,
            agree,
            open_obligations,
            proved: complete
                && agree
                && !refuted
                && open_obligations == 0
                && report.properties.iter().all(proved),
        }
    }
}

/// Whether the engines came to a conclusion about a property.
fn answered(row: &PropertyJson) -> bool {
    match row.verdict {
        PropertyVerdict::Holds | PropertyVerdict::Violated | PropertyVerdict::Vacuous => true,
        PropertyVerdict::Unknown
        | PropertyVerdict::Unavailable
        | PropertyVerdict::Disagreement
        | PropertyVerdict::Unreplayable => false,
    }
}

fn coherent(row: &PropertyJson) -> bool {
    match row.verdict {
        PropertyVerdict::Disagreement | PropertyVerdict::Unreplayable => false,
        PropertyVerdict::Holds
        | PropertyVerdict::Violated
        | PropertyVerdict::Vacuous
        | PropertyVerdict::Unknown
        | PropertyVerdict::Unavailable => true,
    }
}

/// Whether nothing is left to prove about a property. One that is violated without a finding is a negative control.
fn proved(row: &PropertyJson) -> bool {
    row.verdict == PropertyVerdict::Violated
        || (row.verdict == PropertyVerdict::Holds && row.assurance == Assurance::Proved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn report(change: impl Fn(&mut Value)) -> ReportJson {
        let mut value = json!({
            "workflow": "w", "version": 1, "digest": "d", "verdict": "clean", "states": null,
            "properties": [
                {"id": "p", "form": "always", "automatic": false, "verdict": "holds", "assurance": "proved",
                 "assumptions": [], "engines": []},
                {"id": "q", "form": "always", "automatic": false, "verdict": "violated", "assurance": "none",
                 "assumptions": [], "engines": []},
            ],
            "engines": [
                {"engine": "explore", "available": true, "version": "1", "reason": null},
                {"engine": "z3", "available": true, "version": "1", "reason": null},
            ],
        });
        change(&mut value);
        serde_json::from_value(value).expect("a report")
    }

    fn finding(kind: &str, severity: &str) -> FindingJson {
        serde_json::from_value(json!({
            "id": "F-1", "kind": kind, "severity": severity, "title": "t", "subject": {"kind": "property", "name": "p"},
            "property": "p", "spans": [], "trace": [], "loop_from": null, "core": [], "notes": [], "suggestions": [],
            "confirmed_by": [],
        }))
        .expect("a finding")
    }

    fn answers(report: &ReportJson, findings: &[FindingJson]) -> Answers {
        let asked = ["p".to_owned(), "q".to_owned()];
        Answers::of(report, findings, &asked, &ALWAYS_NEEDED)
    }

    #[test]
    fn nothing_missing_is_complete() {
        let all = answers(&report(|_| {}), &[]);
        let full = Answers {
            complete: true,
            agree: true,
            open_obligations: 0,
            proved: true,
        };
        assert_eq!(all, full);
        // What holds but is not a theorem is not proved, and complete all the same.
        let searched = report(|r| r["properties"][0]["assurance"] = json!("exhaustive_by_one"));
        assert_eq!(
            answers(&searched, &[]),
            Answers {
                proved: false,
                ..full
            }
        );
    }

    #[test]
    fn whatever_is_missing_makes_it_incomplete() {
        for (name, change) in [
            (
                "a property was not asked",
                (|r: &mut Value| {
                    r["properties"].as_array_mut().expect("a list").pop();
                }) as fn(&mut Value),
            ),
            ("unknown", |r| {
                r["properties"][0]["verdict"] = json!("unknown");
            }),
            ("unavailable", |r| {
                r["properties"][0]["verdict"] = json!("unavailable");
            }),
            ("a needed engine did not run", |r| {
                r["engines"][1]["available"] = json!(false);
            }),
            ("a needed engine was not asked", |r| {
                r["engines"].as_array_mut().expect("a list").pop();
            }),
        ] {
            let answers = answers(&report(change), &[]);
            assert!(!answers.complete && !answers.proved, "{name}");
        }
        for kind in ["engine_unavailable", "budget_exceeded"] {
            assert!(
                !answers(&report(|_| {}), &[finding(kind, "warning")]).complete,
                "{kind}"
            );
        }
    }

    #[test]
    fn contradictions_and_open_goals_are_seen() {
        for kind in ["disagreement", "unreplayable", "unsound_proof"] {
            let answers = answers(&report(|_| {}), &[finding(kind, "blocking")]);
            assert!(!answers.agree && !answers.proved, "{kind}");
        }
        let odd = report(|r| r["properties"][0]["verdict"] = json!("disagreement"));
        assert!(!answers(&odd, &[]).agree);
        let open = answers(&report(|_| {}), &[finding("open_obligation", "warning")]);
        assert_eq!((open.open_obligations, open.proved), (1, false));
    }
}
