//! The kinds of findings and how severe they are.

/// How much a finding weighs.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing goes on until it is fixed or waived.
    Blocking,
    /// Not clean, but lets through what the policy allows.
    Warning,
    /// Worth knowing.
    Info,
}

macro_rules! kinds {
    ($($(#[doc = $doc:expr])+ $variant:ident = $word:literal),* $(,)?) => {
        /// The kinds of findings; the exact condition of each is in `docs/findings.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingKind { $($(#[doc = $doc])+ $variant),* }

        impl FindingKind {
            /// All kinds, in the order of the table of findings.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word for it in reports and for `tribunal explain`.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

kinds! {
    /// A reachable non-terminal state in which no transition is enabled.
    Deadlock = "deadlock",
    /// A reachable state from which no terminal one can be reached.
    NoOptionToComplete = "no_option_to_complete",
    /// A state or phase value that no run reaches.
    UnreachableState = "unreachable_state",
    /// A transition that fires in no run.
    DeadTransition = "dead_transition",
    /// An `always` or `never` that fails.
    Invariant = "invariant",
    /// An `at`, or a `needs`, that fails.
    StepProperty = "step_property",
    /// A step whose result leaves a range.
    BoundOverflow = "bound_overflow",
    /// An `eventually`, `leads_to`, `infinitely_often` or `can_reach` that fails.
    Liveness = "liveness",
    /// A `precedes` that fails.
    Precedence = "precedence",
    /// A `reachable` that is not.
    Unreached = "unreached",
    /// A step, or a start, that the refined workflow does not have.
    Refinement = "refinement",
    /// An `expect: violated` that is not.
    Expectation = "expectation",
    /// No `terminal:`, or fairness of a person that no text states.
    MissingAssumption = "missing_assumption",
    /// Terminals without `failure:`.
    MissingRejectPath = "missing_reject_path",
    /// Revision that can go round for ever without a person.
    UnboundedRevision = "unbounded_revision",
    /// Evidence consumed while stale, without asking.
    StaleUse = "stale_use",
    /// A stamp taken as current though its source says nothing of it.
    HiddenStaleness = "hidden_staleness",
    /// Two guards of one actor from one state hold together.
    GuardOverlap = "guard_overlap",
    /// All guards from one state can fail.
    GuardGap = "guard_gap",
    /// A guard that is a tautology.
    GuardAlwaysTrue = "guard_always_true",
    /// A guard that is unsatisfiable.
    GuardNeverTrue = "guard_never_true",
    /// A read that may be `none`, unguarded.
    UnguardedNone = "unguarded_none",
    /// Declared and never used.
    Unused = "unused",
    /// An action that no input allows.
    PolicyNeverAllows = "policy_never_allows",
    /// Rules that exclude each other.
    PolicyContradiction = "policy_contradiction",
    /// The policy lets through what it must not.
    PolicyUnsafe = "policy_unsafe",
    /// An action without rule, or inputs no rule speaks of.
    PolicyGap = "policy_gap",
    /// A rule that others make idle.
    PolicyShadowed = "policy_shadowed",
    /// An action that every input allows.
    PolicyAlwaysAllows = "policy_always_allows",
    /// A property that holds for no good reason.
    Vacuous = "vacuous",
    /// A goal that Lean was asked and did not close.
    OpenObligation = "open_obligation",
    /// A proof that does not count.
    UnsoundProof = "unsound_proof",
    /// Engines that contradict each other.
    Disagreement = "disagreement",
    /// A counterexample that cannot be replayed.
    Unreplayable = "unreplayable",
    /// A needed engine that is not there.
    EngineUnavailable = "engine_unavailable",
    /// A needed engine that ran out of its budget.
    BudgetExceeded = "budget_exceeded",
}

impl FindingKind {
    /// The kind with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.word() == word)
    }
}
