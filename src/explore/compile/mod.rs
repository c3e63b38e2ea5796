//! Systems made ready for searching: by control state the rules that can be tried there, with the choices ground out.
//!
//! Not trusted: tested on random systems to give every state the successors that `model::step` gives it, and every trace is
//! built and checked by `model::step`.

pub mod effect;
pub mod gather;
pub mod guard;
pub mod node;
pub mod watch;

#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use crate::explore::compile::effect::Effect;
use crate::explore::compile::guard::Condition;
use crate::explore::compile::node::{Node, Scope};
use crate::explore::compile::watch::{Watch, Watches};
use crate::explore::pack::{Layout, Packed};
use crate::finding::State;
use crate::ir::{StateId, Term, Value};
use crate::model::{Command, CommandIx, Outcome, Slot, System, choice_tuples, step};

/// Combinations of choices of one command that are ground out; a command with more is stepped by the reference semantics.
const GROUND: u64 = 2048;
/// Rules beyond which commands with choices are no longer ground out, lest compiling take longer than searching.
const MANY: usize = 50_000;
/// Combinations of choices among which rules that do the same are looked for.
const MERGE: u64 = 64;

/// A system ready for searching.
#[derive(Debug)]
pub struct Program<'a, const W: usize> {
    /// The system it was made from.
    pub system: &'a System,
    /// The layout of its states.
    pub layout: Layout,
    /// By control state.
    pub locals: Vec<Local<W>>,
    /// How many rules there are in all.
    pub rules: usize,
}

/// What can happen in one control state.
#[derive(Debug)]
pub struct Local<const W: usize> {
    /// Whether it is terminal.
    pub terminal: bool,
    /// The rules to try, in the order of commands and choices.
    pub rules: Vec<Rule<W>>,
    /// The commands too wide to be ground out.
    pub slow: Vec<SlowRule>,
    /// Watches on states, true where they are hit.
    pub watches: Vec<(Watch, Condition<W>)>,
}

/// A command in one control state with fixed choices.
#[derive(Debug)]
pub struct Rule<const W: usize> {
    /// Its number among all rules.
    pub ix: usize,
    /// The command.
    pub command: CommandIx,
    /// Which combination of choices, in the order of `model::choice_tuples`; the first where several do the same.
    pub tuple: u64,
    /// How many combinations of choices do the same.
    pub weight: u64,
    /// When it is enabled.
    pub guard: Condition<W>,
    /// What it does.
    pub effect: Effect<W>,
    /// Watches on its being enabled, read in the state before.
    pub enabled: Vec<(Watch, Condition<W>)>,
    /// Watches on its steps, read in the state after.
    pub fired: Vec<(Watch, Condition<W>)>,
}

/// A command with too many choices, in one control state.
#[derive(Debug)]
pub struct SlowRule {
    /// The command.
    pub command: CommandIx,
    /// Watches on its being enabled.
    pub enabled: Vec<(Watch, Term)>,
    /// Watches on its steps.
    pub fired: Vec<(Watch, Term)>,
}

/// A command with choices, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId {
    /// The command.
    pub command: CommandIx,
    /// Which combination of choices.
    pub tuple: u64,
}

impl<'a, const W: usize> Program<'a, W> {
    /// Compiles a system, without the commands in `without`.
    #[must_use]
    pub fn new(system: &'a System, watches: &Watches, without: &[CommandIx]) -> Self {
        let layout = Layout::new(system);
        let mut program = Self {
            system,
            layout,
            locals: Vec::new(),
            rules: 0,
        };
        for (control, terminal) in (0u16..).map(StateId).zip(&system.terminal) {
            let local = program.compile(control, *terminal, watches, without);
            program.locals.push(local);
        }
        program
    }

