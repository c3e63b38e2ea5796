//! One run of the engine: guards, then search and induction by turns, then what is left is unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::artifacts;
use super::guards;
use super::prove::{Budget, Prover};
use super::session::{Gate, SessionError, guarded, version};
use crate::engine::{Progress, Request};
use crate::finding::{
    Answer, Engine, EngineState, Evidence, FindingKind, Observation, PropertyAnswer, PropertyIx,
    Subject, SubjectKind,
};
use crate::lower::smt::property::{Asked, asked};
use crate::lower::smt::script::Script;
use crate::model::{CommandIx, PropertyKind};

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Z3Options {
    /// Steps that the bounded search goes.
    pub depth: u32,
    /// The largest k of k-induction.
    pub max_k: u32,
    /// The most work one question may cost, in Z3's resource units; they do not depend on the machine.
    pub effort: u32,
}

impl Default for Z3Options {
    fn default() -> Self {
        Self {
            depth: 8,
            max_k: 3,
            effort: 2_000_000,
        }
    }
}

/// What is said of one property so far.
pub(super) type Answers = BTreeMap<PropertyIx, (Answer, Vec<String>)>;

/// What a run came to.
struct Outcome {
    answers: Answers,
    observations: Vec<Observation>,
    records: Vec<(String, Script)>,
    failed: Option<String>,
}

/// Asks Z3 about every property of the request. Every property of the system is answered.
#[must_use]
pub fn run(request: &Request<'_>, options: &Z3Options) -> Evidence {
    let began = Instant::now();
    let mut outcome = guarded(request.deadline, &request.cancel, |gate| {
        let mut outcome = Outcome {
            answers: Answers::new(),
            observations: Vec::new(),
            records: Vec::new(),
            failed: None,
        };
        if let Err(e) = all(request, options, gate, &mut outcome) {
            outcome.failed = Some(e.to_string());
        }
        outcome
    });
    if let Some(folder) = request.artifacts
        && let Err(e) = artifacts::write(folder, &outcome.records)
    {
        outcome.observations.push(trouble(
            "the questions put to Z3 could not be kept",
            &e.to_string(),
        ));
    }
    Evidence {
        cached: false,
        engine: Engine::Z3,
        state: match &outcome.failed {
            None => EngineState::Ran { version: version() },
            Some(why) => EngineState::Failed {
                version: Some(version()),
                why: why.clone(),
            },
        },
        answers: answers(request, &outcome),
        observations: outcome.observations,
        states: None,
        seconds: began.elapsed().as_secs_f64(),
        commands: vec![format!(
            "libz3 {}, embedded: seed 0, at most {} resource units a question, {} steps, k up to {}",
            version(),
            options.effort,
            options.depth,
            options.max_k
        )],
    }
}

fn answers(request: &Request<'_>, outcome: &Outcome) -> Vec<PropertyAnswer> {
    let wanted: BTreeSet<PropertyIx> = request.properties.iter().copied().collect();
    request
        .system
        .properties()
        .map(|(ix, _)| {
            let (answer, notes) = outcome.answers.get(&ix).cloned().unwrap_or_else(|| {
                let answer = match (&outcome.failed, wanted.contains(&ix)) {
                    (_, false) => Answer::NotAsked("not among the properties asked".to_owned()),
                    (Some(why), true) => Answer::Error(why.clone()),
                    (None, true) => Answer::Unknown("no answer".to_owned()),
                };
                (answer, Vec::new())
            });
            PropertyAnswer {
                property: ix,
                answer,
                assumptions: Vec::new(),
                notes,
                seconds: None,
            }
        })
        .collect()
}

fn all(
    request: &Request<'_>,
    options: &Z3Options,
    gate: &Gate,
    outcome: &mut Outcome,
) -> Result<(), SessionError> {
    let system = request.system;
    let tell = |doing: &str| {
        (request.progress)(Progress {
            engine: Engine::Z3,
            doing: doing.to_owned(),
            states: None,
            rate: None,
        });
    };
    let mut together = Vec::new();
    let mut precedences = Vec::new();
    for ix in request.properties {
        let Some(property) = system.property(*ix) else {
            continue;
        };
        match asked(system, &property.kind, 0) {
            Asked::Beyond(why) => {
                let answer = Answer::NotAsked(why.to_owned());
                outcome.answers.insert(*ix, (answer, Vec::new()));
            }
            Asked::TooLarge(why) => {
                let answer = Answer::Unknown(why.to_owned());
                outcome.answers.insert(*ix, (answer, Vec::new()));
            }
            Asked::Avoid(_) | Asked::Reach(_) => {
                if let PropertyKind::Precedes(before, _) = &property.kind {
                    precedences.push((*ix, before.clone()));
                } else {
                    together.push(*ix);
                }
            }
        }
    }

    tell("guards over all typed values");
    let judged = guards::judge(gate, options.effort, system)?;
    outcome.observations.extend(judged.observations);
    outcome.records.push(("guards".to_owned(), judged.record));
    if !judged.unknown.is_empty() {
        outcome.observations.push(trouble(
            "Z3 did not answer every question about guards",
            &judged.unknown.join("; "),
        ));
    }

    let budget = Budget {
        gate,
        options: *options,
        tell: &tell,
    };
    let every: Vec<CommandIx> = system.commands().map(|(ix, _)| ix).collect();
    let mut prover = Prover::new(budget, system, every, "", Vec::new());
    prover.settle(&together, &mut outcome.answers, &mut outcome.records)?;
    let proved = prover.proved;
    for (ix, before) in precedences {
        let without: Vec<CommandIx> = system
            .commands()
            .map(|(ix, _)| ix)
            .filter(|c| !before.contains(c))
            .collect();
        let label = format!("precedes{}-", ix.0);
        let mut prover = Prover::new(budget, system, without, &label, proved.clone());
        prover.settle(&[ix], &mut outcome.answers, &mut outcome.records)?;
    }
    Ok(())
}

fn trouble(title: &str, detail: &str) -> Observation {
    Observation {
        kind: FindingKind::BudgetExceeded,
        subject: Subject::new(SubjectKind::Engine, Engine::Z3.name()),
        spans: Vec::new(),
        words: vec![title.to_owned(), detail.to_owned()],
        trace: None,
        core: Vec::new(),
    }
}
