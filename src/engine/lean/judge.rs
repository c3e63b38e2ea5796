//! From Lean's messages to what counts as proved.
//!
//! Lean goes on after an error, and what rests on a failed theorem is then accepted silently. So a failure in anything shared
//! fails everything, and a failure in a theorem of one property fails that property.

use std::collections::BTreeMap;

use super::axioms::{RestsOn, rests_on};
use super::launcher::Checked;
use super::messages::{Message, Weight, parse};
use super::scan::inspect;
use crate::finding::{Answer, PropertyIx};
use crate::host::process::End;
use crate::lower::lean::{LeanFile, Theorem};
use crate::model::CommandIx;

/// What Lean's answer comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The run as a whole does not count, and why.
    pub failure: Option<String>,
    /// Whether the failure is a want of time.
    timeout: bool,
    /// Proofs that do not count.
    pub unsound: Vec<String>,
    /// Theorems that were not accepted, by property.
    open: BTreeMap<PropertyIx, Vec<OpenGoal>>,
    /// The same, by theorem name.
    failed: Vec<String>,
}

/// A theorem that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGoal {
    /// The transition it is about.
    pub transition: Option<CommandIx>,
    /// The theorem, its line, and what Lean said first.
    pub said: String,
    /// Values under which Lean's arithmetic did not get on, in the names of the workflow; they need not be reachable.
    pub values: Option<String>,
}

impl Judgement {
    fn failed(why: impl Into<String>) -> Self {
        Self {
            failure: Some(why.into()),
            timeout: false,
            unsound: Vec::new(),
            open: BTreeMap::new(),
            failed: Vec::new(),
        }
    }

    /// Whether the concluding theorem of a property was accepted, and everything of the property that it may rest on.
    #[must_use]
    pub fn accepted(&self, property: PropertyIx, theorem: &str) -> bool {
        let refutes = theorem.starts_with("violated'");
        // A refutation is a theorem of its own and rests on no other; a proof rests on the property's other theorems.
        let open = if refutes {
            self.failed.iter().any(|t| t == theorem)
        } else {
            self.open.contains_key(&property)
        };
        self.failure.is_none() && self.unsound.is_empty() && !open
    }

    /// What Lean said about theorems of a property, a line each.
    #[must_use]
    pub fn notes(&self, property: PropertyIx) -> Vec<String> {
        let goals = self.open.get(&property).into_iter().flatten();
        goals.map(|g| g.said.clone()).collect()
    }

    /// Properties with theorems that were not accepted.
    pub fn open(&self) -> impl Iterator<Item = (&PropertyIx, &Vec<OpenGoal>)> {
        self.open.iter()
    }

    /// The answer to every property when the run as a whole failed.
    #[must_use]
    pub fn answer_of_failure(&self, why: &str) -> Answer {
        if self.timeout {
            Answer::Unknown(why.to_owned())
        } else {
            Answer::Error(why.to_owned())
        }
    }
}

/// Judges what a launcher brought back for `file`.
#[must_use]
pub fn judge(file: &LeanFile, checked: &Checked) -> Judgement {
    let code = match &checked.end {
        End::Exited(code) => *code,
        End::DeadlineExceeded => {
            return Judgement {
                timeout: true,
                ..Judgement::failed("deadline")
            };
        }
        End::Cancelled => {
            return Judgement {
                timeout: true,
                ..Judgement::failed("cancelled")
            };
        }
        End::Signalled(signal) => {
            return Judgement::failed(format!("Lean was killed by signal {signal}"));
        }
        End::OutputCapped => return Judgement::failed("Lean printed more than is read"),
        End::FailedToStart(why) => {
            return Judgement::failed(format!("Lean could not be started: {why}"));
        }
    };
    let cheats = inspect(&file.text, &checked.text);
    if !cheats.is_empty() {
        let words: Vec<String> = cheats.iter().map(ToString::to_string).collect();
        let mut judgement =
            Judgement::failed("the file that Lean read is not the one that was generated");
        judgement.unsound = words;
        return judgement;
    }
    let (told, messages): (Vec<Message>, Vec<Message>) = parse(&checked.output, checked.dialect)
        .into_iter()
        .partition(|m| m.weight == Weight::Info);
    if code == 0 && !messages.is_empty() {
        return Judgement::failed("Lean exited with 0 although it complained");
    }
    if code != 0 && messages.is_empty() {
        return Judgement::failed(format!(
            "Lean exited with {code} without a message that could be read"
        ));
    }
    if !checked.finished && code == 0 {
        return Judgement::failed("Lean's output breaks off");
    }
    let mut judgement = place(file, &messages);
    hold_to_axioms(file, &told, &mut judgement);
    judgement
}

