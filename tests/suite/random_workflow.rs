//! Small workflows made up at random, wilder than a person would write: absent values everywhere, all forms of properties,
//! steps out of range. The same number gives the same text.

use std::fmt::Write as _;

/// A generator of small numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[usize::try_from(self.roll(list.len() as u64)).expect("small")]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }

    fn boolean(&mut self, deep: u32, choices: bool) -> String {
        if deep == 0 {
            let n = if choices { 12 } else { 11 };
            return match self.roll(n) {
                0 => self.of(&["true", "false"]).to_owned(),
                1 => "w".to_owned(),
                2 => "ev.ok".to_owned(),
                3 => self
                    .of(&["fresh(ev)", "fresh(ew)", "fresh(ev, a)"])
                    .to_owned(),
                4 => self.of(&["stale(ev)", "stale(ev, b)"]).to_owned(),
                5 => self.of(&["has(ev)", "has(ew)"]).to_owned(),
                6 => "terminal".to_owned(),
                7 => format!("state == {}", self.of(&["S0", "S1", "S2"])),
                8 => "state in [S0, S2]".to_owned(),
                9 => format!("v {} {}", self.of(&["==", "<", ">="]), self.roll(4)),
                10 => format!("ev.num {} none", self.of(&["==", "!="])),
                _ => "yes_no".to_owned(),
            };
        }
        let d = deep - 1;
        let (a, b) = (self.boolean(d, choices), self.boolean(d, choices));
        match self.roll(11) {
            0 => format!("not ({a})"),
            1 => format!("(({a}) and ({b}))"),
            2 => format!("(({a}) or ({b}))"),
            3 => format!("(({a}) => ({b}))"),
            4 => format!("(({a}) {} ({b}))", self.of(&["==", "!="])),
            5..=7 => {
                let (x, y) = (self.integer(d, choices), self.integer(d, choices));
                format!(
                    "(({x}) {} ({y}))",
                    self.of(&["==", "!=", "<", "<=", ">", ">="])
                )
            }
            8 => {
                let (x, y) = (self.word(d, choices), self.word(d, choices));
                format!("(({x}) {} ({y}))", self.of(&["==", "!="]))
            }
            9 => {
                let x = self.integer(d, choices);
                format!(
                    "(({x}) {} [0, v, ev.num, none])",
                    self.of(&["in", "not in"])
                )
            }
            _ => {
                let c = self.boolean(d, choices);
                format!("(if {c} then {a} else {b})")
            }
        }
    }

    fn integer(&mut self, deep: u32, choices: bool) -> String {
        if deep == 0 {
            let n = if choices { 6 } else { 5 };
            return match self.roll(n) {
                0 => self.roll(4).to_string(),
                1 | 2 => "v".to_owned(),
                3 => "ev.num".to_owned(),
                4 => "ew.m".to_owned(),
                _ => "number".to_owned(),
            };
        }
        let d = deep - 1;
        let (a, b) = (self.integer(d, choices), self.integer(d, choices));
        match self.roll(4) {
            0 => format!("(({a}) + ({b}))"),
            1 => format!("(({a}) - ({b}))"),
            2 => format!("(if {} then {a} else {b})", self.boolean(d, choices)),
            _ => format!("(if {} then {a} else none)", self.boolean(d, choices)),
        }
    }

    fn word(&mut self, deep: u32, choices: bool) -> String {
        if deep == 0 || self.chance(60) {
            return self
                .of(&["hot", "cold", "p", "p", "ev.kind", "ev.kind"])
                .to_owned();
        }
        let (a, b) = (self.word(deep - 1, choices), self.word(deep - 1, choices));
        let c = self.boolean(deep - 1, choices);
        if self.chance(70) {
            format!("(if {c} then {a} else {b})")
        } else {
            format!("(if {c} then {a} else none)")
        }
    }
}

