//! Search and induction by turns on one set of commands: a search of k - 1 steps is the start of an induction with k.

use std::collections::BTreeSet;

use super::guess::guesses;
use super::hint::hint;
use super::induct::{Ended, Induction, at_start};
use super::run::{Answers, Z3Options};
use super::search::{Depth, Hit, Search};
use super::session::{Gate, SessionError};
use crate::finding::{Answer, Coverage, PropertyIx};
use crate::ir::Domain;
use crate::lower::smt::induction::{Candidate, Setting};
use crate::lower::smt::property::{Asked, asked};
use crate::lower::smt::script::Script;
use crate::lower::smt::step::Ranges;
use crate::model::{CommandIx, Property, Slot, System};

/// The most hints for one set of commands.
const HINTS: usize = 6;

/// What may be spent, and whom to tell.
#[derive(Clone, Copy)]
pub(super) struct Budget<'a> {
    /// Whether the time is up.
    pub(super) gate: &'a Gate,
    /// How hard to try.
    pub(super) options: Z3Options,
    /// A sign of life.
    pub(super) tell: &'a dyn Fn(&str),
}

/// Proves and refutes properties of a system with some of its commands.
pub(super) struct Prover<'a> {
    budget: Budget<'a>,
    system: &'a System,
    commands: Vec<CommandIx>,
    label: String,
    /// What holds in every reachable state.
    pub(super) proved: Vec<Candidate>,
    /// Ranges not proved yet.
    ranges: Vec<Candidate>,
    /// Why Z3 stopped knowing, if it did.
    stopped: Option<String>,
}

impl<'a> Prover<'a> {
    /// `proved` is what is known to hold in every reachable state already.
    pub(super) fn new(
        budget: Budget<'a>,
        system: &'a System,
        commands: Vec<CommandIx>,
        label: &str,
        proved: Vec<Candidate>,
    ) -> Self {
        let integers = (0u16..).map(Slot).zip(&system.cells);
        let ranges = integers
            .filter(|(_, c)| matches!(c.domain, Domain::Int { .. }))
            .map(|(s, _)| Candidate::Range(s))
            .filter(|c| !proved.contains(c))
            .collect();
        Self {
            budget,
            system,
            commands,
            label: label.to_owned(),
            proved,
            ranges,
            stopped: None,
        }
    }

    /// Answers all of `open`, which are properties about single frames.
    pub(super) fn settle(
        &mut self,
        open: &[PropertyIx],
        answers: &mut Answers,
        records: &mut Vec<(String, Script)>,
    ) -> Result<(), SessionError> {
        let system = self.system;
        let mut open: Vec<(PropertyIx, &Property)> = open
            .iter()
            .filter_map(|ix| Some((*ix, system.property(*ix)?)))
            .collect();
        let options = self.budget.options;
        let mut search = Search::new(
            self.budget.gate,
            options.effort,
            system,
            self.commands.clone(),
        )?;
        let mut reached = None;
        for depth in 0..=options.depth {
            if open.is_empty() {
                break;
            }
            if depth > 0 {
                search.advance()?;
            }
            (self.budget.tell)(&format!("runs of {depth} steps"));
            let mut hits = Vec::new();
            let ended = search.look(&ids(&open), &mut hits)?;
            answer_hits(system, depth, hits, answers);
            open.retain(|(ix, _)| !answers.contains_key(ix));
            match ended {
                Depth::Done => reached = Some(depth),
                Depth::Unknown(why) => {
                    self.stopped = Some(why);
                    break;
                }
            }
            let k = depth + 1;
            if k <= options.max_k {
                (self.budget.tell)(&format!("induction over {k} steps"));
                self.induct(k, &open, answers, records)?;
                open.retain(|(ix, _)| !answers.contains_key(ix));
            }
        }
        records.push((format!("{}search", self.label), search.into_record()));
        self.give_up(&open, reached, answers, records)
    }

