//! `answer`: the questions that wait for a person, of critiques and of the loop, and what people answered, in the journal.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::critique::CRITIQUE_FILE;
use super::iterate::desk::Desk;
use super::project::Project;
use super::record::journal;
use crate::finding::critique::{Change, Critique};
use crate::gate::event::{Event, Identity, What};
use crate::host::clock::Timestamp;
use crate::host::files::read_text_capped;
use crate::host::user;
use crate::ir::{Digest, Name};
use crate::journal::{Durability, JournalError, Stream};
use crate::protocol::{Kind, Mailbox, MailboxError, Payload, Seats};
use crate::revise::Answers;

const CRITIQUE_BYTES: u64 = 16 * 1024 * 1024;

/// A question to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// `workflow_id`.
    pub workflow: String,
    /// `version`.
    pub version: u32,
    /// The digest of that version.
    pub digest: Digest,
    /// The critique that asks; `None` for an escalation of the loop.
    pub critique: Option<Digest>,
    /// Its name.
    pub id: String,
    /// In plain words.
    pub text: String,
    /// The names of the options, and what they say.
    pub options: Vec<(String, String)>,
    /// What was answered.
    pub answered: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// A critique cannot be read.
    #[error("{path}: {why}")]
    Critique {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// A journal cannot be read or added to.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The loop's messages cannot be read.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// Nobody asks this.
    #[error("nobody asks `{asked}`")]
    NoQuestion {
        /// The name.
        asked: String,
        /// What is asked, qualified by the workflow.
        open: Vec<String>,
    },
    /// Several workflows ask this.
    #[error("several workflows ask `{asked}`")]
    Ambiguous {
        /// The name.
        asked: String,
        /// Which, qualified by the workflow.
        open: Vec<String>,
    },
    /// The question has no such option.
    #[error("`{question}` has no option `{option}`")]
    NoOption {
        /// The question.
        question: String,
        /// The option.
        option: String,
        /// Its options.
        known: Vec<String>,
    },
    /// It was answered in another way.
    #[error("`{question}` was answered with `{answered}` already")]
    Conflict {
        /// The question.
        question: String,
        /// The answer there is.
        answered: String,
    },
}

/// Reads a critique. Whether it may be believed is another question.
///
/// # Errors
/// `Critique`.
pub fn read_critique(path: &Path) -> Result<Critique, AnswerError> {
    let wrong = |why: String| AnswerError::Critique {
        path: path.display().to_string(),
        why,
    };
    let text = read_text_capped(path, CRITIQUE_BYTES).map_err(|e| wrong(e.to_string()))?;
    serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))
}

/// The digest of a critique as journals name it.
///
/// # Errors
/// `Critique`; none that can occur.
pub fn own_digest(critique: &Critique) -> Result<Digest, AnswerError> {
    critique.own_digest().map_err(|e| AnswerError::Critique {
        path: critique.workflow.clone(),
        why: e.to_string(),
    })
}

/// What was answered to the questions of one critique. Two different answers to one question, as a merge of two journals
/// leaves them, are a conflict.
///
/// # Errors
/// `Journal`, `Conflict`.
pub fn answers(project: &Project, critique: &Critique) -> Result<Answers, AnswerError> {
    let stream = journal(project, &critique.workflow).read::<Event>()?;
    let own = own_digest(critique)?;
    let mut answers = Answers::new();
    for change in &critique.recommended_changes {
        if let Change::AskHuman { id, .. } = &change.change
            && let Some(option) = answered(&stream, critique.digest, Some(own), id)?
        {
            answers.insert(id.clone(), option);
        }
    }
    Ok(answers)
}

fn answered(
    stream: &Stream<Event>,
    of: Digest,
    by: Option<Digest>,
    id: &str,
) -> Result<Option<String>, AnswerError> {
    let mut found: Option<&String> = None;
    for event in stream
        .entries
        .iter()
        .map(|e| &e.body)
        .filter(|e| e.digest == of)
    {
        if let What::Answered {
            critique,
            question,
            option,
        } = &event.what
            && *critique == by
            && question == id
        {
            if found.is_some_and(|known| known != option) {
                return Err(AnswerError::Conflict {
                    question: id.to_owned(),
                    answered: format!("{} and {option}", found.map_or("", String::as_str)),
                });
            }
            found = Some(option);
        }
    }
    Ok(found.cloned())
}

/// The questions of one critique.
///
/// # Errors
/// `Journal`, `Conflict`.
pub fn of_critique(project: &Project, critique: &Critique) -> Result<Vec<Question>, AnswerError> {
    let (own, given) = (own_digest(critique)?, answers(project, critique)?);
    let ask = |change: &Change| match change {
        Change::AskHuman {
            id,
            question,
            options,
        } => Some(Question {
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
            answered: given.get(id).cloned(),
        }),
        _ => None,
    };
    let changes = &critique.recommended_changes;
    Ok(changes.iter().filter_map(|c| ask(&c.change)).collect())
}

