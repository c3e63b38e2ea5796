//! The part of TLA+ that is generated, as a tree, and its printer.
//!
//! Layout carries meaning in TLA+, so the printer leaves nothing to it: every operand is in parentheses, a list has one
//! conjunct a line with all its bullets in one column, and the body of a quantifier stands deeper than what holds it.

use std::fmt::Write as _;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// A variable of the module, in the state before.
    Var(String),
    /// A variable in the state after.
    Primed(String),
    /// An operator or a bound name, with its arguments.
    Call(String, Vec<Expr>),
    /// A string; the printer takes letters, digits and `_` only.
    Str(String),
    /// An integer.
    Int(i64),
    /// TRUE or FALSE.
    Bool(bool),
    /// Negation.
    Not(Box<Expr>),
    /// Conjunction; empty = TRUE.
    And(Vec<Expr>),
    /// Disjunction; empty = FALSE.
    Or(Vec<Expr>),
    /// Two operands.
    Binary(BinOp, Box<Expr>, Box<Expr>),
    /// A conditional.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A set by its members.
    Set(Vec<Expr>),
    /// A tuple.
    Tuple(Vec<Expr>),
    /// `\A` or `\E` over sets; without any set, the body.
    Quantified(Quantifier, Vec<(String, Expr)>, Box<Expr>),
    /// `UNCHANGED <<…>>`; TRUE for no variables.
    Unchanged(Vec<String>),
    /// A temporal operator before its operand: `<>`, `[]<>`.
    Temporal(&'static str, Box<Expr>),
    /// `[][action]_vars`.
    Steps(Box<Expr>, String),
    /// `WF_vars(action)` or `SF_vars(action)`; the first part is `WF` or `SF`.
    Fair(&'static str, String, Box<Expr>),
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinOp {
    /// `=`
    Eq,
    /// `#`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `=>`
    Implies,
    /// `\in`
    In,
    /// `..`
    To,
    /// `~>`
    LeadsTo,
}

/// Quantifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// `\A`
    All,
    /// `\E`
    Some,
}

/// A unit of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Comment lines; already safe text, see `comment`.
    Comment(Vec<String>),
    /// An empty line.
    Blank,
    /// `VARIABLES`, each with a comment (already safe text, maybe empty).
    Variables(Vec<(String, String)>),
    /// `name(parameters) == body`.
    Define(String, Vec<String>, Expr),
    /// `name == INSTANCE module WITH variable <- expression, …`.
    Instance(String, String, Vec<(String, Expr)>),
    /// `ASSUME`.
    Assume(Expr),
}

/// A module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its name, which is its file's too.
    pub name: String,
    /// `EXTENDS`.
    pub extends: Vec<String>,
    /// In order.
    pub units: Vec<Unit>,
}

impl BinOp {
    const fn sign(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "#",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Add => "+",
            Self::Sub => "-",
            Self::Implies => "=>",
            Self::In => "\\in",
            Self::To => "..",
            Self::LeadsTo => "~>",
        }
    }
}

impl Expr {
    /// Two operands.
    #[must_use]
    pub fn binary(op: BinOp, a: Self, b: Self) -> Self {
        Self::Binary(op, Box::new(a), Box::new(b))
    }

    /// Negation.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// A conditional.
    #[must_use]
    pub fn either(condition: Self, then: Self, otherwise: Self) -> Self {
        Self::If(Box::new(condition), Box::new(then), Box::new(otherwise))
    }

