//! Holds the embedded engine against the corpus: counts, every verdict and every finding of an independent reading of the IR.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tribunal::explore::{Options, Report, explore};
use tribunal::finding::{Answer, FindingKind, PropertyIx};
use tribunal::model::{System, desugar, replay, replay_run, replay_witness};

use super::corpus::{corpus, files, json, load};

/// Findings that this engine's answers and observations make.
const KINDS: [FindingKind; 14] = [
    FindingKind::Deadlock,
    FindingKind::NoOptionToComplete,
    FindingKind::UnreachableState,
    FindingKind::DeadTransition,
    FindingKind::Invariant,
    FindingKind::StepProperty,
    FindingKind::BoundOverflow,
    FindingKind::Liveness,
    FindingKind::Precedence,
    FindingKind::Unreached,
    FindingKind::Refinement,
    FindingKind::UnboundedRevision,
    FindingKind::StaleUse,
    FindingKind::Vacuous,
];

fn run(system: &System, threads: usize) -> Report {
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let options = Options::new(&all);
    explore(system, &Options { threads, ..options })
}

fn kind(form: &str) -> FindingKind {
    match form {
        "always" | "never" => FindingKind::Invariant,
        "at" | "needs" => FindingKind::StepProperty,
        "precedes" => FindingKind::Precedence,
        "reachable" => FindingKind::Unreached,
        "can_reach" | "eventually" | "leads_to" | "infinitely_often" => FindingKind::Liveness,
        "in_range" => FindingKind::BoundOverflow,
        "deadlock" => FindingKind::Deadlock,
        "state" | "phase" => FindingKind::UnreachableState,
        "fires" => FindingKind::DeadTransition,
        "refines" => FindingKind::Refinement,
        other => panic!("{other}"),
    }
}

/// The findings that follow, `kind subject` each.
fn findings(system: &System, report: &Report) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (answer, p) in report.answers.iter().zip(&system.properties) {
        let violated = matches!(answer.answer, Answer::Violated { .. });
        let subject = match p.form {
            "state" | "phase" | "fires" => p.id.split_once(':').expect("a subject").1,
            _ => p.id.as_str(),
        };
        let finding = match (p.expect_violated, violated) {
            (true, false) => Some(FindingKind::Expectation),
            (false, true) if p.id == "can_reach_terminal" => Some(FindingKind::NoOptionToComplete),
            (false, true) => Some(kind(p.form)),
            (true, true) | (false, false) => None,
        };
        all.extend(finding.map(|kind| format!("{} {subject}", kind.word())));
    }
    let seen = report.observations.iter();
    all.extend(seen.map(|o| match o.kind {
        FindingKind::UnboundedRevision => "unbounded_revision workflow".to_owned(),
        kind => format!("{} {}", kind.word(), o.subject.name),
    }));
    all
}

fn word(answer: &Answer) -> &'static str {
    answer.word()
}

fn verdicts(system: &System, report: &Report) -> BTreeMap<String, &'static str> {
    let ids = system.properties.iter().map(|p| p.id.clone());
    ids.zip(report.answers.iter().map(|a| word(&a.answer)))
        .collect()
}

