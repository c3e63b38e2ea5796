//! The way from a file to an open gate, and who may go it.

use super::fixture::{FLOW, Fixture};
use tribunal::finding::critique::CriticDecision;

#[test]
fn a_file_gets_through_the_gate_step_by_step_and_an_edited_guard_shuts_it() {
    let project = Fixture::with(FLOW);
    assert_eq!(project.gate(), (1, "TRIB-GATE-NOT-VERIFIED".into()));
    project.verify();
    assert_eq!(project.gate(), (1, "TRIB-GATE-NOT-APPROVED".into()));
    assert_eq!(
        project.json(&["pending"]).0,
        0,
        "nothing waits before the critic has spoken"
    );
    let (code, document) = project.json(&["approve", "w.yaml"]);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (1, &"TRIB-GATE-NOT-APPROVED".into())
    );
    project.critique(CriticDecision::Accept);
    let (code, waiting) = project.json(&["pending"]);
    assert_eq!(code, 6);
    let waiting = &waiting["data"]["waiting"][0];
    assert_eq!(
        (&waiting["what"], &waiting["people"]),
        (&"approval".into(), &1.into())
    );
    let shown = project.shown();
    assert_eq!(waiting["to_be_approved"], shown.as_str());
    let (code, approved) = project.json(&["approve", "w.yaml", "--expect", &shown]);
    assert_eq!(code, 0, "{approved:#}");
    assert_eq!(approved["data"]["gate"]["open"], true);
    assert_eq!(approved["data"]["form"], "approved_with_proof");
    assert_eq!(approved["data"]["how"], "expect");
    assert_eq!(project.gate(), (0, "open".into()));
    assert_eq!(project.json(&["pending"]).0, 0);
    // Approving again says so and changes nothing.
    let before = project.events();
    let (code, again) = project.json(&["approve", "w.yaml", "--expect", &shown]);
    assert_eq!(
        (code, &again["errors"][0]["code"]),
        (9, &"TRIB-APPROVED".into())
    );
    assert_eq!(project.events(), before);

    let path = project.path("w.yaml");
    project.edit(
        &path,
        "workflow_id: w",
        "# a comment\nworkflow_id: w # another",
    );
    assert_eq!(project.gate(), (0, "open".into()));
    project.edit(&path, "rounds < 2", "rounds < 1");
    let (code, document) = project.json(&["gate", "w.yaml"]);
    assert_eq!(code, 3, "{document:#}");
    let reason = &document["data"]["reason"];
    assert_eq!(reason["code"], "TRIB-GATE-CHANGED");
    assert_eq!(
        reason["place"]["line"], 14,
        "the line in the user's file: {document:#}"
    );
    let said = reason["message"].as_str().expect("text");
    assert!(said.contains("the `when` of transition `push`"), "{said}");
    assert!(
        said.contains("`rounds < 2`") && said.contains("`rounds < 1`"),
        "{said}"
    );
}

