//! The program as a user meets it: exit codes, the JSON document, what is printed, and that nothing is left behind.

mod hostile;
#[cfg(target_os = "linux")]
mod interrupt;
mod output;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

/// The built program, in a clean environment, started in `folder`.
pub fn tribunal(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tribunal"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in [
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "RUST_BACKTRACE",
        "TLA2TOOLS_JAR",
    ] {
        command.env_remove(name);
    }
    // Lean is slow and has tests of its own; elsewhere it is not there, whatever this machine has.
    command.env("TRIBUNAL_LEAN", NOWHERE);
    command.env("TRIBUNAL_LAKE", NOWHERE);
    command
}

/// A path at which nothing is.
pub const NOWHERE: &str = "/nonexistent/lean";

/// Who runs the tests, by the system's word.
pub fn user() -> String {
    let output = Command::new("id").arg("-un").output().expect("id");
    stdout(&output).trim().to_owned()
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    tribunal(folder)
        .args(arguments)
        .output()
        .expect("it starts")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Makes sure that a document fits a schema of `formal/schema`.
pub fn fits(document: &Json, schema: &str) {
    let path = root().join("formal/schema").join(schema);
    let schema: Json =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{document:#}: {errors:#?}");
}

/// The exit code of a run and its JSON document, which must fit the command's schema and say the same code.
pub fn json(folder: &Path, schema: &str, arguments: &[&str]) -> (i32, Json) {
    let output = run(folder, &[arguments, &["--json"]].concat());
    let code = output.status.code().expect("it ends by itself");
    let document: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        panic!(
            "{arguments:?}: {e}: {}",
            String::from_utf8_lossy(&output.stdout)
        )
    });
    fits(&document, schema);
    assert_eq!(document["exit"], code, "{arguments:?}");
    assert_eq!(document["ok"], code == 0, "{arguments:?}");
    assert_eq!(document["tribunal"], env!("CARGO_PKG_VERSION"));
    (code, document)
}

const V1: &str = "formal/spec_impl.v1.yaml";
const V2: &str = "formal/spec_impl.v2.yaml";
const FAST: &str = "--engine=explore";

