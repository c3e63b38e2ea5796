//! What one run of TLC comes to: its messages, its exit code and how the process ended have to say the same, or it is an error.

use super::message::{Message, Transcript, code, number_before};
use super::printed::{self, Printed, PrintedTrace};
use crate::host::process::{End, Outcome};

/// What a run comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every reachable state was visited and nothing was violated.
    Clean(Counts),
    /// The first violation.
    Violated {
        /// Of what.
        what: Violation,
        /// The run that shows it.
        trace: PrintedTrace,
    },
    /// No answer.
    Failed(Failure),
}

/// The size of a complete search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Distinct states.
    pub distinct: u64,
    /// Depth in states; right with one worker only.
    pub depth: Option<u64>,
}

/// What was violated, in TLC's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// The invariant of this name.
    Invariant(String),
    /// The state or step part of a PROPERTY. TLC gives a name or a place.
    Action(String),
    /// Some temporal property.
    Temporal,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Its time was up.
    #[error("deadline")]
    Deadline,
    /// The caller cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// Java ran out of memory.
    #[error("memory: TLC ran out of it")]
    Memory,
    /// There is no usable Java or no TLC; what to do.
    #[error("{0}")]
    Missing(String),
    /// Anything else.
    #[error("{0}")]
    Broken(String),
}

/// TLC's exit codes that are verdicts.
mod exit {
    pub const SUCCESS: i32 = 0;
    pub const SAFETY: i32 = 12;
    pub const LIVENESS: i32 = 13;
}

/// Reads the end of a run. `temporal` = it was to check temporal properties.
#[must_use]
pub fn judge(outcome: &Outcome, transcript: &Transcript, temporal: bool) -> Verdict {
    let exit = match &outcome.end {
        End::Exited(code) => *code,
        End::Signalled(signal) => {
            let broken = format!("java was killed by signal {signal}");
            return Verdict::Failed(Failure::Broken(broken));
        }
        End::DeadlineExceeded => return Verdict::Failed(Failure::Deadline),
        End::Cancelled => return Verdict::Failed(Failure::Cancelled),
        End::OutputCapped => {
            let broken = "TLC wrote more output than is read".to_owned();
            return Verdict::Failed(Failure::Broken(broken));
        }
        End::FailedToStart(why) => {
            let missing = format!("java could not be started: {why}");
            return Verdict::Failed(Failure::Missing(missing));
        }
    };
    let out_of_memory = transcript.first(code::OUT_OF_MEMORY).is_some()
        || transcript.first(code::OUT_OF_MEMORY_INIT).is_some()
        || outcome.stdout.contains("java.lang.OutOfMemoryError")
        || outcome.stderr.contains("java.lang.OutOfMemoryError");
    if out_of_memory {
        return Verdict::Failed(Failure::Memory);
    }
    if let Some(failure) = not_started(outcome, transcript, exit) {
        return Verdict::Failed(failure);
    }
    if transcript.cut || !outcome.output_complete {
        return broken("TLC's output ends in the middle".to_owned());
    }
    if let Some(violation) = transcript.messages.iter().find(|m| is_violation(m.code)) {
        return violated(transcript, violation, exit);
    }
    if let Some(error) = transcript
        .messages
        .iter()
        .find(|m| matches!(m.severity, 1 | 2))
    {
        return broken(format!(
            "TLC failed (message {}, exit code {exit}): {}",
            error.code,
            shortened(&error.body)
        ));
    }
    if exit != exit::SUCCESS {
        return broken(format!("TLC exited with code {exit} and names no error"));
    }
    clean(transcript, temporal)
}

fn broken(why: String) -> Verdict {
    Verdict::Failed(Failure::Broken(why))
}

fn shortened(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 300 {
        format!("{}…", line.chars().take(300).collect::<String>())
    } else {
        line
    }
}

