//! Gives authority: approve. The decision is made again under the journal's lock, on what is on disk then; files are written
//! before the journal speaks of them, so a kill in between leaves the gate shut.

use std::path::Path;

use fs_err as fs;

use super::denied::Denied;
use super::subject::Subject;
use crate::gate::approval::{Approval, Approved, FORMAT, How};
use crate::gate::case::{Facts, approvable};
use crate::gate::event::{Event, Identity, What};
use crate::gate::history::{Since, Version};
use crate::gate::judge::{allowed, by_author, ended, may_waive};
use crate::gate::person::{Approver, distinct};
use crate::gate::record::{ApprovalFile, Part};
use crate::gate::signature::SigningKey;
use crate::gate::{Case, Cause, Reason, Record};
use crate::host::clock::Timestamp;
use crate::host::files::{FileError, write_atomic};
use crate::ir::workflow::Action;
use crate::ir::{Digest, PolicyInput};
use crate::journal::{Durability, Stream};

/// The most people a policy may ask for.
const MAX_PEOPLE: usize = 16;

/// Who decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The key, else the user.
    pub by: Identity,
    /// The user whose account it is.
    pub account: String,
    /// How that is known.
    pub how: How,
}

/// What a person is asked to put their name to.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// All of it.
    pub approved: Approved,
    /// Its digest: what `--expect` takes.
    pub shown: Digest,
    /// Approvals of just this that are in force already.
    pub given: Vec<Approval>,
    /// How many more people the policy asks for after this one.
    pub more: usize,
    /// Whether the person is an author, and may approve as the only one.
    pub own_work: bool,
    /// The version that was approved last, to compare with.
    pub last: Option<u32>,
}

/// What was given.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The document.
    pub approval: Approval,
    /// The file's name.
    pub file: String,
    /// How many more people the policy asks for.
    pub more: usize,
}

/// What approving a subject would mean now.
///
/// # Errors
/// Why it cannot be approved by this person.
pub fn propose(subject: &Subject, person: &Person) -> Result<Proposal, Denied> {
    let case = subject.case();
    Ok(proposal(&case, person)?.0)
}

/// What it would mean, and the files of the approvals that are in force.
fn proposal<'a>(
    case: &Case<'a>,
    person: &Person,
) -> Result<(Proposal, Vec<&'a ApprovalFile>), Denied> {
    let version = current(case)?;
    let standing = case.standing(version)?;
    let approved = approvable(case, &standing).ok_or_else(|| {
        Reason::new(
            Cause::NotApproved,
            format!(
                "version {} has no critique yet; run `tribunal critique`",
                version.number
            ),
        )
    })?;
    let given = in_force(case, version, &approved);
    let me = Approver {
        by: &person.by,
        account: &person.account,
    };
    let before: Vec<Approver<'_>> = given.iter().map(|f| f.approval.approver()).collect();
    if before.iter().any(|p| p.may_be_approver(&me)) {
        return Err(Denied::Already(
            "you, or somebody on this account, have approved this already".to_owned(),
        ));
    }
    let authors = case.history().authors(version);
    let mut people = before.clone();
    people.push(me);
    let facts = |people| Facts {
        standing: &standing,
        waivers: &approved.waivers,
        people,
        authors: &authors,
        round: case.history().round(None),
        single_person: case.single_person,
    };
    let before = facts(&before);
    if !given.is_empty() && allowed(case, Action::Approve, &before.inputs()).is_ok() {
        let message = format!("version {} is approved already", version.number);
        return Err(Denied::Already(message));
    }
    let with_me = facts(&people);
    let own_work = with_me.by_author();
    if own_work && !case.single_person {
        return Err(by_author(&people, &authors).into());
    }
    for waiver in &approved.waivers {
        may_waive(case, &with_me, waiver)?;
    }
    let proposal = Proposal {
        shown: approved.digest(),
        given: given.iter().map(|f| f.approval.clone()).collect(),
        more: more_people(case, &with_me)?,
        own_work,
        last: case.history().last_approved(),
        approved,
    };
    Ok((proposal, given))
}

/// How many people more the policy asks for.
fn more_people(case: &Case<'_>, facts: &Facts<'_>) -> Result<usize, Reason> {
    let inputs = facts.inputs();
    let Err(refused) = allowed(case, Action::Approve, &inputs) else {
        return Ok(0);
    };
    let people = distinct(facts.people);
    (people + 1..=MAX_PEOPLE)
        .find(|n| {
            let more = inputs.clone().number(PolicyInput::HumanApprovals, *n);
            allowed(case, Action::Approve, &more).is_ok()
        })
        .map(|n| n - people)
        .ok_or(refused)
}

/// The version, if decisions about it are still to be taken.
pub(super) fn current(case: &Case<'_>) -> Result<Version, Reason> {
    let version = case.version()?;
    let history = case.history();
    if let Some(newer) = history.newest().filter(|n| *n > version.number) {
        return Err(Reason::new(
            Cause::Superseded,
            format!(
                "version {newer} was proposed since version {}",
                version.number
            ),
        ));
    }
    match ended(history.ended(version.number)) {
        Some(reason) => Err(reason),
        None => Ok(version),
    }
}

