//! The critic without a model: what the rules come to on broken workflows, that nothing they list makes anything worse, and
//! that going round with it comes to an end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tribunal::finding::Engine;
use tribunal::finding::critique::{Change, CriticDecision, Critique, RecommendedChange};
use tribunal::host::cancel::CancelToken;
use tribunal::pipeline::{Critiqued, Selection, Verified, Verify, critique, verify};
use tribunal::report::{PropertyVerdict, Report, Verdict};
use tribunal::revise::{Answers, apply_to};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn options(engines: &[Engine]) -> Verify<'static> {
    Verify {
        engines: Selection::Named(engines.to_vec()),
        properties: &[],
        deadline: Duration::from_secs(120),
        project: None,
        out: None,
        cancel: CancelToken::new(),
        progress: &|_| {},
    }
}

const EMBEDDED: [Engine; 2] = [Engine::Explore, Engine::Z3];

fn criticized(path: &Path) -> Critiqued {
    critique(path, &options(&EMBEDDED)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn verified(path: &Path, engines: &[Engine]) -> Verified {
    verify(path, &options(engines)).unwrap_or_else(|e| panic!("{}: {e:?}", path.display()))
}

fn is_question(change: &RecommendedChange) -> bool {
    matches!(change.change, Change::AskHuman { .. })
}

/// What a critique comes to, in short: the decision, the actions in order, the questions and their options.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Short {
    decision: CriticDecision,
    #[serde(default)]
    changes: Vec<String>,
    #[serde(default)]
    questions: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    waivers: usize,
}

fn short(critique: &Critique) -> Short {
    let mut changes = Vec::new();
    let mut questions = BTreeMap::new();
    for change in &critique.recommended_changes {
        match &change.change {
            Change::AskHuman { id, options, .. } => {
                questions.insert(id.clone(), options.iter().map(|o| o.id.clone()).collect());
            }
            other => changes.push(other.action().to_owned()),
        }
    }
    Short {
        decision: critique.decision,
        changes,
        questions,
        waivers: critique.waiver_proposals.len(),
    }
}

/// What the rules come to for every file here and for every file that shows a finding. Where a file's twin shows that the
/// finding is not there, nothing is recommended.
#[test]
fn every_rule_comes_to_what_is_written_beside_its_file() {
    let place = root().join("tests/critique/expect.json");
    let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
    for folder in ["tests/critique", "tests/corpus/findings"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let policy = path
                .file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with("policy_"));
            if path.extension().is_some_and(|e| e == "yaml") && !policy {
                let name = path.strip_prefix(root().join("tests")).expect("below");
                files.insert(name.display().to_string(), path.clone());
            }
        }
    }
    let found: BTreeMap<String, Short> = files
        .iter()
        .map(|(name, path)| {
            let critiqued = criticized(path);
            nothing_is_worse(path, &critiqued);
            (name.clone(), short(&critiqued.critique))
        })
        .collect();
    if std::env::var_os("TRIBUNAL_UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&found).expect("JSON") + "\n";
        std::fs::write(&place, text).expect("written");
    }
    let text = std::fs::read_to_string(&place).expect("readable");
    let expected: BTreeMap<String, Short> = serde_json::from_str(&text).expect("the shape");
    for (name, short) in &found {
        assert_eq!(Some(short), expected.get(name), "{name}");
    }
    assert_eq!(
        found.len(),
        expected.len(),
        "a file that is gone is expected"
    );
    for (name, short) in &found {
        // Infos are nothing to mend, and neither is what a twin shows.
        let nothing = [
            ".not.",
            "guard_always_true",
            "guard_gap",
            "guard_overlap",
            "agreeing_rules",
            "not_stuck",
        ];
        if nothing.iter().any(|n| name.contains(n)) {
            let accepted = Short {
                decision: CriticDecision::Accept,
                changes: Vec::new(),
                questions: BTreeMap::new(),
                waivers: 0,
            };
            assert_eq!(*short, accepted, "{name}");
        }
    }
}

/// What a report says of each finding and property, for a comparison of its own.
struct Standing {
    blocking: BTreeSet<String>,
    findings: BTreeSet<String>,
    holds: BTreeSet<String>,
}

fn standing(report: &Report) -> Standing {
    let ids = |blocking: bool| {
        report
            .findings
            .iter()
            .filter(|f| !blocking || f.severity == tribunal::finding::Severity::Blocking)
            .map(|f| f.id.clone())
            .collect()
    };
    Standing {
        blocking: ids(true),
        findings: ids(false),
        holds: report
            .properties
            .iter()
            .filter(|p| p.verdict == PropertyVerdict::Holds)
            .map(|p| p.id.clone())
            .collect(),
    }
}