    /// k-induction over everything that is open, ranges included; with k = 1 once more with guesses, if any property needs it.
    fn induct(
        &mut self,
        k: u32,
        open: &[(PropertyIx, &Property)],
        answers: &mut Answers,
        records: &mut Vec<(String, Script)>,
    ) -> Result<(), SessionError> {
        let candidates = |answers: &Answers| -> Vec<Candidate> {
            avoided(self.system, open)
                .filter(|(ix, _)| !answers.contains_key(ix))
                .map(|(ix, _)| Candidate::Property(ix))
                .collect()
        };
        let first = candidates(answers);
        self.round(k, first, "", answers, records)?;
        let mut second = candidates(answers);
        if k == 1 && !second.is_empty() && self.stopped.is_none() {
            let guesses = (0u32..)
                .zip(guesses(self.system, &self.commands))
                .map(|(n, term)| Candidate::Guess(self.guess_number(n), term))
                .collect();
            let effort = self.budget.options.effort;
            second.extend(at_start(self.budget.gate, effort, self.system, guesses)?);
            self.round(k, second, "-guesses", answers, records)?;
        }
        Ok(())
    }

    /// One round of k-induction over these candidates and the ranges that are not proved yet.
    fn round(
        &mut self,
        k: u32,
        mut candidates: Vec<Candidate>,
        label: &str,
        answers: &mut Answers,
        records: &mut Vec<(String, Script)>,
    ) -> Result<(), SessionError> {
        if candidates.is_empty() {
            return Ok(());
        }
        candidates.extend(self.ranges.iter().cloned());
        let setting = self.setting(k, Ranges::TakenAway);
        let mut induction = Induction::new(
            self.budget.gate,
            self.budget.options.effort,
            &setting,
            candidates,
        )?;
        let ended = induction.settle()?;
        records.push((
            format!("{}induction-{k}{label}", self.label),
            induction.session.into_record(),
        ));
        match ended {
            Ended::Proved(all) => {
                for c in all {
                    match &c {
                        Candidate::Property(ix) => {
                            let holds = Answer::Holds {
                                coverage: Coverage::Inductive { k },
                                witness: None,
                            };
                            answers.insert(*ix, (holds, Vec::new()));
                        }
                        Candidate::Range(_) => self.ranges.retain(|r| *r != c),
                        Candidate::Guess(..) => {}
                    }
                    self.proved.push(c);
                }
            }
            Ended::Unknown(why) => self.stopped = Some(why),
        }
        Ok(())
    }

    /// Numbers of guesses of a later set of commands must not meet those of an earlier one.
    fn guess_number(&self, n: u32) -> u32 {
        let last = self.proved.iter().filter_map(|c| match c {
            Candidate::Guess(n, _) => Some(*n + 1),
            Candidate::Property(_) | Candidate::Range(_) => None,
        });
        last.max().unwrap_or(0) + n
    }

