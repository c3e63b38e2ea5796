//! Runs of a workflow, as engines find them. A trace is a claim until `model` has replayed it.

use crate::ir::{TransitionId, Value};

/// The values of all cells of a system, by slot.
pub type State = Vec<Value>;

/// One state of a run and the step that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep {
    /// The transition fired; `None` for the initial state only.
    pub transition: Option<TransitionId>,
    /// The values of that transition's choices, by position.
    pub choices: Vec<Value>,
    /// All cells after the step. After a step that leaves a range: the values it would have assigned.
    pub state: State,
}

/// A run from an initial state.
///
/// Conventions by what it shows:
/// - a state (`always`, `never`, `deadlock`, `reachable`): the last state is the one;
/// - a step (`at` in both forms, `needs`, `precedes`, `fires`): the last entry is that step;
/// - `in_range`: the last entry is the step that leaves a range, and `leaves_range` is set;
/// - `can_reach`: from the last state the goal cannot be reached any more;
/// - a lasso (liveness, revision without end): `loop_from` is set, see there;
/// - `refines`: the last entry is the step without counterpart (or the initial state, if that is what differs).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Entry 0 is the initial state; never empty.
    pub steps: Vec<TraceStep>,
    /// Index of the entry whose state the run comes back to for ever. The last entry is the step that comes back, so its
    /// state equals that of this entry; when this is the index of the last entry itself, the run stutters there.
    pub loop_from: Option<usize>,
    /// The last step leaves the range of a cell (S-3).
    pub leaves_range: bool,
}
