//! Random small systems, for this module's tests only: built as systems, not as files, so that terms the language's own checks
//! would refuse occur too.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;

use crate::ir::symbols::{
    ActorKind, ActorSym, ArtSym, EvSym, FieldSym, StateRole, StateSym, TransitionSym, VarSym,
};
use crate::ir::term::CmpOp;
use crate::ir::workflow::Fairness;
use crate::ir::{
    ActorId, ArtId, Cell, ChoiceIx, Domain, EvId, FieldIx, Name, SourceId, Span, StateId, Symbols,
    Term, TermKind, Ty, Value, VarId,
};
use crate::model::{CellDecl, Choice, Command, Property, PropertyKind, Slot, System, Update};

pub const SPAN: Span = Span::new(SourceId(0), 0, 0);
const STATES: u16 = 3;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// The cells of every random system, as many as `wide` says: three control states; an integer that may be negative, a second
/// one of another range, two booleans; evidence of two artifacts with an integer field; and padding to make states wide.
fn cells(padding: usize) -> Vec<(Cell, Domain, bool)> {
    let e = EvId(0);
    let mut all = vec![
        (Cell::State, Domain::State { len: STATES }, false),
        (Cell::Var(VarId(0)), Domain::Int { lo: -1, hi: 2 }, false),
        (Cell::Var(VarId(1)), Domain::Int { lo: 0, hi: 4 }, false),
        (Cell::Var(VarId(2)), Domain::Bool, false),
        (Cell::Var(VarId(3)), Domain::Bool, false),
    ];
    all.extend((0..padding).map(|n| {
        let var = Cell::Var(VarId(4 + n as u16));
        (
            var,
            Domain::Int {
                lo: 0,
                hi: 1_000_000,
            },
            false,
        )
    }));
    all.extend([
        (Cell::Has(e), Domain::Bool, false),
        (Cell::Bit(e, ArtId(0)), Domain::Bool, false),
        (Cell::Bit(e, ArtId(1)), Domain::Bool, false),
        (
            Cell::Field(e, FieldIx(0)),
            Domain::Int { lo: 0, hi: 2 },
            true,
        ),
        (Cell::Field(e, FieldIx(1)), Domain::Bool, true),
    ]);
    all
}

fn symbols(padding: usize, commands: usize) -> Symbols {
    let vars = cells(padding)
        .into_iter()
        .filter(|c| matches!(c.0, Cell::Var(_)));
    let field = |n: &str, domain| FieldSym {
        name: name(n),
        domain,
        span: SPAN,
    };
    Symbols {
        states: (0..STATES)
            .map(|n| StateSym {
                name: name(&format!("S{n}")),
                role: StateRole::Ordinary,
                span: SPAN,
            })
            .collect(),
        actors: vec![ActorSym {
            name: name("Agent"),
            kind: ActorKind::Agent,
            span: SPAN,
        }],
        artifacts: ["plan", "code"]
            .map(|n| ArtSym {
                name: name(n),
                span: SPAN,
            })
            .into(),
        evidence: vec![EvSym {
            name: name("job"),
            of: vec![ArtId(0), ArtId(1)],
            fields: vec![
                field("n", Domain::Int { lo: 0, hi: 2 }),
                field("b", Domain::Bool),
            ],
            span: SPAN,
        }],
        vars: vars
            .enumerate()
            .map(|(n, (_, domain, _))| VarSym {
                name: name(&format!("v{n}")),
                domain,
                init: Vec::new(),
                phase: false,
                span: SPAN,
            })
            .collect(),
        enums: Vec::new(),
        transitions: (0..commands)
            .map(|n| TransitionSym {
                name: name(&format!("t{n}")),
                actor: ActorId(0),
                span: SPAN,
            })
            .collect(),
    }
}

