//! validate.sh, with its list of steps replaced by small ones: what each outcome does to the lines and the exit code.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const STEPS: &str = r#"
steps=(good bad odd)
step_good() { figure "7 things"; }
step_bad() { echo "the reason"; false; echo "not reached"; }
step_odd() { skip "no tool"; }
"#;

fn validate(arguments: &[&str], ci: Option<&str>) -> Output {
    let project = tempfile::tempdir().expect("a directory");
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("validate.sh"))
        .expect("the script");
    let (head, tail) = source
        .split_once("# --- how steps are run")
        .expect("the mark between steps and runner");
    let script = project.path().join("a project/validate.sh");
    fs::create_dir(project.path().join("a project")).expect("made");
    fs::write(
        &script,
        format!("{head}{STEPS}# --- how steps are run{tail}"),
    )
    .expect("written");
    let mut command = Command::new("bash");
    command
        .arg(&script)
        .args(arguments)
        .current_dir("/")
        .env_remove("CI");
    if let Some(value) = ci {
        command.env("CI", value);
    }
    command.output().expect("bash runs")
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_step_has_its_line_and_a_failure_its_log() {
    let output = validate(&[], None);
    let lines = lines(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        lines[0].starts_with("PASS  good ") && lines[0].ends_with(" 7 things"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("FAIL  bad "), "{lines:?}");
    assert_eq!(lines[2], "    | the reason");
    assert!(
        lines[3].starts_with("SKIP  odd ") && lines[3].ends_with(" no tool"),
        "{lines:?}"
    );
    assert_eq!(lines[4], "1 passed, 1 failed, 1 skipped");
    assert_eq!(lines.len(), 5, "{lines:?}");
}

#[test]
fn a_skip_fails_when_strict_or_in_ci() {
    for (arguments, ci) in [
        (&["--strict", "--only", "odd"][..], None),
        (&["--only", "odd"][..], Some("true")),
    ] {
        let output = validate(arguments, ci);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            lines(&output).last().map(String::as_str),
            Some("0 passed, 1 failed, 0 skipped")
        );
    }
    let lenient = validate(&["--only", "odd"], None);
    assert_eq!(lenient.status.code(), Some(0));
    assert_eq!(
        lines(&lenient).last().map(String::as_str),
        Some("0 passed, 0 failed, 1 skipped")
    );
}

#[test]
fn only_runs_what_was_asked_for() {
    let output = validate(&["--only", "good"], None);
    assert_eq!((output.status.code(), lines(&output).len()), (Some(0), 2));
    assert_eq!(lines(&output)[1], "1 passed, 0 failed, 0 skipped");
}

#[test]
fn json_is_one_document_and_the_rest_goes_to_standard_error() {
    let output = validate(&["--json"], None);
    let document: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(
        (
            &document["passed"],
            &document["failed"],
            &document["skipped"]
        ),
        (&1.into(), &1.into(), &1.into())
    );
    let steps = document["steps"].as_array().expect("a list");
    let results: Vec<&str> = steps
        .iter()
        .map(|step| step["result"].as_str().expect("text"))
        .collect();
    assert_eq!(results, ["pass", "fail", "skip"]);
    assert_eq!(steps[0]["note"], "7 things");
    assert!(String::from_utf8_lossy(&output.stderr).ends_with("1 passed, 1 failed, 1 skipped\n"));
}

#[test]
fn a_wrong_call_runs_nothing() {
    for arguments in [
        &["--only", "bogus"][..],
        &["--only"][..],
        &["--frobnicate"][..],
    ] {
        let output = validate(arguments, None);
        assert_eq!(
            (output.status.code(), lines(&output).len()),
            (Some(2), 0),
            "{arguments:?}"
        );
    }
}

#[test]
fn every_listed_step_has_its_function() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("validate.sh");
    let source = fs::read_to_string(&script).expect("the script");
    let output = Command::new("bash")
        .arg(&script)
        .arg("--list")
        .output()
        .expect("bash runs");
    let listed = lines(&output);
    assert!(listed.contains(&"tests".to_owned()), "{listed:?}");
    for step in &listed {
        assert!(
            source.contains(&format!("\nstep_{step}() {{")),
            "no step_{step}"
        );
    }
    assert_eq!(
        source.matches("\nstep_").count(),
        listed.len(),
        "a step is not listed"
    );
}
