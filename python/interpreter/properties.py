"""Verdicts: every property form, and the automatic properties (S-7, S-9, S-14, S-15)."""

from __future__ import annotations

from .evaluate import truth
from .explore import Graph
from .fairness import Fairness
from .refinement import refines
from .workflow import Property


class Judge:
    """Answers properties of one explored workflow: True means it holds."""

    def __init__(self, graph: Graph, ignore_fairness_of: frozenset = frozenset()):
        self.graph = graph
        self.machine = graph.machine
        self.workflow = graph.machine.workflow
        self.fairness = Fairness(graph, ignore_fairness_of)
        self.sources = {t.id: t for t in self.workflow.transitions}

    def verdicts(self) -> dict[str, bool]:
        """Declared properties first, in their order, then the automatic ones."""
        found = {item.id: self.holds(item) for item in self.workflow.properties}
        found.update(self.automatic())
        return found

    # -- declared properties ------------------------------------------------

    def holds(self, item: Property) -> bool:
        """Whether a declared property holds."""
        return getattr(self, "_" + item.form)(item)

    def where(self, tree: tuple) -> set[int]:
        """The reachable states in which a predicate is true."""
        predicate = self.machine.compiler.compile(tree)
        return {i for i, state in enumerate(self.graph.states) if truth(predicate(state, {}))}

    def everywhere(self) -> set[int]:
        """All reachable states."""
        return set(range(self.graph.distinct))

    def _always(self, item) -> bool:
        return self.where(item.body) == self.everywhere()

    def _never(self, item) -> bool:
        return not self.where(item.body)

    def _reachable(self, item) -> bool:
        return bool(self.where(item.body))

    def _require(self, item) -> bool:
        """In every state before, also when the step would leave a range."""
        predicate = self._step_predicate(item)
        return all(
            truth(predicate(self.graph.states[before], step.choices))
            for before, step, _ in self.graph.everything()
            if step.transition == item.at
        )

    def _ensure(self, item) -> bool:
        """In every state after; a step that leaves a range has none."""
        predicate = self._step_predicate(item)
        return all(
            truth(predicate(self.graph.states[after], step.choices))
            for _, step, after in self.graph.everything()
            if step.transition == item.at and after is not None
        )

    def _step_predicate(self, item):
        return self.machine.compiler.compile(item.body, frozenset(self.sources[item.at].choices))

    def _precedes(self, item) -> bool:
        """Without the first ones, the last one is enabled nowhere."""
        before, last = item.body
        graph = Graph(self.machine, without=frozenset(before))
        return not any(step.transition == last for _, step, _ in graph.everything())

    def _can_reach(self, item) -> bool:
        return self._can_get_to(self.where(item.body))

    def _can_get_to(self, goal: set[int]) -> bool:
        predecessors = [set() for _ in self.graph.states]
        for before, _, after in self.graph.everything():
            if after is not None:
                predecessors[after].add(before)
        reached, work = set(goal), list(goal)
        while work:
            for before in predecessors[work.pop()] - reached:
                reached.add(before)
                work.append(before)
        return reached == self.everywhere()

    def _eventually(self, item) -> bool:
        goal = self.where(item.body)
        return not self._can_avoid(set(self.graph.initial) - goal, goal)

    def _leads_to(self, item) -> bool:
        first, goal = self.where(item.body[0]), self.where(item.body[1])
        return not self._can_avoid(first - goal, goal)

    def _infinitely_often(self, item) -> bool:
        goal = self.where(item.body)
        return not any(True for _ in self.fairness.components(self.everywhere() - goal))

    def _can_avoid(self, starts: set[int], goal: set[int]) -> bool:
        """Whether a fair run from one of `starts` never sees `goal`."""
        seen, work = set(starts), list(starts)
        while work:
            for after in self.fairness.changes[work.pop()]:
                if after not in goal and after not in seen:
                    seen.add(after)
                    work.append(after)
        return any(True for _ in self.fairness.components(seen))

    # -- automatic properties -----------------------------------------------

    def automatic(self) -> dict[str, bool]:
        """S-9, with the ids that every engine uses."""
        graph, workflow = self.graph, self.workflow
        found = {}
        found["deadlock"] = all(
            row or state.control in workflow.terminal for state, row in zip(graph.states, graph.steps)
        )
        found["in_range"] = all(after is not None for _, _, after in graph.everything())
        if workflow.terminal:
            ends = {i for i, state in enumerate(graph.states) if state.control in workflow.terminal}
            found["can_reach_terminal"] = self._can_get_to(ends)
        controls = {state.control for state in graph.states}
        for name in workflow.states:
            found[f"state:{name}"] = name in controls
        for at, variable in enumerate(workflow.variables.values()):
            if variable.phase:
                seen = {state.variables[at] for state in graph.states}
                for value in variable.type.values:
                    found[f"phase:{variable.name}={_spelled(value)}"] = value in seen
        fired = {step.transition for _, step, after in graph.everything() if after is not None}
        for item in workflow.transitions:
            found[f"fires:{item.id}"] = item.id in fired
        for item in workflow.transitions:
            for evidence in workflow.needs.get(item.target, []):
                fresh = Property("", "ensure", ("fresh", evidence, None), item.id, False, False, None)
                found[f"needs:{item.id}/{evidence}"] = self._ensure(fresh)
        if workflow.refines:
            found["refines"] = refines(graph)
        return found


def _spelled(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
