//! A small syntax tree of Lean terms and its printer. Everything is parenthesised, so no precedence is relied on.

use std::fmt;

/// A Lean term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lean {
    /// An identifier or a dotted constructor such as `.Draft`; comes from the names table or is one of our own.
    Name(String),
    /// An integer literal of type `Int`.
    Int(i64),
    /// A natural number.
    Nat(u128),
    /// A projection `x.field`.
    Field(Box<Lean>, String),
    /// A function applied to arguments.
    App(&'static str, Vec<Lean>),
    /// A function of our own naming applied to arguments.
    Call(String, Vec<Lean>),
    /// `a op b`.
    Infix(&'static str, Box<Lean>, Box<Lean>),
    /// `fun x => body`.
    Fun(&'static str, Box<Lean>),
    /// `{ base with field := value, … }`.
    With(Box<Lean>, Vec<(String, Lean)>),
    /// `{ field := value, … : State }`.
    Struct(Vec<(String, Lean)>),
}

impl Lean {
    /// A name.
    pub fn name(text: impl Into<String>) -> Self {
        Self::Name(text.into())
    }

    /// `true` or `false`.
    pub fn truth(value: bool) -> Self {
        Self::name(if value { "true" } else { "false" })
    }

    /// `a op b`.
    pub fn infix(op: &'static str, a: Self, b: Self) -> Self {
        Self::Infix(op, Box::new(a), Box::new(b))
    }

    /// The parts joined by a right-nested operator; `empty` when there are none.
    pub fn join(op: &'static str, parts: Vec<Self>, empty: bool) -> Self {
        parts
            .into_iter()
            .rev()
            .reduce(|acc, part| Self::infix(op, part, acc))
            .unwrap_or_else(|| Self::truth(empty))
    }

    /// `!a`.
    pub fn negation(a: Self) -> Self {
        Self::App("Bool.not", vec![a])
    }
}

impl fmt::Display for Lean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(n) => f.write_str(n),
            Self::Int(n) => write!(f, "({n} : Int)"),
            Self::Nat(n) => write!(f, "{n}"),
            Self::Field(x, field) => write!(f, "{x}.{field}"),
            Self::App(name, args) => application(f, name, args),
            Self::Call(name, args) => application(f, name, args),
            Self::Infix(op, a, b) => write!(f, "({a} {op} {b})"),
            Self::Fun(x, body) => write!(f, "(fun {x} => {body})"),
            Self::With(base, fields) => {
                write!(f, "{{ {base} with ")?;
                assignments(f, fields)?;
                f.write_str(" }")
            }
            Self::Struct(fields) => {
                f.write_str("({ ")?;
                assignments(f, fields)?;
                f.write_str(" } : State)")
            }
        }
    }
}

fn application(f: &mut fmt::Formatter<'_>, name: &str, args: &[Lean]) -> fmt::Result {
    if args.is_empty() {
        return f.write_str(name);
    }
    write!(f, "({name}")?;
    for a in args {
        write!(f, " {a}")?;
    }
    f.write_str(")")
}

fn assignments(f: &mut fmt::Formatter<'_>, fields: &[(String, Lean)]) -> fmt::Result {
    for (i, (field, value)) in fields.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{field} := {value}")?;
    }
    Ok(())
}

/// A text of the user's for a line comment: no line break, nothing that ends or opens a comment survives.
#[must_use]
pub fn comment(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || c == '\u{2028}' || c == '\u{2029}' {
                ' '
            } else {
                c
            }
        })
        .collect::<String>()
        .replace("-/", "- /")
        .replace("/-", "/ -")
}
