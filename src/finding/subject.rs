//! What a finding is about.

use crate::ir::Span;

/// The sort of thing a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// The whole workflow.
    Workflow,
    /// A control state.
    State,
    /// A value of a phase variable, `var=value`.
    Phase,
    /// A transition.
    Transition,
    /// Two transitions, `a/b`.
    TransitionPair,
    /// A state's guards of one actor, `State/Actor`.
    Guards,
    /// A property.
    Property,
    /// A variable.
    Var,
    /// Evidence.
    Evidence,
    /// Evidence in a transition, `transition/evidence`.
    Use,
    /// An artifact.
    Artifact,
    /// An actor.
    Actor,
    /// A policy rule.
    Rule,
    /// A policy action.
    Action,
    /// An engine.
    Engine,
}

impl SubjectKind {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Workflow,
        Self::State,
        Self::Phase,
        Self::Transition,
        Self::TransitionPair,
        Self::Guards,
        Self::Property,
        Self::Var,
        Self::Evidence,
        Self::Use,
        Self::Artifact,
        Self::Actor,
        Self::Rule,
        Self::Action,
        Self::Engine,
    ];

    /// The sort with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }

    /// The word for it in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::State => "state",
            Self::Phase => "phase",
            Self::Transition => "transition",
            Self::TransitionPair => "transitions",
            Self::Guards => "guards",
            Self::Property => "property",
            Self::Var => "variable",
            Self::Evidence => "evidence",
            Self::Use => "use",
            Self::Artifact => "artifact",
            Self::Actor => "actor",
            Self::Rule => "rule",
            Self::Action => "action",
            Self::Engine => "engine",
        }
    }
}

/// What a finding is about, named so that two engines that mean the same thing say the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The sort.
    pub kind: SubjectKind,
    /// Its name in the user's words, as described at [`SubjectKind`].
    pub name: String,
}

impl Subject {
    /// A subject of this sort and name.
    #[must_use]
    pub fn new(kind: SubjectKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
        }
    }
}

/// One member of a minimal set of rules or conjuncts that together cause a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoreItem {
    /// The rule's id, or the condition's text.
    pub name: String,
    /// Where it is written.
    pub span: Option<Span>,
}
