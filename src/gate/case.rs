//! One version as it is on disk now: the user's file, the folder, the journal, the policy. What belongs together is checked
//! here, piece by piece; who may do what is decided elsewhere.

use super::answers::Answers;
use super::approval::{Approved, Waiver};
use super::difference;
use super::event::{Event, Identity};
use super::history::{History, Version, open};
use super::person::{Approver, distinct};
use super::policy::{Effective, PolicyInputs};
use super::reason::{Cause, Reason};
use super::record::{Part, Record};
use super::signers::AllowedSigners;
use super::stored::StoredReport;
use crate::check::CheckedWorkflow;
use crate::finding::critique::{CriticDecision, Critique};
use crate::finding::{Engine, FindingKind, Severity};
use crate::ir::{Digest, PolicyInput, SourceId, Sources, Span, canonical};
use crate::journal::Stream;
use crate::report::render::places::Place;
use crate::syntax::parse_workflow;

/// Everything that is judged.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The user's file, without errors.
    pub workflow: &'a CheckedWorkflow,
    /// Its digest (S-12).
    pub digest: Digest,
    /// The ids of all its properties, automatic ones included.
    pub properties: &'a [String],
    /// The texts; source 0 is the file.
    pub sources: &'a Sources,
    /// The folder of its version.
    pub record: &'a Record,
    /// Its journal.
    pub journal: &'a Stream<Event>,
    /// The policy in force.
    pub policy: &'a Effective,
    /// Its digest.
    pub policy_digest: Digest,
    /// Whose signatures count, or why that is not known.
    pub signers: Result<&'a AllowedSigners, &'a str>,
    /// The engines that the project needs.
    pub needed: &'a [Engine],
    /// Whether one person may approve their own work.
    pub single_person: bool,
}

/// A report and a critique that belong to the version, and what follows from them.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// The version.
    pub version: Version,
    /// Its report.
    pub report: &'a StoredReport,
    /// The report's digest.
    pub report_digest: Digest,
    /// The critique of that report, and its own digest; `None` where there is none yet.
    pub critique: Option<(&'a Critique, Digest)>,
    /// What the engines answered.
    pub answers: Answers,
}

