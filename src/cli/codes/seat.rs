//! Why a seat cannot be filled as wished.

use super::Code;

/// In the order of the alphabet.
pub(super) const CODES: &[Code] = &[
    (
        "TRIB-SEAT-EDITOR",
        "A seat is to be filled by a person, and no person can be asked: there is no terminal, or no editor is named.",
        "Run it in a terminal with VISUAL or EDITOR set, or choose `rules` or `model`.",
    ),
    (
        "TRIB-SEAT-NO-PROVIDER",
        "A seat is to be filled by a model, and no provider is set up.",
        "Name one with `--provider` or SPEC_PROVIDER, or choose `rules` or `editor`.",
    ),
];
