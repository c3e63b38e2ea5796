//! `tribunal revise` and `tribunal answer` as a user meets them: what is written, what is told to the journal, and every way
//! in which nothing is.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tribunal::check::load_str;
use tribunal::gate::event::{Event, Identity, Seat, What};
use tribunal::ir::canonical;
use tribunal::journal::Journal;

use crate::cli::{json as call, run, stdout, tribunal};

const TEXT: &str = "# kept
workflow_id: desk
goal: \"none\" # kept too
actors: [Writer, Human]
states: [Draft, Review, Done]
terminal: {success: [Done]}
transitions:
  - {id: send, actor: Writer, from: Draft, to: Review}
  - {id: back, actor: Human, from: Review, to: Draft}
  - {id: close, actor: Human, from: Review, to: Done}
";

/// A project with a workflow, and a critique of it beside it with these changes.
fn project(changes: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join(".spec")).expect("made");
    std::fs::write(folder.path().join("desk.yaml"), TEXT).expect("written");
    critique(folder.path(), changes, &json!({}));
    folder
}

fn critique(folder: &Path, changes: &Value, other: &Value) {
    let digest = canonical::digest(&load_str(TEXT).expect("a workflow").ir, None);
    let mut critique = json!({
        "format": 1, "workflow": "desk", "targetVersion": 1, "digest": digest, "report": digest, "critic": "rules",
        "decision": "revise", "issues": [], "recommendedChanges": changes, "waiverProposals": []
    });
    for (key, value) in other.as_object().expect("a map") {
        critique[key] = value.clone();
    }
    std::fs::write(folder.join("critique.json"), critique.to_string()).expect("written");
}

fn one() -> Value {
    json!([{"action": "add_reject_path", "from": ["Review"], "to": "Refused", "actor": "Human", "reason": "say no"}])
}

fn asking() -> Value {
    let park = json!({"action": "add_state", "state": "Parked", "reason": "r"});
    let stay = json!({"action": "add_guard", "transition": "send", "when": "state == Draft", "reason": "r"});
    json!([
        {"action": "ask_human", "id": "which_way", "question": "Park it, or not?", "reason": "unclear", "options": [
            {"id": "park", "text": "yes", "changes": [park]}, {"id": "stay", "text": "no", "changes": [stay]}]},
        one()[0]
    ])
}

fn events(folder: &Path) -> Vec<Event> {
    let path = folder.join(".spec/workflows/desk/journal.jsonl");
    let stream = Journal::at(path).read::<Event>().expect("a journal");
    stream.entries.into_iter().map(|e| e.body).collect()
}

fn read(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("desk.yaml")).expect("readable")
}

const REVISE: [&str; 4] = ["revise", "desk.yaml", "--with", "critique.json"];

#[test]
fn a_revision_is_written_and_told_to_the_journal() {
    let folder = project(&one());
    let (code, document) = call(folder.path(), "revise.schema.json", &REVISE);
    assert_eq!(
        (code, &document["data"]["version"]),
        (0, &json!(2)),
        "{document}"
    );
    let text = read(folder.path());
    assert!(
        text.starts_with("# kept\nworkflow_id: desk\nversion: 2\ngoal: \"none\" # kept too\n"),
        "{text}"
    );
    assert!(
        text.contains("terminal: {success: [Done], failure: [Refused]}"),
        "{text}"
    );
    let checked = load_str(&text).expect("a workflow");
    let all = events(folder.path());
    let [told] = all.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!(
        (told.version, told.digest),
        (2, canonical::digest(&checked.ir, None))
    );
    assert_eq!(
        told.by,
        Identity::Seat {
            seat: Seat::Planner,
            by: "rules".to_owned()
        }
    );
    let What::Proposed {
        from: Some(1),
        critique: Some(of),
    } = &told.what
    else {
        panic!("{told:?}")
    };
    assert_eq!(json!(of), document["data"]["critique"]);
    // What was revised is not there any more, so the same critique fits no longer.
    let (code, document) = call(folder.path(), "revise.schema.json", &REVISE);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (3, &json!("TRIB-REVISE-STALE"))
    );
    let message = document["errors"][0]["message"].as_str().expect("text");
    assert!(
        message.contains("version 1, not 2") && message.contains("digest"),
        "{message}"
    );
}

#[test]
fn out_leaves_the_file_alone_and_outside_a_project_nothing_is_told() {
    let folder = project(&one());
    std::fs::remove_dir_all(folder.path().join(".spec")).expect("gone");
    let arguments = [&REVISE[..], &["--out", "new.yaml"]].concat();
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("+ terminal: {success: [Done], failure: [Refused]}"));
    assert!(stdout(&output).contains("- terminal: {success: [Done]}"));
    assert_eq!(read(folder.path()), TEXT);
    let new = std::fs::read_to_string(folder.path().join("new.yaml")).expect("written");
    assert_eq!(load_str(&new).expect("a workflow").ir.version.value, 2);
    assert!(!folder.path().join(".spec").exists());
}