/// The version that changes make of a file, as a file beside those it refines.
fn revised(path: &Path, changes: &[RecommendedChange], folder: &Path) -> PathBuf {
    let text = std::fs::read_to_string(path).expect("readable");
    let loaded = tribunal::pipeline::load(path).expect("no errors");
    let tribunal::pipeline::LoadedKind::Workflow(checked) = loaded.kind else {
        panic!("{}: a policy", path.display())
    };
    let refined = checked.refinement.as_ref().map(|r| {
        let digest = tribunal::pipeline::verify::digest(&r.refined);
        (r.refined.clone(), digest)
    });
    let new = apply_to(&text, refined, changes, &Answers::new())
        .unwrap_or_else(|e| panic!("{}: {e:?}", path.display()));
    if let Some(refined) = &checked.refinement {
        let name = &refined.file;
        let target = folder.join(name);
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("made");
        if !target.exists() {
            std::fs::copy(path.parent().expect("a folder").join(name), target).expect("copied");
        }
    }
    let place = folder.join(format!("v{}.yaml", new.version()));
    std::fs::write(&place, new.text).expect("written");
    place
}

/// All that is listed together, and each answer to each question by itself after that: the findings answered are gone, nothing
/// new blocks, and what held or could be reached still does.
fn nothing_is_worse(path: &Path, critiqued: &Critiqued) {
    let folder = tempfile::tempdir().expect("a folder");
    let before = standing(&verified(path, &EMBEDDED).report);
    let listed: Vec<RecommendedChange> = critiqued
        .critique
        .recommended_changes
        .iter()
        .filter(|c| !is_question(c))
        .cloned()
        .collect();
    let mut ways: Vec<(Vec<RecommendedChange>, Vec<String>)> = Vec::new();
    let answered = |change: &RecommendedChange| -> Vec<String> {
        let issues = &critiqued.critique.issues;
        issues
            .iter()
            .filter(|i| change.answers.contains(&i.id))
            .flat_map(|i| i.findings.clone())
            .collect()
    };
    if !listed.is_empty() {
        ways.push((listed.clone(), listed.iter().flat_map(answered).collect()));
    }
    for change in &critiqued.critique.recommended_changes {
        let Change::AskHuman { options, .. } = &change.change else {
            continue;
        };
        assert!(options.len() >= 2);
        for option in options.iter().filter(|o| !o.changes.is_empty()) {
            let all = listed.iter().chain(&option.changes).cloned().collect();
            let first = answered(change).into_iter().take(1).collect();
            ways.push((all, first));
        }
    }
    for (changes, gone) in ways {
        let place = revised(path, &changes, folder.path());
        let after = standing(&verified(&place, &EMBEDDED).report);
        let name = path.display();
        for id in &gone {
            assert!(!after.findings.contains(id), "{name}: {id} is still there");
        }
        let new: Vec<_> = after.blocking.difference(&before.blocking).collect();
        assert!(new.is_empty(), "{name}: {new:?} block now: {changes:#?}");
        let lost: Vec<_> = before
            .holds
            .difference(&after.holds)
            .filter(|id| !id.starts_with("needs:") && *id != "can_reach_terminal")
            .collect();
        assert!(
            lost.is_empty(),
            "{name}: {lost:?} no longer hold: {changes:#?}"
        );
    }
}

/// Goes round as `critique` and `revise` do, until nothing is left to change; the versions, and the last critique.
fn rounds(path: &Path, most: usize, folder: &Path) -> (Vec<PathBuf>, Critique) {
    let mut versions = vec![path.to_path_buf()];
    loop {
        let last = versions.last().expect("the first").clone();
        let critiqued = criticized(&last);
        let changes: Vec<RecommendedChange> = critiqued
            .critique
            .recommended_changes
            .iter()
            .filter(|c| !is_question(c))
            .cloned()
            .collect();
        if changes.is_empty() {
            return (versions, critiqued.critique);
        }
        assert!(
            versions.len() <= most,
            "{}: still changing after {most} rounds",
            path.display()
        );
        versions.push(revised(&last, &changes, folder));
    }
}

fn v1() -> PathBuf {
    root().join("formal/spec_impl.v1.yaml")
}

