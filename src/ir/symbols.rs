//! The tables that typed indices point into: what a checked workflow declares, with names, types and places.

use super::id::{ActorId, ArtId, EnumId, EvId, FieldIx, Name, StateId, TransitionId, VarId};
use super::span::Span;
use super::term::{Cell, Ty};
use super::value::{Domain, Value};

/// Everything declared by one workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols {
    /// By [`StateId`].
    pub states: Vec<StateSym>,
    /// By [`ActorId`].
    pub actors: Vec<ActorSym>,
    /// By [`ArtId`].
    pub artifacts: Vec<ArtSym>,
    /// By [`EvId`].
    pub evidence: Vec<EvSym>,
    /// By [`VarId`].
    pub vars: Vec<VarSym>,
    /// By [`EnumId`]; equal lists of values are one type.
    pub enums: Vec<EnumSym>,
    /// By [`TransitionId`].
    pub transitions: Vec<TransitionSym>,
}

/// What a control state is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StateRole {
    /// An ordinary state.
    Ordinary,
    /// Terminal, declared under `success:`.
    Success,
    /// Terminal, declared under `failure:`.
    Failure,
}

/// A control state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSym {
    /// Its name.
    pub name: Name,
    /// Terminal or not.
    pub role: StateRole,
    /// Where it is declared.
    pub span: Span,
}

/// Who an actor is.
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
pub enum ActorKind {
    /// A person.
    Human,
    /// A model.
    Agent,
    /// A program.
    Service,
}

/// An actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorSym {
    /// Its name.
    pub name: Name,
    /// Person, model or program.
    pub kind: ActorKind,
    /// Where it is declared.
    pub span: Span,
}

/// An artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtSym {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
}

/// A kind of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvSym {
    /// Its name.
    pub name: Name,
    /// The artifacts it is made from, in the order written.
    pub of: Vec<ArtId>,
    /// By [`FieldIx`].
    pub fields: Vec<FieldSym>,
    /// Where it is declared.
    pub span: Span,
}

/// A field of evidence; `none` is always among its values too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSym {
    /// Its name.
    pub name: Name,
    /// Its values apart from `none`.
    pub domain: Domain,
    /// Where it is declared.
    pub span: Span,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VarSym {
    /// Its name.
    pub name: Name,
    /// Its values; never `none`.
    pub domain: Domain,
    /// Its values at the start: one, or for `init: any` all.
    pub init: Vec<Value>,
    /// Whether it is a local control state (`phase: true`).
    pub phase: bool,
    /// Where it is declared.
    pub span: Span,
}

/// An enum type: an ordered list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumSym {
    /// In order.
    pub values: Vec<Name>,
}

/// A transition's name and actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransitionSym {
    /// Its id.
    pub name: Name,
    /// Who fires it.
    pub actor: ActorId,
    /// Where its id is written.
    pub span: Span,
}

impl Domain {
    /// The type of terms that hold this domain's values.
    #[must_use]
    pub const fn ty(self) -> Ty {
        match self {
            Self::Bool => Ty::Bool,
            Self::Int { .. } => Ty::Int,
            Self::Enum { id, .. } => Ty::Enum(id),
            Self::State { .. } => Ty::State,
        }
    }
}

impl Symbols {
    /// The state at `id`; `None` only for an index of another workflow.
    #[must_use]
    pub fn state(&self, id: StateId) -> Option<&StateSym> {
        self.states.get(id.ix())
    }

    /// The name of a state, `?` for an index of another workflow.
    #[must_use]
    pub fn state_name(&self, id: StateId) -> &str {
        self.states.get(id.ix()).map_or("?", |s| s.name.as_str())
    }

    /// The name of a variable.
    #[must_use]
    pub fn var_name(&self, id: VarId) -> &str {
        self.vars.get(id.ix()).map_or("?", |s| s.name.as_str())
    }

    /// The name of an artifact.
    #[must_use]
    pub fn art_name(&self, id: ArtId) -> &str {
        self.artifacts.get(id.ix()).map_or("?", |s| s.name.as_str())
    }

    /// The name of a kind of evidence.
    #[must_use]
    pub fn ev_name(&self, id: EvId) -> &str {
        self.evidence.get(id.ix()).map_or("?", |s| s.name.as_str())
    }

    /// The name of a field.
    #[must_use]
    pub fn field_name(&self, e: EvId, f: FieldIx) -> &str {
        self.evidence
            .get(e.ix())
            .and_then(|s| s.fields.get(f.ix()))
            .map_or("?", |s| s.name.as_str())
    }

    /// The name of an actor.
    #[must_use]
    pub fn actor_name(&self, id: ActorId) -> &str {
        self.actors.get(id.ix()).map_or("?", |s| s.name.as_str())
    }

    /// The id of a transition as written.
    #[must_use]
    pub fn transition_name(&self, id: TransitionId) -> &str {
        self.transitions
            .get(id.ix())
            .map_or("?", |s| s.name.as_str())
    }

    /// The name of one value of an enum type.
    #[must_use]
    pub fn enum_value(&self, id: EnumId, value: u16) -> &str {
        self.enums
            .get(id.ix())
            .and_then(|e| e.values.get(usize::from(value)))
            .map_or("?", Name::as_str)
    }

    /// A value of type `ty` in the user's words: `Draft`, `3`, `true`, `none`.
    #[must_use]
    pub fn show(&self, ty: Ty, value: Value) -> String {
        match value {
            Value::None => "none".to_owned(),
            Value::Bool(b) => b.to_string(),
            Value::Int(n) => n.to_string(),
            Value::Enum(n) => match ty {
                Ty::State => self.state_name(StateId(n)).to_owned(),
                Ty::Enum(id) => self.enum_value(id, n).to_owned(),
                Ty::Bool | Ty::Int | Ty::None => format!("?{n}"),
            },
        }
    }

    /// A cell in the user's words: `state`, `rounds`, `has(job)`, `fresh(job, plan)`, `job.result`.
    #[must_use]
    pub fn cell_name(&self, cell: Cell) -> String {
        match cell {
            Cell::State => "state".to_owned(),
            Cell::Var(v) => self.var_name(v).to_owned(),
            Cell::Has(e) => format!("has({})", self.ev_name(e)),
            Cell::Bit(e, a) => format!("fresh({}, {})", self.ev_name(e), self.art_name(a)),
            Cell::Field(e, f) => format!("{}.{}", self.ev_name(e), self.field_name(e, f)),
        }
    }
}