impl<'a> Case<'a> {
    /// The journal, to ask.
    #[must_use]
    pub const fn history(&self) -> History<'a> {
        History::new(self.journal)
    }

    /// The workflow's id.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.workflow.ir.id.value.as_str()
    }

    /// The version that the file says, once the folder holds just this content under that version.
    ///
    /// # Errors
    /// `NotVerified`, `OtherVersion`, `Changed`, `Frozen`, `Record`.
    pub fn version(&self) -> Result<Version, Reason> {
        let number = self.workflow.ir.version.value;
        let version = Version {
            number,
            digest: self.digest,
        };
        if !self.record.exists() {
            return Err(match self.history().last_approved() {
                Some(other) if other != number => self.placed(
                    Cause::OtherVersion,
                    format!("version {other} is the one that was approved; the file says version {number}"),
                    self.workflow.ir.version.span,
                ),
                Some(_) | None => Reason::new(
                    Cause::NotVerified,
                    format!("version {number} of `{}` was never verified in this project", self.id()),
                ),
            });
        }
        let recorded = self.recorded_digest()?;
        let frozen = match &self.record.frozen {
            Part::There(text) => text,
            Part::Absent => return Err(missing("workflow.yaml")),
            Part::Broken(why) => return Err(Reason::new(Cause::Record, why.clone())),
        };
        // Byte for byte the same file says the same.
        let same_text = self
            .sources
            .get(SourceId(0))
            .is_some_and(|f| f.text == *frozen);
        if same_text && recorded == self.digest {
            return Ok(version);
        }
        self.against_frozen(frozen, recorded)?;
        Ok(version)
    }

    fn recorded_digest(&self) -> Result<Digest, Reason> {
        match &self.record.digest {
            Part::There(text) => text.trim().parse().map_err(|e| {
                Reason::new(
                    Cause::Record,
                    format!("{}/digest: {e}", self.record.folder.display()),
                )
            }),
            Part::Absent => Err(missing("digest")),
            Part::Broken(why) => Err(Reason::new(Cause::Record, why.clone())),
        }
    }

    /// Compares the file, the frozen file and the digest that the folder gives for it.
    fn against_frozen(&self, frozen: &str, recorded: Digest) -> Result<(), Reason> {
        // Its own source would shadow the user's file; no place of it is shown.
        let parsed = parse_workflow(SourceId(0), frozen).map_err(|_| {
            Reason::new(
                Cause::Frozen,
                "the frozen workflow.yaml of the record is no workflow any more",
            )
        })?;
        let refined = self
            .workflow
            .refinement
            .as_ref()
            .map(|r| digest_of(&r.refined));
        let computed = canonical::digest(&parsed.value, refined.as_ref());
        let edited = || {
            Reason::new(
                Cause::Frozen,
                "the frozen workflow.yaml of the record is not what its digest says",
            )
        };
        if recorded == self.digest {
            return if computed == recorded {
                Ok(())
            } else {
                Err(edited())
            };
        }
        let by_refined = parsed.value.refines.is_some() && refined.is_some();
        if computed == self.digest || (computed != recorded && !by_refined) {
            return Err(edited());
        }
        Err(match difference::first(&parsed.value, &self.workflow.ir) {
            Some(found) => {
                let told = |value: Option<String>| {
                    value.map_or_else(|| "absent".to_owned(), |v| format!("`{v}`"))
                };
                let message = format!(
                    "{} changed since version {} was verified: it was {}, it is {}",
                    found.what,
                    self.workflow.ir.version.value,
                    told(found.was),
                    told(found.is)
                );
                self.placed(Cause::Changed, message, found.span)
            }
            None => Reason::new(
                Cause::Changed,
                format!(
                    "the workflow that `{}` refines changed since version {} was verified",
                    self.id(),
                    self.workflow.ir.version.value
                ),
            ),
        })
    }

    fn placed(&self, cause: Cause, message: String, span: Span) -> Reason {
        Reason {
            cause,
            message,
            place: Place::of(self.sources, span),
        }
    }

    /// The report and the critique, once they are about this version and each other.
    ///
    /// # Errors
    /// `NoReport`, `ReportOther`, `CritiqueOther`, `Record`.
    pub fn standing(&self, version: Version) -> Result<Standing<'a>, Reason> {
        let report = match &self.record.report {
            Part::There(report) => report,
            Part::Absent => return Err(Reason::new(Cause::NoReport, "report.json is not there")),
            Part::Broken(why) => return Err(Reason::new(Cause::Record, why.clone())),
        };
        let about = &report.data;
        let same = about.workflow.as_deref() == Some(self.id())
            && about.version == Some(version.number)
            && about.digest == version.digest.to_string();
        if !same {
            return Err(Reason::new(
                Cause::ReportOther,
                format!(
                    "report.json is about {} version {} ({})",
                    about.workflow.as_deref().unwrap_or("a policy"),
                    about
                        .version
                        .map_or_else(|| "?".to_owned(), |v| v.to_string()),
                    short(&about.digest)
                ),
            ));
        }
        let report_digest = report.digest();
        Ok(Standing {
            version,
            report,
            report_digest,
            critique: self.critique(version, report_digest)?,
            answers: Answers::of(&report.data, &report.findings, self.properties, self.needed),
        })
    }

    fn critique(
        &self,
        version: Version,
        report: Digest,
    ) -> Result<Option<(&'a Critique, Digest)>, Reason> {
        let critique = match &self.record.critique {
            Part::There(critique) => critique,
            Part::Absent => return Ok(None),
            Part::Broken(why) => return Err(Reason::new(Cause::Record, why.clone())),
        };
        let other = |what: String| Err(Reason::new(Cause::CritiqueOther, what));
        if critique.workflow != self.id() || critique.target_version != version.number {
            return other(format!(
                "critique.json is about {} version {}",
                critique.workflow, critique.target_version
            ));
        }
        if critique.digest != version.digest {
            return other(format!(
                "critique.json is about another content of version {}",
                version.number
            ));
        }
        if critique.report != report {
            return other("critique.json is about another report of this version".to_owned());
        }
        let digest = critique
            .own_digest()
            .map_err(|e| Reason::new(Cause::Record, format!("critique.json: {e}")))?;
        Ok(Some((critique, digest)))
    }
}

