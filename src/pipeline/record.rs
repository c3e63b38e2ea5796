//! Keeps what `verify` concludes: the report in the version's folder, and in a project the two events that the life cycle
//! needs. The report is written first, so that the journal never speaks of one that is not there.

use std::path::{Path, PathBuf};

use super::project::Project;
use super::store::{Folder, StoreError};
use crate::finding::{Engine, Severity};
use crate::gate::answers::ALWAYS_NEEDED;
use crate::gate::event::{Event, Identity, What};
use crate::gate::stored::REPORT_FILE;
use crate::gate::{Answers, StoredReport};
use crate::host::clock::Timestamp;
use crate::host::user;
use crate::ir::Digest;
use crate::journal::{Durability, Journal, JournalError, Stream};

/// The file in a version's folder that says where its workflow was read from.
pub const SOURCE_FILE: &str = "source";

/// Why a conclusion could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A file could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal cannot be read or added to.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The report cannot be written as JSON. A bug.
    #[error("the report cannot be written: {0}")]
    Report(#[from] serde_json::Error),
}

/// What was verified.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// `workflow_id`.
    pub workflow: &'a str,
    /// `version`.
    pub version: u32,
    /// Its digest.
    pub digest: Digest,
    /// The ids of all its properties.
    pub properties: &'a [String],
}

/// The journal of a workflow.
#[must_use]
pub fn journal(project: &Project, workflow: &str) -> Journal {
    Journal::at(project.workflows().join(workflow).join("journal.jsonl"))
}

/// The engines that a project needs.
#[must_use]
pub fn needed(project: &Project) -> Vec<Engine> {
    match &project.config.engines {
        Some(engines) if !engines.is_empty() => engines.iter().map(|e| (*e).into()).collect(),
        Some(_) | None => ALWAYS_NEEDED.to_vec(),
    }
}

/// A path as the project keeps it: relative to the project's directory where it lies below it.
#[must_use]
pub fn kept_path(project: &Project, path: &Path) -> PathBuf {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    real.strip_prefix(&project.root)
        .map_or_else(|_| real.clone(), Path::to_path_buf)
}

/// Writes the report into every folder.
///
/// # Errors
/// `Store`, `Report`.
pub fn report(folders: &[Folder], stored: &StoredReport) -> Result<(), RecordError> {
    let text = stored.text()?;
    for folder in folders {
        folder.write(REPORT_FILE, &text)?;
    }
    Ok(())
}

/// Tells a project's journal that this version is there, and what the engines answered, unless it knows both.
///
/// # Errors
/// `Journal`.
pub fn events(
    project: &Project,
    subject: Subject<'_>,
    stored: &StoredReport,
    now: Timestamp,
) -> Result<(), RecordError> {
    let journal = journal(project, subject.workflow);
    let proposed = What::Proposed {
        from: None,
        critique: None,
    };
    add(&journal, subject, proposed, now, |stream| {
        of_version(stream, subject).any(|e| matches!(e.what, What::Proposed { .. }))
    })?;
    let answers = Answers::of(
        &stored.data,
        &stored.findings,
        subject.properties,
        &needed(project),
    );
    let count = |severity: Severity| {
        let findings = stored.findings.iter().filter(|f| f.severity == severity);
        u32::try_from(findings.count()).unwrap_or(u32::MAX)
    };
    let digest = stored.digest();
    let verified = What::Verified {
        report: digest,
        blocking: count(Severity::Blocking),
        warning: count(Severity::Warning),
        open_obligations: u32::try_from(answers.open_obligations).unwrap_or(u32::MAX),
        complete: answers.complete,
    };
    add(&journal, subject, verified, now, |stream| {
        last_report(stream, subject) == Some(digest)
    })
}

fn of_version<'a>(
    stream: &'a Stream<Event>,
    subject: Subject<'a>,
) -> impl DoubleEndedIterator<Item = &'a Event> {
    let bodies = stream.entries.iter().map(|e| &e.body);
    bodies.filter(move |e| {
        e.workflow == subject.workflow && e.version == subject.version && e.digest == subject.digest
    })
}

fn last_report(stream: &Stream<Event>, subject: Subject<'_>) -> Option<Digest> {
    of_version(stream, subject)
        .rev()
        .find_map(|e| match e.what {
            What::Verified { report, .. } => Some(report),
            What::Proposed { .. }
            | What::Critiqued { .. }
            | What::Waived { .. }
            | What::Approved { .. }
            | What::Rejected { .. }
            | What::Revoked { .. }
            | What::Escalated { .. }
            | What::Answered { .. }
            | What::Begun { .. }
            | What::TestsPassed {}
            | What::TestsFailed {} => None,
        })
}

/// Why nothing was added.
enum Stopped {
    Known,
    Journal(JournalError),
}

impl From<JournalError> for Stopped {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

/// Adds an event of the person who runs this, unless `known` says that it is there.
fn add(
    journal: &Journal,
    subject: Subject<'_>,
    what: What,
    now: Timestamp,
    known: impl Fn(&Stream<Event>) -> bool,
) -> Result<(), RecordError> {
    // Without the lock first: where nothing is new nothing is written, and a project that cannot be written to can be read.
    if known(&journal.read()?) {
        return Ok(());
    }
    let event = Event {
        workflow: subject.workflow.to_owned(),
        version: subject.version,
        digest: subject.digest,
        by: Identity::Person { user: user::name() },
        what,
    };
    let added = journal.append_if(now, Durability::Ordinary, |stream| {
        if known(stream) {
            Err(Stopped::Known)
        } else {
            Ok(event)
        }
    });
    match added {
        Ok(_) | Err(Stopped::Known) => Ok(()),
        Err(Stopped::Journal(error)) => Err(error.into()),
    }
}