    /// An operator without arguments, or a bound name.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self::Call(name.to_owned(), Vec::new())
    }

    /// The quantified body; the body itself when nothing is bound.
    #[must_use]
    pub fn quantified(q: Quantifier, bound: Vec<(String, Self)>, body: Self) -> Self {
        if bound.is_empty() {
            body
        } else {
            Self::Quantified(q, bound, Box::new(body))
        }
    }

    /// Whether a variable stands in it as such (what operators it calls read is not looked at).
    #[must_use]
    pub fn reads_variable(&self) -> bool {
        match self {
            Self::Var(_) | Self::Primed(_) => true,
            Self::Str(_) | Self::Int(_) | Self::Bool(_) => false,
            Self::Unchanged(names) => !names.is_empty(),
            Self::Steps(..) | Self::Fair(..) => true,
            Self::Not(a) | Self::Temporal(_, a) => a.reads_variable(),
            Self::Binary(_, a, b) => a.reads_variable() || b.reads_variable(),
            Self::If(c, a, b) => c.reads_variable() || a.reads_variable() || b.reads_variable(),
            Self::Call(_, list)
            | Self::And(list)
            | Self::Or(list)
            | Self::Set(list)
            | Self::Tuple(list) => list.iter().any(Self::reads_variable),
            Self::Quantified(_, bound, body) => {
                body.reads_variable() || bound.iter().any(|(_, set)| set.reads_variable())
            }
        }
    }

    /// On one line, closed: it can stand beside any operator.
    fn inline(&self) -> String {
        match self {
            Self::Var(name) => name.clone(),
            Self::Primed(name) => format!("{name}'"),
            Self::Call(name, args) if args.is_empty() => name.clone(),
            Self::Call(name, args) => format!("{name}({})", list(args)),
            Self::Str(text) => {
                let safe: String = text
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                    .collect();
                format!("\"{safe}\"")
            }
            Self::Int(n) if *n < 0 => format!("({n})"),
            Self::Int(n) => n.to_string(),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
            Self::Not(a) => format!("(~{})", a.inline()),
            Self::And(parts) => joined(parts, "/\\", "TRUE"),
            Self::Or(parts) => joined(parts, "\\/", "FALSE"),
            Self::Binary(op, a, b) => format!("({} {} {})", a.inline(), op.sign(), b.inline()),
            Self::If(c, a, b) => format!(
                "(IF {} THEN {} ELSE {})",
                c.inline(),
                a.inline(),
                b.inline()
            ),
            Self::Set(items) => format!("{{{}}}", list(items)),
            Self::Tuple(items) => format!("<<{}>>", list(items)),
            Self::Quantified(q, bound, body) => {
                format!("({} {}: {})", q.sign(), bindings(bound), body.inline())
            }
            Self::Unchanged(names) if names.is_empty() => "TRUE".to_owned(),
            Self::Unchanged(names) => format!("(UNCHANGED <<{}>>)", names.join(", ")),
            Self::Temporal(sign, a) => format!("({sign}{})", a.inline()),
            Self::Steps(action, vars) => format!("([][{}]_{vars})", action.inline()),
            Self::Fair(kind, vars, action) => format!("({kind}_{vars}({}))", action.inline()),
        }
    }

    /// Over several lines, the first of which begins in `column`; no line end behind.
    fn block(&self, column: usize) -> String {
        match self {
            Self::And(parts) if parts.len() > 1 => bullets(parts, "/\\ ", column),
            Self::Or(parts) if parts.len() > 1 => bullets(parts, "\\/ ", column),
            Self::And(parts) | Self::Or(parts) => match parts.first() {
                Some(only) => only.block(column),
                None => self.inline(),
            },
            Self::Quantified(q, bound, body) => format!(
                "{} {}:\n{}{}",
                q.sign(),
                bindings(bound),
                " ".repeat(column + 2),
                body.block(column + 2)
            ),
            Self::Var(_)
            | Self::Primed(_)
            | Self::Call(..)
            | Self::Str(_)
            | Self::Int(_)
            | Self::Bool(_)
            | Self::Not(_)
            | Self::Binary(..)
            | Self::If(..)
            | Self::Set(_)
            | Self::Tuple(_)
            | Self::Unchanged(_)
            | Self::Temporal(..)
            | Self::Steps(..)
            | Self::Fair(..) => self.inline(),
        }
    }
}

impl Quantifier {
    const fn sign(self) -> &'static str {
        match self {
            Self::All => "\\A",
            Self::Some => "\\E",
        }
    }
}

fn list(items: &[Expr]) -> String {
    let items: Vec<String> = items.iter().map(Expr::inline).collect();
    items.join(", ")
}

fn joined(parts: &[Expr], sign: &str, empty: &str) -> String {
    match parts {
        [] => empty.to_owned(),
        [only] => only.inline(),
        many => {
            let many: Vec<String> = many.iter().map(Expr::inline).collect();
            format!("({})", many.join(&format!(" {sign} ")))
        }
    }
}

