//! TLC as an engine, from outside: stubs of `java` for everything that can go wrong, and the real one for what is hard to state.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tribunal::check::{CheckedWorkflow, check};
use tribunal::engine::Request;
use tribunal::engine::tlc::{TlcOptions, run};
use tribunal::finding::{Answer, EngineState, Evidence, PropertyIx};
use tribunal::host::cancel::CancelToken;
use tribunal::host::tools::Tool;
use tribunal::ir::SourceId;
use tribunal::model::{System, desugar, replay};
use tribunal::syntax::parse_workflow;

use crate::tools::require;

pub fn checked(text: &str, refined: Option<&str>) -> CheckedWorkflow {
    let workflow = parse_workflow(SourceId(0), text)
        .expect("well-formed")
        .value;
    let refined = refined.map(|text| Arc::new(checked(text, None)));
    check(workflow, refined).expect("checked")
}

const LAMP: &str = r#"
workflow_id: lamp
goal: "A lamp that is pressed too often"
actors: [Human, Clock]
states: [Dark, Lit, Broken, Gone]
terminal: {success: [Gone], failure: []}
vars:
  presses: {type: int, range: [0, 2], init: 0}
refines:
  workflow: goal.yaml
  map: {state: "if state == Dark then Unlit else if state == Lit then Lit else Gone"}
transitions:
  - {id: press, actor: Human, from: [Dark, Lit], to: Lit, set: {presses: presses + 1}}
  - {id: release, actor: Human, from: Lit, to: Dark, fair: weak}
  - {id: break_it, actor: Clock, from: Lit, to: Broken, when: "presses == 2"}
  - {id: unplug, actor: Human, from: Dark, to: Gone, when: "presses > 0"}
properties:
  - {id: bounded, always: "presses <= 2"}
  - {id: never_dark, never: "state == Dark"}
  - {id: one_press, always: "presses <= 1"}
  - {id: pressed_dark, at: press, require: "state == Dark"}
  - {id: ends, eventually: terminal}
  - {id: goes_dark, leads_to: ["state == Lit and presses == 1", "state != Lit"]}
  - {id: gets_lit, infinitely_often: "state != Dark"}
  - {id: first, precedes: [release, unplug]}
"#;

const LAMP_GOAL: &str = r#"
workflow_id: light
goal: "A lamp that can be left on"
actors: [Human]
states: [Unlit, Lit, Gone]
terminal: {success: [Gone], failure: []}
transitions:
  - {id: press, actor: Human, from: [Unlit, Lit], to: Lit}
  - {id: unplug, actor: Human, from: Lit, to: Gone}
"#;

fn lamp() -> System {
    desugar(&checked(LAMP, Some(LAMP_GOAL)))
}

/// A `java` that is this shell script.
struct Stub {
    folder: tempfile::TempDir,
}

impl Stub {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let java = folder.path().join("java");
        std::fs::write(&java, format!("#!/bin/sh\n{script}\n")).expect("written");
        std::fs::set_permissions(&java, std::fs::Permissions::from_mode(0o755)).expect("set");
        std::fs::write(folder.path().join("tla2tools.jar"), "not a jar").expect("written");
        Self { folder }
    }

    /// Prints a recorded transcript and exits so.
    fn replaying(name: &str, exit: i32) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/transcripts/tlc")
            .join(name)
            .with_extension("txt");
        Self::new(&format!("cat '{}'; exit {exit}", file.display()))
    }

    fn options(&self) -> TlcOptions {
        TlcOptions {
            java: Some(self.folder.path().join("java")),
            jar: Some(self.folder.path().join("tla2tools.jar")),
            workers: 1,
            expected_states: None,
            cache: None,
        }
    }

    fn ask(&self, ids: &[&str]) -> (System, Evidence) {
        let system = lamp();
        let evidence = ask(
            &system,
            &self.options(),
            ids,
            Duration::from_secs(30),
            &CancelToken::new(),
        );
        (system, evidence)
    }
}

fn ask(
    system: &System,
    options: &TlcOptions,
    ids: &[&str],
    deadline: Duration,
    cancel: &CancelToken,
) -> Evidence {
    let asked = |id: &String| ids.is_empty() || ids.contains(&id.as_str());
    let properties: Vec<PropertyIx> = system
        .properties()
        .filter(|(_, p)| asked(&p.id))
        .map(|(ix, _)| ix)
        .collect();
    run(
        &Request {
            system,
            properties: &properties,
            deadline,
            cancel: cancel.clone(),
            artifacts: None,
            progress: &|_| {},
        },
        options,
    )
}

