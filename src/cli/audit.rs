//! `tribunal audit [PATH...]`: whether what the journals say happened may have happened.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exit_code::ExitCode;
use super::log::{TornJson, who};
use super::outcome::Outcome;
use super::screen::Screen;
use super::verify::tell_project;
use crate::audit::{Conflict, Fault, Judgement, LifeCycle, Mention, judge};
use crate::gate::event::{Event, Identity};
use crate::ir::Digest;
use crate::journal::{Journal, JournalError, Stream};
use crate::pipeline::journals::{self, NoJournals, Place};
use crate::report::plain;
use crate::report::render::human::Paint;

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Projects, directories, journals or workflow files; none means this project.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// `data` of `audit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditJson {
    /// Every journal, in the order of their files.
    pub journals: Vec<AuditedJson>,
}

/// One journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditedJson {
    /// The file.
    pub journal: String,
    /// The workflow; null where the journal says nothing of one.
    pub workflow: Option<String>,
    /// Whether every line is as it was written and none is missing. Null in what follows where not.
    pub sound: bool,
    /// How many events there are.
    pub events: Option<usize>,
    /// Whether two branches were merged and no event has joined them since.
    pub forked: Option<bool>,
    /// What a killed writer left at the end.
    pub torn: Option<TornJson>,
    /// The current version.
    pub version: Option<u32>,
    /// Its digest.
    pub digest: Option<Digest>,
    /// Where it is in the model of the life cycle: one state, or those that the events leave open.
    pub states: Vec<String>,
    /// Events that the life cycle does not allow.
    pub faults: Vec<FaultJson>,
    /// Decisions on one subject that two branches made without knowing of each other.
    pub conflicts: Vec<ConflictJson>,
}

/// An event, as it is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MentionJson {
    /// Its line, the first being 1.
    pub line: usize,
    /// Its hash.
    pub hash: Digest,
    /// When.
    pub at: String,
    /// Who.
    pub by: Identity,
    /// Its word, as in the journal.
    pub event: String,
    /// The version it is about.
    pub version: u32,
}

/// An event that the life cycle does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultJson {
    /// The event.
    pub event: MentionJson,
    /// The transition of the model that it would be.
    pub transition: String,
    /// Why it is not allowed.
    pub why: String,
}

/// Two decisions that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConflictJson {
    /// The version that both are about.
    pub version: u32,
    /// The one that comes first in the journal's order.
    pub first: MentionJson,
    /// The other.
    pub second: MentionJson,
}

/// Runs it.
#[must_use]
pub fn run(args: &AuditArgs, screen: &Screen) -> Outcome {
    let mut outcome = Outcome::empty();
    let mut places: Vec<Place> = Vec::new();
    if args.paths.is_empty() {
        collect(&mut places, &mut outcome, journals::all(), screen);
    }
    for path in &args.paths {
        collect(&mut places, &mut outcome, journals::named(path), screen);
    }
    if outcome.exit != ExitCode::Done {
        return outcome;
    }
    let cycle = match LifeCycle::embedded() {
        Ok(cycle) => cycle,
        Err(error) => {
            return Outcome::failed(ExitCode::Bug, "TRIB-BUG", &error.to_string(), None);
        }
    };
    let paint = Paint::new(&screen.stdout);
    let mut data = AuditJson {
        journals: Vec::new(),
    };
    for place in &places {
        let read = Journal::at(&place.file).read::<Event>();
        match read {
            Ok(stream) => {
                let judged = judge(&stream, &cycle, place.workflow.as_deref());
                tell(&mut outcome, place, &judged);
                let journal = audited(place, &stream, &judged);
                outcome.text.push_str(&shown(&journal, &paint));
                data.journals.push(journal);
            }
            Err(error) => {
                tell_journal(&mut outcome, &error);
                data.journals.push(unsound(place));
            }
        }
    }
    outcome.text.push_str(&conclusion(&data));
    outcome.data = serde_json::to_value(&data).ok();
    outcome
}

/// Adds the journals that were found, or says why none were.
pub(super) fn collect(
    places: &mut Vec<Place>,
    outcome: &mut Outcome,
    found: Result<Vec<Place>, NoJournals>,
    screen: &Screen,
) {
    match found {
        Ok(more) => {
            places.extend(more);
            places.sort();
            places.dedup();
        }
        Err(NoJournals::Project(error)) => tell_project(outcome, &error, screen),
        Err(NoJournals::File(error)) => {
            outcome.diagnostics(&error.sources, &error.diagnostics, screen);
        }
        Err(
            error @ (NoJournals::NoProject
            | NoJournals::Unknown { .. }
            | NoJournals::Policy(_)
            | NoJournals::Io(_)),
        ) => outcome.fail(
            ExitCode::Invalid,
            "TRIB-JOURNAL-NONE",
            &error.to_string(),
            Some("`tribunal init` makes a project; `tribunal verify FILE` makes a workflow known to it"),
        ),
    }
}

