//! Holds TLC on generated TLA+ and the embedded engine against each other on made-up workflows: every answer, the numbers
//! of states, and each counterexample in the reference semantics.

use std::time::Duration;

use tribunal::engine::Request;
use tribunal::engine::explore::{self, ExploreOptions};
use tribunal::engine::tlc::{self, TlcOptions};
use tribunal::finding::{Answer, EngineState, PropertyIx};
use tribunal::host::cancel::CancelToken;
use tribunal::host::tools::Tool;
use tribunal::model::{desugar, replay};

use crate::random_workflow::workflow;
use crate::tlc::checked;
use crate::tools::require;

/// The workflows that are always tried; `TRIBUNAL_RANDOM=from..to` asks for others.
const NUMBERS: std::ops::Range<u64> = 0..2;

#[test]
fn tlc_and_the_embedded_engine_agree_on_made_up_workflows() {
    let (Some(java), Some(jar)) = (require(Tool::Java), require(Tool::TlcJar)) else {
        return;
    };
    let cache = tempfile::tempdir().expect("a directory");
    let options = TlcOptions {
        java: Some(java),
        jar: Some(jar),
        workers: 2,
        expected_states: None,
        cache: Some(cache.path().to_owned()),
    };
    let numbers = match std::env::var("TRIBUNAL_RANDOM") {
        Ok(range) => {
            let (from, to) = range.split_once("..").expect("from..to");
            from.parse().expect("a number")..to.parse().expect("a number")
        }
        Err(_) => NUMBERS,
    };
    let mut complaints = Vec::new();
    for number in numbers {
        complaints.append(&mut differences(number, &options));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn differences(number: u64, options: &TlcOptions) -> Vec<String> {
    let system = desugar(&checked(&workflow(number), None));
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let request = Request {
        system: &system,
        properties: &all,
        deadline: Duration::from_secs(120),
        cancel: CancelToken::new(),
        artifacts: None,
        progress: &|_| {},
    };
    let ours = explore::run(&request, &ExploreOptions::default());
    let theirs = tlc::run(&request, options);
    let mut complaints = Vec::new();
    let mut complain = |what: String| complaints.push(format!("workflow {number}: {what}"));
    if !matches!(theirs.state, EngineState::Ran { .. }) {
        complain(format!("{:?}", theirs.state));
    }
    let (distinct, expected) = (
        theirs.states.map(|s| s.distinct),
        ours.states.map(|s| s.distinct),
    );
    if distinct != expected || distinct.is_none() {
        complain(format!("{distinct:?} states instead of {expected:?}"));
    }
    for ((property, ours), theirs) in system
        .properties
        .iter()
        .zip(&ours.answers)
        .zip(&theirs.answers)
    {
        let same = match &theirs.answer {
            Answer::NotAsked(_) => property.form == "can_reach",
            // Many of these are violated, more than TLC is run again for.
            Answer::Unknown(why) => why.starts_with("masked"),
            Answer::Holds { .. } | Answer::Violated { .. } => {
                theirs.answer.word() == ours.answer.word()
            }
            Answer::Unavailable(_) | Answer::Error(_) => false,
        };
        if !same {
            complain(format!(
                "{}: {:?} instead of {:?}",
                property.id, theirs.answer, ours.answer
            ));
        }
        if let Answer::Violated {
            trace: Some(trace), ..
        } = &theirs.answer
            && let Err(error) = replay(&system, theirs.property, trace)
        {
            complain(format!("{}: does not replay: {error}", property.id));
        }
    }
    complaints
}
