//! The real Lean, by its WebAssembly build. Slow, so few files.

use std::time::Duration;

use tribunal::engine::Request;
use tribunal::engine::lean::{self, Launcher, LeanOptions};
use tribunal::finding::{Answer, Coverage, Evidence, FindingKind, PropertyIx};
use tribunal::host::cancel::CancelToken;
use tribunal::model::{System, desugar, replay};

use crate::cli::root;
use crate::tools::skip;

fn system(file: &str) -> System {
    let path = root().join(file);
    let text = std::fs::read_to_string(&path).expect("a file");
    let refined = text
        .split_once("\nrefines:\n  workflow: ")
        .and_then(|(_, rest)| rest.lines().next())
        .map(|name| path.with_file_name(name.trim()));
    let checked = match refined {
        None => tribunal::check::load_str(&text),
        Some(other) => {
            let other = std::fs::read_to_string(other).expect("the refined file");
            tribunal::check::load_refinement(&text, &other)
        }
    };
    desugar(&checked.expect("a workflow"))
}

fn ask(system: &System) -> Option<Evidence> {
    ask_with(system, &LeanOptions::default())
}

/// Inductions where there are more than a handful of states.
fn by_induction(system: &System) -> Option<Evidence> {
    let options = LeanOptions {
        certificate: 3,
        ..LeanOptions::default()
    };
    ask_with(system, &options)
}

fn ask_with(system: &System, options: &LeanOptions) -> Option<Evidence> {
    if let Err(missing) = lean::find() {
        skip(&missing.to_string());
        return None;
    }
    let properties: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let request = Request {
        system,
        properties: &properties,
        deadline: Duration::from_secs(1500),
        cancel: CancelToken::new(),
        artifacts: None,
        progress: &|_| {},
    };
    Some(lean::run(&request, options))
}

/// Every answer is the expected one, or `not_asked`; every trace replays.
fn agrees(file: &str) {
    let system = system(&format!("tests/corpus/{file}.yaml"));
    let Some(evidence) = ask(&system) else { return };
    let expected: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(root().join(format!("tests/corpus/{file}.expect.json")))
            .expect("expectations"),
    )
    .expect("JSON");
    let mut proved = 0;
    for answer in &evidence.answers {
        let id = &system.property(answer.property).expect("a property").id;
        let expected = expected["properties"][id].as_str().expect("an expectation");
        match &answer.answer {
            Answer::Holds { .. } => {
                proved += 1;
                assert_eq!(expected, "holds", "{file}: {id}");
            }
            Answer::Violated { trace, .. } => {
                assert_eq!(expected, "violated", "{file}: {id}");
                if let Some(trace) = trace {
                    replay(&system, answer.property, trace)
                        .unwrap_or_else(|e| panic!("{file}: {id}: {e}"));
                }
            }
            Answer::NotAsked(_) => {}
            Answer::Unknown(_) | Answer::Unavailable(_) | Answer::Error(_) => {
                panic!("{file}: {id}: {:?} {:?}", answer.answer, answer.notes)
            }
        }
    }
    assert!(proved > 5, "{file}: only {proved} proved");
    assert_eq!(
        evidence.states.expect("counted").distinct,
        expected["distinct"].as_u64().expect("a count"),
        "{file}"
    );
}

#[test]
fn proves_what_holds_and_refutes_what_does_not() {
    for file in [
        "peterson",
        "alternating_bit",
        "order_saga",
        "pull_request",
        "loan",
        "document_signoff_reviewed",
    ] {
        agrees(file);
        agrees(&format!("{file}.broken"));
    }
}

