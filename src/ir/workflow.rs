//! One workflow file, decoded: everything a user wrote, with its place. Names are not resolved yet.

use super::expr::Expr;
use super::id::Name;
use super::span::{SourceId, Span, Spanned};
use super::symbols::ActorKind;

/// One version of one workflow, as written, defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// The file it was read from.
    pub source: SourceId,
    /// `ir:`, the format of the file.
    pub format: u32,
    /// `workflow_id:`.
    pub id: Spanned<Name>,
    /// `version:`, at least 1. Its span is that of `workflow_id` when absent.
    pub version: Spanned<u32>,
    /// `goal:`.
    pub goal: Spanned<String>,
    /// `constraints:`.
    pub constraints: Vec<Spanned<String>>,
    /// `refines:`.
    pub refines: Option<Refines>,
    /// `actors:`, at least one.
    pub actors: Vec<Actor>,
    /// `states:`, at least one.
    pub states: Vec<State>,
    /// `initial:`; absent = the first state.
    pub initial: Option<Spanned<Name>>,
    /// `terminal:`; absent is a finding of its own, never "none".
    pub terminal: Option<Terminal>,
    /// `artifacts:`.
    pub artifacts: Vec<Spanned<Name>>,
    /// `evidence:`, in the order written.
    pub evidence: Vec<Evidence>,
    /// `vars:`, in the order written.
    pub vars: Vec<Var>,
    /// `transitions:`.
    pub transitions: Vec<Transition>,
    /// `properties:`.
    pub properties: Vec<Property>,
    /// `policy:`.
    pub policy: Option<Policy>,
}

/// An actor as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Its name.
    pub id: Spanned<Name>,
    /// Agent unless written otherwise or named `Human`.
    pub kind: ActorKind,
}

/// A state as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Its name.
    pub id: Spanned<Name>,
    /// `needs:`, evidence that must be fresh on entering (S-14).
    pub needs: Vec<Spanned<Name>>,
}

/// `terminal:` as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// Where.
    pub span: Span,
    /// Which.
    pub kind: TerminalKind,
}

/// The two ways to declare where runs end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalKind {
    /// `terminal: none`: runs for ever by design.
    Never,
    /// `terminal: {success: […], failure: […]}`.
    Declared {
        /// States of success.
        success: Vec<Spanned<Name>>,
        /// States of failure; `None` when the key is absent, which is a finding of its own.
        failure: Option<Vec<Spanned<Name>>>,
    },
}

/// A type as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeDecl {
    /// `{type: bool}`.
    Bool,
    /// `{type: int, range: [lo, hi]}`.
    Int {
        /// Smallest.
        lo: i64,
        /// Largest.
        hi: i64,
        /// Where the range is written.
        span: Span,
    },
    /// `{type: enum, values: […]}`.
    Enum {
        /// In order.
        values: Vec<Spanned<Name>>,
    },
}

/// A kind of evidence as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its name.
    pub id: Spanned<Name>,
    /// The artifacts it is made from; at least one.
    pub of: Vec<Spanned<Name>>,
    /// Its fields, in the order written.
    pub fields: Vec<(Spanned<Name>, Spanned<TypeDecl>)>,
}

/// A variable as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Var {
    /// Its name.
    pub id: Spanned<Name>,
    /// Its type.
    pub ty: Spanned<TypeDecl>,
    /// Its value at the start.
    pub init: Init,
    /// `phase: true`.
    pub phase: bool,
}

/// `init:` of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Init {
    /// `any`: every value is an initial value.
    Any(Span),
    /// A literal.
    Value(Expr),
}

/// Which fairness is assumed of a transition (S-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fairness {
    /// If it stays enabled it fires.
    Weak,
    /// If it is enabled again and again it fires.
    Strong,
}

/// A transition as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// Its id.
    pub id: Spanned<Name>,
    /// Who fires it.
    pub actor: Spanned<Name>,
    /// `from:`; `None` = every non-terminal state.
    pub from: Option<Vec<Spanned<Name>>>,
    /// `to:`; `None` = stay.
    pub to: Option<Spanned<Name>>,
    /// `choose:`, in the order written.
    pub choose: Vec<(Spanned<Name>, Spanned<TypeDecl>)>,
    /// `when:`.
    pub when: Option<Expr>,
    /// `set:`, in the order written.
    pub set: Vec<(Spanned<Name>, Expr)>,
    /// `bump:`.
    pub bump: Vec<Spanned<Name>>,
    /// `drop:`.
    pub drop: Vec<Spanned<Name>>,
    /// `record:`, in the order written.
    pub record: Vec<Record>,
    /// `fair:`.
    pub fair: Option<Spanned<Fairness>>,
    /// The whole entry.
    pub span: Span,
}

