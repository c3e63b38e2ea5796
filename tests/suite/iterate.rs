//! The loop as a program: from the first version of the product's own workflow to one that waits for a person, without any
//! model; stopped anywhere and gone on with.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

const V1: &str = include_str!("../../formal/spec_impl.v1.yaml");

fn tribunal(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tribunal"));
    command
        .args(arguments)
        .current_dir(directory)
        .env_remove("SPEC_PROVIDER")
        .env_remove("SPEC_ROLE")
        .env_remove("SPEC_AGENT_ID")
        .stdin(Stdio::null());
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    tribunal(directory, arguments).output().expect("it starts")
}

fn data(output: &Output) -> Value {
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        panic!("{e}: {}", String::from_utf8_lossy(&output.stderr));
    });
    document["data"].clone()
}

fn project() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("w.yaml"), V1).expect("written");
    directory
}

const ITERATE: [&str; 5] = ["iterate", "w.yaml", "--engine", "explore,z3", "--json"];

#[test]
fn v1_comes_to_a_verified_version_that_waits_for_a_person() {
    let directory = project();
    let first = run(directory.path(), &ITERATE);
    assert_eq!(
        first.status.code(),
        Some(6),
        "{}",
        String::from_utf8_lossy(&first.stderr)
    );
    let ended = data(&first);
    assert_eq!(ended["state"], "approval");
    let rounds = ended["rounds"].as_array().expect("rounds");
    assert!((2..=4).contains(&rounds.len()), "{rounds:?}");
    assert_eq!(rounds[0]["decision"], "revise");
    let last = rounds.last().expect("a round");
    assert_eq!(
        (&last["verdict"], &last["decision"]),
        (&"clean".into(), &"accept".into())
    );
    assert_eq!(ended["spend"]["calls"], 0);
    // Nothing is left of it to do: the same command again changes nothing.
    let log = directory
        .path()
        .join(".spec/workflows/spec_impl_v1/messages.jsonl");
    let before = fs::read(&log).expect("a log");
    let second = run(directory.path(), &ITERATE);
    assert_eq!(second.status.code(), Some(6));
    assert_eq!(data(&second), ended);
    assert_eq!(fs::read(&log).expect("a log"), before);
    assert_eq!(
        fs::read_to_string(directory.path().join("w.yaml")).expect("the file"),
        V1,
        "the user's file is not touched"
    );
}

/// Each message of the finished run is cut off, with all after it, as a crash would; going on gives the same version.
#[test]
fn a_run_cut_off_after_any_message_is_gone_on_with() {
    let whole = project();
    let ended = data(&run(whole.path(), &ITERATE));
    let log = Path::new(".spec/workflows/spec_impl_v1/messages.jsonl");
    let text = fs::read_to_string(whole.path().join(log)).expect("a log");
    let messages = text.lines().count();
    assert!(messages >= 8, "{messages}");
    for kept in 1..messages {
        let cut: String = text.lines().take(kept).map(|l| format!("{l}\n")).collect();
        fs::write(whole.path().join(log), cut).expect("cut");
        let refused = run(whole.path(), &ITERATE);
        let resumed = [&ITERATE[..], &["--resume"]].concat();
        let output = run(whole.path(), &resumed);
        assert_eq!(
            output.status.code(),
            Some(6),
            "{kept}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let again = data(&output);
        for part in ["version", "digest", "state", "file"] {
            assert_eq!(again[part], ended[part], "{part} after {kept} messages");
        }
        // Without being told to go on it does not, unless nothing was left to do.
        assert!(
            [Some(9), Some(6)].contains(&refused.status.code()),
            "{kept}"
        );
    }
}

/// Kills a run after a while, lets another go on, and gives what that comes to.
fn killed_and_resumed(arguments: &[&str], moment: Duration) -> Value {
    let directory = project();
    let mut child = tribunal(directory.path(), arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    std::thread::sleep(moment);
    let _ = child.kill();
    let _ = child.wait();
    let output = run(directory.path(), &[arguments, &["--resume"]].concat());
    assert_eq!(
        output.status.code(),
        Some(6),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    data(&output)
}

/// The process is killed at moments spread over its whole run.
#[test]
fn a_run_that_is_killed_is_gone_on_with() {
    let wanted = data(&run(project().path(), &ITERATE));
    for moment in moments(25, 700) {
        let again = killed_and_resumed(&ITERATE, moment);
        for part in ["version", "digest", "state"] {
            assert_eq!(again[part], wanted[part], "{part}, killed after {moment:?}");
        }
    }
}

/// So many moments of a run, at random but the same every time.
fn moments(count: u64, within: u64) -> impl Iterator<Item = Duration> {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    (0..count).map(move |_| {
        seed ^= seed >> 12;
        seed ^= seed << 25;
        seed ^= seed >> 27;
        Duration::from_millis((seed >> 20) % within)
    })
}

/// The same with models: the version is the same, and nothing that was answered is asked again.
#[test]
fn a_run_with_models_that_is_killed_pays_for_no_answer_twice() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("formal/scripted.jsonl");
    let script = script.to_str().expect("a path");
    let goal = [
        "iterate",
        "Write and check a text",
        "--provider",
        "scripted",
        "--script",
        script,
    ];
    let rest = ["--engine", "explore,z3", "--json"];
    let arguments: Vec<&str> = goal.into_iter().chain(rest).collect();
    let wanted = data(&run(project().path(), &arguments));
    assert_eq!(wanted["spend"]["calls"], 4);
    for moment in moments(25, 500) {
        let again = killed_and_resumed(&arguments, moment);
        for part in ["version", "digest", "state"] {
            assert_eq!(again[part], wanted[part], "{part}, killed after {moment:?}");
        }
        assert!(
            again["spend"]["calls"].as_u64().is_some_and(|n| n <= 4),
            "{again}"
        );
    }
}

#[test]
fn what_cannot_be_iterated_says_why() {
    let directory = project();
    let path = directory.path();
    fs::write(path.join("broken.yaml"), "workflow_id: w\ngoal: 1\n").expect("written");
    for (arguments, exit, code) in [
        (&["iterate", "nowhere.yaml"][..], 4, "TRIB-ITERATE-FILE"),
        (&["iterate", "broken.yaml"], 4, "TRIB-"),
        (
            &["iterate", "a goal in plain words"],
            5,
            "TRIB-ITERATE-SEAT",
        ),
        (&["iterate", "w.yaml", "--budget", "usd=-1"], 2, "budget"),
        (&["iterate", "w.yaml", "--max-rounds", "4"], 2, "4"),
    ] {
        let output = run(path, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
        assert!(said.contains(code), "{arguments:?}: {said}");
    }
}

/// A message that somebody forges into the log, with a chain that fits, is found when the log is read.
#[test]
fn a_log_that_was_edited_does_not_run_on() {
    let directory = project();
    run(directory.path(), &ITERATE);
    let log = directory
        .path()
        .join(".spec/workflows/spec_impl_v1/messages.jsonl");
    let text = fs::read_to_string(&log).expect("a log");
    fs::write(&log, text.replacen("accept", "revise", 1)).expect("edited");
    let output = run(directory.path(), &ITERATE);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("TRIB-ITERATE-LOG"));
}