#[test]
fn what_does_not_fit_is_refused_by_name_and_nothing_is_written() {
    let wrong = [
        (json!({"workflow": "other"}), 3, "TRIB-REVISE-STALE"),
        (json!({"targetVersion": 2}), 3, "TRIB-REVISE-STALE"),
        (json!({"digest": "0".repeat(64)}), 3, "TRIB-REVISE-STALE"),
        (json!({"format": 2}), 3, "TRIB-REVISE-STALE"),
        (json!({"decision": "reject"}), 1, "TRIB-REVISE-REJECTED"),
        (json!({"color": 1}), 4, "TRIB-ANSWER-CRITIQUE"),
        (
            json!({"recommendedChanges": [{"action": "remove_state", "state": "Nowhere", "reason": "r"}]}),
            4,
            "TRIB-REVISE-UNKNOWN",
        ),
        (json!({"recommendedChanges": []}), 4, "TRIB-REVISE-NOTHING"),
    ];
    for (other, exit, code) in wrong {
        let folder = project(&one());
        critique(folder.path(), &one(), &other);
        let (got, document) = call(folder.path(), "revise.schema.json", &REVISE);
        assert_eq!(
            (got, &document["errors"][0]["code"]),
            (exit, &json!(code)),
            "{other}: {document}"
        );
        assert_eq!(read(folder.path()), TEXT, "{other}");
        assert!(!folder.path().join(".spec/workflows").exists(), "{other}");
    }
    let folder = project(&one());
    critique(folder.path(), &one(), &json!({"decision": "accept"}));
    let (code, document) = call(folder.path(), "revise.schema.json", &REVISE);
    assert_eq!((code, &document["data"]["version"]), (0, &Value::Null));
    assert_eq!(read(folder.path()), TEXT);
}

#[test]
fn a_question_waits_for_a_person_and_the_answer_decides() {
    let folder = project(&asking());
    let (code, document) = call(folder.path(), "revise.schema.json", &REVISE);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (6, &json!("TRIB-REVISE-UNANSWERED"))
    );
    let command = document["data"]["questions"][0]["options"][1]["command"]
        .as_str()
        .expect("a command");
    assert_eq!(
        command,
        "tribunal answer which_way stay --with critique.json"
    );
    assert_eq!(read(folder.path()), TEXT);

    let answer = |option: &str| {
        let arguments = ["answer", "which_way", option, "--with", "critique.json"];
        call(folder.path(), "answer.schema.json", &arguments)
    };
    let (code, document) = answer("fly");
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (2, &json!("TRIB-ANSWER-OPTION"))
    );
    assert_eq!(events(folder.path()), []);
    let (code, document) = answer("stay");
    assert_eq!(
        (code, &document["data"]["new"]),
        (0, &json!(true)),
        "{document}"
    );
    let (code, document) = answer("stay");
    assert_eq!((code, &document["data"]["new"]), (0, &json!(false)));
    let (code, document) = answer("park");
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (9, &json!("TRIB-ANSWER-CONFLICT"))
    );
    let all = events(folder.path());
    let [
        Event {
            what: What::Answered {
                question, option, ..
            },
            version: 1,
            by: Identity::Person { .. },
            ..
        },
    ] = all.as_slice()
    else {
        panic!("{all:?}")
    };
    assert_eq!((question.as_str(), option.as_str()), ("which_way", "stay"));

    let (code, _) = call(folder.path(), "revise.schema.json", &REVISE);
    assert_eq!(code, 0);
    let text = read(folder.path());
    assert!(
        text.contains("when: \"state == Draft\"") && !text.contains("Parked"),
        "{text}"
    );
    assert_eq!(events(folder.path()).len(), 2);
}

#[test]
fn a_new_critique_asks_anew_and_a_kept_one_is_found() {
    let folder = project(&asking());
    let kept = folder.path().join(".spec/workflows/desk/v1");
    std::fs::create_dir_all(&kept).expect("made");
    let keep = || {
        std::fs::copy(
            folder.path().join("critique.json"),
            kept.join("critique.json"),
        )
        .expect("copied")
    };
    keep();
    let (_, document) = call(folder.path(), "revise.schema.json", &REVISE);
    assert_eq!(
        document["data"]["questions"][0]["options"][0]["command"],
        "tribunal answer which_way park"
    );
    for question in ["which_way", "desk/which_way"] {
        let (code, document) = call(
            folder.path(),
            "answer.schema.json",
            &["answer", question, "park"],
        );
        assert_eq!(code, 0, "{document}");
    }
    let (code, document) = call(
        folder.path(),
        "answer.schema.json",
        &["answer", "what", "park"],
    );
    assert_eq!(
        (code, &document["errors"][0]["help"]),
        (2, &json!("asked are: desk/which_way"))
    );
    critique(folder.path(), &asking(), &json!({"critic": "another"}));
    keep();
    let (code, document) = call(
        folder.path(),
        "answer.schema.json",
        &["answer", "which_way", "stay", "desk.yaml"],
    );
    assert_eq!(
        (code, &document["data"]["new"]),
        (0, &json!(true)),
        "another critique asks another question: {document}"
    );

    // The same name in a second workflow has to be qualified.
    let second = folder.path().join(".spec/workflows/desk_two/v1");
    std::fs::create_dir_all(&second).expect("made");
    critique(folder.path(), &asking(), &json!({"workflow": "desk_two"}));
    std::fs::copy(
        folder.path().join("critique.json"),
        second.join("critique.json"),
    )
    .expect("copied");
    let (code, document) = call(
        folder.path(),
        "answer.schema.json",
        &["answer", "which_way", "stay"],
    );
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (2, &json!("TRIB-ANSWER-AMBIGUOUS"))
    );
    let (code, _) = call(
        folder.path(),
        "answer.schema.json",
        &["answer", "which_way", "stay", "--workflow", "desk_two"],
    );
    assert_eq!(code, 0);
}

