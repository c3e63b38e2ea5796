"""The blocking and warning findings that follow from a file and its reachable states.

A finding is written `kind subject`. A reading of the table in the contract of
the IR, kept apart from the verdicts: nothing in here decides a property.
"""

from __future__ import annotations

from itertools import product

from .evaluate import truth
from .machine import Record, State
from .properties import Judge

KIND_OF_FORM = {
    "always": "invariant", "never": "invariant", "require": "step_property", "ensure": "step_property",
    "precedes": "precedence", "reachable": "unreached", "can_reach": "liveness", "eventually": "liveness",
    "leads_to": "liveness", "infinitely_often": "liveness",
}
LIVENESS = ("eventually", "leads_to", "infinitely_often")
WARNINGS = (
    "unreachable_state", "dead_transition", "missing_reject_path", "stale_use", "hidden_staleness",
    "guard_always_true", "guard_never_true", "unguarded_none", "unused",
)
TOO_MANY_VALUES = 300_000


def blocking(workflow, finding: str) -> bool:
    """Whether a finding of this workflow blocks; else it is a warning."""
    kind, _, subject = finding.partition(" ")
    if kind == "missing_assumption":
        return subject == "terminal"
    if kind == "vacuous":
        return any(item.id == subject and item.required for item in workflow.properties)
    return kind not in WARNINGS


def findings(judge: Judge, verdicts: dict[str, bool]) -> list[str]:
    """Every finding of this reading, sorted."""
    found = set()
    for part in (
        _properties(judge, verdicts), _automatic(verdicts), _ends(judge), _revision(judge), _stale(judge),
        _guards(judge), _absent(judge), _unused(judge), _vacuous(judge),
    ):
        found.update(part)
    return sorted(found)


def _properties(judge, verdicts):
    humans = _of_humans(judge.workflow)
    fair = {t.id for t in judge.workflow.transitions if t.fair}
    without = Judge(judge.graph, frozenset(humans)) if humans & fair else None
    for item in judge.workflow.properties:
        holds = verdicts[item.id]
        if item.expect_violated:
            if holds:
                yield f"expectation {item.id}"
        elif not holds:
            yield f"{KIND_OF_FORM[item.form]} {item.id}"
        elif item.form in LIVENESS and without and not item.text and not without.holds(item):
            yield f"missing_assumption {item.id}"


def _automatic(verdicts):
    for name, holds in verdicts.items():
        if holds:
            continue
        head, _, subject = name.partition(":")
        if name == "deadlock":
            yield "deadlock deadlock"
        elif name == "in_range":
            yield "bound_overflow in_range"
        elif name == "can_reach_terminal":
            yield "no_option_to_complete can_reach_terminal"
        elif name == "refines":
            yield "refinement refines"
        elif head in ("state", "phase") and subject:
            yield f"unreachable_state {subject}"
        elif head == "fires" and subject:
            yield f"dead_transition {subject}"
        elif head == "needs" and subject:
            yield f"step_property {name}"


def _ends(judge):
    if judge.workflow.terminal_key == "absent":
        yield "missing_assumption terminal"
    if judge.workflow.terminal_key == "given" and not judge.workflow.failure_given:
        yield "missing_reject_path terminal"


def _of_humans(workflow) -> set[str]:
    return {t.id for t in workflow.transitions if workflow.actors[t.actor] == "human"}


def _revision(judge):
    """A fair run goes round two or more control states for ever, and no human takes part."""
    if judge.workflow.terminal_key != "given":
        return
    humans = frozenset(_of_humans(judge.workflow))
    for part in judge.fairness.components(judge.everywhere(), humans):
        if len({judge.graph.states[i].control for i in part}) > 1:
            yield "unbounded_revision workflow"


def _parts(tree):
    """Every tuple inside a tree, itself included."""
    if isinstance(tree, tuple):
        yield tree
    if isinstance(tree, (tuple, list)):
        for part in tree:
            yield from _parts(part)


def _stale(judge):
    workflow = judge.workflow
    for transition in workflow.transitions:
        guard = list(_parts(transition.guard)) if transition.guard else []
        asked = {part[1] for part in guard if part[0] in ("fresh", "stale")}
        used = {part[1] for part in guard if part[0] in ("field", "has")}
        for name, (source, _) in transition.record.items():
            if source:
                used.add(source)
                if set(workflow.evidence[name].of) - set(workflow.evidence[source].of):
                    yield f"hidden_staleness {transition.id}/{name}"
        for name in used - asked:
            stale = judge.machine.compiler.compile(("stale", name))
            if any(
                step.transition == transition.id and stale(judge.graph.states[before], {})
                for before, step, _ in judge.graph.everything()
            ):
                yield f"stale_use {transition.id}/{name}"


def _guards(judge):
    """Over all values of their types, reachable or not."""
    for transition in judge.workflow.transitions:
        if transition.guard is None:
            continue
        answers = _all_answers(judge, transition)
        if answers == {True}:
            yield f"guard_always_true {transition.id}"
        elif answers == {False}:
            yield f"guard_never_true {transition.id}"


