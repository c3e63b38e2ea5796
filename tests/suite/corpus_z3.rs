//! Z3 over the whole corpus: its answers never contradict what the independent interpreter says of each file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tribunal::check::{CheckedWorkflow, check};
use tribunal::engine::z3::{Z3Options, run};
use tribunal::engine::{Progress, Request};
use tribunal::finding::{Answer, EngineState, Evidence, PropertyIx};
use tribunal::host::cancel::CancelToken;
use tribunal::ir::SourceId;
use tribunal::model::{System, desugar};
use tribunal::syntax::parse_workflow;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn load(path: &Path) -> CheckedWorkflow {
    let text = std::fs::read_to_string(path).expect("readable");
    let parsed = parse_workflow(SourceId(0), &text)
        .unwrap_or_else(|e| panic!("{}: {e:?}", path.display()))
        .value;
    let refined = parsed.refines.as_ref().map(|r| {
        let other = path.parent().expect("a folder").join(&r.workflow.value);
        Arc::new(load(&other))
    });
    check(parsed, refined).unwrap_or_else(|e| panic!("{}: {e:?}", path.display()))
}

fn judge(system: &System, artifacts: Option<&Path>) -> Evidence {
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let request = Request {
        system,
        properties: &all,
        deadline: Duration::from_secs(60),
        cancel: CancelToken::new(),
        artifacts,
        progress: &|_: Progress| {},
    };
    run(&request, &Z3Options::default())
}

fn corpus() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("tests/corpus"))
        .expect("the corpus")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    files
}

#[test]
fn no_answer_contradicts_what_is_expected() {
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    for file in corpus() {
        let expected = std::fs::read_to_string(file.with_extension("expect.json")).expect("it");
        let expected: serde_json::Value = serde_json::from_str(&expected).expect("JSON");
        let system = desugar(&load(&file));
        let evidence = judge(&system, None);
        let name = file.file_name().expect("a name").to_string_lossy();
        assert!(
            matches!(evidence.state, EngineState::Ran { .. }),
            "{name}: {:?}",
            evidence.state
        );
        assert_eq!(evidence.answers.len(), system.properties.len(), "{name}");
        for (n, (answer, property)) in evidence.answers.iter().zip(&system.properties).enumerate() {
            assert_eq!(answer.property.ix(), n, "{name}");
            let want = expected["properties"][&property.id].as_str();
            let said = answer.answer.word();
            *tally.entry(said).or_default() += 1;
            match &answer.answer {
                Answer::Holds { .. } | Answer::Violated { .. } => {
                    assert_eq!(Some(said), want, "{name}: {}", property.id);
                }
                Answer::Unknown(why) => {
                    if std::env::var_os("TRIBUNAL_TEST_VERBOSE").is_some() {
                        println!("{name}: {} {want:?} {why} {:?}", property.id, answer.notes);
                    }
                }
                Answer::NotAsked(_) => {}
                Answer::Error(why) | Answer::Unavailable(why) => {
                    panic!("{name}: {}: {why}", property.id)
                }
            }
        }
        if std::env::var_os("TRIBUNAL_TEST_VERBOSE").is_some() {
            println!("{name}: {:.2} s", evidence.seconds);
        }
    }
    println!("{tally:?}");
    assert!(tally["holds"] > 100 && tally["violated"] > 10, "{tally:?}");
}

#[test]
fn the_products_own_workflow_is_judged_in_a_second_or_so() {
    for file in ["spec_impl.v1.yaml", "spec_impl.v2.yaml"] {
        let system = desugar(&load(&root().join("formal").join(file)));
        let evidence = judge(&system, None);
        for (answer, property) in evidence.answers.iter().zip(&system.properties) {
            println!("{file} {}: {:?}", property.id, short(&answer.answer));
        }
        for o in &evidence.observations {
            println!("{:?} {} {:?}", o.kind, o.subject.name, o.words);
        }
        println!("{file}: {:.2} s", evidence.seconds);
    }
}

fn short(a: &Answer) -> String {
    match a {
        Answer::Holds { coverage, .. } => format!("holds {coverage:?}"),
        Answer::Violated { .. } => "violated".to_owned(),
        other => format!("{other:?}"),
    }
}
