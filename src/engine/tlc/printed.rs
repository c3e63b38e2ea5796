//! A state as TLC prints it, and back to a state of the system.

use super::message::{Message, code};
use crate::finding::State;
use crate::ir::{Domain, Value};
use crate::lower::tla::CellVars;
use crate::model::{CellDecl, System};

/// A state of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The operator of the action that led to it, as TLC names it; `None` for initial states and where TLC says nothing.
    pub action: Option<String>,
    /// The variables' values, as text.
    pub values: Vec<(String, String)>,
}

/// A trace as TLC prints it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrintedTrace {
    /// In order.
    pub states: Vec<Printed>,
    /// Where it goes on for ever.
    pub end: Option<LassoEnd>,
}

/// How a lasso ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LassoEnd {
    /// It stays in its last state.
    Stutters,
    /// It goes back to the state with this position, counted from 0, by this action.
    Back(usize, Option<String>),
}

/// The states in messages of a trace. `None` when a message does not have the form of one.
#[must_use]
pub fn trace(messages: &[Message]) -> Option<PrintedTrace> {
    let mut trace = PrintedTrace::default();
    for message in messages {
        match message.code {
            code::STATE => {
                let (head, rest) = message.body.split_once('\n')?;
                let (number, label) = head.split_once(':')?;
                let number: usize = number.trim().parse().ok()?;
                if number != trace.states.len() + 1 || trace.end.is_some() {
                    return None;
                }
                trace.states.push(Printed {
                    action: action(label),
                    values: values(rest)?,
                });
            }
            code::STUTTERING => trace.end = Some(LassoEnd::Stutters),
            code::BACK_TO_STATE => {
                let (number, rest) = message.body.split_once(':')?;
                let number: usize = number.trim().parse().ok()?;
                let to = number.checked_sub(1).filter(|n| *n < trace.states.len())?;
                let label = rest.split_once(':').map_or("", |(_, label)| label);
                trace.end = Some(LassoEnd::Back(to, action(label)));
            }
            _ => {}
        }
    }
    Some(trace)
}

/// `<inc line 10, col 3 to line 12, col 21 of module A>`; anything else names no action.
fn action(label: &str) -> Option<String> {
    let label = label.trim().strip_prefix('<')?;
    let (name, rest) = label.split_once(' ')?;
    let name = name.split_once('(').map_or(name, |(name, _)| name);
    rest.starts_with("line ").then(|| name.to_owned())
}

/// `/\ x = 1` a line; without `/\` when there is one variable only.
pub fn values(text: &str) -> Option<Vec<(String, String)>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (name, value) = line.trim_start_matches("/\\").split_once(" = ")?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// The state of the system. `None` unless every variable is there once, nothing else is, and every value is in its domain.
#[must_use]
pub fn state(system: &System, cells: &[CellVars], values: &[(String, String)]) -> Option<State> {
    let find = |name: &str| {
        let mut found = values.iter().filter(|(n, _)| n == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value.as_str()),
            (None | Some(_), _) => None,
        }
    };
    let mut count = 0;
    let state: Option<State> = system
        .cells
        .iter()
        .zip(cells)
        .map(|(decl, vars)| {
            count += 1 + usize::from(vars.given.is_some());
            let value = find(&vars.value)?;
            let given = match &vars.given {
                None => true,
                Some(flag) => boolean(find(flag)?)?,
            };
            if given {
                read(system, decl, value)
            } else {
                Some(Value::None)
            }
            .filter(|v| decl.admits(*v))
        })
        .collect();
    state.filter(|_| count == values.len() && cells.len() == system.cells.len())
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "TRUE" => Some(true),
        "FALSE" => Some(false),
        _ => None,
    }
}

fn read(system: &System, decl: &CellDecl, text: &str) -> Option<Value> {
    match decl.domain {
        Domain::Bool => boolean(text).map(Value::Bool),
        Domain::Int { .. } => text.parse().ok().map(Value::Int),
        Domain::Enum { .. } | Domain::State { .. } => {
            let word = text.strip_prefix('"')?.strip_suffix('"')?;
            if word == "none" {
                return Some(Value::None);
            }
            let ty = decl.domain.ty();
            decl.domain
                .values()
                .find(|v| system.symbols.show(ty, *v) == word)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(code: u32, body: &str) -> Message {
        Message {
            code,
            severity: 4,
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_lasso_is_read_with_its_actions() {
        let messages = [
            message(2264, "The following"),
            message(
                code::STATE,
                "1: <Initial predicate>\n/\\ x = 1\n/\\ s = \"A\"",
            ),
            message(
                code::STATE,
                "2: <go line 1, col 2 to line 3, col 4 of module M>\n/\\ x = -2\n/\\ s = \"B\"",
            ),
            message(
                code::BACK_TO_STATE,
                "1: Back to state: <back line 1, col 2 to line 3, col 4 of module M>",
            ),
        ];
        let trace = trace(&messages).expect("a trace");
        assert_eq!(trace.states.len(), 2);
        assert_eq!(trace.states[0].action, None);
        assert_eq!(trace.states[1].action.as_deref(), Some("go"));
        assert_eq!(trace.states[1].values[0], ("x".to_owned(), "-2".to_owned()));
        assert_eq!(trace.end, Some(LassoEnd::Back(0, Some("back".to_owned()))));
    }

    #[test]
    fn one_variable_stands_without_a_bullet() {
        let trace = trace(&[
            message(code::STATE, "1: <Initial predicate>\nstate = \"A\""),
            message(code::STUTTERING, "2: Stuttering"),
        ])
        .expect("a trace");
        assert_eq!(
            trace.states[0].values,
            [("state".to_owned(), "\"A\"".to_owned())]
        );
        assert_eq!(trace.end, Some(LassoEnd::Stutters));
    }

    #[test]
    fn states_out_of_order_are_no_trace() {
        assert_eq!(trace(&[message(code::STATE, "2: <x>\nstate = 1")]), None);
        assert_eq!(trace(&[message(code::STATE, "nothing")]), None);
        assert_eq!(
            trace(&[message(code::BACK_TO_STATE, "1: Back to state")]),
            None
        );
    }
}
