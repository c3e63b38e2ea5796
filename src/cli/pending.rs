//! `tribunal pending`: what waits for a person in this project.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exit_code::ExitCode;
use super::gate::{ground, tell_subject};
use super::outcome::Outcome;
use super::screen::Screen;
use crate::gate::event::ApprovalForm;
use crate::host::clock::Timestamp;
use crate::ir::Digest;
use crate::pipeline::pending::{Waiting, pending};
use crate::report::plain;

/// `data` of `pending`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PendingJson {
    /// One entry for each thing that waits.
    pub waiting: Vec<WaitingJson>,
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingJson {
    /// The file.
    pub path: String,
    /// `workflow_id`.
    pub workflow: String,
    /// `version`.
    pub version: u32,
    /// `approval`, `question` or `escalation`.
    pub what: String,
    /// In plain words: the question, why the agents stopped, or what stands in the way of an approval; null where nothing does.
    pub words: Option<String>,
    /// The question's id.
    pub question: Option<String>,
    /// The answers that a question offers.
    pub options: Vec<OptionJson>,
    /// The digest of what is to be approved; `--expect` takes it.
    pub to_be_approved: Option<Digest>,
    /// What approving it comes to.
    pub form: Option<ApprovalForm>,
    /// How many people the policy still asks for.
    pub people: Option<usize>,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionJson {
    /// Its id.
    pub id: String,
    /// What it means.
    pub text: String,
}

/// Runs it.
#[must_use]
pub fn run(screen: &Screen) -> Outcome {
    let mut outcome = Outcome::empty();
    let Some(ground) = ground(&mut outcome, screen) else {
        return outcome;
    };
    let now = Timestamp::now();
    let mut waiting = Vec::new();
    for (_, source) in ground.workflows() {
        match source.and_then(|path| ground.subject(&path)) {
            Ok(subject) => {
                let path = subject.path.strip_prefix(&ground.project.root);
                let path = path.unwrap_or(&subject.path).display().to_string();
                let all = pending(&subject, now);
                waiting.extend(
                    all.iter()
                        .map(|w| entry(&path, subject.id(), subject.version(), w)),
                );
            }
            Err(error) => tell_subject(&mut outcome, &error, screen),
        }
    }
    if waiting.is_empty() {
        outcome.text.push_str("nothing waits for a person\n");
    } else {
        outcome.exit = outcome.exit.and(ExitCode::Waiting);
    }
    for one in &waiting {
        outcome.text.push_str(&told(one));
    }
    outcome.data = serde_json::to_value(PendingJson { waiting }).ok();
    outcome
}

fn entry(path: &str, workflow: &str, version: u32, waiting: &Waiting) -> WaitingJson {
    let empty = WaitingJson {
        path: plain::line(path).into_owned(),
        workflow: workflow.to_owned(),
        version,
        what: String::new(),
        words: None,
        question: None,
        options: Vec::new(),
        to_be_approved: None,
        form: None,
        people: None,
    };
    let line = |text: &str| plain::line(text).into_owned();
    match waiting {
        Waiting::Approval { proposal: Ok(p) } => WaitingJson {
            what: "approval".to_owned(),
            to_be_approved: Some(p.shown),
            form: Some(p.approved.form()),
            people: Some(p.more + 1),
            ..empty
        },
        Waiting::Approval { proposal: Err(why) } => WaitingJson {
            what: "approval".to_owned(),
            words: Some(line(why)),
            ..empty
        },
        Waiting::Question {
            id,
            question,
            options,
        } => WaitingJson {
            what: "question".to_owned(),
            words: Some(line(question)),
            question: Some(line(id)),
            options: options
                .iter()
                .map(|(id, text)| OptionJson {
                    id: line(id),
                    text: line(text),
                })
                .collect(),
            ..empty
        },
        Waiting::Escalation { reason } => WaitingJson {
            what: "escalation".to_owned(),
            words: Some(line(reason)),
            ..empty
        },
    }
}

fn told(one: &WaitingJson) -> String {
    let mut out = format!("{} · {} version {}\n", one.path, one.workflow, one.version);
    match (&one.to_be_approved, &one.words) {
        (Some(digest), _) => {
            let more = match one.people {
                Some(n) if n > 1 => format!(" by {n} people"),
                Some(_) | None => String::new(),
            };
            out.push_str(&format!(
                "  to be approved{more}  {digest}\n  next      `tribunal approve {}`\n",
                one.path
            ));
        }
        (None, Some(words)) if one.what == "approval" => {
            out.push_str(&format!(
                "  the critic accepts it, but it cannot be approved: {words}\n"
            ));
        }
        (None, words) => {
            let words = words.as_deref().unwrap_or_default();
            let id = one
                .question
                .as_deref()
                .map_or_else(String::new, |q| format!(" {q}"));
            out.push_str(&format!("  {}{id}: {words}\n", one.what));
        }
    }
    for option in &one.options {
        out.push_str(&format!("    {}: {}\n", option.id, option.text));
    }
    out
}
