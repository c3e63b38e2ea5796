//! What a workflow's journal says about its versions. A fold: nothing is kept here.

use std::collections::HashSet;

use super::approval::Waiver;
use super::event::{Event, Identity, What};
use super::person::Approver;
use crate::finding::Severity;
use crate::ir::Digest;
use crate::journal::{Entry, Stream};
use crate::report::render::json::FindingJson;

/// One version by its number and its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// `version`.
    pub number: u32,
    /// Its digest (S-12).
    pub digest: Digest,
}

/// A workflow's journal, read.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    stream: &'a Stream<Event>,
}

/// What happened to an approval that came before, or beside it on another branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Nothing that touches it.
    Nothing,
    /// It was taken back.
    Revoked {
        /// By whom.
        by: Identity,
        /// Why.
        reason: String,
    },
    /// The version was given up.
    Rejected {
        /// By whom.
        by: Identity,
        /// Why.
        reason: String,
    },
    /// There is a newer version, or another content of this one.
    Superseded {
        /// Its number.
        version: u32,
    },
    /// The version was verified again, with another result.
    NewReport,
    /// It was criticised again, with another result.
    NewCritique,
    /// Somebody else decided otherwise on another branch, before the branches were merged.
    Conflict {
        /// By whom.
        by: Identity,
        /// `revoked` or `rejected`.
        decision: &'static str,
    },
}

impl<'a> History<'a> {
    /// A journal's entries.
    #[must_use]
    pub const fn new(stream: &'a Stream<Event>) -> Self {
        Self { stream }
    }

    fn entries(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Entry<Event>)> + use<'a> {
        self.stream.entries.iter().enumerate()
    }

    fn of(&self, version: Version) -> impl DoubleEndedIterator<Item = &'a Event> + use<'a> {
        let bodies = self.stream.entries.iter().map(|e| &e.body);
        bodies.filter(move |e| e.version == version.number && e.digest == version.digest)
    }

    /// Who emitted or edited a version.
    #[must_use]
    pub fn authors(&self, version: Version) -> Vec<&'a Identity> {
        let proposed = self
            .of(version)
            .filter(|e| matches!(e.what, What::Proposed { .. }));
        proposed.map(|e| &e.by).collect()
    }

    /// The highest version there is; `None` in an empty journal.
    #[must_use]
    pub fn newest(&self) -> Option<u32> {
        self.stream.entries.iter().map(|e| e.body.version).max()
    }

    /// The last version that was approved, by number.
    #[must_use]
    pub fn last_approved(&self) -> Option<u32> {
        self.entries()
            .rev()
            .find(|(_, e)| matches!(e.body.what, What::Approved { .. }))
            .map(|(_, e)| e.body.version)
    }

    /// The last report of a version.
    #[must_use]
    pub fn last_report(&self, version: Version) -> Option<Digest> {
        self.of(version).rev().find_map(|e| report_of(&e.what))
    }

    /// Why a version is at its end, if a person, or the critic, took it back or gave it up and nothing was approved since.
    #[must_use]
    pub fn ended(&self, version: u32) -> Since {
        for (_, entry) in self
            .entries()
            .rev()
            .filter(|(_, e)| e.body.version == version)
        {
            let by = entry.body.by.clone();
            match &entry.body.what {
                What::Revoked { reason } => {
                    return Since::Revoked {
                        by,
                        reason: reason.clone(),
                    };
                }
                What::Rejected { reason } => {
                    return Since::Rejected {
                        by,
                        reason: reason.clone(),
                    };
                }
                What::Approved { .. } => return Since::Nothing,
                What::Proposed { .. }
                | What::Verified { .. }
                | What::Critiqued { .. }
                | What::Waived { .. }
                | What::Escalated { .. }
                | What::Answered { .. }
                | What::Begun { .. }
                | What::TestsPassed {}
                | What::TestsFailed {} => {}
            }
        }
        Since::Nothing
    }

    /// The place of the event that records an approval; its document has this digest.
    #[must_use]
    pub fn approval(&self, version: Version, document: Digest) -> Option<usize> {
        let records = |e: &Entry<Event>| {
            e.body.version == version.number
                && e.body.digest == version.digest
                && matches!(e.body.what, What::Approved { approval, .. } if approval == document)
        };
        self.entries()
            .rev()
            .find(|(_, e)| records(e))
            .map(|(at, _)| at)
    }

    /// The event at a place.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<&'a Event> {
        self.stream.entries.get(place).map(|e| &e.body)
    }

    /// The first thing that touches the approval at `place` and did not come before it.
    #[must_use]
    pub fn since(&self, place: usize) -> Since {
        let Some(approval) = self.at(place) else {
            return Since::Nothing;
        };
        let What::Approved {
            report, critique, ..
        } = &approval.what
        else {
            return Since::Nothing;
        };
        let version = Version {
            number: approval.version,
            digest: approval.digest,
        };
        let before = self.stream.ancestors(place);
        let others = self
            .entries()
            .filter(|(at, _)| *at != place && !before.contains(at));
        for (at, entry) in others {
            let touched = touches(&entry.body, version, *report, *critique);
            let later = || self.stream.ancestors(at).contains(&place);
            match touched {
                Since::Nothing => {}
                Since::Revoked { ref by, .. } if !later() => return beside(by, "revoked"),
                Since::Rejected { ref by, .. } if !later() => return beside(by, "rejected"),
                touched => return touched,
            }
        }
        Since::Nothing
    }

    /// Revisions between the approval before the one at `place` and it, or since the last approval: with one at the end.
    #[must_use]
    pub fn round(&self, place: Option<usize>) -> usize {
        let before: Option<HashSet<usize>> = place.map(|p| self.stream.ancestors(p));
        let counts = |at: &usize| before.as_ref().is_none_or(|b| b.contains(at));
        let mut round = 0;
        for (_, entry) in self.entries().filter(|(at, _)| counts(at)) {
            match entry.body.what {
                What::Proposed { from: Some(_), .. } => round += 1,
                What::Approved { .. } => round = 0,
                What::Proposed { from: None, .. }
                | What::Verified { .. }
                | What::Critiqued { .. }
                | What::Waived { .. }
                | What::Rejected { .. }
                | What::Revoked { .. }
                | What::Escalated { .. }
                | What::Answered { .. }
                | What::Begun { .. }
                | What::TestsPassed {}
                | What::TestsFailed {} => {}
            }
        }
        round
    }

    /// The waivers in force for a version on this report: the last one for each of its findings.
    #[must_use]
    pub fn waivers(
        &self,
        version: Version,
        report: Digest,
        findings: &[FindingJson],
    ) -> Vec<Waiver> {
        let mut found: Vec<Waiver> = Vec::new();
        for event in self.of(version) {
            let What::Waived {
                finding,
                report: on,
                reason,
            } = &event.what
            else {
                continue;
            };
            let Some(about) = findings.iter().find(|f| f.id == *finding) else {
                continue;
            };
            if *on != report {
                continue;
            }
            found.retain(|w| w.finding != *finding);
            found.push(waiver(about, event, reason));
        }
        found.sort_by(|a, b| a.finding.cmp(&b.finding));
        found
    }

    /// Whether a waiver of an approval was really given, for this report, before the approval at `place`.
    #[must_use]
    pub fn gave(&self, waiver: &Waiver, version: Version, report: Digest, place: usize) -> bool {
        let before = self.stream.ancestors(place);
        self.entries()
            .filter(|(at, _)| before.contains(at))
            .any(|(_, e)| {
                let what = &e.body.what;
                let same = matches!(what, What::Waived { finding, report: on, reason }
                    if *finding == waiver.finding && *on == report && *reason == waiver.reason);
                same && e.body.by == waiver.by
                    && e.body.version == version.number
                    && e.body.digest == version.digest
            })
    }
}

