//! Every reachable state of a system and every step between them, each step with the label by which it can be seen.
//!
//! Made by `model::step`, the reference semantics, and so as trusted as it is; held against the embedded engine's counts and
//! against plain enumeration by tests. Complete or not at all: a graph cut short is an error, never a graph.

use std::rc::Rc;
use std::time::Instant;

use rustc_hash::FxHashMap;

use crate::finding::{State, Trace, TraceStep};
use crate::host::cancel::CancelToken;
use crate::ir::{StateId, Value};
use crate::model::{Command, CommandIx, Outcome, System, choice_tuples, initial_states, step};
use crate::revise::diff::rename::Names;
use crate::revise::diff::value::Size;

/// A state's number; the initial ones come first, and no state is farther from them than a later one.
pub type Node = u32;
/// A label's number, the same in both systems.
pub type LabelIx = u32;

/// Why a comparison of behaviour was given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// More states than allowed.
    #[error("budget: more than {0} states")]
    States(usize),
    /// More steps than allowed.
    #[error("budget: more than {0} steps")]
    Steps(usize),
    /// More pairs of places to compare than allowed.
    #[error("budget: more than {0} pairs of states to compare")]
    Pairs(usize),
    /// Out of time.
    #[error("deadline")]
    Deadline,
    /// The user had enough.
    #[error("cancelled")]
    Cancelled,
}

/// What a comparison may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Distinct states of each version.
    pub max_states: usize,
    /// When to give up.
    pub deadline: Option<Instant>,
    /// Set when the user interrupts.
    pub cancel: CancelToken,
}

impl Limits {
    /// Steps of each version, and pairs of places to compare.
    pub(super) const fn max_steps(&self) -> usize {
        self.max_states.saturating_mul(32)
    }

    /// Goes on while there is time and nobody interrupts.
    pub(super) fn time(&self) -> Result<(), Stop> {
        if self.cancel.cancelled() {
            return Err(Stop::Cancelled);
        }
        if self.deadline.is_some_and(|d| Instant::now() >= d) {
            return Err(Stop::Deadline);
        }
        Ok(())
    }
}

/// All labels of both systems: what can be seen of a step, as text.
#[derive(Debug, Default)]
pub struct Labels {
    by_text: FxHashMap<String, LabelIx>,
    /// By label: the transition's name, as the new version calls it.
    pub transitions: Vec<String>,
}

impl Labels {
    /// The number of a label.
    pub fn number(&mut self, transition: &str, rest: &str) -> LabelIx {
        let text = format!("{transition} {rest}");
        if let Some(n) = self.by_text.get(&text) {
            return *n;
        }
        let n = LabelIx::try_from(self.transitions.len()).unwrap_or(LabelIx::MAX);
        self.by_text.insert(text, n);
        self.transitions.push(transition.to_owned());
        n
    }
}

/// A system with how its names are spelled in labels.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The system.
    pub system: &'a System,
    /// What its states and transitions are called; `None` = as they are.
    pub names: Option<&'a Names>,
}

impl Named<'_> {
    /// The control state of a state.
    #[must_use]
    pub fn control(&self, state: &[Value]) -> &str {
        let name = match state.first() {
            Some(Value::Enum(s)) => self.system.symbols.state_name(StateId(*s)),
            Some(Value::None | Value::Bool(_) | Value::Int(_)) | None => "?",
        };
        self.names.map_or(name, |n| n.state(name))
    }

    /// A command.
    #[must_use]
    pub fn transition<'n>(&'n self, command: &'n Command) -> &'n str {
        let name = command.name.as_str();
        self.names.map_or(name, |n| n.transition(name))
    }

    /// The label of a step to `after`: transition, choices by name, state entered.
    pub fn label(
        &self,
        labels: &mut Labels,
        command: &Command,
        choices: &[Value],
        after: &[Value],
    ) -> LabelIx {
        let mut chosen: Vec<String> = command
            .choices
            .iter()
            .zip(choices)
            .map(|(c, v)| {
                let shown = self.system.symbols.show(c.domain.ty(), *v);
                format!("{}={shown}", c.name)
            })
            .collect();
        chosen.sort();
        let rest = format!("{}>{}", chosen.join(","), self.control(after));
        labels.number(self.transition(command), &rest)
    }
}

/// One step of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// What can be seen of it. In one row no label comes twice, since a command with its choices has one outcome.
    pub label: LabelIx,
    /// Where it leads.
    pub to: Node,
    /// Which command.
    pub command: CommandIx,
    /// Which combination of its choices, in the order of `choice_tuples`.
    pub tuple: u32,
}

/// The combinations of a command's choices, where they are few enough to be kept.
fn few_tuples(command: &Command) -> Option<Vec<Vec<Value>>> {
    let total = command
        .choices
        .iter()
        .try_fold(1u64, |n, c| n.checked_mul(c.domain.size()))?;
    (total <= 4096).then(|| choice_tuples(command).collect())
}

/// All reachable states and steps of a system.
#[derive(Debug)]
pub struct Graph<'a> {
    /// The system.
    pub named: Named<'a>,
    /// How many of the states are initial.
    pub initial: Node,
    states: Vec<Rc<[Value]>>,
    /// By state: the one it was first reached from, and the edge's place; `None` for initial ones.
    parents: Vec<Option<(Node, usize)>>,
    /// By state, where its row starts in `edges`; one more than there are states.
    starts: Vec<usize>,
    edges: Vec<Edge>,
}

