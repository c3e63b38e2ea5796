"""What is wrong with a policy, action by action: the findings of `tribunal verify`, found on another way."""

from __future__ import annotations

from .asking import Asker
from .expression import evaluate, parse
from .reading import Rule, allows, holds
from .words import ACTIONS, Unanswered

# What no policy lets through: what it is called, when it happens, and in words. `locked`: where a single file is built, a
# locked session stands in for a person, an aligned version and another author. A waiver is about an open finding.
CASES = {
    "blocking": ("while a blocking finding is open", "blocking > 0"),
    "person": ("without a person", "human_approvals == 0"),
    "version": ("of another version than was checked", "not aligned"),
    "author": ("by the author", "author_approves"),
}


def case(name: str, action: str) -> tuple | None:
    """When an action must not be allowed; `None` where that is not asked."""
    if name == "blocking":
        return None if action == "waive" else parse("blocking > 0")
    return parse(f"({CASES[name][1]}) and not locked" if action == "build" else CASES[name][1])


def words(given: dict) -> str:
    """Inputs in words, those apart that are zero or false."""
    parts = [name if value is True else f"{name} = {value}" for name, value in given.items() if value]
    return ", ".join(parts) or "everything zero or false"


def finding(which: str, subject: str, text: str, core: list[Rule], **more) -> dict:
    return {"kind": f"policy_{which}", "subject": subject, "words": text, "core": [r.id for r in core], **more}


def battery(asker: Asker, policy: list[Rule]) -> list[dict]:
    """The findings, action by action."""
    found: list[dict] = []
    for action in ACTIONS:
        of = [r for r in policy if r.action == action]
        if of:
            found += _action(asker, action, of)
        else:
            found.append(finding("gap", action, f"no rule speaks of {action}, so it is always refused", []))
    return found


def _action(asker: Asker, action: str, of: list[Rule]) -> list[dict]:
    z3, found = asker.z3, []
    permits = [r for r in of if r.effect == "permit"]
    allowed = asker.allowed(of)
    if asker.example(allowed, lambda i: allows(of, i)) is None:
        return [_never(asker, action, of, permits)]
    if asker.example(z3.Not(allowed), lambda i: not allows(of, i)) is None:
        found.append(finding("always_allows", action, f"{action} is always allowed: its rules decide nothing", of))
    cases = {}
    for name in CASES:
        bad = case(name, action)
        if bad is None:
            continue
        given = asker.example(z3.And(allowed, asker.term(bad)), lambda i, bad=bad: allows(of, i) and evaluate(bad, i))
        if given is not None:
            cases[name] = given
    if cases:
        text = "; ".join(f"{action} can be allowed {CASES[n][0]}, for instance: {words(i)}" for n, i in cases.items())
        found.append(finding("unsafe", action, text, permits, cases=cases))
    given = asker.example(
        z3.And(z3.Not(asker.permitted(of)), asker.unopposed(of)),
        lambda i: not allows(of, i) and all(holds(r, i) == (r.effect == "require") for r in of if r.effect != "permit"),
    )
    if given is not None:
        text = f"{action} can be refused though no rule says why, for instance: {words(given)}"
        found.append(finding("gap", action, text, permits))
    for rule in of:
        rest = [r for r in of if r is not rule]
        differs = allowed != asker.allowed(rest)
        if asker.example(differs, lambda i, rest=rest: allows(of, i) != allows(rest, i)) is None:
            found.append(finding("shadowed", rule.id, "without it every input is decided as with it", [rule]))
    return found


def _never(asker: Asker, action: str, of: list[Rule], permits: list[Rule]) -> dict:
    if asker.example(asker.permitted(of), lambda i: any(holds(r, i) for r in permits)) is None:
        why = "none of its permits can hold" if permits else "no rule permits it"
        return finding("never_allows", action, f"nothing can ever be allowed to {action}: {why}", permits)
    opposing = [r for r in of if r.effect != "permit"]
    kept = asker.core([*(asker.demand(r) for r in opposing), asker.permitted(of)])
    if kept is None:
        raise Unanswered(f"Z3 contradicts itself about {action}")
    core = [opposing[n] for n in kept if n < len(opposing)]
    if len(opposing) in kept:
        core += permits
    return finding("contradiction", action, "these rules exclude each other, so nothing is ever allowed", core)
