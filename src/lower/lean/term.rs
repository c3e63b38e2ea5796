//! Terms as Lean terms, with S-13 worked out: what may be absent is an `Option`, and the operators on it are the prelude's.

use super::ast::Lean;
use super::names;
use crate::ir::term::CmpOp;
use crate::ir::{ArtId, Cell, Domain, EvId, StateId, Term, TermKind, Ty, Value};
use crate::model::System;

/// Where a term stands: the system, the values of the choices, and the Lean name of the state.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The system.
    pub system: &'a System,
    /// The values of the choices of the action at hand.
    pub choices: &'a [Value],
}

/// A Lean term and whether it is an `Option`.
struct Typed {
    lean: Lean,
    optional: bool,
}

impl Scope<'_> {
    /// The term as a `Bool`; an absent boolean is false.
    #[must_use]
    pub fn condition(&self, term: &Term) -> Lean {
        let t = self.typed(term);
        if t.optional {
            Lean::App("optTrue", vec![t.lean])
        } else {
            t.lean
        }
    }

    /// The term as a value, and whether that is an `Option`.
    #[must_use]
    pub fn value(&self, term: &Term) -> (Lean, bool) {
        let t = self.typed(term);
        (t.lean, t.optional)
    }

    /// A constant of the type `ty`.
    #[must_use]
    pub fn constant(&self, ty: Ty, value: Value) -> Lean {
        match value {
            Value::None => Lean::name("none"),
            Value::Bool(b) => Lean::truth(b),
            Value::Int(n) => Lean::Int(n),
            Value::Enum(n) => match ty {
                Ty::State => Lean::name(names::phase(self.system, StateId(n))),
                Ty::Enum(id) => Lean::name(names::enum_value(self.system, id, n)),
                Ty::Bool | Ty::Int | Ty::None => Lean::Nat(u128::from(n)),
            },
        }
    }

    /// The value of a cell in `s`.
    #[must_use]
    pub fn cell(&self, cell: Cell) -> Lean {
        Lean::Field(Box::new(Lean::name("s")), names::field(self.system, cell))
    }

    fn typed(&self, term: &Term) -> Typed {
        let plain = |lean| Typed {
            lean,
            optional: false,
        };
        match &term.kind {
            TermKind::Lit(v) => Typed {
                lean: self.constant(term.ty, *v),
                optional: *v == Value::None,
            },
            TermKind::Read(cell) => Typed {
                lean: self.cell(*cell),
                optional: matches!(cell, Cell::Field(..)),
            },
            TermKind::Choice(c) => {
                let v = self.choices.get(c.ix()).copied().unwrap_or(Value::None);
                Typed {
                    lean: self.constant(term.ty, v),
                    optional: v == Value::None,
                }
            }
            // Policies are not lowered to Lean; an absent value is never true.
            TermKind::Input(_) => Typed {
                lean: Lean::name("none"),
                optional: true,
            },
            TermKind::Fresh(e, only) => plain(Lean::infix(
                "&&",
                self.cell(Cell::Has(*e)),
                self.current(*e, *only),
            )),
            TermKind::Stale(e, only) => plain(Lean::infix(
                "&&",
                self.cell(Cell::Has(*e)),
                Lean::negation(self.current(*e, *only)),
            )),
            TermKind::Terminal => plain(Lean::App("isTerminal", vec![Lean::name("s")])),
            TermKind::Not(a) => plain(Lean::negation(self.condition(a))),
            TermKind::And(parts) => plain(Lean::join(
                "&&",
                parts.iter().map(|p| self.condition(p)).collect(),
                true,
            )),
            TermKind::Or(parts) => plain(Lean::join(
                "||",
                parts.iter().map(|p| self.condition(p)).collect(),
                false,
            )),
            TermKind::Implies(a, b) => plain(Lean::infix(
                "||",
                Lean::negation(self.condition(a)),
                self.condition(b),
            )),
            TermKind::Cmp(op, a, b) => plain(self.compare(*op, a, b)),
            TermKind::In(a, list) => plain(Lean::join(
                "||",
                list.iter().map(|x| self.compare(CmpOp::Eq, a, x)).collect(),
                false,
            )),
            TermKind::Add(a, b) => self.arithmetic("intAdd", a, b),
            TermKind::Sub(a, b) => self.arithmetic("intSub", a, b),
            TermKind::If(c, a, b) => {
                let (a, b) = (self.typed(a), self.typed(b));
                let optional = a.optional || b.optional;
                let (a, b) = if optional {
                    (lifted(a), lifted(b))
                } else {
                    (a.lean, b.lean)
                };
                Typed {
                    lean: Lean::App("cond", vec![self.condition(c), a, b]),
                    optional,
                }
            }
        }
    }

    fn current(&self, e: EvId, only: Option<ArtId>) -> Lean {
        let of = self
            .system
            .symbols
            .evidence
            .get(e.ix())
            .map_or(&[][..], |x| &x.of);
        let bits = of
            .iter()
            .filter(|a| only.is_none_or(|o| o == **a))
            .map(|a| self.cell(Cell::Bit(e, *a)))
            .collect();
        Lean::join("&&", bits, true)
    }

    fn compare(&self, op: CmpOp, a: &Term, b: &Term) -> Lean {
        let ty = if a.ty == Ty::None { b.ty } else { a.ty };
        let (x, y) = (self.typed(a), self.typed(b));
        let equality = |x: Typed, y: Typed| {
            if ty == Ty::None {
                return Lean::truth(true);
            }
            let eq = equal(ty);
            if x.optional || y.optional {
                Lean::App("optEq", vec![Lean::name(eq), lifted(x), lifted(y)])
            } else {
                Lean::Call(eq, vec![x.lean, y.lean])
            }
        };
        let order = |cmp: &'static str, x: Typed, y: Typed| {
            if x.optional || y.optional {
                Lean::App("optCmp", vec![Lean::name(cmp), lifted(x), lifted(y)])
            } else {
                Lean::App(cmp, vec![x.lean, y.lean])
            }
        };
        match op {
            CmpOp::Eq => equality(x, y),
            CmpOp::Ne => Lean::negation(equality(x, y)),
            CmpOp::Lt => order("intLt", x, y),
            CmpOp::Le => order("intLe", x, y),
            CmpOp::Gt => order("intLt", y, x),
            CmpOp::Ge => order("intLe", y, x),
        }
    }

    fn arithmetic(&self, op: &'static str, a: &Term, b: &Term) -> Typed {
        let (a, b) = (self.typed(a), self.typed(b));
        if a.optional || b.optional {
            Typed {
                lean: Lean::App("optArith", vec![Lean::name(op), lifted(a), lifted(b)]),
                optional: true,
            }
        } else {
            Typed {
                lean: Lean::App(op, vec![a.lean, b.lean]),
                optional: false,
            }
        }
    }
}

fn lifted(t: Typed) -> Lean {
    if t.optional {
        t.lean
    } else {
        Lean::App("some", vec![t.lean])
    }
}

/// The equality of a type, a function to `Bool`.
fn equal(ty: Ty) -> String {
    match ty {
        Ty::Bool => "boolEq".to_owned(),
        Ty::Int => "intEq".to_owned(),
        Ty::State => "Phase.same".to_owned(),
        Ty::Enum(id) => format!("{}.same", names::enum_type(id)),
        Ty::None => "boolEq".to_owned(),
    }
}

/// The Lean type of a cell's values.
#[must_use]
pub fn cell_type(domain: Domain, optional: bool) -> String {
    let base = names::type_name(domain);
    if optional {
        format!("Option {base}")
    } else {
        base
    }
}