#[test]
fn counts_verdicts_and_findings_are_those_of_the_other_reading() {
    let mut wrong = Vec::new();
    for path in files(&corpus()) {
        let expected = json(&path.with_extension("expect.json"));
        let system = desugar(&load(&path));
        let report = run(&system, 1);
        let name = path.file_name().and_then(|n| n.to_str()).expect("a name");
        assert!(report.states.complete, "{name}");
        let counts = (Some(report.states.distinct), report.states.steps);
        if counts != (expected["distinct"].as_u64(), expected["steps"].as_u64()) {
            wrong.push(format!("{name}: {counts:?}"));
        }
        let ours = verdicts(&system, &report);
        for (id, verdict) in expected["properties"].as_object().expect("an object") {
            if ours.get(id).copied() != verdict.as_str() {
                wrong.push(format!("{name}: {id} is {:?}, not {verdict}", ours.get(id)));
            }
        }
        let wanted: BTreeSet<String> = expected["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|f| f.as_str().expect("text").to_owned())
            .filter(|f| {
                KINDS
                    .iter()
                    .any(|k| f.starts_with(&format!("{} ", k.word())))
            })
            .collect();
        let found = findings(&system, &report);
        if found != wanted {
            wrong.push(format!("{name}: found {found:?}, not {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_of_findings_show_what_a_search_can_show() {
    let folder = corpus().join("findings");
    let expected = json(&folder.join("expect.json"));
    let mut wrong = Vec::new();
    for path in files(&folder) {
        let name = path.file_name().and_then(|n| n.to_str()).expect("a name");
        if name.starts_with("policy_") {
            continue;
        }
        let system = desugar(&load(&path));
        let found: BTreeSet<String> = findings(&system, &run(&system, 1))
            .iter()
            .map(|f| f.split(' ').next().expect("a kind").to_owned())
            .collect();
        let wanted: BTreeSet<String> = expected[name]["triggers"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|kind| kind.as_str().expect("text").to_owned())
            .filter(|k| k == "expectation" || KINDS.iter().any(|kind| kind.word() == k))
            .collect();
        if found != wanted {
            wrong.push(format!("{name}: found {found:?}, not {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_trace_replays() {
    let mut all = files(&corpus());
    all.extend(files(&corpus().join("findings")));
    let (mut counterexamples, mut witnesses, mut observed) = (0, 0, 0);
    for path in all {
        let name = path.file_name().and_then(|n| n.to_str()).expect("a name");
        if name.starts_with("policy_") {
            continue;
        }
        let system = desugar(&load(&path));
        let report = run(&system, 1);
        for answer in &report.answers {
            let ix = answer.property;
            match &answer.answer {
                Answer::Violated {
                    trace: Some(trace), ..
                } => {
                    counterexamples += 1;
                    assert_eq!(replay(&system, ix, trace), Ok(()), "{name}: {trace:?}");
                }
                Answer::Holds {
                    witness: Some(trace),
                    ..
                } => {
                    witnesses += 1;
                    assert_eq!(replay_witness(&system, ix, trace), Ok(()), "{name}");
                }
                Answer::Violated { trace: None, .. } | Answer::Holds { witness: None, .. } => {}
                other => panic!("{name}: {other:?}"),
            }
        }
        for trace in report.observations.iter().filter_map(|o| o.trace.as_ref()) {
            observed += 1;
            assert_eq!(replay_run(&system, trace), Ok(()), "{name}");
        }
    }
    assert!(
        counterexamples > 60 && witnesses > 500 && observed > 10,
        "{counterexamples} {witnesses} {observed}"
    );
}

#[test]
fn fairness_of_a_person_is_named_where_the_verdict_rests_on_it() {
    let folder = corpus().join("findings");
    for (file, wanted) in [
        ("missing_assumption_fairness.yaml", true),
        ("missing_assumption_fairness.not.yaml", true),
    ] {
        let system = desugar(&load(&folder.join(file)));
        let report = run(&system, 1);
        let names_a_person = report.answers.iter().any(|a| {
            a.assumptions.iter().any(|name| {
                let mut commands = system.commands.iter();
                commands.any(|c| c.human && c.name.as_str() == name)
            })
        });
        assert_eq!(names_a_person, wanted, "{file}");
    }
}

#[test]
fn two_threads_say_the_same_as_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("formal/spec_impl.v2.yaml");
    let mut all = files(&corpus());
    all.push(file);
    for path in all {
        let system = desugar(&load(&path));
        let once = run(&system, 1);
        assert_eq!(once, run(&system, 2), "{}", path.display());
        assert_eq!(once, run(&system, 1), "{}", path.display());
    }
}

#[test]
fn the_products_own_workflow_has_the_states_that_were_counted_before() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("formal/spec_impl.v2.yaml");
    let system = desugar(&load(&file));
    let report = run(&system, 1);
    assert_eq!(
        (report.states.distinct, report.states.steps),
        (2298, Some(6487))
    );
    let bad: Vec<_> = system
        .properties
        .iter()
        .zip(&report.answers)
        .filter(|(p, a)| {
            p.expect_violated != (word(&a.answer) == "violated")
                || !matches!(word(&a.answer), "holds" | "violated")
        })
        .map(|(p, a)| (p.id.clone(), word(&a.answer)))
        .collect();
    assert!(bad.is_empty(), "{bad:?}");
}