/// Why TLC did not even begin.
fn not_started(outcome: &Outcome, transcript: &Transcript, exit: i32) -> Option<Failure> {
    if transcript.first(code::VERSION).is_some() {
        return None;
    }
    let stderr = outcome.stderr.as_str();
    let says = |words: &[&str]| {
        words
            .iter()
            .any(|w| stderr.contains(w) || outcome.stdout.contains(w))
    };
    if says(&["UnsupportedClassVersionError"]) {
        return Some(Failure::Missing(
            "java is too old for this tla2tools.jar: install Java 11 or newer".to_owned(),
        ));
    }
    if says(&[
        "Unrecognized VM option",
        "Unrecognized option",
        "Could not create the Java Virtual Machine",
    ]) {
        return Some(Failure::Missing(format!(
            "java does not take TLC's options, it may be too old; install Java 11 or newer: {}",
            shortened(stderr)
        )));
    }
    if says(&[
        "Could not find or load main class",
        "Invalid or corrupt jarfile",
        "ClassNotFoundException",
        "NoClassDefFoundError",
    ]) {
        return Some(Failure::Missing(
            "the file given as tla2tools.jar holds no TLC: set TLA2TOOLS_JAR to one that does"
                .to_owned(),
        ));
    }
    Some(Failure::Broken(format!(
        "what java printed is not TLC's output (exit code {exit}): {}",
        shortened(if stderr.trim().is_empty() {
            &outcome.stdout
        } else {
            stderr
        })
    )))
}

const fn is_violation(code: u32) -> bool {
    matches!(
        code,
        code::INVARIANT
            | code::INVARIANT_INITIAL
            | code::ACTION_PROPERTY
            | code::PROPERTY_INITIAL
            | code::TEMPORAL
    )
}

fn violated(transcript: &Transcript, message: &Message, exit: i32) -> Verdict {
    let body = message.body.as_str();
    // The exit code mixes violations of actions and of liveness, so it is held against the kind only roughly.
    let (what, exits) = match message.code {
        code::INVARIANT | code::INVARIANT_INITIAL => {
            let Some(name) = between(body, "Invariant ", " is violated") else {
                return broken(format!("TLC names no invariant: {}", shortened(body)));
            };
            (Violation::Invariant(name), [exit::SAFETY].as_slice())
        }
        code::ACTION_PROPERTY | code::PROPERTY_INITIAL => {
            let name = between(body, "roperty ", " is violated").unwrap_or_default();
            let exits = [exit::SAFETY, exit::LIVENESS].as_slice();
            (Violation::Action(name), exits)
        }
        _ => (Violation::Temporal, [exit::LIVENESS].as_slice()),
    };
    if !exits.contains(&exit) {
        return broken(format!(
            "TLC's message says violated ({}) and its exit code {exit} does not",
            message.code
        ));
    }
    if transcript.first(code::SUCCESS).is_some() {
        return broken("TLC says both that it found a violation and that it found none".to_owned());
    }
    let trace = if matches!(
        message.code,
        code::INVARIANT_INITIAL | code::PROPERTY_INITIAL
    ) {
        let state = body
            .split_once('\n')
            .and_then(|(_, rest)| printed::values(rest));
        state.map(|values| PrintedTrace {
            states: vec![Printed {
                action: None,
                values,
            }],
            end: None,
        })
    } else {
        printed::trace(&transcript.messages)
    };
    match trace {
        Some(trace) if !trace.states.is_empty() => Verdict::Violated { what, trace },
        Some(_) | None => broken("TLC's trace cannot be read".to_owned()),
    }
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    let (name, _) = rest.split_once(after)?;
    Some(name.trim().to_owned())
}

fn clean(transcript: &Transcript, temporal: bool) -> Verdict {
    if transcript.first(code::SUCCESS).is_none() {
        return broken("TLC exited as if all were well but does not say so".to_owned());
    }
    if temporal && transcript.first(code::CHECKING_TEMPORAL).is_none() {
        return broken("TLC does not say that it checked temporal properties".to_owned());
    }
    let Some(stats) = transcript.last(code::STATS) else {
        return broken("TLC does not say how many states it found".to_owned());
    };
    let text = stats.body.as_str();
    let (Some(distinct), Some(left)) = (
        number_before(text, " distinct states found"),
        number_before(text, " states left on queue"),
    ) else {
        return broken(format!(
            "TLC's numbers of states cannot be read: {}",
            shortened(text)
        ));
    };
    if left != 0 {
        return broken(format!("TLC ended with {left} states left on its queue"));
    }
    Verdict::Clean(Counts {
        distinct,
        depth: transcript
            .first(code::DEPTH)
            .and_then(|m| number_before(&m.body, ".")),
    })
}