fn codes(document: &Json) -> Vec<&str> {
    document["errors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|e| e["code"].as_str().expect("a code"))
        .collect()
}

#[test]
fn every_way_to_end_has_its_exit_code_and_document() {
    let folder = tempfile::tempdir().expect("a directory");
    let here = folder.path();
    let root = root();
    let report = "report.schema.json";
    assert_eq!(json(&root, report, &["verify", V2, FAST]).0, 0);
    assert_eq!(json(&root, report, &["verify", V1, FAST]).0, 1);
    assert_eq!(
        json(&root, report, &["verify", V2, "--engine", "lean"]).0,
        5
    );
    let (code, document) = json(&root, report, &["verify", V2, "--engine=prolog"]);
    assert_eq!((code, codes(&document)), (2, vec!["TRIB-USAGE"]));
    let (code, document) = json(
        &root,
        report,
        &["verify", V2, "--property", "can_always_ed"],
    );
    assert_eq!((code, codes(&document)), (2, vec!["TRIB-NO-PROPERTY"]));
    assert!(
        document["errors"][0]["message"]
            .as_str()
            .expect("text")
            .contains("`can_always_end`")
    );
    let (code, document) = json(here, report, &["verify", "missing.yaml"]);
    assert_eq!((code, codes(&document)), (4, vec!["TRIB-FILE-READ"]));
    std::fs::write(here.join("bad.yaml"), "workflow_id: [\n").expect("written");
    let (code, document) = json(here, report, &["verify", "bad.yaml"]);
    assert_eq!(code, 4);
    assert_eq!(document["data"], Json::Null);
    // A warning alone is exit 0, unless warnings are denied.
    std::fs::copy(
        root.join("tests/corpus/findings/missing_reject_path.yaml"),
        here.join("w.yaml"),
    )
    .expect("copied");
    let (code, document) = json(here, report, &["verify", "w.yaml", FAST]);
    assert_eq!(
        (code, &document["data"]["verdict"]),
        (0, &Json::from("warnings"))
    );
    assert_eq!(
        json(
            here,
            report,
            &["verify", "w.yaml", FAST, "--deny", "warning"]
        )
        .0,
        1
    );
    // Of several files the strongest code counts, and each has its place in the data.
    let (code, document) = json(&root, report, &["verify", V1, V2, FAST]);
    assert_eq!(code, 1);
    assert_eq!(document["data"].as_array().expect("a list").len(), 2);
    let (code, document) = json(here, report, &["verify", "w.yaml", "bad.yaml", FAST]);
    assert_eq!((code, &document["data"][1]), (4, &Json::Null));
    assert_eq!(document["data"][0]["verdict"], "warnings");
}

#[test]
fn every_command_prints_one_document_that_fits_its_schema() {
    let folder = tempfile::tempdir().expect("a directory");
    let root = root();
    assert_eq!(json(&root, "check.schema.json", &["check", V1]).0, 1);
    assert_eq!(
        json(
            &root,
            "check.schema.json",
            &["check", V2, "formal/policy.yaml"]
        )
        .0,
        0
    );
    assert_eq!(
        json(&root, "lower.schema.json", &["lower", V1, "--to", "json"]).0,
        0
    );
    assert_eq!(
        json(
            &root,
            "simulate.schema.json",
            &["simulate", V2, "--random", "5"]
        )
        .0,
        0
    );
    assert_eq!(json(&root, "simulate.schema.json", &["simulate", V2]).0, 2);
    assert_eq!(
        json(&root, "explain.schema.json", &["explain", "deadlock"]).0,
        0
    );
    assert_eq!(json(&root, "explain.schema.json", &["explain"]).0, 0);
    assert_eq!(
        json(&root, "explain.schema.json", &["explain", "deadlok"]).0,
        2
    );
    assert_eq!(json(&root, "doctor.schema.json", &["doctor"]).0, 0);
    assert_eq!(
        json(&root, "completions.schema.json", &["completions", "bash"]).0,
        0
    );
    assert_eq!(json(folder.path(), "init.schema.json", &["init"]).0, 0);
    assert_eq!(
        json(folder.path(), "report.schema.json", &["frobnicate"]).0,
        2
    );
}

#[test]
fn a_run_of_the_report_can_be_replayed_step_by_step() {
    let folder = tempfile::tempdir().expect("a directory");
    let root = root();
    let (_, document) = json(&root, "report.schema.json", &["verify", V1, FAST]);
    let path = folder.path().join("report.json");
    std::fs::write(&path, document.to_string()).expect("written");
    let path = path.to_str().expect("UTF-8");
    let (code, replayed) = json(
        &root,
        "simulate.schema.json",
        &["simulate", V1, "--trace", path],
    );
    assert_eq!(
        (code, &replayed["data"]["end"]),
        (0, &Json::from("deadlock"))
    );
    let shown = document["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|f| f["kind"] == "deadlock")
        .expect("one");
    assert_eq!(replayed["data"]["trace"], shown["trace"]);
    // The same run is none of the next version.
    let (code, refused) = json(
        &root,
        "simulate.schema.json",
        &["simulate", V2, "--trace", path],
    );
    assert_eq!((code, codes(&refused)), (4, vec!["TRIB-TRACE"]));
}

#[test]
fn init_writes_what_is_missing_and_nothing_twice() {
    let folder = tempfile::tempdir().expect("a directory");
    let here = folder.path();
    std::fs::write(here.join(".gitignore"), "mine").expect("written");
    let (_, first) = json(here, "init.schema.json", &["init"]);
    assert_eq!(
        first["data"]["written"].as_array().expect("a list").len(),
        4
    );
    let ignored = std::fs::read_to_string(here.join(".gitignore")).expect("there");
    assert_eq!(ignored, "mine\n/.spec/cache/\n");
    std::fs::write(here.join("workflows/example.yaml"), "mine").expect("written");
    let (_, second) = json(here, "init.schema.json", &["init"]);
    assert_eq!(second["data"]["written"], serde_json::json!([]));
    assert_eq!(
        std::fs::read_to_string(here.join("workflows/example.yaml")).expect("there"),
        "mine"
    );
    assert_eq!(
        std::fs::read_to_string(here.join(".gitignore")).expect("there"),
        ignored
    );
}

#[test]
fn the_example_of_init_is_clean_and_kept_in_the_project() {
    let folder = tempfile::tempdir().expect("a directory");
    let here = folder.path();
    run(here, &["init"]);
    let below = here.join("workflows");
    let (code, document) = json(
        &below,
        "report.schema.json",
        &["verify", "example.yaml", "--engine", "explore,z3"],
    );
    assert_eq!(
        (code, &document["data"]["verdict"]),
        (0, &Json::from("clean"))
    );
    let kept = here.join(".spec/workflows/example/v1");
    let frozen = std::fs::read_to_string(kept.join("workflow.yaml")).expect("frozen");
    assert_eq!(
        frozen,
        std::fs::read_to_string(below.join("example.yaml")).expect("there")
    );
    let report: Json =
        serde_json::from_str(&std::fs::read_to_string(kept.join("report.json")).expect("kept"))
            .expect("JSON");
    assert_eq!(report["data"]["digest"], document["data"]["digest"]);
    assert!(kept.join("commands.txt").exists());
    // Another content under the same version is a conflict, and what is kept stays.
    let changed = frozen.replace("rounds < 2", "rounds < 1");
    std::fs::write(below.join("example.yaml"), &changed).expect("written");
    let (code, refused) = json(
        &below,
        "report.schema.json",
        &["verify", "example.yaml", FAST],
    );
    assert_eq!((code, codes(&refused)), (9, vec!["TRIB-VERSION-TAKEN"]));
    assert!(
        refused["errors"][0]["message"]
            .as_str()
            .expect("text")
            .contains("raise `version:` to 2")
    );
    assert_eq!(
        std::fs::read_to_string(kept.join("workflow.yaml")).expect("there"),
        frozen
    );
    let raised = changed.replace(
        "workflow_id: example\n",
        "workflow_id: example\nversion: 2\n",
    );
    std::fs::write(below.join("example.yaml"), raised).expect("written");
    assert_eq!(
        json(
            &below,
            "report.schema.json",
            &["verify", "example.yaml", FAST]
        )
        .0,
        0
    );
    assert!(
        here.join(".spec/workflows/example/v2/workflow.yaml")
            .exists()
    );
}

#[test]
fn a_project_with_unknown_settings_is_refused_and_its_engines_are_asked() {
    let folder = tempfile::tempdir().expect("a directory");
    let here = folder.path();
    run(here, &["init"]);
    let file = "workflows/example.yaml";
    std::fs::write(here.join(".spec/config.json"), r#"{"engins": ["z3"]}"#).expect("written");
    let (code, document) = json(here, "report.schema.json", &["verify", file]);
    assert_eq!((code, codes(&document)), (4, vec!["TRIB-CONFIG"]));
    assert!(
        document["errors"][0]["message"]
            .as_str()
            .expect("text")
            .contains("engins")
    );
    std::fs::write(
        here.join(".spec/config.json"),
        r#"{"engines": ["explore"]}"#,
    )
    .expect("written");
    let (code, document) = json(here, "report.schema.json", &["verify", file]);
    let engines: Vec<&str> = document["data"]["engines"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|e| e["engine"].as_str())
        .collect();
    assert_eq!((code, engines), (0, vec!["explore"]));
}

#[test]
fn workflows_that_refine_each_other_in_a_circle_are_refused() {
    let folder = tempfile::tempdir().expect("a directory");
    let text = |id: &str, other: &str| {
        format!(
            "workflow_id: {id}\ngoal: Circle\nactors: [A]\nstates: [S]\nterminal: none\nrefines: {{workflow: {other}.yaml, map: \
             {{state: S}}}}\ntransitions:\n  - {{id: t, from: S, actor: A}}\n"
        )
    };
    std::fs::write(folder.path().join("a.yaml"), text("a", "b")).expect("written");
    std::fs::write(folder.path().join("b.yaml"), text("b", "a")).expect("written");
    let (code, document) = json(folder.path(), "check.schema.json", &["check", "a.yaml"]);
    assert_eq!((code, codes(&document)), (4, vec!["TRIB-REFINES-CYCLE"]));
    assert_eq!(document["errors"][0]["spans"][0]["file"], "b.yaml");
}

#[test]
fn one_property_can_be_judged_alone() {
    let (code, document) = json(
        &root(),
        "report.schema.json",
        &["verify", V1, FAST, "--property", "deadlock"],
    );
    assert_eq!(code, 1);
    let ids: Vec<&str> = document["data"]["properties"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|p| p["id"].as_str())
        .collect();
    assert_eq!(ids, ["deadlock"]);
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let mut child = tribunal(&root())
        .args(["explain"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_workflows_own_policy_is_judged_together_with_the_one_that_holds() {
    let folder = tempfile::tempdir().expect("a directory");
    let text = "workflow_id: w
goal: Own policy
actors: [A]
states: [S, T]
terminal: {success: [T], failure: []}
transitions:
  - {id: go, from: S, to: T, actor: A}
policy:
  rules:
    - {id: only_blocking, action: approve, effect: require, when: \"blocking > 0\", reason: \"odd\"}
";
    std::fs::write(folder.path().join("w.yaml"), text).expect("written");
    let (code, document) = json(
        folder.path(),
        "report.schema.json",
        &["verify", "w.yaml", FAST],
    );
    assert_eq!(code, 1);
    let found = &document["findings"][0];
    assert_eq!(found["kind"], "policy_contradiction");
    let files: Vec<&str> = found["spans"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|s| s["file"].as_str())
        .collect();
    assert!(
        files.contains(&"w.yaml") && files.contains(&"the built-in policy"),
        "{files:?}"
    );
    // The project's policy takes the built-in one's place, and its errors are told.
    run(folder.path(), &["init"]);
    let own = folder.path().join(".spec/policy.yaml");
    std::fs::write(
        &own,
        "rules:\n  - {id: x, action: approve, effect: permit, when: \"blocking > 0\"}\n",
    )
    .expect("written");
    let (_, document) = json(
        folder.path(),
        "report.schema.json",
        &["verify", "w.yaml", FAST],
    );
    let kinds: Vec<&str> = document["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|f| f["kind"].as_str())
        .collect();
    assert!(!kinds.contains(&"policy_contradiction"), "{kinds:?}");
    std::fs::write(&own, "rules: [").expect("written");
    let (code, document) = json(
        folder.path(),
        "report.schema.json",
        &["verify", "w.yaml", FAST],
    );
    assert_eq!((code, &document["data"]), (4, &Json::Null));
}

#[test]
fn a_missing_engine_names_what_is_lost_and_how_to_get_it() {
    let mut command = tribunal(&root());
    command
        .args(["verify", V1, "--engine=explore,tlc", "--json"])
        .env("TLA2TOOLS_JAR", "missing.jar");
    let output = command.output().expect("it starts");
    // What blocks goes before what is missing.
    assert_eq!(output.status.code(), Some(1));
    let document: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let engine = document["data"]["engines"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|e| e["engine"] == "tlc")
        .expect("tlc");
    assert_eq!(engine["available"], false);
    assert!(
        engine["reason"]
            .as_str()
            .expect("a reason")
            .contains("TLA2TOOLS_JAR"),
        "{engine}"
    );
    let rows = document["data"]["properties"].as_array().expect("a list");
    assert!(
        rows.iter().all(|p| p["verdict"] != "holds"),
        "a needed engine is missing"
    );
    let mut command = tribunal(&root());
    command
        .args(["verify", V2, "--engine=explore,tlc"])
        .env("TLA2TOOLS_JAR", "missing.jar");
    let output = command.output().expect("it starts");
    assert_eq!(output.status.code(), Some(5));
    let words: Vec<String> = stdout(&output)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    assert!(
        words
            .join(" ")
            .contains("exhaustive by one instead of by two"),
        "{words:?}"
    );
}
