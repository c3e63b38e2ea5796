//! Which transitions of the model an event stands for, from where the workflow is. Trusted.
//!
//! One event may be several steps: a journal keeps what happened, not what had to happen in between. Where the model does not
//! allow an event, the path is the event's own transition alone, and the model says why not.
//!
//! `finish_late` is abstracted from: an answer of the engines is one event, so nothing comes between the start and the end
//! of their work, and an answer about a version that another has replaced changes nothing.

use super::cycle::{Stage, Step};
use super::facts::{Facts, Report, STOP, person};
use crate::finding::critique::CriticDecision;
use crate::gate::event::{ApprovalForm, Event, What};

/// Where a workflow is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) stage: Stage,
    /// Revisions since a person last took part.
    pub(super) rounds: u32,
    /// The life is over; it can only begin anew.
    pub(super) ended: bool,
}

/// What an event comes to in the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// Whether the life begins anew first.
    pub(super) anew: bool,
    pub(super) steps: Vec<Step>,
}

/// The rounds after which the model asks a person.
const LAST_ROUND: u32 = 3;

/// The event's own transition.
pub(super) fn own(what: &What) -> &'static str {
    match what {
        What::Proposed { critique: None, .. } => "propose",
        What::Proposed { .. } => "revise",
        What::Verified { .. } => "finish_formalization",
        What::Critiqued { .. } => "criticize",
        What::Waived { .. } => "waive",
        What::Approved { form, .. } => match form {
            ApprovalForm::ApprovedWithProof => "approve_with_proof",
            ApprovalForm::ApprovedWithWaiver => "approve_with_waiver",
        },
        What::Rejected { .. } => "reject",
        What::Revoked { .. } => "revoke",
        What::Escalated { .. } => "escalate",
        What::Answered {
            critique: None,
            option,
            ..
        } if option.as_str() == STOP => "answer_stop",
        What::Answered { .. } => "answer_go_on",
        What::Begun { .. } => "begin",
        What::TestsPassed {} => "tests_pass",
        What::TestsFailed {} => "tests_fail",
    }
}

/// The readings of an event: ways in which it can have happened. The event is allowed when the model has one of them.
pub(super) fn readings(event: &Event, at: Place, facts: &Facts) -> Vec<Path> {
    let steps = match &event.what {
        What::Proposed { .. } => {
            if at.ended {
                return vec![anew(plain(&["propose"]))];
            }
            proposed(event, at, facts)
        }
        What::Verified { .. } => return verified(event, at),
        What::Critiqued { decision, .. } => criticized(*decision, at, facts),
        What::Waived { .. } => waived(at, facts),
        What::Approved { .. } if facts.joins(event) => Vec::new(),
        What::Approved { form, .. } => approved(*form, at, facts),
        What::Revoked { .. } | What::Rejected { .. } if at.ended && !facts.approvals.is_empty() => {
            Vec::new()
        }
        What::Rejected { .. } if at.ended => Vec::new(),
        What::Rejected { .. } => rejected(event, at, facts),
        What::Escalated { .. } => escalated(at, facts),
        What::Answered {
            critique: Some(_), ..
        } => answered(at, facts),
        What::Begun { .. } if at.stage == Stage::Implementing => Vec::new(),
        What::Answered { critique: None, .. }
        | What::Revoked { .. }
        | What::Begun { .. }
        | What::TestsPassed {}
        | What::TestsFailed {} => plain(&[own(&event.what)]),
    };
    vec![Path { anew: false, steps }]
}

