//! Lean 4: the engine that proves. Generates a development, has it checked by a launcher, and reads what the kernel said.
//!
//! Trusted: Lean's kernel, the statements as generated (`lower::lean`), and this module's reading of Lean's messages. Nothing is
//! green unless Lean exited with 0 or every message has its place in theorems of other properties.

mod axioms;
mod cache;
mod install;
mod judge;
mod launcher;
mod messages;
mod scan;
mod trim;

pub use install::{InstallError, install};
pub use judge::{Judgement, OpenGoal, judge};
pub use launcher::{Launcher, NoLauncher, find, present};
pub use messages::{Dialect, Message, parse};
pub use scan::{Cheat, inspect};

use std::time::Instant;

use crate::engine::{Progress, Request};
use crate::finding::{
    Answer, Coverage, Engine, EngineState, Evidence, FindingKind, Observation, PropertyAnswer,
    PropertyIx, States, Subject, SubjectKind,
};
use crate::lower::lean::{CERTIFICATE_LIMIT, Conclusion, LeanFile, Options, lower};
use crate::model::System;

/// How Lean is run.
#[derive(Debug, Clone)]
pub struct LeanOptions {
    /// Whether answers of earlier runs on the same bytes are taken.
    pub use_cache: bool,
    /// The largest number of reachable states for which a certificate is written; above it, inductions.
    pub certificate: usize,
}

impl Default for LeanOptions {
    fn default() -> Self {
        Self {
            use_cache: true,
            certificate: CERTIFICATE_LIMIT,
        }
    }
}

/// Asks Lean about every property of the request.
#[must_use]
pub fn run(request: &Request<'_>, options: &LeanOptions) -> Evidence {
    let started = Instant::now();
    let mut evidence = Evidence {
        cached: false,
        engine: Engine::Lean,
        state: EngineState::Unavailable(String::new()),
        answers: Vec::new(),
        observations: Vec::new(),
        states: None,
        seconds: 0.0,
        commands: Vec::new(),
    };
    match find() {
        Err(missing) => {
            let why = missing.to_string();
            evidence.answers = everything(request, |_| Answer::Unavailable(why.clone()));
            evidence.state = EngineState::Unavailable(why);
        }
        Ok(launcher) => {
            let version = launcher.version();
            let how = Options {
                certificate: options.certificate,
                print_axioms: launcher.prints_axioms(),
            };
            match lower(request.system, request.properties, &how) {
                Err(e) => {
                    let why = e.to_string();
                    evidence.answers = everything(request, |_| Answer::Unknown(why.clone()));
                    evidence.state = EngineState::Ran { version };
                }
                Ok(file) => check(request, options, &launcher, &version, &file, &mut evidence),
            }
        }
    }
    evidence.seconds = started.elapsed().as_secs_f64();
    evidence
}