/// Approvals of just this, known to the journal, that nothing ended since.
fn in_force<'a>(case: &Case<'a>, version: Version, approved: &Approved) -> Vec<&'a ApprovalFile> {
    let history = case.history();
    let counts = |file: &&ApprovalFile| {
        let approval = &file.approval;
        approval.what == *approved
            && history
                .approval(version, approval.digest())
                .is_some_and(|place| history.since(place) == Since::Nothing)
    };
    case.record
        .approvals
        .iter()
        .filter_map(|part| match part {
            Part::There(file) => Some(file),
            Part::Absent | Part::Broken(_) => None,
        })
        .filter(counts)
        .collect()
}

/// Approves what was shown.
///
/// # Errors
/// Why not; nothing counts then.
pub fn grant(
    subject: &Subject,
    person: &Person,
    key: Option<&SigningKey>,
    shown: Digest,
    now: Timestamp,
) -> Result<Granted, Denied> {
    let mut granted = None;
    let appended =
        subject
            .journal
            .append_if(now, Durability::Decision, |stream: &Stream<Event>| {
                let record = Record::read(&subject.folder);
                let case = subject.case_with(&record, stream);
                let (proposal, given) = proposal(&case, person)?;
                if proposal.shown != shown {
                    return Err(Denied::Expect {
                        expected: shown,
                        now: proposal.shown,
                    });
                }
                set_aside_dead(&record, &given)?;
                let one = write(&subject.folder, proposal, person, key, now)?;
                let event = approved_event(&one.approval);
                granted = Some(one);
                Ok(event)
            });
    match (appended, granted) {
        (Ok(_), Some(granted)) => Ok(granted),
        (Ok(_), None) => Err(Denied::Already("nothing was approved".to_owned())),
        (Err(denied), granted) => {
            // What the journal does not know does not count, but it would be in the way.
            if let Some(granted) = granted {
                let _ = fs::remove_file(subject.folder.join(&granted.file));
                let _ = fs::remove_file(subject.folder.join(format!("{}.sig", granted.file)));
            }
            Err(denied)
        }
    }
}

fn approved_event(approval: &Approval) -> Event {
    let what = &approval.what;
    Event {
        workflow: what.workflow.clone(),
        version: what.version,
        digest: what.digest,
        by: approval.by.clone(),
        what: What::Approved {
            form: approval.form,
            report: what.report,
            critique: what.critique,
            policy: what.policy,
            approval: approval.digest(),
        },
    }
}

fn write(
    folder: &Path,
    proposal: Proposal,
    person: &Person,
    key: Option<&SigningKey>,
    now: Timestamp,
) -> Result<Granted, Denied> {
    let approval = Approval {
        format: FORMAT,
        shown: proposal.shown,
        form: proposal.approved.form(),
        what: proposal.approved,
        by: person.by.clone(),
        account: person.account.clone(),
        how: person.how,
        at: now.to_string(),
    };
    let text = approval.text()?;
    let file = free(folder, Approval::file_name);
    let signature = folder.join(format!("{file}.sig"));
    match key {
        Some(key) => write_atomic(&signature, key.sign(text.as_bytes())?.as_bytes())?,
        None => drop(fs::remove_file(&signature)),
    }
    if let Err(error) = write_atomic(&folder.join(&file), text.as_bytes()) {
        let _ = fs::remove_file(&signature);
        return Err(error.into());
    }
    Ok(Granted {
        approval,
        file,
        more: proposal.more,
    })
}

/// The first of these names, from 1, that is not taken.
fn free(folder: &Path, name: impl Fn(usize) -> String) -> String {
    let taken = |n: &usize| folder.join(name(*n)).exists();
    let n = (1..).find(|n| !taken(n)).unwrap_or(1);
    name(n)
}

/// Moves approvals that do not count any more out of the way; they are kept.
fn set_aside_dead(record: &Record, given: &[&ApprovalFile]) -> Result<(), Denied> {
    let alive: Vec<&str> = given.iter().map(|f| f.name.as_str()).collect();
    for n in 1..=record.approvals.len() {
        let name = Approval::file_name(n);
        if !alive.contains(&name.as_str()) {
            set_aside(&record.folder, &name)?;
        }
    }
    Ok(())
}

pub(super) fn set_aside(folder: &Path, name: &str) -> Result<(), Denied> {
    let old = free(folder, |n| format!("approval.old-{n}.json"));
    let moved = |from: String, to: String| -> Result<(), Denied> {
        let from = folder.join(from);
        if from.exists() {
            fs::rename(from, folder.join(to)).map_err(FileError::Io)?;
        }
        Ok(())
    };
    moved(format!("{name}.sig"), format!("{old}.sig"))?;
    moved(name.to_owned(), old)
}
