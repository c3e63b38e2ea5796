//! Conditions of two versions with different vocabularies, against plain evaluation of both in every state that the types of
//! either allow: ranges, values of enums, artifacts of evidence, ends and states all differ between them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use tribunal::check::load_str;
use tribunal::eval::truth;
use tribunal::ir::{Domain, Term, Value};
use tribunal::model::{PropertyKind, StateEnv, System, desugar, enabled};
use tribunal::revise::diff::{ConditionKind, Relation};

use super::oracle::{compare, of, relation};

const OLD: &str = "workflow_id: values\ngoal: g\nactors: [A]\nstates: [S, T, U]\nterminal: {success: [T], failure: []}\n\
    artifacts: [a, b]\nevidence: {ev: {of: [a], fields: {kind: {type: enum, values: [red, green]}}}}\nvars:\n  \
    v: {type: int, range: [0, 2], init: 0}\n  w: {type: bool, init: false}\n  c: {type: enum, values: [red, green], init: red}\n  \
    d: {type: enum, values: [other, another], init: other}\n";
const NEW: &str = "workflow_id: values\nversion: 2\ngoal: g\nactors: [A]\nstates: [X, S, T, U]\ninitial: S\n\
    terminal: {success: [T], failure: [U]}\nartifacts: [b, a]\n\
    evidence: {ev: {of: [a, b], fields: {kind: {type: enum, values: [blue, green, red]}}}}\nvars:\n  \
    w: {type: bool, init: true}\n  c: {type: enum, values: [blue, green, red], init: red}\n  \
    v: {type: int, range: [1, 3], init: 1}\n  d: {type: enum, values: [other, another], init: other}\n";

/// Conditions in the words of each version.
const CONDITIONS: [[&str; 2]; 14] = [
    ["v < 2", "v < 2"],
    ["v == 1", "v == 1"],
    ["v + 1 <= 2 or w", "v > 1 => w"],
    ["fresh(ev)", "fresh(ev)"],
    ["stale(ev)", "stale(ev)"],
    ["has(ev)", "fresh(ev, a)"],
    ["not fresh(ev)", "stale(ev, a)"],
    ["terminal", "terminal"],
    ["state in [S, T]", "state in [T, X]"],
    ["c == ev.kind", "c == ev.kind"],
    ["c in [red, green]", "c in [red, green, blue]"],
    ["ev.kind != red", "ev.kind in [blue, green]"],
    ["ev.kind == none", "not has(ev)"],
    ["w or not w", "c != blue or w"],
];

/// Conditions on a step, with its choice.
const STEPS: [[&str; 2]; 4] = [
    ["k == 0", "k == 0"],
    ["k <= 1", "k <= 1"],
    ["k == v", "k <= v and m == other"],
    ["w", "w or m == another"],
];

/// One of the two versions: every pair of conditions as a property, and some as guards.
fn version(side: usize) -> String {
    let mut text = [OLD, NEW][side].to_owned();
    let choose = [
        "k: {type: int, range: [0, 1]}",
        "k: {type: int, range: [1, 2]}, m: {type: enum, values: [other, another]}",
    ];
    let _ = writeln!(
        text,
        "transitions:\n  - {{id: go, actor: A, from: S, choose: {{{}}}}}",
        choose[side]
    );
    let from = ["[S, U]", "[X, S]"];
    for n in 0..CONDITIONS.len() {
        let other = CONDITIONS[(n + side * 3) % CONDITIONS.len()][side];
        let from = if n % 2 == 0 { "S" } else { from[side] };
        let _ = writeln!(
            text,
            "  - {{id: t{n}, actor: A, from: {from}, to: T, when: \"{other}\"}}"
        );
    }
    text.push_str("properties:\n");
    for (list, name, form) in [
        (&CONDITIONS[..], "p", "always:"),
        (&STEPS[..], "q", "at: go, require:"),
    ] {
        for i in 0..list.len() {
            for j in 0..list.len() {
                let condition = list[[i, j][side]][side];
                let _ = writeln!(text, "  - {{id: {name}{i}_{j}, {form} \"{condition}\"}}");
            }
        }
    }
    text
}

/// A state by names of cells and words for their values.
type Named = BTreeMap<String, String>;

/// Every state that one of the versions allows each cell of.
fn states() -> Vec<Named> {
    let bit = ["false", "true"];
    let words = ["red", "green", "blue"];
    let mut all = Vec::new();
    for state in ["S", "T", "U", "X"] {
        for v in ["0", "1", "2", "3"] {
            for (w, c) in bit.iter().flat_map(|w| words.map(|c| (w, c))) {
                let base = [
                    ("state", state),
                    ("v", v),
                    ("w", w),
                    ("c", c),
                    ("d", "other"),
                ];
                let mut add = |has: &str, a: &str, b: &str, kind: &str| {
                    let evidence = [
                        ("has(ev)", has),
                        ("fresh(ev, a)", a),
                        ("fresh(ev, b)", b),
                        ("ev.kind", kind),
                    ];
                    let cells = base.iter().chain(&evidence);
                    all.push(
                        cells
                            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                            .collect(),
                    );
                };
                add("false", "false", "false", "none");
                for (a, b) in bit.iter().flat_map(|a| bit.map(|b| (a, b))) {
                    for kind in ["none", "red", "green", "blue"] {
                        add("true", a, b, kind);
                    }
                }
            }
        }
    }
    all
}