fn number() -> BoxedStrategy<Term> {
    let leaf = prop_oneof![
        (-2i64..5).prop_map(|n| Term::lit(Value::Int(n), Ty::Int)),
        (0u16..2).prop_map(|v| Term::read(Cell::Var(VarId(v)), Ty::Int)),
        Just(Term::read(Cell::Field(EvId(0), FieldIx(0)), Ty::Int)),
        Just(Term::lit(Value::None, Ty::Int)),
        Just(Term::made(TermKind::Choice(ChoiceIx(0)), Ty::Int)),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let pair = (inner.clone(), inner).prop_map(|(a, b)| (Box::new(a), Box::new(b)));
        prop_oneof![
            pair.clone()
                .prop_map(|(a, b)| Term::made(TermKind::Add(a, b), Ty::Int)),
            pair.prop_map(|(a, b)| Term::made(TermKind::Sub(a, b), Ty::Int)),
        ]
    })
    .boxed()
}

/// A condition; `choices` 0 and 1 are an integer and a boolean.
pub fn condition() -> BoxedStrategy<Term> {
    let op = prop_oneof![
        Just(CmpOp::Eq),
        Just(CmpOp::Ne),
        Just(CmpOp::Lt),
        Just(CmpOp::Le),
        Just(CmpOp::Gt),
        Just(CmpOp::Ge),
    ];
    let only = prop_oneof![Just(None), Just(Some(ArtId(0))), Just(Some(ArtId(1)))];
    let state = (0..STATES).prop_map(|s| {
        let sides = (
            Term::read(Cell::State, Ty::State),
            Term::lit(Value::Enum(s), Ty::State),
        );
        Term::made(
            TermKind::Cmp(CmpOp::Eq, Box::new(sides.0), Box::new(sides.1)),
            Ty::Bool,
        )
    });
    let compare = (op, number(), number())
        .prop_map(|(op, a, b)| Term::made(TermKind::Cmp(op, Box::new(a), Box::new(b)), Ty::Bool));
    let member = (number(), prop::collection::vec(number(), 0..3))
        .prop_map(|(a, list)| Term::made(TermKind::In(Box::new(a), list), Ty::Bool));
    let leaf = prop_oneof![
        3 => compare,
        1 => member,
        2 => (2u16..4).prop_map(|v| Term::read(Cell::Var(VarId(v)), Ty::Bool)),
        1 => only.clone().prop_map(|a| Term::made(TermKind::Fresh(EvId(0), a), Ty::Bool)),
        1 => only.prop_map(|a| Term::made(TermKind::Stale(EvId(0), a), Ty::Bool)),
        1 => Just(Term::read(Cell::Has(EvId(0)), Ty::Bool)),
        1 => Just(Term::read(Cell::Field(EvId(0), FieldIx(1)), Ty::Bool)),
        1 => Just(Term::made(TermKind::Choice(ChoiceIx(1)), Ty::Bool)),
        1 => Just(Term::made(TermKind::Terminal, Ty::Bool)),
        1 => state,
        1 => any::<bool>().prop_map(Term::truth),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let many = prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            inner.clone().prop_map(Term::negated),
            many.clone().prop_map(Term::all),
            many.prop_map(Term::any),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Term::made(
                TermKind::Implies(Box::new(a), Box::new(b)),
                Ty::Bool
            )),
            (inner.clone(), inner.clone(), inner).prop_map(|(c, a, b)| {
                Term::made(
                    TermKind::If(Box::new(c), Box::new(a), Box::new(b)),
                    Ty::Bool,
                )
            }),
        ]
    })
    .boxed()
}

/// A new value for the cell at `slot`.
fn value(cell: Cell, domain: Domain) -> BoxedStrategy<Term> {
    match domain {
        Domain::State { .. } => (0..STATES)
            .prop_map(|s| Term::lit(Value::Enum(s), Ty::State))
            .boxed(),
        Domain::Int { .. } => prop_oneof![
            2 => (-1i64..2).prop_map(move |n| {
                let sum = (Term::read(cell, Ty::Int), Term::lit(Value::Int(n), Ty::Int));
                Term::made(TermKind::Add(Box::new(sum.0), Box::new(sum.1)), Ty::Int)
            }),
            1 => number(),
        ]
        .boxed(),
        Domain::Bool | Domain::Enum { .. } => condition(),
    }
}