fn answer<'e>(system: &System, evidence: &'e Evidence, id: &str) -> &'e Answer {
    let at = system
        .properties
        .iter()
        .position(|p| p.id == id)
        .expect("a property");
    assert_eq!(
        evidence.answers.len(),
        system.properties.len(),
        "one answer each"
    );
    &evidence.answers[at].answer
}

/// No answer is a pass, and every property asked has this word.
fn all_are(system: &System, evidence: &Evidence, word: &str) {
    for (property, answer) in system.properties.iter().zip(&evidence.answers) {
        let expected = if property.form == "can_reach" {
            "not_asked"
        } else {
            word
        };
        assert_eq!(
            answer.answer.word(),
            expected,
            "{}: {answer:?}",
            property.id
        );
    }
}

#[test]
fn a_java_that_cannot_run_tlc_is_unavailable_and_says_why() {
    for (script, words) in [
        (
            "echo 'Exception in thread \"main\" java.lang.UnsupportedClassVersionError: tlc2/TLC' >&2; exit 1",
            "too old",
        ),
        (
            "echo 'Unrecognized option: -XX:x' >&2; echo 'Error: Could not create the Java Virtual Machine.' >&2; exit 1",
            "options",
        ),
        (
            "echo 'Error: Could not find or load main class tlc2.TLC' >&2; exit 1",
            "holds no TLC",
        ),
    ] {
        let (system, evidence) = Stub::new(script).ask(&[]);
        all_are(&system, &evidence, "unavailable");
        let EngineState::Unavailable(why) = &evidence.state else {
            panic!("{:?}", evidence.state);
        };
        assert!(why.contains(words), "{why}");
    }
}

#[test]
fn a_missing_java_or_jar_is_unavailable() {
    let stub = Stub::new("exit 0");
    let missing = Some(PathBuf::from("/nonexistent/file"));
    for options in [
        TlcOptions {
            java: missing.clone(),
            ..stub.options()
        },
        TlcOptions {
            jar: missing,
            ..stub.options()
        },
    ] {
        let system = lamp();
        let evidence = ask(
            &system,
            &options,
            &[],
            Duration::from_secs(30),
            &CancelToken::new(),
        );
        all_are(&system, &evidence, "unavailable");
    }
}

#[test]
fn rubbish_silence_and_sudden_death_are_errors() {
    for (script, words) in [
        (
            "echo 'All good. No errors found.'; exit 0",
            "not TLC's output",
        ),
        ("exit 0", "not TLC's output"),
        ("head -c 100000 /dev/urandom; exit 0", "not TLC's output"),
        ("kill -9 $$", "signal 9"),
        (
            "echo '@!@!@STARTMSG 2262:0 @!@!@'; echo 'TLC2 Version 9.99'; echo '@!@!@ENDMSG 2262 @!@!@'; exit 0",
            "does not say so",
        ),
        (
            "echo '@!@!@STARTMSG 2262:0 @!@!@'; echo 'TLC2 Version 9.99'; echo '@!@!@ENDMSG 2262 @!@!@'; kill -9 $$",
            "signal 9",
        ),
    ] {
        let (system, evidence) = Stub::new(script).ask(&[]);
        all_are(&system, &evidence, "error");
        let EngineState::Failed { why, .. } = &evidence.state else {
            panic!("{:?}", evidence.state);
        };
        assert!(why.contains(words), "{why}");
    }
}

#[test]
fn a_clean_run_of_other_checks_proves_nothing() {
    // The recording is of `bounded` alone.
    let stub = Stub::replaying("clean", 0);
    let (system, evidence) = stub.ask(&["bounded"]);
    assert_eq!(answer(&system, &evidence, "bounded").word(), "holds");
    for other in [&["deadlock"][..], &["bounded", "deadlock"]] {
        let (system, evidence) = stub.ask(other);
        for id in other {
            let Answer::Error(why) = answer(&system, &evidence, id) else {
                panic!("{id}: {evidence:?}");
            };
            assert!(why.contains("check"), "{why}");
        }
    }
    let (system, evidence) = Stub::replaying("clean", 1).ask(&["bounded"]);
    assert_eq!(answer(&system, &evidence, "bounded").word(), "error");
}

