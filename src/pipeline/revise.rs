//! `revise`: a workflow file and a critique of exactly this version become the next version. Nothing is written unless all of
//! it can be; the file first, then the journal, so that the journal never speaks of what is not there.

use std::path::{Path, PathBuf};

use super::answer::{self, AnswerError, Question};
use super::load::{LoadError, Loaded, LoadedKind, load};
use super::project::Project;
use super::record::journal;
use super::store::{Folder, StoreError};
use super::verify::digest;
use crate::audit::{LifeCycle, judge};
use crate::check::CheckedWorkflow;
use crate::critique::{AdmitError, Case, Target, admit};
use crate::finding::critique::{Change, CriticDecision, Critique, FORMAT};
use crate::gate::StoredReport;
use crate::gate::event::{Event, Identity, Seat, What};
use crate::gate::stored::REPORT_FILE;
use crate::host::clock::Timestamp;
use crate::host::files::{FileError, read_text_capped, write_atomic};
use crate::host::user;
use crate::ir::{Digest, SourceId};
use crate::journal::{Durability, Journal, JournalError, Stream};
use crate::protocol::GO_ON;
use crate::revise::{Answers, ReviseError, Revised, apply_to};
use crate::syntax::limits;

const REPORT_BYTES: u64 = 64 * 1024 * 1024;

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Revise<'a> {
    /// The workflow file.
    pub file: &'a Path,
    /// The critique.
    pub with: &'a Path,
    /// Where the new version goes; into the file itself if absent.
    pub out: Option<&'a Path>,
    /// The project.
    pub project: Option<&'a Project>,
    /// Whether a person runs this, not an agent.
    pub person: bool,
    /// When.
    pub now: Timestamp,
}

/// What became of it.
#[derive(Debug)]
pub enum Revision {
    /// The critic asks for no change.
    Nothing(Critique),
    /// The critic gives this version up.
    Rejected(Critique),
    /// People have to answer first; nothing was written.
    Waiting {
        /// What asks.
        critique: Critique,
        /// What is asked.
        open: Vec<Question>,
        /// Whether `answer` finds the questions in the project without being told where.
        kept: bool,
    },
    /// The next version was written.
    Done(Box<Done>),
}

/// A new version that was written.
#[derive(Debug)]
pub struct Done {
    /// What it answers.
    pub critique: Critique,
    /// The file as it was.
    pub before: Loaded,
    /// The new version.
    pub revised: Revised,
    /// Its digest.
    pub digest: Digest,
    /// Where it is.
    pub path: PathBuf,
    /// Whether the project's journal tells of it.
    pub told: bool,
}

