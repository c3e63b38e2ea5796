//! The questions that seats put to a model, and that `--dry-run` shows.

use serde_json::{Value, json};

use super::fence::plain_json;
use super::report::brief;
use super::template::{CRITIC, PROPOSE, Part, Prompt, REVISE, fill};
use crate::agent::provider::Request;
use crate::agent::seat::{Judged, Standing, Wish, schema};
use crate::finding::Critique;
use crate::revise::Answers;

/// Tokens of a workflow's text and what is said of it, at most.
pub const PLANNER_TOKENS: u32 = 16_384;
/// Tokens of a critique, at most.
pub const CRITIC_TOKENS: u32 = 12_288;

/// Asks for a first version.
#[must_use]
pub fn propose(wish: &Wish) -> Request {
    let constraints = plain_json(&json!(wish.constraints));
    let parts = [
        ("workflow", Part::Word(wish.workflow.clone())),
        ("version", Part::Word(wish.version.to_string())),
        ("goal", Part::Data("goal", wish.goal.clone())),
        ("constraints", Part::Data("constraints", constraints)),
    ];
    request(PROPOSE, &parts, PLANNER_TOKENS, schema::proposal())
}

/// Asks for the next version.
#[must_use]
pub fn revise(of: &Standing, critique: &Critique, answers: &Answers) -> Request {
    let ir = &of.checked.ir;
    let version = ir.version.value;
    let said = json!({
        "decision": critique.decision,
        "issues": critique.issues,
        "recommendedChanges": critique.recommended_changes,
    });
    let parts = [
        ("workflow", Part::Word(ir.id.value.to_string())),
        ("version", Part::Word(version.to_string())),
        ("next", Part::Word(version.saturating_add(1).to_string())),
        ("text", Part::Data("workflow", of.text.clone())),
        ("critique", Part::Data("critique", lines(&said))),
        (
            "answers",
            Part::Data("answers", plain_json(&json!(answers))),
        ),
    ];
    request(REVISE, &parts, PLANNER_TOKENS, schema::revision())
}

/// Asks for a critique.
#[must_use]
pub fn criticise(of: &Judged, beside: &[Judged]) -> Request {
    let ir = &of.standing.checked.ir;
    let parts = [
        ("workflow", Part::Word(ir.id.value.to_string())),
        ("version", Part::Word(ir.version.value.to_string())),
        ("text", Part::Data("workflow", of.standing.text.clone())),
        ("report", Part::Data("report", lines(&brief(&of.report)))),
        ("beside", Part::Own(candidates(beside))),
    ];
    request(CRITIC, &parts, CRITIC_TOKENS, schema::critique())
}

/// The other candidates, numbered from 2: the version itself is the first.
fn candidates(beside: &[Judged]) -> String {
    let mut out = String::new();
    for (n, other) in (2_usize..).zip(beside) {
        let parts = [
            ("n", Part::Word(n.to_string())),
            ("text", Part::Data("workflow", other.standing.text.clone())),
            ("report", Part::Data("report", lines(&brief(&other.report)))),
        ];
        out.push_str(&fill(CANDIDATE, &parts));
    }
    out
}

const CANDIDATE: &str = "
Candidate {{n}}, which was proposed beside it:
{{text}}

What the engines say of candidate {{n}}, JSON:
{{report}}
";

fn request(prompt: Prompt, parts: &[(&str, Part)], max_tokens: u32, schema: Value) -> Request {
    let mut request = Request::new(
        prompt.id(),
        prompt.system(),
        prompt.filled(parts),
        max_tokens,
    );
    request.schema = Some(schema);
    request
}

/// An object with one key a line, its lists with one entry a line: short, and still readable.
fn lines(value: &Value) -> String {
    let Value::Object(map) = value else {
        return plain_json(value);
    };
    let keys: Vec<String> = map
        .iter()
        .map(|(key, value)| match value {
            Value::Array(items) if !items.is_empty() => {
                let items: Vec<String> = items.iter().map(plain_json).collect();
                format!("{}: [\n{}\n]", json!(key), items.join(",\n"))
            }
            other => format!("{}: {}", json!(key), plain_json(other)),
        })
        .collect();
    format!("{{\n{}\n}}", keys.join(",\n"))
}
