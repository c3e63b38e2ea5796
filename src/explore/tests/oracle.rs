//! Random systems with properties of every form, judged by plain definitions over sets of states.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use crate::eval::truth;
use crate::explore::testing::{condition, property, system};
use crate::explore::{Options, explore};
use crate::finding::{Answer, PropertyIx, State};
use crate::ir::workflow::Fairness;
use crate::ir::{StateId, Term, TransitionId, Value};
use crate::model::replay::{replay, replay_witness};
use crate::model::{
    CommandIx, Outcome, PropertyKind, StateEnv, System, choice_tuples, holds, initial_states, step,
};

const MOST: usize = 150;

type Set = BTreeSet<usize>;

/// A step: before, command, choices, after (none when it leaves a range).
type Step = (usize, CommandIx, Vec<Value>, Option<usize>);

struct Plain<'a> {
    system: &'a System,
    states: Vec<State>,
    initial: usize,
    steps: Vec<Step>,
}

impl<'a> Plain<'a> {
    /// `None` when there are too many states.
    fn new(system: &'a System, without: &[CommandIx]) -> Option<Self> {
        let mut states: Vec<State> = initial_states(system).collect();
        let initial = states.len();
        let mut number: HashMap<State, usize> = states.iter().cloned().zip(0..).collect();
        let mut steps = Vec::new();
        let mut at = 0;
        while at < states.len() {
            for (ix, command) in system.commands().filter(|(ix, _)| !without.contains(ix)) {
                for choices in choice_tuples(command) {
                    let after = match step(system, command, &states[at], &choices) {
                        Outcome::Disabled => continue,
                        Outcome::LeavesRange { .. } => None,
                        Outcome::Next(next) => {
                            Some(*number.entry(next.clone()).or_insert_with(|| {
                                states.push(next);
                                states.len() - 1
                            }))
                        }
                    };
                    steps.push((at, ix, choices, after));
                }
            }
            if states.len() > MOST {
                return None;
            }
            at += 1;
        }
        Some(Self {
            system,
            states,
            initial,
            steps,
        })
    }

    fn all(&self) -> Set {
        (0..self.states.len()).collect()
    }

    fn whose(&self, p: &Term) -> Set {
        self.all()
            .into_iter()
            .filter(|s| holds(self.system, &self.states[*s], p))
            .collect()
    }

    fn truth_at(&self, s: usize, choices: &[Value], p: &Term) -> bool {
        let env = StateEnv {
            system: self.system,
            state: &self.states[s],
            choices,
        };
        truth(p, &env)
    }

    /// Pairs of different states that a command relates.
    fn changes(&self, command: CommandIx) -> BTreeSet<(usize, usize)> {
        let mine = self.steps.iter().filter(|s| s.1 == command);
        mine.filter_map(|s| Some((s.0, s.3?)))
            .filter(|(a, b)| a != b)
            .collect()
    }

    /// States of `within` from which `start` can be reached inside, and which it can reach.
    fn component(&self, start: usize, within: &Set) -> Set {
        let walk = |forwards: bool| {
            let mut seen = Set::from([start]);
            loop {
                let before = seen.len();
                for (from, _, _, to) in &self.steps {
                    let Some(to) = to else { continue };
                    let (a, b) = if forwards { (from, to) } else { (to, from) };
                    if seen.contains(a) && within.contains(b) {
                        seen.insert(*b);
                    }
                }
                if seen.len() == before {
                    return seen;
                }
            }
        };
        walk(true).intersection(&walk(false)).copied().collect()
    }

    /// Whether a fair run can stay within these states for ever.
    fn can_stay(&self, within: &Set) -> bool {
        let mut left = within.clone();
        while let Some(start) = left.first().copied() {
            let part = self.component(start, within);
            left = left.difference(&part).copied().collect();
            let mut unfair = false;
            let mut starved = Set::new();
            for (ix, command) in self.system.commands() {
                let Some(fairness) = command.fairness else {
                    continue;
                };
                let changes = self.changes(ix);
                let enabled: Set = changes.iter().map(|c| c.0).collect();
                let inside = changes
                    .iter()
                    .any(|(a, b)| part.contains(a) && part.contains(b));
                match fairness {
                    _ if inside => {}
                    Fairness::Weak => unfair |= part.is_subset(&enabled),
                    Fairness::Strong => starved.extend(enabled.intersection(&part)),
                }
            }
            let rest: Set = part.difference(&starved).copied().collect();
            if !unfair && (starved.is_empty() || self.can_stay(&rest)) {
                return true;
            }
        }
        false
    }

    fn can_avoid(&self, starts: &Set, goal: &Set) -> bool {
        let mut seen: Set = starts.difference(goal).copied().collect();
        loop {
            let next: Set = self
                .steps
                .iter()
                .filter(|s| seen.contains(&s.0))
                .filter_map(|s| s.3)
                .filter(|s| !goal.contains(s) && !seen.contains(s))
                .collect();
            if next.is_empty() {
                return self.can_stay(&seen);
            }
            seen.extend(next);
        }
    }

