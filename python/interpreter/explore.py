"""Every reachable state and every step from it, breadth first."""

from __future__ import annotations

from .machine import Machine, State, Step


class TooLarge(Exception):
    """More states than asked for: no verdict follows."""


class Graph:
    """The reachable part of a machine. States are numbered in the order they were found."""

    def __init__(self, machine: Machine, limit: int = 1_000_000, without: frozenset = frozenset()):
        """`without` leaves transitions out, which is how precedence is judged (S-15)."""
        self.machine = machine
        self.states: list[State] = []
        self.steps: list[list[tuple[Step, int | None]]] = []
        number: dict[State, int] = {}

        def add(state: State) -> int:
            if state not in number:
                if len(self.states) >= limit:
                    raise TooLarge(f"more than {limit} states")
                number[state] = len(self.states)
                self.states.append(state)
            return number[state]

        self.initial = [add(state) for state in machine.initial()]
        at = 0
        while at < len(self.states):
            row = []
            for step in machine.steps(self.states[at]):
                if step.transition in without:
                    continue
                row.append((step, None if step.after is None else add(step.after)))
            self.steps.append(row)
            at += 1

    @property
    def distinct(self) -> int:
        return len(self.states)

    @property
    def step_count(self) -> int:
        """(state, transition, choices) triples that have a successor."""
        return sum(1 for row in self.steps for _, target in row if target is not None)

    def everything(self):
        """Every (number of the state before, step, number of the state after or None)."""
        for before, row in enumerate(self.steps):
            for step, target in row:
                yield before, step, target
