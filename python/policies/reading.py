"""A policy file as rules, and what they allow. JSON is read whole, of YAML the part that policies are written in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from .expression import evaluate, parse
from .words import ACTIONS, EFFECTS, KEYS, BadPolicy


@dataclass(frozen=True)
class Rule:
    """One rule; `when` is a tree of tuples, see `parse`."""

    id: str
    action: str
    effect: str
    when: tuple


def read(path: Path) -> list[Rule]:
    """The rules of a file, in its order."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadPolicy(f"{path}: {error}") from error
    try:
        return rules(_json(text) if path.suffix == ".json" else _yaml(text))
    except BadPolicy as error:
        raise BadPolicy(f"{path}: {error}") from error


def rules(data) -> list[Rule]:
    """The rules in plain data."""
    if not isinstance(data, dict) or set(data) != {"rules"} or not isinstance(data["rules"], list):
        raise BadPolicy("a policy is `rules:` with a list, and nothing else")
    found: list[Rule] = []
    for item in data["rules"]:
        if not isinstance(item, dict) or not set(item) <= set(KEYS) or not {"id", "action", "effect", "when"} <= set(item):
            raise BadPolicy(f"a rule has the keys {', '.join(KEYS)}: {item!r}")
        name = item["id"]
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name in {r.id for r in found}:
            raise BadPolicy(f"an id is a word, and each its own: {name!r}")
        if item["action"] not in ACTIONS or item["effect"] not in EFFECTS:
            raise BadPolicy(f"{name}: an action is one of {', '.join(ACTIONS)}, an effect one of {', '.join(EFFECTS)}")
        try:
            found.append(Rule(name, item["action"], item["effect"], parse(item["when"])))
        except BadPolicy as error:
            raise BadPolicy(f"{name}: {error}") from error
    return found


def _json(text: str):
    def each_key_once(pairs):
        if len({key for key, _ in pairs}) < len(pairs):
            raise BadPolicy(f"a key is given twice: {[key for key, _ in pairs]}")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=each_key_once)
    except (ValueError, RecursionError) as error:
        raise BadPolicy(str(error)) from error


PAIR = re.compile(r"([a-z_]+):(?: +(.*))?$")
SCALAR = r"\"(?:[^\"\\]|\\[\"\\])*\"|'(?:[^']|'')*'|[^\s\"'\[\]{},:#&*!|>%@`?-](?:[^,{}\[\]:#]|:(?=[^\s,}])|(?<=\S)#)*"
IN_BRACES = re.compile(rf"\s*([a-z_]+): +({SCALAR})\s*(,|\}})")
AS_VALUE = re.compile(r"(\"(?:[^\"\\]|\\[\"\\])*\"|'(?:[^']|'')*'|[^\s\"'\[\]{},:#&*!|>%@`?-](?:[^:#]|:(?=\S)|(?<=\S)#)*?)\s*(?: #.*)?$")


def _yaml(text: str) -> dict:
    """The part of YAML that policies are written in: a list of rules, one key a line or one rule in braces a line.
    Whatever else YAML has is refused, so nothing is ever read in another sense than YAML's."""
    items: list[dict] = []
    seen, dash, inside = False, None, None
    for number, line in enumerate(text.splitlines(), 1):
        body = line.strip()
        if not body or body.startswith("#"):
            continue
        if "\t" in line:
            raise _unreadable(number)
        indent = len(line) - len(line.lstrip(" "))
        if not seen:
            empty = re.fullmatch(r"rules:( *\[\])?( +#.*)?", line)
            if not empty:
                raise _unreadable(number)
            seen, dash = True, -1 if empty[1] else None
        elif body.startswith("- "):
            if dash is None:
                dash = indent
            if indent != dash:
                raise _unreadable(number)
            rest = body[2:].lstrip()
            items.append({})
            if rest.startswith("{"):
                _braces(rest, items[-1], number)
                inside = None
            else:
                inside = indent + len(body) - len(rest)
                _pair(rest, items[-1], number)
        elif items and indent == inside:
            _pair(body, items[-1], number)
        else:
            raise _unreadable(number)
    if not seen:
        raise BadPolicy("it is empty")
    return {"rules": items}


def _unreadable(number: int) -> BadPolicy:
    return BadPolicy(f"line {number}: this reader does not know that way of writing; write `key: value` a line, or the file as JSON")


def _pair(text: str, into: dict, number: int) -> None:
    pair = PAIR.match(text)
    value = pair and AS_VALUE.match(pair[2] or "")
    if not value or pair[1] in into:
        raise _unreadable(number)
    into[pair[1]] = _scalar(value[1])


def _braces(text: str, into: dict, number: int) -> None:
    at, end = 1, ","
    while end == ",":
        part = IN_BRACES.match(text, at)
        if not part or part[1] in into:
            raise _unreadable(number)
        into[part[1]] = _scalar(part[2].strip())
        at, end = part.end(), part[3]
    if not re.fullmatch(r"\s*(\s#.*)?", text[at:]):
        raise _unreadable(number)


def _scalar(text: str) -> str:
    if text[0] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    return text


def holds(rule: Rule, given: dict) -> bool:
    """Whether a rule's condition is true of the inputs."""
    return evaluate(rule.when, given)


def allows(of: list[Rule], given: dict) -> bool:
    """Some `permit` holds, every `require` holds and no `forbid` holds."""
    permits = any(holds(r, given) for r in of if r.effect == "permit")
    return permits and all(holds(r, given) == (r.effect == "require") for r in of if r.effect != "permit")
