//! Which values a term can take, by intervals: enough to see that most assignments need no test of S-3 at run time.
//!
//! It errs on one side only: `fits` says yes only where it is a fact.

use crate::ir::term::CmpOp;
use crate::ir::{Cell, ChoiceIx, Domain, Term, TermKind, Value};
use crate::model::system::{CellDecl, Choice, System};

/// The integers `lo..=hi`; none where `lo > hi`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    lo: i64,
    hi: i64,
}

/// What a condition tells of one place.
#[derive(Debug, Clone, Copy)]
struct Learnt {
    place: Place,
    /// Where it is an integer, it is one of these.
    range: Range,
    /// It is not absent.
    present: bool,
}

/// What something is known of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Cell(Cell),
    Choice(ChoiceIx),
}

/// What is known of integers where a command's right-hand sides are evaluated.
#[derive(Clone)]
pub(super) struct Ranges<'a> {
    system: &'a System,
    choices: &'a [Choice],
    /// Bounds learnt from conditions; all of them hold.
    learnt: Vec<Learnt>,
}

/// Wider than any sum the language can form.
const WIDE: i64 = i64::MAX / 4;

impl<'a> Ranges<'a> {
    /// What is known where `guard` holds.
    pub(super) fn under(system: &'a System, choices: &'a [Choice], guard: &Term) -> Self {
        let mut ranges = Self {
            system,
            choices,
            learnt: Vec::new(),
        };
        ranges.learn(guard, true);
        ranges
    }

    /// Whether every value of `term` is one that the cell admits.
    pub(super) fn fits(&self, term: &Term, cell: &CellDecl) -> bool {
        let none_fits = cell.optional || !self.may_be_none(term);
        none_fits
            && match cell.domain {
                Domain::Int { lo, hi } => {
                    let range = self.range(term);
                    range.lo >= lo && range.hi <= hi
                }
                // Types agree, so every value that is there is one of the cell's.
                Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => true,
            }
    }

    /// Adds what follows from a condition that holds or, for `value` false, does not.
    fn learn(&mut self, condition: &Term, value: bool) {
        match &condition.kind {
            TermKind::And(parts) if value => parts.iter().for_each(|p| self.learn(p, true)),
            TermKind::Or(parts) if !value => parts.iter().for_each(|p| self.learn(p, false)),
            TermKind::Not(a) => self.learn(a, !value),
            TermKind::Cmp(op, a, b) => {
                self.learn_cmp(*op, a, b, value);
                self.learn_cmp(mirrored(*op), b, a, value);
            }
            TermKind::And(_)
            | TermKind::Or(_)
            | TermKind::Implies(..)
            | TermKind::In(..)
            | TermKind::If(..)
            | TermKind::Lit(_)
            | TermKind::Read(_)
            | TermKind::Choice(_)
            | TermKind::Input(_)
            | TermKind::Fresh(..)
            | TermKind::Stale(..)
            | TermKind::Terminal
            | TermKind::Add(..)
            | TermKind::Sub(..) => {}
        }
    }

    fn learn_cmp(&mut self, op: CmpOp, a: &Term, b: &Term, value: bool) {
        let (Some(place), TermKind::Lit(Value::Int(n))) = (place(a), &b.kind) else {
            return;
        };
        let op = if value { op } else { opposite(op) };
        // What equals a number or is in order with one is not absent; what fails to be may be (S-13).
        let present = value && op != CmpOp::Ne;
        let (lo, hi) = match op {
            CmpOp::Eq => (*n, *n),
            CmpOp::Lt => (-WIDE, n - 1),
            CmpOp::Le => (-WIDE, *n),
            CmpOp::Gt => (n + 1, WIDE),
            CmpOp::Ge => (*n, WIDE),
            CmpOp::Ne => {
                let known = self.range(a);
                (
                    if known.lo == *n { n + 1 } else { -WIDE },
                    if known.hi == *n { n - 1 } else { WIDE },
                )
            }
        };
        self.learnt.push(Learnt {
            place,
            range: Range { lo, hi },
            present,
        });
    }

    fn within(&self, condition: &Term, value: bool) -> Self {
        let mut inner = self.clone();
        inner.learn(condition, value);
        inner
    }

