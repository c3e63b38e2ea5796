//! Random workflows, written in several styles, and random changes: whatever is carried out at all is carried out exactly,
//! and no comment is lost. `apply` itself holds the patched text against the intended workflow; here a mismatch, or a text
//! that cannot be patched, is a failure.

use serde_json::{Value, json};
use tribunal::finding::critique::RecommendedChange;
use tribunal::ir::SourceId;
use tribunal::ir::canonical::to_full_json;
use tribunal::revise::{Answers, ReviseError, Revised, apply};
use tribunal::syntax::parse_workflow;

use crate::random_workflow::workflow;

/// A generator of small numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("small") % sides
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.roll(list.len())]
    }
}

/// The workflow of this number in one of five styles.
fn styled(number: u64, style: usize) -> String {
    let text = workflow(number);
    match style {
        0 => text,
        1 => commented(&text),
        2 => commented(&text).replace('\n', "\r\n"),
        3 => text.trim_end().to_owned(),
        _ => {
            let read = parse_workflow(SourceId(0), &text)
                .expect("a workflow")
                .value;
            serde_json::to_string_pretty(&to_full_json(&read)).expect("text")
        }
    }
}

/// A comment behind every line and above every third.
fn commented(text: &str) -> String {
    let mut out = String::new();
    for (n, line) in text.lines().enumerate() {
        if n % 3 == 0 {
            let indent = line.len() - line.trim_start().len();
            out.push_str(&format!("{}# above {n}: S0, \"t0\"\n", " ".repeat(indent)));
        }
        out.push_str(&format!("{line} # behind {n}\n"));
    }
    out
}

fn change(dice: &mut Dice) -> Value {
    let state = |dice: &mut Dice| dice.of(&["S0", "S1", "S2", "S3", "New"]).to_owned();
    let t = |dice: &mut Dice| dice.of(&["t0", "t1", "t2", "t3"]).to_owned();
    let condition = |dice: &mut Dice| {
        let all = [
            "v < 3",
            "state == S1 or w",
            "fresh(ev, a)",
            "forall x in [S0, S2]: state != x",
            "ev.kind == hot => not w",
            "if w then v == 1 else p == cold",
            "state not in [S1,\n S2]",
            "S0 != state and (S2) == (state)",
        ];
        dice.of(&all).to_owned()
    };
    let actor = |dice: &mut Dice| dice.of(&["A", "Human", "Boss"]).to_owned();
    let mut made = match dice.roll(19) {
        0 => json!({"action": "add_state", "state": state(dice), "needs": []}),
        1 => json!({"action": "add_state", "state": "Kept", "needs": ["ev"]}),
        2 => json!({"action": "remove_state", "state": dice.of(&["S1", "Spare", "Spare"])}),
        3 => {
            json!({"action": "rename_state", "state": state(dice), "to": dice.of(&["Other", "hot", "S1"])})
        }
        4 => json!({"action": "split_state", "state": state(dice), "into": ["Left", "Right"],
            "when": {"Left": condition(dice)}, "needs": if dice.roll(2) == 0 { json!({}) } else { json!({"Right": ["ew"]}) }}),
        5 => {
            json!({"action": "split_state", "state": state(dice), "into": ["Left", "Right", "Middle"],
            "incoming": {(t(dice)): "Middle"}})
        }
        6 => {
            json!({"action": "merge_states", "states": ["Spare", dice.of(&["S0", "S1", "S2"])], "into": dice.of(&["S1", "One"])})
        }
        7 => {
            json!({"action": "add_transition", "transition": {"id": dice.of(&["x", "t0"]), "actor": actor(dice),
            "from": [state(dice)], "to": state(dice), "when": condition(dice), "set": {"v": "v - 1", "w": "not w"},
            "choose": {"c": {"type": "enum", "values": ["hot", "cold"]}}, "bump": ["a"],
            "record": {"ev": {"from": "ew", "kind": "c"}}, "fair": "strong"}})
        }
        8 => json!({"action": "remove_transition", "transition": t(dice)}),
        9 => json!({"action": "add_guard", "transition": t(dice), "when": condition(dice)}),
        10 => {
            json!({"action": "require_fresh", "transition": t(dice), "evidence": dice.of(&["ev", "ew"])})
        }
        11 => {
            json!({"action": "add_human_checkpoint", "transition": t(dice), "state": "Check", "actor": actor(dice),
            "refuse_to": state(dice)})
        }
        12 => {
            json!({"action": "add_reject_path", "from": [state(dice)], "to": dice.of(&["Refused", "S3"]),
            "actor": actor(dice)})
        }
        13 => {
            json!({"action": "add_escalation", "from": state(dice), "when": condition(dice), "by": "A", "to": "Asked",
            "actor": "Human", "stop": "Refused"})
        }
        14 => {
            json!({"action": "bound_revision", "transitions": [t(dice)], "counter": dice.of(&["n", "v"]), "limit": 2})
        }
        15 => {
            json!({"action": "add_terminal", "success": ["Good"], "failure": [dice.of(&["Bad", "S1"])]})
        }
        16 => {
            json!({"action": "add_evidence", "evidence": "seal", "of": {"artifacts": ["a", "wax"],
            "fields": {"by": {"type": "int", "range": [-1, 2]}}}, "recorded_by": [t(dice)]})
        }
        17 => {
            json!({"action": "add_invariant", "property": {"id": "extra", "text": "it's: \"so\" # {x}\n\\",
            "at": t(dice), "require": condition(dice)}})
        }
        _ => {
            json!({"action": "change_policy", "rule": {"id": "p1", "action": "approve", "effect": "forbid",
            "when": "blocking > 0", "reason": "- a: 'b' # c"}})
        }
    };
    made["reason"] = json!("tried");
    made
}

