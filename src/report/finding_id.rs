//! The stable id of a finding: the same kind about the same subject has the same id in every run, whoever found it.

use sha2::{Digest, Sha256};

use crate::finding::{FindingKind, Subject};

/// `F-` and ten hexadecimal digits of SHA-256 over kind and subject.
#[must_use]
pub fn finding_id(kind: FindingKind, subject: &Subject) -> String {
    let text = format!("{}\n{}\n{}", kind.word(), subject.kind.word(), subject.name);
    let hash = Sha256::digest(text.as_bytes());
    let hex: String = hash.iter().take(5).map(|b| format!("{b:02x}")).collect();
    format!("F-{hex}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::SubjectKind;

    #[test]
    fn the_id_depends_on_kind_sort_and_name_and_never_changes() {
        let state = Subject::new(SubjectKind::State, "Draft");
        let id = finding_id(FindingKind::Deadlock, &state);
        // printf 'deadlock\nstate\nDraft' | sha256sum
        assert_eq!(id, "F-27ffe3c702");
        assert_ne!(id, finding_id(FindingKind::UnreachableState, &state));
        assert_ne!(
            id,
            finding_id(
                FindingKind::Deadlock,
                &Subject::new(SubjectKind::Actor, "Draft")
            )
        );
        assert_ne!(
            id,
            finding_id(
                FindingKind::Deadlock,
                &Subject::new(SubjectKind::State, "Built")
            )
        );
    }
}
