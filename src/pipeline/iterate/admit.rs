//! Whether a critique at the table may be believed: as everywhere else.

use crate::agent::seat::Judged;
use crate::critique::{Case, Target, admit};
use crate::finding::Critique;

/// Whether it is about exactly this version and this report, and may be believed.
///
/// # Errors
/// Everything that keeps it from being admitted.
pub fn critique(judged: &Judged, critique: &Critique) -> Result<(), String> {
    let standing = &judged.standing;
    let ir = &standing.checked.ir;
    let about = Target {
        workflow: ir.id.value.to_string(),
        version: ir.version.value,
        digest: standing.digest,
        report: judged.report.digest(),
    };
    let findings = Case::stored(&judged.report.findings).map_err(|e| e.to_string())?;
    match admit(critique, &about, &findings, &standing.checked) {
        Ok(_) => Ok(()),
        Err(errors) => {
            let told: Vec<String> = errors
                .iter()
                .map(|e| format!("{e} [{}]", e.code()))
                .collect();
            Err(told.join("; "))
        }
    }
}
