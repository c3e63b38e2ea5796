//! A model as critic.

use serde_json::{Value, json};

use super::*;
use crate::finding::Severity;
use crate::finding::critique::CriticDecision;

fn criticise(model: &Model, of: &Judged, beside: &[Judged]) -> Result<Made<Judgement>, SeatError> {
    let critic = ModelCritic::new(model.provider.clone());
    done(critic.criticise(of, beside, &CancelToken::new()))
}

fn with(place: &str, value: Value) -> Value {
    let mut answer = verdict();
    *answer.pointer_mut(place).expect(place) = value;
    answer
}

#[test]
fn a_good_critique_costs_one_call_and_has_a_head_of_our_own() {
    let model = Model::answering(&[verdict()]);
    let of = judged(TEXT);
    let made = criticise(&model, &of, &[]).expect("a critique");
    let critique = made.value.critique;
    assert_eq!(
        (
            critique.workflow.as_str(),
            critique.target_version,
            critique.digest,
            critique.report
        ),
        ("w", 1, of.standing.digest, of.report.digest())
    );
    assert_eq!(
        (critique.critic.as_str(), critique.decision),
        ("scripted/default", CriticDecision::Revise)
    );
    assert_eq!(critique.issues[0].severity, Severity::Blocking);
    assert_eq!(
        critique.recommended_changes[0].change.action(),
        "add_transition"
    );
    assert_eq!((made.spend.calls, made.spend.micro_dollars), (1, 7));
    assert_eq!(model.asked()[0]["prompt"], "critic/1");
}

/// Each answer breaks one rule and says so to the model; the second one is taken.
#[test]
fn what_may_not_be_believed_goes_back() {
    let cases = [
        (
            with("/issues/0/severity", json!("warning")),
            "TRIB-CRITIQUE-SEVERITY",
        ),
        (
            with("/issues/0/type", json!("abstraction_debt")),
            "TRIB-CRITIQUE-DEBT",
        ),
        (
            with("/issues/0/findings", json!(["F-9"])),
            "TRIB-CRITIQUE-FINDING",
        ),
        (with("/decision", json!("accept")), "TRIB-CRITIQUE-ACCEPT"),
        (
            with("/decision", json!("approve")),
            "unknown variant `approve`",
        ),
        (
            with("/recommendedChanges/0/answers", json!(["I9"])),
            "TRIB-CRITIQUE-ISSUE",
        ),
        (
            with(
                "/recommendedChanges/0/transition/actor",
                json!("Boss nor anyone"),
            ),
            "TRIB-",
        ),
        (
            with(
                "/recommendedChanges",
                json!([{"action": "remove_transition", "transition": "nothing", "reason": "r"}]),
            ),
            "TRIB-CRITIQUE-NAME",
        ),
        (
            with("/recommendedChanges", json!([])),
            "recommends no change",
        ),
        // Admitted, yet it cannot be carried out: the state is in use.
        (
            with(
                "/recommendedChanges",
                json!([{"action": "remove_state", "state": "Review", "reason": "r"}]),
            ),
            "change 1 (`remove_state`)",
        ),
        (
            with(
                "/considered",
                json!([{"candidate": 2, "drawnOn": false, "why": "worse"}]),
            ),
            "no candidate 2",
        ),
        (with("/reasoning", json!("  ")), "`reasoning` is empty"),
    ];
    for (wrong, why) in cases {
        let model = Model::answering(&[wrong, verdict()]);
        let made = criticise(&model, &judged(TEXT), &[]).expect("mended");
        assert_eq!(made.spend.calls, 2, "{why}");
        let told = model.told(1);
        assert!(told.contains(why), "{why}: {told}");
    }
}

#[test]
fn a_head_that_the_model_writes_is_refused() {
    for (key, value) in [
        ("critic", json!("rules")),
        ("report", json!("0".repeat(64))),
        ("targetVersion", json!(9)),
        ("approval", json!({"by": "Boss"})),
    ] {
        let mut wrong = verdict();
        wrong
            .as_object_mut()
            .expect("an object")
            .insert(key.to_owned(), value);
        let model = Model::answering(&[wrong, verdict()]);
        let made = criticise(&model, &judged(TEXT), &[]).expect("mended");
        assert_eq!(
            (made.value.critique.target_version, made.spend.calls),
            (1, 2)
        );
        assert!(model.told(1).contains(key), "{key}");
    }
}

