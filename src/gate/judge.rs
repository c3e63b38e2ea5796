//! The gate: recomputes whatever an approval binds from what is on disk, in a fixed order, and names the first thing that
//! differs. No engine, no network, no clock of its own.

use super::approval::{Approval, Approved, FORMAT, How, Waiver};
use super::case::{Case, Facts, Standing, obligations, short};
use super::event::{Event, Identity, What};
use super::history::{Since, Version};
use super::opened::{Opened, Verdict};
use super::person::{Approver, is_person, shown};
use super::policy::{Decision, PolicyInputs};
use super::reason::{Cause, Reason};
use super::record::{ApprovalFile, Part};
use super::signature;
use crate::finding::critique::CriticDecision;
use crate::host::clock::Timestamp;
use crate::ir::workflow::Action;

/// How far another machine's clock may be ahead before its approval is taken for one from the future, in milliseconds.
const SKEW: u64 = 5 * 60 * 1000;

/// Judges a version at a time.
#[must_use]
pub fn judge(case: &Case<'_>, now: Timestamp) -> Verdict {
    match open(case, now) {
        Ok(opened) => Verdict::Open(Box::new(opened)),
        Err(reason) => Verdict::Shut(reason),
    }
}

fn open(case: &Case<'_>, now: Timestamp) -> Result<Opened, Reason> {
    let version = case.version()?;
    let files = approvals(case, version)?;
    let approved = together(case, version, &files)?;
    let standing = bound(case, version, &approved)?;
    if approved.policy != case.policy_digest {
        return Err(Reason::new(
            Cause::Policy,
            "the policy in force is not the one under which this version was approved",
        ));
    }
    let place = recorded(case, version, &files)?;
    let mut notes = Vec::new();
    for file in &files {
        person(case, file, now, &mut notes)?;
    }
    let authors = case.history().authors(version);
    let people: Vec<Approver<'_>> = files.iter().map(|f| f.approval.approver()).collect();
    let facts = Facts {
        standing: &standing,
        waivers: &approved.waivers,
        people: &people,
        authors: &authors,
        round: case.history().round(Some(place)),
        single_person: case.single_person,
    };
    if facts.by_author() {
        if !case.single_person {
            return Err(by_author(&people, &authors));
        }
        notes.push(
            "approved by its own author, as `single_person` in .spec/config.json lets them"
                .to_owned(),
        );
    }
    for waiver in &approved.waivers {
        in_force(case, &facts, waiver, place)?;
    }
    let inputs = facts.inputs();
    allowed(case, Action::Approve, &inputs)?;
    let first = files
        .first()
        .map_or_else(|| approved.digest, |f| f.approval.digest());
    Ok(Opened {
        approvals: files.iter().map(|f| f.approval.clone()).collect(),
        approved,
        first,
        notes,
        policy: case.policy.clone(),
        inputs,
    })
}

/// The approvals there are; at least one.
fn approvals<'a>(case: &Case<'a>, version: Version) -> Result<Vec<&'a ApprovalFile>, Reason> {
    let mut files = Vec::new();
    for part in &case.record.approvals {
        match part {
            Part::There(file) => files.push(file),
            Part::Broken(why) => return Err(Reason::new(Cause::Record, why.clone())),
            Part::Absent => {}
        }
    }
    if files.is_empty() {
        return Err(ended(case.history().ended(version.number))
            .unwrap_or_else(|| Reason::new(Cause::NotApproved, unapproved(case, version))));
    }
    Ok(files)
}

/// What is missing before a version can be approved, in a sentence.
fn unapproved(case: &Case<'_>, version: Version) -> String {
    let number = version.number;
    let next = match case.standing(version) {
        Err(reason) => reason.message,
        Ok(standing) => match standing.critique {
            None => "it has no critique yet".to_owned(),
            Some((critique, _)) => match critique.decision {
                CriticDecision::Accept => "it waits for a person".to_owned(),
                CriticDecision::Revise => "the critic asks for a revision".to_owned(),
                CriticDecision::Reject => "the critic rejects it".to_owned(),
            },
        },
    };
    format!("nobody has approved version {number}: {next}")
}

/// Makes sure that every approval is about this content, and all of them about the same.
fn together(
    case: &Case<'_>,
    version: Version,
    files: &[&ApprovalFile],
) -> Result<Approved, Reason> {
    let wrong =
        |name: &str, why: String| Err(Reason::new(Cause::Approval, format!("{name}: {why}")));
    let mut common: Option<&Approved> = None;
    for file in files {
        let (name, approval) = (&file.name, &file.approval);
        let what = &approval.what;
        if approval.format != FORMAT {
            return wrong(
                name,
                format!("format {}; this program knows {FORMAT}", approval.format),
            );
        }
        if what.workflow != case.id() || what.version != version.number {
            return wrong(
                name,
                format!("it is about {} version {}", what.workflow, what.version),
            );
        }
        if what.digest != version.digest {
            let (is, was) = (version.digest.to_string(), what.digest.to_string());
            return wrong(
                name,
                format!(
                    "it is about another content, {}; the file's digest is {}",
                    short(&was),
                    short(&is)
                ),
            );
        }
        let sorted = what.waivers.is_sorted_by(|a, b| a.finding < b.finding);
        if approval.shown != what.digest() || approval.form != what.form() || !sorted {
            return wrong(name, "it does not fit together: it was edited".to_owned());
        }
        if common.is_some_and(|c| c != what) {
            return wrong(
                name,
                "it approves something else than the approval before it".to_owned(),
            );
        }
        common = Some(what);
    }
    common
        .cloned()
        .ok_or_else(|| Reason::new(Cause::NotApproved, "nobody has approved it"))
}