/// A journal that cannot be believed.
pub(super) fn tell_journal(outcome: &mut Outcome, error: &JournalError) {
    let help = format!("`tribunal explain {}` says what to do", error.code());
    outcome.fail(
        ExitCode::Invalid,
        error.code(),
        &error.to_string(),
        Some(&help),
    );
}

fn tell(outcome: &mut Outcome, place: &Place, judged: &Judgement) {
    let file = place.file.display();
    for Fault { event, refusal } in &judged.faults {
        let message = format!("{file}, {}: {refusal}", named(event));
        outcome.fail(ExitCode::Shut, "TRIB-AUDIT-STEP", &message, None);
    }
    for Conflict {
        version,
        first,
        second,
    } in &judged.conflicts
    {
        let word = |m: &Mention| format!("`{}` ({})", m.event.what.word(), named(m));
        let message = format!(
            "{file}: two branches decided on version {version} without knowing of each other: {} and {}",
            word(first),
            word(second)
        );
        let help = "decide again, or raise `version:`: a later decision settles it";
        outcome.fail(
            ExitCode::Conflict,
            "TRIB-AUDIT-CONFLICT",
            &message,
            Some(help),
        );
    }
}

/// An event by its line, its time and its author.
fn named(mention: &Mention) -> String {
    format!(
        "line {}, {} by {}",
        mention.line,
        mention.at,
        who(&mention.event.by)
    )
}

fn mention(of: &Mention) -> MentionJson {
    MentionJson {
        line: of.line,
        hash: of.hash,
        at: of.at.to_string(),
        by: of.event.by.clone(),
        event: of.event.what.word().to_owned(),
        version: of.event.version,
    }
}

fn unsound(place: &Place) -> AuditedJson {
    AuditedJson {
        journal: place.file.display().to_string(),
        workflow: place.workflow.clone(),
        sound: false,
        events: None,
        forked: None,
        torn: None,
        version: None,
        digest: None,
        states: Vec::new(),
        faults: Vec::new(),
        conflicts: Vec::new(),
    }
}

fn audited(place: &Place, stream: &Stream<Event>, judged: &Judgement) -> AuditedJson {
    let current = judged.life.current();
    let told = stream.entries.first().map(|e| e.body.workflow.clone());
    AuditedJson {
        workflow: place.workflow.clone().or(told),
        sound: true,
        events: Some(stream.entries.len()),
        forked: Some(stream.forked),
        torn: stream.torn.map(TornJson::from),
        version: current.map(|(version, _)| version),
        digest: current.map(|(_, digest)| digest),
        states: judged
            .life
            .stages()
            .iter()
            .map(|s| s.name().to_owned())
            .collect(),
        faults: judged
            .faults
            .iter()
            .map(|f| FaultJson {
                event: mention(&f.event),
                transition: f.refusal.transition.to_owned(),
                why: f.refusal.why.to_string(),
            })
            .collect(),
        conflicts: judged
            .conflicts
            .iter()
            .map(|c| ConflictJson {
                version: c.version,
                first: mention(&c.first),
                second: mention(&c.second),
            })
            .collect(),
        ..unsound(place)
    }
}

fn shown(journal: &AuditedJson, paint: &Paint) -> String {
    let name = journal.workflow.as_deref().unwrap_or("?");
    let mut text = format!(
        "{}  {}\n",
        paint.strong(&plain::line(name)),
        paint.dim(&plain::line(&journal.journal))
    );
    let events = journal.events.unwrap_or(0);
    let mut line = format!("    {}", counted(events, "event"));
    if let Some(version) = journal.version {
        let _ = write!(line, "; version {version}: {}", journal.states.join(" or "));
    }
    text.push_str(&line);
    text.push('\n');
    if journal.forked == Some(true) {
        text.push_str("    forked: two branches were merged; the next event joins them\n");
    }
    if let Some(torn) = &journal.torn {
        let _ = writeln!(text, "    {}", torn.words());
    }
    text
}

fn conclusion(data: &AuditJson) -> String {
    let all = &data.journals;
    if all.is_empty() {
        return "nothing to audit: there is no journal yet\n".to_owned();
    }
    let broken = all.iter().filter(|j| !j.sound).count();
    let faults: usize = all.iter().map(|j| j.faults.len()).sum();
    let conflicts: usize = all.iter().map(|j| j.conflicts.len()).sum();
    let mut parts = Vec::new();
    if broken > 0 {
        parts.push(format!("{broken} broken"));
    }
    if faults > 0 {
        parts.push(format!("{} not allowed", counted(faults, "step")));
    }
    if conflicts > 0 {
        parts.push(counted(conflicts, "conflict"));
    }
    if parts.is_empty() {
        parts.push("every line as it was written, every step allowed".to_owned());
    }
    let audited = counted(all.len(), "journal");
    format!("\n{audited} audited: {}\n", parts.join(", "))
}

/// `1 event`, `2 events`.
pub(super) fn counted(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}
