//! What the digest of a workflow depends on, and that the JSON form is read back as the same workflow.

use tribunal::ir::canonical::{digest, policy_digest, to_full_json, to_json, to_text};
use tribunal::ir::{Digest, SourceId, Workflow};
use tribunal::syntax::{parse_policy, parse_workflow};

const BASE: &str = r#"ir: 1
workflow_id: review
version: 4
goal: "Review and merge"
constraints: ["merge only what was reviewed"]
actors:
  - Planner
  - {id: Ci, kind: service}
states:
  - Draft
  - {id: Merged, needs: [approval]}
  - Rejected
terminal: {success: [Merged], failure: [Rejected]}
artifacts: [plan, branch]
evidence:
  check:    {of: [plan, branch], fields: {result: {type: enum, values: [pass, fail]}}}
  approval: {of: [plan]}
vars:
  rounds: {type: int, range: [0, 3], init: 0}
  urgent: {type: bool, init: any}
transitions:
  - id: approve
    actor: Planner
    from: [Draft]
    to: Merged
    choose: {r: {type: enum, values: [pass, fail]}}
    when: "fresh(check) and check.result == pass"
    set: {rounds: rounds + 1, urgent: false}
    bump: [plan]
    drop: [check]
    record: {approval: {from: check}}
    fair: weak
  - {id: tick, actor: Ci, bump: [branch]}
properties:
  - {id: bounded, always: "rounds <= 3", text: "because", requirement: R1}
  - {id: aligned, at: approve, require: "fresh(approval)"}
  - {id: order, precedes: [tick, approve]}
  - {id: answered, leads_to: ["state == Draft", terminal]}
policy:
  rules:
    - {id: no_blocking, action: approve, effect: forbid, when: "blocking > 0", reason: "one is open"}
"#;

fn read(text: &str) -> Workflow {
    parse_workflow(SourceId(0), text)
        .unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"))
        .value
}

fn of(text: &str) -> Digest {
    digest(&read(text), None)
}

/// The base with one place changed.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(BASE.matches(from).count(), 1, "{from}");
    BASE.replace(from, to)
}

#[test]
fn spelling_does_not_matter() {
    let same = [
        ("ir: 1\n", ""),
        ("version: 4", "version: 5"),
        ("version: 4\n", ""),
        (
            "ir: 1\nworkflow_id: review",
            "# a comment\nworkflow_id: review # another\nir: 1",
        ),
        ("\"Review and merge\"", "Review and merge"),
        ("\"Review and merge\"", ">-\n  Review\n  and merge"),
        ("  - Planner\n", "  - {id: Planner, kind: agent}\n"),
        ("  - Draft\n", "  - {needs: [], id: Draft}\n"),
        (
            "artifacts: [plan, branch]",
            "initial: Draft\nartifacts:\n  - plan\n  - \"branch\"",
        ),
        ("from: [Draft]", "from: Draft"),
        (
            "{id: tick, actor: Ci, bump: [branch]}",
            "{id: tick, actor: Ci, from: [Draft], drop: [], bump: [branch]}",
        ),
        (
            "fresh(check) and check.result == pass",
            "(fresh( check ))  and (check . result == (pass))",
        ),
        (
            "rounds + 1, urgent: false",
            "\"rounds+1\", urgent: \"false\"",
        ),
        (
            "{rounds: rounds + 1, urgent: false}",
            "{urgent: false, rounds: rounds + 1}",
        ),
        ("init: 0}", "init: \"0\", phase: false}"),
        ("init: 0}", "init: -0}"),
        ("range: [0, 3]", "range: [-0, 3]"),
        (
            "  rounds: {type: int, range: [0, 3], init: 0}\n  urgent: {type: bool, init: any}\n",
            "  urgent: {init: any, type: bool}\n  rounds: {type: int, range: [0, 3], init: 0}\n",
        ),
        ("precedes: [tick, approve]", "precedes: [[tick], approve]"),
        ("requirement: R1}", "requirement: R1, lemma: false}"),
        (
            "rules:\n    - {id: no_blocking, action: approve,",
            "rules:\n    - {action: approve, id: no_blocking,",
        ),
    ];
    for (from, to) in same {
        assert_eq!(of(&changed(from, to)), of(BASE), "{from} → {to}");
    }
}