    fn compile(
        &mut self,
        control: StateId,
        terminal: bool,
        watches: &Watches,
        without: &[CommandIx],
    ) -> Local<W> {
        let mut local = Local {
            terminal,
            rules: Vec::new(),
            slow: Vec::new(),
            watches: self.conditions(watches.states.iter().map(|(w, t)| (*w, t)), control, &[]),
        };
        for (ix, command) in self.system.commands() {
            if without.contains(&ix) || !command.from.contains(&control) {
                continue;
            }
            let mine =
                |(w, c, t): &'_ (Watch, CommandIx, Term)| (*c == ix).then(|| (*w, t.clone()));
            let enabled: Vec<_> = watches.enabled.iter().filter_map(mine).collect();
            let fired: Vec<_> = watches.fired.iter().filter_map(mine).collect();
            let tuples = tuple_count(command);
            if tuples > GROUND || (tuples > 1 && self.rules > MANY) {
                local.slow.push(SlowRule {
                    command: ix,
                    enabled,
                    fired,
                });
                continue;
            }
            let first = local.rules.len();
            for tuple in 0..tuples {
                let choices = tuple_at(command, tuple);
                let Some(mut rule) = self.rule(control, ix, command, &choices, &enabled, &fired)
                else {
                    continue;
                };
                rule.tuple = tuple;
                let same = local.rules.iter_mut().skip(first).find(|r| {
                    tuples <= MERGE
                        && r.guard == rule.guard
                        && r.effect == rule.effect
                        && r.enabled == rule.enabled
                        && r.fired == rule.fired
                });
                match same {
                    Some(same) => same.weight += 1,
                    None => {
                        rule.ix = self.rules;
                        self.rules += 1;
                        local.rules.push(rule);
                    }
                }
            }
        }
        local
    }

    /// The rule of a command with these choices; `None` when it is never enabled.
    fn rule(
        &self,
        control: StateId,
        ix: CommandIx,
        command: &Command,
        choices: &[Value],
        enabled: &[(Watch, Term)],
        fired: &[(Watch, Term)],
    ) -> Option<Rule<W>> {
        let scope = self.scope(control, choices);
        let guard = Condition::new(&Node::new(&command.guard, &scope));
        if guard == Condition::Never {
            return None;
        }
        let effect = Effect::new(command.updates.iter().filter_map(|u| {
            let field = self.layout.at(u.slot)?;
            Some((field, Node::new(&u.value, &scope)))
        }));
        let after = command.to.unwrap_or(control);
        let pair = |(w, t): &'_ (Watch, Term)| (*w, t.clone());
        let enabled: Vec<_> = enabled.iter().map(pair).collect();
        let fired: Vec<_> = fired.iter().map(pair).collect();
        Some(Rule {
            ix: 0,
            command: ix,
            tuple: 0,
            weight: 1,
            guard,
            effect,
            enabled: self.conditions(enabled.iter().map(|(w, t)| (*w, t)), control, choices),
            fired: self.conditions(fired.iter().map(|(w, t)| (*w, t)), after, choices),
        })
    }

    fn scope<'b>(&'b self, control: StateId, choices: &'b [Value]) -> Scope<'b> {
        Scope {
            system: self.system,
            layout: &self.layout,
            control,
            choices,
        }
    }

    fn conditions<'t>(
        &self,
        watches: impl Iterator<Item = (Watch, &'t Term)>,
        control: StateId,
        choices: &[Value],
    ) -> Vec<(Watch, Condition<W>)> {
        let scope = self.scope(control, choices);
        watches
            .map(|(w, t)| (w, Condition::new(&Node::new(t, &scope))))
            .filter(|(_, c)| *c != Condition::Never)
            .collect()
    }

    /// A term as a condition in each control state.
    #[must_use]
    pub fn predicate(&self, term: &Term) -> Vec<Condition<W>> {
        (0..self.locals.len() as u16)
            .map(|q| Condition::new(&Node::new(term, &self.scope(StateId(q), &[]))))
            .collect()
    }

