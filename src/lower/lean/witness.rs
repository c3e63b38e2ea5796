//! Runs that show something: a theorem that a state is reached, by a literal list of actions, and the same run as a trace.

use super::claims::theorem_name;
use super::proofs::{Conclusion, Prover};
use super::search::Reach;
use super::text::Text;
use crate::finding::{PropertyIx, Trace, TraceStep};
use crate::model::Property;

impl Prover<'_> {
    #[expect(
        clippy::too_many_arguments,
        reason = "one call site per form of property; a struct would only rename them"
    )]
    pub(super) fn violated(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        goal: &str,
        reach: &Reach,
        state: usize,
        allowed: &str,
    ) -> Conclusion {
        let name = theorem_name("violated", property);
        let mut trace = self.witness(text, ix, &name, &format!("({goal})"), reach, state, allowed);
        self.end_with_step(property, &mut trace);
        Conclusion::Violated {
            theorem: name,
            trace: Some(trace),
        }
    }

    /// The theorem that a state is reached, by a literal list of actions; the run as a trace.
    #[expect(clippy::too_many_arguments, reason = "as above")]
    pub(super) fn witness(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        name: &str,
        goal: &str,
        reach: &Reach,
        state: usize,
        allowed: &str,
    ) -> Trace {
        let (start, path) = reach.path(state);
        let actions: Vec<String> = path
            .iter()
            .filter_map(|i| self.actions.get(*i))
            .map(|a| format!("Action.{}", a.name))
            .collect();
        text.theorem(
            name,
            &format!("∃ t, ReachableBy initials {allowed} t ∧ {goal} t = true"),
            &format!(
                "witness initials {allowed} {goal} {start} [{}] (by decide +kernel)",
                actions.join(", ")
            ),
            Some(ix),
            None,
        );
        let mut at = start;
        let first = reach.states.get(start).cloned().unwrap_or_default();
        let mut steps = vec![TraceStep {
            transition: None,
            choices: Vec::new(),
            state: first,
        }];
        for i in path {
            let Some(action) = self.actions.get(i) else {
                continue;
            };
            at = reach
                .edges
                .get(at)
                .and_then(|e| e.iter().find(|(a, _)| *a == i))
                .map_or(at, |(_, to)| *to);
            steps.push(TraceStep {
                transition: Some(action.command),
                choices: action.choices.clone(),
                state: reach.states.get(at).cloned().unwrap_or_default(),
            });
        }
        Trace {
            steps,
            loop_from: None,
            leaves_range: false,
        }
    }

    /// Properties of steps are shown by a run that ends with the step.
    pub(super) fn end_with_step(&self, property: &Property, trace: &mut Trace) {
        super::last_step::append(self.system, self.actions, property, trace);
    }
}
