//! Z3 over the whole corpus: its answers never contradict what the independent interpreter says of each file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tribunal::check::{CheckedWorkflow, check, check_policy};
use tribunal::engine::z3::policy::battery;
use tribunal::engine::z3::{Z3Options, run};
use tribunal::engine::{Progress, Request};
use tribunal::finding::{
    Answer, Coverage, EngineState, Evidence, FindingKind, Observation, PropertyIx,
};
use tribunal::host::cancel::CancelToken;
use tribunal::ir::SourceId;
use tribunal::model::{PropertyKind, System, desugar};
use tribunal::syntax::{parse_policy, parse_workflow};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn load(path: &Path) -> CheckedWorkflow {
    let text = std::fs::read_to_string(path).expect("readable");
    let parsed = parse_workflow(SourceId(0), &text)
        .unwrap_or_else(|e| panic!("{}: {e:?}", path.display()))
        .value;
    let refined = parsed.refines.as_ref().map(|r| {
        let other = path.parent().expect("a folder").join(&r.workflow.value);
        Arc::new(load(&other))
    });
    check(parsed, refined).unwrap_or_else(|e| panic!("{}: {e:?}", path.display()))
}

fn judge(system: &System, artifacts: Option<&Path>) -> Evidence {
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let request = Request {
        system,
        properties: &all,
        deadline: Duration::from_secs(60),
        cancel: CancelToken::new(),
        artifacts,
        progress: &|_: Progress| {},
    };
    run(&request, &Z3Options::default())
}

fn corpus() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("tests/corpus"))
        .expect("the corpus")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    files
}

#[test]
fn no_answer_contradicts_what_is_expected() {
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    for file in corpus() {
        let expected = std::fs::read_to_string(file.with_extension("expect.json")).expect("it");
        let expected: serde_json::Value = serde_json::from_str(&expected).expect("JSON");
        let system = desugar(&load(&file));
        let evidence = judge(&system, None);
        let name = file.file_name().expect("a name").to_string_lossy();
        assert!(
            matches!(evidence.state, EngineState::Ran { .. }),
            "{name}: {:?}",
            evidence.state
        );
        assert_eq!(evidence.answers.len(), system.properties.len(), "{name}");
        for (n, (answer, property)) in evidence.answers.iter().zip(&system.properties).enumerate() {
            assert_eq!(answer.property.ix(), n, "{name}");
            let want = expected["properties"][&property.id].as_str();
            let said = answer.answer.word();
            *tally.entry(said).or_default() += 1;
            match &answer.answer {
                Answer::Holds { .. } | Answer::Violated { .. } => {
                    assert_eq!(Some(said), want, "{name}: {}", property.id);
                }
                Answer::Unknown(_) | Answer::NotAsked(_) => {}
                Answer::Error(why) | Answer::Unavailable(why) => {
                    panic!("{name}: {}: {why}", property.id)
                }
            }
        }
    }
    // As many as were decided when this was written: an engine that stops deciding is noticed.
    assert!(
        tally["holds"] >= 1150 && tally["violated"] >= 40,
        "{tally:?}"
    );
}

/// What v2 claims about itself and Z3 can be asked: all of it holds over all typed states, except the negative control.
#[test]
fn every_safety_property_of_the_products_own_workflow_is_inductive() {
    let system = desugar(&load(&root().join("formal/spec_impl.v2.yaml")));
    let evidence = judge(&system, None);
    let mut inductive = 0;
    for (answer, property) in evidence.answers.iter().zip(&system.properties) {
        match (&answer.answer, property.id.as_str()) {
            (Answer::Violated { .. }, id) => assert_eq!(id, "an_approval_can_go_stale"),
            (
                Answer::Holds {
                    coverage: Coverage::Inductive { .. },
                    ..
                },
                _,
            ) => inductive += 1,
            (Answer::Holds { witness, .. }, id) => assert!(witness.is_some(), "{id}"),
            // The third revision lies further from the start than the search goes.
            (Answer::Unknown(_), id) => assert_eq!(id, "fires:escalate"),
            (Answer::NotAsked(_), id) => assert!(
                matches!(
                    property.kind,
                    PropertyKind::CanReach(_)
                        | PropertyKind::LeadsTo(..)
                        | PropertyKind::Eventually(_)
                        | PropertyKind::InfinitelyOften(_)
                ),
                "{id}"
            ),
            (Answer::Error(why) | Answer::Unavailable(why), id) => panic!("{id}: {why}"),
        }
    }
    assert_eq!(
        inductive, 26,
        "user's safety properties, in_range, deadlock, needs"
    );
    // Guards that are idle would be warnings; overlaps are worth knowing only.
    let kinds: BTreeSet<FindingKind> = evidence.observations.iter().map(|o| o.kind).collect();
    assert_eq!(kinds, BTreeSet::from([FindingKind::GuardOverlap]));
}

