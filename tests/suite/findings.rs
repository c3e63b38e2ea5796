//! Every finding under its condition and only there: the files of `tests/corpus/findings`, the examples of the texts about
//! findings, and the whole corpus, by the embedded engines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use tribunal::finding::{Engine, FindingKind, Severity, SubjectKind};
use tribunal::host::cancel::CancelToken;
use tribunal::pipeline::{Selection, Verified, Verify, verify};
use tribunal::report::render::{Page, human};
use tribunal::report::{Finding, PropertyVerdict, Verdict, doc};

use crate::corpus::{corpus, files, json};

fn verified(path: &Path) -> Verified {
    let options = Verify {
        engines: Selection::Named(vec![Engine::Explore, Engine::Z3]),
        properties: &[],
        deadline: Duration::from_secs(60),
        project: None,
        out: None,
        cancel: CancelToken::new(),
        progress: &|_| {},
    };
    verify(path, &options).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()))
}

fn shown(verified: &Verified) -> String {
    human::render(
        Page {
            report: &verified.report,
            sources: &verified.sources,
        },
        &human::Style {
            verbose: true,
            ..human::Style::PLAIN
        },
    )
}

fn kinds(verified: &Verified) -> BTreeSet<&'static str> {
    verified
        .report
        .findings
        .iter()
        .map(|f| f.kind.word())
        .collect()
}

#[test]
fn findings_come_under_their_condition_and_only_there() {
    let folder = corpus().join("findings");
    let expected = json(&folder.join("expect.json"));
    let expected = expected.as_object().expect("an object");
    let mut wrong = Vec::new();
    for (name, wanted) in expected {
        let list = |key: &str| -> BTreeSet<&str> {
            wanted[key]
                .as_array()
                .expect("a list")
                .iter()
                .map(|k| k.as_str().expect("a kind"))
                .collect()
        };
        let found = verified(&folder.join(name));
        let kinds = kinds(&found);
        let (triggers, not) = (list("triggers"), list("not"));
        if !triggers.is_subset(&kinds) || !not.is_disjoint(&kinds) {
            wrong.push(format!(
                "{name}: wanted {triggers:?}, not {not:?}, found {kinds:?}"
            ));
        }
        for finding in &found.report.findings {
            if finding.title.is_empty() || finding.title.ends_with('.') {
                wrong.push(format!("{name}: title {:?}", finding.title));
            }
            let place = finding.spans.is_empty() && finding.subject.kind != SubjectKind::Engine;
            if place {
                wrong.push(format!("{name}: {} points nowhere", finding.kind.word()));
            }
        }
    }
    let tested: BTreeSet<&str> = expected
        .values()
        .flat_map(|w| w["triggers"].as_array().expect("a list"))
        .filter_map(|k| k.as_str())
        .collect();
    for kind in FindingKind::ALL {
        let by_hand = [
            FindingKind::OpenObligation,
            FindingKind::UnsoundProof,
            FindingKind::Disagreement,
            FindingKind::Unreplayable,
            FindingKind::EngineUnavailable,
            FindingKind::BudgetExceeded,
        ];
        if !tested.contains(kind.word()) && !by_hand.contains(kind) {
            wrong.push(format!("no file triggers {}", kind.word()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_example_of_every_text_shows_its_finding_and_nothing_worse() {
    let folder = tempfile::tempdir().expect("a directory");
    let mut wrong = Vec::new();
    for kind in FindingKind::ALL {
        let Some(example) = doc(*kind).example else {
            continue;
        };
        let path = folder.path().join(format!("{}.yaml", kind.word()));
        std::fs::write(&path, example).expect("written");
        let found = verified(&path);
        let own = found.report.findings.iter().find(|f| f.kind == *kind);
        let worst = found.report.findings.iter().map(|f| f.severity).min();
        match own {
            // What is always allowed is unsafe too, which is worse.
            Some(own)
                if Some(own.severity) == worst || *kind == FindingKind::PolicyAlwaysAllows => {}
            Some(_) | None => wrong.push(format!("{}: found {:?}", kind.word(), kinds(&found))),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A finding as the corpus names it: kind, and the shortest name of the thing.
fn named(finding: &Finding) -> String {
    let kind = finding.kind;
    let property = finding.property.as_deref().unwrap_or_default();
    let subject = match kind {
        FindingKind::Deadlock | FindingKind::NoOptionToComplete | FindingKind::BoundOverflow => {
            property
        }
        FindingKind::Refinement => "refines",
        FindingKind::MissingRejectPath => "terminal",
        _ => finding.subject.name.as_str(),
    };
    format!("{} {subject}", kind.word())
}

#[test]
fn the_corpus_gets_the_verdicts_findings_and_exit_codes_of_the_other_reading() {
    let mut wrong = Vec::new();
    let mut times = BTreeMap::new();
    for path in files(&corpus()) {
        let expected = json(&path.with_extension("expect.json"));
        let start = Instant::now();
        let found = verified(&path);
        times.insert(start.elapsed(), path.clone());
        let report = &found.report;
        let mut add = |what: String| wrong.push(format!("{}: {what}", path.display()));
        let exit = u64::from(report.verdict == Verdict::Blocking);
        if expected["exit"].as_u64() != Some(exit) {
            add(format!("exit {exit}\n{}", shown(&found)));
        }
        if expected["distinct"].as_u64() != report.states.map(|s| s.distinct) {
            add(format!("{:?} states", report.states));
        }
        for (id, verdict) in expected["properties"].as_object().expect("an object") {
            let row = report.properties.iter().find(|p| p.id == *id);
            let ours = row.map(|p| match p.verdict {
                PropertyVerdict::Vacuous => "holds",
                other => other.word(),
            });
            if ours != verdict.as_str() {
                add(format!("{id} is {ours:?}, not {verdict}"));
            }
        }
        let theirs: BTreeSet<String> = expected["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|f| f.as_str().expect("a finding").to_owned())
            .collect();
        let ours: BTreeSet<String> = report
            .findings
            .iter()
            .filter(|f| f.severity != Severity::Info)
            .map(named)
            .collect();
        if ours != theirs {
            add(format!("found {ours:?}, not {theirs:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let slowest: Vec<_> = times.iter().rev().take(5).collect();
    eprintln!("slowest: {slowest:?}");
}
