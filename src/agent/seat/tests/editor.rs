//! A person at an editor, which is a shell script here.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::agent::seat::editor::Editor;
use crate::host::user;

/// An editor that runs these scripts, one after the other, with `$1` as the file; and what the person was told.
struct Desk {
    editor: Editor,
    told: Arc<Mutex<Vec<String>>>,
    _room: tempfile::TempDir,
}

fn desk(scripts: &[String]) -> Desk {
    let room = tempfile::tempdir().expect("a directory");
    for (n, script) in scripts.iter().enumerate() {
        std::fs::write(room.path().join(format!("{n}.sh")), script).expect("written");
    }
    let here = room.path().display().to_string();
    let program =
        "n=$(cat \"$0/n\" 2>/dev/null || echo 0); echo $((n + 1)) > \"$0/n\"; . \"$0/$n.sh\"";
    let command = format!("sh -c '{program}' {here}");
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = told.clone();
    let again = move |text: &str| {
        heard.lock().expect("a lock").push(text.to_owned());
        true
    };
    let editor = Editor::named(&|_| Some(command.clone()), Box::new(again)).expect("an editor");
    Desk {
        editor,
        told,
        _room: room,
    }
}

fn write(text: &str) -> String {
    format!("cat > \"$1\" <<'END'\n{text}END\n")
}

fn told(told: &Mutex<Vec<String>>) -> Vec<String> {
    told.lock().expect("a lock").clone()
}

#[test]
fn a_person_mends_what_is_wrong_and_is_named_as_the_author() {
    let wrong = next().replace("to: Merged", "to: Nowhere");
    let desk = desk(&[write(&wrong), write(&next())]);
    let planner = EditorPlanner::new(desk.editor);
    assert_eq!(planner.name(), format!("person/{}", user::name()));
    let of = judged(TEXT);
    let critique = critique(&of);
    let made = done(planner.revise(
        &of.standing,
        &critique,
        &Answers::new(),
        &CancelToken::new(),
    ));
    let made = made.expect("a revision");
    assert_eq!((made.value, made.spend), (next(), Spend::default()));
    let told = told(&desk.told);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("line 14, column") && told[0].contains("Nowhere"),
        "{told:?}"
    );
}

#[test]
fn notes_show_the_critique_and_are_no_part_of_what_is_written() {
    let script = "grep -q '^#: I1: `Review` can become a dead end$' \"$1\" || exit 1\n\
                  sed -i 's/^workflow_id: w$/workflow_id: w\\nversion: 2/; s/^properties:$/  - {id: reject, actor: Boss, \
                  from: [Draft, Review], to: Rejected}\\nproperties:/' \"$1\"\n";
    let desk = desk(&[script.to_owned()]);
    let of = judged(TEXT);
    let critique = critique(&of);
    let planner = EditorPlanner::new(desk.editor);
    let made = done(planner.revise(
        &of.standing,
        &critique,
        &Answers::new(),
        &CancelToken::new(),
    ));
    assert_eq!(made.expect("a revision").value, next());
}

#[test]
fn a_file_that_comes_back_as_it_was_or_an_editor_that_fails_ends_it() {
    for (script, why) in [("true", "as it was"), ("exit 3", "ended with")] {
        let desk = desk(&[script.to_owned()]);
        let planner = EditorPlanner::new(desk.editor);
        let error = done(planner.propose(&wish(), &CancelToken::new())).expect_err("nothing");
        assert_eq!(error.sort, SeatFailure::Cancelled);
        assert!(error.why.contains(why), "{}", error.why);
        assert!(told(&desk.told).is_empty());
    }
    // Wrong first, then left as it is.
    let desk = desk(&[write("nonsense\n"), "true".to_owned()]);
    let planner = EditorPlanner::new(desk.editor);
    let error = done(planner.propose(&wish(), &CancelToken::new())).expect_err("nothing");
    assert_eq!(
        (error.sort, told(&desk.told).len()),
        (SeatFailure::Cancelled, 1)
    );
}

#[test]
fn a_goal_is_taken_from_the_hand_of_a_person() {
    let desk = desk(&[write(TEXT)]);
    let planner = EditorPlanner::new(desk.editor);
    let made = done(planner.propose(&wish(), &CancelToken::new())).expect("a workflow");
    assert_eq!(made.value[0].text, TEXT);
}

#[test]
fn a_persons_critique_is_admitted_like_any_other() {
    let mut lowers = verdict();
    lowers["issues"][0]["severity"] = json!("info");
    let script = |answer: &Value| write(&format!("{answer}\n"));
    let desk = desk(&[script(&lowers), script(&verdict())]);
    let critic = EditorCritic::new(desk.editor);
    let of = judged(TEXT);
    let made = done(critic.criticise(&of, &[], &CancelToken::new())).expect("a critique");
    let critique = made.value.critique;
    assert_eq!(critique.critic, format!("person/{}", user::name()));
    assert_eq!(
        (critique.digest, critique.report),
        (of.standing.digest, of.report.digest())
    );
    assert!(told(&desk.told)[0].contains("TRIB-CRITIQUE-SEVERITY"));
}

#[test]
fn the_form_of_a_critique_needs_only_changes_and_reasons() {
    // What the person does: give a reason and a change.
    let change = verdict()["recommendedChanges"]
        .to_string()
        .replace("\"answers\":[\"I1\"]", "\"answers\":[\"ISSUE-1\"]");
    let script = format!(
        "sed -i 's/\"reasoning\": \"\"/\"reasoning\": \"a way out\"/; s|\"recommendedChanges\": \\[\\]|\"recommendedChanges\": {change}|' \"$1\"\n"
    );
    let desk = desk(&[script]);
    let critic = EditorCritic::new(desk.editor);
    let made = done(critic.criticise(&judged(TEXT), &[], &CancelToken::new()));
    let made = made.unwrap_or_else(|error| panic!("{error}: {:?}", told(&desk.told)));
    let found: Vec<&[String]> = made
        .value
        .critique
        .issues
        .iter()
        .map(|i| i.findings.as_slice())
        .collect();
    assert_eq!(found, [["F-1".to_owned()], ["F-2".to_owned()]]);
}
