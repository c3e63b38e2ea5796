//! `tribunal revise FILE --with CRITIQUE`: the changes a critique recommends, in the text of the workflow.

use std::path::{Path, PathBuf};

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{allowed, refuse};
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::Screen;
use super::verify::tell_project;
use crate::finding::critique::{CriticDecision, Critique};
use crate::host::clock::Timestamp;
use crate::ir::{Digest, SourceId};
use crate::pipeline::Project;
use crate::pipeline::answer::{Question, own_digest};
use crate::pipeline::revise::{Done, NotRevised, Revise, Revision, revise};
use crate::report::plain;
use crate::revise::lines::{Line, changed};
use crate::revise::{ReviseError, Why};

/// Arguments of `revise`.
#[derive(Debug, Args)]
pub struct ReviseArgs {
    /// The workflow file; the next version is written into it.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The critique.
    #[arg(long, value_name = "CRITIQUE")]
    pub with: PathBuf,
    /// Write the next version there instead.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `data` of `revise`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseJson {
    /// `workflow_id`.
    pub workflow: String,
    /// The critique's own digest.
    pub critique: Digest,
    /// What it recommends.
    pub decision: CriticDecision,
    /// The version that was revised.
    pub from: u32,
    /// The version that was written; null if none was.
    pub version: Option<u32>,
    /// Its digest.
    pub digest: Option<Digest>,
    /// Where it is.
    pub file: Option<String>,
    /// What was done, in order.
    pub changes: Vec<ChangeJson>,
    /// What a person should know about how it was done.
    pub notes: Vec<String>,
    /// Questions that wait for a person.
    pub questions: Vec<QuestionJson>,
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeJson {
    /// What.
    pub action: String,
    /// Why.
    pub reason: String,
}

/// A question that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionJson {
    /// Its name.
    pub id: String,
    /// In plain words.
    pub question: String,
    /// What can be answered.
    pub options: Vec<AnswerOptionJson>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerOptionJson {
    /// Its name.
    pub id: String,
    /// In plain words.
    pub text: String,
    /// How to give it.
    pub command: String,
}

/// Whether an agent runs this.
fn agent() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
    set("SPEC_AGENT_ID").is_some() || set("SPEC_ROLE").is_some_and(|role| role != "human")
}

/// Runs it.
#[must_use]
pub fn run(args: &ReviseArgs, screen: &Screen) -> Outcome {
    if let Err(refused) = allowed(&["planner", "human"], "a planner or a person") {
        return *refused;
    }
    let mut outcome = Outcome::empty();
    let project = match Project::find(Path::new(".")) {
        Ok(project) => project,
        Err(error) => {
            tell_project(&mut outcome, &error, screen);
            return outcome;
        }
    };
    let options = Revise {
        file: &args.file,
        with: &args.with,
        out: args.out.as_deref(),
        project: project.as_ref(),
        person: !agent(),
        now: Timestamp::now(),
    };
    match revise(&options) {
        Ok(Revision::Nothing(critique)) => {
            outcome.text = format!(
                "nothing to revise: {} accepts version {}; `tribunal approve {}` is for a person\n",
                plain::line(&critique.critic),
                critique.target_version,
                args.file.display()
            );
            outcome.data = json(&critique, None, &[]);
        }
        Ok(Revision::Rejected(critique)) => {
            let why: Vec<&str> = critique.issues.iter().map(|i| i.message.as_str()).collect();
            let message = format!(
                "{} gives version {} up: {}",
                critique.critic,
                critique.target_version,
                why.join("; ")
            );
            let help = "a person decides: `tribunal reject`, or another version";
            outcome.fail(ExitCode::Shut, "TRIB-REVISE-REJECTED", &message, Some(help));
            outcome.data = json(&critique, None, &[]);
        }
        Ok(Revision::Waiting {
            critique,
            open,
            kept,
        }) => {
            let rest = if kept {
                String::new()
            } else {
                format!(" --with {}", word(&args.with.display().to_string()))
            };
            let questions = asked(&open, &rest);
            waiting(&mut outcome, &questions, project.is_some());
            outcome.data = json(&critique, None, &questions);
        }
        Ok(Revision::Done(done)) => {
            outcome.diagnostics(&done.before.sources, &done.before.warnings, screen);
            outcome.text = written(&done);
            outcome.data = json(&done.critique, Some(&done), &[]);
        }
        Err(error) => refused(&mut outcome, error, screen),
    }
    outcome
}

/// A word of a command line, quoted where a shell would take it apart.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", plain::line(text).replace('\'', "'\\''"))
    }
}

fn asked(open: &[Question], rest: &str) -> Vec<QuestionJson> {
    open.iter()
        .map(|q| QuestionJson {
            id: q.id.clone(),
            question: q.text.clone(),
            options: q
                .options
                .iter()
                .map(|(id, text)| AnswerOptionJson {
                    id: id.clone(),
                    text: text.clone(),
                    command: format!("tribunal answer {} {}{rest}", word(&q.id), word(id)),
                })
                .collect(),
        })
        .collect()
}