/// The report and the critique, once they are those that were approved.
fn bound<'a>(
    case: &Case<'a>,
    version: Version,
    approved: &Approved,
) -> Result<Standing<'a>, Reason> {
    match &case.record.report {
        Part::There(stored) if stored.digest() != approved.report => {
            let last = case.history().last_report(version);
            return Err(if last == Some(stored.digest()) {
                new_report()
            } else {
                Reason::new(
                    Cause::Report,
                    "report.json is not the report that was approved: it was edited",
                )
            });
        }
        Part::There(_) | Part::Absent | Part::Broken(_) => {}
    }
    match &case.record.critique {
        Part::There(critique) if critique.own_digest().ok() != Some(approved.critique) => {
            return Err(Reason::new(
                Cause::Critique,
                "critique.json is not the critique that was approved",
            ));
        }
        Part::Absent => return Err(Reason::new(Cause::NoCritique, "critique.json is not there")),
        Part::There(_) | Part::Broken(_) => {}
    }
    let standing = case.standing(version)?;
    if approved.open_obligations != obligations(standing.report) {
        return Err(Reason::new(
            Cause::Approval,
            "the approval lists other open obligations than the report",
        ));
    }
    Ok(standing)
}

fn new_report() -> Reason {
    Reason::new(
        Cause::NewReport,
        "the version was verified again since it was approved, with another result",
    )
}

/// Makes sure that the journal has every approval, by that person, and nothing that touches it since. The place of the first.
fn recorded(case: &Case<'_>, version: Version, files: &[&ApprovalFile]) -> Result<usize, Reason> {
    let history = case.history();
    let mut first = None;
    for file in files {
        let approval = &file.approval;
        let Some(place) = history.approval(version, approval.digest()) else {
            return Err(ended(history.ended(version.number)).unwrap_or_else(|| {
                Reason::new(
                    Cause::NotInJournal,
                    format!("the journal knows no approval like {}", file.name),
                )
            }));
        };
        if !history.at(place).is_some_and(|event| says(event, approval)) {
            return Err(Reason::new(
                Cause::Approval,
                format!("{} and the journal do not say the same", file.name),
            ));
        }
        if let Some(reason) = ended(history.since(place)) {
            return Err(reason);
        }
        first = Some(first.map_or(place, |f: usize| f.min(place)));
    }
    first.ok_or_else(|| Reason::new(Cause::NotApproved, "nobody has approved it"))
}

/// Whether an event records just this approval.
fn says(event: &Event, approval: &Approval) -> bool {
    let What::Approved {
        form,
        report,
        critique,
        policy,
        ..
    } = &event.what
    else {
        return false;
    };
    let what = &approval.what;
    event.workflow == what.workflow
        && event.by == approval.by
        && *form == approval.form
        && *report == what.report
        && *critique == what.critique
        && *policy == what.policy
}

/// What ended an approval, or a version, as a reason.
#[must_use]
pub fn ended(since: Since) -> Option<Reason> {
    let reason = |cause, message: String| Some(Reason::new(cause, message));
    match since {
        Since::Nothing => None,
        Since::Revoked { by, reason: why } => reason(
            Cause::Revoked,
            format!("{} revoked the approval: {why}", shown(&by)),
        ),
        Since::Rejected { by, reason: why } => reason(
            Cause::Rejected,
            format!("{} rejected this version: {why}", shown(&by)),
        ),
        Since::Superseded { version } => reason(
            Cause::Superseded,
            format!("version {version} was proposed since this one was approved"),
        ),
        Since::NewReport => Some(new_report()),
        Since::NewCritique => reason(
            Cause::NewCritique,
            "the version was criticised again since it was approved, with another result"
                .to_owned(),
        ),
        Since::Conflict { by, decision } => reason(
            Cause::Conflict,
            format!(
                "on another branch {} {decision} this version while it was approved on this one",
                shown(&by)
            ),
        ),
    }
}