fn missing(name: &str) -> Reason {
    Reason::new(Cause::Record, format!("{name} of the record is not there"))
}

/// The digest of a workflow (S-12), by those of the workflows it refines.
#[must_use]
pub fn digest_of(checked: &CheckedWorkflow) -> Digest {
    let refined = checked.refinement.as_ref().map(|r| digest_of(&r.refined));
    canonical::digest(&checked.ir, refined.as_ref())
}

/// The first digits of a digest, for a sentence.
#[must_use]
pub fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// What is decided about: the standing, the waivers that count, and the people.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The report and the critique.
    pub standing: &'a Standing<'a>,
    /// The waivers that count.
    pub waivers: &'a [Waiver],
    /// Those who give authority, the one being decided included.
    pub people: &'a [Approver<'a>],
    /// The authors of the version.
    pub authors: &'a [&'a Identity],
    /// Revisions since the last approval.
    pub round: usize,
    /// Whether one person may approve their own work.
    pub single_person: bool,
}

impl Facts<'_> {
    /// Whether an author of the version is among the people.
    #[must_use]
    pub fn by_author(&self) -> bool {
        super::history::author_among(self.people, self.authors)
    }

    /// The inputs for every action but `waive`.
    #[must_use]
    pub fn inputs(&self) -> PolicyInputs {
        let aligned = self.standing.critique.is_some();
        let reasons = self.waivers.iter().all(|w| !w.reason.trim().is_empty());
        self.all(aligned, reasons)
    }

    /// The inputs for a waiver with this reason. A critique need not be there yet; one that is there is about this report.
    #[must_use]
    pub fn waive_inputs(&self, reason: &str) -> PolicyInputs {
        self.all(true, !reason.trim().is_empty())
    }

    fn all(&self, aligned: bool, reasons: bool) -> PolicyInputs {
        let Standing {
            report,
            critique,
            answers,
            ..
        } = self.standing;
        let open = |severity| open(&report.findings, self.waivers, severity);
        let accepts = critique
            .as_ref()
            .is_some_and(|(c, _)| c.decision == CriticDecision::Accept);
        PolicyInputs::none()
            .number(PolicyInput::Blocking, open(Severity::Blocking))
            .number(PolicyInput::Warning, open(Severity::Warning))
            .number(PolicyInput::Info, open(Severity::Info))
            .number(PolicyInput::Waived, self.waivers.len())
            .number(PolicyInput::OpenObligations, answers.open_obligations)
            .number(PolicyInput::HumanApprovals, distinct(self.people))
            .number(PolicyInput::Round, self.round)
            .truth(PolicyInput::Aligned, aligned)
            .truth(PolicyInput::CriticAccepts, accepts)
            .truth(PolicyInput::EnginesAgree, answers.agree)
            .truth(PolicyInput::Complete, answers.complete)
            .truth(
                PolicyInput::ProofComplete,
                answers.proved && self.waivers.is_empty(),
            )
            .truth(
                PolicyInput::AuthorApproves,
                self.by_author() && !self.single_person,
            )
            .truth(PolicyInput::WaiverHasReason, reasons)
            // A workflow has no session of peers that could lock it.
            .truth(PolicyInput::Locked, false)
    }
}

/// The ids of the obligations that a report leaves open, sorted.
#[must_use]
pub fn obligations(report: &StoredReport) -> Vec<String> {
    let word = FindingKind::OpenObligation.word();
    let mut ids: Vec<String> = report
        .findings
        .iter()
        .filter(|f| f.kind == word)
        .map(|f| f.id.clone())
        .collect();
    ids.sort();
    ids
}

/// What a person who approves this now would put their name to; `None` without a critique.
#[must_use]
pub fn approvable(case: &Case<'_>, standing: &Standing<'_>) -> Option<Approved> {
    let (_, critique) = standing.critique?;
    let findings = &standing.report.findings;
    Some(Approved {
        workflow: case.id().to_owned(),
        version: standing.version.number,
        digest: standing.version.digest,
        report: standing.report_digest,
        critique,
        policy: case.policy_digest,
        waivers: case
            .history()
            .waivers(standing.version, standing.report_digest, findings),
        open_obligations: obligations(standing.report),
    })
}
