"""Expression tree -> a Python function of (state, local names). Carries S-4 and S-13.

Values are Python's bool and int, a str for an enum value or a state, and None
for `none`. Integers are unbounded here; ranges are judged where something is
assigned (S-3).
"""

from __future__ import annotations

from .reader import BadFile
from .workflow import Workflow

ORDER = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def equal(a, b) -> bool:
    """S-13: `none` equals `none` and nothing else."""
    if a is None or b is None:
        return a is b
    if type(a) is not type(b):
        raise BadFile(f"compares {a!r} with {b!r}, which are of different types")
    return a == b


def truth(value) -> bool:
    """S-13: `none` as a boolean is false."""
    if value is None:
        return False
    if not isinstance(value, bool):
        raise BadFile(f"{value!r} stands where a boolean is needed")
    return value


def _number(value):
    if value is not None and type(value) is not int:
        raise BadFile(f"{value!r} stands where an integer is needed")
    return value


class Compiler:
    """Turns the expressions of one workflow into functions over its states."""

    def __init__(self, workflow: Workflow):
        self.workflow = workflow
        self.variable_at = {name: i for i, name in enumerate(workflow.variables)}
        self.evidence_at = {name: i for i, name in enumerate(workflow.evidence)}
        self.constants = workflow.constants

    def compile(self, tree: tuple, local: frozenset = frozenset()):
        """The function that gives the tree's value; `local` are the names bound around it."""
        kind = tree[0]
        if kind in ("int", "bool"):
            value = tree[1]
            return lambda s, env: value
        if kind == "none":
            return lambda s, env: None
        if kind == "state":
            return lambda s, env: s.control
        if kind == "terminal":
            ends = self.workflow.terminal
            return lambda s, env: s.control in ends
        if kind == "name":
            return self._name(tree[1], local)
        if kind == "field":
            return self._field(tree[1], tree[2])
        if kind in ("fresh", "stale", "has"):
            return self._evidence(tree)
        if kind in ("forall", "exists", "count"):
            return self._quantifier(tree, local)
        if kind in ("in", "not in"):
            value = self.compile(tree[1], local)
            items = [self.compile(item, local) for item in tree[2]]
            wanted = kind == "in"

            def member(s, env):
                left = value(s, env)
                return any(equal(left, item(s, env)) for item in items) == wanted

            return member
        return self._operator(kind, [self.compile(part, local) for part in tree[1:]])

    def _operator(self, kind: str, parts: list):
        if kind == "not":
            (p,) = parts
            return lambda s, env: not truth(p(s, env))
        if kind == "if":
            c, p, q = parts
            return lambda s, env: p(s, env) if truth(c(s, env)) else q(s, env)
        p, q = parts
        if kind == "and":
            return lambda s, env: truth(p(s, env)) and truth(q(s, env))
        if kind == "or":
            return lambda s, env: truth(p(s, env)) or truth(q(s, env))
        if kind == "=>":
            return lambda s, env: not truth(p(s, env)) or truth(q(s, env))
        if kind == "==":
            return lambda s, env: equal(p(s, env), q(s, env))
        if kind == "!=":
            return lambda s, env: not equal(p(s, env), q(s, env))
        if kind in ORDER:
            order = ORDER[kind]

            def compare(s, env):
                a, b = _number(p(s, env)), _number(q(s, env))
                return a is not None and b is not None and order(a, b)

            return compare
        if kind in ("+", "-"):
            sign = 1 if kind == "+" else -1

            def add(s, env):
                a, b = _number(p(s, env)), _number(q(s, env))
                return None if a is None or b is None else a + sign * b

            return add
        raise BadFile(f"unknown operator {kind}")

    def _name(self, name: str, local: frozenset):
        if name in local:
            return lambda s, env: env[name]
        if name in self.variable_at:
            at = self.variable_at[name]
            return lambda s, env: s.variables[at]
        if name in self.constants:
            return lambda s, env: name
        raise BadFile(f"unknown name {name!r}")

    def _evidence_index(self, name: str) -> int:
        if name not in self.evidence_at:
            raise BadFile(f"unknown evidence {name!r}")
        return self.evidence_at[name]

    def _field(self, name: str, field: str):
        at = self._evidence_index(name)
        fields = list(self.workflow.evidence[name].fields)
        if field not in fields:
            raise BadFile(f"evidence {name} has no field {field!r}")
        place = fields.index(field)

        def value(s, env):
            record = s.evidence[at]
            return None if record is None else record.fields[place]

        return value

    def _evidence(self, tree: tuple):
        kind, name = tree[0], tree[1]
        at = self._evidence_index(name)
        if kind == "has":
            return lambda s, env: s.evidence[at] is not None
        if kind == "stale":
            return lambda s, env: s.evidence[at] is not None and not all(s.evidence[at].bits)
        artifact = tree[2]
        if artifact is None:
            return lambda s, env: s.evidence[at] is not None and all(s.evidence[at].bits)
        of = self.workflow.evidence[name].of
        if artifact not in of:
            raise BadFile(f"evidence {name} is not made of {artifact!r}")
        bit = of.index(artifact)
        return lambda s, env: s.evidence[at] is not None and s.evidence[at].bits[bit]

    def _quantifier(self, tree: tuple, local: frozenset):
        kind, variable, domain, body = tree
        items = [self.compile(item, local) for item in domain]
        inner = self.compile(body, local | {variable})

        def results(s, env):
            return [truth(inner(s, {**env, variable: item(s, env)})) for item in items]

        if kind == "forall":
            return lambda s, env: all(results(s, env))
        if kind == "exists":
            return lambda s, env: any(results(s, env))
        return lambda s, env: sum(results(s, env))
