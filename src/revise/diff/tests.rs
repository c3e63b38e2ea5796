//! The graph that comparisons rest on, against the embedded engine; and the guard that keeps a wrong run from being shown.

use super::graph::{Graph, Labels, Limits, Named, Stop};
use crate::check::load_str;
use crate::explore::{Options as Exploring, explore};
use crate::host::cancel::CancelToken;
use crate::model::{System, desugar, replay_run};

fn limits(max_states: usize) -> Limits {
    Limits {
        max_states,
        deadline: None,
        cancel: CancelToken::new(),
    }
}

fn named(system: &System) -> Named<'_> {
    Named {
        system,
        names: None,
    }
}

fn meta_workflow() -> System {
    let text = include_str!("../../../formal/spec_impl.v2.yaml");
    desugar(&load_str(text).unwrap())
}

#[test]
fn the_graph_has_the_states_and_steps_that_the_embedded_engine_counts() {
    let system = meta_workflow();
    let counted = explore(&system, &Exploring::new(&[])).states;
    let mut labels = Labels::default();
    let size = Graph::of(named(&system), &mut labels, &limits(100_000))
        .unwrap()
        .size();
    assert_eq!(
        (size.states, Some(size.steps)),
        (counted.distinct, counted.steps)
    );
    assert!(size.states > 500, "{size:?}");
    // One state fewer than there are is too few, and not a smaller graph.
    let few = usize::try_from(size.states).unwrap() - 1;
    let stopped = Graph::of(named(&system), &mut labels, &limits(few)).unwrap_err();
    assert_eq!(stopped, Stop::States(few));
}

#[test]
fn no_label_comes_twice_in_a_row_and_every_shortest_run_replays() {
    let system = meta_workflow();
    let mut labels = Labels::default();
    let graph = Graph::of(named(&system), &mut labels, &limits(100_000)).unwrap();
    let nodes: Vec<u32> = graph.states().map(|(n, _)| n).collect();
    for node in nodes {
        let mut row: Vec<u32> = graph.row(node).iter().map(|e| e.label).collect();
        let count = row.len();
        row.sort_unstable();
        row.dedup();
        assert_eq!(row.len(), count, "state {node}");
        if node % 97 == 0 {
            assert_eq!(replay_run(&system, &graph.run_to(node)), Ok(()));
        }
    }
}

#[test]
fn a_cancelled_comparison_says_so() {
    let system = meta_workflow();
    let mut limits = limits(100_000);
    limits.cancel.cancel();
    let mut labels = Labels::default();
    let stopped = Graph::of(named(&system), &mut labels, &limits).unwrap_err();
    assert_eq!(stopped, Stop::Cancelled);
    limits.cancel = CancelToken::new();
    limits.deadline = Some(std::time::Instant::now());
    let stopped = Graph::of(named(&system), &mut labels, &limits).unwrap_err();
    assert_eq!(stopped, Stop::Deadline);
}
