//! One function from a term to TLA+, exact on absent values (S-13).
//!
//! A string carries its own "none". An integer or boolean that may be absent comes as a value and a flag: the value is 0 or
//! FALSE while the flag is false, so that equal states of the workflow are equal states of TLC.

use super::layout::Layout;
use super::syntax::{BinOp, Expr};
use crate::ir::term::CmpOp;
use crate::ir::{ArtId, Cell, ChoiceIx, Domain, EvId, Term, TermKind, Ty, Value};
use crate::model::{Command, Slot};

/// A term in TLA+.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repr {
    /// A string; "none" when absent.
    Text(Expr),
    /// An integer.
    Int(Scalar),
    /// A boolean.
    Bool(Scalar),
    /// The literal `none` where nothing gives it a type.
    Nothing,
}

/// An integer or boolean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The value; anything while absent.
    pub value: Expr,
    /// Whether there is one; `None` = always.
    pub given: Option<Expr>,
}

/// Where the names in a term are looked up.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The cells.
    pub layout: &'a Layout<'a>,
    /// The transition whose choices may be read.
    pub command: Option<&'a Command>,
    /// Whether cells are read in the state after that transition's step, by what it assigns to them in terms of the state before.
    pub after: bool,
}

impl Scalar {
    fn always(value: Expr) -> Self {
        Self { value, given: None }
    }

    fn absent(value: Expr) -> Self {
        Self {
            value,
            given: Some(Expr::Bool(false)),
        }
    }
}

impl Repr {
    /// Absent, of the type of `self`.
    fn absent_alike(&self) -> Self {
        match self {
            Self::Text(_) => Self::Text(Expr::Str("none".to_owned())),
            Self::Int(_) => Self::Int(Scalar::absent(Expr::Int(0))),
            Self::Bool(_) => Self::Bool(Scalar::absent(Expr::Bool(false))),
            Self::Nothing => Self::Nothing,
        }
    }

    /// Both of one type, where `none` stands beside something typed.
    fn alike(self, other: Self) -> (Self, Self) {
        if self == Self::Nothing {
            (other.absent_alike(), other)
        } else if other == Self::Nothing {
            let absent = self.absent_alike();
            (self, absent)
        } else {
            (self, other)
        }
    }

    /// Read as a condition: an absent boolean is false.
    #[must_use]
    pub fn truth(self) -> Expr {
        match self {
            Self::Bool(b) => match b.given {
                None => b.value,
                Some(given) => Expr::And(vec![given, b.value]),
            },
            Self::Text(_) | Self::Int(_) | Self::Nothing => Expr::Bool(false),
        }
    }
}

