//! The graph of control states, guards left aside.

use petgraph::graph::DiGraph;
use petgraph::visit::Dfs;

use super::checked::CheckedTransition;
use crate::ir::StateId;

/// States that no chain of transitions joins to `initial` even if every guard held.
pub(super) fn unconnected(
    states: usize,
    initial: StateId,
    transitions: &[CheckedTransition],
) -> Vec<StateId> {
    let mut graph = DiGraph::<(), ()>::new();
    let nodes: Vec<_> = (0..states).map(|_| graph.add_node(())).collect();
    for t in transitions {
        for from in &t.from {
            let to = t.to.unwrap_or(*from);
            if let (Some(a), Some(b)) = (nodes.get(from.ix()), nodes.get(to.ix())) {
                graph.update_edge(*a, *b, ());
            }
        }
    }
    let mut reached = vec![false; states];
    if let Some(start) = nodes.get(initial.ix()) {
        let mut search = Dfs::new(&graph, *start);
        while let Some(node) = search.next(&graph) {
            if let Some(r) = reached.get_mut(node.index()) {
                *r = true;
            }
        }
    }
    (0u16..)
        .zip(reached)
        .filter(|(_, reached)| !reached)
        .map(|(n, _)| StateId(n))
        .collect()
}
