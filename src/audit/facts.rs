//! What the model abstracts from: which digests are meant. An event that names another report, critique or approval than
//! the one that counts is about something stale.

use std::collections::BTreeMap;

use super::refusal::Why;
use crate::finding::critique::CriticDecision;
use crate::gate::event::{ApprovalForm, Event, Identity, Seat, What};
use crate::ir::Digest;

/// What is known of a workflow besides its state in the model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Facts {
    pub(super) workflow: Option<String>,
    pub(super) versions: BTreeMap<u32, Digest>,
    /// The version that events are about; none before the first.
    pub(super) current: Option<u32>,
    /// Of the current version.
    pub(super) report: Option<Report>,
    /// Of that report.
    pub(super) critique: Option<(Digest, CriticDecision)>,
    /// Whether a finding of that report was waived.
    pub(super) waived: bool,
    /// The approvals of the current version that stand, one a person.
    pub(super) approvals: Vec<Standing>,
    /// Whether the current version was rejected.
    pub(super) given_up: bool,
}

/// An approval that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    by: Identity,
    digest: Digest,
    form: ApprovalForm,
    policy: Digest,
}

/// What the model keeps of a report, and its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) digest: Digest,
    pub(super) blocking: bool,
    /// Every needed answer is there and no obligation is open.
    pub(super) proof: bool,
    /// No needed answer is missing.
    pub(super) complete: bool,
    /// Some obligation is open.
    pub(super) open: bool,
}

/// The answer to an escalation that lets the agents go on.
pub(super) const GO_ON: &str = "go_on";
/// The answer to an escalation that ends the life.
pub(super) const STOP: &str = "stop";

/// What an event comes to before the model is asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bearing {
    /// It is a step.
    Step,
    /// It repeats what is known, or speaks of what is past: nothing changes by it.
    None,
    /// It cannot stand here, whatever the model says.
    Refused(Why),
}

/// Whether a person did it, with a key or without.
pub(super) const fn person(by: &Identity) -> bool {
    match by {
        Identity::Person { .. } | Identity::Key { .. } => true,
        Identity::Seat { .. } => false,
    }
}

impl Facts {
    pub(super) fn bearing(&self, event: &Event) -> Bearing {
        if let Some(expected) = &self.workflow
            && *expected != event.workflow
        {
            return Bearing::Refused(Why::OtherWorkflow {
                found: event.workflow.clone(),
                expected: expected.clone(),
            });
        }
        if let Some(known) = self.versions.get(&event.version)
            && *known != event.digest
        {
            return Bearing::Refused(Why::OtherDigest {
                version: event.version,
                found: event.digest,
                known: *known,
            });
        }
        if let What::Proposed { from, critique } = &event.what {
            return self.proposed(event, *from, critique.is_none());
        }
        let Some(current) = self
            .current
            .filter(|_| self.versions.contains_key(&event.version))
        else {
            return Bearing::Refused(Why::UnknownVersion(event.version));
        };
        if event.version != current {
            return past(&event.what, current);
        }
        self.present(event)
    }

    fn proposed(&self, event: &Event, from: Option<u32>, unasked: bool) -> Bearing {
        if self.versions.contains_key(&event.version) {
            return Bearing::None;
        }
        let Some(current) = self.current else {
            return Bearing::Step;
        };
        if let Some((last, _)) = self.versions.last_key_value()
            && event.version < *last
        {
            // An old file that nobody had looked at yet. It takes nothing's place.
            return if person(&event.by) && from.is_none() && unasked {
                Bearing::None
            } else {
                Bearing::Refused(Why::NotRaised { last: *last })
            };
        }
        if let Some(from) = from
            && from != current
            && !person(&event.by)
        {
            return Bearing::Refused(Why::MadeFromOther { from, current });
        }
        Bearing::Step
    }

