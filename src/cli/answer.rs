//! `tribunal answer QUESTION OPTION`: a person's answer to a question of a critique or of the loop, for the journal.

use std::path::{Path, PathBuf};

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::Screen;
use super::verify::tell_project;
use crate::host::clock::Timestamp;
use crate::ir::Digest;
use crate::pipeline::answer::{
    AnswerError, Question, answer, choose, of_critique, of_workflow, read_critique, workflows,
};
use crate::pipeline::{LoadedKind, Project, load};
use crate::report::plain;

/// Arguments of `answer`.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// The question's name, or WORKFLOW/NAME.
    #[arg(value_name = "QUESTION")]
    pub question: String,
    /// The option's name.
    #[arg(value_name = "OPTION")]
    pub option: String,
    /// The workflow file the question is about.
    #[arg(value_name = "FILE", conflicts_with = "workflow")]
    pub file: Option<PathBuf>,
    /// The workflow it is about.
    #[arg(long, value_name = "ID")]
    pub workflow: Option<String>,
    /// A critique that the project does not keep.
    #[arg(long, value_name = "CRITIQUE")]
    pub with: Option<PathBuf>,
}

/// `data` of `answer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerJson {
    /// `workflow_id`.
    pub workflow: String,
    /// The version it is about.
    pub version: u32,
    /// The critique that asks; null where the loop asks.
    pub critique: Option<Digest>,
    /// The question's name.
    pub question: String,
    /// The option chosen.
    pub option: String,
    /// Whether the journal did not have this answer before.
    pub new: bool,
}

/// Refuses agents, and roles that may not do this.
pub(super) fn allowed(roles: &[&str], who: &str) -> Result<(), Box<Outcome>> {
    let refuse = |code, message: &str| {
        let help = format!("{who} does this, without SPEC_AGENT_ID and without another SPEC_ROLE");
        Err(Box::new(Outcome::failed(
            ExitCode::Refused,
            code,
            message,
            Some(&help),
        )))
    };
    let agent = std::env::var_os("SPEC_AGENT_ID").is_some_and(|v| !v.is_empty());
    let role = std::env::var_os("SPEC_ROLE").filter(|v| !v.is_empty());
    if agent && !roles.contains(&"planner") {
        return refuse(
            "TRIB-ANSWER-ROLE",
            "no agent answers for a person, and SPEC_AGENT_ID is set",
        );
    }
    match role {
        Some(role) if !roles.iter().any(|r| role == *r) => refuse(
            "TRIB-ANSWER-ROLE",
            "this is for another role than the one SPEC_ROLE says",
        ),
        Some(_) | None => Ok(()),
    }
}

/// Runs it.
#[must_use]
pub fn run(args: &AnswerArgs, screen: &Screen) -> Outcome {
    match steps(args, screen) {
        Ok(outcome) | Err(outcome) => *outcome,
    }
}

fn steps(args: &AnswerArgs, screen: &Screen) -> Result<Box<Outcome>, Box<Outcome>> {
    allowed(&["human"], "a person")?;
    let mut outcome = Box::new(Outcome::empty());
    let project = match Project::find(Path::new(".")) {
        Ok(Some(project)) => project,
        Ok(None) => {
            let help =
                "`tribunal init` makes this directory a project; answers are kept in its journal";
            outcome.fail(
                ExitCode::Invalid,
                "TRIB-ANSWER-PROJECT",
                "this is no project",
                Some(help),
            );
            return Err(outcome);
        }
        Err(error) => {
            tell_project(&mut outcome, &error, screen);
            return Err(outcome);
        }
    };
    let workflow = match &args.file {
        None => args.workflow.clone(),
        Some(file) => match load(file) {
            Ok(loaded) => match &loaded.kind {
                LoadedKind::Workflow(w) => Some(w.ir.id.value.to_string()),
                LoadedKind::Policy(..) => {
                    let message = "nobody asks anything about a policy";
                    outcome.fail(ExitCode::Usage, "TRIB-ANSWER-QUESTION", message, None);
                    return Err(outcome);
                }
            },
            Err(error) => {
                outcome.diagnostics(&error.sources, &error.diagnostics, screen);
                return Err(outcome);
            }
        },
    };
    let questions = questions(&project, workflow, args.with.as_deref());
    let chosen = questions.and_then(|all| choose(all, &args.question));
    let answered = chosen.and_then(|question| {
        let new = answer(&project, &question, &args.option, Timestamp::now())?;
        Ok((question, new))
    });
    match answered {
        Ok((question, new)) => {
            done(&mut outcome, &question, &args.option, new);
            Ok(outcome)
        }
        Err(error) => {
            refuse(&mut outcome, &error);
            Err(outcome)
        }
    }
}

fn questions(
    project: &Project,
    workflow: Option<String>,
    with: Option<&Path>,
) -> Result<Vec<Question>, AnswerError> {
    if let Some(path) = with {
        let mut all = of_critique(project, &read_critique(path)?)?;
        all.retain(|q| workflow.as_ref().is_none_or(|w| *w == q.workflow));
        return Ok(all);
    }
    let names = workflow.map_or_else(|| workflows(project), |one| vec![one]);
    let mut all = Vec::new();
    for name in names {
        all.extend(of_workflow(project, &name)?);
    }
    Ok(all)
}

fn done(outcome: &mut Outcome, question: &Question, option: &str, new: bool) {
    let word = if new { "answered" } else { "already answered" };
    outcome.text = format!(
        "{word}  {} = {}  ({} version {})\n",
        plain::line(&question.id),
        plain::line(option),
        plain::line(&question.workflow),
        question.version
    );
    let data = AnswerJson {
        workflow: question.workflow.clone(),
        version: question.version,
        critique: question.critique,
        question: question.id.clone(),
        option: option.to_owned(),
        new,
    };
    outcome.data = serde_json::to_value(data).ok();
}

/// Says why there is no answer.
pub(super) fn refuse(outcome: &mut Outcome, error: &AnswerError) {
    let message = error.to_string();
    let listed = |what: &str, all: &[String]| match all {
        [] => "nothing is asked".to_owned(),
        all => format!("{what}: {}", all.join(", ")),
    };
    let (exit, code, help) = match error {
        AnswerError::Critique { .. } => (
            ExitCode::Invalid,
            "TRIB-ANSWER-CRITIQUE",
            Some("`tribunal critique FILE` makes one".to_owned()),
        ),
        AnswerError::Journal(e) => (ExitCode::Invalid, e.code(), None),
        AnswerError::Mailbox(_) => (ExitCode::Invalid, "TRIB-ANSWER-MESSAGES", None),
        AnswerError::NoQuestion { open, .. } => (
            ExitCode::Usage,
            "TRIB-ANSWER-QUESTION",
            Some(listed("asked are", open)),
        ),
        AnswerError::Ambiguous { open, .. } => (
            ExitCode::Usage,
            "TRIB-ANSWER-AMBIGUOUS",
            Some(listed("say which", open)),
        ),
        AnswerError::NoOption { known, .. } => (
            ExitCode::Usage,
            "TRIB-ANSWER-OPTION",
            Some(listed("its options are", known)),
        ),
        AnswerError::Conflict { .. } => (
            ExitCode::Conflict,
            "TRIB-ANSWER-CONFLICT",
            Some("an answer stands until a new critique asks again".to_owned()),
        ),
    };
    outcome.fail(exit, code, &message, help.as_deref());
}