fn plain(transitions: &[&'static str]) -> Vec<Step> {
    transitions
        .iter()
        .map(|transition| Step {
            transition,
            choices: Vec::new(),
        })
        .collect()
}

const fn anew(steps: Vec<Step>) -> Path {
    Path { anew: true, steps }
}

fn proposed(event: &Event, at: Place, facts: &Facts) -> Vec<Step> {
    let last_round = at.rounds >= LAST_ROUND;
    if person(&event.by) {
        return plain(match at.stage {
            Stage::DraftGoal => &["propose"],
            Stage::ProposedWorkflow
            | Stage::Formalized
            | Stage::ApprovedWithProof
            | Stage::ApprovedWithWaiver
            | Stage::Implementing => &["change_goal", "notice_new_goal", "revise"],
            Stage::NeedsRevision if last_round => &["escalate", "answer_go_on", "revise"],
            Stage::NeedsRevision => &["change_goal", "revise"],
            Stage::Escalated => &["answer_go_on", "revise"],
            Stage::FormalizationInProgress | Stage::Verified | Stage::Rejected => &["revise"],
        });
    }
    let unheard = match &event.what {
        What::Proposed {
            critique: Some(found),
            ..
        } => facts.critique.is_none_or(|(known, _)| known != *found),
        _ => false,
    };
    let here = [
        Stage::Formalized,
        Stage::ApprovedWithProof,
        Stage::ApprovedWithWaiver,
        Stage::Implementing,
    ];
    if unheard && here.contains(&at.stage) {
        // It answers a critique of this version that the journal was not told of.
        let mut steps = criticized(CriticDecision::Revise, at, facts);
        steps.extend(plain(&["ask_for_revision", "revise"]));
        return steps;
    }
    plain(match at.stage {
        Stage::DraftGoal => &["propose"],
        Stage::Formalized if facts.critique.is_some() => &["ask_for_revision", "revise"],
        Stage::ProposedWorkflow
        | Stage::FormalizationInProgress
        | Stage::Formalized
        | Stage::NeedsRevision
        | Stage::Escalated
        | Stage::ApprovedWithProof
        | Stage::ApprovedWithWaiver
        | Stage::Implementing
        | Stage::Verified
        | Stage::Rejected => &["revise"],
    })
}

fn verified(event: &Event, at: Place) -> Vec<Path> {
    let Some(report) = Report::of(&event.what) else {
        return Vec::new();
    };
    let before = if at.ended {
        plain(&["propose"])
    } else {
        match at.stage {
            Stage::ProposedWorkflow | Stage::DraftGoal | Stage::FormalizationInProgress => {
                Vec::new()
            }
            Stage::Escalated => plain(&["answer_try_again"]),
            Stage::Formalized
            | Stage::NeedsRevision
            | Stage::ApprovedWithProof
            | Stage::ApprovedWithWaiver
            | Stage::Implementing
            | Stage::Verified
            | Stage::Rejected => renewed(at, report),
        }
    };
    let with = |end: Vec<Step>| Path {
        anew: at.ended,
        steps: [before.clone(), end].concat(),
    };
    let mut readings = vec![with(answered_with(report))];
    if !report.complete && !report.blocking {
        // A needed engine gave no answer, and the others found nothing: a person may be asked, or may waive what is open.
        readings.push(with(plain(&["start_formalization", "report_unavailable"])));
    }
    readings
}

/// The engines answer.
fn answered_with(report: Report) -> Vec<Step> {
    let mut steps = plain(&["start_formalization"]);
    steps.push(Step {
        transition: "finish_formalization",
        choices: vec![
            ("b", if report.blocking { "true" } else { "false" }),
            ("p", if report.proof { "complete" } else { "partial" }),
        ],
    });
    steps
}

/// From where a version was verified to where it is proposed again, everything said about it being stale, and with as many
/// rounds behind it as before: what is said anew about one version gives the agents no new rounds.
fn renewed(at: Place, report: Report) -> Vec<Step> {
    let mut steps = match at.stage {
        Stage::NeedsRevision => plain(&["change_goal", "revise"]),
        Stage::DraftGoal
        | Stage::ProposedWorkflow
        | Stage::FormalizationInProgress
        | Stage::Formalized
        | Stage::Escalated
        | Stage::ApprovedWithProof
        | Stage::ApprovedWithWaiver
        | Stage::Implementing
        | Stage::Verified
        | Stage::Rejected => plain(&["change_goal", "notice_new_goal", "revise"]),
    };
    steps.extend(plain(&[
        "start_formalization",
        "report_unavailable",
        "answer_try_again",
    ]));
    for _ in 0..at.rounds.min(LAST_ROUND) {
        steps.extend(answered_with(report));
        steps.push(advice(CriticDecision::Revise));
        steps.extend(plain(&["ask_for_revision", "revise"]));
    }
    steps
}

fn advice(decision: CriticDecision) -> Step {
    let word = match decision {
        CriticDecision::Revise => "rework",
        CriticDecision::Accept => "accept",
        CriticDecision::Reject => "refuse",
    };
    Step {
        transition: "criticize",
        choices: vec![("a", word)],
    }
}

/// The report said again, and what a person waived of it. Only a person leads out of an escalation.
fn said_again(at: Place, report: Report, facts: &Facts) -> Vec<Step> {
    let mut steps = if at.stage == Stage::Escalated {
        plain(&["answer_try_again"])
    } else {
        renewed(at, report)
    };
    steps.extend(answered_with(report));
    if facts.waived && lacks(report) {
        steps.extend(plain(&["waive"]));
    }
    steps
}

/// Whether the model knows something to waive: what only warns needs nobody's word there.
const fn lacks(report: Report) -> bool {
    report.blocking || !report.proof
}

/// A second critique of one report takes the place of the first, and what hung on that is stale.
fn criticized(decision: CriticDecision, at: Place, facts: &Facts) -> Vec<Step> {
    let again = match at.stage {
        Stage::Formalized => facts.critique.is_some(),
        Stage::NeedsRevision
        | Stage::ApprovedWithProof
        | Stage::ApprovedWithWaiver
        | Stage::Implementing => true,
        Stage::DraftGoal
        | Stage::ProposedWorkflow
        | Stage::FormalizationInProgress
        | Stage::Escalated
        | Stage::Verified
        | Stage::Rejected => false,
    };
    let mut steps = match facts.report {
        Some(report) if again => said_again(at, report, facts),
        Some(_) | None => Vec::new(),
    };
    steps.push(advice(decision));
    steps
}

/// Who waives something of a version that waits for a revision, or for an answer, takes up its report and its critique again.
fn waived(at: Place, facts: &Facts) -> Vec<Step> {
    let Some(report) = facts.report else {
        return plain(&["waive"]);
    };
    let mut steps = match at.stage {
        Stage::Formalized => Vec::new(),
        Stage::Escalated | Stage::NeedsRevision => said_again(at, report, facts),
        Stage::DraftGoal
        | Stage::ProposedWorkflow
        | Stage::FormalizationInProgress
        | Stage::ApprovedWithProof
        | Stage::ApprovedWithWaiver
        | Stage::Implementing
        | Stage::Verified
        | Stage::Rejected => return plain(&["waive"]),
    };
    if at.stage != Stage::Formalized {
        steps.extend(facts.critique.map(|(_, decision)| advice(decision)));
    }
    if lacks(report) {
        steps.extend(plain(&["waive"]));
    }
    steps
}

/// A second approval, as under a new policy or after a revocation, rests on the same report and critique, said again.
fn approved(form: ApprovalForm, at: Place, facts: &Facts) -> Vec<Step> {
    let again = match at.stage {
        Stage::ApprovedWithProof
        | Stage::ApprovedWithWaiver
        | Stage::Implementing
        | Stage::Escalated
        | Stage::NeedsRevision => true,
        Stage::DraftGoal
        | Stage::ProposedWorkflow
        | Stage::FormalizationInProgress
        | Stage::Formalized
        | Stage::Verified
        | Stage::Rejected => false,
    };
    let mut steps = match (facts.report, facts.critique) {
        (Some(report), Some((_, decision))) if again => {
            let mut steps = said_again(at, report, facts);
            steps.push(advice(decision));
            steps
        }
        (Some(_) | None, Some(_) | None) => Vec::new(),
    };
    steps.extend(plain(match (form, facts.report) {
        (ApprovalForm::ApprovedWithProof, _) => &["approve_with_proof"],
        // Only warnings were waived: the model asks for more then, and gets it.
        (ApprovalForm::ApprovedWithWaiver, Some(report)) if facts.waived && !lacks(report) => {
            &["approve_with_proof"]
        }
        // Who approves answers for the open obligations, which the approval lists.
        (ApprovalForm::ApprovedWithWaiver, Some(report))
            if !facts.waived && !report.blocking && report.complete && report.open =>
        {
            &["waive", "approve_with_waiver"]
        }
        (ApprovalForm::ApprovedWithWaiver, _) => &["approve_with_waiver"],
    }));
    steps
}

fn rejected(event: &Event, at: Place, facts: &Facts) -> Vec<Step> {
    if !person(&event.by) {
        return plain(&["reject"]);
    }
    let advice = facts.critique.map(|(_, decision)| decision);
    plain(match at.stage {
        Stage::Formalized => match advice {
            Some(CriticDecision::Accept) => &["decline"],
            Some(CriticDecision::Reject) => &["reject"],
            Some(CriticDecision::Revise) | None => &["change_goal", "notice_new_goal"],
        },
        Stage::ProposedWorkflow => &["change_goal", "notice_new_goal"],
        Stage::NeedsRevision => &["change_goal"],
        Stage::Escalated => &["answer_stop"],
        Stage::ApprovedWithProof | Stage::ApprovedWithWaiver | Stage::Implementing => &["revoke"],
        Stage::DraftGoal | Stage::FormalizationInProgress | Stage::Verified | Stage::Rejected => {
            &["reject"]
        }
    })
}

/// Agents that cannot go on after three rounds are the model's `escalate`; before that, a revision of which nothing came.
fn escalated(at: Place, facts: &Facts) -> Vec<Step> {
    let end: &[&'static str] = if at.rounds >= LAST_ROUND {
        &["escalate"]
    } else {
        &["revise", "start_formalization", "report_unavailable"]
    };
    match at.stage {
        Stage::Escalated => Vec::new(),
        Stage::ProposedWorkflow => plain(&["start_formalization", "report_unavailable"]),
        Stage::NeedsRevision => plain(end),
        Stage::Formalized => {
            // Who gives up before the critic has spoken says in its place that this will not do.
            let mut steps = match facts.critique {
                None => vec![advice(CriticDecision::Revise)],
                Some(_) => Vec::new(),
            };
            steps.extend(plain(&["ask_for_revision"]));
            steps.extend(plain(end));
            steps
        }
        Stage::DraftGoal
        | Stage::FormalizationInProgress
        | Stage::ApprovedWithProof
        | Stage::ApprovedWithWaiver
        | Stage::Implementing
        | Stage::Verified
        | Stage::Rejected => plain(&["escalate"]),
    }
}

/// An answer to a critique lets agents go on that have stopped; to agents that have not it is one more thing to know.
fn answered(at: Place, facts: &Facts) -> Vec<Step> {
    let last_round = at.rounds >= LAST_ROUND;
    let rework = matches!(facts.critique, Some((_, CriticDecision::Revise)));
    match at.stage {
        Stage::NeedsRevision if last_round => plain(&["escalate", "answer_go_on"]),
        Stage::Formalized if last_round && rework => {
            plain(&["ask_for_revision", "escalate", "answer_go_on"])
        }
        Stage::NeedsRevision | Stage::Formalized => Vec::new(),
        Stage::DraftGoal
        | Stage::ProposedWorkflow
        | Stage::FormalizationInProgress
        | Stage::Escalated
        | Stage::ApprovedWithProof
        | Stage::ApprovedWithWaiver
        | Stage::Implementing
        | Stage::Verified
        | Stage::Rejected => plain(&["answer_go_on"]),
    }
}
