//! Holds what Z3 is told against `eval` and `model::step`, and what comes of it against plain enumeration.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;

use super::read::state;
use super::session::{Gate, Said, Session, guarded};
use super::{Z3Options, run};
use crate::check::load_str;
use crate::engine::{Progress, Request};
use crate::eval::truth as evaluated;
use crate::finding::{Answer, Coverage, EngineState, Evidence, PropertyIx, State};
use crate::host::cancel::CancelToken;
use crate::ir::term::CmpOp;
use crate::ir::{Cell, Domain, Term, TermKind, Ty, Value};
use crate::lower::smt::frame::{FrameScope, cell_value, enum_width};
use crate::lower::smt::frames;
use crate::lower::smt::names;
use crate::lower::smt::script::Script;
use crate::lower::smt::step::Ranges;
use crate::lower::smt::tree::{Smt, and};
use crate::lower::smt::value::{Val, literal, truth};
use crate::model::{
    CommandIx, Outcome, PropertyKind, StateEnv, System, choice_tuples, desugar, enabled, holds,
    initial_states, replay, step,
};

fn quick<R: Send + Sync>(work: impl FnOnce(&Gate) -> R + Send + Sync) -> R {
    guarded(Duration::from_secs(120), &CancelToken::new(), work)
}

fn system(text: &str) -> System {
    desugar(&load_str(text).unwrap_or_else(|e| panic!("{e:#?}\n{text}")))
}

fn judge_for(system: &System, deadline: Duration, cancel: &CancelToken) -> Evidence {
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let request = Request {
        system,
        properties: &all,
        deadline,
        cancel: cancel.clone(),
        artifacts: None,
        progress: &|_: Progress| {},
    };
    run(&request, &Z3Options::default())
}

fn judge(system: &System) -> Evidence {
    judge_for(system, Duration::from_secs(60), &CancelToken::new())
}

/// The answer to the property of this id, and its notes.
fn answer<'e>(system: &System, evidence: &'e Evidence, id: &str) -> (&'e Answer, &'e [String]) {
    let n = system.properties.iter().position(|p| p.id == id);
    let a = &evidence.answers[n.unwrap_or_else(|| panic!("no property {id}"))];
    (&a.answer, &a.notes)
}

/// That a frame is this state.
fn is_state(system: &System, frame: u32, state: &[Value]) -> Script {
    let width = enum_width(system);
    let mut script = Script::default();
    let same = system
        .cells
        .iter()
        .zip(state)
        .map(|(c, v)| cell_value(system, c.cell, frame).equals(&literal(*v, width)));
    script.track(&format!("here@{frame}"), and(same));
    script
}

const ALL_TYPES: &str = "\
workflow_id: types
goal: \"Have a cell of every type\"
actors: [A]
states: [S, T]
terminal: {success: [T], failure: []}
artifacts: [p, q]
evidence:
  e: {of: [p, q], fields: {b: {type: bool}, i: {type: int, range: [-1, 2]}, c: {type: enum, values: [u, v, w]}}}
vars:
  b: {type: bool, init: any}
  i: {type: int, range: [-2, 2], init: any}
  c: {type: enum, values: [u, v, w], init: any}
transitions:
  - {id: t, actor: A, from: S, to: T}
";

/// A state of a system with cells of every type, evidence absent in some, canonical always.
fn any_state(system: &System) -> impl Strategy<Value = State> + use<> {
    let cells = system.cells.clone();
    prop::collection::vec((any::<u64>(), any::<bool>()), cells.len()).prop_map(move |random| {
        let mut has = false;
        cells
            .iter()
            .zip(random)
            .map(|(c, (n, given))| {
                let value = c.domain.nth(n % c.domain.size()).expect("in the domain");
                match c.cell {
                    Cell::Has(_) => {
                        has = given;
                        Value::Bool(has)
                    }
                    Cell::Bit(..) if !has => Value::Bool(false),
                    Cell::Field(..) if !has || !given => Value::None,
                    Cell::State | Cell::Var(_) | Cell::Bit(..) | Cell::Field(..) => value,
                }
            })
            .collect()
    })
}

