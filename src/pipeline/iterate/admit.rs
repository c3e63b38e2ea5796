//! Whether a critique may be believed.

use crate::agent::seat::Judged;
use crate::finding::Critique;

/// Whether it is about exactly this version and this report.
///
/// # Errors
/// What differs.
pub fn critique(judged: &Judged, critique: &Critique) -> Result<(), String> {
    let standing = &judged.standing;
    let ir = &standing.checked.ir;
    if critique.workflow != ir.id.value.as_str()
        || critique.target_version != ir.version.value
        || critique.digest != standing.digest
    {
        return Err("it is about another version".to_owned());
    }
    if critique.report != judged.report.digest() {
        return Err("it is about another report".to_owned());
    }
    Ok(())
}
