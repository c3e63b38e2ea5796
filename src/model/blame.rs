//! Why a condition fails, and what a trace does, in the user's words. Explains only: no verdict rests on it.

use super::eval::StateEnv;
use super::system::System;
use crate::eval::truth;
use crate::finding::Trace;
use crate::ir::{Cell, Term, TermKind, Value};

/// The smallest parts of `term` whose failing makes it fail in `state` with `choices`; empty when it holds.
#[must_use]
pub fn failing_conjuncts<'t>(
    system: &System,
    state: &[Value],
    choices: &[Value],
    term: &'t Term,
) -> Vec<&'t Term> {
    let env = StateEnv {
        system,
        state,
        choices,
    };
    let mut found = Vec::new();
    failing(&env, term, &mut found);
    found
}

fn failing<'t>(env: &StateEnv<'_>, term: &'t Term, found: &mut Vec<&'t Term>) {
    if truth(term, env) {
        return;
    }
    match &term.kind {
        TermKind::And(parts) => parts.iter().for_each(|p| failing(env, p, found)),
        TermKind::Implies(_, b) => failing(env, b, found),
        TermKind::If(c, a, b) => failing(env, if truth(c, env) { a } else { b }, found),
        TermKind::Lit(_)
        | TermKind::Read(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::Or(_)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..) => found.push(term),
    }
}

/// One entry of a trace in the user's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainStep {
    /// The transition's id; `None` for the initial state.
    pub transition: Option<String>,
    /// Who fired it; `None` for the initial state.
    pub actor: Option<String>,
    /// Its choices, by name.
    pub choices: Vec<(String, String)>,
    /// What changed, in the order of the declarations. At the initial state: the control state and every variable.
    pub changed: Vec<Change>,
}

/// One cell that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As in expressions: `state`, `rounds`, `has(job)`, `fresh(job, plan)`, `job.result`.
    pub name: String,
    /// The value before; `None` at the initial state.
    pub old: Option<String>,
    /// The value after.
    pub new: String,
}

/// A trace as plain steps, one for each entry.
#[must_use]
pub fn describe(system: &System, trace: &Trace) -> Vec<PlainStep> {
    let mut before: Option<&[Value]> = None;
    let mut steps = Vec::new();
    for entry in &trace.steps {
        let command = entry.transition.and_then(|t| system.command(t));
        let symbol = entry
            .transition
            .and_then(|t| system.symbols.transitions.get(t.ix()));
        let choices = command
            .into_iter()
            .flat_map(|c| c.choices.iter().zip(&entry.choices));
        steps.push(PlainStep {
            transition: symbol.map(|s| s.name.to_string()),
            actor: symbol.map(|s| system.symbols.actor_name(s.actor).to_owned()),
            choices: choices
                .map(|(c, v)| (c.name.to_string(), system.symbols.show(c.domain.ty(), *v)))
                .collect(),
            changed: changes(system, before, &entry.state),
        });
        before = Some(&entry.state);
    }
    steps
}