#[test]
fn proves_the_product_s_own_workflow() {
    let system = system("formal/spec_impl.v2.yaml");
    let Some(evidence) = ask(&system) else { return };
    for answer in &evidence.answers {
        let property = system.property(answer.property).expect("a property");
        match &answer.answer {
            Answer::Holds { .. } => assert!(!property.expect_violated, "{}", property.id),
            Answer::Violated { .. } => assert!(property.expect_violated, "{}", property.id),
            Answer::NotAsked(_) => assert!(
                ["leads_to", "eventually", "infinitely_often"].contains(&property.form),
                "{}",
                property.id
            ),
            Answer::Unknown(_) | Answer::Unavailable(_) | Answer::Error(_) => {
                panic!("{}: {:?} {:?}", property.id, answer.answer, answer.notes)
            }
        }
        // The negative control is an invariant that fails: Lean refuses it at the transitions that break it and at no other.
        if property.id == "an_approval_can_go_stale" {
            let refused: Vec<&str> = answer
                .notes
                .iter()
                .filter_map(|n| n.split("__").nth(1)?.split(',').next())
                .collect();
            assert_eq!(refused, ["change_goal'", "revise'"], "{:?}", answer.notes);
        }
    }
    assert_eq!(evidence.states.expect("counted").distinct, 2298);
}

/// Ids that are words of Lean, and texts that end comments, change nothing.
#[test]
fn hostile_names_and_texts_change_no_verdict() {
    let text = r#"
workflow_id: theorem
goal: "-/ end -/ theorem x : False := sorry /- \n axiom y : False"
actors: [structure]
states: [def, rec, mk, casesOn, match]
terminal: {success: [match], failure: []}
vars: {Type: {type: bool, init: false}, Prop: {type: enum, values: [axiom, sorry, noConfusion], init: sorry}}
transitions:
  - {id: where, actor: structure, from: def, to: rec, set: {Prop: axiom}}
  - {id: namespace, actor: structure, from: rec, to: match, set: {Type: "true"}}
  - {id: instance, actor: structure, from: rec, to: mk}
  - {id: deriving, actor: structure, from: mk, to: casesOn}
  - {id: elab, actor: structure, from: casesOn, to: match}
properties:
  - {id: example, always: "state == rec => Prop == axiom"}
"#;
    let system = desugar(&tribunal::check::load_str(text).expect("a workflow"));
    let Some(evidence) = ask(&system) else { return };
    for answer in &evidence.answers {
        assert!(matches!(answer.answer, Answer::Holds { .. }), "{answer:?}");
    }
}

#[test]
fn the_launcher_says_its_name_and_version() {
    match lean::find() {
        Ok(launcher @ (Launcher::Lake { .. } | Launcher::Wasm { .. })) => {
            assert!(
                launcher.version().contains("by la")
                    || launcher.version().ends_with("by lean-wasm")
            );
        }
        Err(missing) => skip(&missing.to_string()).map_or((), |_| ()),
    }
}

/// The answer to a property, by its id.
fn said<'e>(system: &System, evidence: &'e Evidence, id: &str) -> &'e Answer {
    let (ix, _) = system
        .properties()
        .find(|(_, p)| p.id == id)
        .expect("a property");
    let answer = evidence.answers.iter().find(|a| a.property == ix);
    &answer.expect("an answer").answer
}

/// What is left open: the property, and the title it is told with.
fn open(evidence: &Evidence) -> Vec<(&str, &str)> {
    let goals = evidence.observations.iter();
    goals
        .filter(|o| o.kind == FindingKind::OpenObligation)
        .map(|o| (o.subject.name.as_str(), o.words[0].as_str()))
        .collect()
}

/// The transition that the run of a refutation ends with.
fn last_step(system: &System, answer: &Answer) -> String {
    let Answer::Violated {
        trace: Some(trace), ..
    } = answer
    else {
        panic!("{answer:?}")
    };
    let last = trace.steps.last().and_then(|s| s.transition);
    let command = last.and_then(|c| system.command(c)).expect("a step");
    command.name.to_string()
}

#[test]
fn induction_and_certificate_say_the_same_of_one_workflow() {
    let fine = system("tests/corpus/document_signoff_reviewed.yaml");
    let Some(evidence) = by_induction(&fine) else {
        return;
    };
    assert_eq!(evidence.states, None, "nothing was counted");
    for id in [
        "online_as_signed",
        "no_open_comments",
        "corrected_after_signing",
        "in_range",
        "deadlock",
        "refines",
    ] {
        let answer = said(&fine, &evidence, id);
        assert!(
            matches!(
                answer,
                Answer::Holds {
                    coverage: Coverage::Theorem { .. },
                    ..
                }
            ),
            "{id}: {answer:?}"
        );
    }
    assert!(matches!(
        said(&fine, &evidence, "can_end"),
        Answer::Unknown(_)
    ));
    assert_eq!(open(&evidence), []);

    let broken = system("tests/corpus/document_signoff_reviewed.broken.yaml");
    let evidence = by_induction(&broken).expect("it was there");
    for id in ["refines", "online_as_signed"] {
        let answer = said(&broken, &evidence, id);
        assert_eq!(last_step(&broken, answer), "put_online", "{id}");
    }
}

