//! A workflow as a Mermaid state diagram, for people: nothing is decided from it. It shows the control states and who moves
//! between them; effects, evidence and properties are left out, and a long guard is cut.
//!
//! Reads the checked workflow and not the `System`, since a reader wants guards as they are written.

mod text;

#[cfg(test)]
mod tests;

use crate::check::CheckedWorkflow;
use crate::ir::StateId;
use crate::ir::workflow::{Init, TerminalKind, Transition, TypeDecl, Var};
use crate::lower::names::{Names, Reserved};
pub use text::escape;
use text::{MERMAID_WORDS, shorten};

/// The longest guard that is shown whole, in characters.
const GUARD: usize = 60;

/// The diagram as the text of a `stateDiagram-v2`. The same workflow gives the same bytes.
#[must_use]
pub fn state_diagram(workflow: &CheckedWorkflow) -> String {
    let names = names(workflow);
    let mut lines = vec![
        format!(
            "%% {} version {}, made by `tribunal lower --to mermaid`",
            workflow.ir.id.value, workflow.ir.version.value
        ),
        "stateDiagram-v2".to_owned(),
        "    direction TB".to_owned(),
    ];
    for (id, name) in states(workflow) {
        let shown = names.of(&id);
        lines.push(if shown == name {
            format!("    {shown}")
        } else {
            format!("    state \"{}\" as {shown}", escape(name))
        });
    }
    lines.push(format!("    [*] --> {}", names.of(&workflow.initial)));
    let drawn = draw(workflow);
    lines.extend(drawn.arrows.iter().map(|(from, to, label)| {
        let (from, to) = (names.of(from), names.of(to));
        format!("    {from} --> {to}: {label}")
    }));
    lines.extend(ends(workflow, &names));
    for (id, _) in states(workflow) {
        lines.extend(note(names.of(&id), &remarks(workflow, &drawn, id)));
    }
    lines.join("\n") + "\n"
}

fn states(workflow: &CheckedWorkflow) -> impl Iterator<Item = (StateId, &str)> {
    let names = workflow.ir.states.iter().map(|s| s.id.value.as_str());
    (0u16..).map(StateId).zip(names)
}

/// Mermaid reads its words in upper and in lower case.
fn names(workflow: &CheckedWorkflow) -> Names<StateId> {
    let taken: Vec<&str> = states(workflow)
        .map(|(_, name)| name)
        .filter(|name| MERMAID_WORDS.contains(&name.to_ascii_lowercase().as_str()))
        .collect();
    let reserved = Reserved {
        words: &[&taken],
        prefixes: &[],
    };
    Names::new(
        &reserved,
        states(workflow).map(|(id, name)| (id, name.to_owned())),
    )
}

/// Where each transition goes in the picture, in the order of the file.
///
/// What stays in its state is told in a note: Mermaid draws the loops of one state, and their labels, on top of each other.
#[derive(Default)]
struct Drawn {
    arrows: Vec<(StateId, StateId, String)>,
    loops: Vec<(StateId, String)>,
    everywhere: Vec<String>,
}

fn draw(workflow: &CheckedWorkflow) -> Drawn {
    let mut drawn = Drawn::default();
    for (written, checked) in workflow.ir.transitions.iter().zip(&workflow.transitions) {
        let label = label(written);
        if written.from.is_none() && checked.to.is_none() {
            drawn.everywhere.push(label);
            continue;
        }
        for from in &checked.from {
            match checked.to {
                Some(to) if to != *from => drawn.arrows.push((*from, to, label.clone())),
                Some(_) | None => drawn.loops.push((*from, label.clone())),
            }
        }
    }
    drawn
}

/// `actor: id(choices) [guard]`.
fn label(t: &Transition) -> String {
    let mut label = format!("{}: {}", t.actor.value, t.id.value);
    if !t.choose.is_empty() {
        let choices: Vec<&str> = t.choose.iter().map(|(n, _)| n.value.as_str()).collect();
        label.push_str(&format!("({})", choices.join(", ")));
    }
    if let Some(guard) = &t.when {
        label.push_str(&format!(" [{}]", shorten(&guard.to_string(), GUARD)));
    }
    // Mermaid takes the one colon behind the actor; it is not escaped, so that the text stays readable.
    match label.split_once(": ") {
        Some((actor, rest)) => format!("{}: {}", escape(actor), escape(rest)),
        None => escape(&label),
    }
}

/// An arrow out of each terminal state.
fn ends(workflow: &CheckedWorkflow, names: &Names<StateId>) -> Vec<String> {
    let kind = workflow.ir.terminal.as_ref().map(|t| &t.kind);
    let Some(TerminalKind::Declared { success, failure }) = kind else {
        return Vec::new();
    };
    let good = success.iter().map(|n| (n, "success"));
    let bad = failure.iter().flatten().map(|n| (n, "failure"));
    let all: Vec<_> = good.chain(bad).collect();
    states(workflow)
        .filter_map(|(id, name)| {
            let (_, word) = all.iter().find(|(n, _)| n.value.as_str() == name)?;
            Some(format!("    {} --> [*]: {word}", names.of(&id)))
        })
        .collect()
}

/// What the note at a state says; at the initial one also the phases beside the control state, and what can happen in every
/// state.
fn remarks(workflow: &CheckedWorkflow, drawn: &Drawn, id: StateId) -> Vec<String> {
    let mut remarks = Vec::new();
    if id == workflow.initial {
        remarks.extend(workflow.ir.vars.iter().filter(|v| v.phase).map(phase));
        let everywhere = drawn.everywhere.iter();
        remarks.extend(everywhere.map(|l| format!("in every state that is no end: {l}")));
    }
    let here = drawn.loops.iter().filter(|(at, _)| *at == id);
    remarks.extend(here.map(|(_, label)| format!("stays here: {label}")));
    remarks
}

fn note(at: &str, remarks: &[String]) -> Vec<String> {
    if remarks.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!("    note right of {at}")];
    lines.extend(remarks.iter().map(|line| format!("        {line}")));
    lines.push("    end note".to_owned());
    lines
}

fn phase(var: &Var) -> String {
    let values = match &var.ty.value {
        TypeDecl::Bool => "false or true".to_owned(),
        TypeDecl::Int { lo, hi, .. } => format!("{lo} to {hi}"),
        TypeDecl::Enum { values } => {
            let values: Vec<&str> = values.iter().map(|v| v.value.as_str()).collect();
            values.join(" or ")
        }
    };
    let start = match &var.init {
        Init::Any(_) => "any".to_owned(),
        Init::Value(value) => value.to_string(),
    };
    escape(&format!("{} is {values}, at first {start}", var.id.value))
}