fn command(ix: usize, padding: usize) -> impl Strategy<Value = Command> {
    let slots: Vec<BoxedStrategy<Option<Update>>> = cells(padding)
        .into_iter()
        .enumerate()
        .skip(1)
        .map(|(slot, (cell, domain, _))| {
            let update = value(cell, domain).prop_map(move |value| Update {
                slot: Slot(slot as u16),
                value,
                checked: true,
            });
            prop::option::weighted(0.25, update).boxed()
        })
        .collect();
    let from = prop::collection::btree_set(0..STATES, 1..3);
    let fairness = prop_oneof![
        2 => Just(None), 1 => Just(Some(Fairness::Weak)), 1 => Just(Some(Fairness::Strong)),
    ];
    let to = prop::option::of((0..STATES).prop_map(StateId));
    let choices = 0..3usize;
    (
        from,
        to,
        condition(),
        slots,
        fairness,
        any::<bool>(),
        choices,
    )
        .prop_map(
            move |(from, to, guard, updates, fairness, human, choices)| {
                let mut updates: Vec<Update> = updates.into_iter().flatten().collect();
                if let Some(to) = to {
                    let value = Term::lit(Value::state(to), Ty::State);
                    updates.insert(
                        0,
                        Update {
                            slot: Slot(0),
                            value,
                            checked: false,
                        },
                    );
                }
                let both = [
                    Choice {
                        name: name("c"),
                        domain: Domain::Int { lo: -1, hi: 1 },
                    },
                    Choice {
                        name: name("d"),
                        domain: Domain::Bool,
                    },
                ];
                Command {
                    name: name(&format!("t{ix}")),
                    from: from.into_iter().map(StateId).collect(),
                    to,
                    choices: both.into_iter().take(choices).collect(),
                    guard,
                    updates,
                    fairness,
                    human,
                    records: Vec::new(),
                    span: SPAN,
                    guard_span: SPAN,
                }
            },
        )
}

/// A property as the automatic ones are made.
pub fn property(id: String, kind: PropertyKind) -> Property {
    Property {
        id,
        form: "test",
        automatic: true,
        kind,
        text: None,
        requirement: None,
        expect_violated: false,
        lemma: false,
        span: SPAN,
        vacuity: None,
    }
}

/// A system with `padding` wide cells besides, state 2 terminal in half of the cases, and no properties.
pub fn system(padding: usize) -> impl Strategy<Value = System> {
    let commands: Vec<_> = (0..4).map(|ix| command(ix, padding)).collect();
    (commands, any::<bool>(), any::<bool>()).prop_map(move |(mut commands, ends, any)| {
        let cells: Vec<CellDecl> = cells(padding)
            .into_iter()
            .map(|(cell, domain, optional)| {
                let init = match cell {
                    Cell::Var(VarId(0)) if any => domain.values().collect(),
                    _ if optional => vec![Value::None],
                    _ => vec![domain.nth(0).unwrap()],
                };
                CellDecl {
                    cell,
                    domain,
                    optional,
                    init,
                }
            })
            .collect();
        if ends {
            for c in &mut commands {
                c.from.retain(|s| *s != StateId(2));
            }
        }
        System {
            id: name("random"),
            version: 1,
            goal: String::new(),
            symbols: Arc::new(symbols(padding, commands.len())),
            slots: (0u16..)
                .map(Slot)
                .zip(&cells)
                .map(|(s, c)| (c.cell, s))
                .collect::<HashMap<_, _>>(),
            cells,
            initial: StateId(0),
            commands,
            properties: Vec::new(),
            terminal: vec![false, false, ends],
            has_terminals: ends,
            refinement: None,
        }
    })
}