impl<'a> Graph<'a> {
    /// Visits everything.
    ///
    /// # Errors
    /// If there is more of it than allowed.
    pub fn of(named: Named<'a>, labels: &mut Labels, limits: &Limits) -> Result<Self, Stop> {
        let mut graph = Self {
            named,
            initial: 0,
            states: Vec::new(),
            parents: Vec::new(),
            starts: vec![0],
            edges: Vec::new(),
        };
        let mut known: FxHashMap<Rc<[Value]>, Node> = FxHashMap::default();
        for state in initial_states(named.system) {
            graph.number(&mut known, state, None, limits)?;
        }
        graph.initial = Node::try_from(graph.states.len()).unwrap_or(Node::MAX);
        let mut seen: FxHashMap<(CommandIx, u32, Value), LabelIx> = FxHashMap::default();
        let tuples: Vec<Option<Vec<Vec<Value>>>> =
            named.system.commands.iter().map(few_tuples).collect();
        let mut tried = 0usize;
        let mut at = 0usize;
        while let Some(state) = graph.states.get(at).map(Rc::clone) {
            let here = state.first().copied().unwrap_or(Value::None);
            for (ix, command) in named.system.commands() {
                if !command.from.iter().any(|s| here == Value::state(*s)) {
                    continue;
                }
                let ready = tuples.get(ix.ix()).and_then(Option::as_ref);
                let choices: Box<dyn Iterator<Item = Vec<Value>>> = match ready {
                    Some(all) => Box::new(all.iter().cloned()),
                    None => Box::new(choice_tuples(command)),
                };
                for (tuple, choices) in (0u32..).zip(choices) {
                    tried += 1;
                    if tried.is_multiple_of(4096) {
                        limits.time()?;
                    }
                    let Outcome::Next(next) = step(named.system, command, &state, &choices) else {
                        continue;
                    };
                    let after = next.first().copied().unwrap_or(Value::None);
                    let label = *seen
                        .entry((ix, tuple, after))
                        .or_insert_with(|| named.label(labels, command, &choices, &next));
                    let to =
                        graph.number(&mut known, next, Some((at, graph.edges.len())), limits)?;
                    graph.edges.push(Edge {
                        label,
                        to,
                        command: ix,
                        tuple,
                    });
                    if graph.edges.len() > limits.max_steps() {
                        return Err(Stop::Steps(limits.max_steps()));
                    }
                }
            }
            graph.starts.push(graph.edges.len());
            at += 1;
        }
        Ok(graph)
    }

    fn number(
        &mut self,
        known: &mut FxHashMap<Rc<[Value]>, Node>,
        state: State,
        parent: Option<(usize, usize)>,
        limits: &Limits,
    ) -> Result<Node, Stop> {
        if let Some(n) = known.get(state.as_slice()) {
            return Ok(*n);
        }
        let n = Node::try_from(self.states.len()).unwrap_or(Node::MAX);
        if self.states.len() >= limits.max_states || n == Node::MAX {
            return Err(Stop::States(limits.max_states));
        }
        let state: Rc<[Value]> = Rc::from(state);
        known.insert(Rc::clone(&state), n);
        self.states.push(state);
        self.parents
            .push(parent.map(|(from, edge)| (Node::try_from(from).unwrap_or(Node::MAX), edge)));
        Ok(n)
    }

    /// How big it is.
    #[must_use]
    pub fn size(&self) -> Size {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Size {
            states: count(self.states.len()),
            steps: count(self.edges.len()),
        }
    }

    /// All states, nearest to the initial ones first.
    pub fn states(&self) -> impl Iterator<Item = (Node, &[Value])> {
        (0u32..).zip(self.states.iter().map(|s| &**s))
    }

    /// The steps from a state.
    #[must_use]
    pub fn row(&self, node: Node) -> &[Edge] {
        let at = node as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) => self.edges.get(*start..*end).unwrap_or(&[]),
            (Some(_) | None, _) => &[],
        }
    }

    /// The step from a state with this label.
    #[must_use]
    pub fn by_label(&self, node: Node, label: LabelIx) -> Option<Edge> {
        self.row(node).iter().copied().find(|e| e.label == label)
    }

    /// A shortest run to a state.
    #[must_use]
    pub fn run_to(&self, node: Node) -> Trace {
        let mut edges = Vec::new();
        let mut at = node;
        while let Some(Some((from, edge))) = self.parents.get(at as usize) {
            edges.extend(self.edges.get(*edge).copied());
            at = *from;
        }
        edges.reverse();
        self.run(at, &edges)
    }

    /// The run from a state along these steps.
    #[must_use]
    pub fn run(&self, start: Node, edges: &[Edge]) -> Trace {
        let state = |n: Node| {
            self.states
                .get(n as usize)
                .map_or_else(Vec::new, |s| s.to_vec())
        };
        let mut steps = vec![TraceStep {
            transition: None,
            choices: Vec::new(),
            state: state(start),
        }];
        for e in edges {
            let command = self.named.system.command(e.command);
            steps.push(TraceStep {
                transition: Some(e.command),
                choices: command
                    .and_then(|c| choice_tuples(c).nth(e.tuple as usize))
                    .unwrap_or_default(),
                state: state(e.to),
            });
        }
        Trace {
            steps,
            loop_from: None,
            leaves_range: false,
        }
    }
}
