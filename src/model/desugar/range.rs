//! Which values a term can take, by intervals: enough to see that most assignments need no test of S-3 at run time.
//!
//! It errs on one side only: `fits` says yes only where it is a fact.

use crate::ir::term::CmpOp;
use crate::ir::{Cell, ChoiceIx, Domain, Term, TermKind, Value};
use crate::model::system::{CellDecl, Choice, System};

/// An integer interval, and whether the value may be absent besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    lo: i64,
    hi: i64,
    none: bool,
}

/// What an interval is known of.
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
    learnt: Vec<(Place, Range)>,
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
        ranges.learn(guard);
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

    /// Adds what follows from a condition that holds.
    fn learn(&mut self, condition: &Term) {
        match &condition.kind {
            TermKind::And(parts) => parts.iter().for_each(|p| self.learn(p)),
            TermKind::Cmp(op, a, b) => {
                self.learn_cmp(*op, a, b);
                self.learn_cmp(mirrored(*op), b, a);
            }
            TermKind::Not(_)
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

    fn learn_cmp(&mut self, op: CmpOp, a: &Term, b: &Term) {
        let (Some(place), TermKind::Lit(Value::Int(n))) = (place(a), &b.kind) else {
            return;
        };
        let (lo, hi) = match op {
            CmpOp::Eq => (*n, *n),
            CmpOp::Lt => (-WIDE, n - 1),
            CmpOp::Le => (-WIDE, *n),
            CmpOp::Gt => (n + 1, WIDE),
            CmpOp::Ge => (*n, WIDE),
            CmpOp::Ne => return,
        };
        // Each of these is false of an absent value (S-13).
        let none = false;
        self.learnt.push((place, Range { lo, hi, none }));
    }

    fn within(&self, condition: &Term) -> Self {
        let mut inner = self.clone();
        inner.learn(condition);
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
                optional && !self.learnt.iter().any(|(p, _)| *p == Place::Cell(*cell))
            }
            TermKind::Add(a, b) | TermKind::Sub(a, b) => self.may_be_none(a) || self.may_be_none(b),
            TermKind::If(c, a, b) => self.within(c).may_be_none(a) || self.may_be_none(b),
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
            none: true,
        };
        match &term.kind {
            TermKind::Lit(Value::Int(n)) => Range {
                lo: *n,
                hi: *n,
                none: false,
            },
            // Empty: no integer at all.
            TermKind::Lit(Value::None) => Range {
                lo: WIDE,
                hi: -WIDE,
                none: true,
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
                    none: a.none || b.none,
                }
            }
            TermKind::Sub(a, b) => {
                let (a, b) = (self.range(a), self.range(b));
                Range {
                    lo: clamp(a.lo.saturating_sub(b.hi)),
                    hi: clamp(a.hi.saturating_sub(b.lo)),
                    none: a.none || b.none,
                }
            }
            TermKind::If(c, a, b) => {
                let (a, b) = (self.within(c).range(a), self.range(b));
                Range {
                    lo: a.lo.min(b.lo),
                    hi: a.hi.max(b.hi),
                    none: a.none || b.none,
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
            Some(Domain::Int { lo, hi }) => Range { lo, hi, ..wide },
            Some(Domain::Bool | Domain::Enum { .. } | Domain::State { .. }) | None => wide,
        };
        let mine = self.learnt.iter().filter(|(p, _)| *p == place);
        mine.fold(start, |r, (_, known)| Range {
            lo: r.lo.max(known.lo),
            hi: r.hi.min(known.hi),
            none: r.none && known.none,
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
