//! A person as planner or critic. What they write passes the same reading and admission as a model's word.

use serde_json::{Value, json};

use super::content::Docket;
use super::editor::{Editor, name};
use super::proposed::{next, workflow};
use super::schema::CriticAnswer;
use super::{Critic, Draft, Judged, Judgement, Made, Planner, SeatError, Standing, Wish, Work};
use crate::agent::prompt::{brief, plain_json};
use crate::finding::critique::IssueType;
use crate::finding::{Critique, Severity};
use crate::host::cancel::CancelToken;
use crate::protocol::Spend;
use crate::report::plain;
use crate::revise::Answers;

/// What the lines begin with that are taken out again.
const NOTE: &str = "#: ";
/// The key of the critique's template that is taken out again.
const SHOWN: &str = "reported";

/// A person who plans in an editor.
pub struct EditorPlanner {
    editor: Editor,
}

/// A person who criticises in an editor.
pub struct EditorCritic {
    editor: Editor,
}

impl EditorPlanner {
    /// Opens this editor.
    #[must_use]
    pub const fn new(editor: Editor) -> Self {
        Self { editor }
    }
}

impl EditorCritic {
    /// Opens this editor.
    #[must_use]
    pub const fn new(editor: Editor) -> Self {
        Self { editor }
    }
}

impl Planner for EditorPlanner {
    fn name(&self) -> String {
        name()
    }

    fn propose<'a>(&'a self, wish: &'a Wish, cancel: &'a CancelToken) -> Work<'a, Vec<Draft>> {
        Box::pin(async move {
            let read = |text: &str| {
                let text = bare(text);
                workflow(&text, wish)?;
                Ok(vec![Draft {
                    text,
                    tradeoffs: "written by a person".to_owned(),
                }])
            };
            let template = blank(wish);
            let made = self.editor.write("workflow.yaml", &template, read, cancel);
            made.map(|value| by_hand(value, "a person wrote this workflow"))
        })
    }

    fn revise<'a>(
        &'a self,
        of: &'a Standing,
        critique: &'a Critique,
        answers: &'a Answers,
        cancel: &'a CancelToken,
    ) -> Work<'a, String> {
        Box::pin(async move {
            let read = |text: &str| {
                let text = bare(text);
                next(&text, of).map(|_| text)
            };
            let template = notes(of, critique, answers) + &of.text;
            let made = self.editor.write("workflow.yaml", &template, read, cancel);
            made.map(|value| by_hand(value, "a person wrote this version"))
        })
    }
}

impl Critic for EditorCritic {
    fn name(&self) -> String {
        name()
    }

    fn criticise<'a>(
        &'a self,
        of: &'a Judged,
        beside: &'a [Judged],
        cancel: &'a CancelToken,
    ) -> Work<'a, Judgement> {
        Box::pin(async move {
            let docket = Docket {
                of,
                beside,
                critic: name(),
            };
            let read = |text: &str| judged(&docket, text);
            let template = form(of, beside);
            let made = self.editor.write("critique.json", &template, read, cancel);
            let made: Result<(Judgement, String), SeatError> = made;
            made.map(|(value, reasoning)| by_hand(value, &reasoning))
        })
    }
}

fn by_hand<T>(value: T, reasoning: &str) -> Made<T> {
    Made {
        value,
        reasoning: reasoning.to_owned(),
        spend: Spend::default(),
    }
}

fn judged(docket: &Docket<'_>, text: &str) -> Result<(Judgement, String), Vec<String>> {
    let wrong = |error: serde_json::Error| vec![error.to_string()];
    let mut document: Value = serde_json::from_str(text).map_err(wrong)?;
    if let Some(object) = document.as_object_mut() {
        object.remove(SHOWN);
    }
    let answer: CriticAnswer = serde_json::from_value(document).map_err(wrong)?;
    let reasoning = answer.reasoning.trim().to_owned();
    if reasoning.is_empty() {
        return Err(vec!["`reasoning` is empty".to_owned()]);
    }
    Ok((docket.judgement(answer)?, reasoning))
}

/// A text without the notes that were put before it.
fn bare(text: &str) -> String {
    let kept = |line: &&str| !line.starts_with(NOTE.trim_end());
    text.split_inclusive('\n').filter(kept).collect()
}

fn note(out: &mut String, text: &str) {
    out.push_str(NOTE);
    out.push_str(&plain::line(text));
    out.push('\n');
}

fn blank(wish: &Wish) -> String {
    let mut out = String::new();
    note(
        &mut out,
        "Write the workflow. Leave the file as it is to give up.",
    );
    let (goal, constraints) = (json!(wish.goal), json!(wish.constraints));
    out + &format!(
        "workflow_id: {}\nversion: {}\ngoal: {}\nconstraints: {}\nactors:\n  - {{id: Human, kind: human}}\nstates:\n  - \n\
         terminal: {{success: [], failure: []}}\ntransitions:\n  - {{id: , actor: Human, from: , to: }}\n",
        wish.workflow,
        wish.version,
        plain_json(&goal),
        plain_json(&constraints),
    )
}

fn notes(of: &Standing, critique: &Critique, answers: &Answers) -> String {
    let mut out = String::new();
    let version = of.checked.ir.version.value.saturating_add(1);
    let head =
        format!("Write version {version}. Leave the file as it is to give up. The critique says:");
    note(&mut out, &head);
    for issue in &critique.issues {
        note(&mut out, &format!("{}: {}", issue.id, issue.message));
    }
    for change in &critique.recommended_changes {
        let what = serde_json::to_value(&change.change).unwrap_or_default();
        note(&mut out, &format!("change: {}", plain_json(&what)));
    }
    for (question, option) in answers {
        note(&mut out, &format!("answered: {question}: {option}"));
    }
    out
}

/// A critique to fill in: an issue for each finding that counts.
fn form(of: &Judged, beside: &[Judged]) -> String {
    let counts = of
        .report
        .findings
        .iter()
        .filter(|f| f.severity != Severity::Info);
    let issues: Vec<Value> = (1_u32..)
        .zip(counts)
        .map(|(n, finding)| {
            json!({
                "id": format!("ISSUE-{n}"), "severity": finding.severity, "type": IssueType::CorrectnessRisk,
                "message": finding.title, "findings": [finding.id],
            })
        })
        .collect();
    let considered: Vec<Value> = (2_u32..)
        .zip(beside)
        .map(|(n, _)| json!({"candidate": n, "drawnOn": false, "why": ""}))
        .collect();
    let form = json!({
        "decision": "revise", "reasoning": "", "issues": issues, "recommendedChanges": [],
        "waiverProposals": [], "considered": considered,
        SHOWN: brief(&of.report),
    });
    serde_json::to_string_pretty(&form).unwrap_or_default() + "\n"
}
