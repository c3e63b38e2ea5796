//! Why a critique is refused, each reason with its own code.

use crate::ir::Digest;
use crate::report::plain;

/// One reason. Texts of the critique are cut and made harmless before they are shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum AdmitError {
    #[error("the critique has format {found}, which this program does not read")]
    Format { found: u32 },
    #[error("the critique is about the workflow `{}`, not `{}`", shown(.found), shown(.wanted))]
    OtherWorkflow { found: String, wanted: String },
    #[error("the critique is about version {found}, not {wanted}")]
    OtherVersion { found: u32, wanted: u32 },
    #[error("the critique is about another content of this version: {found}, not {wanted}")]
    OtherDigest { found: Digest, wanted: Digest },
    #[error("the critique is about another report: {found}, not {wanted}")]
    OtherReport { found: Digest, wanted: Digest },
    #[error("{}: the report has no finding `{}`", shown(.place), shown(.finding))]
    UnknownFinding { place: String, finding: String },
    #[error("{}: the critique has no issue `{}`", shown(.place), shown(.issue))]
    UnknownIssue { place: String, issue: String },
    #[error("{}: there is no {what} `{}`", shown(.place), shown(.name))]
    UnknownName {
        place: String,
        what: &'static str,
        name: String,
    },
    #[error("issue {} weighs less than the finding {} that it answers", shown(.issue), shown(.finding))]
    LowersSeverity { issue: String, finding: String },
    #[error("issue {} calls the blocking finding {} abstraction debt", shown(.issue), shown(.finding))]
    DebtForBlocking { issue: String, finding: String },
    #[error("the critique accepts, yet the blocking finding {} is open and no waiver is proposed for it", shown(.finding))]
    AcceptsBlocking { finding: String },
    #[error("two issues have the name `{}`", shown(.issue))]
    TwoIssues { issue: String },
    #[error("two waivers are proposed for the finding {}", shown(.finding))]
    TwoWaivers { finding: String },
    #[error("the question `{}` needs a name of its own, two options or more with different names, and no question inside", shown(.question))]
    Question { question: String },
    #[error("{}: {what} has {found} characters, at most {most} are taken", shown(.place))]
    TooLong {
        place: String,
        what: &'static str,
        found: usize,
        most: usize,
    },
    #[error("the critique has {found} {what}, at most {most} are taken")]
    TooMany {
        what: &'static str,
        found: usize,
        most: usize,
    },
}

impl AdmitError {
    /// Every code of this enum.
    pub const ALL: &'static [&'static str] = &[
        "TRIB-CRITIQUE-ACCEPT",
        "TRIB-CRITIQUE-DEBT",
        "TRIB-CRITIQUE-DIGEST",
        "TRIB-CRITIQUE-FINDING",
        "TRIB-CRITIQUE-FORMAT",
        "TRIB-CRITIQUE-ISSUE",
        "TRIB-CRITIQUE-LENGTH",
        "TRIB-CRITIQUE-NAME",
        "TRIB-CRITIQUE-QUESTION",
        "TRIB-CRITIQUE-REPORT",
        "TRIB-CRITIQUE-SEVERITY",
        "TRIB-CRITIQUE-TWICE",
        "TRIB-CRITIQUE-VERSION",
        "TRIB-CRITIQUE-WORKFLOW",
    ];

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Format { .. } => "TRIB-CRITIQUE-FORMAT",
            Self::OtherWorkflow { .. } => "TRIB-CRITIQUE-WORKFLOW",
            Self::OtherVersion { .. } => "TRIB-CRITIQUE-VERSION",
            Self::OtherDigest { .. } => "TRIB-CRITIQUE-DIGEST",
            Self::OtherReport { .. } => "TRIB-CRITIQUE-REPORT",
            Self::UnknownFinding { .. } => "TRIB-CRITIQUE-FINDING",
            Self::UnknownIssue { .. } => "TRIB-CRITIQUE-ISSUE",
            Self::UnknownName { .. } => "TRIB-CRITIQUE-NAME",
            Self::LowersSeverity { .. } => "TRIB-CRITIQUE-SEVERITY",
            Self::DebtForBlocking { .. } => "TRIB-CRITIQUE-DEBT",
            Self::AcceptsBlocking { .. } => "TRIB-CRITIQUE-ACCEPT",
            Self::TwoIssues { .. } | Self::TwoWaivers { .. } => "TRIB-CRITIQUE-TWICE",
            Self::Question { .. } => "TRIB-CRITIQUE-QUESTION",
            Self::TooLong { .. } | Self::TooMany { .. } => "TRIB-CRITIQUE-LENGTH",
        }
    }

    /// What to do.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Format { .. } => "use a program of the version that wrote it",
            Self::OtherWorkflow { .. }
            | Self::OtherVersion { .. }
            | Self::OtherDigest { .. }
            | Self::OtherReport { .. } => {
                "a critique counts for one version and one report; run `tribunal critique` again"
            }
            Self::UnknownFinding { .. } => "name a finding of the report by its id",
            Self::UnknownIssue { .. } => "name an issue of this critique",
            Self::UnknownName { .. } => {
                "name what the workflow declares, or what an earlier change adds"
            }
            Self::LowersSeverity { .. } => {
                "an issue is at least as severe as what it answers; suggest a waiver instead"
            }
            Self::DebtForBlocking { .. } => "what blocks is a correctness risk",
            Self::AcceptsBlocking { .. } => {
                "recommend a revision, or suggest a waiver that a person decides on"
            }
            Self::TwoIssues { .. } | Self::TwoWaivers { .. } => "keep one of them",
            Self::Question { .. } => "give the person at least two ways to go",
            Self::TooLong { .. } | Self::TooMany { .. } => "say it in fewer words",
        }
    }
}

/// A text of the critique in a message: one line, harmless, at most 80 characters.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    let cut = if short.len() < text.len() { "…" } else { "" };
    format!("{}{cut}", plain::line(&short))
}
