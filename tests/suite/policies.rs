//! The embedded battery against `python/constraints.py`: another reader, another parser, another program to ask Z3. Both
//! answer every question about every policy of the project alike, cores and examples included.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tribunal::check::{CheckedPolicy, check_policy};
use tribunal::engine::z3::policy::battery;
use tribunal::finding::{FindingKind, Observation};
use tribunal::host::cancel::CancelToken;
use tribunal::ir::SourceId;
use tribunal::syntax::parse_policy;

use super::corpus::{corpus, files};
use super::tools::python;

/// What one reading says: by kind and subject, the core, and the ways in which it is unsafe.
type Said = BTreeMap<(String, String), (Vec<String>, BTreeSet<String>)>;

/// The words of the embedded engine for each case that must not be, with the name of the other reading for it.
const CASES: [(&str, &str); 4] = [
    ("blocking", "while a blocking finding is open"),
    ("person", "without a person"),
    ("version", "of another version than was checked"),
    ("author", "by the author"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn policies() -> Vec<PathBuf> {
    let mut all = vec![root().join("formal/policy.yaml")];
    all.extend(files(&corpus().join("findings")).into_iter().filter(|p| {
        let name = p.file_name().and_then(|n| n.to_str());
        name.is_some_and(|n| n.starts_with("policy_"))
    }));
    all
}

fn load(path: &Path) -> CheckedPolicy {
    let text = std::fs::read_to_string(path).expect("readable");
    let parsed = parse_policy(SourceId(0), &text).expect("well-formed");
    check_policy(&parsed.value).expect("well-typed")
}

fn embedded(observations: &[Observation]) -> Said {
    let mut said = Said::new();
    for o in observations {
        let core = o.core.iter().map(|c| c.name.clone()).collect();
        let is_unsafe = o.kind == FindingKind::PolicyUnsafe;
        let cases = CASES.iter().filter(|(_, words)| {
            is_unsafe && o.words.iter().any(|w| w.contains(&format!(" {words},")))
        });
        let cases = cases.map(|(name, _)| (*name).to_owned()).collect();
        let key = (o.kind.word().to_owned(), o.subject.name.clone());
        assert_eq!(said.insert(key, (core, cases)), None, "said twice: {o:?}");
    }
    said
}

fn text(value: &Json) -> String {
    value.as_str().expect("text").to_owned()
}

fn other(findings: &Json) -> Said {
    let all = findings.as_array().expect("a list").iter().map(|f| {
        let core = f["core"].as_array().expect("a list");
        let cases = f["cases"].as_object().map(|o| o.keys().cloned().collect());
        let key = (text(&f["kind"]), text(&f["subject"]));
        (
            key,
            (core.iter().map(text).collect(), cases.unwrap_or_default()),
        )
    });
    all.collect()
}

/// The answers to the questions about what must not be allowed, by the case and the action they are about.
fn leaks(questions: &Json) -> BTreeMap<String, bool> {
    let questions = questions.as_array().expect("a list");
    let all = questions
        .iter()
        .filter_map(|q| Some((text(&q["id"]), q["answer"].as_bool()?)));
    all.collect()
}

#[test]
fn both_readings_answer_every_question_alike() {
    let Some(python) = python() else { return };
    let paths = policies();
    let output = Command::new(python)
        .arg(root().join("python/constraints.py"))
        .arg("--json")
        .args(&paths)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    let judged: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let judged = judged.as_array().expect("a list");
    assert_eq!(judged.len(), paths.len());

    let mut kinds = BTreeSet::new();
    for (path, theirs) in paths.iter().zip(judged) {
        let observations = battery(&load(path), None, &CancelToken::new());
        let ours = embedded(&observations);
        assert_eq!(ours, other(&theirs["findings"]), "{}", path.display());
        for o in observations
            .iter()
            .filter(|o| o.kind == FindingKind::PolicyUnsafe)
        {
            // The same example, too: both look for the smallest inputs in one order.
            let finding = theirs["findings"].as_array().expect("a list").iter();
            let words: Vec<String> = finding
                .filter(|f| f["kind"] == "policy_unsafe" && f["subject"] == o.subject.name.as_str())
                .map(|f| text(&f["words"]))
                .collect();
            for said in o.words.iter().filter(|w| w.contains(", for instance: ")) {
                let example = said.split(", for instance: ").nth(1).expect("an example");
                let positive: Vec<&str> = example
                    .split(", ")
                    .filter(|part| !part.ends_with(" = 0") && !part.starts_with("not "))
                    .collect();
                assert!(words[0].contains(&positive.join(", ")), "{said} {words:?}");
            }
        }
        questions_agree(&ours, &leaks(&theirs["questions"]), path);
        kinds.extend(ours.into_keys().map(|(kind, _)| kind));
    }
    assert_eq!(kinds.len(), 6, "some finding never occurred: {kinds:?}");
}

/// Each question that people ask and the battery answers too has the battery's answer.
fn questions_agree(ours: &Said, asked: &BTreeMap<String, bool>, path: &Path) {
    let has = |kind: &str, action: &str| ours.contains_key(&(kind.to_owned(), action.to_owned()));
    let leak = |case: &str, action: &str| {
        let key = ("policy_unsafe".to_owned(), action.to_owned());
        ours.get(&key)
            .is_some_and(|(_, cases)| cases.contains(case))
    };
    let impossible = has("policy_never_allows", "approve")
        || has("policy_contradiction", "approve")
        || load(path)
            .rules
            .iter()
            .all(|r| r.action.word() != "approve");
    let mut wanted = vec![("approval_satisfiable".to_owned(), !impossible)];
    for action in ["approve", "implement", "build", "release"] {
        for (name, case) in [
            ("stale", "version"),
            ("blocking", "blocking"),
            ("unreviewed", "person"),
            ("own", "author"),
        ] {
            wanted.push((format!("{name}_{action}"), leak(case, action)));
        }
    }
    for (name, case) in [
        ("waiver_person", "person"),
        ("waiver_author", "author"),
        ("waiver_version", "version"),
    ] {
        wanted.push((name.to_owned(), leak(case, "waive")));
    }
    for (name, answer) in wanted {
        assert_eq!(
            asked.get(&name),
            Some(&answer),
            "{}: {name}",
            path.display()
        );
    }
}
