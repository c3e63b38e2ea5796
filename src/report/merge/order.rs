//! Findings by kind and subject: what two engines say about one thing becomes one, and the order of a report.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{FindingKind, Subject, SubjectKind};
use crate::model::System;
use crate::report::outcome::Finding;

/// All findings so far, one per kind and subject.
#[derive(Default)]
pub(super) struct Findings(BTreeMap<(FindingKind, Subject), Finding>);

impl Findings {
    /// Adds one; what is there already keeps its title, and gains what it lacks.
    pub(super) fn add(&mut self, finding: Finding) {
        let key = (finding.kind, finding.subject.clone());
        let Some(known) = self.0.get_mut(&key) else {
            self.0.insert(key, finding);
            return;
        };
        known.confirmed_by.extend(finding.confirmed_by);
        known.confirmed_by.sort_unstable();
        known.confirmed_by.dedup();
        known.severity = known.severity.min(finding.severity);
        for span in finding.spans {
            if !known.spans.contains(&span) {
                known.spans.push(span);
            }
        }
        for note in finding.notes {
            if !known.notes.contains(&note) && known.title != note {
                known.notes.push(note);
            }
        }
        if known.run.is_none() {
            known.run = finding.run;
        }
        if known.core.is_empty() {
            known.core = finding.core;
        }
        known.property = known.property.take().or(finding.property);
    }

    /// Adds several.
    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.add(finding);
        }
    }

    /// The names of subjects of this sort that have a finding of this kind.
    pub(super) fn subjects(&self, kind: FindingKind, sort: SubjectKind) -> BTreeSet<String> {
        self.0
            .keys()
            .filter(|(k, s)| *k == kind && s.kind == sort)
            .map(|(_, s)| s.name.clone())
            .collect()
    }

    /// The findings of a report: most severe first, then by kind, by place, by subject.
    pub(super) fn sorted(self, system: Option<&System>) -> Vec<Finding> {
        let mut all: Vec<Finding> = self
            .0
            .into_values()
            .filter(|f| !repeats(system, f))
            .collect();
        all.sort_by(|a, b| {
            let key = |f: &Finding| (f.severity, f.kind, f.spans.first().copied());
            key(a).cmp(&key(b)).then_with(|| a.subject.cmp(&b.subject))
        });
        all
    }
}

/// Whether a finding only repeats what the file expects: a vacuous property that is meant to fail is told as `expectation`.
fn repeats(system: Option<&System>, finding: &Finding) -> bool {
    finding.kind == FindingKind::Vacuous
        && finding.subject.kind == SubjectKind::Property
        && system.is_some_and(|s| {
            s.properties
                .iter()
                .any(|p| p.id == finding.subject.name && p.expect_violated)
        })
}