/// Kinds of findings that Z3 alone makes.
const GUARDS: [FindingKind; 4] = [
    FindingKind::GuardOverlap,
    FindingKind::GuardGap,
    FindingKind::GuardAlwaysTrue,
    FindingKind::GuardNeverTrue,
];

#[test]
fn each_finding_of_z3_has_a_file_that_triggers_it_and_one_that_just_does_not() {
    let folder = root().join("tests/corpus/findings");
    let text = std::fs::read_to_string(folder.join("expect.json")).expect("readable");
    let expect: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut triggered = BTreeSet::new();
    for (name, expected) in expect.as_object().expect("an object") {
        let path = folder.join(name);
        let (found, mine): (Vec<Observation>, fn(FindingKind) -> bool) =
            if name.starts_with("policy_") {
                let text = std::fs::read_to_string(&path).expect("readable");
                let parsed = parse_policy(SourceId(0), &text).expect("a policy");
                let policy = check_policy(&parsed.value).expect("well-typed");
                let found = battery(&policy, None, &CancelToken::new());
                (found, |k| k.word().starts_with("policy_"))
            } else if name.starts_with("guard_") {
                let system = desugar(&load(&path));
                (judge(&system, None).observations, |k| GUARDS.contains(&k))
            } else {
                continue;
            };
        let found: BTreeSet<FindingKind> = found.iter().map(|o| o.kind).collect();
        let listed = |key: &str| -> Vec<FindingKind> {
            let all = expected[key].as_array().expect("a list");
            all.iter()
                .map(|k| FindingKind::from_word(k.as_str().expect("a word")).expect("a kind"))
                .filter(|k| mine(*k))
                .collect()
        };
        for kind in listed("triggers") {
            assert!(found.contains(&kind), "{name}: {kind:?} not in {found:?}");
            triggered.insert(kind);
        }
        for kind in listed("not") {
            assert!(!found.contains(&kind), "{name}: {kind:?}");
        }
    }
    let policies = FindingKind::ALL
        .iter()
        .filter(|k| k.word().starts_with("policy_"));
    let all: BTreeSet<FindingKind> = GUARDS.iter().chain(policies).copied().collect();
    assert_eq!(triggered, all);
}

#[test]
fn refinement_is_judged_both_ways() {
    for (file, want) in [
        ("refinement.yaml", "violated"),
        ("refinement.not.yaml", "holds"),
    ] {
        let system = desugar(&load(&root().join("tests/corpus/findings").join(file)));
        let evidence = judge(&system, None);
        let n = system.properties.iter().position(|p| p.id == "refines");
        let answer = &evidence.answers[n.expect("refines")].answer;
        assert_eq!(answer.word(), want, "{file}: {answer:?}");
    }
}

#[test]
fn a_question_under_way_is_broken_off_at_the_deadline() {
    let system = desugar(&load(&root().join("tests/corpus/token_ring_nine.yaml")));
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let request = Request {
        system: &system,
        properties: &all,
        deadline: Duration::from_millis(700),
        cancel: CancelToken::new(),
        artifacts: None,
        progress: &|_: Progress| {},
    };
    // Effort enough for minutes, so only the deadline can end it.
    let options = Z3Options {
        effort: u32::MAX,
        ..Z3Options::default()
    };
    let evidence = run(&request, &options);
    assert!(evidence.seconds < 20.0, "{}", evidence.seconds);
    let late = evidence
        .answers
        .iter()
        .filter(|a| a.answer == Answer::Unknown("deadline".into()))
        .count();
    assert!(late > 0);
}