    fn may_be_none(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Lit(v) => *v == Value::None,
            TermKind::Read(cell) => {
                let slot = self.system.slot(*cell);
                let optional = slot
                    .and_then(|s| self.system.cell(s))
                    .is_none_or(|c| c.optional);
                let mut learnt = self.learnt.iter();
                optional && !learnt.any(|l| l.place == Place::Cell(*cell) && l.present)
            }
            TermKind::Add(a, b) | TermKind::Sub(a, b) => self.may_be_none(a) || self.may_be_none(b),
            TermKind::If(c, a, b) => {
                self.within(c, true).may_be_none(a) || self.within(c, false).may_be_none(b)
            }
            TermKind::Input(_) => true,
            TermKind::Choice(_)
            | TermKind::Fresh(..)
            | TermKind::Stale(..)
            | TermKind::Terminal
            | TermKind::Not(_)
            | TermKind::And(_)
            | TermKind::Or(_)
            | TermKind::Implies(..)
            | TermKind::Cmp(..)
            | TermKind::In(..) => false,
        }
    }

    /// The integers a term can be, where it is one.
    fn range(&self, term: &Term) -> Range {
        let wide = Range {
            lo: -WIDE,
            hi: WIDE,
        };
        match &term.kind {
            TermKind::Lit(Value::Int(n)) => Range { lo: *n, hi: *n },
            // Empty: no integer at all.
            TermKind::Lit(Value::None) => Range {
                lo: WIDE,
                hi: -WIDE,
            },
            TermKind::Read(cell) => {
                let slot = self.system.slot(*cell);
                let decl = slot.and_then(|s| self.system.cell(s));
                self.narrowed(Place::Cell(*cell), decl.map(|c| c.domain), wide)
            }
            TermKind::Choice(c) => {
                let domain = self.choices.get(c.ix()).map(|c| c.domain);
                self.narrowed(Place::Choice(*c), domain, wide)
            }
            TermKind::Add(a, b) => {
                let (a, b) = (self.range(a), self.range(b));
                Range {
                    lo: clamp(a.lo.saturating_add(b.lo)),
                    hi: clamp(a.hi.saturating_add(b.hi)),
                }
            }
            TermKind::Sub(a, b) => {
                let (a, b) = (self.range(a), self.range(b));
                Range {
                    lo: clamp(a.lo.saturating_sub(b.hi)),
                    hi: clamp(a.hi.saturating_sub(b.lo)),
                }
            }
            TermKind::If(c, a, b) => {
                let a = self.within(c, true).range(a);
                let b = self.within(c, false).range(b);
                Range {
                    lo: a.lo.min(b.lo),
                    hi: a.hi.max(b.hi),
                }
            }
            TermKind::Lit(Value::Bool(_) | Value::Enum(_))
            | TermKind::Input(_)
            | TermKind::Fresh(..)
            | TermKind::Stale(..)
            | TermKind::Terminal
            | TermKind::Not(_)
            | TermKind::And(_)
            | TermKind::Or(_)
            | TermKind::Implies(..)
            | TermKind::Cmp(..)
            | TermKind::In(..) => wide,
        }
    }

    fn narrowed(&self, place: Place, domain: Option<Domain>, wide: Range) -> Range {
        let start = match domain {
            Some(Domain::Int { lo, hi }) => Range { lo, hi },
            Some(Domain::Bool | Domain::Enum { .. } | Domain::State { .. }) | None => wide,
        };
        let mine = self.learnt.iter().filter(|l| l.place == place);
        mine.fold(start, |r, known| Range {
            lo: r.lo.max(known.range.lo),
            hi: r.hi.min(known.range.hi),
        })
    }
}

/// Keeps sums of unknowns within `WIDE`, which stands for anything.
fn clamp(n: i64) -> i64 {
    n.clamp(-WIDE, WIDE)
}

const fn place(term: &Term) -> Option<Place> {
    match &term.kind {
        TermKind::Read(cell) => Some(Place::Cell(*cell)),
        TermKind::Choice(c) => Some(Place::Choice(*c)),
        TermKind::Lit(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => None,
    }
}

/// The comparison that holds of two integers where this one does not.
const fn opposite(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Eq => CmpOp::Ne,
        CmpOp::Ne => CmpOp::Eq,
        CmpOp::Lt => CmpOp::Ge,
        CmpOp::Le => CmpOp::Gt,
        CmpOp::Gt => CmpOp::Le,
        CmpOp::Ge => CmpOp::Lt,
    }
}

/// `a op b` as `b op' a`.
const fn mirrored(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Eq => CmpOp::Eq,
        CmpOp::Ne => CmpOp::Ne,
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
    }
}