impl Scope<'_> {
    /// A condition.
    #[must_use]
    pub fn truth(&self, term: &Term) -> Expr {
        self.repr(term).truth()
    }

    /// The conjuncts of a condition, one each.
    #[must_use]
    pub fn conjuncts(&self, term: &Term) -> Vec<Expr> {
        if let TermKind::And(parts) = &term.kind {
            parts.iter().flat_map(|p| self.conjuncts(p)).collect()
        } else if term.kind == TermKind::Lit(Value::Bool(true)) {
            Vec::new()
        } else {
            flat(self.truth(term))
        }
    }

    /// Any term.
    #[must_use]
    pub fn repr(&self, term: &Term) -> Repr {
        let truth = |e: Expr| Repr::Bool(Scalar::always(e));
        match &term.kind {
            TermKind::Lit(value) => self.literal(term.ty, *value),
            TermKind::Read(cell) => self.cell(*cell),
            TermKind::Choice(c) => self.choice(*c),
            // Only a policy's terms have inputs, and those are not lowered.
            TermKind::Input(_) => Repr::Nothing,
            TermKind::Fresh(e, only) => truth(Expr::And(vec![
                self.cell(Cell::Has(*e)).truth(),
                self.current(*e, *only),
            ])),
            TermKind::Stale(e, only) => truth(Expr::And(vec![
                self.cell(Cell::Has(*e)).truth(),
                self.current(*e, *only).negated(),
            ])),
            TermKind::Terminal => truth(self.terminal()),
            TermKind::Not(a) => truth(self.truth(a).negated()),
            TermKind::And(parts) => truth(Expr::And(parts.iter().map(|p| self.truth(p)).collect())),
            TermKind::Or(parts) => truth(Expr::Or(parts.iter().map(|p| self.truth(p)).collect())),
            TermKind::Implies(a, b) => {
                truth(Expr::binary(BinOp::Implies, self.truth(a), self.truth(b)))
            }
            TermKind::Cmp(op, a, b) => truth(compare(*op, self.repr(a), self.repr(b))),
            TermKind::In(a, list) => truth(member(
                self.repr(a),
                list.iter().map(|x| self.repr(x)).collect(),
            )),
            TermKind::Add(a, b) => arithmetic(BinOp::Add, self.repr(a), self.repr(b)),
            TermKind::Sub(a, b) => arithmetic(BinOp::Sub, self.repr(a), self.repr(b)),
            TermKind::If(c, a, b) => either(self.truth(c), self.repr(a), self.repr(b)),
        }
    }

    /// A term whose value goes into a cell of another system, whose values have the names `words` by position: the map of a
    /// refinement. Values go over by position; only where the names differ does it show.
    #[must_use]
    pub fn repr_for(&self, term: &Term, words: &[String]) -> Repr {
        if let TermKind::Lit(Value::Enum(n)) = &term.kind {
            let word = words.get(usize::from(*n)).map_or("?", String::as_str);
            return Repr::Text(Expr::Str(word.to_owned()));
        }
        if let TermKind::If(c, a, b) = &term.kind {
            let (a, b) = (self.repr_for(a, words), self.repr_for(b, words));
            return either(self.truth(c), a, b);
        }
        let mine = self.words_of(term.ty);
        match self.repr(term) {
            Repr::Text(e) if mine != words => Repr::Text(translated(e, &mine, words)),
            repr @ (Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing) => repr,
        }
    }

    fn words_of(&self, ty: Ty) -> Vec<String> {
        let symbols = &self.layout.system.symbols;
        match ty {
            Ty::State => symbols.states.iter().map(|s| s.name.to_string()).collect(),
            Ty::Enum(id) => symbols.enums.get(id.ix()).map_or_else(Vec::new, |e| {
                e.values.iter().map(ToString::to_string).collect()
            }),
            Ty::Bool | Ty::Int | Ty::None => Vec::new(),
        }
    }

    fn literal(&self, ty: Ty, value: Value) -> Repr {
        match value {
            Value::Bool(b) => Repr::Bool(Scalar::always(Expr::Bool(b))),
            Value::Int(n) => Repr::Int(Scalar::always(Expr::Int(n))),
            Value::Enum(_) => Repr::Text(self.layout.constant(ty, value)),
            Value::None => match ty {
                Ty::Bool => Repr::Bool(Scalar::absent(Expr::Bool(false))),
                Ty::Int => Repr::Int(Scalar::absent(Expr::Int(0))),
                Ty::Enum(_) | Ty::State => Repr::Text(self.layout.constant(ty, value)),
                Ty::None => Repr::Nothing,
            },
        }
    }

    fn cell(&self, cell: Cell) -> Repr {
        match self.layout.system.slot(cell) {
            Some(slot) => self.slot(slot),
            None => Repr::Nothing,
        }
    }

    /// Whether the control state is a terminal one.
    #[must_use]
    pub fn terminal(&self) -> Expr {
        match self.slot(Slot(0)) {
            Repr::Text(state) => self.layout.state_in(state, &self.layout.terminals()),
            Repr::Int(_) | Repr::Bool(_) | Repr::Nothing => Expr::Bool(false),
        }
    }

    /// The value of a cell.
    #[must_use]
    pub fn slot(&self, slot: Slot) -> Repr {
        if let (true, Some(command)) = (self.after, self.command)
            && let Some(update) = command.updates.iter().find(|u| u.slot == slot)
        {
            let before = Self {
                after: false,
                ..*self
            };
            return before.repr(&update.value);
        }
        let (Some(vars), Some(decl)) = (
            self.layout.cells.get(slot.ix()),
            self.layout.system.cell(slot),
        ) else {
            return Repr::Nothing;
        };
        let value = Expr::Var(vars.value.clone());
        let given = vars.given.clone().map(Expr::Var);
        typed(decl.domain, Scalar { value, given })
    }

    fn choice(&self, ix: ChoiceIx) -> Repr {
        match self.command.and_then(|c| c.choices.get(ix.ix())) {
            Some(choice) => typed(
                choice.domain,
                Scalar::always(Expr::name(self.layout.choice(&choice.name))),
            ),
            None => Repr::Nothing,
        }
    }

    fn current(&self, e: EvId, only: Option<ArtId>) -> Expr {
        let symbols = &self.layout.system.symbols;
        let all: Vec<ArtId> = match only {
            Some(a) => vec![a],
            None => symbols
                .evidence
                .get(e.ix())
                .map_or_else(Vec::new, |s| s.of.clone()),
        };
        Expr::And(
            all.into_iter()
                .map(|a| self.cell(Cell::Bit(e, a)).truth())
                .collect(),
        )
    }
}

/// The members of a conjunction of conjunctions.
fn flat(e: Expr) -> Vec<Expr> {
    if let Expr::And(parts) = e {
        parts.into_iter().flat_map(flat).collect()
    } else {
        vec![e]
    }
}

fn typed(domain: Domain, scalar: Scalar) -> Repr {
    match domain {
        Domain::Bool => Repr::Bool(scalar),
        Domain::Int { .. } => Repr::Int(scalar),
        Domain::Enum { .. } | Domain::State { .. } => Repr::Text(scalar.value),
    }
}

/// The conjunction of two flags.
fn both(a: Option<Expr>, b: Option<Expr>) -> Option<Expr> {
    match (a, b) {
        (None, None) => None,
        (Some(g), None) | (None, Some(g)) => Some(g),
        (Some(a), Some(b)) => Some(Expr::And(vec![a, b])),
    }
}