#[test]
fn no_agent_answers_and_no_other_role_revises() {
    let folder = project(&asking());
    let with = |name: &str, value: &str, arguments: &[&str]| {
        let output = tribunal(folder.path())
            .args(arguments)
            .env(name, value)
            .output()
            .expect("it starts");
        output.status.code()
    };
    let answer = ["answer", "which_way", "park", "--with", "critique.json"];
    assert_eq!(with("SPEC_AGENT_ID", "a1", &answer), Some(8));
    assert_eq!(with("SPEC_ROLE", "planner", &answer), Some(8));
    assert_eq!(with("SPEC_ROLE", "critic", &REVISE), Some(8));
    assert_eq!(events(folder.path()), []);
    assert_eq!(with("SPEC_ROLE", "planner", &REVISE), Some(6));
    assert_eq!(with("SPEC_ROLE", "human", &answer), Some(0));
    std::fs::remove_dir_all(folder.path().join(".spec")).expect("gone");
    let (code, document) = call(folder.path(), "answer.schema.json", &answer);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (4, &json!("TRIB-ANSWER-PROJECT"))
    );
}

#[test]
fn a_version_that_another_content_holds_is_not_written() {
    let folder = project(&one());
    let taken: PathBuf = folder.path().join(".spec/workflows/desk/v2");
    std::fs::create_dir_all(&taken).expect("made");
    std::fs::write(taken.join("digest"), format!("{}\n", "1".repeat(64))).expect("written");
    let (code, document) = call(folder.path(), "revise.schema.json", &REVISE);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (9, &json!("TRIB-VERSION-TAKEN")),
        "{document}"
    );
    assert_eq!(read(folder.path()), TEXT);
    assert_eq!(events(folder.path()), []);
}

#[test]
fn what_the_rules_say_is_carried_out_and_a_critique_that_lies_about_its_report_is_not() {
    let folder = project(&one());
    std::fs::remove_file(folder.path().join("critique.json")).expect("gone");
    let output = run(
        folder.path(),
        &["critique", "desk.yaml", "--engine", "explore,z3"],
    );
    let kept = folder.path().join(".spec/workflows/desk/v1/critique.json");
    let said = std::fs::read_to_string(&kept).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    let mut critique: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(critique["decision"], "revise", "{critique}");
    let with = kept.display().to_string();

    critique["waiverProposals"] = json!([{"finding": "no_such_finding", "reason": "trust me"}]);
    std::fs::write(folder.path().join("lies.json"), critique.to_string()).expect("written");
    let lies = ["revise", "desk.yaml", "--with", "lies.json"];
    let (code, document) = call(folder.path(), "revise.schema.json", &lies);
    assert_eq!(code, 4, "{document}");
    let told = document["errors"][0]["code"].as_str().expect("a code");
    assert!(told.starts_with("TRIB-CRITIQUE-"), "{document}");
    assert_eq!(read(folder.path()), TEXT);

    let (mut code, mut document) = (6, Value::Null);
    for _ in 0..3 {
        let revise = ["revise", "desk.yaml", "--with", &with];
        (code, document) = call(folder.path(), "revise.schema.json", &revise);
        // Whatever is asked is answered with the first option, by the command that is printed.
        for q in document["data"]["questions"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let command = q["options"][0]["command"].as_str().expect("a command");
            let words: Vec<&str> = command.split(' ').skip(1).collect();
            assert_eq!(
                run(folder.path(), &words).status.code(),
                Some(0),
                "{command}"
            );
        }
        if code == 0 {
            break;
        }
    }
    assert_eq!(
        (code, &document["data"]["version"]),
        (0, &json!(2)),
        "{document}"
    );
    let text = read(folder.path());
    assert!(
        text.contains("failure: ["),
        "the missing way to a failed end is there: {text}"
    );
}
