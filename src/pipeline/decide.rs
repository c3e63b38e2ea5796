//! Waive, reject, revoke: a person's decisions about a version that are no approval. Each is made under the journal's lock,
//! on what is on disk then.

use super::approve::{Person, current, set_aside};
use super::denied::Denied;
use super::subject::Subject;
use crate::gate::approval::Approval;
use crate::gate::case::Facts;
use crate::gate::event::{Event, What};
use crate::gate::history::{Since, Version};
use crate::gate::judge::{allowed, by_author};
use crate::gate::person::Approver;
use crate::gate::{Case, Record};
use crate::host::clock::Timestamp;
use crate::ir::Digest;
use crate::ir::workflow::Action;
use crate::journal::{Durability, Stream};

/// Answers for one finding of the current report.
///
/// # Errors
/// Why not; nothing is recorded then.
pub fn waive(
    subject: &Subject,
    person: &Person,
    finding: &str,
    reason: &str,
    now: Timestamp,
) -> Result<Event, Denied> {
    decide(subject, reason, now, |case| {
        let version = current(case)?;
        let standing = case.standing(version)?;
        let findings = &standing.report.findings;
        if !findings.iter().any(|f| f.id == finding) {
            let mut known: Vec<String> = findings
                .iter()
                .map(|f| format!("{} {}", f.id, f.title))
                .collect();
            known.truncate(10);
            return Err(Denied::NoFinding {
                finding: finding.to_owned(),
                known,
            });
        }
        not_approved(case, version)?;
        let waivers = case
            .history()
            .waivers(version, standing.report_digest, findings);
        let authors = case.history().authors(version);
        let me = [Approver {
            by: &person.by,
            account: &person.account,
        }];
        let facts = Facts {
            standing: &standing,
            waivers: &waivers,
            people: &me,
            authors: &authors,
            round: case.history().round(None),
            single_person: case.single_person,
        };
        if facts.by_author() && !case.single_person {
            return Err(by_author(&me, &authors).into());
        }
        allowed(case, Action::Waive, &facts.waive_inputs(reason))?;
        Ok(event(
            case,
            version,
            person,
            What::Waived {
                finding: finding.to_owned(),
                report: standing.report_digest,
                reason: reason.to_owned(),
            },
        ))
    })
}

/// Gives a version up.
///
/// # Errors
/// Why not; nothing is recorded then.
pub fn reject(
    subject: &Subject,
    person: &Person,
    reason: &str,
    now: Timestamp,
) -> Result<Event, Denied> {
    decide(subject, reason, now, |case| {
        let version = current(case)?;
        not_approved(case, version)?;
        let what = What::Rejected {
            reason: reason.to_owned(),
        };
        Ok(event(case, version, person, what))
    })
}

/// Takes the approval of a version back, whatever became of its file.
///
/// # Errors
/// Why not; nothing is recorded then.
pub fn revoke(
    subject: &Subject,
    person: &Person,
    reason: &str,
    now: Timestamp,
) -> Result<Event, Denied> {
    let number = subject.version();
    let event = decide(subject, reason, now, |case| {
        let approved = last_approval(case, number).ok_or(Denied::NotInForce(number))?;
        let version = Version {
            number,
            digest: approved,
        };
        let what = What::Revoked {
            reason: reason.to_owned(),
        };
        Ok(event(case, version, person, what))
    })?;
    // The journal has it, so the gate is shut already. Without the files it stays so even if the journal's end is lost.
    for n in 1..=Record::read(&subject.folder).approvals.len() {
        set_aside(&subject.folder, &Approval::file_name(n))?;
    }
    Ok(event)
}

/// The digest of what was approved last under this number and not revoked since.
fn last_approval(case: &Case<'_>, number: u32) -> Option<Digest> {
    if case.history().ended(number) != Since::Nothing {
        return None;
    }
    let entries = case.journal.entries.iter().rev();
    let of = entries.filter(|e| e.body.version == number);
    of.map(|e| &e.body)
        .find(|e| matches!(e.what, What::Approved { .. }))
        .map(|e| e.digest)
}

fn not_approved(case: &Case<'_>, version: Version) -> Result<(), Denied> {
    let history = case.history();
    let places = (0..case.journal.entries.len()).filter(|at| {
        history.at(*at).is_some_and(|e| {
            e.version == version.number
                && e.digest == version.digest
                && matches!(e.what, What::Approved { .. })
        })
    });
    let alive = places
        .into_iter()
        .any(|at| history.since(at) == Since::Nothing);
    if alive {
        Err(Denied::InForce(version.number))
    } else {
        Ok(())
    }
}

fn event(case: &Case<'_>, version: Version, person: &Person, what: What) -> Event {
    Event {
        workflow: case.id().to_owned(),
        version: version.number,
        digest: version.digest,
        by: person.by.clone(),
        what,
    }
}

/// Records what `make` decides on what is there under the lock.
fn decide(
    subject: &Subject,
    reason: &str,
    now: Timestamp,
    make: impl FnOnce(&Case<'_>) -> Result<Event, Denied>,
) -> Result<Event, Denied> {
    if reason.trim().is_empty() {
        return Err(Denied::NoReason);
    }
    let entry =
        subject
            .journal
            .append_if(now, Durability::Decision, |stream: &Stream<Event>| {
                let record = Record::read(&subject.folder);
                make(&subject.case_with(&record, stream))
            })?;
    Ok(entry.body)
}
