//! Why the gate is shut: one reason, the first that differs, with a stable code.

use crate::report::render::places::Place;

/// What kind of no it is; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Not approved, or refused by the policy.
    Shut,
    /// Something changed since, or a digest differs.
    Stale,
    /// A file of the project cannot be read or is not valid.
    Invalid,
    /// Whoever approved may not.
    Refused,
    /// Two decisions contradict each other.
    Conflict,
}

macro_rules! causes {
    ($($(#[doc = $doc:expr])+ $variant:ident = $code:literal, $class:ident, $help:literal);* $(;)?) => {
        /// The reasons, in about the order in which they are looked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Cause { $($(#[doc = $doc])+ $variant),* }

        impl Cause {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// What kind of no it is.
            #[must_use]
            pub const fn class(self) -> Class {
                match self { $(Self::$variant => Class::$class),* }
            }

            /// What to do.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $(Self::$variant => $help),* }
            }
        }
    };
}

causes! {
    /// The journal cannot be read, or its chain is broken.
    Journal = "TRIB-GATE-JOURNAL", Invalid, "restore the journal from version control";
    /// A file of the record cannot be read.
    Record = "TRIB-GATE-RECORD", Invalid, "restore the file from version control, or verify, critique and approve again";
    /// This version was never verified here.
    NotVerified = "TRIB-GATE-NOT-VERIFIED", Shut, "run `tribunal verify`, then `critique`, then `approve`";
    /// Another version is the one that was approved.
    OtherVersion = "TRIB-GATE-VERSION", Stale, "verify, critique and approve this version too";
    /// The file says something else than what was verified under its version.
    Changed = "TRIB-GATE-CHANGED", Stale, "undo the change, or raise `version:`, then verify, critique and approve again";
    /// The frozen file of the record is not what its digest says.
    Frozen = "TRIB-GATE-FROZEN", Stale, "restore the folder from version control, or verify again";
    /// Nobody has approved this version.
    NotApproved = "TRIB-GATE-NOT-APPROVED", Shut, "`tribunal pending` says what is missing";
    /// It was approved, and the approval was taken back.
    Revoked = "TRIB-GATE-REVOKED", Shut, "make a new version";
    /// The version was given up.
    Rejected = "TRIB-GATE-REJECTED", Shut, "make a new version";
    /// The approval does not say what it has to: it is about something else, or does not fit together.
    Approval = "TRIB-GATE-APPROVAL", Stale, "restore approval.json from version control, or approve again";
    /// The journal knows no such approval.
    NotInJournal = "TRIB-GATE-NOT-IN-JOURNAL", Stale, "restore the folder and the journal together, or approve again";
    /// The report is not there.
    NoReport = "TRIB-GATE-NO-REPORT", Stale, "restore report.json from version control, or verify and approve again";
    /// The report is not the one that was approved.
    Report = "TRIB-GATE-REPORT", Stale, "restore report.json from version control, or critique and approve again";
    /// The report is about another version.
    ReportOther = "TRIB-GATE-REPORT-OTHER", Stale, "verify, critique and approve again";
    /// The version was verified again since, with another result.
    NewReport = "TRIB-GATE-REPORT-NEW", Stale, "critique and approve again, on the new report";
    /// The critique is not there.
    NoCritique = "TRIB-GATE-NO-CRITIQUE", Stale, "restore critique.json from version control, or critique and approve again";
    /// The critique is not the one that was approved.
    Critique = "TRIB-GATE-CRITIQUE", Stale, "restore critique.json from version control, or approve again";
    /// The critique is about another version or another report.
    CritiqueOther = "TRIB-GATE-CRITIQUE-OTHER", Stale, "critique and approve again";
    /// The version was criticised again since, with another result.
    NewCritique = "TRIB-GATE-CRITIQUE-NEW", Stale, "approve again, on the new critique";
    /// The policy in force is not the one under which it was approved.
    Policy = "TRIB-GATE-POLICY", Stale, "restore the policy, or approve again under the new one";
    /// There is a newer version.
    Superseded = "TRIB-GATE-SUPERSEDED", Stale, "verify, critique and approve the newer version";
    /// Two decisions were taken on two branches.
    Conflict = "TRIB-GATE-CONFLICT", Conflict, "settle which decision counts: revoke, or approve again";
    /// The signature is missing, or does not count.
    Signature = "TRIB-GATE-SIGNATURE", Refused, "sign again with a key of .spec/allowed_signers: `tribunal approve --sign KEY`";
    /// Somebody else than a person approved.
    NoPerson = "TRIB-GATE-NO-PERSON", Refused, "a person approves";
    /// The author approved.
    Author = "TRIB-GATE-AUTHOR", Refused, "somebody else approves, or .spec/config.json says `\"single_person\": true`";
    /// A waiver is not in force.
    Waiver = "TRIB-GATE-WAIVER", Stale, "waive again for this version and this report, then approve again";
    /// The approval is dated in the future.
    Clock = "TRIB-GATE-CLOCK", Stale, "set the clock, or approve again";
    /// An input of the policy is not known.
    Input = "TRIB-GATE-INPUT", Invalid, "report this, with the policy";
    /// The policy does not allow it.
    Refused = "TRIB-GATE-REFUSED", Shut, "see the rule; `tribunal pending` says what is missing";
    /// An engine is not the one of the report any more.
    Engines = "TRIB-GATE-ENGINES", Stale, "verify, critique and approve again with the engines that are installed";
}

/// Why the gate is shut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which reason.
    pub cause: Cause,
    /// In plain words.
    pub message: String,
    /// Where, in the user's file.
    pub place: Option<Place>,
}

impl Reason {
    /// A reason without a place.
    #[must_use]
    pub fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self {
            cause,
            message: message.into(),
            place: None,
        }
    }
}