/// Makes sure that a person approved, in the way the approval says, and not in the future.
fn person(
    case: &Case<'_>,
    file: &ApprovalFile,
    now: Timestamp,
    notes: &mut Vec<String>,
) -> Result<(), Reason> {
    let approval = &file.approval;
    let who = shown(&approval.by);
    if !is_person(&approval.by) {
        return Err(Reason::new(
            Cause::NoPerson,
            format!("{who} approved it, which is no person"),
        ));
    }
    let at: Timestamp = approval
        .at
        .parse()
        .map_err(|e| Reason::new(Cause::Approval, format!("{}: {e}", file.name)))?;
    match approval.how {
        How::Signed => signed(case, file, at)?,
        How::Terminal | How::Expect => {
            if matches!(approval.by, Identity::Key { .. }) {
                let why = format!("{} names a key and says that it is not signed", file.name);
                return Err(Reason::new(Cause::Signature, why));
            }
            notes.push(format!("the approval by {who} is not signed"));
        }
    }
    if at.as_millis() > now.as_millis().saturating_add(SKEW) {
        let why = format!(
            "the approval by {who} is dated {at}, and it is {now}: the clock is wrong, or was when it was given"
        );
        return Err(Reason::new(Cause::Clock, why));
    }
    if at > now {
        notes.push(format!(
            "the clock of {who} is ahead of this one: approved at {at}, now {now}"
        ));
    }
    Ok(())
}

fn signed(case: &Case<'_>, file: &ApprovalFile, at: Timestamp) -> Result<(), Reason> {
    let wrong = |why: String| {
        let who = shown(&file.approval.by);
        Reason::new(
            Cause::Signature,
            format!(
                "the signature of {who} under {} does not count: {why}",
                file.name
            ),
        )
    };
    let armoured = match &file.signature {
        Part::There(bytes) => bytes,
        Part::Absent => return Err(wrong(format!("{}.sig is not there", file.name))),
        Part::Broken(why) => return Err(Reason::new(Cause::Record, why.clone())),
    };
    let signers = case
        .signers
        .map_err(|why| Reason::new(Cause::Record, why.to_owned()))?;
    signature::verify(&file.bytes, armoured, &file.approval.by, signers, at)
        .map_err(|e| wrong(e.to_string()))
}

/// Why the author may not, naming both.
#[must_use]
pub fn by_author(people: &[Approver<'_>], authors: &[&Identity]) -> Reason {
    let mut pairs = people
        .iter()
        .flat_map(|p| authors.iter().map(move |a| (*p, *a)));
    let found = pairs.find(|(approver, author)| approver.may_be(author));
    let (by, author) = found.map_or_else(
        || ("its author".to_owned(), "the same person".to_owned()),
        |(approver, author)| (shown(approver.by), shown(author)),
    );
    Reason::new(
        Cause::Author,
        format!("the author of a version does not approve it: {by} may be {author}, who wrote it"),
    )
}

/// Makes sure that a waiver was given for this version and this report, by a person who may.
fn in_force(
    case: &Case<'_>,
    facts: &Facts<'_>,
    waiver: &Waiver,
    place: usize,
) -> Result<(), Reason> {
    let Standing {
        version,
        report,
        report_digest,
        ..
    } = facts.standing;
    let wrong = |why: &str| {
        Err(Reason::new(
            Cause::Waiver,
            format!(
                "the waiver of {} by {} {why}",
                waiver.finding,
                shown(&waiver.by)
            ),
        ))
    };
    if waiver.ends_with != version.number {
        return wrong(&format!("ended with version {}", waiver.ends_with));
    }
    let about = report.findings.iter().find(|f| f.id == waiver.finding);
    let same = about.is_some_and(|f| {
        f.kind == waiver.kind && f.severity == waiver.severity && f.title == waiver.title
    });
    if !same {
        return wrong("is about a finding that the report does not have");
    }
    if !is_person(&waiver.by) {
        return wrong("is not by a person");
    }
    if !case.history().gave(waiver, *version, *report_digest, place) {
        return wrong("is not in the journal for this version and this report");
    }
    may_waive(case, facts, waiver)
}

/// Makes sure that the policy lets whoever gave a waiver give it.
///
/// # Errors
/// `Refused`, `Input`.
pub fn may_waive(case: &Case<'_>, facts: &Facts<'_>, waiver: &Waiver) -> Result<(), Reason> {
    let others: Vec<Waiver> = facts
        .waivers
        .iter()
        .filter(|w| w.finding != waiver.finding)
        .cloned()
        .collect();
    let account = match &waiver.by {
        Identity::Person { user } => user.as_str(),
        Identity::Key { .. } | Identity::Seat { .. } => "",
    };
    let person = [Approver {
        by: &waiver.by,
        account,
    }];
    let facts = Facts {
        waivers: &others,
        people: &person,
        ..facts.clone()
    };
    allowed(case, Action::Waive, &facts.waive_inputs(&waiver.reason))
}

/// Makes sure that the policy allows an action.
///
/// # Errors
/// `Refused` with the rule, `Input`.
pub fn allowed(case: &Case<'_>, action: Action, inputs: &PolicyInputs) -> Result<(), Reason> {
    match case.policy.decide(action, inputs) {
        Ok(Decision::Allowed) => Ok(()),
        Ok(Decision::Refused(why)) => Err(Reason::new(Cause::Refused, why.to_string())),
        Err(missing) => Err(Reason::new(Cause::Input, missing.to_string())),
    }
}
