"""States and steps: S-1 to S-5, S-7 (start and end).

Canonical state: the control state, the variables, and for each evidence whether
it exists and, if so, one bit for each artifact it is made of and its fields.
Nothing else is state.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from .evaluate import Compiler, truth
from .workflow import Workflow


class Record(NamedTuple):
    """Evidence that exists. One that does not is None, in the same place."""

    bits: tuple
    fields: tuple


class State(NamedTuple):
    control: str
    variables: tuple
    evidence: tuple


class Step(NamedTuple):
    """An enabled transition with its choices. `after` is None when it leaves a range (S-3)."""

    transition: str
    choices: dict
    after: State | None


class _Ready:
    """One transition, its expressions compiled."""

    def __init__(self, machine: "Machine", transition):
        compiler = machine.compiler
        local = frozenset(transition.choices)
        self.transition = transition
        self.sources = set(transition.sources)
        self.choices = [
            dict(zip(transition.choices, values))
            for values in product(*(kind.values for kind in transition.choices.values()))
        ]
        self.guard = compiler.compile(transition.guard, local) if transition.guard else None
        self.set = {name: compiler.compile(tree, local) for name, tree in transition.set.items()}
        self.record = {
            name: (source, {field: compiler.compile(tree, local) for field, tree in fields.items()})
            for name, (source, fields) in transition.record.items()
        }


class Machine:
    """A workflow that can be run."""

    def __init__(self, workflow: Workflow):
        self.workflow = workflow
        self.compiler = Compiler(workflow)
        self.ready = [_Ready(self, item) for item in workflow.transitions]

    def initial(self) -> list[State]:
        """S-7: no evidence exists; every combination of the values that `init` allows."""
        nothing = tuple(None for _ in self.workflow.evidence)
        values = product(*(variable.initial for variable in self.workflow.variables.values()))
        return [State(self.workflow.initial, combination, nothing) for combination in values]

    def steps(self, state: State) -> list[Step]:
        """S-1: every enabled transition with every choice for which its guard holds."""
        found = []
        for ready in self.ready:
            if state.control not in ready.sources:
                continue
            for choices in ready.choices:
                if ready.guard is None or truth(ready.guard(state, choices)):
                    found.append(Step(ready.transition.id, choices, self._after(ready, state, choices)))
        return found

    def _after(self, ready: _Ready, state: State, choices: dict) -> State | None:
        """S-2: everything on the right reads `state`; then set, bump, drop, record, in this order."""
        workflow, transition = self.workflow, ready.transition
        names = list(workflow.variables)

        variables = list(state.variables)
        for name, value in ready.set.items():
            result = value(state, choices)
            if not workflow.variables[name].type.has(result):  # S-3; `none` is in no range (S-13)
                return None
            variables[names.index(name)] = result

        bumped = [self._bump(name, record, transition.bump) for name, record in self._records(state)]
        evidence = dict(zip(workflow.evidence, bumped))
        after_bumps = dict(evidence)  # what `from` copies
        for name in transition.drop:
            evidence[name] = None
        for name, (source, values) in ready.record.items():
            kind = workflow.evidence[name]
            fields = []
            for field, field_type in kind.fields.items():
                result = values[field](state, choices) if field in values else None
                if result is not None and not field_type.has(result):
                    return None
                fields.append(result)
            bits = tuple(self._stamp(artifact, source, after_bumps) for artifact in kind.of)
            evidence[name] = Record(bits, tuple(fields))

        control = transition.target or state.control
        return State(control, tuple(variables), tuple(evidence[name] for name in workflow.evidence))

    def _records(self, state: State):
        return zip(self.workflow.evidence, state.evidence)

    def _bump(self, name: str, record: Record | None, bumped: list[str]) -> Record | None:
        """S-4: a new version of an artifact clears its bit wherever it is stamped."""
        if record is None:
            return None
        of = self.workflow.evidence[name].of
        return Record(tuple(bit and a not in bumped for a, bit in zip(of, record.bits)), record.fields)

    def _stamp(self, artifact: str, source: str | None, after_bumps: dict) -> bool:
        """S-5: made now, or copied; what the source does not carry is stamped current."""
        if source is None or artifact not in self.workflow.evidence[source].of:
            return True
        record = after_bumps[source]
        if record is None:
            return False
        return record.bits[self.workflow.evidence[source].of.index(artifact)]
