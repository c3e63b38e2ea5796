//! The words a report can conclude with, for one property and for the whole.

/// What a report concludes about one property. Only `Holds` is a pass.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PropertyVerdict {
    /// Every needed engine that was asked and knows says so.
    Holds,
    /// Some engine refutes it, and its run replays.
    Violated,
    /// It holds, but for no good reason.
    Vacuous,
    /// No needed engine knows.
    Unknown,
    /// A needed engine is not there or failed.
    Unavailable,
    /// One engine says it holds, another refutes it.
    Disagreement,
    /// It is refuted by a run that does not replay.
    Unreplayable,
}

impl PropertyVerdict {
    /// The word for it in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Violated => "violated",
            Self::Vacuous => "vacuous",
            Self::Unknown => "unknown",
            Self::Unavailable => "unavailable",
            Self::Disagreement => "disagreement",
            Self::Unreplayable => "unreplayable",
        }
    }
}

/// What a report concludes about the whole file.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No blocking finding, no warning, and every property decided.
    Clean,
    /// Warnings only.
    Warnings,
    /// At least one blocking finding.
    Blocking,
    /// Nothing blocks, but a needed answer is missing.
    Inconclusive,
}

impl Verdict {
    /// The word for it in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Warnings => "warnings",
            Self::Blocking => "blocking",
            Self::Inconclusive => "inconclusive",
        }
    }
}
