//! Terms back as the language writes them, so that a condition computed here can stand in a guard. Trusted for nothing: what
//! comes of it is parsed and checked again like anything a user writes.

use crate::ir::expr::{BinaryOp, ExprKind};
use crate::ir::term::CmpOp;
use crate::ir::{
    ArtId, Cell, EvId, Expr, FieldIx, Name, SourceId, Span, Spanned, Term, TermKind, Ty, Value,
};
use crate::model::{Command, System};

/// The text of a condition over the state before a step of `command` and its choices; `None` for a term that no guard can
/// have.
#[must_use]
pub fn spell(system: &System, command: &Command, term: &Term) -> Option<String> {
    Some(Speller { system, command }.expr(term)?.to_string())
}

const NOWHERE: Span = Span::new(SourceId(0), 0, 0);

const fn at_no_place(kind: ExprKind) -> Expr {
    Expr {
        kind,
        span: NOWHERE,
    }
}

struct Speller<'a> {
    system: &'a System,
    command: &'a Command,
}

impl Speller<'_> {
    fn expr(&self, term: &Term) -> Option<Expr> {
        let boxed = |t: &Term| self.expr(t).map(Box::new);
        let kind = match &term.kind {
            TermKind::Lit(value) => literal(self.system, term.ty, *value)?,
            TermKind::Read(cell) => self.cell(*cell)?,
            TermKind::Choice(ix) => ExprKind::Name(self.command.choices.get(ix.ix())?.name.clone()),
            TermKind::Input(_) => return None,
            TermKind::Fresh(e, only) => ExprKind::Fresh(self.evidence(*e)?, self.artifact(*only)?),
            TermKind::Stale(e, only) => ExprKind::Stale(self.evidence(*e)?, self.artifact(*only)?),
            TermKind::Terminal => ExprKind::Terminal,
            TermKind::Not(a) => ExprKind::Not(boxed(a)?),
            TermKind::And(parts) => return self.joined(BinaryOp::And, parts, true),
            TermKind::Or(parts) => return self.joined(BinaryOp::Or, parts, false),
            TermKind::Implies(a, b) => ExprKind::Binary(BinaryOp::Implies, boxed(a)?, boxed(b)?),
            TermKind::Cmp(op, a, b) => ExprKind::Binary(comparison(*op), boxed(a)?, boxed(b)?),
            TermKind::In(item, list) => ExprKind::In {
                item: boxed(item)?,
                list: list.iter().map(|t| self.expr(t)).collect::<Option<_>>()?,
                negated: false,
            },
            TermKind::Add(a, b) => ExprKind::Binary(BinaryOp::Add, boxed(a)?, boxed(b)?),
            TermKind::Sub(a, b) => ExprKind::Binary(BinaryOp::Sub, boxed(a)?, boxed(b)?),
            TermKind::If(c, a, b) => ExprKind::If(boxed(c)?, boxed(a)?, boxed(b)?),
        };
        Some(at_no_place(kind))
    }

    fn joined(&self, op: BinaryOp, parts: &[Term], empty: bool) -> Option<Expr> {
        let mut all: Option<Expr> = None;
        for part in parts {
            let part = self.expr(part)?;
            all = Some(match all {
                None => part,
                Some(before) => at_no_place(ExprKind::Binary(op, Box::new(before), Box::new(part))),
            });
        }
        Some(all.unwrap_or_else(|| at_no_place(ExprKind::Bool(empty))))
    }

    fn evidence(&self, e: EvId) -> Option<Spanned<Name>> {
        let name = &self.system.symbols.evidence.get(e.ix())?.name;
        Some(Spanned::new(name.clone(), NOWHERE))
    }

    /// The outer `None` is for an artifact that is not there.
    fn artifact(&self, only: Option<ArtId>) -> Option<Option<Spanned<Name>>> {
        let Some(a) = only else { return Some(None) };
        let name = &self.system.symbols.artifacts.get(a.ix())?.name;
        Some(Some(Spanned::new(name.clone(), NOWHERE)))
    }

    fn cell(&self, cell: Cell) -> Option<ExprKind> {
        Some(match cell {
            Cell::State => ExprKind::State,
            Cell::Var(v) => ExprKind::Name(self.system.symbols.vars.get(v.ix())?.name.clone()),
            Cell::Has(e) => ExprKind::Has(self.evidence(e)?),
            // The bit of evidence that does not exist is clear, so this says the same.
            Cell::Bit(e, a) => ExprKind::Fresh(self.evidence(e)?, self.artifact(Some(a))?),
            Cell::Field(e, f) => ExprKind::Field(self.evidence(e)?, self.field(e, f)?),
        })
    }

    fn field(&self, e: EvId, f: FieldIx) -> Option<Spanned<Name>> {
        let fields = &self.system.symbols.evidence.get(e.ix())?.fields;
        Some(Spanned::new(fields.get(f.ix())?.name.clone(), NOWHERE))
    }
}

fn literal(system: &System, ty: Ty, value: Value) -> Option<ExprKind> {
    Some(match value {
        Value::None => ExprKind::None,
        Value::Bool(b) => ExprKind::Bool(b),
        Value::Int(n) => ExprKind::Int(n),
        Value::Enum(_) => ExprKind::Name(Name::new(&system.symbols.show(ty, value))?),
    })
}

const fn comparison(op: CmpOp) -> BinaryOp {
    match op {
        CmpOp::Eq => BinaryOp::Eq,
        CmpOp::Ne => BinaryOp::Ne,
        CmpOp::Lt => BinaryOp::Lt,
        CmpOp::Le => BinaryOp::Le,
        CmpOp::Gt => BinaryOp::Gt,
        CmpOp::Ge => BinaryOp::Ge,
    }
}
