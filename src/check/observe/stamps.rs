//! `hidden_staleness`: a copied stamp that its source does not have (S-5).

use crate::check::CheckedWorkflow;
use crate::finding::{FindingKind, Observation, Subject, SubjectKind};
use crate::ir::EvId;

/// One for each evidence recorded `from` something that says nothing of some of its artifacts.
pub(super) fn hidden_staleness(w: &CheckedWorkflow) -> Vec<Observation> {
    let symbols = &w.symbols;
    let of = |e: EvId| symbols.evidence.get(e.ix()).map_or(&[][..], |s| &s.of);
    let mut found = Vec::new();
    for t in &w.transitions {
        for record in &t.record {
            let Some(source) = record.from else { continue };
            let hidden: Vec<&str> = of(record.evidence)
                .iter()
                .filter(|a| !of(source).contains(a))
                .map(|a| symbols.art_name(*a))
                .collect();
            if hidden.is_empty() {
                continue;
            }
            let (made, from) = (symbols.ev_name(record.evidence), symbols.ev_name(source));
            let hidden = hidden.join(", ");
            found.push(Observation {
                kind: FindingKind::HiddenStaleness,
                subject: Subject::new(SubjectKind::Use, format!("{}/{made}", t.name)),
                spans: vec![record.span],
                words: vec![
                    format!(
                        "`{}` records `{made}` from `{from}`, which has no stamp of {hidden}.",
                        t.name
                    ),
                    format!("`{made}` is taken to be current in {hidden} however old `{from}` is."),
                ],
                trace: None,
                core: Vec::new(),
            });
        }
    }
    found
}
