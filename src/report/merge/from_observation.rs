//! Findings that no property asks for: what the checks and the engines noticed besides.

use crate::finding::{Engine, Observation, SubjectKind};
use crate::model::System;
use crate::report::finding_id::finding_id;
use crate::report::findings::{doc, severity};
use crate::report::outcome::Finding;
use crate::report::plain;
use crate::report::run::Run;

/// The finding of an observation; `by` an engine, or by reading the file.
pub(super) fn finding(system: Option<&System>, seen: &Observation, by: Option<Engine>) -> Finding {
    let property = (seen.subject.kind == SubjectKind::Property).then(|| seen.subject.name.clone());
    let requirement = property.as_ref().is_some_and(|id| {
        system.is_some_and(|s| {
            s.properties
                .iter()
                .any(|p| p.id == *id && p.requirement.is_some())
        })
    });
    let doc = doc(seen.kind);
    let mut words = seen
        .words
        .iter()
        .map(|w| plain::line(w).trim_end_matches('.').to_owned());
    let title = words
        .next()
        .unwrap_or_else(|| doc.title_for(&seen.subject.name));
    Finding {
        id: finding_id(seen.kind, &seen.subject),
        kind: seen.kind,
        severity: severity(seen.kind, &seen.subject, requirement),
        title,
        subject: seen.subject.clone(),
        property,
        spans: seen.spans.clone(),
        run: seen.trace.as_ref().zip(system).map(|(t, s)| Run::of(s, t)),
        core: seen.core.clone(),
        notes: words.collect(),
        suggestions: super::words::hint(doc, &seen.subject.name),
        confirmed_by: by.into_iter().collect(),
    }
}