    /// The control state of a packed state.
    #[inline]
    #[must_use]
    pub fn control(&self, state: &Packed<W>) -> StateId {
        StateId(self.layout.at(Slot(0)).map_or(0, |f| f.get(state)) as u16)
    }

    /// What can happen in a state's control state.
    #[inline]
    #[must_use]
    pub fn local(&self, state: &Packed<W>) -> Option<&Local<W>> {
        self.locals.get(self.control(state).ix())
    }

    /// Every enabled step from a state, in order, with the state after where it stays in range.
    #[inline]
    pub fn each_step(&self, state: &Packed<W>, mut f: impl FnMut(StepId, Option<Packed<W>>)) {
        let Some(local) = self.local(state) else {
            return;
        };
        for rule in &local.rules {
            if rule.guard.holds(state) {
                f(rule.id(), rule.effect.apply(state));
            }
        }
        for rule in &local.slow {
            self.slow_steps(rule, state, |id, _, next| f(id, next.as_ref().map(|n| n.1)));
        }
    }

    /// The states one step away, until `f` breaks.
    #[inline]
    pub fn each_next(
        &self,
        state: &Packed<W>,
        mut f: impl FnMut(Packed<W>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(local) = self.local(state) else {
            return ControlFlow::Continue(());
        };
        for rule in &local.rules {
            if rule.guard.holds(state)
                && let Some(next) = rule.effect.apply(state)
            {
                f(next)?;
            }
        }
        let mut flow = ControlFlow::Continue(());
        for rule in &local.slow {
            self.slow_steps(rule, state, |_, _, next| {
                if let (ControlFlow::Continue(()), Some((_, next))) = (flow, next) {
                    flow = f(next);
                }
            });
        }
        flow
    }

    /// As [`Self::each_step`] for a command that is not ground out, with its choices and the states spelled out.
    pub fn slow_steps(
        &self,
        rule: &SlowRule,
        state: &Packed<W>,
        mut f: impl FnMut(StepId, &[Value], Option<(State, Packed<W>)>),
    ) {
        let Some(command) = self.system.command(rule.command) else {
            return;
        };
        let state = self.layout.unpack(state);
        for (tuple, choices) in (0u64..).zip(choice_tuples(command)) {
            let id = StepId {
                command: rule.command,
                tuple,
            };
            match step(self.system, command, &state, &choices) {
                Outcome::Disabled => {}
                Outcome::Next(next) => {
                    let packed = self.layout.pack(&next);
                    f(id, &choices, packed.map(|p| (next, p)));
                }
                Outcome::LeavesRange { .. } => f(id, &choices, None),
            }
        }
    }
}

impl<const W: usize> Local<W> {
    /// The most steps that one state can have here.
    #[must_use]
    pub fn width(&self, system: &System) -> usize {
        let slow = self.slow.iter().filter_map(|r| system.command(r.command));
        slow.fold(self.rules.len(), |n, c| {
            n.saturating_add(tuple_count(c) as usize)
        })
    }
}

impl<const W: usize> Rule<W> {
    /// The step it makes.
    #[must_use]
    pub const fn id(&self) -> StepId {
        StepId {
            command: self.command,
            tuple: self.tuple,
        }
    }
}

/// How many combinations of choices a command has.
#[must_use]
pub fn tuple_count(command: &Command) -> u64 {
    command
        .choices
        .iter()
        .fold(1, |n, c| u64::saturating_mul(n, c.domain.size()))
}

/// The combination of choices with this number, in the order of `model::choice_tuples`.
#[must_use]
pub fn tuple_at(command: &Command, mut tuple: u64) -> Vec<Value> {
    let mut choices: Vec<Value> = command
        .choices
        .iter()
        .rev()
        .map(|c| {
            let size = c.domain.size().max(1);
            let value = c.domain.nth(tuple % size).unwrap_or(Value::None);
            tuple /= size;
            value
        })
        .collect();
    choices.reverse();
    choices
}
