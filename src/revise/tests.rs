//! Every reason for which a change is refused, by its code; and hostile texts, which stay what they are: texts.

use serde_json::{Value, json};

use super::{Answers, ReviseError, Revised, Why, apply};
use crate::finding::critique::RecommendedChange;
use crate::ir::canonical::to_full_json;

const TEXT: &str = "workflow_id: desk
goal: \"none\"
actors: [Writer, Human]
states: [Draft, Review, Done]
terminal: {success: [Done], failure: []}
artifacts: [text]
evidence:
  report: {of: [text], fields: {ok: {type: bool}}}
vars:
  num: {type: int, range: [0, 2], init: 0}
transitions:
  - {id: send, actor: Writer, from: Draft, to: Review, when: \"num < 2\", set: {num: num + 1}}
  - {id: stay, actor: Writer, from: [Draft, Review], bump: [text], record: {report: {}}}
  - {id: close, actor: Human, from: Review, to: Done}
properties:
  - {id: before, precedes: [send, close]}
policy:
  rules:
    - {id: open, action: approve, effect: forbid, when: \"blocking > 0\", reason: \"open\"}
    - {id: fits, action: approve, effect: permit, when: \"aligned\", reason: \"fits\"}
";

fn tried(changes: &Value, answers: &[(&str, &str)]) -> Result<Revised, Vec<ReviseError>> {
    let mut changes = changes.clone();
    for change in changes.as_array_mut().expect("a list") {
        change["reason"] = json!("r");
    }
    let changes: Vec<RecommendedChange> = serde_json::from_value(changes).expect("changes");
    let answers: Answers = answers
        .iter()
        .map(|(q, o)| ((*q).to_owned(), (*o).to_owned()))
        .collect();
    apply(TEXT, &changes, &answers)
}

fn codes(changes: &Value) -> Vec<&'static str> {
    let errors = tried(changes, &[]).map(|r| r.text).expect_err("refused");
    errors.iter().map(ReviseError::code).collect()
}

#[test]
fn every_misfit_has_its_code() {
    let reject = |from: &str, to: &str| json!([{"action": "add_reject_path", "from": [from], "to": to, "actor": "Human"}]);
    let guard =
        |t: &str, when: &str| json!([{"action": "add_guard", "transition": t, "when": when}]);
    let split = |into: &[&str], more: &Value| {
        let mut split = json!({"action": "split_state", "state": "Review", "into": into});
        for (k, v) in more.as_object().expect("a map") {
            split[k] = v.clone();
        }
        json!([split])
    };
    let cases = [
        (
            json!([{"action": "remove_state", "state": "Gone"}]),
            "UNKNOWN",
        ),
        (json!([{"action": "add_state", "state": "Draft"}]), "TAKEN"),
        (json!([{"action": "add_state", "state": "report"}]), "TAKEN"),
        (json!([{"action": "add_state", "state": "a: b"}]), "NAME"),
        (json!([{"action": "add_state", "state": "none"}]), "NAME"),
        (
            json!([{"action": "add_state", "state": "X", "needs": ["reprot"]}]),
            "UNKNOWN",
        ),
        (
            json!([{"action": "remove_state", "state": "Draft"}]),
            "IN-USE",
        ),
        (
            json!([{"action": "remove_transition", "transition": "send"}]),
            "IN-USE",
        ),
        (
            json!([{"action": "rename_state", "state": "Draft", "to": "Writer"}]),
            "TAKEN",
        ),
        (
            json!([{"action": "merge_states", "states": ["Draft"], "into": "X"}]),
            "FIT",
        ),
        (
            json!([{"action": "merge_states", "states": ["Draft", "Done"], "into": "X"}]),
            "FIT",
        ),
        (
            json!([{"action": "merge_states", "states": ["Draft", "Draft"], "into": "X"}]),
            "TWICE",
        ),
        (split(&["A"], &json!({})), "FIT"),
        (
            split(&["A", "B"], &json!({"incoming": {"close": "A"}})),
            "ROLE",
        ),
        (
            split(&["A", "B"], &json!({"when": {"C": "true"}})),
            "UNKNOWN",
        ),
        (guard("gone", "true"), "UNKNOWN"),
        (guard("close", "fresh("), "EXPRESSION"),
        (guard("close", "true\n# x"), "EXPRESSION"),
        (guard("close", "num"), "RESULT"),
        (guard("close", "gone == 1"), "RESULT"),
        (
            json!([{"action": "tighten_guard", "transition": "send", "when": "num < 3"}]),
            "LOOSER",
        ),
        (
            json!([{"action": "require_fresh", "transition": "close", "evidence": "text"}]),
            "UNKNOWN",
        ),
        (reject("Done", "Lost"), "ROLE"),
        (reject("Review", "Done"), "ROLE"),
        (reject("Review", "Draft"), "ROLE"),
        (
            json!([{"action": "add_reject_path", "from": [], "to": "Lost", "actor": "Human"}]),
            "EMPTY",
        ),
        (
            json!([{"action": "add_human_checkpoint", "transition": "stay", "state": "Ask", "actor": "Human"}]),
            "FIT",
        ),
        (
            json!([{"action": "add_human_checkpoint", "transition": "close", "state": "Ask", "actor": "Writer"}]),
            "ROLE",
        ),
        (
            json!([{"action": "bound_revision", "transitions": ["send"], "counter": "num", "limit": 1}]),
            "FIT",
        ),
        (
            json!([{"action": "bound_revision", "transitions": ["close"], "counter": "num", "limit": 9}]),
            "ROLE",
        ),
        (
            json!([{"action": "bound_revision", "transitions": ["close"], "counter": "m", "limit": 0}]),
            "FIT",
        ),
        (json!([{"action": "add_terminal"}]), "EMPTY"),
        (
            json!([{"action": "add_terminal", "failure": ["Done"]}]),
            "ROLE",
        ),
        (
            json!([{"action": "add_invariant", "property": {"id": "x", "always": "true", "never": "true"}}]),
            "FIT",
        ),
        (
            json!([{"action": "add_invariant", "property": {"id": "before", "always": "true"}}]),
            "TAKEN",
        ),
        (
            json!([{"action": "change_policy", "rule": {"id": "x", "action": "build", "effect": "allow", "when": "true", "reason": ""}}]),
            "WORD",
        ),
        (
            json!([{"action": "change_policy", "rule": {"id": "fits", "action": "approve", "effect": "permit", "when": "true", "reason": ""}}]),
            "LOOSER",
        ),
        (
            json!([{"action": "change_policy", "rule": {"id": "b", "action": "approve", "effect": "permit", "when": "true", "reason": ""}}]),
            "LOOSER",
        ),
        (
            json!([{"action": "add_guard", "transition": "send", "when": "num<2"}]),
            "NOTHING",
        ),
        (json!([]), "NOTHING"),
    ];
    for (changes, code) in cases {
        let found = codes(&changes);
        assert!(
            found.contains(&["TRIB", "REVISE", code].join("-").as_str()),
            "{changes}: {found:?}, not {code}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once_and_by_position() {
    let changes = json!([
        {"action": "add_state", "state": "Draft"},
        {"action": "add_state", "state": "Fine"},
        {"action": "add_transition", "transition": {"id": "send", "actor": "x y", "from": ["Nowhere"], "when": "(", "fair": "very"}}
    ]);
    let errors = tried(&changes, &[]).expect_err("refused");
    let found: Vec<_> = errors.iter().map(|e| (e.change, e.code())).collect();
    let mut third: Vec<_> = found
        .iter()
        .filter(|(n, _)| *n == Some(3))
        .map(|(_, c)| *c)
        .collect();
    third.sort_unstable();
    assert_eq!(found.first(), Some(&(Some(1), "TRIB-REVISE-TAKEN")));
    assert_eq!(
        third,
        [
            "TRIB-REVISE-EXPRESSION",
            "TRIB-REVISE-NAME",
            "TRIB-REVISE-TAKEN",
            "TRIB-REVISE-UNKNOWN",
            "TRIB-REVISE-WORD"
        ]
    );
    let near = json!([{"action": "remove_transition", "transition": "sned"}]);
    let errors = tried(&near, &[]).expect_err("refused");
    assert_eq!(errors[0].help().as_deref(), Some("did you mean `send`?"));
}

#[test]
fn questions_are_settled_by_their_answers_only() {
    let option = |id: &str, state: &str| json!({"id": id, "text": "t", "changes": [{"action": "add_state", "state": state, "reason": "r"}]});
    let ask = json!([{"action": "ask_human", "id": "q", "question": "?", "options": [option("a", "Aa"), option("b", "Bb")]}]);
    assert_eq!(codes(&ask), ["TRIB-REVISE-UNANSWERED"]);
    let wrong = tried(&ask, &[("q", "c")]).expect_err("refused");
    assert_eq!(wrong[0].code(), "TRIB-REVISE-ANSWER");
    let done = tried(&ask, &[("q", "b")]).expect("answered");
    assert!(
        done.text.contains("states: [Draft, Review, Done, Bb]"),
        "{}",
        done.text
    );
    let twice = json!([ask[0], ask[0]]);
    let errors = tried(&twice, &[("q", "a")]).expect_err("refused");
    assert_eq!(errors[0].code(), "TRIB-REVISE-QUESTION");
    let nested = json!([{"action": "ask_human", "id": "p", "question": "?", "options": [
        {"id": "a", "text": "t", "changes": [{"action": "ask_human", "id": "q", "question": "?", "options": [], "reason": "r"}]}]}]);
    assert_eq!(codes(&nested), ["TRIB-REVISE-QUESTION"]);
}

#[test]
fn hostile_texts_change_nothing_but_their_own_scalar() {
    let texts = [
        "\"\nversion: 9\n",
        "' # no",
        "x\n- {id: y}",
        "\u{85}\u{2028}a: b",
        "{a: [1]}",
        "&a *a !t",
        "\\",
        "%TAG",
        "---\n...",
        "",
        "null",
        "12",
        "\u{feff}\u{202e}\u{e0001}\u{ffff}",
        "\ttab\r\n",
    ];
    for text in texts {
        let changes = json!([{"action": "add_invariant", "property": {"id": "said", "text": text, "always": "true"}},
            {"action": "change_policy", "rule": {"id": "said", "action": "approve", "effect": "require", "when": "aligned", "reason": text}}]);
        let revised = tried(&changes, &[]).unwrap_or_else(|e| panic!("{text:?}: {e:?}"));
        let said = to_full_json(&revised.checked.ir);
        assert_eq!(said["properties"][1]["text"], text);
        assert_eq!(said["policy"]["rules"][2]["reason"], text);
        // Take both away again, and everything else is as it was.
        let mut rest = said.clone();
        rest["properties"].as_array_mut().expect("a list").pop();
        rest["policy"]["rules"]
            .as_array_mut()
            .expect("a list")
            .pop();
        rest["version"] = json!(1);
        let before = crate::check::load_str(TEXT).expect("a workflow");
        assert_eq!(rest, to_full_json(&before.ir), "{text:?}");
        let plain = |t: &str| {
            t.lines()
                .filter(|l| !l.contains("said") && !l.contains("version"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(plain(&revised.text), plain(TEXT), "{text:?}");
    }
}

#[test]
fn names_that_are_no_names_never_reach_the_text() {
    for name in [
        "", "a b", "a\nb", "a: b", "#", "a]", "yes", "\u{e9}", "a'", "-",
    ] {
        let all = json!([
            {"action": "add_state", "state": name},
            {"action": "rename_state", "state": "Draft", "to": name},
            {"action": "merge_states", "states": ["Draft", "Review"], "into": name},
            {"action": "split_state", "state": "Review", "into": [name, "Fine"]},
            {"action": "add_terminal", "success": [name]},
            {"action": "add_evidence", "evidence": name, "of": {"artifacts": [name]}, "recorded_by": []},
            {"action": "bound_revision", "transitions": ["close"], "counter": name, "limit": 1},
            {"action": "add_reject_path", "from": ["Review"], "to": name, "actor": name},
            {"action": "add_human_checkpoint", "transition": "close", "state": name, "actor": name},
            {"action": "add_invariant", "property": {"id": name, "always": "true"}},
            {"action": "change_policy", "rule": {"id": name, "action": "build", "effect": "forbid", "when": "locked", "reason": ""}}
        ]);
        let count = all.as_array().map_or(0, Vec::len);
        let errors = tried(&all, &[]).expect_err("refused");
        for n in 1..=count {
            let named = |e: &&ReviseError| {
                e.change == Some(n) && matches!(e.why, Why::NotAName { .. } | Why::Reserved { .. })
            };
            assert!(
                errors.iter().any(|e| named(&e)),
                "{name:?} in change {n}: {errors:?}"
            );
        }
    }
}