/// Holds every conclusion to Lean's own axioms, where Lean was asked for them.
fn hold_to_axioms(file: &LeanFile, told: &[Message], judgement: &mut Judgement) {
    for (line, name) in &file.axioms {
        let property = file.theorems.iter().find(|t| t.name == *name);
        match rests_on(told, *line, name) {
            RestsOn::Logic => {}
            RestsOn::OpenGoal if !judgement.failed.is_empty() => {
                if let Some(ix) = property.and_then(|t| t.property)
                    && !judgement.failed.contains(name)
                {
                    judgement.open.entry(ix).or_default().push(OpenGoal {
                        transition: None,
                        said: format!("theorem {name} rests on a goal that is left open"),
                        values: None,
                    });
                    judgement.failed.push(name.clone());
                }
            }
            RestsOn::OpenGoal => judgement.unsound.push(format!(
                "theorem {name} rests on `sorry`, and Lean did not say where"
            )),
            RestsOn::Axioms(axioms) => judgement.unsound.push(format!(
                "theorem {name} rests on other axioms than Lean's own: {}",
                axioms.join(", ")
            )),
            RestsOn::Unsaid => {
                judgement.failure.get_or_insert(format!(
                    "Lean did not say which axioms theorem {name} rests on"
                ));
            }
        }
    }
}

/// The values that `omega` says it could not exclude: `out ≤ 3, 0 ≤ held`, in the names of the workflow.
fn values(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("may satisfy the constraints\n")?;
    let (constraints, names) = rest.split_once("where\n").unwrap_or((rest, ""));
    let named: BTreeMap<&str, &str> = names
        .lines()
        .filter_map(|l| l.trim().split_once(" := "))
        .collect();
    let word = |w: &str| {
        let name = named.get(w).copied().unwrap_or(w);
        name.trim_end_matches('\'').replace('\'', ".")
    };
    let all: Vec<String> = constraints
        .lines()
        .map(|l| l.split_whitespace().map(word).collect::<Vec<_>>().join(" "))
        .filter(|l| !l.is_empty())
        .collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Gives every message to the theorem it stands in.
fn place(file: &LeanFile, messages: &[Message]) -> Judgement {
    let mut judgement = Judgement {
        failure: None,
        timeout: false,
        unsound: Vec::new(),
        open: BTreeMap::new(),
        failed: Vec::new(),
    };
    let restated = file
        .text
        .lines()
        .position(|l| l.starts_with("example : "))
        .and_then(|l| u32::try_from(l).ok());
    for message in messages {
        let theorem = file
            .theorems
            .iter()
            .find(|t| t.lines.0 <= message.line && message.line <= t.lines.1);
        let first = message.text.lines().next().unwrap_or("").to_owned();
        match theorem {
            Some(Theorem {
                property: Some(ix),
                name,
                transition,
                ..
            }) => {
                // Of the cases of one theorem the first will do.
                if !judgement.failed.contains(name) {
                    judgement.open.entry(*ix).or_default().push(OpenGoal {
                        transition: *transition,
                        said: format!("theorem {name}, line {}: {first}", message.line),
                        values: values(&message.text),
                    });
                }
                judgement.failed.push(name.clone());
            }
            Some(Theorem {
                property: None,
                name,
                ..
            }) => {
                judgement.failure.get_or_insert(format!(
                    "theorem {name}, on which everything rests, was not accepted: {first}"
                ));
            }
            None if restated.is_some_and(|l| message.line > l) => {
                judgement.unsound.push(format!(
                    "a restatement at line {} was not accepted: {first}",
                    message.line
                ));
            }
            None => {
                judgement
                    .failure
                    .get_or_insert(format!("line {}: {first}", message.line));
            }
        }
    }
    judgement
}