fn guarded(given: Option<Expr>, e: Expr) -> Expr {
    match given {
        None => e,
        Some(given) => Expr::And(vec![given, e]),
    }
}

/// Equality: of two absent values true, of one false.
fn equal(a: Repr, b: Repr) -> Expr {
    match a.alike(b) {
        (Repr::Text(a), Repr::Text(b)) => Expr::binary(BinOp::Eq, a, b),
        (Repr::Int(a), Repr::Int(b)) | (Repr::Bool(a), Repr::Bool(b)) => {
            let same = Expr::binary(BinOp::Eq, a.value, b.value);
            match (a.given, b.given) {
                (Some(Expr::Bool(false)), None) | (None, Some(Expr::Bool(false))) => {
                    Expr::Bool(false)
                }
                (Some(Expr::Bool(false)), Some(g)) | (Some(g), Some(Expr::Bool(false))) => {
                    g.negated()
                }
                (Some(a), Some(b)) => Expr::Or(vec![
                    Expr::And(vec![a.clone(), b.clone(), same]),
                    Expr::And(vec![a.negated(), b.negated()]),
                ]),
                (a, b) => guarded(both(a, b), same),
            }
        }
        (Repr::Nothing, Repr::Nothing) => Expr::Bool(true),
        // Values of two types are never equal; `check` lets no such term through.
        (
            Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing,
            Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing,
        ) => Expr::Bool(false),
    }
}

fn compare(op: CmpOp, a: Repr, b: Repr) -> Expr {
    let order = |op: BinOp| match (a.clone(), b.clone()) {
        (Repr::Int(a), Repr::Int(b)) => {
            guarded(both(a.given, b.given), Expr::binary(op, a.value, b.value))
        }
        (
            Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing,
            Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing,
        ) => Expr::Bool(false),
    };
    match op {
        CmpOp::Eq => equal(a, b),
        CmpOp::Ne => match equal(a, b) {
            Expr::Binary(BinOp::Eq, a, b) => Expr::Binary(BinOp::Ne, a, b),
            other => other.negated(),
        },
        CmpOp::Lt => order(BinOp::Lt),
        CmpOp::Le => order(BinOp::Le),
        CmpOp::Gt => order(BinOp::Gt),
        CmpOp::Ge => order(BinOp::Ge),
    }
}

fn member(item: Repr, list: Vec<Repr>) -> Expr {
    let plain = |r: &Repr| match r {
        Repr::Text(e) => Some(e.clone()),
        Repr::Int(s) | Repr::Bool(s) if s.given.is_none() => Some(s.value.clone()),
        Repr::Int(_) | Repr::Bool(_) | Repr::Nothing => None,
    };
    let same_kind = list
        .iter()
        .all(|x| std::mem::discriminant(x) == std::mem::discriminant(&item));
    let members: Option<Vec<Expr>> = list.iter().map(plain).collect();
    match (plain(&item), members) {
        (Some(item), Some(members)) if same_kind && !members.is_empty() => {
            Expr::binary(BinOp::In, item, Expr::Set(members))
        }
        _ => Expr::Or(list.into_iter().map(|x| equal(item.clone(), x)).collect()),
    }
}

fn arithmetic(op: BinOp, a: Repr, b: Repr) -> Repr {
    match (a, b) {
        (Repr::Int(a), Repr::Int(b)) => Repr::Int(Scalar {
            value: Expr::binary(op, a.value, b.value),
            given: both(a.given, b.given),
        }),
        (
            Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing,
            Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing,
        ) => Repr::Int(Scalar::absent(Expr::Int(0))),
    }
}

fn either(condition: Expr, a: Repr, b: Repr) -> Repr {
    let scalars = |condition: Expr, a: Scalar, b: Scalar| Scalar {
        given: match (a.given, b.given) {
            (None, None) => None,
            (a, b) => Some(Expr::either(
                condition.clone(),
                a.unwrap_or(Expr::Bool(true)),
                b.unwrap_or(Expr::Bool(true)),
            )),
        },
        value: Expr::either(condition, a.value, b.value),
    };
    match a.alike(b) {
        (Repr::Text(a), Repr::Text(b)) => Repr::Text(Expr::either(condition, a, b)),
        (Repr::Int(a), Repr::Int(b)) => Repr::Int(scalars(condition, a, b)),
        (Repr::Bool(a), Repr::Bool(b)) => Repr::Bool(scalars(condition, a, b)),
        (
            Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing,
            Repr::Text(_) | Repr::Int(_) | Repr::Bool(_) | Repr::Nothing,
        ) => Repr::Nothing,
    }
}

/// The word of `to` in the position that the word has in `from`; "none" stays.
fn translated(word: Expr, from: &[String], to: &[String]) -> Expr {
    let none = "none".to_owned();
    from.iter()
        .enumerate()
        .rev()
        .fold(Expr::Str(none), |rest, (n, mine)| {
            Expr::either(
                Expr::binary(BinOp::Eq, word.clone(), Expr::Str(mine.clone())),
                Expr::Str(to.get(n).cloned().unwrap_or_else(|| format!("?{n}"))),
                rest,
            )
        })
}
