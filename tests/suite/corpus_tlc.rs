//! Holds TLC, on generated TLA+, against the corpus: verdicts and numbers of distinct states come from an independent
//! reading of the IR, and every counterexample has to replay in the reference semantics.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use tribunal::engine::Request;
use tribunal::engine::tlc::{TlcOptions, run};
use tribunal::finding::{Answer, EngineState, PropertyIx};
use tribunal::host::cancel::CancelToken;
use tribunal::host::tools::Tool;
use tribunal::model::{desugar, replay};

use crate::corpus::{corpus, files, json, load};
use crate::tools::require;

/// TLC works out strong fairness case by case, 2^n of them; these take it too long here, and may say so.
const SLOW: [&str; 2] = ["token_ring_nine.yaml", "token_ring_nine.broken.yaml"];

#[test]
fn tlc_agrees_with_the_corpus() {
    let (Some(java), Some(jar)) = (require(Tool::Java), require(Tool::TlcJar)) else {
        return;
    };
    let cache = tempfile::tempdir().expect("a directory");
    let options = TlcOptions {
        java: Some(java),
        jar: Some(jar),
        workers: 1,
        expected_states: None,
        cache: Some(cache.path().to_owned()),
    };
    let wanted = std::env::var("TRIBUNAL_CORPUS").unwrap_or_default();
    let queue: Mutex<Vec<PathBuf>> = Mutex::new(
        files(&corpus())
            .into_iter()
            .filter(|path| path.to_string_lossy().contains(&wanted))
            .collect(),
    );
    let complaints: Mutex<Vec<String>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(path) = queue.lock().expect("unpoisoned").pop() else {
                        return;
                    };
                    let mut found = judge(&path, &options);
                    complaints.lock().expect("unpoisoned").append(&mut found);
                }
            });
        }
    });
    let complaints = complaints.into_inner().expect("unpoisoned");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// What TLC says otherwise than the expectations of a file.
fn judge(path: &Path, options: &TlcOptions) -> Vec<String> {
    let name = path
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let slow = SLOW.contains(&name.as_str());
    let system = desugar(&load(path));
    let expected = json(&path.with_extension("expect.json"));
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let evidence = run(
        &Request {
            system: &system,
            properties: &all,
            deadline: Duration::from_secs(if slow { 12 } else { 120 }),
            cancel: CancelToken::new(),
            artifacts: None,
            progress: &|_| {},
        },
        options,
    );
    let mut complaints = Vec::new();
    let mut complain = |what: String| complaints.push(format!("{name}: {what}"));
    if !matches!(evidence.state, EngineState::Ran { .. }) {
        complain(format!("{:?}", evidence.state));
    }
    let distinct = evidence.states.map(|s| s.distinct);
    if distinct != expected["distinct"].as_u64() {
        complain(format!(
            "{distinct:?} states instead of {}",
            expected["distinct"]
        ));
    }
    for (property, answer) in system.properties.iter().zip(&evidence.answers) {
        let want = expected["properties"][&property.id]
            .as_str()
            .expect("an expectation");
        let got = answer.answer.word();
        let agrees = match &answer.answer {
            Answer::NotAsked(_) => property.form == "can_reach",
            Answer::Unknown(why) => slow && why == "deadline",
            Answer::Holds { .. } | Answer::Violated { .. } => got == want,
            Answer::Unavailable(_) | Answer::Error(_) => false,
        };
        if !agrees {
            complain(format!(
                "{}: {:?} instead of {want}",
                property.id, answer.answer
            ));
        }
        if let Answer::Violated {
            trace: Some(trace), ..
        } = &answer.answer
            && let Err(error) = replay(&system, answer.property, trace)
        {
            complain(format!("{}: does not replay: {error}", property.id));
        }
    }
    complaints
}
