//! Whole seats with scripted models: what is taken, what goes back, what it costs, and what hostile texts cannot do.

mod choose;
mod critic;
mod editor;
mod hostile;
mod planner;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::reading::read;
use super::*;
use crate::agent::provider::{Chosen, Options, Provider, block_on};
use crate::gate::StoredReport;

/// Merges may be stuck in review: `Review` has one way out, which a stale approval blocks for ever.
pub(super) const TEXT: &str = "workflow_id: w
goal: Merge what was reviewed
constraints: [nothing stale is merged]
actors: [Author, {id: Boss, kind: human}]
states: [Draft, Review, {id: Merged, needs: [approval]}, Rejected]
terminal: {success: [Merged], failure: [Rejected]}
artifacts: [change]
evidence:
  approval: {of: [change]}
transitions:
  - {id: submit, actor: Author, from: Draft, to: Review, record: {approval: {}}}
  - {id: edit, actor: Author, from: Review, bump: [change]}
  - {id: merge, actor: Boss, from: Review, to: Merged, when: fresh(approval)}
properties:
  - {id: aligned, at: merge, require: fresh(approval)}
  - {id: can_merge, reachable: state == Merged}
";

pub(super) fn standing(text: &str) -> Standing {
    read(text, None).expect("a workflow")
}

/// A report with one blocking finding and one warning.
pub(super) fn judged(text: &str) -> Judged {
    let standing = standing(text);
    let finding = |id: &str, kind: &str, severity: &str, title: &str| {
        json!({
            "id": id, "kind": kind, "severity": severity, "title": title,
            "subject": {"kind": "state", "name": "Review"}, "property": null, "spans": [],
            "trace": [], "loop_from": null, "core": [], "notes": [], "suggestions": [], "confirmed_by": ["explore"],
        })
    };
    let report = json!({
        "tribunal": "0.1.0", "command": "verify", "ok": false, "exit": 1, "errors": [],
        "data": {
            "workflow": "w", "version": standing.checked.ir.version.value, "digest": standing.digest.to_string(),
            "verdict": "blocking", "states": null, "properties": [], "engines": [],
        },
        "findings": [
            finding("F-1", "no_option_to_complete", "blocking", "from Review no end can be reached"),
            finding("F-2", "missing_reject_path", "warning", "nobody can say no"),
        ],
    });
    Judged {
        standing,
        report: serde_json::from_value::<StoredReport>(report).expect("a report"),
    }
}

pub(super) fn wish() -> Wish {
    Wish {
        goal: "Merge what was reviewed".to_owned(),
        constraints: vec!["nothing stale is merged".to_owned()],
        workflow: "w".to_owned(),
        version: 1,
    }
}

/// A critique in a model's words that the tests can change.
pub(super) fn verdict() -> Value {
    json!({
        "decision": "revise",
        "reasoning": "From `Review` a stale `approval` blocks the only way out.",
        "issues": [{
            "id": "I1", "severity": "blocking", "type": "correctness_risk",
            "message": "`Review` can become a dead end", "findings": ["F-1", "F-2"],
        }],
        "recommendedChanges": [{
            "action": "add_transition", "reason": "a person can always say no", "answers": ["I1"],
            "transition": {"id": "reject", "actor": "Boss", "from": ["Draft", "Review"], "to": "Rejected"},
        }],
        "waiverProposals": [],
        "considered": [],
    })
}

/// The critique that the rules of this program make of [`verdict`].
pub(super) fn critique(of: &Judged) -> Critique {
    let docket = super::content::Docket {
        of,
        beside: &[],
        critic: "somebody".to_owned(),
    };
    let answer = serde_json::from_value(verdict()).expect("an answer");
    docket.judgement(answer).expect("admitted").critique
}

/// The next version as the critique wants it.
pub(super) fn next() -> String {
    TEXT.replace("workflow_id: w\n", "workflow_id: w\nversion: 2\n")
        .replace(
            "properties:\n",
            "  - {id: reject, actor: Boss, from: [Draft, Review], to: Rejected}\nproperties:\n",
        )
}

/// A provider that answers these lines, one after the other, and where its answers are recorded.
pub(super) struct Model {
    pub(super) provider: Arc<Provider>,
    room: tempfile::TempDir,
}

impl Model {
    /// Each answer is a document, or a whole line of a script where it is an object with `line`.
    pub(super) fn answering(answers: &[Value]) -> Self {
        let room = tempfile::tempdir().expect("a directory");
        let path: PathBuf = room.path().join("script.jsonl");
        let line = |answer: &Value| {
            match answer.get("line") {
            Some(line) => line.to_string(),
            None => json!({"json": answer, "usage": {"input_tokens": 100, "output_tokens": 10}, "cost": 7}).to_string(),
        }
        };
        let lines: Vec<String> = answers.iter().map(line).collect();
        std::fs::write(&path, lines.join("\n")).expect("written");
        let options = Options {
            record: Some(room.path().join("record.jsonl")),
            ..Options::standard()
        };
        let provider = Provider::open(&Chosen::script(path), options).expect("a script");
        Self {
            provider: Arc::new(provider),
            room,
        }
    }

    /// Every question that was answered, whole.
    pub(super) fn asked(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.room.path().join("record.jsonl"));
        let text = text.unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["request"].clone())
            .collect()
    }

    /// The last message of the question with this number, from 0.
    pub(super) fn told(&self, question: usize) -> String {
        let asked = self.asked();
        let messages = asked[question]["messages"].as_array().expect("messages");
        let last = messages.last().expect("one");
        last["text"].as_str().expect("a text").to_owned()
    }
}

pub(super) fn done<T>(work: Work<'_, T>) -> Result<Made<T>, SeatError> {
    block_on(work).expect("a runtime")
}
