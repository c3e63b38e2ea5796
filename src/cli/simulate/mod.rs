//! `tribunal simulate FILE`: step by hand, replay a run, or take steps at random. Uses the reference semantics alone.

mod by_hand;
mod read_run;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::args::SimulateArgs;
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::Screen;
use crate::finding::{State, Trace, TraceStep};
use crate::ir::{TransitionId, Value};
use crate::model::{Outcome as StepOutcome, System, choice_tuples, desugar, initial_states, step};
use crate::pipeline::{LoadedKind, load};
use crate::report::render::human::steps_plain;
use crate::report::render::json::{StepJson, step as step_json};
use crate::report::run::{Run, control_state};

/// `data` of `simulate`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulateJson {
    /// The run; entry 0 is the initial state.
    pub trace: Vec<StepJson>,
    /// How it ends: `open`, `terminal`, `deadlock`, `leaves_range`.
    pub end: String,
}

/// Runs it.
#[must_use]
pub fn run(args: &SimulateArgs, screen: &Screen) -> Outcome {
    let loaded = match load(&args.file) {
        Ok(loaded) => loaded,
        Err(error) => {
            let mut outcome = Outcome::empty();
            outcome.diagnostics(&error.sources, &error.diagnostics, screen);
            return outcome;
        }
    };
    let LoadedKind::Workflow(checked) = &loaded.kind else {
        return Outcome::failed(
            ExitCode::Usage,
            "TRIB-USAGE",
            "a policy has no steps to simulate",
            None,
        );
    };
    let system = desugar(checked);
    if let Some(path) = &args.trace {
        return match read_run::read(&system, path) {
            Ok(trace) => told(&system, &trace),
            Err(error) => Outcome::failed(
                ExitCode::Invalid,
                "TRIB-TRACE",
                &error.to_string(),
                error.help(),
            ),
        };
    }
    if let Some(steps) = args.random {
        return told(&system, &random(&system, steps, args.seed));
    }
    if !screen.interactive {
        let help = "give `--trace FILE` or `--random N`, or run it on a terminal";
        return Outcome::failed(
            ExitCode::Usage,
            "TRIB-USAGE",
            "there is nobody to choose the steps",
            Some(help),
        );
    }
    match by_hand::run(&system, screen) {
        Ok(()) => Outcome::empty(),
        Err(error) => Outcome::failed(ExitCode::Invalid, "TRIB-INPUT", &error.to_string(), None),
    }
}

/// A step that is possible in a state.
#[derive(Debug, Clone)]
pub(super) struct Possible {
    transition: TransitionId,
    choices: Vec<Value>,
    after: State,
    leaves_range: bool,
}

/// All steps of a state, in order.
pub(super) fn possible(system: &System, state: &State) -> Vec<Possible> {
    let mut all = Vec::new();
    for (transition, command) in system.commands() {
        for choices in choice_tuples(command) {
            let (after, leaves_range) = match step(system, command, state, &choices) {
                StepOutcome::Disabled => continue,
                StepOutcome::Next(after) => (after, false),
                StepOutcome::LeavesRange { state: after, .. } => (after, true),
            };
            all.push(Possible {
                transition,
                choices,
                after,
                leaves_range,
            });
        }
    }
    all
}

impl Possible {
    fn entry(&self) -> TraceStep {
        TraceStep {
            transition: Some(self.transition),
            choices: self.choices.clone(),
            state: self.after.clone(),
        }
    }
}

/// How a run ends.
pub(super) fn end(system: &System, trace: &Trace) -> &'static str {
    let Some(last) = trace.steps.last() else {
        return "open";
    };
    let here = control_state(system, &last.state);
    if trace.leaves_range {
        "leaves_range"
    } else if here.is_some_and(|s| system.is_terminal(s)) {
        "terminal"
    } else if possible(system, &last.state).is_empty() {
        "deadlock"
    } else {
        "open"
    }
}

fn told(system: &System, trace: &Trace) -> Outcome {
    let run = Run::of(system, trace);
    let end = end(system, trace);
    let mut text: String = steps_plain(&run).into_iter().map(|l| l + "\n").collect();
    text.push_str(match end {
        "terminal" => "  the run ends in a terminal state\n",
        "deadlock" => "  nothing can happen here any more, and this is no terminal state\n",
        "leaves_range" => "  the last step leaves a range\n",
        _ => "",
    });
    let data = SimulateJson {
        trace: run.steps.iter().map(step_json).collect(),
        end: end.to_owned(),
    };
    Outcome::done(text, &data)
}

/// A run of at most so many steps, chosen by a fixed generator: the same seed gives the same run.
fn random(system: &System, steps: u32, seed: u64) -> Trace {
    let mut random = Random(seed);
    let first: Vec<State> = initial_states(system).take(4096).collect();
    let start = random.pick(&first).cloned().unwrap_or_default();
    let mut trace = Trace {
        steps: vec![TraceStep {
            transition: None,
            choices: Vec::new(),
            state: start.clone(),
        }],
        loop_from: None,
        leaves_range: false,
    };
    let mut state = start;
    for _ in 0..steps {
        let all = possible(system, &state);
        let Some(taken) = random.pick(&all) else {
            break;
        };
        trace.steps.push(taken.entry());
        trace.leaves_range = taken.leaves_range;
        state.clone_from(&taken.after);
        if taken.leaves_range {
            break;
        }
    }
    trace
}

/// SplitMix64: small, fixed, and good enough to wander.
struct Random(u64);

impl Random {
    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let n = u64::try_from(all.len()).ok().filter(|n| *n > 0)?;
        all.get(usize::try_from(z % n).ok()?)
    }
}