    /// An event about the current version.
    fn present(&self, event: &Event) -> Bearing {
        let refuse = |why: Option<Why>| why.map_or(Bearing::Step, Bearing::Refused);
        let by_person = || (!person(&event.by)).then_some(Why::NotAPerson);
        let given_up = || self.given_up.then_some(Why::GivenUp(event.version));
        match &event.what {
            What::Proposed { .. } | What::Escalated { .. } => Bearing::Step,
            What::Verified { report, .. } => {
                if self.report.is_some_and(|r| r.digest == *report) {
                    Bearing::None
                } else {
                    Bearing::Step
                }
            }
            What::Critiqued {
                report,
                critique,
                decision,
            } => {
                let other = self.other_report(*report);
                if other.is_none() && self.critique == Some((*critique, *decision)) {
                    return Bearing::None;
                }
                refuse(other)
            }
            What::Waived { report, .. } => refuse(
                by_person()
                    .or_else(given_up)
                    .or_else(|| self.other_report(*report)),
            ),
            What::Approved {
                report,
                critique,
                approval,
                ..
            } => {
                if self.stands(*approval) {
                    return Bearing::None;
                }
                refuse(
                    by_person()
                        .or_else(given_up)
                        .or_else(|| self.other_report(*report))
                        .or_else(|| self.other_critique(*critique)),
                )
            }
            What::Rejected { .. } => match &event.by {
                Identity::Person { .. } | Identity::Key { .. } => Bearing::Step,
                Identity::Seat { seat, .. } => {
                    refuse((*seat != Seat::Critic).then_some(Why::NotTheCritic))
                }
            },
            What::Revoked { .. } => refuse(by_person()),
            What::Answered {
                critique: Some(critique),
                ..
            } => refuse(by_person().or_else(|| self.other_critique(*critique))),
            What::Answered {
                critique: None,
                option,
                ..
            } => {
                let unknown = ![GO_ON, STOP].contains(&option.as_str());
                let unknown = unknown.then(|| Why::NoSuchAnswer(option.clone()));
                refuse(by_person().or(unknown))
            }
            What::Begun { approval } => {
                let other = !self.stands(*approval);
                refuse(given_up().or_else(|| {
                    other.then(|| Why::OtherApproval {
                        found: *approval,
                        known: self.approvals.last().map(|a| a.digest),
                    })
                }))
            }
            What::TestsPassed {} | What::TestsFailed {} => Bearing::Step,
        }
    }

    fn stands(&self, approval: Digest) -> bool {
        self.approvals.iter().any(|a| a.digest == approval)
    }

    /// Whether an approval is one more person's word for what others have approved already.
    pub(super) fn joins(&self, event: &Event) -> bool {
        let What::Approved { form, policy, .. } = &event.what else {
            return false;
        };
        !self.approvals.is_empty()
            && self
                .approvals
                .iter()
                .all(|a| a.by != event.by && a.form == *form && a.policy == *policy)
    }

    fn other_report(&self, found: Digest) -> Option<Why> {
        let known = self.report.map(|r| r.digest);
        (known != Some(found)).then_some(Why::OtherReport { found, known })
    }

    fn other_critique(&self, found: Digest) -> Option<Why> {
        let known = self.critique.map(|(digest, _)| digest);
        (known != Some(found)).then_some(Why::OtherCritique { found, known })
    }

    /// Remembers an event that was accepted as a step.
    pub(super) fn remember(&mut self, event: &Event) {
        match &event.what {
            What::Proposed { .. } => {
                *self = Self {
                    workflow: Some(event.workflow.clone()),
                    versions: std::mem::take(&mut self.versions),
                    current: Some(event.version),
                    ..Self::default()
                };
                self.versions.insert(event.version, event.digest);
            }
            What::Verified { .. } => {
                self.report = Report::of(&event.what);
                (self.critique, self.waived) = (None, false);
                self.approvals.clear();
            }
            What::Critiqued {
                critique, decision, ..
            } => {
                self.critique = Some((*critique, *decision));
                self.approvals.clear();
            }
            What::Waived { .. } => self.waived = true,
            What::Approved {
                form,
                policy,
                approval,
                ..
            } => {
                if !self.joins(event) {
                    self.approvals.clear();
                }
                self.approvals.push(Standing {
                    by: event.by.clone(),
                    digest: *approval,
                    form: *form,
                    policy: *policy,
                });
            }
            What::Rejected { .. } => {
                self.approvals.clear();
                self.given_up = true;
            }
            What::Revoked { .. } | What::TestsFailed {} => self.approvals.clear(),
            What::Answered {
                critique: None,
                option,
                ..
            } => self.given_up |= option == STOP,
            What::Escalated { .. }
            | What::Answered { .. }
            | What::Begun { .. }
            | What::TestsPassed {} => {}
        }
    }

    /// Remembers what an event without effect still tells: a digest.
    pub(super) fn note(&mut self, event: &Event) {
        self.versions.entry(event.version).or_insert(event.digest);
    }
}

impl Report {
    /// What a `Verified` says; `None` for any other event.
    pub(super) fn of(what: &What) -> Option<Self> {
        let What::Verified {
            report,
            blocking,
            open_obligations,
            complete,
            ..
        } = what
        else {
            return None;
        };
        Some(Self {
            digest: *report,
            blocking: *blocking > 0,
            proof: *open_obligations == 0 && *complete,
            complete: *complete,
            open: *open_obligations > 0,
        })
    }
}

/// An event about a version whose place another has taken: words about it change nothing, authority over it is refused.
fn past(what: &What, current: u32) -> Bearing {
    match what {
        What::Proposed { .. }
        | What::Verified { .. }
        | What::Critiqued { .. }
        | What::Rejected { .. }
        | What::Revoked { .. }
        | What::TestsPassed {}
        | What::TestsFailed {} => Bearing::None,
        What::Waived { .. }
        | What::Approved { .. }
        | What::Escalated { .. }
        | What::Answered { .. }
        | What::Begun { .. } => Bearing::Refused(Why::Superseded(current)),
    }
}
