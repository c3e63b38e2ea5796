//! Reads a run that `verify --json` printed and takes its steps again.

use std::path::Path;

use serde_json::Value as Json;

use super::possible;
use crate::finding::{State, Trace, TraceStep};
use crate::host::files::{FileError, read_text_capped};
use crate::model::{System, initial_states};
use crate::report::plain;
use crate::report::render::json::StepJson;
use crate::report::run::Shown;

/// Why a run cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{file} holds no run: {why}")]
    Shape { file: String, why: String },
    #[error("the run starts in no initial state of this workflow")]
    Start,
    #[error("step {step}, `{name}`, is not possible there")]
    Step { step: usize, name: String },
}

impl ReadError {
    pub(super) const fn help(&self) -> Option<&'static str> {
        match self {
            Self::File(_) => None,
            Self::Shape { .. } => Some(
                "it wants what `verify --json` printed, one of its findings, or a `trace` alone",
            ),
            Self::Start | Self::Step { .. } => {
                Some("the run belongs to another version of the workflow")
            }
        }
    }
}

const RUN_BYTES: u64 = 16 * 1024 * 1024;

/// The run in a file, as a run of this system.
pub(super) fn read(system: &System, path: &Path) -> Result<Trace, ReadError> {
    let text = read_text_capped(path, RUN_BYTES)?;
    let shape = |why: String| ReadError::Shape {
        file: plain::line(&path.display().to_string()).into_owned(),
        why: plain::line(&why).into_owned(),
    };
    let json: Json = serde_json::from_str(&text).map_err(|e| shape(e.to_string()))?;
    let steps = find(&json).ok_or_else(|| shape("no `trace` in it".to_owned()))?;
    let steps: Vec<StepJson> =
        serde_json::from_value(steps.clone()).map_err(|e| shape(e.to_string()))?;
    follow(system, &steps)
}

/// A list is a run; an object has one under `trace`, or the first finding with one has.
fn find(json: &Json) -> Option<&Json> {
    let full = |v: &&Json| v.as_array().is_some_and(|a| !a.is_empty());
    match json {
        Json::Array(_) => Some(json).filter(full),
        Json::Object(map) => map
            .get("trace")
            .filter(full)
            .or_else(|| map.get("data")?.get("trace").filter(full))
            .or_else(|| {
                map.get("findings")?
                    .as_array()?
                    .iter()
                    .find_map(|f| f.get("trace").filter(full))
            }),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
    }
}

fn follow(system: &System, steps: &[StepJson]) -> Result<Trace, ReadError> {
    let (first, rest) = steps.split_first().ok_or(ReadError::Start)?;
    let mut state = initial_states(system)
        .find(|s| agrees(system, None, s, first))
        .ok_or(ReadError::Start)?;
    let mut trace = Trace {
        steps: vec![TraceStep {
            transition: None,
            choices: Vec::new(),
            state: state.clone(),
        }],
        loop_from: None,
        leaves_range: false,
    };
    for (i, wanted) in rest.iter().enumerate() {
        let name = wanted.transition.clone().unwrap_or_default();
        let taken = possible(system, &state)
            .into_iter()
            .find(|p| {
                let command = system.command(p.transition);
                command.is_some_and(|c| {
                    c.name.as_str() == name
                        && c.choices.iter().zip(&p.choices).all(|(choice, value)| {
                            let shown = Shown::of(&system.symbols, choice.domain.ty(), *value);
                            wanted.choices.get(choice.name.as_str()) == Some(&shown)
                        })
                }) && agrees(system, Some(&state), &p.after, wanted)
            })
            .ok_or_else(|| ReadError::Step {
                step: i + 1,
                name: plain::line(&name).into_owned(),
            })?;
        trace.leaves_range = taken.leaves_range;
        trace.steps.push(taken.entry());
        state = taken.after;
    }
    Ok(trace)
}

/// Whether exactly the cells that the step names changed, to these values.
fn agrees(system: &System, before: Option<&State>, after: &State, step: &StepJson) -> bool {
    system
        .cells
        .iter()
        .zip(after)
        .enumerate()
        .all(|(i, (cell, value))| {
            let name = system.symbols.cell_name(cell.cell);
            let shown = Shown::of(&system.symbols, cell.domain.ty(), *value);
            let changed = before.is_none_or(|b| b.get(i) != Some(value));
            if changed {
                step.changed.get(&name) == Some(&shown)
            } else {
                !step.changed.contains_key(&name)
            }
        })
}
