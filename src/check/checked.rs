//! What `check` gives: a workflow whose every name is resolved and every expression typed.

use std::sync::Arc;

use crate::finding::{Diagnostic, Observation};
use crate::ir::workflow::{Action, Effect, Fairness};
use crate::ir::{
    ActorId, ArtId, Domain, EvId, FieldIx, Name, Span, StateId, Symbols, Term, TransitionId, Ty,
    VarId, Workflow,
};

/// A workflow without errors. Only `check` makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedWorkflow {
    /// As written.
    pub ir: Workflow,
    /// What it declares.
    pub symbols: Arc<Symbols>,
    /// The initial control state.
    pub initial: StateId,
    /// Whether `terminal:` names states.
    pub has_terminals: bool,
    /// By state: the evidence that entering it demands, and where that is written.
    pub needs: Vec<Vec<(EvId, Span)>>,
    /// By [`TransitionId`].
    pub transitions: Vec<CheckedTransition>,
    /// In the order written.
    pub properties: Vec<CheckedProperty>,
    /// What it refines.
    pub refinement: Option<CheckedRefinement>,
    /// Its own policy.
    pub policy: Option<CheckedPolicy>,
    /// States that no chain of transitions joins to the initial one, guards left aside.
    pub unconnected: Vec<StateId>,
    /// What can be noticed without running anything.
    pub observations: Vec<Observation>,
    /// Warnings about the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// A transition, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedTransition {
    /// Its id.
    pub name: Name,
    /// Who fires it.
    pub actor: ActorId,
    /// The states it leaves; never a terminal one.
    pub from: Vec<StateId>,
    /// The state it enters; `None` = stays.
    pub to: Option<StateId>,
    /// Its choices, by `ChoiceIx`.
    pub choices: Vec<(Name, Domain)>,
    /// `when:`.
    pub guard: Option<Term>,
    /// `set:`, each variable at most once.
    pub set: Vec<(VarId, Term)>,
    /// `bump:`.
    pub bump: Vec<ArtId>,
    /// `drop:`.
    pub drop: Vec<EvId>,
    /// `record:`; no evidence of `drop` among them.
    pub record: Vec<CheckedRecord>,
    /// `fair:`.
    pub fairness: Option<Fairness>,
    /// The whole entry.
    pub span: Span,
    /// `when:`, else the id.
    pub guard_span: Span,
}

/// An entry of `record:`, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRecord {
    /// What is made.
    pub evidence: EvId,
    /// Whose stamps are copied.
    pub from: Option<EvId>,
    /// The fields given; others become `none`.
    pub fields: Vec<(FieldIx, Term)>,
    /// Where the evidence is named.
    pub span: Span,
}

/// A property, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedProperty {
    /// Its id.
    pub id: Name,
    /// The key of its form in the IR.
    pub key: &'static str,
    /// What it says.
    pub form: CheckedForm,
    /// `text:`.
    pub text: Option<String>,
    /// `requirement:`.
    pub requirement: Option<String>,
    /// `expect: violated`.
    pub expect_violated: bool,
    /// `lemma: true`.
    pub lemma: bool,
    /// Where its id is written.
    pub span: Span,
}

/// The forms of properties, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckedForm {
    /// In every reachable state.
    Always(Term),
    /// In no reachable state.
    Never(Term),
    /// Whenever the transition can fire, before it.
    AtRequire(TransitionId, Term),
    /// Whenever the transition fires, after it.
    AtEnsure(TransitionId, Term),
    /// The second cannot fire unless one of the first did before.
    Precedes(Vec<TransitionId>, TransitionId),
    /// Some run gets there.
    Reachable(Term),
    /// From every reachable state some run gets there.
    CanReach(Term),
    /// Every fair run gets there.
    Eventually(Term),
    /// Whenever the first holds, every fair run gets to the second.
    LeadsTo(Term, Term),
    /// Every fair run gets there again and again.
    InfinitelyOften(Term),
}

impl CheckedForm {
    /// The conditions it is made of; none for `precedes`.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            Self::Always(t)
            | Self::Never(t)
            | Self::AtRequire(_, t)
            | Self::AtEnsure(_, t)
            | Self::Reachable(t)
            | Self::CanReach(t)
            | Self::Eventually(t)
            | Self::InfinitelyOften(t) => vec![t],
            Self::LeadsTo(a, b) => vec![a, b],
            Self::Precedes(..) => Vec::new(),
        }
    }
}

/// `refines:`, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedRefinement {
    /// The other workflow.
    pub refined: Arc<CheckedWorkflow>,
    /// The other's control state in terms of this workflow: a tree of `if` whose conditions are terms of this workflow and
    /// whose leaves are states of the other.
    pub state: Term,
    /// By the other's [`VarId`]; of the variable's type, an enum's values by the same positions.
    pub vars: Vec<Term>,
    /// By the other's [`EvId`].
    pub evidence: Vec<EvId>,
    /// By the other's [`EvId`], then its [`FieldIx`]: this workflow's field of the same name and type.
    pub fields: Vec<Vec<(FieldIx, Ty)>>,
    /// By the other's [`ArtId`].
    pub artifacts: Vec<ArtId>,
    /// The other file, as written.
    pub file: String,
    /// Where `refines:` is written.
    pub span: Span,
}

/// A policy whose every rule is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPolicy {
    /// In the order written.
    pub rules: Vec<CheckedRule>,
    /// The whole list.
    pub span: Span,
}

/// A policy rule, typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRule {
    /// Its id.
    pub id: Name,
    /// What it decides about.
    pub action: Action,
    /// What it does.
    pub effect: Effect,
    /// Its condition; reads `TermKind::Input` only.
    pub when: Term,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// The whole entry.
    pub span: Span,
    /// The condition as written.
    pub when_span: Span,
}
