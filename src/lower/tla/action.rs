//! A transition in TLA+: when it can fire, whether its step stays in range, and the step (S-1 to S-3).

use super::comment;
use super::layout::{Item, Layout};
use super::syntax::{BinOp, Expr, Quantifier, Unit};
use super::term::{Repr, Scalar, Scope};
use crate::ir::{Domain, Term, TermKind, Value};
use crate::model::{CellDecl, Command, CommandIx, Update};

/// The operators of one transition. The action takes no parameters; the other two take the choices.
pub struct Action<'a> {
    layout: &'a Layout<'a>,
    ix: CommandIx,
    command: &'a Command,
    tests: Vec<Expr>,
}

impl<'a> Action<'a> {
    /// The operators of `command`.
    #[must_use]
    pub fn new(layout: &'a Layout<'a>, ix: CommandIx, command: &'a Command) -> Self {
        let scope = Scope {
            layout,
            command: Some(command),
            after: false,
        };
        let tests = command
            .updates
            .iter()
            .filter_map(|u| test(&scope, u))
            .collect();
        Self {
            layout,
            ix,
            command,
            tests,
        }
    }

    /// The terms of this transition are read in here.
    #[must_use]
    pub fn scope(&self) -> Scope<'a> {
        Scope {
            layout: self.layout,
            command: Some(self.command),
            after: false,
        }
    }

    /// The same in the state after its step, in terms of the state before.
    #[must_use]
    pub fn scope_after(&self) -> Scope<'a> {
        Scope {
            after: true,
            ..self.scope()
        }
    }

    /// The definitions.
    #[must_use]
    pub fn units(&self) -> Vec<Unit> {
        let names = &self.layout.names;
        let parameters: Vec<String> = self
            .command
            .choices
            .iter()
            .map(|c| self.layout.choice(&c.name).to_owned())
            .collect();
        let mut units = vec![
            Unit::Blank,
            Unit::Comment(vec![self.title()]),
            Unit::Define(
                names.of(&Item::Can(self.ix)).to_owned(),
                parameters.clone(),
                self.guard(),
            ),
        ];
        if !self.tests.is_empty() {
            units.push(Unit::Define(
                names.of(&Item::Fits(self.ix)).to_owned(),
                parameters,
                Expr::And(self.tests.clone()),
            ));
        }
        units.push(Unit::Define(
            names.of(&Item::Transition(self.ix)).to_owned(),
            Vec::new(),
            self.for_choices(Quantifier::Some, self.step()),
        ));
        units
    }

    fn title(&self) -> String {
        let symbols = &self.layout.system.symbols;
        let actor = symbols
            .transitions
            .get(self.ix.ix())
            .map_or("?", |t| symbols.actor_name(t.actor));
        let from: Vec<&str> = self
            .command
            .from
            .iter()
            .map(|s| symbols.state_name(*s))
            .collect();
        let to = self.command.to.map_or_else(
            || "stays".to_owned(),
            |to| format!("to {}", symbols.state_name(to)),
        );
        let title = format!(
            "Transition {}: by {actor}, from {}, {to}.",
            self.command.name,
            from.join(", ")
        );
        comment::line(&title)
    }

    fn guard(&self) -> Expr {
        let mut parts = vec![self.layout.state_in(Layout::state(), &self.command.from)];
        parts.extend(self.scope().conjuncts(&self.command.guard));
        Expr::And(parts)
    }

    /// `body` for all, or for some, choices of the transition.
    #[must_use]
    pub fn for_choices(&self, q: Quantifier, body: Expr) -> Expr {
        let bound = self
            .command
            .choices
            .iter()
            .map(|c| {
                let name = self.layout.choice(&c.name).to_owned();
                (name, self.layout.domain(c.domain))
            })
            .collect();
        Expr::quantified(q, bound, body)
    }

    fn applied(&self, item: &Item) -> Expr {
        let choices = &self.command.choices;
        Expr::Call(
            self.layout.names.of(item).to_owned(),
            choices
                .iter()
                .map(|c| Expr::name(self.layout.choice(&c.name)))
                .collect(),
        )
    }

    /// Whether it can fire, with the choices as bound around.
    #[must_use]
    pub fn can(&self) -> Expr {
        self.applied(&Item::Can(self.ix))
    }

    /// Whether its step stays in range; `None` where it always does.
    #[must_use]
    pub fn fits(&self) -> Option<Expr> {
        (!self.tests.is_empty()).then(|| self.applied(&Item::Fits(self.ix)))
    }

    /// Whether it has a step, with the choices as bound around.
    #[must_use]
    pub fn fires(&self) -> Expr {
        let mut parts = vec![self.can()];
        parts.extend(self.fits());
        Expr::And(parts)
    }

    fn step(&self) -> Expr {
        let mut parts = vec![self.can()];
        parts.extend(self.fits());
        let mut unchanged = Vec::new();
        for (vars, slot) in self.layout.cells.iter().zip(0u16..) {
            let update = self.command.updates.iter().find(|u| u.slot.0 == slot);
            match update {
                None => unchanged.extend(std::iter::once(&vars.value).chain(&vars.given).cloned()),
                Some(update) => {
                    let (value, given) = stored(self.scope().repr(&update.value));
                    parts.push(assigned(&vars.value, value));
                    if let Some(flag) = &vars.given {
                        parts.push(assigned(flag, given));
                    }
                }
            }
        }
        if !unchanged.is_empty() {
            parts.push(Expr::Unchanged(unchanged));
        }
        Expr::And(parts)
    }
}

