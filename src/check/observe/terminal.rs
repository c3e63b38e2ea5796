//! `missing_assumption` (no `terminal:`) and `missing_reject_path` (no `failure:`).

use crate::check::CheckedWorkflow;
use crate::finding::{FindingKind, Observation, Subject, SubjectKind};
use crate::ir::workflow::TerminalKind;

/// Without `terminal:` nobody has said where runs end (S-7).
pub(super) fn missing_assumption(w: &CheckedWorkflow) -> Option<Observation> {
    w.ir.terminal.is_none().then(|| Observation {
        kind: FindingKind::MissingAssumption,
        subject: Subject::new(SubjectKind::Workflow, "terminal"),
        spans: vec![w.ir.id.span],
        words: vec![
            "Where runs end is not declared.".to_owned(),
            "Add `terminal: {success: […], failure: […]}`, or `terminal: none` if it runs for ever by design.".to_owned(),
        ],
        trace: None,
        core: Vec::new(),
    })
}

/// Terminals without `failure:`; `failure: []` says that there is none on purpose.
pub(super) fn missing_reject_path(w: &CheckedWorkflow) -> Option<Observation> {
    let terminal = w.ir.terminal.as_ref()?;
    match &terminal.kind {
        TerminalKind::Never
        | TerminalKind::Declared {
            failure: Some(_), ..
        } => None,
        TerminalKind::Declared { failure: None, .. } => Some(Observation {
            kind: FindingKind::MissingRejectPath,
            subject: Subject::new(SubjectKind::Workflow, "terminal"),
            spans: vec![terminal.span],
            words: vec![
                "No way to end in failure is declared.".to_owned(),
                "Add `failure: […]` to `terminal`, or `failure: []` if it cannot fail.".to_owned(),
            ],
            trace: None,
            core: Vec::new(),
        }),
    }
}
