//! `formal/claims.yaml`: every sentence quoted there stands in README.md, and everything that is said to show it exists. That
//! it holds is shown by the tests and properties themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tribunal::ir::SourceId;
use tribunal::syntax::parse_policy;

use super::corpus::load;

#[derive(Debug, PartialEq)]
struct Claim {
    sentence: String,
    shown_by: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn text(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|e| format!("{path}: {e}"))
}

/// The list, in the one form that it is written in.
fn claims(text: &str) -> Vec<Claim> {
    let mut lines = text
        .lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    assert_eq!(lines.next(), Some("claims:"));
    let mut claims: Vec<Claim> = Vec::new();
    for line in lines {
        if let Some(sentence) = line.strip_prefix("  - claim: \"") {
            let sentence = sentence.strip_suffix('"').expect("a quoted sentence");
            claims.push(Claim {
                sentence: sentence.to_owned(),
                shown_by: Vec::new(),
            });
        } else if let Some(shown) = line.strip_prefix("      - ") {
            let claim = claims.last_mut().expect("a claim before what shows it");
            claim.shown_by.push(shown.to_owned());
        } else {
            assert_eq!(line, "    shown_by:");
        }
    }
    claims
}

/// One line of any text, however it was broken.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why something that is said to show a claim does not exist.
fn missing(reference: &str) -> Option<String> {
    let found = match reference.split(' ').collect::<Vec<_>>()[..] {
        ["test", file, name] => text(file).map(|t| is_test(file, &t, name)),
        ["theorem", file, name] => text(file).map(|t| {
            t.lines()
                .any(|l| l.split([' ', ':', '(']).take(2).eq(["theorem", name]))
        }),
        ["property", file, id] => text(file).map(|_| {
            let workflow = load(&root().join(file));
            workflow
                .ir
                .properties
                .iter()
                .any(|p| p.id.value.as_str() == id)
        }),
        ["rule", file, id] => text(file).map(|t| {
            let policy = parse_policy(SourceId(0), &t).expect("well-formed");
            policy.value.rules.iter().any(|r| r.id.value.as_str() == id)
        }),
        ["step", name] => text("validate.sh").map(|t| {
            let steps = t
                .lines()
                .find_map(|l| l.strip_prefix("steps=("))
                .expect("steps");
            steps.trim_end_matches(')').split(' ').any(|s| s == name)
        }),
        _ => Err("not of a known form".to_owned()),
    };
    match found {
        Ok(true) => None,
        Ok(false) => Some(format!("{reference}: not there")),
        Err(why) => Some(format!("{reference}: {why}")),
    }
}

/// Whether the text of a file has a test of this name: in Rust with `#[test]` among the attributes before it.
fn is_test(file: &str, text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let start = |line: &str, word: &str| line.starts_with(&format!("{word} {name}("));
    if file.ends_with(".py") {
        return name.starts_with("test") && lines.iter().any(|l| start(l, "def"));
    }
    lines.iter().enumerate().any(|(at, line)| {
        let attributes = lines[..at].iter().rev().take_while(|l| l.starts_with('#'));
        start(line, "fn") && attributes.into_iter().any(|a| *a == "#[test]")
    })
}

#[test]
fn every_claim_stands_in_the_readme_and_what_shows_it_exists() {
    let readme = flowing(&text("README.md").expect("a README"));
    let claims = claims(&text("formal/claims.yaml").expect("the claims"));
    assert!(claims.len() >= 20, "only {} claims", claims.len());
    let mut wrong = Vec::new();
    for claim in &claims {
        if !readme.contains(&flowing(&claim.sentence)) {
            wrong.push(format!("not in README.md: {}", claim.sentence));
        }
        if claim.shown_by.is_empty() {
            wrong.push(format!("nothing shows: {}", claim.sentence));
        }
        wrong.extend(claim.shown_by.iter().filter_map(|r| missing(r)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let sentences: BTreeSet<&str> = claims.iter().map(|c| c.sentence.as_str()).collect();
    assert_eq!(sentences.len(), claims.len(), "a sentence is quoted twice");
}

#[test]
fn what_does_not_exist_is_noticed() {
    for reference in [
        "test tests/suite/claims.rs what_does_not_exist_is_noticed",
        "test python/tests/test_constraints.py test_thresholds",
        "property formal/spec_impl.v2.yaml can_always_end",
        "rule formal/policy.yaml approve_needs_a_person",
        "step tests",
    ] {
        assert_eq!(missing(reference), None);
    }
    for reference in [
        "test tests/suite/claims.rs missing",
        "test tests/suite/claims.rs nothing",
        "test tests/suite/absent.rs nothing",
        "test python/tests/test_constraints.py plain",
        "property formal/spec_impl.v2.yaml approve_with_proof",
        "rule formal/policy.yaml approve",
        "step test",
        "theorem src/lower/lean/prelude.lean absent",
        "belief README.md good",
    ] {
        assert!(missing(reference).is_some(), "{reference}");
    }
}

#[test]
fn every_state_of_a_workflow_stands_under_one_word_of_a_session() {
    let page = text("formal/README.md").expect("the page");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|l| l.starts_with("| `"))
        .map(|l| l.split('|').map(str::trim).collect())
        .collect();
    let words: Vec<&str> = rows.iter().map(|r| r[1].trim_matches('`')).collect();
    let expected = [
        "NO_SESSION",
        "WAITING_FOR_REPLY",
        "WAITING_FOR_AGREE",
        "STUCK",
        "LOCKED",
    ];
    assert_eq!(words, expected);
    let mut named: Vec<&str> = rows
        .iter()
        .flat_map(|r| r[3].split(", ").map(|s| s.trim_matches('`')))
        .collect();
    named.sort_unstable();
    let workflow = load(&root().join("formal/spec_impl.v2.yaml"));
    let states = workflow.ir.states.iter().map(|s| s.id.value.as_str());
    let mut states: Vec<&str> = states.collect();
    states.sort_unstable();
    assert_eq!(named, states);
}