fn waiting(outcome: &mut Outcome, open: &[QuestionJson], in_project: bool) {
    for q in open {
        outcome.text.push_str(&format!(
            "question  {}\n    {}\n",
            plain::line(&q.id),
            plain::line(&q.question)
        ));
        for o in &q.options {
            outcome.text.push_str(&format!(
                "  {}: {}\n      {}\n",
                plain::line(&o.id),
                plain::line(&o.text),
                plain::line(&o.command)
            ));
        }
    }
    let message = match open.len() {
        1 => "a question waits for a person; nothing was written".to_owned(),
        n => format!("{n} questions wait for a person; nothing was written"),
    };
    let help = if in_project {
        "answer and run this again"
    } else {
        "answers are kept in a project; `tribunal init` makes one here"
    };
    outcome.fail(
        ExitCode::Waiting,
        "TRIB-REVISE-UNANSWERED",
        &message,
        Some(help),
    );
}

fn written(done: &Done) -> String {
    let mut text = format!(
        "revised  {} version {} -> {}  {}\n",
        done.revised.checked.ir.id.value,
        done.revised.from,
        done.revised.version(),
        done.path.display()
    );
    for change in changes(&done.critique) {
        text.push_str(&format!(
            "  {}: {}\n",
            change.action,
            plain::line(&change.reason)
        ));
    }
    for note in &done.revised.notes {
        text.push_str(&format!("  note: {}\n", plain::line(note)));
    }
    text.push('\n');
    let before = done
        .before
        .sources
        .get(SourceId(0))
        .map_or("", |f| f.text.as_str());
    for line in changed(before, &done.revised.text) {
        let (sign, line) = match line {
            Line::Gone(_, line) => ('-', line),
            Line::New(_, line) => ('+', line),
        };
        text.push_str(&format!("{sign} {}\n", plain::line(line)));
    }
    text.push_str(&format!(
        "\ndigest  {}\nnext    tribunal verify {}\n",
        done.digest,
        done.path.display()
    ));
    text
}

fn changes(critique: &Critique) -> Vec<ChangeJson> {
    let all = critique.recommended_changes.iter();
    all.map(|c| ChangeJson {
        action: c.change.action().to_owned(),
        reason: c.reason.clone(),
    })
    .collect()
}

fn json(
    critique: &Critique,
    done: Option<&Done>,
    questions: &[QuestionJson],
) -> Option<serde_json::Value> {
    let data = ReviseJson {
        workflow: critique.workflow.clone(),
        critique: own_digest(critique).ok()?,
        decision: critique.decision,
        from: critique.target_version,
        version: done.map(|d| d.revised.version()),
        digest: done.map(|d| d.digest),
        file: done.map(|d| d.path.display().to_string()),
        changes: done.map(|d| changes(&d.critique)).unwrap_or_default(),
        notes: done.map(|d| d.revised.notes.clone()).unwrap_or_default(),
        questions: questions.to_vec(),
    };
    serde_json::to_value(data).ok()
}

fn refused(outcome: &mut Outcome, error: NotRevised, screen: &Screen) {
    let message = error.to_string();
    let mut fail = |exit, code: &str, help| outcome.fail(exit, code, &message, help);
    match error {
        NotRevised::Load(error) => outcome.diagnostics(&error.sources, &error.diagnostics, screen),
        NotRevised::Policy => fail(
            ExitCode::Invalid,
            "TRIB-REVISE-POLICY",
            Some("name a workflow file"),
        ),
        NotRevised::Stale(_) => fail(
            ExitCode::Stale,
            "TRIB-REVISE-STALE",
            Some("`tribunal critique FILE` makes one for this version"),
        ),
        NotRevised::NotAdmitted(errors) => {
            for error in &errors {
                outcome.fail(
                    ExitCode::Invalid,
                    error.code(),
                    &error.to_string(),
                    Some(error.help()),
                );
            }
        }
        NotRevised::Report { .. } => fail(
            ExitCode::Invalid,
            "TRIB-STORE",
            Some("verify the workflow again"),
        ),
        NotRevised::Changes(errors) => {
            for error in &errors {
                tell(outcome, error);
            }
        }
        NotRevised::Answer(error) => refuse(outcome, &error),
        NotRevised::Life(_) => fail(
            ExitCode::Budget,
            "TRIB-REVISE-ROUNDS",
            Some(
                "a person runs this command, without SPEC_AGENT_ID and without an agent's SPEC_ROLE",
            ),
        ),
        NotRevised::File(_) => fail(ExitCode::Invalid, "TRIB-STORE", None),
        NotRevised::Store(_) => fail(
            ExitCode::Conflict,
            "TRIB-VERSION-TAKEN",
            Some("this version was made before, with another content"),
        ),
        NotRevised::Changed(_) => fail(
            ExitCode::Conflict,
            "TRIB-REVISE-CHANGED",
            Some("look at the file and run this again"),
        ),
        NotRevised::Journal(e) => fail(
            ExitCode::Invalid,
            e.code(),
            Some(
                "the new version is written, but the journal does not tell of it; `tribunal verify` does that",
            ),
        ),
    }
}

fn tell(outcome: &mut Outcome, error: &ReviseError) {
    let exit = match &error.why {
        Why::Mismatch { .. } => ExitCode::Bug,
        Why::Unanswered { .. } => ExitCode::Waiting,
        Why::Undecided { .. } => ExitCode::Inconclusive,
        _ => ExitCode::Invalid,
    };
    outcome.fail(
        exit,
        error.code(),
        &error.to_string(),
        error.help().as_deref(),
    );
}
