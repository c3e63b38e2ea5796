//! Expressions → text, in the one canonical spelling: single spaces, parentheses only where the grammar needs them.
//! Tested against the parser: parsing what is printed gives the same expression back.

use std::fmt::{self, Display, Formatter};

use super::expr::{BinaryOp, Expr, ExprDomain, ExprKind, Quantifier};
use super::id::Name;
use super::span::Spanned;

/// How tightly what is printed must hold together, from `Whole`, where `if` and the binders may stand, to `Atom`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    Whole,
    Implies,
    Or,
    And,
    Not,
    Compare,
    Sum,
    Atom,
}

impl BinaryOp {
    /// Its spelling.
    #[must_use]
    pub const fn spelling(self) -> &'static str {
        match self {
            Self::Implies => "=>",
            Self::Or => "or",
            Self::And => "and",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Add => "+",
            Self::Sub => "-",
        }
    }

    /// What it is itself, and what its left and right operands must be to stand without parentheses.
    const fn powers(self) -> (Power, Power, Power) {
        match self {
            Self::Implies => (Power::Implies, Power::Or, Power::Implies),
            Self::Or => (Power::Or, Power::Or, Power::And),
            Self::And => (Power::And, Power::And, Power::Not),
            Self::Eq | Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge => {
                (Power::Compare, Power::Sum, Power::Sum)
            }
            Self::Add | Self::Sub => (Power::Sum, Power::Sum, Power::Atom),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(f, self, Power::Whole)
    }
}

const fn power(kind: &ExprKind) -> Power {
    match kind {
        ExprKind::Int(_)
        | ExprKind::Bool(_)
        | ExprKind::None
        | ExprKind::Terminal
        | ExprKind::State
        | ExprKind::Me
        | ExprKind::Name(_)
        | ExprKind::Field(..)
        | ExprKind::Index(..)
        | ExprKind::Fresh(..)
        | ExprKind::Stale(..)
        | ExprKind::Has(_)
        | ExprKind::Len(_) => Power::Atom,
        ExprKind::Not(_) => Power::Not,
        ExprKind::Binary(op, ..) => op.powers().0,
        ExprKind::In { .. } => Power::Compare,
        ExprKind::Quantified { quantifier, .. } => match quantifier {
            Quantifier::Count => Power::Atom,
            Quantifier::Forall | Quantifier::Exists => Power::Whole,
        },
        ExprKind::If(..) => Power::Whole,
    }
}

fn write(f: &mut Formatter<'_>, e: &Expr, least: Power) -> fmt::Result {
    if power(&e.kind) < least {
        f.write_str("(")?;
        write_bare(f, e)?;
        f.write_str(")")
    } else {
        write_bare(f, e)
    }
}

fn write_bare(f: &mut Formatter<'_>, e: &Expr) -> fmt::Result {
    match &e.kind {
        ExprKind::Int(n) => write!(f, "{n}"),
        ExprKind::Bool(b) => write!(f, "{b}"),
        ExprKind::None => f.write_str("none"),
        ExprKind::Terminal => f.write_str("terminal"),
        ExprKind::State => f.write_str("state"),
        ExprKind::Me => f.write_str("me"),
        ExprKind::Name(name) => write!(f, "{name}"),
        ExprKind::Field(of, field) => write!(f, "{}.{}", of.value, field.value),
        ExprKind::Index(var, index) => {
            write!(f, "{}[", var.value)?;
            write(f, index, Power::Implies)?;
            f.write_str("]")
        }
        ExprKind::Fresh(x, artifact) => about(f, "fresh", x, artifact.as_ref()),
        ExprKind::Stale(x, artifact) => about(f, "stale", x, artifact.as_ref()),
        ExprKind::Has(x) => about(f, "has", x, None),
        ExprKind::Len(x) => about(f, "len", x, None),
        ExprKind::Not(inner) => {
            f.write_str("not ")?;
            write(f, inner, Power::Not)
        }
        ExprKind::Binary(op, left, right) => {
            let (_, least_left, least_right) = op.powers();
            write(f, left, least_left)?;
            write!(f, " {} ", op.spelling())?;
            write(f, right, least_right)
        }
        ExprKind::In {
            item,
            list,
            negated,
        } => {
            write(f, item, Power::Sum)?;
            f.write_str(if *negated { " not in " } else { " in " })?;
            write_list(f, list)
        }
        ExprKind::Quantified {
            quantifier,
            var,
            domain,
            body,
        } => {
            f.write_str(match quantifier {
                Quantifier::Forall => "forall ",
                Quantifier::Exists => "exists ",
                Quantifier::Count => "count(",
            })?;
            write!(f, "{} in ", var.value)?;
            match domain {
                ExprDomain::List(items) => write_list(f, items)?,
                ExprDomain::Actor(name) => write!(f, "{}", name.value)?,
            }
            f.write_str(": ")?;
            write(f, body, Power::Whole)?;
            match quantifier {
                Quantifier::Count => f.write_str(")"),
                Quantifier::Forall | Quantifier::Exists => Ok(()),
            }
        }
        ExprKind::If(condition, yes, no) => {
            f.write_str("if ")?;
            write(f, condition, Power::Implies)?;
            f.write_str(" then ")?;
            write(f, yes, Power::Whole)?;
            f.write_str(" else ")?;
            write(f, no, Power::Whole)
        }
    }
}

fn about(
    f: &mut Formatter<'_>,
    word: &str,
    x: &Spanned<Name>,
    artifact: Option<&Spanned<Name>>,
) -> fmt::Result {
    match artifact {
        Some(artifact) => write!(f, "{word}({}, {})", x.value, artifact.value),
        None => write!(f, "{word}({})", x.value),
    }
}

fn write_list(f: &mut Formatter<'_>, items: &[Expr]) -> fmt::Result {
    f.write_str("[")?;
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write(f, item, Power::Atom)?;
    }
    f.write_str("]")
}