fn bullets(parts: &[Expr], bullet: &str, column: usize) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| format!("{bullet}{}", part.block(column + bullet.len())))
        .collect();
    parts.join(&format!("\n{}", " ".repeat(column)))
}

fn bindings(bound: &[(String, Expr)]) -> String {
    let bound: Vec<String> = bound
        .iter()
        .map(|(name, set)| format!("{name} \\in {}", set.inline()))
        .collect();
    bound.join(", ")
}

impl Module {
    /// The text of the module's file.
    #[must_use]
    pub fn print(&self) -> String {
        let mut out = format!("---- MODULE {} ----\n", self.name);
        if !self.extends.is_empty() {
            let _ = writeln!(out, "EXTENDS {}", self.extends.join(", "));
        }
        for unit in &self.units {
            unit.print(&mut out);
        }
        out.push_str("====\n");
        out
    }
}

impl Unit {
    fn print(&self, out: &mut String) {
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Comment(lines) => lines.iter().try_for_each(|l| writeln!(out, "\\* {l}")),
            Self::Blank => writeln!(out),
            Self::Variables(variables) => variables_section(variables, out),
            Self::Define(name, parameters, body) => {
                let parameters = if parameters.is_empty() {
                    String::new()
                } else {
                    format!("({})", parameters.join(", "))
                };
                writeln!(out, "{name}{parameters} ==\n  {}", body.block(2))
            }
            Self::Instance(name, module, with) => {
                let with: Vec<String> = with
                    .iter()
                    .map(|(variable, e)| format!("  {variable} <- {}", e.inline()))
                    .collect();
                writeln!(
                    out,
                    "{name} == INSTANCE {module} WITH\n{}",
                    with.join(",\n")
                )
            }
            Self::Assume(e) => writeln!(out, "ASSUME {}", e.inline()),
        };
    }
}

fn variables_section(variables: &[(String, String)], out: &mut String) -> std::fmt::Result {
    writeln!(out, "VARIABLES")?;
    for (i, (name, comment)) in variables.iter().enumerate() {
        let comma = if i + 1 < variables.len() { "," } else { "" };
        if comment.is_empty() {
            writeln!(out, "  {name}{comma}")?;
        } else {
            writeln!(out, "  {name}{comma}  \\* {comment}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn var(name: &str) -> Expr {
        Expr::Var(name.to_owned())
    }

    #[test]
    fn operands_are_always_in_parentheses() {
        let e = Expr::binary(
            BinOp::Implies,
            Expr::And(vec![var("a"), Expr::Or(vec![var("b"), var("c").negated()])]),
            Expr::binary(
                BinOp::Eq,
                Expr::Primed("x".to_owned()),
                Expr::either(
                    var("a"),
                    Expr::Int(-1),
                    Expr::binary(BinOp::Sub, var("x"), Expr::Int(2)),
                ),
            ),
        );
        assert_eq!(
            e.inline(),
            "((a /\\ (b \\/ (~c))) => (x' = (IF a THEN (-1) ELSE (x - 2))))"
        );
    }

    #[test]
    fn lists_have_one_column_and_quantified_bodies_stand_deeper() {
        let e = Expr::And(vec![
            var("a"),
            Expr::Quantified(
                Quantifier::Some,
                vec![("r".to_owned(), Expr::Set(vec![Expr::Int(1)]))],
                Box::new(Expr::Or(vec![
                    var("b"),
                    Expr::And(vec![var("c"), var("d")]),
                ])),
            ),
            Expr::And(vec![]),
        ]);
        let module = Module {
            name: "M".to_owned(),
            extends: vec!["Integers".to_owned()],
            units: vec![Unit::Define("X".to_owned(), vec!["p".to_owned()], e)],
        };
        let expected = "---- MODULE M ----
EXTENDS Integers
X(p) ==
  /\\ a
  /\\ \\E r \\in {1}:
       \\/ b
       \\/ /\\ c
          /\\ d
  /\\ TRUE
====
";
        assert_eq!(module.print(), expected);
    }

    #[test]
    fn a_string_cannot_end_early() {
        assert_eq!(Expr::Str("a\"\\b\n".to_owned()).inline(), "\"a__b_\"");
    }
}
