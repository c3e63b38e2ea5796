//! The real Lean, by its WebAssembly build. Slow, so few files.

use std::time::Duration;

use tribunal::engine::Request;
use tribunal::engine::lean::{self, Launcher, LeanOptions};
use tribunal::finding::{Answer, Evidence, PropertyIx};
use tribunal::host::cancel::CancelToken;
use tribunal::model::{System, desugar, replay};

use crate::cli::root;
use crate::tools::skip;

fn system(file: &str) -> System {
    let text = std::fs::read_to_string(root().join(file)).expect("a file");
    desugar(&tribunal::check::load_str(&text).expect("a workflow"))
}

fn ask(system: &System) -> Option<Evidence> {
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
    Some(lean::run(&request, &LeanOptions { use_cache: true }))
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
