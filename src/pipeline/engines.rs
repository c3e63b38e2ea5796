//! Which engines run, and running them at the same time. A panic in one is that engine's failure and nobody else's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crate::engine::{Progress, Request};
use crate::finding::{Answer, Engine, EngineState, Evidence, PropertyAnswer};
use crate::host::clock::Stopwatch;

/// Threads of engines have names that begin so; see the panic hook of the program.
pub const THREAD_PREFIX: &str = "engine-";

/// Which engines to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These, and all of them are needed.
    Named(Vec<Engine>),
    /// All that are installed, and at least explore and Z3.
    Installed,
}

impl Selection {
    /// The engines to ask, given those that are installed.
    #[must_use]
    pub fn needed(&self, installed: &[Engine]) -> Vec<Engine> {
        let wanted = |e: &Engine| match self {
            Self::Named(named) => named.contains(e),
            Self::Installed => matches!(e, Engine::Explore | Engine::Z3) || installed.contains(e),
        };
        Engine::ALL.into_iter().filter(wanted).collect()
    }
}

/// One engine, ready to run.
pub struct Runner<'a> {
    /// Which.
    pub engine: Engine,
    /// Runs it; must return soon after the request's token is cancelled.
    pub run: Box<dyn Fn(&Request<'_>) -> Evidence + Send + Sync + 'a>,
}

/// Runs all engines at the same time and waits for all of them. The evidence is in the order of the runners.
#[must_use]
pub fn run_all(request: &Request<'_>, runners: &[Runner<'_>]) -> Vec<Evidence> {
    thread::scope(|scope| {
        let started: Vec<_> = runners
            .iter()
            .map(|runner| {
                let folder = folder(runner.engine)
                    .zip(request.artifacts)
                    .map(|(name, base)| base.join(name));
                let clock = Stopwatch::start();
                let handle = thread::Builder::new()
                    .name(format!("{THREAD_PREFIX}{}", runner.engine))
                    .stack_size(64 * 1024 * 1024)
                    .spawn_scoped(scope, move || {
                        let request = Request {
                            artifacts: folder.as_deref(),
                            ..request.clone()
                        };
                        let ended = catch_unwind(AssertUnwindSafe(|| (runner.run)(&request)));
                        let states = ended
                            .as_ref()
                            .ok()
                            .and_then(|e| e.states)
                            .map(|s| s.distinct);
                        let doing = "done".to_owned();
                        (request.progress)(Progress {
                            engine: runner.engine,
                            doing,
                            states,
                            rate: None,
                        });
                        ended
                    });
                (runner.engine, clock, handle)
            })
            .collect();
        started
            .into_iter()
            .map(|(engine, clock, handle)| {
                let why = match handle.map(thread::ScopedJoinHandle::join) {
                    Ok(Ok(Ok(evidence))) => return evidence,
                    Ok(Ok(Err(panic)) | Err(panic)) => {
                        format!("bug in tribunal: {}", words(&*panic))
                    }
                    Err(error) => format!("its thread could not be started: {error}"),
                };
                failed(request, engine, why, clock.seconds())
            })
            .collect()
    })
}

/// Where in a version's folder an engine keeps what it was given.
const fn folder(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Explore => None,
        Engine::Tlc => Some("tla"),
        Engine::Z3 => Some("smt"),
        Engine::Lean => Some("lean"),
    }
}

/// The evidence of an engine that is not there.
#[must_use]
pub fn unavailable(request: &Request<'_>, engine: Engine, why: &str) -> Evidence {
    let state = EngineState::Unavailable(why.to_owned());
    silent(request, engine, state, 0.0, || {
        Answer::Unavailable(why.to_owned())
    })
}

fn failed(request: &Request<'_>, engine: Engine, why: String, seconds: f64) -> Evidence {
    let state = EngineState::Failed {
        version: None,
        why: why.clone(),
    };
    silent(request, engine, state, seconds, || {
        Answer::Error(why.clone())
    })
}

fn silent(
    request: &Request<'_>,
    engine: Engine,
    state: EngineState,
    seconds: f64,
    answer: impl Fn() -> Answer,
) -> Evidence {
    let answers = request
        .system
        .properties()
        .map(|(property, _)| PropertyAnswer {
            property,
            answer: answer(),
            assumptions: Vec::new(),
            notes: Vec::new(),
            seconds: None,
        })
        .collect();
    Evidence {
        cached: false,
        engine,
        state,
        answers,
        observations: Vec::new(),
        states: None,
        seconds,
        commands: Vec::new(),
    }
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::check::load_str;
    use crate::finding::PropertyIx;
    use crate::host::cancel::CancelToken;
    use crate::model::desugar;

    const TEXT: &str = "workflow_id: w\ngoal: Test\nactors: [A]\nstates: [S]\nterminal: none\n\
                        transitions:\n  - {id: t, from: S, actor: A}\n";

    #[test]
    fn a_panic_in_one_engine_is_its_failure_and_leaves_the_others_alone() {
        let system = desugar(&load_str(TEXT).expect("a workflow"));
        let asked: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
        let request = Request {
            system: &system,
            properties: &asked,
            deadline: Duration::from_secs(1),
            cancel: CancelToken::new(),
            artifacts: None,
            progress: &|_| {},
        };
        let good = |request: &Request<'_>| {
            let state = EngineState::Ran {
                version: "1".to_owned(),
            };
            silent(request, Engine::Explore, state, 0.1, || {
                Answer::NotAsked("a stub".to_owned())
            })
        };
        let runners = [
            Runner {
                engine: Engine::Explore,
                run: Box::new(good),
            },
            Runner {
                engine: Engine::Z3,
                run: Box::new(|_| panic!("boom")),
            },
        ];
        let evidence = run_all(&request, &runners);
        assert_eq!(
            evidence[0].state,
            EngineState::Ran {
                version: "1".to_owned()
            }
        );
        let EngineState::Failed { why, .. } = &evidence[1].state else {
            panic!("{:?}", evidence[1].state)
        };
        assert!(why.contains("boom"), "{why}");
        assert_eq!(evidence[1].answers.len(), asked.len());
        assert!(
            evidence[1]
                .answers
                .iter()
                .all(|a| matches!(a.answer, Answer::Error(_)))
        );
    }

    #[test]
    fn by_default_all_that_are_installed_are_needed_and_the_built_in_ones_always() {
        use Engine::{Explore, Lean, Tlc, Z3};
        assert_eq!(Selection::Installed.needed(&[]), [Explore, Z3]);
        assert_eq!(Selection::Installed.needed(&[Tlc]), [Explore, Tlc, Z3]);
        assert_eq!(
            Selection::Named(vec![Lean, Tlc]).needed(&[Explore]),
            [Tlc, Lean]
        );
    }
}