#[test]
fn meaning_does() {
    let different = [
        ("workflow_id: review", "workflow_id: review2"),
        ("Review and merge", "Review or merge"),
        ("merge only what was reviewed", "merge only"),
        ("constraints: [\"merge only what was reviewed\"]\n", ""),
        ("  - Planner\n", "  - {id: Planner, kind: human}\n"),
        ("kind: service", "kind: agent"),
        ("  - Planner\n", "  - Planner\n  - Other\n"),
        ("  - Draft\n", "  - {id: Draft, needs: [check]}\n"),
        ("  - {id: Merged, needs: [approval]}\n", "  - Merged\n"),
        (
            "  - Draft\n  - {id: Merged, needs: [approval]}\n",
            "  - {id: Merged, needs: [approval]}\n  - Draft\n",
        ),
        ("artifacts:", "initial: Rejected\nartifacts:"),
        ("terminal: {success: [Merged], failure: [Rejected]}\n", ""),
        (
            "terminal: {success: [Merged], failure: [Rejected]}",
            "terminal: none",
        ),
        (
            "success: [Merged], failure: [Rejected]",
            "success: [Merged, Rejected]",
        ),
        (
            "success: [Merged], failure: [Rejected]",
            "success: [Merged, Rejected], failure: []",
        ),
        (
            "success: [Merged], failure: [Rejected]",
            "success: [Rejected], failure: [Merged]",
        ),
        ("artifacts: [plan, branch]", "artifacts: [branch, plan]"),
        (
            "artifacts: [plan, branch]",
            "artifacts: [plan, branch, extra]",
        ),
        ("check:    {of: [plan, branch]", "check:    {of: [plan]"),
        (
            "fields: {result: {type: enum, values: [pass, fail]}}",
            "fields: {result: {type: enum, values: [fail, pass]}}",
        ),
        (
            "fields: {result: {type: enum, values: [pass, fail]}}",
            "fields: {outcome: {type: enum, values: [pass, fail]}}",
        ),
        (", fields: {result: {type: enum, values: [pass, fail]}}", ""),
        ("  approval: {of: [plan]}", "  approved: {of: [plan]}"),
        ("range: [0, 3]", "range: [0, 4]"),
        ("range: [0, 3]", "range: [-1, 3]"),
        ("init: 0", "init: 1"),
        ("init: 0", "init: any"),
        ("init: 0", "init: 0, phase: true"),
        ("init: any", "init: true"),
        ("type: bool", "type: int, range: [0, 1]"),
        ("id: approve", "id: approve2"),
        ("actor: Planner", "actor: Ci"),
        ("from: [Draft]", "from: [Draft, Merged]"),
        (
            "    from: [Draft]\n    to: Merged\n",
            "    to: Merged\n    from: [Merged, Draft]\n",
        ),
        ("    to: Merged\n", ""),
        ("    to: Merged\n", "    to: Draft\n"),
        (
            "choose: {r: {type: enum, values: [pass, fail]}}",
            "choose: {q: {type: enum, values: [pass, fail]}}",
        ),
        (
            "choose: {r: {type: enum, values: [pass, fail]}}",
            "choose: {r: {type: bool}}",
        ),
        ("    choose: {r: {type: enum, values: [pass, fail]}}\n", ""),
        (
            "fresh(check) and check.result == pass",
            "fresh(check) or check.result == pass",
        ),
        (
            "fresh(check) and check.result == pass",
            "fresh(check) and check.result == fail",
        ),
        (
            "fresh(check) and check.result == pass",
            "fresh(check, plan) and check.result == pass",
        ),
        ("    when: \"fresh(check) and check.result == pass\"\n", ""),
        (
            "    when: \"fresh(check) and check.result == pass\"\n",
            "    when: true\n",
        ),
        ("rounds + 1", "rounds - 1"),
        ("urgent: false}", "urgent: true}"),
        (", urgent: false}", "}"),
        ("bump: [plan]", "bump: [plan, branch]"),
        ("    bump: [plan]\n", ""),
        ("drop: [check]", "drop: []"),
        ("approval: {from: check}", "approval: {}"),
        (
            "approval: {from: check}",
            "approval: {from: check, note: r}",
        ),
        ("record: {approval: {from: check}}", "record: {}"),
        ("fair: weak", "fair: strong"),
        ("    fair: weak\n", ""),
        ("  - {id: tick, actor: Ci, bump: [branch]}\n", ""),
        ("id: bounded", "id: bound"),
        ("always: \"rounds <= 3\"", "never: \"rounds <= 3\""),
        ("always: \"rounds <= 3\"", "reachable: \"rounds <= 3\""),
        ("always: \"rounds <= 3\"", "can_reach: \"rounds <= 3\""),
        ("always: \"rounds <= 3\"", "eventually: \"rounds <= 3\""),
        (
            "always: \"rounds <= 3\"",
            "infinitely_often: \"rounds <= 3\"",
        ),
        ("rounds <= 3", "rounds < 3"),
        ("text: \"because\"", "text: \"why\""),
        (", requirement: R1", ""),
        ("requirement: R1", "requirement: R1, lemma: true"),
        ("requirement: R1", "requirement: R1, expect: violated"),
        (
            "require: \"fresh(approval)\"",
            "ensure: \"fresh(approval)\"",
        ),
        ("at: approve", "at: tick"),
        ("precedes: [tick, approve]", "precedes: [approve, tick]"),
        (
            "precedes: [tick, approve]",
            "precedes: [[tick, approve], tick]",
        ),
        (
            "[\"state == Draft\", terminal]",
            "[terminal, \"state == Draft\"]",
        ),
        ("effect: forbid", "effect: require"),
        ("action: approve", "action: release"),
        ("id: no_blocking", "id: none_blocking"),
        ("blocking > 0", "blocking > 1"),
        (", reason: \"one is open\"", ""),
    ];
    let base = of(BASE);
    let mut seen = std::collections::HashMap::from([(base, "the base")]);
    for (from, to) in different {
        if let Some(other) = seen.insert(of(&changed(from, to)), to) {
            // Two edits may say the same in two ways, but none may say what the base says.
            assert_ne!(other, "the base", "{from} → {to}");
        }
    }
    let without_policy = BASE.split("policy:").next().expect("a start");
    assert_ne!(of(without_policy), base);
    assert_ne!(
        of(&format!("{without_policy}policy: {{rules: []}}\n")),
        of(without_policy)
    );
}

