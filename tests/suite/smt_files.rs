//! The SMT-LIB files say to the `z3` program what they say to the embedded solver, and keep their form.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tribunal::check::load_str;
use tribunal::engine::z3::{Z3Options, answered, run};
use tribunal::engine::{Progress, Request};
use tribunal::finding::PropertyIx;
use tribunal::host::cancel::CancelToken;
use tribunal::lower::smt::files;
use tribunal::lower::smt::script::{Item, Sat, Script};
use tribunal::model::{System, desugar};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn system(file: &str) -> System {
    let text = std::fs::read_to_string(root().join(file)).expect("readable");
    desugar(&load_str(&text).unwrap_or_else(|e| panic!("{file}: {e:?}")))
}

/// What the `z3` program prints for a file: one line an answer, and an error where a recorded answer is not its own.
fn z3(file: &Path) -> (Vec<String>, bool) {
    let program = root().join(".venv/bin/z3");
    let out = Command::new(&program)
        .arg(file)
        .output()
        .unwrap_or_else(|e| panic!("{}: {e}; run ./tribunal once", program.display()));
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    let lines = text.lines().map(str::to_owned).collect();
    (lines, out.status.success())
}

fn recorded(script: &Script) -> Vec<String> {
    script
        .items
        .iter()
        .filter_map(|i| match i {
            Item::Check(c) => Some(c.answer.expect("answered").word().to_owned()),
            Item::Comment(_) | Item::Declare(..) | Item::Define(..) | Item::Assert(_) => None,
        })
        .collect()
}

const SOME: [&str; 5] = [
    "tests/corpus/loan.broken.yaml",
    "tests/corpus/vending_machine.yaml",
    "tests/corpus/vending_machine.broken.yaml",
    "tests/corpus/findings/guard_never_true.yaml",
    "formal/spec_impl.v1.yaml",
];

#[test]
fn the_program_answers_every_file_as_the_embedded_solver_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seen = BTreeSet::new();
    for file in SOME {
        for f in files(&system(file)) {
            let script = answered(&f.script, Duration::from_secs(60), &CancelToken::new())
                .unwrap_or_else(|e| panic!("{file} {}: {e}", f.name));
            let path = folder.path().join(&f.name);
            std::fs::write(&path, f.script.print()).expect("written");
            let (lines, fine) = z3(&path);
            assert!(fine, "{file} {}: {lines:?}", f.name);
            assert_eq!(lines, recorded(&script), "{file} {}", f.name);
            seen.extend(lines.iter().cloned());
            assert!(
                lines.iter().all(|l| l == "sat" || l == "unsat"),
                "{file} {}: {lines:?}",
                f.name
            );
        }
    }
    assert_eq!(seen.len(), 2, "both answers occur: {seen:?}");
}

#[test]
fn what_a_run_keeps_is_confirmed_by_the_program() {
    let system = system("tests/corpus/vending_machine.broken.yaml");
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let request = Request {
        system: &system,
        properties: &all,
        deadline: Duration::from_secs(60),
        cancel: CancelToken::new(),
        artifacts: Some(folder.path()),
        progress: &|_: Progress| {},
    };
    let evidence = run(&request, &Z3Options::default());
    assert_eq!(evidence.answers.len(), system.properties.len());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.path()).expect("kept") {
        let path = entry.expect("an entry").path();
        let (lines, fine) = z3(&path);
        assert!(fine, "{}: {lines:?}", path.display());
        names.push(
            path.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
        );
    }
    names.sort();
    assert!(
        ["z3-guards.smt2", "z3-induction-1.smt2", "z3-search.smt2"]
            .iter()
            .all(|n| names.iter().any(|m| m == n)),
        "{names:?}"
    );
}

#[test]
fn a_recorded_answer_that_is_wrong_is_noticed_by_the_program() {
    let f = files(&system("tests/corpus/findings/guard_never_true.yaml")).remove(0);
    let mut script =
        answered(&f.script, Duration::from_secs(60), &CancelToken::new()).expect("answered");
    let check = script.items.iter_mut().find_map(|i| match i {
        Item::Check(c) => Some(c),
        Item::Comment(_) | Item::Declare(..) | Item::Define(..) | Item::Assert(_) => None,
    });
    let check = check.expect("a question");
    check.answer = Some(match check.answer {
        Some(Sat::Sat) => Sat::Unsat,
        Some(Sat::Unsat | Sat::Unknown) | None => Sat::Sat,
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wrong.smt2");
    std::fs::write(&path, script.print()).expect("written");
    let (lines, fine) = z3(&path);
    assert!(
        !fine || lines.iter().any(|l| l.contains("error")),
        "{lines:?}"
    );
}

#[test]
fn the_files_keep_their_form() {
    let text = "\
workflow_id: tiny
goal: \"Show the form\"
actors: [let, Human]
states: [assert, Done]
terminal: {success: [Done], failure: []}
artifacts: [plan]
evidence: {check_sat: {of: [plan], fields: {mark: {type: int, range: [1, 3]}, ok: {type: bool}}}}
vars:
  not_: {type: int, range: [0, 2], init: 0}
  mode: {type: enum, values: [idle, exit, push], init: any}
transitions:
  - id: define
    actor: let
    from: assert
    choose: {m: {type: int, range: [1, 3]}}
    when: \"not fresh(check_sat) and m > not_\"
    set: {not_: not_ + 1}
    record: {check_sat: {mark: m, ok: \"mode != idle\"}}
  - {id: xor, actor: Human, from: assert, to: Done, when: \"check_sat.mark == 2 and check_sat.ok\"}
  - {id: edit, actor: Human, from: assert, bump: [plan]}
properties:
  - {id: always_, always: \"not_ <= 2\"}
  - {id: before, precedes: [define, xor]}
";
    let system = desugar(&load_str(text).expect("a workflow"));
    for f in files(&system) {
        let mut text = f.script.print();
        if f.name == "search.smt2" {
            // The later frames are the first again.
            let end = text.find("; frame 2").expect("a second step");
            text.truncate(end);
        }
        insta::assert_snapshot!(f.name.as_str(), text);
    }
}
