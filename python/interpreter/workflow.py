"""Plain data -> one `Workflow`, defaults filled in, expressions parsed.

Only what is needed to run it: free text, the policy and everything about spans
is left out. What belongs to channels or instances is refused, not ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from . import expression
from .reader import BadFile, read

FORMS = (
    "always", "never", "require", "ensure", "precedes", "reachable",
    "can_reach", "eventually", "leads_to", "infinitely_often",
)


@dataclass
class Type:
    """Exactly the values a variable, field or choice may have, in order."""

    values: list
    is_int: bool = False

    def has(self, value) -> bool:
        return any(type(value) is type(known) and value == known for known in self.values)


@dataclass
class Variable:
    name: str
    type: Type
    initial: list
    phase: bool


@dataclass
class Evidence:
    name: str
    of: list[str]
    fields: dict[str, Type]


@dataclass
class Transition:
    id: str
    actor: str
    sources: list[str]
    target: str | None
    choices: dict[str, Type]
    guard: tuple | None
    set: dict[str, tuple]
    bump: list[str]
    drop: list[str]
    record: dict[str, tuple]  # evidence -> (copied from or None, {field: expression})
    fair: str | None


@dataclass
class Property:
    id: str
    form: str
    body: object  # an expression, or two for leads_to, or (names, name) for precedes
    at: str | None
    expect_violated: bool
    required: bool
    text: str | None


@dataclass
class Refinement:
    path: str
    map: dict


@dataclass
class Workflow:
    name: str
    actors: dict[str, str]  # actor -> kind
    states: list[str]
    needs: dict[str, list[str]]
    initial: str
    success: list[str]
    failure: list[str]
    terminal_key: str  # "absent", "none" or "given"
    failure_given: bool
    artifacts: list[str]
    evidence: dict[str, Evidence]
    variables: dict[str, Variable]
    transitions: list[Transition]
    properties: list[Property]
    refines: Refinement | None
    path: Path | None = field(default=None)

    @property
    def terminal(self) -> set[str]:
        return set(self.success) | set(self.failure)

    @property
    def constants(self) -> set[str]:
        """Every word that is a state or the value of some enum."""
        types = [variable.type for variable in self.variables.values()]
        types += [kind for item in self.evidence.values() for kind in item.fields.values()]
        types += [kind for item in self.transitions for kind in item.choices.values()]
        return set(self.states) | {v for kind in types for v in kind.values if isinstance(v, str)}


def load(path: str | Path) -> Workflow:
    """The workflow in a file."""
    workflow = build(read(path))
    workflow.path = Path(path)
    return workflow


def _known(data: dict, keys: str, what: str) -> dict:
    unknown = set(data) - set(keys.split())
    if unknown:
        raise BadFile(f"{what}: unknown key {sorted(unknown)}")
    return {key: value for key, value in data.items() if value is not None}


def _list(value) -> list:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def build(data: dict) -> Workflow:
    """The workflow described by the plain data of a file."""
    data = _known(
        data,
        "ir workflow_id version goal constraints refines actors states initial terminal artifacts "
        "evidence vars transitions properties policy channels",
        "workflow",
    )
    if data.get("channels"):
        raise BadFile("channels are not part of the base IR")

    actors = {}
    for item in data["actors"]:
        item = _known({"id": item} if isinstance(item, str) else item, "id kind instances", "actor")
        if item.get("instances"):
            raise BadFile("instances are not part of the base IR")
        actors[item["id"]] = item.get("kind") or ("human" if item["id"] == "Human" else "agent")

    states, needs = [], {}
    for item in data["states"]:
        item = _known({"id": item} if isinstance(item, str) else item, "id needs", "state")
        states.append(item["id"])
        needs[item["id"]] = _list(item.get("needs"))

    terminal = data.get("terminal")
    if terminal is None:
        terminal_key, success, failure, failure_given = "absent", [], [], False
    elif terminal == "none":
        terminal_key, success, failure, failure_given = "none", [], [], False
    else:
        terminal = _known(terminal, "success failure", "terminal")
        terminal_key, failure_given = "given", "failure" in terminal
        success, failure = _list(terminal.get("success")), _list(terminal.get("failure"))

    variables = {}
    for name, item in (data.get("vars") or {}).items():
        item = _known(item, "type range values init phase per of", f"variable {name}")
        if "per" in item or item["type"] == "actor":
            raise BadFile("cells and actors as values are not part of the base IR")
        kind = _type(item)
        if "init" not in item:
            raise BadFile(f"variable {name} needs init")
        start = kind.values if item["init"] == "any" else [item["init"]]
        if not all(kind.has(value) for value in start):
            raise BadFile(f"variable {name}: init is not a value of its type")
        variables[name] = Variable(name, kind, list(start), bool(item.get("phase")))

    evidence = {}
    for name, item in (data.get("evidence") or {}).items():
        item = _known(item, "of fields", f"evidence {name}")
        fields = {key: _type(kind) for key, kind in (item.get("fields") or {}).items()}
        evidence[name] = Evidence(name, _list(item.get("of")), fields)

    ends = set(success) | set(failure)
    transitions = [_transition(item, states, ends) for item in data["transitions"]]
    properties = [_property(item) for item in data.get("properties") or []]

    refines = None
    if data.get("refines"):
        item = _known(data["refines"], "workflow map digest", "refines")
        refines = Refinement(item["workflow"], item["map"])

    workflow = Workflow(
        data["workflow_id"], actors, states, needs, data.get("initial") or states[0], success, failure,
        terminal_key, failure_given, _list(data.get("artifacts")), evidence, variables, transitions,
        properties, refines,
    )
    _check_names(workflow)
    return workflow


def _type(item: dict) -> Type:
    kind = item["type"]
    if kind == "bool":
        return Type([False, True])
    if kind == "int":
        low, high = item["range"]
        return Type(list(range(low, high + 1)), is_int=True)
    if kind == "enum":
        return Type(list(item["values"]))
    raise BadFile(f"type {kind} is not part of the base IR")


def _transition(item: dict, states: list[str], ends: set[str]) -> Transition:
    item = _known(
        item, "id actor from to choose receive when set bump drop record send fair", f"transition {item.get('id')}"
    )
    if item.get("receive") or item.get("send"):
        raise BadFile("receive and send are not part of the base IR")
    record = {}
    for name, fields in (item.get("record") or {}).items():
        fields = dict(fields or {})
        source = fields.pop("from", None)
        record[name] = (source, {key: expression.parse(value) for key, value in fields.items()})
    return Transition(
        id=item["id"],
        actor=item["actor"],
        sources=_list(item["from"]) if "from" in item else [s for s in states if s not in ends],
        target=item.get("to"),
        choices={name: _type(kind) for name, kind in (item.get("choose") or {}).items()},
        guard=expression.parse(item["when"]) if "when" in item else None,
        set={name: expression.parse(value) for name, value in (item.get("set") or {}).items()},
        bump=_list(item.get("bump")),
        drop=_list(item.get("drop")),
        record=record,
        fair=item.get("fair"),
    )


def _property(item: dict) -> Property:
    name = item.get("id")
    item = _known(item, "id at text requirement expect lemma " + " ".join(FORMS), f"property {name}")
    forms = [form for form in FORMS if form in item]
    if len(forms) != 1 or ("at" in item) != (forms[0] in ("require", "ensure")):
        raise BadFile(f"property {name}: exactly one form is needed")
    form, value = forms[0], item[forms[0]]
    if form == "leads_to":
        body = (expression.parse(value[0]), expression.parse(value[1]))
    elif form == "precedes":
        body = (_list(value[0]), value[1])
    else:
        body = expression.parse(value)
    return Property(
        name, form, body, item.get("at"), item.get("expect") == "violated",
        bool(item.get("requirement")), item.get("text"),
    )


def _check_names(workflow: Workflow) -> None:
    """Refuses names that lead nowhere, so that a slip in a file is not a verdict."""

    def need(names, known, what):
        for name in names:
            if name not in known:
                raise BadFile(f"{what}: unknown {name!r}")

    top = list(workflow.actors) + workflow.artifacts + list(workflow.evidence) + list(workflow.variables)
    if len(set(top) | set(workflow.states)) != len(top) + len(workflow.states):
        raise BadFile("one namespace for actors, states, artifacts, evidence and variables")
    need([workflow.initial, *workflow.terminal], workflow.states, "initial or terminal")
    if workflow.needs[workflow.initial]:
        raise BadFile("the initial state cannot have needs")
    for values in workflow.needs.values():
        need(values, workflow.evidence, "needs")
    for item in workflow.evidence.values():
        need(item.of, workflow.artifacts, f"evidence {item.name}")
    ids = [item.id for item in workflow.transitions]
    if len(ids) != len(set(ids)):
        raise BadFile("two transitions with one id")
    for item in workflow.transitions:
        what = f"transition {item.id}"
        need([item.actor], workflow.actors, what)
        need(item.sources + ([item.target] if item.target else []), workflow.states, what)
        if set(item.sources) & workflow.terminal:
            raise BadFile(f"{what}: leaves a terminal state")
        need(item.set, workflow.variables, what)
        need(item.bump, workflow.artifacts, what)
        need(item.drop, workflow.evidence, what)
        if set(item.drop) & set(item.record):
            raise BadFile(f"{what}: drops and records one evidence")
        for name, (source, fields) in item.record.items():
            need([name] + ([source] if source else []), workflow.evidence, what)
            need(fields, workflow.evidence[name].fields, what)
    ids = [item.id for item in workflow.properties]
    if len(ids) != len(set(ids)):
        raise BadFile("two properties with one id")
    names = [item.id for item in workflow.transitions]
    for item in workflow.properties:
        need([item.at] if item.at else [], names, f"property {item.id}")
        if item.form == "precedes":
            need(item.body[0] + [item.body[1]], names, f"property {item.id}")
