//! Expressions as written: the syntax tree of the one grammar, every node with its span. Names are not resolved yet.

use super::id::Name;
use super::span::{Span, Spanned};

/// An expression and the bytes it was written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// Which form.
    pub kind: ExprKind,
    /// Exact in single-line scalars without escapes, else the whole scalar.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// An integer literal, -9999999..=9999999.
    Int(i64),
    /// `true` or `false`.
    Bool(bool),
    /// `none`.
    None,
    /// `terminal`: the control state is a terminal one.
    Terminal,
    /// `state`: the control state.
    State,
    /// `me`: the acting instance.
    Me,
    /// A name: variable, evidence, state, enum value, choice, bound variable.
    Name(Name),
    /// `e.field`.
    Field(Spanned<Name>, Spanned<Name>),
    /// `var[index]`.
    Index(Spanned<Name>, Box<Expr>),
    /// `fresh(x)` or `fresh(x, artifact)`.
    Fresh(Spanned<Name>, Option<Spanned<Name>>),
    /// `stale(x)` or `stale(x, artifact)`.
    Stale(Spanned<Name>, Option<Spanned<Name>>),
    /// `has(e)`.
    Has(Spanned<Name>),
    /// `len(ch)`.
    Len(Spanned<Name>),
    /// `not e`.
    Not(Box<Expr>),
    /// `a => b`, `a or b`, `a and b`, a comparison, `a + b`, `a - b`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `e in [a, b]` or, negated, `e not in [a, b]`.
    In {
        /// The element.
        item: Box<Expr>,
        /// What it is looked for in.
        list: Vec<Expr>,
        /// Whether it was `not in`.
        negated: bool,
    },
    /// `forall x in D: p`, `exists x in D: p`, `count(x in D: p)`.
    Quantified {
        /// Which of the three.
        quantifier: Quantifier,
        /// The bound variable.
        var: Spanned<Name>,
        /// What it ranges over.
        domain: ExprDomain,
        /// The condition.
        body: Box<Expr>,
    },
    /// `if c then a else b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
}

/// What a bound variable ranges over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprDomain {
    /// A list of atoms.
    List(Vec<Expr>),
    /// The instances of an actor.
    Actor(Spanned<Name>),
}

/// Binary operators, weakest binding first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `=>`, right-associative.
    Implies,
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `+`.
    Add,
    /// `-`.
    Sub,
}

/// The binders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// All.
    Forall,
    /// At least one.
    Exists,
    /// How many.
    Count,
}
