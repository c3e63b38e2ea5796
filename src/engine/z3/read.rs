//! Reads states and runs out of Z3's models. Nothing read here is believed: every run is made again by `model::step`, from a
//! state that is initial, and Z3's own states along it have to be the same.

use super::session::{Found, SessionError};
use crate::finding::{State, Trace, TraceStep};
use crate::ir::{Domain, Value};
use crate::lower::smt::frame::enum_width;
use crate::lower::smt::names;
use crate::model::{Command, CommandIx, Outcome, System, step};

/// Why a run cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The model lacks a value.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The run is none of the system's. A defect of ours.
    #[error("Z3's run is none of the workflow's: {0}")]
    NoRun(String),
}

/// The state in a frame.
///
/// # Errors
/// If the model lacks a value.
pub fn state(found: &Found, system: &System, frame: u32) -> Result<State, SessionError> {
    let width = enum_width(system);
    system
        .cells
        .iter()
        .map(|c| {
            if c.optional && !found.bool(&names::given(&system.symbols, c.cell, frame))? {
                return Ok(Value::None);
            }
            let name = names::cell(&system.symbols, c.cell, frame);
            constant(found, &name, c.domain, width)
        })
        .collect()
}

/// The values of a command's choices in the step that leaves a frame.
///
/// # Errors
/// If the model lacks a value.
pub fn choices(
    found: &Found,
    system: &System,
    command: &Command,
    frame: u32,
) -> Result<Vec<Value>, SessionError> {
    let width = enum_width(system);
    command
        .choices
        .iter()
        .map(|c| {
            let name = names::choice(command.name.as_str(), c.name.as_str(), frame);
            constant(found, &name, c.domain, width)
        })
        .collect()
}

fn constant(found: &Found, name: &str, domain: Domain, width: u32) -> Result<Value, SessionError> {
    Ok(match domain {
        Domain::Bool => Value::Bool(found.bool(name)?),
        Domain::Int { .. } => Value::Int(found.int(name)?),
        Domain::Enum { .. } | Domain::State { .. } => Value::Enum(found.position(name, width)?),
    })
}

/// The command that leaves a frame, of those that the question was about.
///
/// # Errors
/// If the model lacks a value, or says of none that it fires.
pub fn fired(
    found: &Found,
    system: &System,
    commands: &[CommandIx],
    frame: u32,
) -> Result<CommandIx, ReadError> {
    for ix in commands {
        if let Some(command) = system.command(*ix)
            && found.bool(&names::fires(command.name.as_str(), frame))?
        {
            return Ok(*ix);
        }
    }
    Err(ReadError::NoRun(format!(
        "nothing fires in step {}",
        frame + 1
    )))
}

/// The run from frame 0 to frame `last`, made again by `model::step`.
///
/// # Errors
/// If the model lacks a value, or the run is none of the system's.
pub fn run(
    found: &Found,
    system: &System,
    commands: &[CommandIx],
    last: u32,
) -> Result<Trace, ReadError> {
    let mut here = state(found, system, 0)?;
    if !system
        .cells
        .iter()
        .zip(&here)
        .all(|(cell, value)| cell.init.contains(value))
    {
        return Err(ReadError::NoRun("it does not start at a start".to_owned()));
    }
    let mut steps = vec![TraceStep {
        transition: None,
        choices: Vec::new(),
        state: here.clone(),
    }];
    for frame in 0..last {
        let ix = fired(found, system, commands, frame)?;
        let Some(command) = system.command(ix) else {
            return Err(ReadError::NoRun("an unknown transition fires".to_owned()));
        };
        let values = choices(found, system, command, frame)?;
        match step(system, command, &here, &values) {
            Outcome::Next(next) if next == state(found, system, frame + 1)? => {
                here = next;
            }
            Outcome::Next(_) => {
                return Err(ReadError::NoRun(format!(
                    "`{}` leads elsewhere in step {}",
                    command.name,
                    frame + 1
                )));
            }
            Outcome::Disabled | Outcome::LeavesRange { .. } => {
                return Err(ReadError::NoRun(format!(
                    "`{}` cannot fire in step {}",
                    command.name,
                    frame + 1
                )));
            }
        }
        steps.push(TraceStep {
            transition: Some(ix),
            choices: values,
            state: here.clone(),
        });
    }
    Ok(Trace {
        steps,
        loop_from: None,
        leaves_range: false,
    })
}