fn assigned(variable: &str, value: Expr) -> Expr {
    Expr::binary(BinOp::Eq, Expr::Primed(variable.to_owned()), value)
}

/// What the two variables of a cell are given: the value, made 0 or FALSE where it is absent, and the flag.
#[must_use]
pub fn stored(repr: Repr) -> (Expr, Expr) {
    let scalar = |s: Scalar, empty: Expr| match s.given {
        None => (s.value, Expr::Bool(true)),
        // A cell's own variables are in this form already, and a constant is.
        Some(given) if matches!(s.value, Expr::Var(_)) || s.value == empty => (s.value, given),
        Some(given) => (Expr::either(given.clone(), s.value, empty), given),
    };
    match repr {
        Repr::Text(e) => (e, Expr::Bool(true)),
        Repr::Int(s) => scalar(s, Expr::Int(0)),
        Repr::Bool(s) => scalar(s, Expr::Bool(false)),
        Repr::Nothing => (Expr::Str("none".to_owned()), Expr::Bool(false)),
    }
}

/// Whether the update's value lies in its cell's domain; `None` where its form alone says so. The model's own mark of that
/// is not used, so that a mistake there shows as a disagreement.
fn test(scope: &Scope<'_>, update: &Update) -> Option<Expr> {
    let decl = scope.layout.system.cell(update.slot)?;
    if surely_admitted(scope, decl, &update.value) {
        return None;
    }
    Some(admitted(scope.layout, decl, scope.repr(&update.value)))
}

/// Whether a value lies in a cell's domain.
#[must_use]
pub fn admitted(layout: &Layout<'_>, decl: &CellDecl, repr: Repr) -> Expr {
    let domain = layout.domain(decl.domain);
    let scalar = |given: Option<Expr>, inside: Expr| match given {
        None => inside,
        Some(given) if decl.optional => Expr::binary(BinOp::Implies, given, inside),
        Some(given) => Expr::And(vec![given, inside]),
    };
    match repr {
        Repr::Text(e) => {
            let mut words: Vec<Expr> = layout
                .words(decl.domain)
                .into_iter()
                .map(Expr::Str)
                .collect();
            if decl.optional {
                words.push(Expr::Str("none".to_owned()));
            }
            Expr::binary(BinOp::In, e, Expr::Set(words))
        }
        Repr::Int(s) => scalar(s.given, Expr::binary(BinOp::In, s.value, domain)),
        Repr::Bool(s) => scalar(s.given, Expr::Bool(true)),
        Repr::Nothing => Expr::Bool(decl.optional),
    }
}

fn surely_admitted(scope: &Scope<'_>, decl: &CellDecl, term: &Term) -> bool {
    let same = |domain: Domain| match (domain, decl.domain) {
        (Domain::Int { lo, hi }, Domain::Int { lo: l, hi: h }) => l <= lo && hi <= h,
        (
            Domain::Bool | Domain::Int { .. } | Domain::Enum { .. } | Domain::State { .. },
            Domain::Bool | Domain::Int { .. } | Domain::Enum { .. } | Domain::State { .. },
        ) => domain == decl.domain,
    };
    match &term.kind {
        TermKind::Lit(Value::None) => decl.optional,
        TermKind::Lit(value) => decl.admits(*value),
        TermKind::Read(cell) => scope
            .layout
            .system
            .slot(*cell)
            .and_then(|s| scope.layout.system.cell(s))
            .is_some_and(|c| same(c.domain) && (!c.optional || decl.optional)),
        TermKind::Choice(ix) => scope
            .command
            .and_then(|c| c.choices.get(ix.ix()))
            .is_some_and(|c| same(c.domain)),
        TermKind::If(_, a, b) => surely_admitted(scope, decl, a) && surely_admitted(scope, decl, b),
        TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..) => decl.domain == Domain::Bool,
        TermKind::Input(_) | TermKind::Add(..) | TermKind::Sub(..) => false,
    }
}
