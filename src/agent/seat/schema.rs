//! The shapes of what models answer, as types and as JSON schemas computed from them.
//!
//! None of them has a place for who speaks, for which version and about which report: that is filled in by this program.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::finding::critique::{Change, CriticDecision, Issue, RecommendedChange, WaiverProposal};

/// A planner's answer to a goal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// One to three; the first is preferred.
    #[schemars(length(min = 1, max = 3))]
    pub candidates: Vec<ProposedCandidate>,
    /// Why, in a few sentences.
    pub reasoning: String,
}

/// One way to reach a goal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposedCandidate {
    /// The whole workflow file, YAML.
    pub workflow: String,
    /// What speaks for it and against it.
    pub tradeoffs: String,
}

/// A planner's answer to a critique.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// The whole workflow file, YAML.
    pub workflow: String,
    /// What was changed and why, in a few sentences.
    pub reasoning: String,
}

/// What a critic has to say of a version: a critique without its head.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriticAnswer {
    /// What should happen to this version.
    pub decision: CriticDecision,
    /// What is wrong with it.
    pub issues: Vec<Issue>,
    /// What to change, in this order.
    pub recommended_changes: Vec<RecommendedChange>,
    /// Findings that the critic would let a person waive.
    pub waiver_proposals: Vec<WaiverProposal>,
    /// What became of each other candidate.
    #[serde(default)]
    pub considered: Vec<ConsideredCandidate>,
    /// Why this decision, in a few sentences.
    pub reasoning: String,
}

/// What became of another candidate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsideredCandidate {
    /// Its number, from 2.
    pub candidate: u32,
    /// Whether the changes draw on it.
    pub drawn_on: bool,
    /// What was taken from it, or why nothing was.
    pub why: String,
}

/// The schema of [`Proposal`].
#[must_use]
pub fn proposal() -> Value {
    plain(schema_for!(Proposal))
}

/// The schema of [`Revision`].
#[must_use]
pub fn revision() -> Value {
    plain(schema_for!(Revision))
}

/// The schema of [`CriticAnswer`], with every action spelt out.
#[must_use]
pub fn critique() -> Value {
    let mut whole = plain(schema_for!(CriticAnswer));
    let mut change = plain(schema_for!(Change));
    let definitions = change.as_object_mut().and_then(|c| c.remove("$defs"));
    // A change is read with its reason and its issues beside the action's own keys, which no derived schema can say.
    if let Some(Value::Array(actions)) = change.get_mut("oneOf") {
        for action in actions {
            if let Some(Value::Object(properties)) = action.get_mut("properties") {
                properties.insert("reason".to_owned(), json!({"type": "string"}));
                let ids = json!({"type": "array", "items": {"type": "string"}});
                properties.insert("answers".to_owned(), ids);
            }
            if let Some(Value::Array(required)) = action.get_mut("required") {
                required.push(json!("reason"));
            }
        }
    }
    if let Some(Value::Object(all)) = whole.get_mut("$defs") {
        if let Some(Value::Object(more)) = definitions {
            all.extend(more);
        }
        all.insert("RecommendedChange".to_owned(), change);
    }
    whole
}

fn plain(schema: Schema) -> Value {
    let mut value = schema.to_value();
    if let Value::Object(map) = &mut value {
        map.remove("$schema");
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Value {
        json!({
            "decision": "revise", "reasoning": "r", "considered": [], "waiverProposals": [],
            "issues": [{"id": "I1", "severity": "blocking", "type": "correctness_risk", "message": "m", "findings": []}],
            "recommendedChanges": [
                {"action": "add_state", "state": "Held", "reason": "r", "answers": ["I1"]},
                {"action": "ask_human", "id": "Q", "question": "q", "reason": "r", "options": [
                    {"id": "a", "text": "t", "changes": [{"action": "remove_state", "state": "Held", "reason": "r"}]},
                    {"id": "b", "text": "t", "changes": []}
                ]}
            ]
        })
    }

    #[test]
    fn the_schema_takes_what_is_read_and_nothing_else() {
        let schema = critique();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let agrees = |document: &Value, good: bool| {
            assert_eq!(validator.is_valid(document), good, "schema: {document}");
            let read = serde_json::from_value::<CriticAnswer>(document.clone());
            assert_eq!(read.is_ok(), good, "reader: {document}");
        };
        agrees(&example(), true);
        for (place, value) in [
            ("/decision", json!("approve")),
            ("/recommendedChanges/0/action", json!("approve")),
            ("/recommendedChanges/0/state", json!(1)),
            (
                "/recommendedChanges/1/options/0/changes/0/action",
                json!("waive"),
            ),
            ("/issues/0/severity", json!("none")),
        ] {
            let mut wrong = example();
            *wrong.pointer_mut(place).expect(place) = value;
            agrees(&wrong, false);
        }
        for (place, key) in [
            ("", "critic"),
            ("", "digest"),
            ("/recommendedChanges/0", "role"),
            ("/issues/0", "waived"),
        ] {
            let mut wrong = example();
            let object = wrong.pointer_mut(place).expect("a place").as_object_mut();
            object
                .expect("an object")
                .insert(key.to_owned(), json!("x"));
            agrees(&wrong, false);
        }
        let mut silent = example();
        let change = silent
            .pointer_mut("/recommendedChanges/0")
            .expect("a change");
        change.as_object_mut().expect("an object").remove("reason");
        agrees(&silent, false);
    }

    #[test]
    fn planners_have_no_say_in_whose_word_it_is() {
        for schema in [proposal(), revision()] {
            assert_eq!(schema["additionalProperties"], json!(false));
            assert_eq!(schema["type"], "object");
        }
        assert_eq!(proposal()["properties"]["candidates"]["maxItems"], 3);
    }
}