#[test]
fn a_violation_of_what_was_not_asked_or_that_does_not_fit_the_model_is_an_error() {
    let stub = Stub::replaying("invariant", 12);
    let (system, evidence) = stub.ask(&["deadlock"]);
    assert_eq!(answer(&system, &evidence, "deadlock").word(), "error");
    // The same state sequence, but the model knows no such step.
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts/tlc/invariant.txt");
    let script = format!(
        "sed 's/presses = 1/presses = 2/' '{}'; exit 12",
        file.display()
    );
    let (system, evidence) = Stub::new(&script).ask(&["one_press"]);
    let Answer::Error(why) = answer(&system, &evidence, "one_press") else {
        panic!("{evidence:?}");
    };
    assert!(why.contains("no transition makes step"), "{why}");
}

#[test]
fn a_check_that_is_violated_again_after_it_was_left_out_is_an_error() {
    // Always the same text: `one_press` is violated, whatever is asked; the second time it was not asked any more.
    let (system, evidence) = Stub::replaying("invariant", 12).ask(&["one_press", "bounded"]);
    assert_eq!(answer(&system, &evidence, "one_press").word(), "violated");
    assert_eq!(answer(&system, &evidence, "bounded").word(), "error");
}

#[test]
fn a_deadline_and_a_cancellation_end_the_whole_process_group() {
    let system = lamp();
    let stub = Stub::new("sleep 60 & echo $! > \"$(dirname \"$0\")/child\"; wait");
    let began = Instant::now();
    let evidence = ask(
        &system,
        &stub.options(),
        &[],
        Duration::from_millis(500),
        &CancelToken::new(),
    );
    assert!(began.elapsed() < Duration::from_secs(20));
    all_are(&system, &evidence, "unknown");
    assert_eq!(
        *answer(&system, &evidence, "bounded"),
        Answer::Unknown("deadline".to_owned())
    );
    let child = std::fs::read_to_string(stub.folder.path().join("child")).expect("a child");
    assert!(!alive(child.trim()), "the stub's child runs on");

    let cancelled = CancelToken::new();
    cancelled.cancel();
    let evidence = ask(
        &system,
        &stub.options(),
        &[],
        Duration::from_secs(60),
        &cancelled,
    );
    assert_eq!(
        *answer(&system, &evidence, "ends"),
        Answer::Unknown("cancelled".to_owned())
    );
    all_are(&system, &evidence, "unknown");
}

/// Whether a process is there and not merely waiting to be reaped.
fn alive(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        !stat
            .rsplit(')')
            .next()
            .is_some_and(|rest| rest.trim_start().starts_with('Z'))
    })
}

/// The real TLC, where there is one.
fn real() -> Option<TlcOptions> {
    Some(TlcOptions {
        java: Some(require(Tool::Java)?),
        jar: Some(require(Tool::TlcJar)?),
        workers: 2,
        expected_states: None,
        cache: None,
    })
}