/// Terms of every form over those cells.
fn term(system: &System) -> impl Strategy<Value = Term> + use<> {
    let of = |ty: Ty| -> Vec<Term> {
        let cells = system.cells.iter().filter(|c| c.domain.ty() == ty);
        let mut leaves: Vec<Term> = cells.clone().map(|c| Term::read(c.cell, ty)).collect();
        for c in cells.take(1) {
            leaves.extend(c.domain.values().map(|v| Term::lit(v, ty)));
        }
        leaves.push(Term::lit(Value::None, ty));
        leaves
    };
    let enum_ty = system
        .cells
        .iter()
        .find_map(|c| matches!(c.domain, Domain::Enum { .. }).then(|| c.domain.ty()))
        .expect("an enum");
    let boxed = Box::<Term>::new;
    let ints = prop::sample::select(of(Ty::Int)).prop_recursive(2, 6, 2, move |i| {
        (i.clone(), i, any::<bool>()).prop_map(move |(a, b, plus)| {
            let parts = (boxed(a), boxed(b));
            Term::made(
                if plus {
                    TermKind::Add(parts.0, parts.1)
                } else {
                    TermKind::Sub(parts.0, parts.1)
                },
                Ty::Int,
            )
        })
    });
    let ops = prop::sample::select(vec![
        CmpOp::Eq,
        CmpOp::Ne,
        CmpOp::Lt,
        CmpOp::Le,
        CmpOp::Gt,
        CmpOp::Ge,
    ]);
    let eqs = prop::sample::select(vec![CmpOp::Eq, CmpOp::Ne]);
    let compare = |op, a, b| Term::made(TermKind::Cmp(op, Box::new(a), Box::new(b)), Ty::Bool);
    let enums = prop::sample::select(of(enum_ty));
    let states = prop::sample::select(of(Ty::State));
    let e = system
        .cells
        .iter()
        .find_map(|c| match c.cell {
            Cell::Has(e) => Some(e),
            Cell::State | Cell::Var(_) | Cell::Bit(..) | Cell::Field(..) => None,
        })
        .expect("evidence");
    let p = system.symbols.evidence[0].of[0];
    let stamps = [
        TermKind::Fresh(e, None),
        TermKind::Stale(e, None),
        TermKind::Fresh(e, Some(p)),
        TermKind::Stale(e, Some(p)),
        TermKind::Terminal,
    ]
    .map(|k| Term::made(k, Ty::Bool));
    let atoms = prop_oneof![
        prop::sample::select(of(Ty::Bool)),
        prop::sample::select(stamps.to_vec()),
        (ops, ints.clone(), ints.clone()).prop_map(move |(o, a, b)| compare(o, a, b)),
        (eqs.clone(), enums.clone(), enums).prop_map(move |(o, a, b)| compare(o, a, b)),
        (eqs, states.clone(), states).prop_map(move |(o, a, b)| compare(o, a, b)),
        (ints.clone(), prop::collection::vec(ints, 1..3))
            .prop_map(|(a, list)| { Term::made(TermKind::In(Box::new(a), list), Ty::Bool) }),
    ];
    atoms.prop_recursive(3, 12, 3, |b| {
        prop_oneof![
            b.clone().prop_map(Term::negated),
            prop::collection::vec(b.clone(), 0..3).prop_map(Term::all),
            prop::collection::vec(b.clone(), 0..3).prop_map(Term::any),
            (b.clone(), b.clone()).prop_map(|(a, b)| {
                Term::made(TermKind::Implies(Box::new(a), Box::new(b)), Ty::Bool)
            }),
            (b.clone(), b.clone()).prop_map(|(a, b)| {
                Term::made(TermKind::Cmp(CmpOp::Ne, Box::new(a), Box::new(b)), Ty::Bool)
            }),
            (b.clone(), b.clone(), b).prop_map(|(c, a, b)| {
                Term::made(
                    TermKind::If(Box::new(c), Box::new(a), Box::new(b)),
                    Ty::Bool,
                )
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn terms_mean_to_z3_what_they_mean_to_eval(
        cases in {
            let s = system(ALL_TYPES);
            prop::collection::vec((term(&s), any_state(&s)), 40)
        }
    ) {
        let system = system(ALL_TYPES);
        let wrong = quick(|gate| {
            let mut session = Session::new(gate, 1_000_000);
            session.tell(frames::prelude(&system, "terms")).expect("told");
            session.tell(frames::frame(&system, 0, Ranges::Kept)).expect("told");
            let mut wrong = Vec::new();
            for (term, state) in &cases {
                let env = StateEnv { system: &system, state, choices: &[] };
                let want = evaluated(term, &env);
                let (here, yes) = (session.fresh_name("here"), session.fresh_name("yes"));
                let mut script = Script::default();
                let width = enum_width(&system);
                script.track(&here, and(system.cells.iter().zip(state).map(|(c, v)| {
                    cell_value(&system, c.cell, 0).equals(&literal(*v, width))
                })));
                script.name(&yes, truth(term, &FrameScope::plain(&system, 0)));
                session.tell(script).expect("told");
                match session.ask("?", &[here]) {
                    Said::Sat(found) if found.bool(&yes) == Ok(want) => {}
                    other => wrong.push(format!("{term:?} in {state:?}: {want}, {other:?}")),
                }
            }
            wrong
        });
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// The first states of a breadth-first search.
fn reached(system: &System, most: usize) -> Vec<State> {
    let mut seen = HashSet::new();
    let mut order = Vec::new();
    let mut queue: VecDeque<State> = initial_states(system).collect();
    while let Some(s) = queue.pop_front() {
        if order.len() >= most || !seen.insert(s.clone()) {
            continue;
        }
        for c in &system.commands {
            for t in choice_tuples(c) {
                if let Outcome::Next(next) = step(system, c, &s, &t) {
                    queue.push_back(next);
                }
            }
        }
        order.push(s);
    }
    order
}

#[test]
fn steps_are_to_z3_what_they_are_to_the_model() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tried = [0, 0, 0];
    for file in [
        "formal/spec_impl.v2.yaml",
        "tests/corpus/loan.broken.yaml",
        "tests/corpus/payment_retry.broken.yaml",
        "tests/corpus/findings/bound_overflow.yaml",
    ] {
        let system = system(&std::fs::read_to_string(root.join(file)).expect("readable"));
        let all: Vec<CommandIx> = system.commands().map(|(ix, _)| ix).collect();
        quick(|gate| {
            let mut session = Session::new(gate, 1_000_000);
            session
                .tell(frames::prelude(&system, "steps"))
                .expect("told");
            for n in 0..2 {
                session
                    .tell(frames::frame(&system, n, Ranges::Kept))
                    .expect("told");
            }
            session
                .tell(frames::step(&system, &all, 0, Ranges::Kept))
                .expect("told");
            let width = enum_width(&system);
            for s in reached(&system, 40) {
                let here = session.fresh_name("here");
                let mut script = Script::default();
                script.track(
                    &here,
                    and(system
                        .cells
                        .iter()
                        .zip(&s)
                        .map(|(c, v)| cell_value(&system, c.cell, 0).equals(&literal(*v, width)))),
                );
                session.tell(script).expect("told");
                for c in &system.commands {
                    for t in choice_tuples(c) {
                        let with = session.fresh_name("with");
                        let mut script = Script::default();
                        let name = c.name.as_str();
                        script.track(
                            &with,
                            and(c.choices.iter().zip(&t).map(|(x, v)| {
                                let constant = Smt::Name(names::choice(name, x.name.as_str(), 0));
                                Val::sure(constant).equals(&literal(*v, width))
                            })),
                        );
                        session.tell(script).expect("told");
                        let assuming = [here.clone(), with, names::fires(name, 0)];
                        let said = session.ask("?", &assuming);
                        match (step(&system, c, &s, &t), said) {
                            (Outcome::Next(next), Said::Sat(found)) => {
                                assert_eq!(state(&found, &system, 1), Ok(next), "{file} {name}");
                                tried[0] += 1;
                            }
                            (Outcome::Disabled, Said::Unsat(_)) => tried[1] += 1,
                            (Outcome::LeavesRange { .. }, Said::Unsat(_)) => tried[2] += 1,
                            (want, said) => panic!("{file} {name} {s:?}: {want:?}, {said:?}"),
                        }
                    }
                }
            }
        });
    }
    assert!(tried.iter().all(|n| *n > 0), "{tried:?}");
}

/// What properties about single states and steps come to, by looking at every reachable state.
fn enumerated(system: &System, kind: &PropertyKind, states: &[State]) -> Option<bool> {
    let outcomes = |c: CommandIx| {
        let command = system.command(c).expect("a command");
        states.iter().flat_map(move |s| {
            choice_tuples(command).map(move |t| (s, t.clone(), step(system, command, s, &t)))
        })
    };
    let true_at = |p: &Term, state: &[Value], choices: &[Value]| {
        evaluated(
            p,
            &StateEnv {
                system,
                state,
                choices,
            },
        )
    };
    Some(match kind {
        PropertyKind::Always(p) => states.iter().all(|s| holds(system, s, p)),
        PropertyKind::Reachable(p) => states.iter().any(|s| holds(system, s, p)),
        PropertyKind::Fires(c) => outcomes(*c).any(|(_, _, o)| matches!(o, Outcome::Next(_))),
        PropertyKind::AtRequire(c, p) => {
            outcomes(*c).all(|(s, t, o)| o == Outcome::Disabled || true_at(p, s, &t))
        }
        PropertyKind::AtEnsure(c, p) => outcomes(*c).all(|(_, t, o)| match o {
            Outcome::Next(next) => true_at(p, &next, &t),
            Outcome::Disabled | Outcome::LeavesRange { .. } => true,
        }),
        PropertyKind::InRange => system
            .commands()
            .all(|(ix, _)| outcomes(ix).all(|(_, _, o)| !matches!(o, Outcome::LeavesRange { .. }))),
        PropertyKind::NoDeadlock => states.iter().all(|s| {
            let Value::Enum(control) = s[0] else {
                panic!("a control state")
            };
            system.terminal[usize::from(control)]
                || system
                    .commands
                    .iter()
                    .any(|c| choice_tuples(c).any(|t| enabled(system, c, s, &t)))
        }),
        PropertyKind::Precedes(..)
        | PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_)
        | PropertyKind::Refines => return None,
    })
}

fn condition() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "i < 2",
        "i == 1",
        "b",
        "m == v",
        "fresh(e)",
        "stale(e)",
        "has(e)",
        "e.k == 1",
        "e.k < 2",
        "state == S1",
        "i + 1 > e.k",
        "e.k == none",
    ]);
    (atom.clone(), atom, 0..5u8).prop_map(|(a, b, shape)| match shape {
        0 => a.to_owned(),
        1 => format!("not ({a})"),
        2 => format!("{a} and not ({b})"),
        3 => format!("{a} or {b}"),
        _ => format!("{a} => {b}"),
    })
}

fn transition() -> impl Strategy<Value = String> {
    let from = prop::sample::select(vec!["S0", "S1", "[S0, S1]"]);
    let to = prop::sample::select(vec!["", "to: S0, ", "to: S1, ", "to: End, "]);
    let effect = prop::sample::select(vec![
        "set: {i: i + 1}",
        "set: {i: i - 1, b: not b}",
        "set: {b: \"i == e.k\", m: v}",
        "set: {i: e.k}",
        "bump: [p]",
        "drop: [e]",
        "record: {e: {k: i}}",
        "record: {e: {from: f}}, bump: [p]",
        "record: {f: {}}",
        "record: {e: {k: c}}, choose: {c: {type: int, range: [0, 2]}}",
        "set: {m: w}, record: {f: {from: e}}",
    ]);
    (from, to, effect, prop::option::weighted(0.6, condition())).prop_map(|(f, t, e, w)| {
        let when = w.map_or_else(String::new, |w| format!("when: \"{w}\", "));
        format!("actor: A, from: {f}, {t}{when}{e}")
    })
}

fn workflow() -> impl Strategy<Value = String> {
    let properties = prop::collection::vec((0..5u8, condition(), 0..8usize), 1..4);
    let transitions = prop::collection::vec(transition(), 2..6);
    (transitions, properties).prop_map(|(ts, ps)| {
        let mut text = "\
workflow_id: w
goal: \"Be anything\"
actors: [A]
states: [S0, S1, End]
terminal: {success: [End], failure: []}
artifacts: [p]
evidence:
  e: {of: [p], fields: {k: {type: int, range: [0, 2]}}}
  f: {of: [p]}
vars:
  i: {type: int, range: [0, 2], init: 0}
  b: {type: bool, init: any}
  m: {type: enum, values: [u, v, w], init: u}
transitions:
"
        .to_owned();
        for (n, t) in ts.iter().enumerate() {
            text.push_str(&format!("  - {{id: t{n}, {t}}}\n"));
        }
        text.push_str("properties:\n");
        for (n, (form, c, at)) in ps.iter().enumerate() {
            let at = at % ts.len();
            let body = match form {
                0 | 1 => format!("always: \"{c}\""),
                2 => format!("reachable: \"{c}\""),
                3 => format!("at: t{at}, require: \"{c}\""),
                _ => format!("at: t{at}, ensure: \"{c}\""),
            };
            text.push_str(&format!("  - {{id: p{n}, {body}}}\n"));
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn no_answer_contradicts_looking_at_every_state(text in workflow()) {
        let system = system(&text);
        let states = reached(&system, usize::MAX);
        let evidence = judge(&system);
        prop_assert!(matches!(evidence.state, EngineState::Ran { .. }), "{:?}", evidence.state);
        for (n, (a, p)) in evidence.answers.iter().zip(&system.properties).enumerate() {
            let want = enumerated(&system, &p.kind, &states);
            let ix = PropertyIx(u32::try_from(n).expect("few"));
            match &a.answer {
                Answer::Holds { .. } => prop_assert_eq!(want, Some(true), "{} {}", p.id, text),
                Answer::Violated { trace, .. } => {
                    prop_assert_eq!(want, Some(false), "{} {}", p.id, text);
                    let trace = trace.as_ref().expect("a run");
                    prop_assert_eq!(replay::replay(&system, ix, trace), Ok(()));
                }
                Answer::Unknown(why) => {
                    let words = ["bounded", "not inductive", "range-free"];
                    prop_assert!(words.contains(&why.as_str()), "{} {}", p.id, why);
                }
                Answer::NotAsked(_) => prop_assert_eq!(want, None),
                Answer::Error(why) | Answer::Unavailable(why) => {
                    prop_assert!(false, "{} {}\n{}", p.id, why, text);
                }
            }
        }
    }
}

const COUNTER: &str = "\
workflow_id: counter
goal: \"Count\"
actors: [A]
states: [Run, End]
terminal: {success: [End], failure: []}
vars:
  i: {type: int, range: [0, 5], init: 0}
  m: {type: int, range: [0, 5], init: 0}
transitions:
  - {id: up, actor: A, from: Run, when: \"i < 5\", set: {i: i + 1}}
  - {id: over, actor: A, from: Run, set: {m: m + 1}}
  - {id: stop, actor: A, from: Run, to: End, when: \"i == 5\"}
properties:
  - {id: guarded, always: \"i <= 5\"}
  - {id: by_range, always: \"m <= 5\"}
  - {id: wrong, always: \"i < 3\"}
  - {id: first, precedes: [up, stop]}
  - {id: not_first, precedes: [over, stop]}
  - {id: far, reachable: \"i == 5 and m == 5\"}
  - {id: ends, eventually: terminal}
";

#[test]
fn each_kind_of_answer_is_given_where_it_is_due() {
    let s = system(COUNTER);
    let e = judge(&s);
    let of = |id| answer(&s, &e, id);
    assert!(matches!(
        of("guarded").0,
        Answer::Holds {
            coverage: Coverage::Inductive { k: 1 },
            witness: None
        }
    ));
    // m is held by its range alone, which is not proved: `over` leaves it.
    assert_eq!(of("by_range").0, &Answer::Unknown("range-free".into()));
    assert!(
        of("by_range")
            .1
            .iter()
            .any(|n| n.contains("m == 5") && n.contains("`over`") && n.contains("m == 6")),
        "{:?}",
        of("by_range").1
    );
    match of("wrong").0 {
        Answer::Violated {
            trace: Some(t),
            coverage,
        } => {
            assert_eq!(t.steps.len(), 4);
            assert_eq!(*coverage, Some(Coverage::Bounded { steps: 3 }));
        }
        other => panic!("{other:?}"),
    }
    match of("in_range").0 {
        Answer::Violated { trace: Some(t), .. } => {
            assert!(t.leaves_range);
            assert_eq!(t.steps.len(), 7);
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(of("first").0, Answer::Holds { .. }));
    match of("not_first").0 {
        Answer::Violated { trace: Some(t), .. } => assert_eq!(t.steps.len(), 7),
        other => panic!("{other:?}"),
    }
    assert_eq!(of("far").0, &Answer::Unknown("bounded".into()));
    assert_eq!(of("ends").0.word(), "not_asked");
    assert_eq!(of("can_reach_terminal").0.word(), "not_asked");
    match of("fires:stop").0 {
        Answer::Holds {
            witness: Some(t), ..
        } => assert_eq!(t.steps.len(), 7),
        other => panic!("{other:?}"),
    }
    assert!(matches!(of("deadlock").0, Answer::Holds { .. }));
}

#[test]
fn a_property_that_one_step_breaks_is_proved_with_what_helps_it() {
    // From a == 2, which no run reaches, one step breaks it.
    let s = system(
        "\
workflow_id: chain
goal: \"Need a helping invariant\"
actors: [A]
states: [Run]
terminal: none
vars:
  a: {type: int, range: [0, 9], init: 0}
transitions:
  - {id: stay, actor: A, from: Run, when: \"a == 0\", set: {a: 0}}
  - {id: jump, actor: A, from: Run, when: \"a == 2\", set: {a: 3}}
properties:
  - {id: never_three, never: \"a == 3\"}
  - {id: reached, reachable: \"a == 3\"}
",
    );
    let e = judge(&s);
    assert!(matches!(
        answer(&s, &e, "never_three").0,
        Answer::Holds {
            coverage: Coverage::Inductive { .. },
            ..
        }
    ));
    assert_eq!(answer(&s, &e, "reached").0.word(), "unknown");
}

#[test]
fn what_is_out_of_time_or_cancelled_is_unknown_and_never_holds() {
    let s = system(COUNTER);
    let cancelled = CancelToken::new();
    cancelled.cancel();
    let late = judge_for(&s, Duration::ZERO, &CancelToken::new());
    let off = judge_for(&s, Duration::from_secs(60), &cancelled);
    for (e, why) in [(late, "deadline"), (off, "cancelled")] {
        let words: BTreeSet<&str> = e.answers.iter().map(|a| a.answer.word()).collect();
        assert_eq!(words, BTreeSet::from(["not_asked", "unknown"]));
        assert_eq!(answer(&s, &e, "guarded").0, &Answer::Unknown(why.into()));
        assert_eq!(e.observations.len(), 1, "the guards were not judged either");
    }
}

#[test]
fn properties_that_were_not_asked_are_answered_so() {
    let s = system(COUNTER);
    let request = Request {
        system: &s,
        properties: &[PropertyIx(0)],
        deadline: Duration::from_secs(60),
        cancel: CancelToken::new(),
        artifacts: None,
        progress: &|_: Progress| {},
    };
    let e = run(&request, &Z3Options::default());
    assert_eq!(e.answers.len(), s.properties.len());
    assert_eq!(e.answers[0].answer.word(), "holds");
    assert!(
        e.answers[1..]
            .iter()
            .all(|a| a.answer.word() == "not_asked")
    );
}

#[test]
fn the_same_question_has_the_same_answer() {
    let s = system(COUNTER);
    let (a, b) = (judge(&s), judge(&s));
    assert_eq!(a.answers, b.answers);
    assert_eq!(a.observations, b.observations);
}

#[test]
fn a_state_can_be_told_and_read_back() {
    let s = system(ALL_TYPES);
    let all = reached(&s, 50);
    quick(|gate| {
        for wanted in &all {
            let mut session = Session::new(gate, 1_000_000);
            session.tell(frames::prelude(&s, "a state")).expect("told");
            session
                .tell(frames::frame(&s, 3, Ranges::Kept))
                .expect("told");
            session.tell(is_state(&s, 3, wanted)).expect("told");
            match session.ask("?", &["here@3".to_owned()]) {
                Said::Sat(found) => assert_eq!(state(&found, &s, 3).as_ref(), Ok(wanted)),
                other => panic!("{other:?}"),
            }
        }
    });
}
