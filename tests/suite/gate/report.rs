//! The gate in every form, the whole way with the critic of the product, and the gate that asks the engines again.

use serde_json::Value as Json;

use super::fixture::{FLOW, Fixture};
use crate::cli::{fits, stdout};

#[test]
fn the_gate_is_told_in_every_form() {
    let project = Fixture::approved(FLOW);
    project.edit(&project.path("w.yaml"), "rounds < 2", "rounds < 1");
    let report = |form: &str| {
        let output = project.run(&["gate", "w.yaml", "--report", form]);
        assert_eq!(output.status.code(), Some(3), "{form}");
        stdout(&output)
    };
    let human = report("human");
    assert!(human.starts_with("shut  w.yaml:13:"), "{human}");
    assert_eq!(human, stdout(&project.run(&["gate", "w.yaml"])));
    let json: Json = serde_json::from_str(&report("json")).expect("JSON");
    assert_eq!(json["data"]["reason"]["code"], "TRIB-GATE-CHANGED");
    let sarif: Json = serde_json::from_str(&report("sarif")).expect("JSON");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "TRIB-GATE-CHANGED");
    let rule = result["ruleIndex"].as_u64().expect("an index");
    let rules = &sarif["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(
        rules[usize::try_from(rule).expect("small")]["id"],
        "TRIB-GATE-CHANGED"
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "w.yaml");
    assert_eq!(place["region"]["startLine"], 13);
    let junit = report("junit");
    assert!(
        junit.contains("failures=\"1\"") && junit.contains("TRIB-GATE-CHANGED"),
        "{junit}"
    );
    let markdown = report("markdown");
    assert!(
        markdown.contains("**shut**") && markdown.contains("`TRIB-GATE-CHANGED`"),
        "{markdown}"
    );
    let both = [
        "gate",
        "w.yaml",
        "--report",
        "sarif=a.sarif",
        "--report",
        "junit=a.xml",
    ];
    assert!(
        stdout(&project.run(&both)).starts_with("shut"),
        "the human one stays on stdout"
    );
    assert!(project.path("a.sarif").exists() && project.path("a.xml").exists());
    let two = ["gate", "--report", "sarif", "--report", "junit"];
    assert_eq!(project.run(&two).status.code(), Some(2));
    // Text of the file cannot become markup or move a cursor.
    project.edit(
        &project.path("w.yaml"),
        "goal: Merge what was reviewed",
        "goal: \"| <b>\\e[31m\"",
    );
    for form in ["human", "markdown"] {
        assert!(!report(form).contains('\u{1b}'), "{form}");
    }
    assert!(!report("markdown").contains("| <b>"));
}

#[test]
fn outside_a_project_there_is_no_gate() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["gate"][..], &["pending"]] {
        let output = crate::cli::run(folder.path(), &[arguments, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(4));
        let document: Json = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(document["errors"][0]["code"], "TRIB-NO-PROJECT");
        fits(&document, &format!("{}.schema.json", arguments[0]));
    }
}

#[test]
fn asked_to_the_gate_compares_the_engines_too() {
    let project = Fixture::approved(FLOW);
    let (code, document) = project.json(&["gate", "w.yaml", "--reverify"]);
    assert_eq!(code, 0, "{document:#}");
    // A report of another version of an engine, approved as it stands.
    let other = Fixture::verified(FLOW);
    let path = other.kept("report.json");
    let text = other.read(&path).replace(
        &format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")),
        "\"version\": \"0.0.1\"",
    );
    std::fs::write(&path, text).expect("written");
    other.critique(tribunal::finding::critique::CriticDecision::Accept);
    assert_eq!(other.approve().0, 0);
    assert_eq!(
        other.gate(),
        (0, "open".into()),
        "what is recorded is what counts"
    );
    let (code, document) = other.json(&["gate", "w.yaml", "--reverify"]);
    assert_eq!(
        (code, &document["data"]["reason"]["code"]),
        (3, &"TRIB-GATE-ENGINES".into())
    );
    let said = document["data"]["reason"]["message"]
        .as_str()
        .expect("text");
    assert!(
        said.contains("explore is version") && said.contains("0.0.1"),
        "{said}"
    );
}

#[test]
fn with_the_products_own_critic_the_whole_way_is_five_commands() {
    let project = Fixture::verified(FLOW);
    let critique = project.run(&["critique", "w.yaml"]);
    assert_eq!(critique.status.code(), Some(0), "{critique:?}");
    assert_eq!(project.json(&["pending"]).0, 6);
    assert_eq!(project.approve().0, 0);
    assert_eq!(project.gate(), (0, "open".into()));
    let audit = project.run(&["audit"]);
    assert_eq!(
        audit.status.code(),
        Some(0),
        "the journal is a life that the model allows: {audit:?}"
    );
}

#[test]
fn what_blocks_is_let_through_only_by_a_waiver() {
    // A state that nothing leaves.
    let flow = FLOW
        .replace(
            "[Draft, Reviewed, Merged, Dropped]",
            "[Draft, Reviewed, Merged, Dropped, Stuck]",
        )
        .replace(
            "  - {id: drop,",
            "  - {id: stick, actor: Coder, from: Draft, to: Stuck}\n  - {id: drop,",
        );
    let project = Fixture::criticised(&flow);
    let findings = project.stored().findings;
    let blocking: Vec<&str> = findings
        .iter()
        .filter(|f| f.severity == tribunal::finding::Severity::Blocking)
        .map(|f| f.id.as_str())
        .collect();
    assert!(!blocking.is_empty());
    let (code, document) = project.json(&["approve", "w.yaml"]);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (1, &"TRIB-GATE-REFUSED".into())
    );
    let said = document["errors"][0]["message"].as_str().expect("text");
    assert!(said.contains("a blocking finding is open"), "{said}");
    let (code, waiting) = project.json(&["pending"]);
    assert_eq!(code, 6);
    let words = waiting["data"]["waiting"][0]["words"]
        .as_str()
        .expect("text");
    assert!(words.contains("a blocking finding is open"), "{words}");
    for finding in &blocking {
        let (code, _) = project.json(&["waive", "w.yaml", finding, "--reason", "known"]);
        assert_eq!(code, 0);
    }
    let (code, document) = project.approve();
    assert_eq!(
        (code, &document["data"]["form"]),
        (0, &"approved_with_waiver".into())
    );
    let (_, gate) = project.json(&["gate", "w.yaml"]);
    assert_eq!(
        gate["data"]["actions"]["release"],
        Json::Null,
        "it may be released: {gate:#}"
    );
}
