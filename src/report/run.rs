//! A trace in the user's words: who did what, and what changed.

use crate::finding::{State, Trace, TraceStep};
use crate::ir::{ArtId, Cell, EvId, StateId, Symbols, Ty, Value};
use crate::model::System;

/// A value in the user's words.
#[derive(
    Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(untagged)]
pub enum Shown {
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A state or a value of an enum.
    Word(String),
    /// `none`.
    None,
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(n) => write!(f, "{n}"),
            Self::Word(w) => f.write_str(w),
            Self::None => f.write_str("none"),
        }
    }
}

impl Shown {
    /// A value of this type.
    #[must_use]
    pub fn of(symbols: &Symbols, ty: Ty, value: Value) -> Self {
        match value {
            Value::None => Self::None,
            Value::Bool(b) => Self::Bool(b),
            Value::Int(n) => Self::Int(n),
            Value::Enum(_) => Self::Word(symbols.show(ty, value)),
        }
    }
}

/// A run as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Entry 0 is the initial state.
    pub steps: Vec<RunStep>,
    /// The entry the run comes back to for ever.
    pub loop_from: Option<usize>,
    /// The last step leaves a range.
    pub leaves_range: bool,
}

/// One step of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStep {
    /// The transition; `None` for the initial state.
    pub transition: Option<String>,
    /// Who fires it.
    pub actor: Option<String>,
    /// What was chosen, by name.
    pub choices: Vec<(String, Shown)>,
    /// Cells with a new value, by the name of [`Symbols::cell_name`]; all of them in entry 0.
    pub changed: Vec<(String, Shown)>,
    /// The same for a person: `state: A → B`, `approval goes stale (plan)`; what is not at rest, in entry 0.
    pub words: Vec<String>,
}

impl Run {
    /// A trace of this system.
    #[must_use]
    pub fn of(system: &System, trace: &Trace) -> Self {
        let mut before: Option<&State> = None;
        let mut steps = Vec::with_capacity(trace.steps.len());
        for step in &trace.steps {
            steps.push(RunStep::of(system, before, step));
            before = Some(&step.state);
        }
        Self {
            steps,
            loop_from: trace.loop_from,
            leaves_range: trace.leaves_range,
        }
    }
}

impl RunStep {
    /// One step that starts in `before`; `None` for the initial state.
    #[must_use]
    pub fn of(system: &System, before: Option<&State>, step: &TraceStep) -> Self {
        let symbols = &system.symbols;
        let command = step.transition.and_then(|t| system.command(t));
        let symbol = step
            .transition
            .and_then(|t| symbols.transitions.get(t.ix()));
        let choices = command.map_or_else(Vec::new, |c| {
            let named = c.choices.iter().zip(&step.choices);
            named
                .map(|(c, v)| (c.name.to_string(), Shown::of(symbols, c.domain.ty(), *v)))
                .collect()
        });
        let changed = changes(system, before, &step.state);
        Self {
            transition: command.map(|c| c.name.to_string()),
            actor: symbol.map(|t| symbols.actor_name(t.actor).to_owned()),
            choices,
            changed: changed
                .iter()
                .map(|c| (symbols.cell_name(c.cell), Shown::of(symbols, c.ty, c.after)))
                .collect(),
            words: words(system, before, &step.state, &changed),
        }
    }
}

struct Change {
    cell: Cell,
    ty: Ty,
    before: Option<Value>,
    after: Value,
}

fn changes(system: &System, before: Option<&State>, after: &State) -> Vec<Change> {
    let mut found = Vec::new();
    for (i, (decl, value)) in system.cells.iter().zip(after).enumerate() {
        let old = before.and_then(|b| b.get(i)).copied();
        if before.is_none() || old != Some(*value) {
            found.push(Change {
                cell: decl.cell,
                ty: decl.domain.ty(),
                before: old,
                after: *value,
            });
        }
    }
    found
}

fn words(
    system: &System,
    before: Option<&State>,
    after: &State,
    changed: &[Change],
) -> Vec<String> {
    let symbols = &system.symbols;
    let mut out = Vec::new();
    let mut told: Vec<EvId> = Vec::new();
    for change in changed {
        match change.cell {
            Cell::State | Cell::Var(_) => {
                let name = symbols.cell_name(change.cell);
                let now = symbols.show(change.ty, change.after);
                out.push(match change.before {
                    Some(old) => format!("{name}: {} → {now}", symbols.show(change.ty, old)),
                    None if change.cell == Cell::State => now,
                    None => format!("{name} {now}"),
                });
            }
            Cell::Has(e) | Cell::Bit(e, _) => {
                if before.is_some() && !told.contains(&e) {
                    told.push(e);
                    let was = before.map(|b| Stamps::of(system, b, e));
                    out.push(Stamps::of(system, after, e).told(symbols, e, was.as_ref()));
                }
            }
            Cell::Field(..) => {
                if change.after != Value::None {
                    let name = symbols.cell_name(change.cell);
                    out.push(format!("{name}: {}", symbols.show(change.ty, change.after)));
                }
            }
        }
    }
    out
}

/// Whether evidence exists, and which of its stamps are not current.
struct Stamps {
    exists: bool,
    stale: Vec<ArtId>,
}

impl Stamps {
    fn of(system: &System, state: &State, evidence: EvId) -> Self {
        let read = |cell: Cell| {
            system
                .slot(cell)
                .and_then(|s| state.get(s.ix()))
                .is_some_and(|v| v.is_true())
        };
        let of = system
            .symbols
            .evidence
            .get(evidence.ix())
            .map_or(&[][..], |e| &e.of);
        Self {
            exists: read(Cell::Has(evidence)),
            stale: of
                .iter()
                .copied()
                .filter(|a| !read(Cell::Bit(evidence, *a)))
                .collect(),
        }
    }

    fn told(&self, symbols: &Symbols, evidence: EvId, was: Option<&Self>) -> String {
        let name = symbols.ev_name(evidence);
        let stale: Vec<&str> = self.stale.iter().map(|a| symbols.art_name(*a)).collect();
        let existed = was.is_some_and(|w| w.exists);
        match (existed, self.exists, stale.is_empty()) {
            (_, false, _) => format!("{name} is dropped"),
            (false, true, true) => format!("{name} is recorded, fresh"),
            (false, true, false) => format!("{name} is recorded, stale ({})", stale.join(", ")),
            (true, true, true) => format!("{name} is fresh again"),
            (true, true, false) => format!("{name} goes stale ({})", stale.join(", ")),
        }
    }
}

/// The control state a state is in, in the user's words.
#[must_use]
pub fn control_state(system: &System, state: &State) -> Option<StateId> {
    match system.slot(Cell::State).and_then(|s| state.get(s.ix())) {
        Some(Value::Enum(s)) => Some(StateId(*s)),
        Some(Value::None | Value::Bool(_) | Value::Int(_)) | None => None,
    }
}