#[test]
fn a_refined_file_counts_by_its_digest_and_not_its_path() {
    let text = |path: &str, state: &str| {
        format!("{BASE}refines: {{workflow: {path}, map: {{state: {state}}}}}\n")
    };
    let (one, two) = (Digest::of(b"one"), Digest::of(b"two"));
    let with = |path, state, other: &Digest| digest(&read(&text(path, state)), Some(other));
    assert_eq!(
        with("a.yaml", "Draft", &one),
        with("b/c.yaml", "Draft", &one)
    );
    assert_ne!(with("a.yaml", "Draft", &one), with("a.yaml", "Draft", &two));
    assert_ne!(
        with("a.yaml", "Draft", &one),
        with("a.yaml", "Merged", &one)
    );
    let json = to_json(&read(&text("a.yaml", "Draft")), Some(&one));
    assert_eq!(json["refines"]["digest"], one.to_string());
    assert_eq!(json["refines"].get("workflow"), None);
}

#[test]
fn a_digest_that_must_never_change() {
    // Approvals on disk carry digests; the form they are taken of is part of the file format.
    let text = "workflow_id: w\ngoal: g\nactors: [Human]\nstates: [A]\ntransitions: []\n";
    let canonical = concat!(
        r#"{"actors":[{"id":"Human","kind":"human"}],"artifacts":[],"constraints":[],"evidence":{},"goal":"g","#,
        r#""initial":"A","ir":1,"properties":[],"states":[{"id":"A","needs":[]}],"transitions":[],"vars":{},"workflow_id":"w"}"#
    );
    assert_eq!(to_text(&to_json(&read(text), None)), canonical);
    assert_eq!(
        of(text).to_string(),
        "cb54a1daca734daecff54bfa7a658382d3844e285e811dbc976210bd608a52bf"
    );
}

#[test]
fn full_json_is_read_back_as_the_same_workflow() {
    let other = Digest::of(b"other");
    let texts = [
        BASE.to_owned(),
        format!(
            "{BASE}refines: {{workflow: \"dir/é \\\"x\\\".yaml\", map: {{state: Draft, a: \"rounds+1\"}}}}\n"
        ),
        changed(
            "Review and merge",
            "tab\\t, quote\\\", line\\nend, \\u0001, ünï: # not a comment",
        ),
        changed(
            "terminal: {success: [Merged], failure: [Rejected]}",
            "terminal: none",
        ),
        changed(
            "terminal: {success: [Merged], failure: [Rejected]}",
            "terminal: {success: [Draft, Merged, Rejected]}",
        ),
    ];
    for text in texts {
        let workflow = read(&text);
        let json = to_full_json(&workflow);
        assert_eq!(json["version"], 4);
        for spelled in [
            json.to_string(),
            serde_json::to_string_pretty(&json).expect("text"),
        ] {
            let again = read(&spelled);
            assert_eq!(
                digest(&again, Some(&other)),
                digest(&workflow, Some(&other)),
                "{spelled}"
            );
            assert_eq!(to_full_json(&again), json);
        }
    }
}

#[test]
fn policies_have_digests_too() {
    let of = |text: &str| policy_digest(&parse_policy(SourceId(0), text).expect("a policy").value);
    let base = "rules:\n  - {id: a, action: approve, effect: permit, when: blocking == 0}\n";
    assert_eq!(
        of(base),
        of("rules: [{when: (blocking)==0, id: a, effect: permit, action: approve}]")
    );
    assert_ne!(of(base), of(&base.replace("== 0", "== 1")));
    assert_ne!(of(base), of(&base.replace("permit", "require")));
}

/// Every workflow of the corpus, as JSON by this program and by another YAML reader, is the same workflow.
#[test]
fn json_forms_of_the_corpus_are_the_same_workflows() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).expect("the corpus") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "yaml") {
            continue;
        }
        count += 1;
        let text = std::fs::read_to_string(&path).expect("readable");
        let workflow = read(&text);
        let other: serde_json::Value = serde_saphyr::from_str(&text).expect("YAML");
        for again in [to_full_json(&workflow).to_string(), other.to_string()] {
            assert_eq!(of(&again), digest(&workflow, None), "{}", path.display());
        }
    }
    assert!(count > 40, "{count}");
}
