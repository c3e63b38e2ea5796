"""Refinement, safety only: S-10.

Every reachable step of the concrete workflow, seen through the map, is an
enabled step of the abstract one or changes nothing there; initial states are
seen as initial states.
"""

from __future__ import annotations

from . import expression
from .explore import Graph
from .machine import Machine, Record, State
from .reader import BadFile
from .workflow import Workflow, load


def refines(graph: Graph) -> bool:
    """Whether the explored workflow refines the one its file names."""
    concrete = graph.machine.workflow
    if concrete.path is None:
        raise BadFile("refines: the file's own place is not known")
    abstract = Machine(load(concrete.path.parent / concrete.refines.path))
    view = View(graph.machine, abstract.workflow)
    seen = [view.of(state) for state in graph.states]

    if not all(seen[i] in abstract.initial() for i in graph.initial):
        return False
    successors = {}
    for before, _, after in graph.everything():
        if after is None or seen[before] == seen[after]:
            continue
        if seen[before] is None or seen[after] is None:
            return False
        if seen[before] not in successors:
            successors[seen[before]] = {step.after for step in abstract.steps(seen[before])}
        if seen[after] not in successors[seen[before]]:
            return False
    return None not in seen


class View:
    """The map: a concrete state as a state of the abstract workflow."""

    def __init__(self, concrete: Machine, abstract: Workflow):
        given = concrete.workflow.refines.map
        wanted = {"state", *abstract.variables, *abstract.evidence, *abstract.artifacts}
        if set(given) != wanted:
            raise BadFile(f"refines.map must name exactly {sorted(wanted)}")
        self.concrete, self.abstract = concrete, abstract
        # The map speaks of both: its words may be states and values of either workflow.
        concrete.compiler.constants |= abstract.constants
        self.control = concrete.compiler.compile(expression.parse(given["state"]))
        self.variables = [concrete.compiler.compile(expression.parse(given[name])) for name in abstract.variables]
        self.evidence_at = {name: i for i, name in enumerate(concrete.workflow.evidence)}
        self.given = given

    def of(self, state: State) -> State | None:
        """None when some value is not one the abstract workflow has."""
        control = self.control(state, {})
        if control not in self.abstract.states:
            return None
        variables = tuple(value(state, {}) for value in self.variables)
        if not all(v.type.has(value) for v, value in zip(self.abstract.variables.values(), variables)):
            return None
        evidence = tuple(self._record(state, name) for name in self.abstract.evidence)
        return State(control, variables, evidence)

    def _record(self, state: State, name: str) -> Record | None:
        mine = self.concrete.workflow.evidence[self.given[name]]
        record = state.evidence[self.evidence_at[mine.name]]
        if record is None:
            return None
        bits = tuple(record.bits[mine.of.index(self.given[a])] for a in self.abstract.evidence[name].of)
        fields = list(mine.fields)
        values = tuple(record.fields[fields.index(field)] for field in self.abstract.evidence[name].fields)
        return Record(bits, values)