fn waiver(about: &FindingJson, event: &Event, reason: &str) -> Waiver {
    Waiver {
        finding: about.id.clone(),
        kind: about.kind.clone(),
        severity: about.severity,
        title: about.title.clone(),
        by: event.by.clone(),
        reason: reason.to_owned(),
        ends_with: event.version,
    }
}

fn beside(by: &Identity, decision: &'static str) -> Since {
    Since::Conflict {
        by: by.clone(),
        decision,
    }
}

/// What one event means for an approval of `version` that rests on this report and this critique.
fn touches(event: &Event, version: Version, on_report: Digest, on_critique: Digest) -> Since {
    let same = event.version == version.number;
    let by = event.by.clone();
    match &event.what {
        What::Revoked { reason } if same => Since::Revoked {
            by,
            reason: reason.clone(),
        },
        What::Rejected { reason } if same => Since::Rejected {
            by,
            reason: reason.clone(),
        },
        What::Proposed { .. }
            if event.version > version.number || (same && event.digest != version.digest) =>
        {
            Since::Superseded {
                version: event.version,
            }
        }
        What::Verified { report, .. } if same && *report != on_report => Since::NewReport,
        What::Critiqued { critique, .. } if same && *critique != on_critique => Since::NewCritique,
        What::Revoked { .. }
        | What::Rejected { .. }
        | What::Proposed { .. }
        | What::Verified { .. }
        | What::Critiqued { .. }
        | What::Waived { .. }
        | What::Approved { .. }
        | What::Escalated { .. }
        | What::Answered { .. }
        | What::Begun { .. }
        | What::TestsPassed {}
        | What::TestsFailed {} => Since::Nothing,
    }
}

const fn report_of(what: &What) -> Option<Digest> {
    match what {
        What::Verified { report, .. } => Some(*report),
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
    }
}

/// Whether any of these approvers may be an author of the version.
#[must_use]
pub fn author_among(approvers: &[Approver<'_>], authors: &[&Identity]) -> bool {
    approvers
        .iter()
        .any(|approver| authors.iter().any(|author| approver.may_be(author)))
}

/// Findings of one severity that no waiver covers.
#[must_use]
pub fn open(findings: &[FindingJson], waivers: &[Waiver], severity: Severity) -> usize {
    let waived = |f: &&FindingJson| waivers.iter().any(|w| w.finding == f.id);
    findings
        .iter()
        .filter(|f| f.severity == severity && !waived(f))
        .count()
}