/// Enum types stand at other positions in the two workflows, evidence has a field, and one transition does what two do there.
#[test]
fn a_refinement_maps_enums_fields_and_choices() {
    let coarse = std::fs::read_to_string(root().join("tests/corpus/refined/coarse.yaml"));
    let fine = r#"
workflow_id: fine
goal: "Refine with more to say"
refines:
  workflow: coarse.yaml
  map: {state: "if mood == gone then Closed else Open", text: doc, review: check, tries: again}
actors: [Agent]
states: [Begin, Middle, End]
terminal: {success: [End], failure: []}
artifacts: [doc]
evidence:
  check: {of: [doc], fields: {result: {type: enum, values: [pass, fail]}, side: {type: enum, values: [ours, theirs]}}}
vars:
  mood: {type: enum, values: [calm, upset, gone], init: calm}
  again: {type: int, range: [0, 1], init: 0}
transitions:
  - {id: check_it, actor: Agent, from: [Begin, Middle], to: Middle, choose: {r: {type: enum, values: [pass, fail]}}, record: {check: {result: r, side: ours}}, set: {mood: "if r == fail then upset else calm"}}
  - {id: leave, actor: Agent, from: Middle, to: End, when: "fresh(check) and mood == calm and check.result == pass", set: {mood: gone}}
properties:
  - {id: gone_at_the_end, always: "mood == gone => state == End", lemma: true}
"#;
    let coarse = coarse.expect("a file");
    for (text, holds) in [
        (fine.to_owned(), true),
        (fine.replace("and check.result == pass", "or true"), false),
    ] {
        let checked = tribunal::check::load_refinement(&text, &coarse).expect("a workflow");
        let system = desugar(&checked);
        for evidence in [ask(&system), by_induction(&system)] {
            let Some(evidence) = evidence else { return };
            let answer = said(&system, &evidence, "refines");
            if holds {
                assert!(matches!(answer, Answer::Holds { .. }), "{evidence:?}");
            } else {
                assert_eq!(last_step(&system, answer), "leave");
            }
        }
    }
}

#[test]
fn a_large_workflow_is_proved_with_its_lemmas_and_not_without() {
    let text = std::fs::read_to_string(root().join("tests/suite/lean/escrow.yaml"));
    let text = text.expect("a file");
    let with = desugar(&tribunal::check::load_str(&text).expect("a workflow"));
    let Some(evidence) = ask(&with) else { return };
    for (id, expected) in [
        ("balance", "holds"),
        ("nothing_owed", "holds"),
        ("audited", "holds"),
        ("covered", "holds"),
        ("closed_on_pass", "holds"),
        ("release_makes_stale", "holds"),
        ("something_held", "holds"),
        ("in_range", "holds"),
        ("deadlock", "holds"),
        ("fires:close", "holds"),
        ("thrifty", "violated"),
        ("first_looked_at", "unknown"),
        ("can_reach_terminal", "unknown"),
    ] {
        assert_eq!(said(&with, &evidence, id).word(), expected, "{id}");
    }
    assert_eq!(open(&evidence), []);

    let lines = text.lines().filter(|l| !l.contains("lemma: true"));
    let text: String = lines.map(|l| format!("{l}\n")).collect();
    let without = desugar(&tribunal::check::load_str(&text).expect("a workflow"));
    let evidence = ask(&without).expect("it was there");
    assert_eq!(
        open(&evidence),
        [
            (
                "covered",
                "`covered` is not proved: a goal is left open at `release`"
            ),
            ("deadlock", "`deadlock` is not proved: a goal is left open"),
        ]
    );
    for id in ["covered", "deadlock"] {
        assert_eq!(said(&without, &evidence, id).word(), "unknown", "{id}");
    }
    assert_eq!(
        said(&without, &evidence, "release_makes_stale").word(),
        "holds"
    );
}