/// A workflow's text.
pub fn workflow(number: u64) -> String {
    let mut dice = Dice(number.wrapping_mul(0x1234_5677).wrapping_add(1));
    let mut out = String::from(
        "workflow_id: made_up\ngoal: \"none\"\nactors: [A, Human]\nstates: [S0, S1, S2, S3]\nartifacts: [a, b]\n",
    );
    out.push_str("terminal: {success: [S3], failure: []}\n");
    out.push_str("evidence:\n  ev: {of: [a, b], fields: {num: {type: int, range: [1, 2]}, ok: {type: bool}, kind: {type: enum, values: [hot, cold]}}}\n");
    out.push_str("  ew: {of: [b], fields: {m: {type: int, range: [-1, 1]}}}\n");
    let init = dice.of(&["0", "1", "any"]);
    let phase = dice.of(&["true", "false"]);
    let _ = writeln!(
        out,
        "vars:\n  v: {{type: int, range: [0, 3], init: {init}}}"
    );
    let _ = writeln!(
        out,
        "  w: {{type: bool, init: {}}}",
        dice.of(&["false", "any"])
    );
    let _ = writeln!(
        out,
        "  p: {{type: enum, values: [hot, cold], init: hot, phase: {phase}}}"
    );
    out.push_str("transitions:\n");
    let count = 4 + dice.roll(3);
    for n in 0..count {
        transition(&mut dice, &mut out, n);
    }
    out.push_str("properties:\n");
    let t = |dice: &mut Dice| format!("t{}", dice.roll(count));
    for n in 0..2 {
        let _ = writeln!(
            out,
            "  - {{id: always{n}, always: \"{}\"}}",
            dice.boolean(2, false)
        );
        let _ = writeln!(
            out,
            "  - {{id: reach{n}, reachable: \"{}\"}}",
            dice.boolean(2, false)
        );
        let _ = writeln!(
            out,
            "  - {{id: require{n}, at: {}, require: \"{}\"}}",
            t(&mut dice),
            dice.boolean(1, false)
        );
        let _ = writeln!(
            out,
            "  - {{id: ensure{n}, at: {}, ensure: \"{}\"}}",
            t(&mut dice),
            dice.boolean(2, false)
        );
        let _ = writeln!(
            out,
            "  - {{id: ends{n}, eventually: \"{}\"}}",
            dice.boolean(1, false)
        );
        let _ = writeln!(
            out,
            "  - {{id: leads{n}, leads_to: [\"{}\", \"{}\"]}}",
            dice.boolean(1, false),
            dice.boolean(1, false)
        );
        let _ = writeln!(
            out,
            "  - {{id: often{n}, infinitely_often: \"{}\"}}",
            dice.boolean(1, false)
        );
    }
    let _ = writeln!(
        out,
        "  - {{id: before, precedes: [t0, t{}]}}",
        1 + dice.roll(count - 1)
    );
    out
}

fn transition(dice: &mut Dice, out: &mut String, n: u64) {
    let choices = dice.chance(40);
    let _ = writeln!(out, "  - id: t{n}\n    actor: {}", dice.of(&["A", "Human"]));
    match dice.roll(3) {
        0 => {}
        1 => {
            let _ = writeln!(out, "    from: {}", dice.of(&["S0", "S1", "S2"]));
        }
        _ => {
            let _ = writeln!(out, "    from: [S0, {}]", dice.of(&["S1", "S2"]));
        }
    }
    if dice.chance(60) {
        let _ = writeln!(out, "    to: {}", dice.of(&["S0", "S1", "S2", "S2", "S3"]));
    }
    if choices {
        out.push_str("    choose: {yes_no: {type: bool}, number: {type: int, range: [0, 2]}}\n");
    }
    if dice.chance(80) {
        let _ = writeln!(out, "    when: \"{}\"", dice.boolean(2, choices));
    }
    let mut set = Vec::new();
    if dice.chance(60) {
        set.push(format!("v: \"{}\"", dice.integer(1, choices)));
    }
    if dice.chance(30) {
        set.push(format!("w: \"{}\"", dice.boolean(1, choices)));
    }
    if dice.chance(30) {
        set.push(format!("p: \"{}\"", dice.word(1, choices)));
    }
    if !set.is_empty() {
        let _ = writeln!(out, "    set: {{{}}}", set.join(", "));
    }
    if dice.chance(35) {
        let _ = writeln!(out, "    bump: [{}]", dice.of(&["a", "b", "a, b"]));
    }
    let mut record = Vec::new();
    if dice.chance(40) {
        let mut given = Vec::new();
        if dice.chance(30) {
            given.push("from: ew".to_owned());
        }
        if dice.chance(60) {
            given.push(format!("num: \"{}\"", dice.integer(1, choices)));
        }
        if dice.chance(60) {
            given.push(format!("ok: \"{}\"", dice.boolean(1, choices)));
        }
        if dice.chance(60) {
            given.push(format!("kind: \"{}\"", dice.word(1, choices)));
        }
        record.push(format!("ev: {{{}}}", given.join(", ")));
    } else if dice.chance(20) {
        out.push_str("    drop: [ev]\n");
    }
    if dice.chance(30) {
        record.push(format!("ew: {{m: \"{}\"}}", dice.integer(1, choices)));
    }
    if !record.is_empty() {
        let _ = writeln!(out, "    record: {{{}}}", record.join(", "));
    }
    if dice.chance(50) {
        let _ = writeln!(out, "    fair: {}", dice.of(&["weak", "strong"]));
    }
}