    fn verdict(&self, kind: &PropertyKind) -> bool {
        let all = self.all();
        let none = |p: &Term| all.difference(&self.whose(p)).count();
        match kind {
            PropertyKind::Always(p) => none(p) == 0,
            PropertyKind::Reachable(p) => !self.whose(p).is_empty(),
            PropertyKind::AtRequire(c, p) => {
                let mut mine = self.steps.iter().filter(|s| s.1 == *c);
                mine.all(|s| self.truth_at(s.0, &s.2, p))
            }
            PropertyKind::AtEnsure(c, p) => {
                let mut mine = self.steps.iter().filter(|s| s.1 == *c);
                mine.all(|s| s.3.is_none_or(|after| self.truth_at(after, &s.2, p)))
            }
            PropertyKind::Fires(c) => self.steps.iter().any(|s| s.1 == *c && s.3.is_some()),
            PropertyKind::Precedes(first, then) => {
                let other = Plain::new(self.system, first).expect("fewer states");
                other.steps.iter().all(|s| s.1 != *then)
            }
            PropertyKind::CanReach(p) => {
                let mut seen = self.whose(p);
                loop {
                    let back = self
                        .steps
                        .iter()
                        .filter(|s| s.3.is_some_and(|a| seen.contains(&a)));
                    let new: Set = back.map(|s| s.0).filter(|s| !seen.contains(s)).collect();
                    if new.is_empty() {
                        return seen == all;
                    }
                    seen.extend(new);
                }
            }
            PropertyKind::Eventually(p) => {
                !self.can_avoid(&(0..self.initial).collect(), &self.whose(p))
            }
            PropertyKind::LeadsTo(p, q) => !self.can_avoid(&self.whose(p), &self.whose(q)),
            PropertyKind::InfinitelyOften(p) => {
                !self.can_stay(&all.difference(&self.whose(p)).copied().collect())
            }
            PropertyKind::InRange => self.steps.iter().all(|s| s.3.is_some()),
            PropertyKind::NoDeadlock => all.iter().all(|s| {
                let Value::Enum(control) = self.states[*s][0] else {
                    unreachable!()
                };
                self.system.is_terminal(StateId(control)) || self.steps.iter().any(|t| t.0 == *s)
            }),
            PropertyKind::Refines => unreachable!(),
        }
    }
}

/// One property of each form over two conditions.
fn kinds(p: &Term, q: &Term) -> Vec<PropertyKind> {
    let (t0, t1) = (TransitionId(0), TransitionId(1));
    vec![
        PropertyKind::Always(p.clone()),
        PropertyKind::Reachable(p.clone()),
        PropertyKind::AtRequire(t0, p.clone()),
        PropertyKind::AtEnsure(t0, q.clone()),
        PropertyKind::Fires(t1),
        PropertyKind::Precedes(vec![t1], t0),
        PropertyKind::CanReach(p.clone()),
        PropertyKind::Eventually(p.clone()),
        PropertyKind::LeadsTo(p.clone(), q.clone()),
        PropertyKind::InfinitelyOften(q.clone()),
        PropertyKind::InRange,
        PropertyKind::NoDeadlock,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        max_global_rejects: 20000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_verdict_is_the_plain_one_and_every_trace_replays(
        mut system in system(0), p in condition(), q in condition()
    ) {
        system.properties = (kinds(&p, &q).into_iter().enumerate())
            .map(|(n, kind)| property(format!("p{n}"), kind))
            .collect();
        let Some(plain) = Plain::new(&system, &[]) else {
            return Err(TestCaseError::reject("too many states"));
        };
        let asked: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
        let report = explore(&system, &Options::new(&asked));
        prop_assert_eq!(report.states.distinct, plain.states.len() as u64);
        let steps = plain.steps.iter().filter(|s| s.3.is_some()).count();
        prop_assert_eq!(report.states.steps, Some(steps as u64));
        for (ix, property) in system.properties() {
            let answer = &report.answers[ix.ix()].answer;
            let expected = if plain.verdict(&property.kind) { "holds" } else { "violated" };
            prop_assert_eq!(answer.word(), expected, "{:?}", &property.kind);
            match answer {
                Answer::Violated { trace: Some(trace), .. } => {
                    prop_assert_eq!(replay(&system, ix, trace), Ok(()), "{:?} {:?}", &property.kind, trace);
                }
                Answer::Holds { witness: Some(trace), .. } => {
                    prop_assert_eq!(replay_witness(&system, ix, trace), Ok(()));
                }
                Answer::Holds { witness: None, .. } => {
                    prop_assert!(!matches!(property.kind, PropertyKind::Reachable(_) | PropertyKind::Fires(_)));
                }
                Answer::Violated { trace: None, .. } => {
                    prop_assert!(matches!(property.kind, PropertyKind::Reachable(_) | PropertyKind::Fires(_)));
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