    fn setting(&self, k: u32, ranges: Ranges) -> Setting<'_> {
        Setting {
            system: self.system,
            commands: &self.commands,
            k,
            ranges,
            proved: &self.proved,
        }
    }

    /// Says of everything that is left why it is unknown.
    fn give_up(
        &mut self,
        open: &[(PropertyIx, &Property)],
        reached: Option<u32>,
        answers: &mut Answers,
        records: &mut Vec<(String, Script)>,
    ) -> Result<(), SessionError> {
        let system = self.system;
        let far = reached.map_or_else(
            || "not even the start was searched".to_owned(),
            |d| format!("no run of at most {d} steps shows it"),
        );
        let avoid: Vec<(PropertyIx, &Property)> = avoided(system, open).collect();
        for (ix, _) in open {
            if !avoid.iter().any(|(a, _)| a == ix) {
                let why = self.stopped.clone().unwrap_or_else(|| "bounded".to_owned());
                answers.insert(*ix, (Answer::Unknown(why), vec![far.clone()]));
            }
        }
        if avoid.is_empty() {
            return Ok(());
        }
        if let Some(why) = self.budget.gate.shut() {
            for (ix, _) in avoid {
                answers.insert(ix, (Answer::Unknown(why.to_owned()), vec![far.clone()]));
            }
            return Ok(());
        }
        let candidates: Vec<Candidate> = avoid
            .iter()
            .map(|(ix, _)| Candidate::Property(*ix))
            .collect();
        let range_free = self.held_by_ranges(&candidates, records)?;
        let setting = self.setting(1, Ranges::TakenAway);
        let mut hints = Induction::new(
            self.budget.gate,
            self.budget.options.effort,
            &setting,
            candidates,
        )?;
        for (n, (ix, p)) in avoid.iter().enumerate() {
            let why = match (&self.stopped, range_free.contains(ix)) {
                (Some(why), _) => why.as_str(),
                (None, true) => "range-free",
                (None, false) => "not inductive",
            };
            let mut notes = vec![far.clone()];
            if n < HINTS {
                notes.extend(hint(
                    &mut hints,
                    system,
                    &self.commands,
                    &Candidate::Property(*ix),
                    &p.id,
                )?);
            }
            answers.insert(*ix, (Answer::Unknown(why.to_owned()), notes));
        }
        Ok(())
    }

    /// Which of the candidates would be inductive if integers kept their ranges.
    fn held_by_ranges(
        &self,
        candidates: &[Candidate],
        records: &mut Vec<(String, Script)>,
    ) -> Result<BTreeSet<PropertyIx>, SessionError> {
        if self.ranges.is_empty() {
            return Ok(BTreeSet::new());
        }
        let setting = self.setting(1, Ranges::Kept);
        let mut induction = Induction::new(
            self.budget.gate,
            self.budget.options.effort,
            &setting,
            candidates.to_vec(),
        )?;
        let ended = induction.settle()?;
        records.push((
            format!("{}ranges-kept", self.label),
            induction.session.into_record(),
        ));
        Ok(match ended {
            Ended::Proved(all) => all
                .iter()
                .filter_map(|c| match c {
                    Candidate::Property(ix) => Some(*ix),
                    Candidate::Range(_) | Candidate::Guess(..) => None,
                })
                .collect(),
            Ended::Unknown(_) => BTreeSet::new(),
        })
    }
}

/// The properties that are violated by being somewhere, as against those that ask for it.
fn avoided<'p>(
    system: &'p System,
    open: &'p [(PropertyIx, &'p Property)],
) -> impl Iterator<Item = (PropertyIx, &'p Property)> {
    open.iter()
        .filter(|(_, p)| match asked(system, &p.kind, 0) {
            Asked::Avoid(_) => true,
            Asked::Reach(_) | Asked::Beyond(_) | Asked::TooLarge(_) => false,
        })
        .copied()
}

fn answer_hits(system: &System, depth: u32, hits: Vec<Hit>, answers: &mut Answers) {
    for (ix, run) in hits {
        let Some(p) = system.property(ix) else {
            continue;
        };
        let steps = Coverage::Bounded { steps: depth };
        let answer = match (run, asked(system, &p.kind, 0)) {
            (Err(e), _) => Answer::Error(e.to_string()),
            (Ok(run), Asked::Reach(_)) => Answer::Holds {
                coverage: steps,
                witness: Some(run),
            },
            (Ok(run), Asked::Avoid(_) | Asked::Beyond(_) | Asked::TooLarge(_)) => {
                Answer::Violated {
                    trace: Some(run),
                    coverage: Some(steps),
                }
            }
        };
        answers.insert(ix, (answer, Vec::new()));
    }
}

fn ids(open: &[(PropertyIx, &Property)]) -> Vec<PropertyIx> {
    open.iter().map(|(ix, _)| *ix).collect()
}