fn changes(system: &System, before: Option<&[Value]>, after: &[Value]) -> Vec<Change> {
    let mut found = Vec::new();
    for (n, (decl, new)) in system.cells.iter().zip(after).enumerate() {
        let old = before.and_then(|b| b.get(n));
        let told = match decl.cell {
            // No evidence exists at the start, which need not be said.
            Cell::Has(_) | Cell::Bit(..) | Cell::Field(..) => old.is_some_and(|o| o != new),
            Cell::State | Cell::Var(_) => old != Some(new),
        };
        if told {
            let ty = decl.domain.ty();
            found.push(Change {
                name: system.symbols.cell_name(decl.cell),
                old: old.map(|o| system.symbols.show(ty, *o)),
                new: system.symbols.show(ty, *new),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::TraceStep;
    use crate::model::step::{Outcome, step};
    use crate::model::system::PropertyKind;
    use crate::model::testing::{command, property, start, system};

    const TEXT: &str = "workflow_id: sample\ngoal: test\nactors: [Agent, {id: Boss, kind: human}]\nstates: [A, B]\nterminal: none\n\
         artifacts: [a]\nevidence:\n  e: {of: [a], fields: {result: {type: enum, values: [pass, fail]}}}\n\
         vars:\n  v: {type: int, range: [0, 2], init: 0}\n  w: {type: bool, init: false}\n\
         transitions:\n\
         \x20 - {id: test, actor: Boss, from: A, to: B, choose: {r: {type: enum, values: [pass, fail]}}, set: {v: 2}, record: {e: {result: r}}}\n\
         \x20 - {id: change, actor: Agent, from: B, bump: [a]}\n\
         properties:\n\
         \x20 - {id: p, always: \"v < 2 and (state == B => fresh(e) and w) and v >= 0\"}\n\
         \x20 - {id: q, always: \"if w then v == 0 else (v == 2 and w or v == 1)\"}\n";

    fn tested() -> (System, Trace) {
        let s = system(TEXT);
        let mut steps = vec![TraceStep {
            transition: None,
            choices: Vec::new(),
            state: start(&s),
        }];
        for (name, choices) in [("test", vec![Value::Enum(1)]), ("change", Vec::new())] {
            let before = &steps[steps.len() - 1].state;
            let Outcome::Next(state) = step(&s, command(&s, name), before, &choices) else {
                panic!("{name}");
            };
            let (transition, _) = s
                .commands()
                .find(|(_, c)| c.name.as_str() == name)
                .expect("there");
            steps.push(TraceStep {
                transition: Some(transition),
                choices,
                state,
            });
        }
        let trace = Trace {
            steps,
            loop_from: None,
            leaves_range: false,
        };
        (s, trace)
    }

    /// The failing parts of a property at an entry of the trace, as written.
    fn failing_text(id: &str, entry: usize) -> Vec<&'static str> {
        let (s, trace) = tested();
        let PropertyKind::Always(term) = &s.property(property(&s, id)).expect("there").kind else {
            panic!("an invariant");
        };
        let found = failing_conjuncts(&s, &trace.steps[entry].state, &[], term);
        let place = |t: &&Term| {
            let span = t.span.expect("as written");
            &TEXT[span.start as usize..(span.start + span.len) as usize]
        };
        found.iter().map(place).collect()
    }

    #[test]
    fn the_parts_that_fail_are_named_and_no_others() {
        assert_eq!(failing_text("p", 0), Vec::<&str>::new());
        assert_eq!(failing_text("p", 1), ["v < 2", "w"]);
        assert_eq!(failing_text("p", 2), ["v < 2", "fresh(e)", "w"]);
        assert_eq!(failing_text("q", 1), ["(v == 2 and w or v == 1)"]);
    }

    #[test]
    fn a_trace_in_words_tells_what_changed() {
        let (s, trace) = tested();
        let steps = describe(&s, &trace);
        let told: Vec<String> = steps
            .iter()
            .map(|p| {
                let changed = p.changed.iter().map(|c| match &c.old {
                    Some(old) => format!("{} {old}>{}", c.name, c.new),
                    None => format!("{}={}", c.name, c.new),
                });
                let choices = p.choices.iter().map(|(n, v)| format!("{n}={v}"));
                format!(
                    "{}/{}({}): {}",
                    p.transition.as_deref().unwrap_or("-"),
                    p.actor.as_deref().unwrap_or("-"),
                    choices.collect::<Vec<_>>().join(","),
                    changed.collect::<Vec<_>>().join(", ")
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "-/-(): state=A, v=0, w=false",
                "test/Boss(r=fail): state A>B, v 0>2, has(e) false>true, fresh(e, a) false>true, e.result none>fail",
                "change/Agent(): fresh(e, a) true>false",
            ]
        );
    }
}
