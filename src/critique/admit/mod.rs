//! Whether a critique may be believed: it is about this version and this report, names only what is there, lowers nothing,
//! and says of everything it calls acceptable that a person has to waive it.

mod error;
mod names;
mod texts;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use error::AdmitError;
use names::Names;

use super::case::Case;
use super::criticize::Target;
use crate::check::CheckedWorkflow;
use crate::finding::Severity;
use crate::finding::critique::{
    Change, CriticDecision, Critique, FORMAT, Issue, IssueType, RecommendedChange,
};

/// A critique that was admitted. Only [`admit`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    critique: Critique,
    waivers: Vec<ProposedWaiver>,
}

/// A finding that the critic calls acceptable, as the report weighs it. Nothing is waived by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedWaiver {
    /// The finding.
    pub finding: String,
    /// How severe it is and stays.
    pub severity: Severity,
    /// Its title in the report.
    pub title: String,
    /// Why the critic would accept it.
    pub reason: String,
}

impl Admitted {
    /// The critique.
    #[must_use]
    pub const fn critique(&self) -> &Critique {
        &self.critique
    }

    /// What it calls acceptable, for a person to decide.
    #[must_use]
    pub fn waivers(&self) -> &[ProposedWaiver] {
        &self.waivers
    }

    /// The critique alone.
    #[must_use]
    pub fn into_critique(self) -> Critique {
        self.critique
    }
}

/// Admits a critique of the version `about`, whose report has these findings.
///
/// # Errors
/// Everything that is wrong with it, in the order of the document.
pub fn admit(
    critique: &Critique,
    about: &Target,
    findings: &[Case],
    workflow: &CheckedWorkflow,
) -> Result<Admitted, Vec<AdmitError>> {
    let mut errors = Vec::new();
    addressed(critique, about, &mut errors);
    texts::limits(critique, &mut errors);
    issues(critique, findings, &mut errors);
    changes(critique, workflow, &mut errors);
    let waivers = waivers(critique, findings, &mut errors);
    if critique.decision == CriticDecision::Accept {
        for open in findings.iter().filter(|f| f.severity == Severity::Blocking) {
            if !critique
                .waiver_proposals
                .iter()
                .any(|w| w.finding == open.id)
            {
                errors.push(AdmitError::AcceptsBlocking {
                    finding: open.id.clone(),
                });
            }
        }
    }
    if errors.is_empty() {
        Ok(Admitted {
            critique: critique.clone(),
            waivers,
        })
    } else {
        Err(errors)
    }
}

/// Format, workflow, version, digest and report are those at hand.
fn addressed(critique: &Critique, about: &Target, errors: &mut Vec<AdmitError>) {
    if critique.format != FORMAT {
        errors.push(AdmitError::Format {
            found: critique.format,
        });
    }
    if critique.workflow != about.workflow {
        errors.push(AdmitError::OtherWorkflow {
            found: critique.workflow.clone(),
            wanted: about.workflow.clone(),
        });
    }
    if critique.target_version != about.version {
        errors.push(AdmitError::OtherVersion {
            found: critique.target_version,
            wanted: about.version,
        });
    }
    if critique.digest != about.digest {
        errors.push(AdmitError::OtherDigest {
            found: critique.digest,
            wanted: about.digest,
        });
    }
    if critique.report != about.report {
        errors.push(AdmitError::OtherReport {
            found: critique.report,
            wanted: about.report,
        });
    }
}

fn issues(critique: &Critique, findings: &[Case], errors: &mut Vec<AdmitError>) {
    let mut seen = BTreeSet::new();
    for issue in &critique.issues {
        if !seen.insert(issue.id.as_str()) {
            errors.push(AdmitError::TwoIssues {
                issue: issue.id.clone(),
            });
        }
        for id in &issue.findings {
            match findings.iter().find(|f| f.id == *id) {
                Some(finding) => weighs(issue, finding, errors),
                None => errors.push(AdmitError::UnknownFinding {
                    place: format!("issue {}", issue.id),
                    finding: id.clone(),
                }),
            }
        }
    }
}

/// An issue weighs at least what each of its findings does. Severities are ordered, the heaviest first.
fn weighs(issue: &Issue, finding: &Case, errors: &mut Vec<AdmitError>) {
    if issue.severity > finding.severity {
        errors.push(AdmitError::LowersSeverity {
            issue: issue.id.clone(),
            finding: finding.id.clone(),
        });
    }
    if issue.kind == IssueType::AbstractionDebt && finding.severity == Severity::Blocking {
        errors.push(AdmitError::DebtForBlocking {
            issue: issue.id.clone(),
            finding: finding.id.clone(),
        });
    }
}

fn changes(critique: &Critique, workflow: &CheckedWorkflow, errors: &mut Vec<AdmitError>) {
    let mut names = Names::of(workflow);
    let mut questions = BTreeSet::new();
    for (n, change) in critique.recommended_changes.iter().enumerate() {
        let place = format!("change {}", n + 1);
        answers(critique, change, &place, errors);
        let Change::AskHuman { id, options, .. } = &change.change else {
            names.change(&change.change, &place, errors);
            continue;
        };
        let mut chosen = BTreeSet::new();
        let distinct = options.iter().all(|o| chosen.insert(o.id.as_str()));
        if options.len() < 2 || !distinct || !questions.insert(id.as_str()) {
            errors.push(AdmitError::Question {
                question: id.clone(),
            });
        }
        // What follows may build on any answer.
        let before = names.clone();
        for option in options {
            let mut after = before.clone();
            for inner in &option.changes {
                let place = format!("{place}, option {}", option.id);
                answers(critique, inner, &place, errors);
                if matches!(inner.change, Change::AskHuman { .. }) {
                    errors.push(AdmitError::Question {
                        question: id.clone(),
                    });
                } else {
                    after.change(&inner.change, &place, errors);
                }
            }
            names.join(after);
        }
    }
}

fn answers(
    critique: &Critique,
    change: &RecommendedChange,
    place: &str,
    errors: &mut Vec<AdmitError>,
) {
    for id in &change.answers {
        if !critique.issues.iter().any(|i| i.id == *id) {
            errors.push(AdmitError::UnknownIssue {
                place: place.to_owned(),
                issue: id.clone(),
            });
        }
    }
}

fn waivers(
    critique: &Critique,
    findings: &[Case],
    errors: &mut Vec<AdmitError>,
) -> Vec<ProposedWaiver> {
    let mut proposed = Vec::new();
    let mut seen = BTreeSet::new();
    for waiver in &critique.waiver_proposals {
        if !seen.insert(waiver.finding.as_str()) {
            errors.push(AdmitError::TwoWaivers {
                finding: waiver.finding.clone(),
            });
        }
        match findings.iter().find(|f| f.id == waiver.finding) {
            Some(finding) => proposed.push(ProposedWaiver {
                finding: finding.id.clone(),
                severity: finding.severity,
                title: finding.title.clone(),
                reason: waiver.reason.clone(),
            }),
            None => errors.push(AdmitError::UnknownFinding {
                place: "waiverProposals".to_owned(),
                finding: waiver.finding.clone(),
            }),
        }
    }
    proposed
}
