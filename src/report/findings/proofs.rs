//! Findings about proofs.

use super::{Doc, Weight};
use crate::finding::{FindingKind, Severity};

pub(super) const OPEN_OBLIGATION: Doc = Doc {
    kind: FindingKind::OpenObligation,
    title: "`{subject}` is not proved yet",
    label: "a goal is left open",
    weight: Weight::Always(Severity::Warning),
    means: "A proof was asked of Lean and at least one goal is left. Nothing is known to be wrong; it is not known to be right either.",
    when: "Lean was asked for a proof of a property, and its kernel did not accept one for every goal.",
    example: None,
    fix: "State what the step relies on as an `always` and mark it `lemma: true`: lemmas are proved together and are known in every \
          other proof. Z3's step that breaks induction, where there is one, shows what is missing. Or waive it with a reason.",
    hint: "state what the step relies on as an `always` with `lemma: true`",
};

pub(super) const UNSOUND_PROOF: Doc = Doc {
    kind: FindingKind::UnsoundProof,
    title: "the proof of `{subject}` does not count",
    label: "not a proof",
    weight: Weight::Always(Severity::Blocking),
    means: "Lean accepted the file, but the proof rests on something that can prove anything, or the file is not the one that was generated.",
    when: "The text outside the proof slots differs from what was generated, a token outside the allow-list occurs (`axiom`, `native_decide`, \
           `unsafe`, ...), a theorem depends on other axioms than Lean's own three, or a restated theorem does not check.",
    example: None,
    fix: "Remove what is named and prove the goal.",
    hint: "remove what is named and prove the goal",
};
