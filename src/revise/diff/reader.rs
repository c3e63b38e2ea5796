//! One version's terms in the words of the common vocabulary: what `terminal`, `fresh` and `stale` mean in that version is
//! spelled out, so that two terms that read alike and mean different things are different.

use crate::check::{CheckedTransition, CheckedWorkflow};
use crate::ir::symbols::StateRole;
use crate::ir::{ArtId, Cell, ChoiceIx, EvId, StateId, Term, TermKind, Ty, Value};
use crate::revise::diff::rename::Names;
use crate::revise::diff::vocabulary::{Vocabulary, WORDS};

/// Why a term cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsaid {
    /// It names something whose type is of another kind in the other version, so no value is common.
    #[error("`{0}` is of another kind of type now")]
    Clash(String),
    /// It names something that should be there.
    #[error("`{0}` is not in the common vocabulary: a defect of ours")]
    Lost(String),
}

/// Says one version's terms in the common vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The vocabulary.
    pub to: &'a Vocabulary,
    /// The version whose terms are read.
    pub from: &'a CheckedWorkflow,
    /// What the version's names are called; `None` = as they are.
    pub names: Option<&'a Names>,
}

impl Reader<'_> {
    /// A condition; `at` is the transition whose choices it may name.
    ///
    /// # Errors
    /// In words, if it names something of two kinds of types.
    pub fn term(&self, term: &Term, at: Option<&CheckedTransition>) -> Result<Term, Unsaid> {
        let go = |t: &Term| self.term(t, at);
        let boxed = |t: &Term| self.term(t, at).map(Box::new);
        let list = |all: &[Term]| all.iter().map(go).collect::<Result<Vec<_>, _>>();
        let kind = match &term.kind {
            TermKind::Lit(value) => TermKind::Lit(self.literal(*value, term.ty)?),
            TermKind::Read(cell) => TermKind::Read(self.cell(*cell)?),
            TermKind::Choice(c) => TermKind::Choice(self.choice(*c, at)?),
            TermKind::Input(i) => TermKind::Input(*i),
            TermKind::Fresh(e, only) => return self.stamp(*e, *only, true),
            TermKind::Stale(e, only) => return self.stamp(*e, *only, false),
            TermKind::Terminal => return self.states(|s| s != StateRole::Ordinary),
            TermKind::Not(a) => TermKind::Not(boxed(a)?),
            TermKind::And(parts) => TermKind::And(list(parts)?),
            TermKind::Or(parts) => TermKind::Or(list(parts)?),
            TermKind::Implies(a, b) => TermKind::Implies(boxed(a)?, boxed(b)?),
            TermKind::Cmp(op, a, b) => TermKind::Cmp(*op, boxed(a)?, boxed(b)?),
            TermKind::In(a, all) => TermKind::In(boxed(a)?, list(all)?),
            TermKind::Add(a, b) => TermKind::Add(boxed(a)?, boxed(b)?),
            TermKind::Sub(a, b) => TermKind::Sub(boxed(a)?, boxed(b)?),
            TermKind::If(c, a, b) => TermKind::If(boxed(c)?, boxed(a)?, boxed(b)?),
        };
        Ok(Term::made(kind, ty(term.ty)))
    }

    /// When a transition can fire: where it stands, and its guard.
    ///
    /// # Errors
    /// As [`Self::term`].
    pub fn enabled(&self, t: &CheckedTransition) -> Result<Term, Unsaid> {
        let from = t.from.iter().map(|s| self.state(*s));
        let mut parts = vec![among(from.collect::<Result<_, _>>()?)];
        if let Some(guard) = &t.guard {
            parts.push(self.term(guard, Some(t))?);
        }
        Ok(Term::all(parts))
    }

    /// That the control state is one of those with such a role.
    fn states(&self, role: impl Fn(StateRole) -> bool) -> Result<Term, Unsaid> {
        let all = (0u16..).map(StateId).zip(&self.from.symbols.states);
        let list: Vec<Term> = all
            .filter(|(_, s)| role(s.role))
            .map(|(id, _)| self.state(id))
            .collect::<Result<_, _>>()?;
        Ok(among(list))
    }

    fn state(&self, id: StateId) -> Result<Term, Unsaid> {
        let own = self.from.symbols.state_name(id);
        let called = self.names.map_or(own, |n| n.state(own));
        let all = &self.to.system.symbols.states;
        let at = all.iter().position(|s| s.name.as_str() == called);
        at.and_then(|n| u16::try_from(n).ok())
            .map(|n| Term::lit(Value::Enum(n), Ty::State))
            .ok_or_else(|| lost(own))
    }

    fn literal(&self, value: Value, ty: Ty) -> Result<Value, Unsaid> {
        match (value, ty) {
            (Value::Enum(n), Ty::State) => match self.state(StateId(n))?.kind {
                TermKind::Lit(value) => Ok(value),
                _ => Err(lost("state")),
            },
            (Value::Enum(n), Ty::Enum(id)) => {
                let word = self.from.symbols.enum_value(id, n);
                let all = self.to.system.symbols.enums.first();
                let at = all.and_then(|e| e.values.iter().position(|v| v.as_str() == word));
                match at.and_then(|n| u16::try_from(n).ok()) {
                    Some(n) => Ok(Value::Enum(n)),
                    // A value that no cell holds, as of a type that only an expression has: different from all others.
                    None => Err(lost(word)),
                }
            }
            (
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Enum(_),
                Ty::Bool | Ty::Int | Ty::Enum(_) | Ty::State | Ty::None,
            ) => Ok(value),
        }
    }

    fn cell(&self, cell: Cell) -> Result<Cell, Unsaid> {
        let own = &self.from.symbols;
        let name = own.cell_name(cell);
        if self.to.clashes(&name) {
            return Err(Unsaid::Clash(name));
        }
        let to = &self.to.system.symbols;
        let found = self
            .to
            .system
            .cells
            .iter()
            .find(|c| to.cell_name(c.cell) == name);
        found.map(|c| c.cell).ok_or_else(|| lost(&name))
    }

    fn choice(&self, choice: ChoiceIx, at: Option<&CheckedTransition>) -> Result<ChoiceIx, Unsaid> {
        let t = at.ok_or_else(|| lost("a choice"))?;
        let (name, _) = t.choices.get(choice.ix()).ok_or_else(|| lost("a choice"))?;
        let own = t.name.as_str();
        let called = self.names.map_or(own, |n| n.transition(own));
        if self.to.clashes(&format!("{called}: {name}")) {
            return Err(Unsaid::Clash(name.to_string()));
        }
        let command = self
            .to
            .command(called)
            .and_then(|c| self.to.system.command(c));
        let all = command.map_or(&[][..], |c| &c.choices);
        let at = all.iter().position(|c| c.name == *name);
        at.and_then(|n| u16::try_from(n).ok())
            .map(ChoiceIx)
            .ok_or_else(|| lost(name.as_str()))
    }

    /// `fresh` and `stale` by the artifacts that this version's evidence is made from.
    fn stamp(&self, e: EvId, only: Option<ArtId>, fresh: bool) -> Result<Term, Unsaid> {
        let of = self
            .from
            .symbols
            .evidence
            .get(e.ix())
            .map_or(&[][..], |s| &s.of);
        let mut bits: Vec<Cell> = only
            .map_or_else(|| of.to_vec(), |a| vec![a])
            .into_iter()
            .map(|a| self.cell(Cell::Bit(e, a)))
            .collect::<Result<_, _>>()?;
        bits.sort();
        let has = Term::read(self.cell(Cell::Has(e))?, Ty::Bool);
        let current = Term::all(bits.into_iter().map(|c| Term::read(c, Ty::Bool)).collect());
        let stamp = if fresh { current } else { current.negated() };
        Ok(Term::all(vec![has, stamp]))
    }
}

/// That the control state is one of these literals; their order does not matter.
fn among(mut states: Vec<Term>) -> Term {
    states.sort_by_key(|t| match t.kind {
        TermKind::Lit(Value::Enum(n)) => n,
        _ => u16::MAX,
    });
    let here = Term::read(Cell::State, Ty::State);
    Term::made(TermKind::In(Box::new(here), states), Ty::Bool)
}

const fn ty(ty: Ty) -> Ty {
    match ty {
        Ty::Enum(_) => Ty::Enum(WORDS),
        Ty::Bool | Ty::Int | Ty::State | Ty::None => ty,
    }
}

fn lost(name: &str) -> Unsaid {
    Unsaid::Lost(name.to_owned())
}
