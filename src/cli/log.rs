//! `tribunal log [FILE|ID]`: what happened to a workflow, oldest first. Judges nothing; `audit` does.

use std::path::PathBuf;

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::audit::{collect, counted, tell_journal};
use super::exit_code::ExitCode;
use super::log_messages::{self, Wanted};
use super::outcome::Outcome;
use super::screen::Screen;
use crate::finding::critique::CriticDecision;
use crate::gate::event::{ApprovalForm, Event, Identity, Seat, What};
use crate::ir::Digest;
use crate::journal::{Entry, Journal, Stream, Torn};
use crate::pipeline::journals::{self, Place};
use crate::report::plain;
use crate::report::render::human::Paint;

/// Arguments of `log`.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// A workflow file, a workflow's id, or a journal; none means every workflow of this project.
    #[arg(value_name = "FILE|ID")]
    pub of: Option<PathBuf>,
    /// The messages of the loop instead of the events.
    #[arg(long)]
    pub messages: bool,
    /// Only what leads to this message, and what came of it: its name, or the end of it.
    #[arg(long, value_name = "MESSAGE", requires = "messages")]
    pub around: Option<String>,
    /// The messages as a Mermaid sequence diagram.
    #[arg(long, requires = "messages")]
    pub mermaid: bool,
}

/// `data` of `log`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogJson {
    /// Every journal, in the order of their files.
    pub journals: Vec<LoggedJson>,
}

/// One journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoggedJson {
    /// The file.
    pub journal: String,
    /// The workflow; null where the journal says nothing of one.
    pub workflow: Option<String>,
    /// Whether two branches were merged and no event has joined them since.
    pub forked: bool,
    /// What a killed writer left at the end.
    pub torn: Option<TornJson>,
    /// The events, every one after all it follows.
    pub events: Vec<EventJson>,
}

/// One event and its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventJson {
    /// Its line, the first being 1.
    pub line: usize,
    /// Its own name, a UUID of version 7.
    #[schemars(with = "String")]
    pub id: Uuid,
    /// When, by its writer's clock (RFC 3339, UTC).
    pub at: String,
    /// The hashes of the events it follows.
    pub parents: Vec<Digest>,
    /// Its own hash.
    pub hash: Digest,
    /// The event as the journal keeps it.
    pub event: Event,
}

/// The beginning of a line whose writer was killed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TornJson {
    /// The line, the first being 1.
    pub line: usize,
    /// How many bytes of it are there.
    pub bytes: usize,
}

impl From<Torn> for TornJson {
    fn from(torn: Torn) -> Self {
        Self {
            line: torn.line,
            bytes: torn.bytes,
        }
    }
}

impl TornJson {
    /// For people.
    pub(super) fn words(&self) -> String {
        format!(
            "line {} is torn ({}): its writer was killed, and it does not count; the next event sets it aside",
            self.line,
            counted(self.bytes, "byte")
        )
    }
}

/// Runs it.
#[must_use]
pub fn run(args: &LogArgs, screen: &Screen) -> Outcome {
    let mut outcome = Outcome::empty();
    let mut places: Vec<Place> = Vec::new();
    let found = match &args.of {
        Some(name) => journals::named(name),
        None => journals::all(),
    };
    collect(&mut places, &mut outcome, found, screen);
    if outcome.exit != ExitCode::Done {
        return outcome;
    }
    if args.messages {
        let wanted = Wanted {
            message: args.around.as_deref(),
            mermaid: args.mermaid,
        };
        return log_messages::run(&places, wanted);
    }
    let paint = Paint::new(&screen.stdout);
    let mut data = LogJson {
        journals: Vec::new(),
    };
    for place in &places {
        match Journal::at(&place.file).read::<Event>() {
            Ok(stream) => {
                if !outcome.text.is_empty() {
                    outcome.text.push('\n');
                }
                let journal = logged(place, stream);
                outcome.text.push_str(&shown(&journal, &paint));
                data.journals.push(journal);
            }
            Err(error) => tell_journal(&mut outcome, &error),
        }
    }
    if places.is_empty() {
        outcome.text.push_str("nothing is recorded yet\n");
    }
    outcome.data = serde_json::to_value(&data).ok();
    outcome
}

fn logged(place: &Place, stream: Stream<Event>) -> LoggedJson {
    let told = stream.entries.first().map(|e| e.body.workflow.clone());
    LoggedJson {
        journal: place.file.display().to_string(),
        workflow: place.workflow.clone().or(told),
        forked: stream.forked,
        torn: stream.torn.map(TornJson::from),
        events: stream.entries.into_iter().map(event).collect(),
    }
}

