"""Fair infinite runs: S-8 (and the stutter of S-7).

A run is a sequence of states. At every state it may stutter; a step of a
transition is a pair of different states that the transition relates. Weak
fairness: a transition that from some point on could always change something
does so again and again. Strong fairness: one that could again and again does.

What a run visits for ever lies in one strongly connected part of the graph, so
it is enough to look at those, and inside one that is not strongly fair, at what
is left when the states that make it unfair are taken away.
"""

from __future__ import annotations

from .explore import Graph


class Fairness:
    """The graph as seen by fairness: only steps that change something."""

    def __init__(self, graph: Graph, ignore: frozenset = frozenset()):
        """`ignore`: transitions whose fairness is not assumed."""
        self.graph = graph
        rules = {t.id: t.fair for t in graph.machine.workflow.transitions if t.fair and t.id not in ignore}
        self.weak = {name for name, rule in rules.items() if rule == "weak"}
        self.strong = {name for name, rule in rules.items() if rule == "strong"}
        # changes[s][s'] = the transitions that lead from s to s', s != s'
        self.changes: list[dict[int, set[str]]] = [{} for _ in graph.states]
        for before, step, after in graph.everything():
            if after is not None and after != before:
                self.changes[before].setdefault(after, set()).add(step.transition)
        self.enabled = [set().union(*row.values()) if row else set() for row in self.changes]

    def components(self, nodes: set[int], without: frozenset = frozenset()):
        """The largest sets within `nodes` whose every state a fair run can visit for ever.

        `without`: transitions such a run does not use.
        """
        work = [nodes]
        while work:
            inside = work.pop()
            for part in _strongly_connected(inside, self._successors(inside, without)):
                used = {
                    name
                    for s in part
                    for target, names in self.changes[s].items()
                    if target in part and names - without
                    for name in names
                }
                if any(n not in used and all(n in self.enabled[s] for s in part) for n in self.weak):
                    continue
                starved = {n for n in self.strong - used if any(n in self.enabled[s] for s in part)}
                if starved:
                    rest = {s for s in part if not self.enabled[s] & starved}
                    if rest:
                        work.append(rest)
                    continue
                yield part

    def _successors(self, inside: set[int], without: frozenset):
        return {
            s: [t for t, names in self.changes[s].items() if t in inside and names - without] for s in inside
        }


def _strongly_connected(nodes: set[int], successors: dict[int, list[int]]):
    """Kosaraju's two passes: finishing order forwards, then sweeps backwards."""
    order, seen = [], set()
    for root in nodes:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(successors[root]))]
        while path:
            node, rest = path[-1]
            for target in rest:
                if target not in seen:
                    seen.add(target)
                    path.append((target, iter(successors[target])))
                    break
            else:
                order.append(node)
                path.pop()

    predecessors = {node: [] for node in nodes}
    for node, targets in successors.items():
        for target in targets:
            predecessors[target].append(node)

    taken = set()
    for root in reversed(order):
        if root in taken:
            continue
        part, work = set(), [root]
        taken.add(root)
        while work:
            node = work.pop()
            part.add(node)
            for before in predecessors[node]:
                if before not in taken:
                    taken.add(before)
                    work.append(before)
        yield part
