//! Runs that only one of two versions has: inclusion of languages both ways, exact on finite graphs.
//!
//! A word is what can be seen of a run: the state it starts in, then transition, choices and state entered, step by step. Both
//! graphs are walked together, breadth first, over sets of states that one word leads to (the subset construction; the sets have
//! one member unless a variable has several initial values). Where a label is possible on one side alone, runs part; the first
//! such place is a shortest. Every example is made again by `model::step`, and is shown only if the other version refuses it.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::finding::Trace;
use crate::ir::Value;
use crate::model::{Outcome, choice_tuples, initial_states, replay_run, step};
use crate::report::render::human::steps_plain;
use crate::report::render::json::step as step_json;
use crate::report::run::Run;
use crate::revise::diff::graph::{Edge, Graph, LabelIx, Labels, Limits, Named, Node, Stop};
use crate::revise::diff::value::{Example, Exists, OneWay, Runs};

/// A set of states of one graph, in order.
type Set = Rc<[Node]>;
/// A set's number.
type SetIx = u32;
/// By label, in order: the set of states it leads to.
type Moves = Rc<[(LabelIx, SetIx)]>;

/// Compares the runs of two graphs whose labels have the same numbers.
#[must_use]
pub fn compare(old: &Graph<'_>, new: &Graph<'_>, labels: &Labels, limits: &Limits) -> Runs {
    let mut walk = Walk {
        sides: [Side::new(old), Side::new(new)],
        pairs: Vec::new(),
        known: FxHashMap::default(),
        first: [None, None],
        through: [BTreeSet::new(), BTreeSet::new()],
    };
    let stopped = walk.run(limits).err();
    let [lost, gained] = [0, 1].map(|side| walk.one_way(side, labels, stopped.as_ref()));
    Runs { gained, lost }
}

/// Nothing is known of runs.
#[must_use]
pub fn unknown(why: &str) -> Runs {
    let way = || OneWay {
        exist: Exists::Unknown,
        example: None,
        through: Vec::new(),
        why: Some(why.to_owned()),
    };
    Runs {
        gained: way(),
        lost: way(),
    }
}

/// Two sets that one word leads to.
#[derive(Debug, Clone, Copy)]
struct At {
    sets: [SetIx; 2],
    /// Where the word without its last label leads, and that label.
    parent: Option<(usize, LabelIx)>,
}

/// Where runs part: at which pair, by which label; `None` in place of it where they part at the start.
type Parting = (usize, Option<LabelIx>);

struct Walk<'g, 'a> {
    /// Old, new.
    sides: [Side<'g, 'a>; 2],
    pairs: Vec<At>,
    known: FxHashMap<[SetIx; 2], usize>,
    /// By side, the first place where only it goes on.
    first: [Option<Parting>; 2],
    /// By side, labels by which only it goes on.
    through: [BTreeSet<LabelIx>; 2],
}

impl<'g, 'a> Walk<'g, 'a> {
    fn run(&mut self, limits: &Limits) -> Result<(), Stop> {
        let [a, b] = &mut self.sides;
        let sets = [a.start(), b.start()];
        self.pairs.push(At { sets, parent: None });
        self.known.insert(sets, 0);
        if a.start_state() != b.start_state() {
            self.first = [Some((0, None)), Some((0, None))];
            return Ok(());
        }
        let mut at = 0;
        while let Some(here) = self.pairs.get(at).copied() {
            if at.is_multiple_of(1024) {
                limits.time()?;
            }
            let [a, b] = &mut self.sides;
            let [left, right] = [a.moves(here.sets[0]), b.moves(here.sets[1])];
            if a.held + b.held > limits.max_steps() {
                return Err(Stop::Steps(limits.max_steps()));
            }
            let (mut i, mut j) = (0, 0);
            loop {
                match (left.get(i), right.get(j)) {
                    (None, None) => break,
                    (Some((l, s)), Some((m, t))) if l == m => {
                        self.visit(at, *l, [*s, *t], limits)?;
                        (i, j) = (i + 1, j + 1);
                    }
                    (Some((l, _)), other) if other.is_none_or(|(m, _)| l < m) => {
                        self.part(0, at, *l);
                        i += 1;
                    }
                    (_, Some((m, _))) => {
                        self.part(1, at, *m);
                        j += 1;
                    }
                    (Some(_), None) => i += 1,
                }
            }
            at += 1;
        }
        Ok(())
    }

