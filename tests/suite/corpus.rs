//! Holds the reader, the checker and the reference semantics against the corpus, whose expectations come from an
//! independent reading of the IR (`python/interpreter`).

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use tribunal::check::{CheckedWorkflow, check, check_policy};
use tribunal::finding::{FindingKind, State};
use tribunal::ir::SourceId;
use tribunal::model::{Outcome, System, choice_tuples, desugar, initial_states, step};
use tribunal::syntax::{parse_policy, parse_workflow};

/// Findings that show without a search.
const STATIC: [FindingKind; 5] = [
    FindingKind::MissingAssumption,
    FindingKind::MissingRejectPath,
    FindingKind::HiddenStaleness,
    FindingKind::UnguardedNone,
    FindingKind::Unused,
];

pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    all.sort();
    all
}

pub fn json(path: &Path) -> Json {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// The checked workflow of a file; what it refines is read first. Warnings about the text count as errors here.
pub fn load(path: &Path) -> CheckedWorkflow {
    let text = std::fs::read_to_string(path).expect("readable");
    let parsed = parse_workflow(SourceId(0), &text)
        .unwrap_or_else(|errors| panic!("{}: {errors:#?}", path.display()));
    assert!(
        parsed.warnings.is_empty(),
        "{}: {:#?}",
        path.display(),
        parsed.warnings
    );
    let refined = parsed.value.refines.as_ref().map(|refines| {
        let beside = path.parent().expect("a folder");
        Arc::new(load(&beside.join(&refines.workflow.value)))
    });
    let checked = check(parsed.value, refined)
        .unwrap_or_else(|errors| panic!("{}: {errors:#?}", path.display()));
    assert!(
        checked.diagnostics.is_empty(),
        "{}: {:#?}",
        path.display(),
        checked.diagnostics
    );
    checked
}

/// Distinct states and steps, by the reference semantics alone.
fn counts(system: &System) -> (u64, u64) {
    let mut seen: HashSet<State> = initial_states(system).collect();
    let mut queue: VecDeque<State> = seen.iter().cloned().collect();
    let mut steps = 0;
    while let Some(state) = queue.pop_front() {
        let terminal = system.terminal.iter().zip(0u16..).any(|(end, n)| {
            *end && state[0] == tribunal::ir::Value::state(tribunal::ir::StateId(n))
        });
        for command in system.commands.iter().filter(|_| !terminal) {
            for choices in choice_tuples(command) {
                if let Outcome::Next(next) = step(system, command, &state, &choices) {
                    steps += 1;
                    if seen.insert(next.clone()) {
                        queue.push_back(next);
                    }
                }
            }
        }
    }
    (seen.len() as u64, steps)
}

fn static_findings(checked: &CheckedWorkflow) -> BTreeSet<String> {
    checked
        .observations
        .iter()
        .filter(|o| STATIC.contains(&o.kind))
        .map(|o| format!("{} {}", o.kind.word(), o.subject.name))
        .collect()
}

#[test]
fn counts_and_properties_are_those_of_the_other_reading() {
    let files = files(&corpus());
    assert!(files.len() >= 50, "only {} files", files.len());
    for path in files {
        let expected = json(&path.with_extension("expect.json"));
        let checked = load(&path);
        let system = desugar(&checked);
        let (distinct, steps) = counts(&system);
        assert_eq!(
            (expected["distinct"].as_u64(), expected["steps"].as_u64()),
            (Some(distinct), Some(steps)),
            "{}",
            path.display()
        );
        let ours: BTreeSet<&str> = system.properties.iter().map(|p| p.id.as_str()).collect();
        let theirs: BTreeSet<&str> = expected["properties"]
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(ours, theirs, "{}", path.display());
    }
}

#[test]
fn what_shows_without_a_search_is_found_and_nothing_else() {
    for path in files(&corpus()) {
        let expected = json(&path.with_extension("expect.json"));
        let wanted: BTreeSet<String> = expected["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|f| f.as_str().expect("text").to_owned())
            .filter(|f| {
                STATIC
                    .iter()
                    .any(|kind| f.starts_with(&format!("{} ", kind.word())))
            })
            .collect();
        assert_eq!(static_findings(&load(&path)), wanted, "{}", path.display());
    }
}

#[test]
fn files_of_findings_are_well_formed_and_show_their_static_kind() {
    let folder = corpus().join("findings");
    let expected = json(&folder.join("expect.json"));
    for path in files(&folder) {
        let name = path.file_name().and_then(|n| n.to_str()).expect("a name");
        let listed = |key: &str| -> BTreeSet<String> {
            expected[name][key]
                .as_array()
                .unwrap_or_else(|| panic!("{name} is not listed"))
                .iter()
                .map(|kind| kind.as_str().expect("text").to_owned())
                .collect()
        };
        for kind in listed("triggers").union(&listed("not")) {
            assert!(FindingKind::from_word(kind).is_some(), "{name}: {kind}");
        }
        if name.starts_with("policy_") {
            let text = std::fs::read_to_string(&path).expect("readable");
            let parsed =
                parse_policy(SourceId(0), &text).unwrap_or_else(|e| panic!("{name}: {e:#?}"));
            check_policy(&parsed.value).unwrap_or_else(|e| panic!("{name}: {e:#?}"));
            continue;
        }
        let found: BTreeSet<String> = static_findings(&load(&path))
            .iter()
            .map(|f| f.split(' ').next().expect("a kind").to_owned())
            .collect();
        // Fairness of a person shows only where verdicts are merged.
        let wanted: BTreeSet<String> = listed("triggers")
            .into_iter()
            .filter(|kind| STATIC.iter().any(|s| s.word() == kind))
            .filter(|_| !name.starts_with("missing_assumption_fairness"))
            .collect();
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn the_products_own_files_are_well_formed() {
    let formal = Path::new(env!("CARGO_MANIFEST_DIR")).join("formal");
    assert_eq!(load(&formal.join("spec_impl.v1.yaml")).transitions.len(), 3);
    let second = load(&formal.join("spec_impl.v2.yaml"));
    assert!(second.observations.is_empty(), "{:#?}", second.observations);
    assert_eq!(counts(&desugar(&second)), (2298, 6487));
    let text = std::fs::read_to_string(formal.join("policy.yaml")).expect("readable");
    let policy = parse_policy(SourceId(0), &text).expect("well-formed");
    assert!(policy.warnings.is_empty(), "{:#?}", policy.warnings);
    check_policy(&policy.value).expect("well-typed");
}
