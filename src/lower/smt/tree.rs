//! A small syntax tree of SMT-LIB terms and its printer. Every application is in parentheses, so precedence cannot matter.

use std::fmt;

/// A term of SMT-LIB: of sort Bool, Int, or one of the bit vectors that stand for enums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Smt {
    /// `true`, `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A value of an enum: its position, and the width of the bit vector.
    Enum(u16, u32),
    /// A declared or defined constant; a simple symbol (see `names`).
    Name(String),
    /// An operator applied to at least one argument.
    App(&'static str, Vec<Smt>),
}

impl fmt::Display for Smt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(n) if *n < 0 => write!(f, "(- {})", n.unsigned_abs()),
            Self::Int(n) => write!(f, "{n}"),
            Self::Enum(n, width) => write!(f, "(_ bv{n} {width})"),
            Self::Name(name) => f.write_str(name),
            Self::App(op, args) => {
                write!(f, "({op}")?;
                for a in args {
                    write!(f, " {a}")?;
                }
                f.write_str(")")
            }
        }
    }
}

/// The conjunction; constants are folded away, so the empty one is `true`.
#[must_use]
pub fn and(parts: impl IntoIterator<Item = Smt>) -> Smt {
    junction("and", true, parts)
}

/// The disjunction; constants are folded away, so the empty one is `false`.
#[must_use]
pub fn or(parts: impl IntoIterator<Item = Smt>) -> Smt {
    junction("or", false, parts)
}

fn junction(op: &'static str, neutral: bool, parts: impl IntoIterator<Item = Smt>) -> Smt {
    let mut kept = Vec::new();
    for part in parts {
        match part {
            Smt::Bool(b) if b == neutral => {}
            Smt::Bool(b) => return Smt::Bool(b),
            Smt::App(o, inner) if o == op => kept.extend(inner),
            Smt::Int(_) | Smt::Enum(..) | Smt::Name(_) | Smt::App(..) => kept.push(part),
        }
    }
    match (kept.pop(), kept.is_empty()) {
        (None, _) => Smt::Bool(neutral),
        (Some(only), true) => only,
        (Some(last), false) => {
            kept.push(last);
            Smt::App(op, kept)
        }
    }
}

/// The negation.
#[must_use]
pub fn not(a: Smt) -> Smt {
    match a {
        Smt::Bool(b) => Smt::Bool(!b),
        Smt::App("not", mut args) if args.len() == 1 => args.pop().unwrap_or(Smt::Bool(true)),
        Smt::Int(_) | Smt::Enum(..) | Smt::Name(_) | Smt::App(..) => Smt::App("not", vec![a]),
    }
}

/// The implication.
#[must_use]
pub fn implies(a: Smt, b: Smt) -> Smt {
    match (a, b) {
        (Smt::Bool(true), b) => b,
        (Smt::Bool(false), _) | (_, Smt::Bool(true)) => Smt::Bool(true),
        (a, Smt::Bool(false)) => not(a),
        (a, b) => Smt::App("=>", vec![a, b]),
    }
}

/// Equality of two terms of one sort.
#[must_use]
pub fn eq(a: Smt, b: Smt) -> Smt {
    match (a, b) {
        (a, b) if a == b => Smt::Bool(true),
        (Smt::Bool(true), b) => b,
        (a, Smt::Bool(true)) => a,
        (Smt::Bool(false), b) => not(b),
        (a, Smt::Bool(false)) => not(a),
        (Smt::Int(_), Smt::Int(_)) => Smt::Bool(false),
        (Smt::Enum(a, w), Smt::Enum(b, v)) if w == v => Smt::Bool(a == b),
        (a, b) => Smt::App("=", vec![a, b]),
    }
}

/// `if c then a else b`, for terms of one sort.
#[must_use]
pub fn ite(c: Smt, a: Smt, b: Smt) -> Smt {
    match (c, a, b) {
        (Smt::Bool(true), a, _) => a,
        (Smt::Bool(false), _, b) => b,
        (_, a, b) if a == b => a,
        (c, Smt::Bool(true), Smt::Bool(false)) => c,
        (c, Smt::Bool(false), Smt::Bool(true)) => not(c),
        (c, a, b) => Smt::App("ite", vec![c, a, b]),
    }
}

/// A binary operator of integers: `<`, `<=`, `>`, `>=`, `+`, `-`.
#[must_use]
pub fn int(op: &'static str, a: Smt, b: Smt) -> Smt {
    Smt::App(op, vec![a, b])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(s: &str) -> Smt {
        Smt::Name(s.to_owned())
    }

    #[test]
    fn prints_every_form_fully_parenthesised() {
        let t = implies(
            and([n("a"), int("<", Smt::Int(-3), n("x"))]),
            or([not(n("b")), eq(n("e"), Smt::Enum(2, 4))]),
        );
        assert_eq!(
            t.to_string(),
            "(=> (and a (< (- 3) x)) (or (not b) (= e (_ bv2 4))))"
        );
        assert_eq!(Smt::Int(i64::MIN).to_string(), "(- 9223372036854775808)");
    }

    #[test]
    fn folds_constants_without_changing_the_meaning() {
        assert_eq!(and([]), Smt::Bool(true));
        assert_eq!(or([]), Smt::Bool(false));
        assert_eq!(and([n("a"), Smt::Bool(false)]), Smt::Bool(false));
        assert_eq!(or([n("a"), Smt::Bool(false)]), n("a"));
        assert_eq!(eq(Smt::Bool(false), n("a")), not(n("a")));
        assert_eq!(eq(Smt::Int(1), Smt::Int(2)), Smt::Bool(false));
        assert_eq!(not(not(n("a"))), n("a"));
        assert_eq!(implies(n("a"), Smt::Bool(false)), not(n("a")));
        assert_eq!(ite(n("c"), Smt::Bool(false), Smt::Bool(true)), not(n("c")));
        assert_eq!(
            and([and([n("a"), n("b")]), n("c")]),
            Smt::App("and", vec![n("a"), n("b"), n("c")])
        );
    }
}