    fn visit(
        &mut self,
        from: usize,
        label: LabelIx,
        sets: [SetIx; 2],
        limits: &Limits,
    ) -> Result<(), Stop> {
        if self.known.contains_key(&sets) {
            return Ok(());
        }
        let most = limits.max_states.saturating_mul(4);
        if self.pairs.len() >= most {
            return Err(Stop::Pairs(most));
        }
        self.known.insert(sets, self.pairs.len());
        self.pairs.push(At {
            sets,
            parent: Some((from, label)),
        });
        Ok(())
    }

    fn part(&mut self, side: usize, at: usize, label: LabelIx) {
        if let (Some(first), Some(through)) = (self.first.get_mut(side), self.through.get_mut(side))
        {
            first.get_or_insert((at, Some(label)));
            through.insert(label);
        }
    }

    /// The labels of the word that leads to a pair.
    fn word(&self, (at, last): Parting) -> Vec<LabelIx> {
        let mut word: Vec<LabelIx> = last.into_iter().collect();
        let mut at = at;
        while let Some((parent, label)) = self.pairs.get(at).and_then(|p| p.parent) {
            word.push(label);
            at = parent;
        }
        word.reverse();
        word
    }

    /// What only `side` has.
    fn one_way(&self, side: usize, labels: &Labels, stopped: Option<&Stop>) -> OneWay {
        let [old, new] = &self.sides;
        let (own, other) = if side == 0 { (old, new) } else { (new, old) };
        let why = stopped.map(ToString::to_string);
        let Some(parting) = self.first.get(side).copied().flatten() else {
            return OneWay {
                exist: if stopped.is_some() {
                    Exists::Unknown
                } else {
                    Exists::None
                },
                example: None,
                through: Vec::new(),
                why,
            };
        };
        let through = self.through.get(side).into_iter().flatten();
        let mut names: Vec<String> = Vec::new();
        for label in through {
            let name = labels.transitions.get(*label as usize).cloned();
            names.extend(name.filter(|n| !names.contains(n)));
        }
        match own.graph.shown(&self.word(parting), &other.graph.named) {
            Ok(example) => OneWay {
                exist: Exists::Some,
                example: Some(example),
                through: names,
                why,
            },
            Err(wrong) => OneWay {
                exist: Exists::Unknown,
                example: None,
                through: Vec::new(),
                why: Some(wrong),
            },
        }
    }
}

/// One graph and the sets of its states met so far.
struct Side<'g, 'a> {
    graph: &'g Graph<'a>,
    sets: Vec<Set>,
    numbers: FxHashMap<Set, SetIx>,
    /// By set, once it was asked for.
    moves: Vec<Option<Moves>>,
    /// States in all sets together.
    held: usize,
}

impl<'g, 'a> Side<'g, 'a> {
    fn new(graph: &'g Graph<'a>) -> Self {
        Self {
            graph,
            sets: Vec::new(),
            numbers: FxHashMap::default(),
            moves: Vec::new(),
            held: 0,
        }
    }

    fn start(&mut self) -> SetIx {
        self.number((0..self.graph.initial).collect())
    }

    fn start_state(&self) -> Option<String> {
        let mut states = self.graph.states();
        let (_, first) = states.next()?;
        Some(self.graph.named.control(first).to_owned())
    }