#[test]
fn the_first_version_of_our_own_workflow_comes_to_a_clean_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let (versions, critique) = rounds(&v1(), 6, folder.path());
    assert!(versions.len() > 1, "there was something to change");
    assert_eq!(critique.decision, CriticDecision::Accept);
    assert!(critique.issues.is_empty(), "{:?}", critique.issues);
    let last = versions.last().expect("one");
    let mut engines = EMBEDDED.to_vec();
    let tlc = [
        tribunal::host::tools::Tool::Java,
        tribunal::host::tools::Tool::TlcJar,
    ];
    if tlc
        .into_iter()
        .all(|tool| crate::tools::require(tool).is_some())
    {
        engines.push(Engine::Tlc);
    }
    let end = verified(last, &engines);
    assert_eq!(end.report.verdict, Verdict::Clean);
    let holds = standing(&end.report).holds;
    let (old, new) = (workflow(&v1()), workflow(last));
    for state in old.states.iter().map(|s| &s.id.value) {
        assert!(
            new.states.iter().any(|s| s.id.value == *state),
            "{state} is gone"
        );
        assert!(
            holds.contains(&format!("state:{state}")),
            "{state} is not reached"
        );
    }
    let Some(tribunal::ir::workflow::TerminalKind::Declared { success, failure }) =
        new.terminal.as_ref().map(|t| &t.kind)
    else {
        panic!("no ends are declared")
    };
    let success: Vec<&str> = success.iter().map(|s| s.value.as_str()).collect();
    assert_eq!(success, ["Verified"]);
    let [failure] = failure.as_deref().expect("declared") else {
        panic!("one failed end")
    };
    assert!(holds.contains(&format!("state:{}", failure.value)));
    let person = |name: &tribunal::ir::Name| {
        let actor = new
            .actors
            .iter()
            .find(|a| a.id.value == *name)
            .expect("declared");
        actor.kind == tribunal::ir::symbols::ActorKind::Human
    };
    let enters: Vec<_> = new
        .transitions
        .iter()
        .filter(|t| t.to.as_ref().is_some_and(|to| to.value == failure.value))
        .collect();
    assert!(!enters.is_empty() && enters.iter().all(|t| person(&t.actor.value)));
    // Nobody is without work any more, and every step of the first version is still one.
    for t in &old.transitions {
        assert!(holds.contains(&format!("fires:{}", t.id.value)));
    }
}

fn workflow(path: &Path) -> tribunal::ir::Workflow {
    let text = std::fs::read_to_string(path).expect("readable");
    tribunal::syntax::parse_workflow(tribunal::ir::SourceId(0), &text)
        .expect("well-formed")
        .value
}

#[test]
fn other_broken_workflows_come_to_clean_ones_or_to_a_question() {
    let folder = tempfile::tempdir().expect("a folder");
    let clean = [
        "bounded_buffer",
        "circuit_breaker",
        "document_signoff",
        "incident_response",
        "loan",
        "pull_request",
        "two_phase_commit",
        "vending_machine",
    ];
    for name in clean {
        let own = folder.path().join(name);
        std::fs::create_dir_all(&own).expect("made");
        let path = root().join(format!("tests/corpus/{name}.broken.yaml"));
        let (versions, critique) = rounds(&path, 3, &own);
        assert_eq!(critique.decision, CriticDecision::Accept, "{name}");
        assert!(critique.issues.is_empty(), "{name}: {:?}", critique.issues);
        let last = verified(versions.last().expect("one"), &EMBEDDED);
        assert_eq!(last.report.verdict, Verdict::Clean, "{name}");
    }
    for name in ["on_call", "peterson", "dekker", "feature_flag"] {
        let own = folder.path().join(name);
        std::fs::create_dir_all(&own).expect("made");
        let path = root().join(format!("tests/corpus/{name}.broken.yaml"));
        let (_, critique) = rounds(&path, 3, &own);
        assert_eq!(critique.decision, CriticDecision::Revise, "{name}");
        assert!(
            critique.recommended_changes.iter().any(is_question),
            "{name}"
        );
    }
}

/// A rule could know a workflow only by a name in its text. Comments are left aside; so are the module of revisions, the one
/// actor's name that the language knows, and the word for a decision where it is shown.
#[test]
fn no_rule_knows_our_own_workflow() {
    let first = workflow(&v1());
    let mut names: BTreeSet<String> = BTreeSet::new();
    names.insert(first.id.value.to_string());
    names.extend(first.actors.iter().map(|a| a.id.value.to_string()));
    names.extend(first.states.iter().map(|s| s.id.value.to_string()));
    names.extend(first.transitions.iter().map(|t| t.id.value.to_string()));
    assert_eq!(names.len(), 1 + 5 + 7 + 3);
    let used = |text: &str| -> BTreeSet<String> {
        let code: Vec<&str> = text
            .lines()
            .map(|l| l.split("//").next().unwrap_or(""))
            .filter(|l| !l.starts_with("use crate::revise::"))
            .filter(|l| *l != "const PERSON: &str = \"Human\";")
            .collect();
        let code = code.join("\n").replace("ActorKind::Human", "");
        let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
        code.split(word)
            .filter(|w| names.contains(*w))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        used("let x = \"Formalized\"; // Implementing"),
        ["Formalized".to_owned()].into()
    );
    let mut folders = vec![root().join("src/critique")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.ends_with("admit/tests.rs") {
                continue;
            }
            read += 1;
            let mut found = used(&std::fs::read_to_string(&path).expect("readable"));
            if path.ends_with("render.rs") {
                found.remove("revise");
            }
            assert!(found.is_empty(), "{}: {found:?}", path.display());
        }
    }
    assert!(read > 30, "{read} files");
}
