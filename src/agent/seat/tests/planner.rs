//! A model as planner.

use serde_json::{Value, json};

use super::*;

fn proposal(texts: &[&str]) -> Value {
    let candidates: Vec<Value> = texts
        .iter()
        .map(|text| json!({"workflow": text, "tradeoffs": "short"}))
        .collect();
    json!({"candidates": candidates, "reasoning": "Review before Merged."})
}

fn revision(text: &str) -> Value {
    json!({"workflow": text, "reasoning": "a person can say no"})
}

fn propose(model: &Model) -> Result<Made<Vec<Draft>>, SeatError> {
    let planner = ModelPlanner::new(model.provider.clone());
    done(planner.propose(&wish(), &CancelToken::new()))
}

fn revise(model: &Model) -> Result<Made<String>, SeatError> {
    let planner = ModelPlanner::new(model.provider.clone());
    let of = judged(TEXT);
    let critique = critique(&of);
    done(planner.revise(
        &of.standing,
        &critique,
        &Answers::new(),
        &CancelToken::new(),
    ))
}

#[test]
fn a_good_proposal_costs_one_call_and_comes_out_word_for_word() {
    let model = Model::answering(&[proposal(&[TEXT])]);
    let made = propose(&model).expect("a proposal");
    assert_eq!(
        made.value,
        [Draft {
            text: TEXT.to_owned(),
            tradeoffs: "short".to_owned()
        }]
    );
    assert_eq!(made.reasoning, "Review before Merged.");
    let spend = made.spend;
    assert_eq!(
        (
            spend.calls,
            spend.input_tokens,
            spend.output_tokens,
            spend.micro_dollars
        ),
        (1, 100, 10, 7)
    );
    assert_eq!(model.asked().len(), 1);
    assert_eq!(model.asked()[0]["prompt"], "planner.propose/1");
    assert_eq!(
        ModelPlanner::new(model.provider.clone()).name(),
        "scripted/default"
    );
}

#[test]
fn several_candidates_keep_their_order_and_must_differ() {
    let other = TEXT.replace("Rejected", "Refused");
    let model = Model::answering(&[proposal(&[TEXT, TEXT]), proposal(&[&other, TEXT])]);
    let made = propose(&model).expect("a proposal");
    let texts: Vec<&str> = made.value.iter().map(|d| d.text.as_str()).collect();
    assert_eq!(texts, [other.as_str(), TEXT]);
    let told = model.told(1);
    assert!(
        told.contains("candidate 2: it is the same workflow as candidate 1"),
        "{told}"
    );
}

/// Each answer is wrong in one way and says so to the model; the second one is taken.
#[test]
fn what_is_wrong_with_a_proposal_goes_back_with_its_place() {
    let cases = [
        (TEXT.replace("to: Merged", "to: Nowhere"), "line 13, column"),
        (TEXT.replace("to: Merged", "to: Nowhere"), "TRIB-"),
        (
            TEXT.replace("workflow_id: w", "workflow_id: other"),
            "`workflow_id` is `other`, not `w`",
        ),
        (
            TEXT.replace("goal: Merge what", "version: 3\ngoal: Merge what"),
            "`version` is 3, not 1",
        ),
        (
            TEXT.replace("Merge what was reviewed", "Merge anything"),
            "not the person's goal",
        ),
        (
            TEXT.replace("nothing stale is merged", "speed"),
            "lacks, word for word: nothing stale is merged",
        ),
        ("approve: true".to_owned(), "TRIB-"),
    ];
    for (wrong, why) in cases {
        let model = Model::answering(&[proposal(&[&wrong]), proposal(&[TEXT])]);
        let made = propose(&model).expect("mended");
        assert_eq!(made.spend.calls, 2, "{why}");
        let told = model.told(1);
        assert!(told.contains(why), "{why}: {told}");
    }
    let none = Model::answering(&[proposal(&[]), proposal(&[TEXT; 4]), proposal(&[TEXT])]);
    assert_eq!(propose(&none).expect("the third").spend.calls, 3);
    assert!(none.told(1).contains("0 candidates") && none.told(2).contains("4 candidates"));
}

#[test]
fn three_wrong_answers_end_the_round_and_all_of_them_are_paid_for() {
    let wrong = proposal(&["no workflow"]);
    let model = Model::answering(&[wrong.clone(), json!("nonsense"), wrong]);
    let error = propose(&model).expect_err("unusable");
    assert_eq!(error.sort, SeatFailure::Unusable);
    assert_eq!(
        (
            error.spend.calls,
            error.spend.input_tokens,
            error.spend.micro_dollars
        ),
        (3, 300, 21)
    );
    assert!(error.why.contains("3 attempts"), "{}", error.why);
}