    fn number(&mut self, set: Vec<Node>) -> SetIx {
        if let Some(n) = self.numbers.get(set.as_slice()) {
            return *n;
        }
        let n = SetIx::try_from(self.sets.len()).unwrap_or(SetIx::MAX);
        self.held += set.len();
        let set: Set = Rc::from(set);
        self.numbers.insert(Rc::clone(&set), n);
        self.sets.push(set);
        self.moves.push(None);
        n
    }

    fn moves(&mut self, set: SetIx) -> Moves {
        let at = set as usize;
        if let Some(Some(known)) = self.moves.get(at) {
            return Rc::clone(known);
        }
        let members = self.sets.get(at).map_or_else(|| Rc::from([]), Rc::clone);
        let graph = self.graph;
        let mut steps: Vec<(LabelIx, Node)> = members
            .iter()
            .flat_map(|node| graph.row(*node).iter().map(|e| (e.label, e.to)))
            .collect();
        steps.sort_unstable();
        steps.dedup();
        let mut moves = Vec::new();
        for group in steps.chunk_by(|a, b| a.0 == b.0) {
            if let Some((label, _)) = group.first() {
                moves.push((
                    *label,
                    self.number(group.iter().map(|(_, to)| *to).collect()),
                ));
            }
        }
        let moves: Moves = Rc::from(moves);
        if let Some(place) = self.moves.get_mut(at) {
            *place = Some(Rc::clone(&moves));
        }
        moves
    }
}

impl Graph<'_> {
    /// A run of this word, replayed, that `other` refuses by the reference semantics.
    fn shown(&self, word: &[LabelIx], other: &Named<'_>) -> Result<Example, String> {
        let trace = (0..self.initial)
            .find_map(|start| {
                let mut at = start;
                let edges: Option<Vec<Edge>> = word
                    .iter()
                    .map(|label| {
                        let edge = self.by_label(at, *label)?;
                        at = edge.to;
                        Some(edge)
                    })
                    .collect();
                edges.map(|edges| self.run(start, &edges))
            })
            .ok_or("no run has the word that was found: a defect of ours")?;
        if admits(other, &self.named, &trace) {
            return Err(
                "the other version has the run that was found: a defect of ours".to_owned(),
            );
        }
        self.example(&trace)
    }

    /// A run for people and programs, replayed first.
    ///
    /// # Errors
    /// In words, if it is no run of the system.
    pub fn example(&self, trace: &Trace) -> Result<Example, String> {
        let system = self.named.system;
        replay_run(system, trace).map_err(|e| format!("the run does not replay: {e}"))?;
        let run = Run::of(system, trace);
        Ok(Example {
            trace: run.steps.iter().map(step_json).collect(),
            text: steps_plain(&run),
        })
    }
}

/// Whether `other` has a run that looks like this one of `own`: by `model::step` alone, from every initial state, without graph.
fn admits(other: &Named<'_>, own: &Named<'_>, trace: &Trace) -> bool {
    let mut labels = Labels::default();
    let mut steps = trace.steps.iter();
    let Some(first) = steps.next() else {
        return true;
    };
    let mut here: Vec<Vec<Value>> = initial_states(other.system)
        .filter(|s| other.control(s) == own.control(&first.state))
        .collect();
    for entry in steps {
        let Some(command) = entry.transition.and_then(|t| own.system.command(t)) else {
            return false;
        };
        let wanted = own.label(&mut labels, command, &entry.choices, &entry.state);
        let mut next: BTreeSet<Vec<Value>> = BTreeSet::new();
        for c in &other.system.commands {
            if other.transition(c) != own.transition(command) {
                continue;
            }
            for choices in choice_tuples(c) {
                for state in &here {
                    if let Outcome::Next(after) = step(other.system, c, state, &choices)
                        && other.label(&mut labels, c, &choices, &after) == wanted
                    {
                        next.insert(after);
                    }
                }
            }
        }
        here = next.into_iter().collect();
    }
    !here.is_empty()
}
