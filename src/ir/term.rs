//! Terms: expressions with every name resolved, every quantifier over a list written out, and a type at each node.

use super::id::{ArtId, ChoiceIx, EnumId, EvId, FieldIx, VarId};
use super::span::Span;
use super::value::Value;

/// The type of a term. Every type also has the value `none` (S-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Boolean.
    Bool,
    /// Integer, unbounded in between (S-3).
    Int,
    /// An enum type.
    Enum(EnumId),
    /// The control state.
    State,
    /// The literal `none` where nothing says more.
    None,
}

/// One piece of the state of a workflow. Evidence is kept canonical: bits clear and fields `none` while it does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// The control state.
    State,
    /// A variable.
    Var(VarId),
    /// Whether evidence exists.
    Has(EvId),
    /// Whether evidence exists and its stamp of this artifact is current (S-4).
    Bit(EvId, ArtId),
    /// A field of evidence.
    Field(EvId, FieldIx),
}

/// A typed, resolved expression without quantifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Which form.
    pub kind: TermKind,
    /// Its type.
    pub ty: Ty,
    /// Where the user wrote it; `None` for what the desugaring added.
    pub span: Option<Span>,
}

/// Comparisons. On `none` (S-13): `Eq` is true of two absent values only, `Ne` is its negation, the others are false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CmpOp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less; integers only.
    Lt,
    /// At most; integers only.
    Le,
    /// Greater; integers only.
    Gt,
    /// At least; integers only.
    Ge,
}

/// The forms of terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermKind {
    /// A constant.
    Lit(Value),
    /// The value of a cell in the state before the step (in `ensure`: after).
    Read(Cell),
    /// A choice of the transition this term belongs to.
    Choice(ChoiceIx),
    /// An input of a policy, by position in the policy's own table.
    Input(u16),
    /// `fresh(e)`: exists and all bits set; with an artifact, that bit alone.
    Fresh(EvId, Option<ArtId>),
    /// `stale(e)`: exists and some bit clear; with an artifact, exists and that bit clear.
    Stale(EvId, Option<ArtId>),
    /// `terminal`: the control state is a declared terminal one.
    Terminal,
    /// Negation; of an absent boolean: true.
    Not(Box<Term>),
    /// Conjunction of any number; empty = true. An absent boolean counts as false.
    And(Vec<Term>),
    /// Disjunction of any number; empty = false.
    Or(Vec<Term>),
    /// Implication.
    Implies(Box<Term>, Box<Term>),
    /// Comparison of two terms of one type.
    Cmp(CmpOp, Box<Term>, Box<Term>),
    /// Equal to one of the list.
    In(Box<Term>, Vec<Term>),
    /// Sum; `none` if either is.
    Add(Box<Term>, Box<Term>),
    /// Difference; `none` if either is.
    Sub(Box<Term>, Box<Term>),
    /// Both branches of one type; the condition read as a boolean.
    If(Box<Term>, Box<Term>, Box<Term>),
}

impl Term {
    /// A term the desugaring adds, so without a place of its own.
    #[must_use]
    pub const fn made(kind: TermKind, ty: Ty) -> Self {
        Self {
            kind,
            ty,
            span: None,
        }
    }

    /// A constant.
    #[must_use]
    pub const fn lit(value: Value, ty: Ty) -> Self {
        Self::made(TermKind::Lit(value), ty)
    }

    /// `true` or `false`.
    #[must_use]
    pub const fn truth(value: bool) -> Self {
        Self::lit(Value::Bool(value), Ty::Bool)
    }

    /// The value of a cell.
    #[must_use]
    pub const fn read(cell: Cell, ty: Ty) -> Self {
        Self::made(TermKind::Read(cell), ty)
    }

    /// The negation of `self`.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::made(TermKind::Not(Box::new(self)), Ty::Bool)
    }

    /// The conjunction of `parts`; `true` when there are none.
    #[must_use]
    pub const fn all(parts: Vec<Self>) -> Self {
        Self::made(TermKind::And(parts), Ty::Bool)
    }

    /// The disjunction of `parts`; `false` when there are none.
    #[must_use]
    pub const fn any(parts: Vec<Self>) -> Self {
        Self::made(TermKind::Or(parts), Ty::Bool)
    }

    /// The direct parts of this term, in the order they are written.
    #[must_use]
    pub fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            TermKind::Lit(_)
            | TermKind::Read(_)
            | TermKind::Choice(_)
            | TermKind::Input(_)
            | TermKind::Fresh(..)
            | TermKind::Stale(..)
            | TermKind::Terminal => Vec::new(),
            TermKind::Not(a) => vec![a],
            TermKind::And(parts) | TermKind::Or(parts) => parts.iter().collect(),
            TermKind::Implies(a, b)
            | TermKind::Cmp(_, a, b)
            | TermKind::Add(a, b)
            | TermKind::Sub(a, b) => vec![a, b],
            TermKind::In(a, list) => std::iter::once(&**a).chain(list).collect(),
            TermKind::If(c, a, b) => vec![c, a, b],
        }
    }
}