fn check(
    request: &Request<'_>,
    options: &LeanOptions,
    launcher: &Launcher,
    version: &str,
    file: &LeanFile,
    evidence: &mut Evidence,
) {
    (request.progress)(Progress {
        engine: Engine::Lean,
        doing: "checking proofs".to_owned(),
        states: file.states,
        rate: None,
    });
    let key = cache::key(&file.text, version);
    let known = if options.use_cache {
        cache::load(&key)
    } else {
        None
    };
    let cached = known.is_some();
    let answer = known.unwrap_or_else(|| launcher.check(&file.text, request));
    if !cached {
        cache::store(&key, &answer);
    }
    evidence.cached = cached;
    evidence.commands = answer.commands.clone();
    let judgement = judge(file, &answer);
    evidence.state = match &judgement.failure {
        None => EngineState::Ran {
            version: version.to_owned(),
        },
        Some(why) => EngineState::Failed {
            version: Some(version.to_owned()),
            why: why.clone(),
        },
    };
    if judgement.failure.is_none() {
        evidence.states = file.states.map(|distinct| States {
            distinct,
            steps: None,
            depth: None,
            complete: true,
        });
    }
    for theorem in &judgement.unsound {
        evidence.observations.push(Observation {
            kind: FindingKind::UnsoundProof,
            subject: Subject::new(SubjectKind::Engine, "lean"),
            spans: Vec::new(),
            words: vec![format!("a proof does not count: {theorem}")],
            trace: None,
            core: Vec::new(),
        });
    }
    evidence.answers = request
        .system
        .properties()
        .map(|(ix, _)| {
            let conclusion = file
                .conclusions
                .iter()
                .find(|(p, _)| *p == ix)
                .map(|(_, c)| c);
            let answer = answer_of(conclusion, &judgement, ix);
            PropertyAnswer {
                property: ix,
                answer,
                assumptions: Vec::new(),
                notes: judgement.notes(ix),
                seconds: None,
            }
        })
        .collect();
    for (ix, goals) in judgement.open() {
        let Some(property) = request.system.property(*ix) else {
            continue;
        };
        // A goal about something that does not hold is open for a good reason; the violation says so.
        if file
            .conclusions
            .iter()
            .any(|(p, c)| p == ix && matches!(c, Conclusion::Violated { .. }))
        {
            continue;
        }
        evidence.observations.push(Observation {
            kind: FindingKind::OpenObligation,
            subject: Subject::new(SubjectKind::Property, property.id.clone()),
            spans: vec![property.span],
            words: open_words(request.system, &property.id, goals),
            trace: None,
            core: Vec::new(),
        });
    }
}

/// An open goal in words: the property and the transitions first, then what Lean said.
fn open_words(system: &System, id: &str, goals: &[OpenGoal]) -> Vec<String> {
    let mut at: Vec<String> = goals
        .iter()
        .filter_map(|g| Some(format!("`{}`", system.command(g.transition?)?.name)))
        .collect();
    at.dedup();
    let title = if at.is_empty() {
        format!("`{id}` is not proved: a goal is left open")
    } else {
        format!(
            "`{id}` is not proved: a goal is left open at {}",
            at.join(", ")
        )
    };
    let said = goals.iter().flat_map(|g| {
        let values = g
            .values
            .iter()
            .map(|v| format!("Lean cannot exclude {v}, which need not be reachable"));
        std::iter::once(g.said.clone()).chain(values)
    });
    std::iter::once(title).chain(said).collect()
}

fn answer_of(conclusion: Option<&Conclusion>, judgement: &Judgement, ix: PropertyIx) -> Answer {
    if let Some(why) = &judgement.failure {
        return judgement.answer_of_failure(why);
    }
    match conclusion {
        None => Answer::NotAsked("not among the properties asked".to_owned()),
        Some(Conclusion::NotAsked(why)) => Answer::NotAsked(why.clone()),
        Some(Conclusion::Unknown(why)) => Answer::Unknown(why.clone()),
        Some(Conclusion::Holds {
            theorem,
            rests_on,
            witness,
        }) => {
            let base = rests_on.iter().all(|p| judgement.accepted(*p, theorem));
            if base && judgement.accepted(ix, theorem) {
                Answer::Holds {
                    coverage: Coverage::Theorem {
                        name: theorem.clone(),
                    },
                    witness: witness.clone(),
                }
            } else {
                Answer::Unknown("open goal".to_owned())
            }
        }
        Some(Conclusion::Violated { theorem, trace }) => {
            if judgement.accepted(ix, theorem) {
                Answer::Violated {
                    trace: trace.clone(),
                    coverage: Some(Coverage::Theorem {
                        name: theorem.clone(),
                    }),
                }
            } else {
                Answer::Unknown("open goal".to_owned())
            }
        }
    }
}

fn everything(request: &Request<'_>, answer: impl Fn(usize) -> Answer) -> Vec<PropertyAnswer> {
    request
        .system
        .properties()
        .map(|(property, _)| PropertyAnswer {
            property,
            answer: if request.properties.contains(&property) {
                answer(property.ix())
            } else {
                Answer::NotAsked("not among the properties asked".to_owned())
            },
            assumptions: Vec::new(),
            notes: Vec::new(),
            seconds: None,
        })
        .collect()
}
