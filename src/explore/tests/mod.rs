//! Tests of whole explorations.

mod answers;
mod budgets;
mod oracle;

use crate::check::load_str;
use crate::explore::{Options, Report, explore};
use crate::finding::{Answer, PropertyIx, Trace};
use crate::model::{System, desugar};

/// The system of a workflow: what follows the goal in its file.
fn system(rest: &str) -> System {
    let text = format!("workflow_id: w\ngoal: g\n{rest}");
    desugar(&load_str(&text).unwrap_or_else(|e| panic!("{e:#?}")))
}

fn all(system: &System) -> Vec<PropertyIx> {
    system.properties().map(|(ix, _)| ix).collect()
}

fn run(system: &System) -> Report {
    explore(system, &Options::new(&all(system)))
}

fn index(system: &System, id: &str) -> PropertyIx {
    let mut properties = system.properties();
    properties.find(|(_, p)| p.id == id).expect("a property").0
}

fn answer<'r>(system: &System, report: &'r Report, id: &str) -> &'r Answer {
    &report.answers[index(system, id).ix()].answer
}

/// The trace of an answer, as the names of the transitions and the index of the loop.
fn names(system: &System, trace: &Trace) -> (Vec<String>, Option<usize>) {
    let steps = trace.steps.iter().filter_map(|s| s.transition);
    let names = steps.map(|t| system.symbols.transition_name(t).to_owned());
    (names.collect(), trace.loop_from)
}

/// The counterexample of a violated property.
fn counterexample(system: &System, report: &Report, id: &str) -> (Vec<String>, Option<usize>) {
    match answer(system, report, id) {
        Answer::Violated {
            trace: Some(trace), ..
        } => names(system, trace),
        other => panic!("{id}: {other:?}"),
    }
}

fn word(system: &System, report: &Report, id: &str) -> &'static str {
    answer(system, report, id).word()
}