#[test]
fn without_a_path_every_workflow_of_the_project_is_judged() {
    let project = Fixture::approved(FLOW);
    let (code, document) = project.json(&["gate"]);
    assert_eq!(code, 0, "{document:#}");
    assert_eq!(document["data"][0]["path"], "w.yaml");
    let other = FLOW.replace("workflow_id: w", "workflow_id: other");
    project.write("deep/other.yaml", &other);
    let verified = project.run(&["verify", "deep/other.yaml", "--engine", "explore,z3"]);
    assert_eq!(verified.status.code(), Some(0));
    let (code, document) = project.json(&["gate"]);
    let all: Vec<_> = document["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|l| (l["path"].as_str().expect("a path"), l["open"].as_bool()))
        .collect();
    assert_eq!(
        (code, all),
        (
            1,
            vec![("deep/other.yaml", Some(false)), ("w.yaml", Some(true))]
        )
    );
    std::fs::remove_file(project.path("deep/other.yaml")).expect("removed");
    assert_eq!(
        project.json(&["gate"]).0,
        4,
        "a file that is gone is no pass"
    );
}

#[test]
fn no_agent_gives_or_takes_authority_and_off_a_terminal_somebody_says_it_is_a_person() {
    let project = Fixture::criticised(FLOW);
    let shown = project.shown();
    let finding = project.stored().findings[0].id.clone();
    let before = project.events();
    let commands: [&[&str]; 4] = [
        &["approve", "w.yaml", "--expect", &shown],
        &["waive", "w.yaml", &finding, "--reason", "r"],
        &["reject", "w.yaml", "--reason", "r"],
        &["revoke", "w.yaml", "--reason", "r"],
    ];
    for command in commands {
        for environment in [
            &[("SPEC_AGENT_ID", "a1")][..],
            &[("SPEC_AGENT_ID", "a1"), ("SPEC_ROLE", "human")],
            &[("SPEC_ROLE", "planner")],
            &[("SPEC_ROLE", "critic")],
            &[("SPEC_ROLE", "Human")],
            &[],
        ] {
            let output = project.run_as(environment, command);
            assert_eq!(output.status.code(), Some(8), "{command:?} {environment:?}");
        }
    }
    assert_eq!(project.events(), before, "nothing was decided");
    assert!(!project.kept("approval.json").exists());
    // Whoever only looks needs no role.
    for environment in [
        &[("SPEC_AGENT_ID", "a1"), ("SPEC_ROLE", "planner")][..],
        &[],
    ] {
        assert_eq!(
            project.run_as(environment, &["gate"]).status.code(),
            Some(1)
        );
        assert_eq!(
            project.run_as(environment, &["pending"]).status.code(),
            Some(6)
        );
    }
}

#[test]
fn the_author_does_not_approve_unless_the_project_has_one_person() {
    let me = crate::cli::user();
    let project = Fixture::criticised(FLOW);
    let path = project.path(".spec/workflows/w/journal.jsonl");
    std::fs::remove_file(&path).expect("removed");
    project.verify();
    project.critique(CriticDecision::Accept);
    let (code, document) = project.json(&["approve", "w.yaml"]);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (8, &"TRIB-GATE-AUTHOR".into())
    );
    let said = document["errors"][0]["message"].as_str().expect("text");
    assert!(said.contains(&me), "{said}");
    let finding = project.stored().findings[0].id.clone();
    let (code, _) = project.json(&["waive", "w.yaml", &finding, "--reason", "r"]);
    assert_eq!(code, 8);
    project.write(".spec/config.json", r#"{"single_person": true}"#);
    assert_eq!(project.approve().0, 0);
    let output = project.run(&["gate", "w.yaml"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("approved by its own author") && text.contains("not signed"),
        "{text}"
    );
    // Without the setting the same approval does not count.
    project.write(".spec/config.json", "{}");
    assert_eq!(project.gate(), (8, "TRIB-GATE-AUTHOR".into()));
}

#[test]
fn what_is_waived_is_listed_and_ends_with_the_version() {
    let project = Fixture::criticised(FLOW);
    let idle = project
        .stored()
        .findings
        .iter()
        .find(|f| f.kind == "unused")
        .expect("the idle actor")
        .clone();
    let before = project.shown();
    let (code, _) = project.json(&["waive", "w.yaml", "F-0000000000", "--reason", "r"]);
    assert_eq!(code, 2);
    let (code, _) = project.json(&["waive", "w.yaml", &idle.id, "--reason", "  "]);
    assert_eq!(code, 2);
    let (code, document) =
        project.json(&["waive", "w.yaml", &idle.id, "--reason", "kept for later"]);
    assert_eq!(code, 0, "{document:#}");
    let after = project.shown();
    assert_ne!(before, after, "what was shown is another thing now");
    let (code, document) = project.json(&["approve", "w.yaml", "--expect", &before]);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (3, &"TRIB-EXPECT".into())
    );
    let (code, document) = project.json(&["approve", "w.yaml", "--expect", &after]);
    assert_eq!(
        (code, &document["data"]["form"]),
        (0, &"approved_with_waiver".into())
    );
    let approval = project.read(&project.kept("approval.json"));
    let approval: serde_json::Value = serde_json::from_str(&approval).expect("JSON");
    let waiver = &approval["waivers"][0];
    assert_eq!(waiver["finding"], idle.id.as_str());
    assert_eq!(waiver["reason"], "kept for later");
    assert_eq!(waiver["ends_with"], 1);
    // A new version starts without it.
    let path = project.path("w.yaml");
    project.edit(&path, "version: 1", "version: 2");
    project.edit(&path, "rounds < 2", "rounds < 1");
    assert_eq!(project.gate(), (3, "TRIB-GATE-VERSION".into()));
    project.verify();
    assert_eq!(project.gate(), (1, "TRIB-GATE-NOT-APPROVED".into()));
    let old = project.copy();
    old.edit(&old.path("w.yaml"), "version: 2", "version: 1");
    old.edit(&old.path("w.yaml"), "rounds < 1", "rounds < 2");
    assert_eq!(old.gate(), (3, "TRIB-GATE-SUPERSEDED".into()));
}

#[test]
fn what_is_rejected_or_revoked_needs_a_new_version() {
    let project = Fixture::criticised(FLOW);
    let rejected = project.copy();
    assert_eq!(
        rejected.json(&["reject", "w.yaml", "--reason", "no use"]).0,
        0
    );
    let (code, document) = rejected.json(&["approve", "w.yaml"]);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (1, &"TRIB-GATE-REJECTED".into())
    );
    assert_eq!(rejected.gate(), (1, "TRIB-GATE-REJECTED".into()));
    assert_eq!(rejected.json(&["pending"]).0, 0);

    assert_eq!(
        project.json(&["revoke", "w.yaml", "--reason", "r"]).0,
        9,
        "nothing to revoke"
    );
    assert_eq!(project.approve().0, 0);
    assert_eq!(
        project.json(&["reject", "w.yaml", "--reason", "r"]).0,
        9,
        "revoke it first"
    );
    let finding = project.stored().findings[0].id.clone();
    assert_eq!(
        project
            .json(&["waive", "w.yaml", &finding, "--reason", "r"])
            .0,
        9
    );
    // It can be revoked whatever became of the file.
    project.edit(&project.path("w.yaml"), "rounds < 2", "rounds < 1");
    assert_eq!(
        project
            .json(&["revoke", "w.yaml", "--reason", "a mistake"])
            .0,
        0
    );
    project.edit(&project.path("w.yaml"), "rounds < 1", "rounds < 2");
    assert_eq!(project.gate(), (1, "TRIB-GATE-REVOKED".into()));
    assert!(
        project.kept("approval.old-1.json").exists(),
        "it is kept, out of the way"
    );
    assert!(!project.kept("approval.json").exists());
    let (code, document) = project.json(&["approve", "w.yaml"]);
    assert_eq!(
        (code, &document["errors"][0]["code"]),
        (1, &"TRIB-GATE-REVOKED".into())
    );
    // Without the journal's last line it is not approved again.
    let path = project.path(".spec/workflows/w/journal.jsonl");
    let journal = project.read(&path);
    let cut: String = journal
        .lines()
        .take(journal.lines().count() - 1)
        .map(|l| format!("{l}\n"))
        .collect();
    std::fs::write(&path, cut).expect("written");
    assert_eq!(project.gate(), (1, "TRIB-GATE-NOT-APPROVED".into()));
}

#[test]
fn a_policy_may_ask_for_two_people() {
    let own = "policy:\n  rules:\n    - {id: two, action: approve, effect: require, when: \"human_approvals >= 2\", reason: \"two people approve\"}\n";
    let project = Fixture::criticised(&format!("{FLOW}{own}"));
    let (code, waiting) = project.json(&["pending"]);
    assert_eq!(
        (code, &waiting["data"]["waiting"][0]["people"]),
        (6, &2.into())
    );
    let (code, document) = project.approve();
    assert_eq!(
        (code, &document["data"]["more"]),
        (6, &1.into()),
        "{document:#}"
    );
    assert_eq!(project.gate(), (1, "TRIB-GATE-REFUSED".into()));
    let (code, document) = project.json(&["approve", "w.yaml"]);
    assert_eq!(code, 9, "the same person again: {document:#}");
}