#[test]
fn a_provider_that_fails_is_unavailable_and_a_stop_is_a_stop() {
    let line = json!({"line": {"error": "TRIB-PROVIDER-UNAUTHORISED"}});
    let error = propose(&Model::answering(&[line])).expect_err("no key");
    assert_eq!(
        (error.sort, error.spend.calls),
        (SeatFailure::Unavailable, 0)
    );
    let model = Model::answering(&[proposal(&[TEXT])]);
    let planner = ModelPlanner::new(model.provider.clone());
    let stop = CancelToken::new();
    stop.cancel();
    let error = done(planner.propose(&wish(), &stop)).expect_err("stopped");
    assert_eq!(error.sort, SeatFailure::Cancelled);
}

#[test]
fn a_good_revision_is_taken_as_it_is() {
    let text = format!("{}# a comment stays\n", next());
    let model = Model::answering(&[revision(&text)]);
    let made = revise(&model).expect("a revision");
    assert_eq!((made.value.as_str(), made.spend.calls), (text.as_str(), 1));
    assert_eq!(model.asked()[0]["prompt"], "planner.revise/1");
}

/// A planner that satisfies the engines by taking away what they check.
#[test]
fn a_revision_that_loses_what_the_critique_left_alone_goes_back() {
    let cases = [
        (
            next().replace("  - {id: can_merge, reachable: state == Merged}\n", ""),
            "the property `can_merge` is gone",
        ),
        (
            next().replace("require: fresh(approval)", "require: \"true\""),
            "the property `aligned` is not what it has to be",
        ),
        (
            next().replace("{id: Merged, needs: [approval]}", "Merged"),
            "the state `Merged` is not what it has to be",
        ),
        (
            next().replace("kind: human", "kind: agent"),
            "the actor `Boss` is not what it has to be",
        ),
        (
            next()
                .replace("failure: [Rejected]", "failure: [Rejected, Review]")
                .replace("from: [Draft, Review]", "from: Draft")
                .replace("from: Review, bump", "from: Draft, bump")
                .replace("from: Review, to: Merged", "from: Draft, to: Merged"),
            "`terminal` is not what it has to be",
        ),
        (
            next().replace("goal: Merge what", "goal: Skip what"),
            "`goal` is not what it has to be",
        ),
        (
            next().replace("version: 2", "version: 3"),
            "`version` is 3, not 2",
        ),
        (
            TEXT.replace("workflow_id: w\n", "workflow_id: w\nversion: 2\n"),
            "nothing has changed but the version",
        ),
        (
            format!(
                "{}policy:\n  rules:\n    - {{id: p, action: approve, effect: permit, when: \"true\", reason: r}}\n",
                next()
            ),
            "`policy` is not what it has to be",
        ),
    ];
    for (wrong, why) in cases {
        let model = Model::answering(&[revision(&wrong), revision(&next())]);
        let made = revise(&model).expect("mended");
        assert_eq!(made.value, next());
        let told = model.told(1);
        assert!(told.contains(why), "{why}: {told}");
    }
}

#[test]
fn names_that_nobody_declared_go_back_once_and_are_noted_if_they_stay() {
    let mut drifting = proposal(&[TEXT]);
    drifting["reasoning"] = json!("From `Reviw` it waits in HumanGate.");
    let model = Model::answering(&[drifting.clone(), proposal(&[TEXT])]);
    let made = propose(&model).expect("a proposal");
    assert_eq!(
        (made.reasoning.as_str(), made.spend.calls),
        ("Review before Merged.", 2)
    );
    let told = model.told(1);
    assert!(
        told.contains("you speak of `Reviw`, which is not declared; did you mean `Review`?"),
        "{told}"
    );
    assert!(
        told.contains("you speak of `HumanGate`, which is not declared"),
        "{told}"
    );

    let stubborn = Model::answering(&[drifting.clone(), drifting.clone()]);
    let made = propose(&stubborn).expect("taken all the same");
    assert_eq!(made.spend.calls, 2);
    assert!(
        made.reasoning
            .contains("[naming drift: it speaks of `Reviw`, `HumanGate`"),
        "{}",
        made.reasoning
    );

    let wrong = proposal(&["nonsense"]);
    let late = Model::answering(&[wrong.clone(), wrong, drifting]);
    let made = propose(&late).expect("the last answer is not lost for a name");
    assert!(
        made.reasoning.contains("naming drift"),
        "{}",
        made.reasoning
    );
}
