//! A finding as a critique needs it, from a report just made or from one that was stored. Both give the same cases, so a
//! critique does not depend on which of them was read.

use crate::finding::{FindingKind, Severity, Subject, SubjectKind};
use crate::report::render::json::FindingJson;
use crate::report::{Finding, Report, RunStep, Shown};

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: FindingKind,
    /// How severe it is.
    pub severity: Severity,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub subject: Subject,
    /// The property it comes from.
    pub property: Option<String>,
    /// The run that shows it; entry 0 is the initial state, empty where there is none.
    pub steps: Vec<Step>,
    /// The entry the run comes back to for ever.
    pub loop_from: Option<usize>,
    /// The conditions or rules that cause it.
    pub core: Vec<String>,
}

/// One entry of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The transition; `None` in entry 0.
    pub transition: Option<String>,
    /// What has a new value, by name; everything in entry 0.
    pub changed: Vec<(String, Shown)>,
}

/// A stored finding that this program cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stored finding {id} has a {what} that this program does not know: `{word}`")]
pub struct UnknownWord {
    /// The finding.
    pub id: String,
    /// `kind` or `subject`.
    pub what: &'static str,
    /// As stored.
    pub word: String,
}

impl Case {
    /// All findings of a report, in its order.
    #[must_use]
    pub fn all(report: &Report) -> Vec<Self> {
        report.findings.iter().map(Self::of).collect()
    }

    /// All findings of a stored report, in its order.
    ///
    /// # Errors
    /// For a word that no finding of this program has.
    pub fn stored(findings: &[FindingJson]) -> Result<Vec<Self>, UnknownWord> {
        findings.iter().map(Self::read).collect()
    }

    fn of(finding: &Finding) -> Self {
        let run = finding.run.as_ref();
        Self {
            id: finding.id.clone(),
            kind: finding.kind,
            severity: finding.severity,
            title: finding.title.clone(),
            subject: finding.subject.clone(),
            property: finding.property.clone(),
            steps: run.map_or_else(Vec::new, |r| {
                let step = |s: &RunStep| {
                    let mut changed = s.changed.clone();
                    changed.sort_by(|a, b| a.0.cmp(&b.0));
                    Step {
                        transition: s.transition.clone(),
                        changed,
                    }
                };
                r.steps.iter().map(step).collect()
            }),
            loop_from: run.and_then(|r| r.loop_from),
            core: finding.core.iter().map(|c| c.name.clone()).collect(),
        }
    }

    fn read(finding: &FindingJson) -> Result<Self, UnknownWord> {
        let unknown = |what, word: &str| UnknownWord {
            id: finding.id.clone(),
            what,
            word: word.to_owned(),
        };
        let kind =
            FindingKind::from_word(&finding.kind).ok_or_else(|| unknown("kind", &finding.kind))?;
        let subject = SubjectKind::from_word(&finding.subject.kind)
            .ok_or_else(|| unknown("subject", &finding.subject.kind))?;
        let steps = finding.trace.iter().map(|s| Step {
            transition: s.transition.clone(),
            changed: s
                .changed
                .iter()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        });
        Ok(Self {
            id: finding.id.clone(),
            kind,
            severity: finding.severity,
            title: finding.title.clone(),
            subject: Subject::new(subject, &finding.subject.name),
            property: finding.property.clone(),
            steps: steps.collect(),
            loop_from: finding.loop_from,
            core: finding.core.iter().map(|c| c.name.clone()).collect(),
        })
    }

    /// The control states of the run, entry by entry.
    #[must_use]
    pub fn control(&self) -> Vec<String> {
        let mut at = String::new();
        let mut states = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            if let Some((_, now)) = step.changed.iter().find(|(name, _)| name == "state") {
                at = now.to_string();
            }
            states.push(at.clone());
        }
        states
    }

    /// The last transition of the run.
    #[must_use]
    pub fn last_transition(&self) -> Option<&str> {
        self.steps.last()?.transition.as_deref()
    }

    /// Whether it is about this sort of thing.
    #[must_use]
    pub fn is(&self, kind: FindingKind, subject: SubjectKind) -> bool {
        self.kind == kind && self.subject.kind == subject
    }
}