/// What no value of the version is.
const FOREIGN: Value = Value::Enum(60_000);

/// A word as a value of this domain in this version.
fn value(system: &System, domain: Domain, word: &str) -> Value {
    match (word, domain) {
        ("none", _) => Value::None,
        (_, Domain::Bool) => Value::Bool(word == "true"),
        (_, Domain::Int { .. }) => Value::Int(word.parse().expect("a number")),
        (_, Domain::Enum { .. } | Domain::State { .. }) => domain
            .values()
            .find(|v| system.symbols.show(domain.ty(), *v) == word)
            .unwrap_or(FOREIGN),
    }
}

fn own(system: &System, named: &Named) -> Vec<Value> {
    system
        .cells
        .iter()
        .map(|c| value(system, c.domain, &named[&system.symbols.cell_name(c.cell)]))
        .collect()
}

/// The choices of `go`, for those that the version has.
fn choices(system: &System, k: &str, m: &str) -> Vec<Value> {
    system.commands[0]
        .choices
        .iter()
        .map(|c| value(system, c.domain, if c.name.as_str() == "k" { k } else { m }))
        .collect()
}

fn holds(system: &System, state: &[Value], choices: &[Value], term: &Term) -> bool {
    truth(
        term,
        &StateEnv {
            system,
            state,
            choices,
        },
    )
}

#[test]
fn conditions_relate_as_their_values_in_the_types_of_either_version_do() {
    let [a, b] = [0, 1].map(|side| {
        let text = version(side);
        load_str(&text).unwrap_or_else(|e| panic!("{e:#?}\n{text}"))
    });
    let diff = compare(&a, &b);
    let [x, y] = [desugar(&a), desugar(&b)];
    assert_eq!(diff.unknown, Vec::<String>::new());
    let states: Vec<[Vec<Value>; 2]> = states().iter().map(|s| [own(&x, s), own(&y, s)]).collect();
    let mut seen = BTreeSet::new();
    let mut check = |kind, id: &str, only: [bool; 2]| {
        let wanted = relation(kind, only[0], only[1]);
        let got = of(&diff, kind, id).map_or(Relation::Equivalent, |c| c.relation);
        assert_eq!(got, wanted, "{id}");
        seen.insert(wanted.word());
    };
    for (p, q) in x
        .properties
        .iter()
        .zip(&y.properties)
        .filter(|(p, _)| !p.automatic)
    {
        assert_eq!(p.id, q.id);
        let mut only = [false, false];
        let mut add = |s: &[Vec<Value>; 2], chosen: [Vec<Value>; 2], f: &Term, g: &Term| {
            let [before, after] = [
                holds(&x, &s[0], &chosen[0], f),
                holds(&y, &s[1], &chosen[1], g),
            ];
            only[0] |= before && !after;
            only[1] |= after && !before;
        };
        match (&p.kind, &q.kind) {
            (PropertyKind::Always(f), PropertyKind::Always(g)) => {
                for s in &states {
                    add(s, [Vec::new(), Vec::new()], f, g);
                }
            }
            (PropertyKind::AtRequire(_, f), PropertyKind::AtRequire(_, g)) => {
                for (k, m) in ["0", "1", "2"]
                    .iter()
                    .flat_map(|k| ["other", "another"].map(|m| (k, m)))
                {
                    for s in &states {
                        add(s, [choices(&x, k, m), choices(&y, k, m)], f, g);
                    }
                }
            }
            other => panic!("{other:?}"),
        }
        check(ConditionKind::Property, &p.id, only);
    }
    for (c, d) in x.commands.iter().zip(&y.commands).skip(1) {
        assert_eq!(c.name, d.name);
        let mut only = [false, false];
        for s in &states {
            let [before, after] = [enabled(&x, c, &s[0], &[]), enabled(&y, d, &s[1], &[])];
            only[0] |= before && !after;
            only[1] |= after && !before;
        }
        check(ConditionKind::Guard, c.name.as_str(), only);
    }
    let all: Vec<&str> = seen.into_iter().collect();
    let wanted = [
        "equivalent",
        "incomparable",
        "narrowed",
        "strengthened",
        "weakened",
        "widened",
    ];
    assert_eq!(all, wanted, "not every relation came up");
}