#[test]
fn every_other_candidate_is_drawn_on_or_it_is_said_why_not() {
    let other = judged(&TEXT.replace("Rejected", "Refused"));
    let third = judged(&TEXT.replace("Rejected", "Dropped"));
    let (second, last) = (other.standing.digest, third.standing.digest);
    let considered = json!([
        {"candidate": 3, "drawnOn": true, "why": "its name for the end"},
        {"candidate": 2, "drawnOn": false, "why": "nothing better"},
    ]);
    let silent = with(
        "/considered",
        json!([{"candidate": 2, "drawnOn": false, "why": " "}]),
    );
    let twice = with(
        "/considered",
        json!([
            {"candidate": 2, "drawnOn": false, "why": "a"}, {"candidate": 2, "drawnOn": true, "why": "b"},
            {"candidate": 3, "drawnOn": true, "why": "c"},
        ]),
    );
    let model = Model::answering(&[silent, twice, with("/considered", considered)]);
    let made = criticise(&model, &judged(TEXT), &[other, third]).expect("a critique");
    let said: Vec<(Digest, bool)> = made
        .value
        .considered
        .iter()
        .map(|c| (c.candidate, c.drawn_on))
        .collect();
    assert_eq!(said, [(second, false), (last, true)]);
    let told = model.told(1);
    assert!(
        told.contains("does not say why about candidate 2"),
        "{told}"
    );
    assert!(told.contains("says nothing about candidate 3"), "{told}");
    assert!(model.told(2).contains("speaks twice of candidate 2"));
}

#[test]
fn every_answer_of_a_question_is_tried() {
    let question = |second: Value| {
        with(
            "/recommendedChanges",
            json!([{
                "action": "ask_human", "id": "who", "question": "Who may say no?", "reason": "r", "options": [
                    {"id": "boss", "text": "the boss", "changes": verdict()["recommendedChanges"]},
                    {"id": "other", "text": "another way", "changes": [second]},
                ],
            }]),
        )
    };
    let bad = json!({"action": "remove_state", "state": "Review", "reason": "r"});
    let good = json!({"action": "add_guard", "transition": "edit", "when": "not fresh(approval)", "reason": "r"});
    let model = Model::answering(&[question(bad), question(good)]);
    let made = criticise(&model, &judged(TEXT), &[]).expect("mended");
    assert_eq!(made.spend.calls, 2);
    assert!(
        model.told(1).contains("is still named by"),
        "{}",
        model.told(1)
    );
}

#[test]
fn an_inconclusive_report_is_not_accepted() {
    let mut of = judged(TEXT);
    of.report.findings.clear();
    of.report.data.verdict = crate::report::Verdict::Inconclusive;
    let mut accepts = with("/decision", json!("accept"));
    accepts["issues"] = json!([]);
    accepts["recommendedChanges"] = json!([]);
    let mut gives_up = accepts.clone();
    gives_up["decision"] = json!("reject");
    let model = Model::answering(&[accepts, gives_up]);
    let made = criticise(&model, &of, &[]).expect("another word");
    assert_eq!(
        (made.value.critique.decision, made.spend.calls),
        (CriticDecision::Reject, 2)
    );
    assert!(model.told(1).contains("inconclusive"));
}

#[test]
fn three_wrong_critiques_end_the_round_and_are_paid_for() {
    let wrong = with("/issues/0/severity", json!("info"));
    let model = Model::answering(&[wrong.clone(), wrong.clone(), wrong]);
    let error = criticise(&model, &judged(TEXT), &[]).expect_err("unusable");
    assert_eq!(
        (error.sort, error.spend.calls, error.spend.micro_dollars),
        (SeatFailure::Unusable, 3, 21)
    );
    assert!(
        error.why.contains("TRIB-CRITIQUE-SEVERITY"),
        "{}",
        error.why
    );
}

#[test]
fn a_name_that_nobody_declared_goes_back_and_one_that_a_change_adds_does_not() {
    let held = json!([
        {"action": "add_state", "state": "HeldBack", "reason": "a place to wait: `HeldBack`"},
        {"action": "add_transition", "reason": "into HeldBack", "transition": {"id": "hold", "actor": "Boss", "from": ["Review"], "to": "HeldBack"}},
        {"action": "add_transition", "reason": "out of it", "transition": {"id": "give_up", "actor": "Boss", "from": ["HeldBack"], "to": "Rejected"}},
    ]);
    let model = Model::answering(&[with("/recommendedChanges", held)]);
    criticise(&model, &judged(TEXT), &[]).expect("no drift");
    let drifting = with("/issues/0/message", json!("`InReview` is a dead end"));
    let model = Model::answering(&[drifting, verdict()]);
    criticise(&model, &judged(TEXT), &[]).expect("mended");
    assert!(
        model.told(1).contains("`InReview`, which is not declared"),
        "{}",
        model.told(1)
    );
}