fn read(changes: &[Value]) -> Vec<RecommendedChange> {
    serde_json::from_value(Value::Array(changes.to_vec())).expect("changes")
}

fn tried(text: &str, changes: &[Value]) -> Result<Revised, Vec<ReviseError>> {
    let done = apply(text, &read(changes), &Answers::new());
    if let Err(errors) = &done {
        for e in errors {
            let ours = [
                "TRIB-REVISE-MISMATCH",
                "TRIB-REVISE-LAYOUT",
                "TRIB-REVISE-SOURCE",
            ];
            let shape = e.code() == "TRIB-REVISE-RESULT" && e.to_string().contains("YAML");
            assert!(
                !ours.contains(&e.code()) && !shape,
                "{e}\n{changes:#?}\n{text}"
            );
        }
    }
    done
}

fn comments(text: &str) -> Vec<&str> {
    let all = text.lines().filter_map(|l| {
        l.find("# above")
            .or_else(|| l.find("# behind"))
            .map(|at| l[at..].trim_end())
    });
    all.collect()
}

#[test]
fn random_changes_say_exactly_what_is_intended_and_keep_every_comment() {
    let mut done = std::collections::BTreeMap::<String, usize>::new();
    for number in 0..250_u64 {
        let mut dice = Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
        let text = styled(number, dice.roll(5));
        let mut changes: Vec<Value> = (0..=dice.roll(2)).map(|_| change(&mut dice)).collect();
        if changes.iter().any(|c| c.to_string().contains("\"Spare\"")) {
            changes.insert(
                0,
                json!({"action": "add_state", "state": "Spare", "reason": "r"}),
            );
        }
        let Ok(revised) = tried(&text, &changes) else {
            continue;
        };
        for c in &changes {
            *done
                .entry(c["action"].as_str().expect("a word").to_owned())
                .or_default() += 1;
        }
        let takes = ["remove_state", "remove_transition", "merge_states"];
        if changes
            .iter()
            .any(|c| takes.contains(&c["action"].as_str().unwrap_or_default()))
        {
            continue;
        }
        // A copy of a transition has its comments too, so what was there must be found in order among what is there.
        let (before, after) = (comments(&text), comments(&revised.text));
        let mut left = after.iter();
        for comment in &before {
            assert!(
                left.any(|c| c == comment),
                "{comment} is lost\n{changes:#?}\n{}",
                revised.text
            );
        }
        let ends = |t: &str| {
            (
                t.matches("\r\n").count(),
                t.matches('\n').count(),
                t.ends_with('\n'),
            )
        };
        let (old, new) = (ends(&text), ends(&revised.text));
        assert_eq!(old.0 == old.1, new.0 == new.1, "line ends");
        assert_eq!(old.2, new.2, "the end of the file");
    }
    let missing: Vec<&str> = [
        "add_state",
        "remove_state",
        "rename_state",
        "split_state",
        "merge_states",
        "add_transition",
        "remove_transition",
        "add_guard",
        "require_fresh",
        "add_human_checkpoint",
        "add_reject_path",
        "add_escalation",
        "bound_revision",
        "add_terminal",
        "add_evidence",
        "add_invariant",
        "change_policy",
    ]
    .into_iter()
    .filter(|a| done.get(*a).is_none_or(|n| *n < 2))
    .collect();
    assert!(
        missing.is_empty(),
        "hardly ever carried out: {missing:?} of {done:?}"
    );
}

#[test]
fn a_name_there_and_back_leaves_the_text_as_it_was_but_for_the_version() {
    for number in 0..25_u64 {
        for style in 0..4 {
            let text = styled(number, style);
            let there =
                json!({"action": "rename_state", "state": "S0", "to": "Elsewhere", "reason": "r"});
            let back =
                json!({"action": "rename_state", "state": "Elsewhere", "to": "S0", "reason": "r"});
            let keep = json!({"action": "add_state", "state": "Last", "reason": "r"});
            let Ok(revised) = tried(&text, &[there, back, keep]) else {
                panic!("{number}")
            };
            let line_end = if style == 2 { "\r\n" } else { "\n" };
            let expected = revised
                .text
                .replacen(&format!("version: 2{line_end}"), "", 1)
                .replacen(", Last]", "]", 1);
            // Parentheses around a lone name are the one thing that a rename takes away; there are none in these texts.
            assert_eq!(expected, text, "{number} in style {style}");
        }
    }
}