fn event(entry: Entry<Event>) -> EventJson {
    EventJson {
        line: entry.line,
        id: entry.id,
        at: entry.at.to_string(),
        parents: entry.parents,
        hash: entry.hash,
        event: entry.body,
    }
}

fn shown(journal: &LoggedJson, paint: &Paint) -> String {
    let name = journal.workflow.as_deref().unwrap_or("?");
    let mut text = format!(
        "{}  {}\n",
        paint.strong(&plain::line(name)),
        paint.dim(&plain::line(&journal.journal))
    );
    let wide = |texts: Vec<String>| texts.iter().map(|t| t.chars().count()).max().unwrap_or(0);
    let people = wide(journal.events.iter().map(|e| who(&e.event.by)).collect());
    let versions = wide(
        journal
            .events
            .iter()
            .map(|e| e.event.version.to_string())
            .collect(),
    );
    for e in &journal.events {
        let time = e.at.get(..19).unwrap_or(&e.at).replace('T', " ");
        let line = format!(
            "{}  {} {}  {}  {}  {}",
            paint.dim(&time),
            format_args!("{:<1$}", format!("v{}", e.event.version), versions + 1),
            paint.dim(&short(&e.event.digest)),
            format_args!("{:<people$}", who(&e.event.by)),
            paint.cyan(&format!("{:<WORDS$}", e.event.what.word())),
            plain::line(&detail(&e.event.what)),
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if journal.forked {
        text.push_str("forked: two branches were merged; the next event joins them\n");
    }
    if let Some(torn) = &journal.torn {
        text.push_str(&torn.words());
        text.push('\n');
    }
    text
}

/// Columns of the longest word of an event.
const WORDS: usize = 12;

/// The first eight digits.
fn short(digest: &Digest) -> String {
    digest.to_string().chars().take(8).collect()
}

/// Who it was, in one line.
pub(super) fn who(by: &Identity) -> String {
    let text = match by {
        Identity::Person { user } => user.clone(),
        Identity::Key { principal, .. } => format!("{principal} (key)"),
        Identity::Seat { seat, by } => {
            let seat = match seat {
                Seat::Planner => "planner",
                Seat::Verifier => "verifier",
                Seat::Critic => "critic",
                Seat::Executor => "executor",
            };
            format!("{seat} ({by})")
        }
    };
    plain::line(&text).into_owned()
}

/// What an event says besides its word.
fn detail(what: &What) -> String {
    match what {
        What::Proposed { from, critique } => {
            let from = from.map(|v| format!("from v{v}"));
            let critique = critique.map(|c| format!("answers the critique {}", short(&c)));
            let parts: Vec<String> = from.into_iter().chain(critique).collect();
            parts.join(", ")
        }
        What::Verified {
            report,
            blocking,
            warning,
            open_obligations,
            complete,
        } => {
            let n = |n: &u32| usize::try_from(*n).unwrap_or(usize::MAX);
            format!(
                "{blocking} blocking, {}, {}{}; report {}",
                counted(n(warning), "warning"),
                counted(n(open_obligations), "open obligation"),
                if *complete {
                    ""
                } else {
                    ", a needed answer is missing"
                },
                short(report)
            )
        }
        What::Critiqued {
            report,
            critique,
            decision,
        } => {
            let decision = match decision {
                CriticDecision::Revise => "revise",
                CriticDecision::Accept => "accept",
                CriticDecision::Reject => "reject",
            };
            format!(
                "{decision}; critique {} of report {}",
                short(critique),
                short(report)
            )
        }
        What::Waived {
            finding, reason, ..
        } => format!("{finding}: {reason}"),
        What::Approved { form, approval, .. } => {
            let form = match form {
                ApprovalForm::ApprovedWithProof => "with proof",
                ApprovalForm::ApprovedWithWaiver => "with waiver",
            };
            format!("{form}; approval {}", short(approval))
        }
        What::Rejected { reason } | What::Revoked { reason } | What::Escalated { reason } => {
            reason.clone()
        }
        What::Answered {
            question, option, ..
        } => format!("{question}: {option}"),
        What::Begun { approval } => format!("under approval {}", short(approval)),
        What::TestsPassed {} | What::TestsFailed {} => String::new(),
    }
}