/// Why there is no new version.
#[derive(Debug, thiserror::Error)]
pub enum NotRevised {
    /// The workflow file has errors.
    #[error("the workflow has errors")]
    Load(Box<LoadError>),
    /// The file is a policy.
    #[error("a policy is revised by hand")]
    Policy,
    /// The critique is about something else: what differs, one sentence each.
    #[error("the critique is not about this version: {}", .0.join("; "))]
    Stale(Vec<String>),
    /// The critique says of the report what is not so.
    #[error("the critique is not to be believed")]
    NotAdmitted(Vec<AdmitError>),
    /// The report that the project keeps cannot be read.
    #[error("{path}: {why}")]
    Report {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// The agents have had their rounds.
    #[error("a person has to say first that the agents may go on: {0}")]
    Life(String),
    /// The changes cannot be carried out.
    #[error("the changes cannot be carried out")]
    Changes(Vec<ReviseError>),
    /// The critique, or what people answered, cannot be read.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The next version is there already, with another content.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody changed the file meanwhile.
    #[error("{0} was changed while it was being revised")]
    Changed(String),
    /// The journal cannot be added to; the file is written.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Makes the next version.
///
/// # Errors
/// See [`NotRevised`].
pub fn revise(options: &Revise<'_>) -> Result<Revision, NotRevised> {
    let loaded = load(options.file).map_err(|e| NotRevised::Load(Box::new(e)))?;
    let LoadedKind::Workflow(checked) = &loaded.kind else {
        return Err(NotRevised::Policy);
    };
    let critique = answer::read_critique(options.with)?;
    let own = answer::own_digest(&critique)?;
    let differs = differences(&critique, checked);
    if !differs.is_empty() {
        return Err(NotRevised::Stale(differs));
    }
    if let Some(project) = options.project {
        admitted(&critique, checked, project)?;
    }
    match critique.decision {
        CriticDecision::Accept => return Ok(Revision::Nothing(critique)),
        CriticDecision::Reject => return Ok(Revision::Rejected(critique)),
        CriticDecision::Revise => {}
    }
    let answers = match options.project {
        Some(project) => answer::answers(project, &critique)?,
        None => Answers::new(),
    };
    let open = open_questions(&critique, own, &answers);
    if !open.is_empty() {
        let kept = match options.project {
            Some(project) => answer::of_workflow(project, &critique.workflow)?
                .iter()
                .any(|q| q.critique == Some(own)),
            None => false,
        };
        return Ok(Revision::Waiting {
            critique,
            open,
            kept,
        });
    }
    let text = loaded
        .sources
        .get(SourceId(0))
        .map_or("", |f| f.text.as_str());
    let refined = checked
        .refinement
        .as_ref()
        .map(|r| (r.refined.clone(), digest(&r.refined)));
    let revised = apply_to(text, refined, &critique.recommended_changes, &answers)
        .map_err(NotRevised::Changes)?;
    let new = digest(&revised.checked);
    let (id, version) = (revised.checked.ir.id.value.as_str(), revised.version());
    if let Some(project) = options.project {
        Folder::free(
            &project.workflows(),
            id,
            version,
            &new.to_string(),
            &revised.text,
        )?;
    }
    let path = options.out.unwrap_or(options.file);
    let cap = u64::try_from(limits::FILE_BYTES).unwrap_or(u64::MAX);
    if read_text_capped(options.file, cap)? != text {
        return Err(NotRevised::Changed(options.file.display().to_string()));
    }
    let told = match options.project {
        Some(project) => {
            let journal = journal(project, id);
            let event = proposal(&revised, new, own);
            let said = criticised(&critique, own);
            go_on(&journal, &said, &event, options)?;
            write_atomic(path, revised.text.as_bytes())?;
            tell(&journal, event, options.now)?;
            true
        }
        None => {
            write_atomic(path, revised.text.as_bytes())?;
            false
        }
    };
    let path = path.to_path_buf();
    Ok(Revision::Done(Box::new(Done {
        critique,
        revised,
        digest: new,
        path,
        told,
        before: loaded,
    })))
}

/// What of the critique's address is not what is at hand.
fn differences(critique: &Critique, checked: &CheckedWorkflow) -> Vec<String> {
    let (id, version) = (checked.ir.id.value.as_str(), checked.ir.version.value);
    let mut found = Vec::new();
    if critique.format != FORMAT {
        found.push(format!(
            "it has the format {}, not {FORMAT}",
            critique.format
        ));
    }
    if critique.workflow != id {
        found.push(format!(
            "it is about the workflow `{}`, not `{id}`",
            critique.workflow
        ));
    }
    if critique.target_version != version {
        found.push(format!(
            "it is about version {}, not {version}",
            critique.target_version
        ));
    }
    let here = digest(checked);
    if critique.digest != here {
        found.push(format!(
            "it is about the digest {}, and the file's is {here}",
            critique.digest
        ));
    }
    found
}

/// Whether the critique may be believed, where the project keeps a report of exactly this content: it is about that report,
/// names only what is there, and lowers nothing. Without such a report only its address can be checked.
fn admitted(
    critique: &Critique,
    checked: &CheckedWorkflow,
    project: &Project,
) -> Result<(), NotRevised> {
    let (id, version) = (checked.ir.id.value.as_str(), checked.ir.version.value);
    let folder = project.workflows().join(id).join(format!("v{version}"));
    let path = folder.join(REPORT_FILE);
    if !path.exists() {
        return Ok(());
    }
    let unreadable = |why: String| NotRevised::Report {
        path: path.display().to_string(),
        why,
    };
    let text = read_text_capped(&path, REPORT_BYTES)?;
    let report: StoredReport =
        serde_json::from_str(&text).map_err(|e| unreadable(e.to_string()))?;
    let here = digest(checked);
    if report.data.digest != here.to_string() {
        return Ok(());
    }
    let target = Target {
        workflow: id.to_owned(),
        version,
        digest: here,
        report: report.digest(),
    };
    if critique.report != target.report {
        return Err(NotRevised::Stale(vec![format!(
            "it is about the report {}, and the one kept is {}",
            critique.report, target.report
        )]));
    }
    let cases = Case::stored(&report.findings).map_err(|e| unreadable(e.to_string()))?;
    admit(critique, &target, &cases, checked).map_err(NotRevised::NotAdmitted)?;
    Ok(())
}

fn open_questions(critique: &Critique, own: Digest, answers: &Answers) -> Vec<Question> {
    let changes = critique.recommended_changes.iter().map(|c| &c.change);
    changes
        .filter_map(|change| match change {
            Change::AskHuman {
                id,
                question,
                options,
            } if !answers.contains_key(id) => Some(Question {
                workflow: critique.workflow.clone(),
                version: critique.target_version,
                digest: critique.digest,
                critique: Some(own),
                id: id.clone(),
                text: question.clone(),
                options: options
                    .iter()
                    .map(|o| (o.id.clone(), o.text.clone()))
                    .collect(),
                answered: None,
            }),
            _ => None,
        })
        .collect()
}

/// Why nothing is told.
enum Stop {
    Known,
    Failed(JournalError),
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::Failed(error)
    }
}

/// That the rules proposed this version.
fn proposal(revised: &Revised, digest: Digest, critique: Digest) -> Event {
    Event {
        workflow: revised.checked.ir.id.value.to_string(),
        version: revised.version(),
        digest,
        by: Identity::Seat {
            seat: Seat::Planner,
            by: "rules".to_owned(),
        },
        what: What::Proposed {
            from: Some(revised.from),
            critique: Some(critique),
        },
    }
}

/// That the critic has spoken.
fn criticised(critique: &Critique, own: Digest) -> Event {
    Event {
        workflow: critique.workflow.clone(),
        version: critique.target_version,
        digest: critique.digest,
        by: Identity::Seat {
            seat: Seat::Critic,
            by: critique.critic.clone(),
        },
        what: What::Critiqued {
            report: critique.report,
            critique: own,
            decision: critique.decision,
        },
    }
}

/// The verified life cycle allows three revisions before a person says that the agents may go on. A person who runs this
/// says so, and the journal is told; an agent is refused.
fn go_on(
    journal: &Journal,
    said: &Event,
    event: &Event,
    options: &Revise<'_>,
) -> Result<(), NotRevised> {
    let cycle = LifeCycle::embedded().map_err(|e| NotRevised::Life(e.to_string()))?;
    let stream = journal.read::<Event>()?;
    let told = |event: &Event| stream.entries.iter().any(|e| e.body == *event);
    let known = told(event);
    let mut life = judge(&stream, &cycle, Some(&event.workflow)).life;
    // A critique that somebody brings along was never told; whoever reads the journal should know what was answered.
    if !known
        && !told(said)
        && let Ok(after) = life.after(said)
    {
        journal.append(said, options.now, Durability::Ordinary)?;
        life = after;
    }
    let Err(refusal) = life.allows(event) else {
        return Ok(());
    };
    // The agents stop, and the person who runs this lets them go on.
    let stop = Event {
        what: What::Escalated {
            reason: "the agents have had their three revisions".to_owned(),
        },
        ..said.clone()
    };
    let answer = Event {
        by: Identity::Person { user: user::name() },
        what: What::Answered {
            critique: None,
            question: "rounds".to_owned(),
            option: GO_ON.to_owned(),
        },
        ..said.clone()
    };
    let helps = life
        .after(&stop)
        .and_then(|life| life.after(&answer))
        .is_ok_and(|life| life.allows(event).is_ok());
    match (known || !helps, options.person) {
        // What is not about rounds is for `audit` to tell; the version itself is as good as any other.
        (true, _) => Ok(()),
        (false, true) => {
            journal.append(&stop, options.now, Durability::Ordinary)?;
            journal.append(&answer, options.now, Durability::Decision)?;
            Ok(())
        }
        (false, false) => Err(NotRevised::Life(refusal.to_string())),
    }
}

/// Tells the journal that the rules proposed this version, unless it knows.
fn tell(journal: &Journal, event: Event, now: Timestamp) -> Result<(), JournalError> {
    let added = journal.append_if(now, Durability::Ordinary, |stream: &Stream<Event>| {
        let known = stream.entries.iter().map(|e| &e.body).any(|e| {
            e.version == event.version
                && e.digest == event.digest
                && matches!(e.what, What::Proposed { .. })
        });
        if known { Err(Stop::Known) } else { Ok(event) }
    });
    match added {
        Ok(_) | Err(Stop::Known) => Ok(()),
        Err(Stop::Failed(error)) => Err(error),
    }
}
