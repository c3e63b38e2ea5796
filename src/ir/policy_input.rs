//! The inputs a policy can speak of (S-11), and their types.

use super::term::Ty;

macro_rules! inputs {
    ($($(#[doc = $doc:expr])+ $variant:ident = $word:literal : $ty:ident),* $(,)?) => {
        /// An input of a policy. Its position in [`PolicyInput::ALL`] is the index that terms carry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum PolicyInput { $($(#[doc = $doc])+ $variant),* }

        impl PolicyInput {
            /// All of them, in a fixed order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in policies.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Integer (never negative) or boolean.
            #[must_use]
            pub const fn ty(self) -> Ty {
                match self { $(Self::$variant => Ty::$ty),* }
            }

            /// The index that terms carry.
            #[must_use]
            pub const fn index(self) -> u16 {
                self as u16
            }
        }
    };
}

inputs! {
    /// Blocking findings neither fixed nor waived.
    Blocking = "blocking": Int,
    /// Warnings neither fixed nor waived.
    Warning = "warning": Int,
    /// Infos neither fixed nor waived.
    Info = "info": Int,
    /// Waived findings.
    Waived = "waived": Int,
    /// Goals asked of Lean and left open.
    OpenObligations = "open_obligations": Int,
    /// Distinct people who approve, the one being decided included.
    HumanApprovals = "human_approvals": Int,
    /// Revisions since the last approval.
    Round = "round": Int,
    /// IR, report and critique name one version and digest.
    Aligned = "aligned": Bool,
    /// The critic recommends acceptance.
    CriticAccepts = "critic_accepts": Bool,
    /// No two engines contradict each other.
    EnginesAgree = "engines_agree": Bool,
    /// Every needed engine answered every property it was asked.
    Complete = "complete": Bool,
    /// Everything is proved and nothing waived.
    ProofComplete = "proof_complete": Bool,
    /// The author of the version is the one who approves.
    AuthorApproves = "author_approves": Bool,
    /// The waiver in question gives a reason.
    WaiverHasReason = "waiver_has_reason": Bool,
    /// The file's session is locked.
    Locked = "locked": Bool,
}

impl PolicyInput {
    /// The input of this name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|i| i.word() == word)
    }
}