/// The questions of a workflow's newest version in a project: those of its critique, and where the loop stopped.
///
/// # Errors
/// See [`AnswerError`].
pub fn of_workflow(project: &Project, workflow: &str) -> Result<Vec<Question>, AnswerError> {
    let folder = project.workflows().join(workflow);
    let mut questions = Vec::new();
    if let Some(path) = newest_critique(&folder) {
        let critique = read_critique(&path)?;
        if critique.workflow == workflow {
            questions.extend(of_critique(project, &critique)?);
        }
    }
    questions.extend(of_loop(project, workflow)?);
    Ok(questions)
}

/// Where the loop stopped and a person is to say whether it may go on.
fn of_loop(project: &Project, workflow: &str) -> Result<Vec<Question>, AnswerError> {
    let desk = Desk {
        project,
        workflow: workflow.to_owned(),
    };
    if !desk.messages().exists() {
        return Ok(Vec::new());
    }
    let log = Mailbox::at(desk.messages(), Seats::default()).read()?;
    let stream = journal(project, workflow).read::<Event>()?;
    let mut questions = Vec::new();
    for message in log.exchange.counting() {
        let text = match &message.payload {
            Payload::Escalation { reason } => reason.clone(),
            Payload::BudgetExhausted {
                bound,
                spent,
                limit,
            } => format!("the bound on {bound} is used up: {spent} of {limit}"),
            _ => continue,
        };
        let (Some(digest), None) = (
            message.digest,
            log.exchange.answer(&message.id, Kind::Answer),
        ) else {
            continue;
        };
        let id = message.id.short().to_owned();
        questions.push(Question {
            workflow: workflow.to_owned(),
            version: message.version,
            digest,
            critique: None,
            answered: answered(&stream, digest, None, &id)?,
            id,
            text,
            options: vec![
                ("go_on".to_owned(), "the agents go on".to_owned()),
                ("stop".to_owned(), "this version is given up".to_owned()),
            ],
        });
    }
    Ok(questions)
}

fn newest_critique(folder: &Path) -> Option<PathBuf> {
    let versions = names(folder);
    let newest = versions
        .iter()
        .filter_map(|name| name.strip_prefix('v')?.parse::<u32>().ok())
        .max()?;
    let path = folder.join(format!("v{newest}")).join(CRITIQUE_FILE);
    path.exists().then_some(path)
}

/// The names in a folder, sorted; none where there is no folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// The workflows of a project.
#[must_use]
pub fn workflows(project: &Project) -> Vec<String> {
    let mut all = names(&project.workflows());
    all.retain(|name| Name::new(name).is_some());
    all
}

/// The one question of this name, `question` or `workflow/question`, among these.
///
/// # Errors
/// `NoQuestion`, `Ambiguous`.
pub fn choose(questions: Vec<Question>, asked: &str) -> Result<Question, AnswerError> {
    let qualified = |q: &Question| format!("{}/{}", q.workflow, q.id);
    let all: Vec<String> = questions.iter().map(qualified).collect();
    let mut found: Vec<Question> = questions
        .into_iter()
        .filter(|q| q.id == asked || qualified(q) == asked)
        .collect();
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(last), false) => {
            found.push(last);
            Err(AnswerError::Ambiguous {
                asked: asked.to_owned(),
                open: found.iter().map(qualified).collect(),
            })
        }
        (None, _) => Err(AnswerError::NoQuestion {
            asked: asked.to_owned(),
            open: all,
        }),
    }
}

/// Why nothing is written.
enum Stop {
    Known,
    Failed(AnswerError),
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::Failed(error.into())
    }
}

/// Writes the answer of the person who runs this into the journal. The same answer twice is one answer; whether it is new.
///
/// # Errors
/// `NoOption`, `Conflict`, `Journal`.
pub fn answer(
    project: &Project,
    question: &Question,
    option: &str,
    now: Timestamp,
) -> Result<bool, AnswerError> {
    if !question.options.iter().any(|(id, _)| id == option) {
        return Err(AnswerError::NoOption {
            question: question.id.clone(),
            option: option.to_owned(),
            known: question.options.iter().map(|(id, _)| id.clone()).collect(),
        });
    }
    let event = Event {
        workflow: question.workflow.clone(),
        version: question.version,
        digest: question.digest,
        by: Identity::Person { user: user::name() },
        what: What::Answered {
            critique: question.critique,
            question: question.id.clone(),
            option: option.to_owned(),
        },
    };
    let journal = journal(project, &question.workflow);
    let written = journal.append_if(now, Durability::Decision, |stream| {
        let known = answered(stream, question.digest, question.critique, &question.id);
        match known.map_err(Stop::Failed)? {
            None => Ok(event),
            Some(known) if known == option => Err(Stop::Known),
            Some(known) => Err(Stop::Failed(AnswerError::Conflict {
                question: question.id.clone(),
                answered: known,
            })),
        }
    });
    match written {
        Ok(_) => Ok(true),
        Err(Stop::Known) => Ok(false),
        Err(Stop::Failed(error)) => Err(error),
    }
}
