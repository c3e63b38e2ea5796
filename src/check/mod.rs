//! Names, types and structure: turns a workflow as written into one whose every name is resolved, or says all that is wrong.
//!
//! A `CheckedWorkflow` comes from here alone, so everything behind may rely on what is checked here.

mod checked;
mod connect;
mod declare;
mod elaborate;
mod error;
mod infer;
mod observe;
mod policy;
mod property;
mod quantify;
mod refines;
mod scope;
#[cfg(test)]
mod tests;
mod transition;
mod words;

use std::sync::Arc;

pub use checked::{
    CheckedForm, CheckedPolicy, CheckedProperty, CheckedRecord, CheckedRefinement, CheckedRule,
    CheckedTransition, CheckedWorkflow,
};
pub use error::CheckError;
pub use policy::check_policy;

use crate::finding::Diagnostic;
use crate::ir::symbols::StateRole;
use crate::ir::{EvId, SourceId, Span, StateId, Workflow};
use crate::syntax::parse_workflow;

/// Checks a workflow; `refined` is the checked workflow that `refines:` names, which the caller has read.
///
/// # Errors
/// Everything that is wrong with names, types and structure, in the order of the file.
pub fn check(
    workflow: Workflow,
    refined: Option<Arc<CheckedWorkflow>>,
) -> Result<CheckedWorkflow, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let found = resolve(workflow, refined, &mut errors);
    match found {
        Some(checked) if errors.is_empty() => Ok(CheckedWorkflow {
            observations: observe::observations(&checked),
            ..checked
        }),
        Some(_) | None => Err(diagnostics(&errors)),
    }
}

/// Reads and checks one text that refines nothing; its places are of source 0. For small systems and tests.
///
/// # Errors
/// As [`check`], and everything that keeps the text from being a workflow in shape.
pub fn load_str(text: &str) -> Result<CheckedWorkflow, Vec<Diagnostic>> {
    let parsed = parse_workflow(SourceId(0), text)?;
    let mut checked = check(parsed.value, None)?;
    checked.diagnostics.extend(parsed.warnings);
    Ok(checked)
}

/// As [`load_str`], for a text that refines another one, whose places are of source 1.
///
/// # Errors
/// As [`load_str`], for the refined text first.
pub fn load_refinement(text: &str, refined: &str) -> Result<CheckedWorkflow, Vec<Diagnostic>> {
    let refined = check(parse_workflow(SourceId(1), refined)?.value, None)?;
    check(
        parse_workflow(SourceId(0), text)?.value,
        Some(Arc::new(refined)),
    )
}

fn resolve(
    w: Workflow,
    refined: Option<Arc<CheckedWorkflow>>,
    errors: &mut Vec<CheckError>,
) -> Option<CheckedWorkflow> {
    let mut declarer = declare::Declarer::new(errors);
    let choices = declarer.workflow(&w);
    // The map of a refinement speaks of the other workflow's values too, so its enum types join this workflow's.
    let other_enums = refined.as_ref().map_or(&[][..], |r| &r.symbols.enums);
    let enums: Vec<_> = other_enums
        .iter()
        .map(|e| declarer.enum_type(e.values.clone()))
        .collect();
    let (scope, symbols) = (declarer.scope, declarer.symbols);

    let initial = match &w.initial {
        Some(name) => declare::state(&scope, name, errors),
        None => Some(StateId(0)),
    };
    let needs = needs(&w, &scope, initial, errors);
    let mut transitions = Vec::new();
    for (t, choices) in w.transitions.iter().zip(choices) {
        transitions.push(transition::transition(t, choices, &symbols, &scope, errors));
    }
    let context = property::Context {
        symbols: &symbols,
        scope: &scope,
        transitions: &transitions,
    };
    let properties = context.properties(&w.properties, errors);
    let refinement = w
        .refines
        .as_ref()
        .and_then(|r| refines::refinement(r, refined, &enums, &symbols, &scope, errors));
    let policy = w.policy.as_ref().map(|p| policy::policy_rules(p, errors));
    let initial = initial?;
    Some(CheckedWorkflow {
        initial,
        has_terminals: symbols.states.iter().any(|s| s.role != StateRole::Ordinary),
        needs,
        unconnected: connect::unconnected(symbols.states.len(), initial, &transitions),
        transitions,
        properties,
        refinement,
        policy,
        symbols: Arc::new(symbols),
        observations: Vec::new(),
        diagnostics: Vec::new(),
        ir: w,
    })
}

/// By state: the evidence that entering it demands (S-14).
fn needs(
    w: &Workflow,
    scope: &scope::Scope,
    initial: Option<StateId>,
    errors: &mut Vec<CheckError>,
) -> Vec<Vec<(EvId, Span)>> {
    let mut all = Vec::new();
    for (n, state) in (0u16..).zip(&w.states) {
        declare::twice(&state.needs, errors);
        if initial == Some(StateId(n))
            && let Some(first) = state.needs.first()
        {
            errors.push(CheckError::InitialNeeds {
                state: state.id.value.clone(),
                span: first.span,
            });
        }
        let mut of = Vec::new();
        for name in &state.needs {
            of.extend(declare::evidence(scope, name, errors).map(|e| (e, name.span)));
        }
        all.push(of);
    }
    all
}

/// Errors as they reach a person: in the order of the file, each once.
fn diagnostics(errors: &[CheckError]) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for error in errors {
        let diagnostic = Diagnostic::from(error);
        if !all.contains(&diagnostic) {
            all.push(diagnostic);
        }
    }
    all.sort_by_key(|d| d.labels.first().map(|(span, _)| *span));
    all
}