def _all_answers(judge, transition) -> set[bool]:
    workflow, tree = judge.workflow, transition.guard
    guard = judge.machine.compiler.compile(tree, frozenset(transition.choices))
    parts = list(_parts(tree))
    names = {part[1] for part in parts if part[0] == "name"}
    records = {part[1] for part in parts if part[0] in ("field", "fresh", "stale", "has")}
    controls = workflow.states if any(p[0] in ("state", "terminal") for p in parts) else workflow.states[:1]
    variables = [v.type.values if n in names else v.type.values[:1] for n, v in workflow.variables.items()]
    evidence = []
    for name, kind in workflow.evidence.items():
        if name not in records:
            evidence.append([None])
            continue
        bits = product(*([False, True] for _ in kind.of))
        fields = list(product(*([None, *field.values] for field in kind.fields.values())))
        evidence.append([None] + [Record(b, f) for b in bits for f in fields])
    choices = [kind.values for kind in transition.choices.values()]
    size = len(controls)
    for values in [*variables, *evidence, *choices]:
        size *= len(values)
    if size > TOO_MANY_VALUES:
        return set()
    answers = set()
    for control, vs, es, cs in product(controls, product(*variables), product(*evidence), product(*choices)):
        answers.add(truth(guard(State(control, vs, es), dict(zip(transition.choices, cs)))))
        if len(answers) == 2:
            break
    return answers


def _absent(judge):
    """S-13: a field is read where neither `has` nor `fresh` to its left says the evidence exists."""
    for transition in judge.workflow.transitions:
        known, found = frozenset(), set()
        if transition.guard:
            found |= _unguarded(transition.guard, known)
            known = _when(transition.guard, True)
        for tree in [*transition.set.values(), *(t for _, f in transition.record.values() for t in f.values())]:
            found |= _unguarded(tree, known)
        for name in found:
            yield f"unguarded_none {transition.id}/{name}"
    for item in judge.workflow.properties:
        if item.form == "precedes":
            continue
        for tree in item.body if item.form == "leads_to" else [item.body]:
            if _unguarded(tree, frozenset()):
                yield f"unguarded_none {item.id}"


def _when(tree, value: bool) -> frozenset:
    """The evidence that must exist when the tree has this value."""
    kind = tree[0]
    if kind in ("has", "fresh"):
        return frozenset([tree[1]]) if value else frozenset()
    if kind == "not":
        return _when(tree[1], not value)
    if kind == "=>":
        return _when(("or", ("not", tree[1]), tree[2]), value)
    if kind in ("and", "or"):
        left, right = _when(tree[1], value), _when(tree[2], value)
        return left | right if (kind == "and") == value else left & right
    return frozenset()


def _unguarded(tree, known: frozenset) -> set:
    """The evidence of which a field is read though it may not exist; `known` exists."""
    if isinstance(tree, list):
        return set().union(*(_unguarded(part, known) for part in tree))
    if not isinstance(tree, tuple):
        return set()
    kind = tree[0]
    if kind == "field":
        return set() if tree[1] in known else {tree[1]}
    if kind in ("and", "or", "=>"):
        return _unguarded(tree[1], known) | _unguarded(tree[2], known | _when(tree[1], kind != "or"))
    if kind == "if":
        then, otherwise = known | _when(tree[1], True), known | _when(tree[1], False)
        return _unguarded(tree[1], known) | _unguarded(tree[2], then) | _unguarded(tree[3], otherwise)
    return set().union(*(_unguarded(part, known) for part in tree[1:]))


def _unused(judge):
    workflow = judge.workflow
    trees = [t.guard for t in workflow.transitions if t.guard]
    read = set()
    for transition in workflow.transitions:
        trees += list(transition.set.values())
        for source, fields in transition.record.values():
            trees += list(fields.values())
            read.add(source)
    trees += [item.body for item in workflow.properties if item.form != "precedes"]
    for values in workflow.needs.values():
        read.update(values)
    for tree in trees:
        for part in _parts(tree):
            if part and part[0] in ("name", "field", "fresh", "stale", "has"):
                read.add(part[1])
    acting = {t.actor for t in workflow.transitions}
    stamped = {a for item in workflow.evidence.values() for a in item.of}
    bumped = {a for t in workflow.transitions for a in t.bump}
    for name in workflow.actors:
        if name not in acting:
            yield f"unused {name}"
    for name in [*workflow.variables, *workflow.evidence]:
        if name not in read:
            yield f"unused {name}"
    for name in workflow.artifacts:
        if name not in stamped or name not in bumped:
            yield f"unused {name}"


def _vacuous(judge):
    workflow = judge.workflow
    taken = {step.transition for _, step, _ in judge.graph.everything()}
    changed = {name for t in workflow.transitions for name in t.set}
    for name, kind in workflow.evidence.items():
        for t in workflow.transitions:
            if name in t.record or name in t.drop or set(t.bump) & set(kind.of):
                changed.add(name)
    moves = any(t.target and set(t.sources) - {t.target} for t in workflow.transitions)
    for item in workflow.properties:
        if item.at:
            if item.at not in taken:
                yield f"vacuous {item.id}"
            continue
        if item.form == "precedes":
            continue
        if item.form == "always" and item.body[0] == "=>" and not judge.where(item.body[1]):
            yield f"vacuous {item.id}"
        if item.form == "leads_to" and not judge.where(item.body[0]):
            yield f"vacuous {item.id}"
        names = set()
        for part in _parts(item.body):
            if part and part[0] in ("state", "terminal"):
                names.add("state")
            elif part and part[0] in ("name", "field", "fresh", "stale", "has"):
                names.add(part[1])
        if not (names & changed or ("state" in names and moves)):
            yield f"vacuous {item.id}"
