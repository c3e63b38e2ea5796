//! `tribunal status`: where each workflow of the project stands, round by round, and what its rounds cost. A read.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exit_code::ExitCode;
use super::iterate::{RoundJson, round};
use super::iterate_text::table;
use super::outcome::Outcome;
use super::screen::Screen;
use super::verify::tell_project;
use crate::audit::{Life, LifeCycle};
use crate::gate::event::Event;
use crate::pipeline::iterate::{Desk, history};
use crate::pipeline::{Project, record};
use crate::protocol::{Mailbox, Seats, Spend};
use crate::report::plain;

/// `data` of `status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusJson {
    /// In the order of their names.
    pub workflows: Vec<WorkflowStatusJson>,
}

/// Where one workflow stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowStatusJson {
    /// `workflow_id`.
    pub workflow: String,
    /// The current version; 0 where there is none.
    pub version: u32,
    /// States of the life cycle that fit the journal; several where the journal does not tell them apart.
    pub stages: Vec<String>,
    /// Revisions since a person last took part.
    pub rounds_since_person: u32,
    /// The rounds of the loop; empty where it never ran.
    pub rounds: Vec<RoundJson>,
    /// What they cost.
    pub spend: Spend,
}

/// Runs it.
#[must_use]
pub fn run(screen: &Screen) -> Outcome {
    let mut outcome = Outcome::empty();
    let project = match Project::find(Path::new(".")) {
        Ok(Some(project)) => project,
        Ok(None) => {
            let help = "`tribunal init` makes this directory a project";
            return Outcome::failed(
                ExitCode::Invalid,
                "TRIB-STATUS-PROJECT",
                "this is no project",
                Some(help),
            );
        }
        Err(error) => {
            tell_project(&mut outcome, &error, screen);
            return outcome;
        }
    };
    let mut names: Vec<String> = std::fs::read_dir(project.workflows())
        .map(|all| {
            all.filter_map(Result::ok)
                .filter(|e| e.path().is_dir())
                .filter_map(|e| e.file_name().into_string().ok())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    let mut all = Vec::new();
    for name in names {
        match one(&project, &name, &mut outcome.text) {
            Ok(status) => all.push(status),
            Err(why) => outcome.fail(
                ExitCode::Invalid,
                "TRIB-ITERATE-LOG",
                &format!("{name}: {why}"),
                Some("`tribunal audit` says more"),
            ),
        }
    }
    if all.is_empty() && outcome.exit == ExitCode::Done {
        outcome.text.push_str("no workflow was verified here yet\n");
    }
    outcome.data = serde_json::to_value(StatusJson { workflows: all }).ok();
    outcome
}

fn one(project: &Project, name: &str, text: &mut String) -> Result<WorkflowStatusJson, String> {
    let desk = Desk {
        project,
        workflow: name.to_owned(),
    };
    let journal = record::journal(project, name)
        .read::<Event>()
        .map_err(|e| e.to_string())?;
    let cycle = LifeCycle::embedded().map_err(|e| e.to_string())?;
    let mut life = Life::new(cycle);
    for entry in &journal.entries {
        life = life.after(&entry.body).map_err(|e| e.to_string())?;
    }
    let log = Mailbox::at(desk.messages(), Seats::new())
        .read()
        .map_err(|e| e.to_string())?;
    let rounds = history::rounds(&log.exchange);
    let spend = history::total(&log.exchange);
    let stages: Vec<String> = life.stages().iter().map(|s| s.name().to_owned()).collect();
    let version = life.current().map_or(0, |(version, _)| version);
    text.push_str(&format!(
        "{}  version {version}: {}\n",
        plain::line(name),
        stages.join(" or ")
    ));
    if !rounds.is_empty() {
        table(text, &rounds, &spend);
    }
    Ok(WorkflowStatusJson {
        workflow: name.to_owned(),
        version,
        stages,
        rounds_since_person: life.rounds(),
        rounds: rounds.iter().map(round).collect(),
        spend,
    })
}