#[test]
fn the_real_tlc_answers_every_property_of_a_lamp() {
    let Some(options) = real() else { return };
    let system = lamp();
    let kept = tempfile::tempdir().expect("a directory");
    let all: Vec<PropertyIx> = system
        .properties()
        .filter(|(_, p)| p.id != "one_press")
        .map(|(ix, _)| ix)
        .collect();
    let evidence = run(
        &Request {
            system: &system,
            properties: &all,
            deadline: Duration::from_secs(120),
            cancel: CancelToken::new(),
            artifacts: Some(kept.path()),
            progress: &|_| {},
        },
        &options,
    );
    let violated = [
        "never_dark",
        "pressed_dark",
        "ends",
        "gets_lit",
        "in_range",
        "deadlock",
        "refines",
    ];
    for (property, given) in system.properties.iter().zip(&evidence.answers) {
        let expected = if property.form == "can_reach" || property.id == "one_press" {
            "not_asked"
        } else if violated.contains(&property.id.as_str()) {
            "violated"
        } else {
            "holds"
        };
        assert_eq!(given.answer.word(), expected, "{}: {given:?}", property.id);
        if let Answer::Violated {
            trace: Some(trace), ..
        } = &given.answer
        {
            replay(&system, given.property, trace).expect("replays");
        }
    }
    assert_eq!(evidence.states.map(|s| s.distinct), Some(8));
    let version = match &evidence.state {
        EngineState::Ran { version } => version,
        other @ (EngineState::Unavailable(_) | EngineState::Failed { .. }) => panic!("{other:?}"),
    };
    assert!(version.starts_with("TLC"), "{version}");
    // The record: what was run, on what, and what it printed.
    assert!(
        evidence
            .commands
            .iter()
            .all(|c| c.starts_with("java ") && !c.contains(" /")),
        "{:?}",
        evidence.commands
    );
    for file in [
        "lamp.tla",
        "lamp_check.tla",
        "lamp_refined.tla",
        "lamp_safety.cfg",
        "lamp_safety.out",
        "lamp_safety_2.cfg",
    ] {
        assert!(kept.path().join(file).is_file(), "{file}");
    }
    let names: Vec<String> = std::fs::read_dir(kept.path())
        .expect("there")
        .map(|e| {
            e.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert!(
        names
            .iter()
            .all(|n| n.ends_with(".tla") || n.ends_with(".cfg") || n.ends_with(".out")),
        "{names:?}"
    );
}

#[test]
fn more_violations_than_runs_mask_the_rest() {
    let Some(options) = real() else { return };
    let system = lamp();
    let evidence = ask(
        &system,
        &options,
        &[
            "bounded",
            "never_dark",
            "one_press",
            "pressed_dark",
            "in_range",
            "deadlock",
            "refines",
            "state:Gone",
        ],
        Duration::from_secs(120),
        &CancelToken::new(),
    );
    // Six are violated, and each run finds one.
    for id in [
        "never_dark",
        "one_press",
        "pressed_dark",
        "in_range",
        "deadlock",
        "refines",
    ] {
        assert_eq!(answer(&system, &evidence, id).word(), "violated", "{id}");
    }
    let Answer::Unknown(why) = answer(&system, &evidence, "bounded") else {
        panic!("{evidence:?}");
    };
    assert!(why.starts_with("masked"), "{why}");
    assert_eq!(answer(&system, &evidence, "state:Gone").word(), "holds");
    assert_eq!(evidence.commands.len(), 7);
}

#[test]
fn a_file_that_is_no_jar_is_told_from_tlc() {
    let Some(options) = real() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    let jar = folder.path().join("tla2tools.jar");
    std::fs::write(&jar, "not a jar").expect("written");
    let system = lamp();
    let options = TlcOptions {
        jar: Some(jar),
        ..options
    };
    let evidence = ask(
        &system,
        &options,
        &["bounded"],
        Duration::from_secs(60),
        &CancelToken::new(),
    );
    let Answer::Unavailable(why) = answer(&system, &evidence, "bounded") else {
        panic!("{evidence:?}");
    };
    assert!(why.contains("holds no TLC"), "{why}");
}

#[test]
fn a_damaged_archive_of_classes_is_thrown_away() {
    let Some(options) = real() else { return };
    let cache = tempfile::tempdir().expect("a directory");
    let options = TlcOptions {
        cache: Some(cache.path().to_owned()),
        ..options
    };
    let system = lamp();
    let archive = || {
        let mut all: Vec<PathBuf> = std::fs::read_dir(cache.path().join("tlc"))
            .map(|d| d.map(|e| e.expect("an entry").path()).collect())
            .unwrap_or_default();
        assert!(all.len() <= 1, "{all:?}");
        all.pop()
    };
    let bounded = || {
        let evidence = ask(
            &system,
            &options,
            &["bounded"],
            Duration::from_secs(60),
            &CancelToken::new(),
        );
        answer(&system, &evidence, "bounded").word()
    };
    assert_eq!(bounded(), "holds");
    let file = archive().expect("the first run makes it");
    assert_eq!(bounded(), "holds");
    // Of the right length, and nonsense behind its head.
    let mut bytes = std::fs::read(&file).expect("read");
    let length = bytes.len();
    for byte in &mut bytes[5_000..length] {
        *byte = byte.wrapping_add(77);
    }
    let mut permissions = std::fs::metadata(&file).expect("there").permissions();
    permissions.set_mode(0o644);
    std::fs::set_permissions(&file, permissions).expect("set");
    std::fs::write(&file, bytes).expect("written");
    assert_eq!(bounded(), "holds");
}