/// One entry of `record:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The evidence that is made.
    pub evidence: Spanned<Name>,
    /// `from:`, whose stamps are copied; absent = everything is current.
    pub from: Option<Spanned<Name>>,
    /// The fields given, in the order written; others become `none`.
    pub fields: Vec<(Spanned<Name>, Expr)>,
}

/// A property as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Its id.
    pub id: Spanned<Name>,
    /// Its one form.
    pub form: Form,
    /// `text:`.
    pub text: Option<Spanned<String>>,
    /// `requirement:`.
    pub requirement: Option<Spanned<String>>,
    /// `expect: violated`.
    pub expect_violated: bool,
    /// `lemma: true`.
    pub lemma: bool,
    /// The whole entry.
    pub span: Span,
}

/// The forms a property can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// In every reachable state.
    Always(Expr),
    /// In no reachable state.
    Never(Expr),
    /// Whenever the transition can fire, before it (S-14).
    AtRequire(Spanned<Name>, Expr),
    /// Whenever the transition fires, after it (S-14).
    AtEnsure(Spanned<Name>, Expr),
    /// The second cannot fire unless one of the first did before (S-15).
    Precedes(Vec<Spanned<Name>>, Spanned<Name>),
    /// Some run gets there.
    Reachable(Expr),
    /// From every reachable state some run gets there.
    CanReach(Expr),
    /// Every fair run gets there.
    Eventually(Expr),
    /// Whenever the first holds, every fair run gets to the second.
    LeadsTo(Expr, Expr),
    /// Every fair run gets there again and again.
    InfinitelyOften(Expr),
}

impl Form {
    /// The key of this form in the IR: `always`, `at` (for both step forms), …
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Always(_) => "always",
            Self::Never(_) => "never",
            Self::AtRequire(..) | Self::AtEnsure(..) => "at",
            Self::Precedes(..) => "precedes",
            Self::Reachable(_) => "reachable",
            Self::CanReach(_) => "can_reach",
            Self::Eventually(_) => "eventually",
            Self::LeadsTo(..) => "leads_to",
            Self::InfinitelyOften(_) => "infinitely_often",
        }
    }
}

/// `refines:` as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refines {
    /// The other file, relative to this one.
    pub workflow: Spanned<String>,
    /// What each of the other's names is in terms of this workflow, in the order written.
    pub map: Vec<(Spanned<Name>, Expr)>,
    /// The key `state` of the map is kept apart, because it is no name.
    pub state: Option<Expr>,
    /// The whole entry.
    pub span: Span,
}

/// What a policy decides about.
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
pub enum Action {
    /// Give a version authority.
    Approve,
    /// Accept a finding as it is.
    Waive,
    /// Start an implementation.
    Implement,
    /// Build one file.
    Build,
    /// Release.
    Release,
}

impl Action {
    /// All of them, in the order of the language.
    pub const ALL: [Self; 5] = [
        Self::Approve,
        Self::Waive,
        Self::Implement,
        Self::Build,
        Self::Release,
    ];

    /// The word for it in policies.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Waive => "waive",
            Self::Implement => "implement",
            Self::Build => "build",
            Self::Release => "release",
        }
    }
}

/// What a policy rule does when its condition holds (S-11).
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
pub enum Effect {
    /// One of these must hold.
    Permit,
    /// All of these must hold.
    Require,
    /// None of these may hold.
    Forbid,
}

/// A list of policy rules, inline or a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The file it was read from.
    pub source: SourceId,
    /// In order.
    pub rules: Vec<Rule>,
    /// The whole list.
    pub span: Span,
}

/// One policy rule as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: Spanned<Name>,
    /// What it decides about.
    pub action: Spanned<Action>,
    /// What it does.
    pub effect: Spanned<Effect>,
    /// Its condition.
    pub when: Expr,
    /// Why, in the user's words.
    pub reason: Option<Spanned<String>>,
    /// The whole entry.
    pub span: Span,
}
