"""Policies: S-11 and the questions asked of a policy file, by trying every input.

Rules compare integers with constants only, so it is exact to try each integer
from 0 up to one more than the largest constant in the file, and each boolean.

    permit, require, forbid: allowed iff some permit holds, every require holds
    and no forbid holds.

    never_allows    no input is allowed
    contradiction   never_allows although some permit can hold: the rules clash
    unsafe          something is let through that must not be (see UNSAFE)
    gap             no rule at all, or refused although no forbid holds and every require does
    shadowed        leaving the rule out changes no answer
    always_allows   no input is refused
"""

from __future__ import annotations

from itertools import product

from . import expression
from .evaluate import Compiler, truth
from .reader import BadFile, read
from .workflow import build

ACTIONS = ("approve", "waive", "implement", "build", "release")
INTEGERS = ("blocking", "warning", "info", "waived", "open_obligations", "human_approvals", "round")
BOOLEANS = (
    "aligned", "critic_accepts", "engines_agree", "complete", "proof_complete", "author_approves",
    "waiver_has_reason", "locked",
)
# What no policy may let through. A waiver is about an open finding, so that
# question is not asked of `waive`; a locked session stands in for a person and
# for alignment where a single file is built.
UNSAFE = {
    "blocking": lambda i, action: i["blocking"] > 0 and action != "waive",
    "person": lambda i, action: i["human_approvals"] == 0 and not (action == "build" and i["locked"]),
    "version": lambda i, action: not i["aligned"] and not (action == "build" and i["locked"]),
    "author": lambda i, action: i["author_approves"] and not (action == "build" and i["locked"]),
}


class Policy:
    """The rules of one file."""

    def __init__(self, data: dict):
        self.rules = data["rules"]
        if set(data) != {"rules"}:
            raise BadFile("a policy file has `rules:` at its top and nothing else")
        names = {name: {"type": "int", "range": [0, 0], "init": 0} for name in INTEGERS}
        names.update({name: {"type": "bool", "init": False} for name in BOOLEANS})
        nobody = {"workflow_id": "p", "goal": "p", "actors": ["A"], "states": ["S"], "transitions": []}
        compiler = Compiler(build({**nobody, "vars": names}))
        self.trees = {}
        self.when = {}
        for rule in self.rules:
            if set(rule) - {"id", "action", "effect", "when", "reason"} or rule["action"] not in ACTIONS:
                raise BadFile(f"rule {rule.get('id')}: unknown key or action")
            if rule["effect"] not in ("permit", "require", "forbid") or rule["id"] in self.when:
                raise BadFile(f"rule {rule['id']}: unknown effect or second of its name")
            self.trees[rule["id"]] = expression.parse(rule["when"])
            self.when[rule["id"]] = compiler.compile(self.trees[rule["id"]])

    def of(self, action: str) -> list[dict]:
        """The rules of one action, in the order of the file."""
        return [rule for rule in self.rules if rule["action"] == action]

    def holds(self, rule: dict, given: dict) -> bool:
        """Whether a rule's condition is true of the inputs."""
        return truth(self.when[rule["id"]](_Inputs(given), {}))

    def allows(self, rules: list[dict], given: dict) -> bool:
        """S-11."""
        effects = {"permit": [], "require": [], "forbid": []}
        for rule in rules:
            effects[rule["effect"]].append(self.holds(rule, given))
        return any(effects["permit"]) and all(effects["require"]) and not any(effects["forbid"])

    def inputs(self, action: str):
        """Every input that can matter to the rules of an action or to the question of safety."""
        named, constants = {"blocking", "human_approvals", "aligned", "author_approves"}, [1]
        if action == "build":
            named.add("locked")
        for rule in self.of(action):
            for part in _parts(self.trees[rule["id"]]):
                if part[0] == "name":
                    named.add(part[1])
                elif part[0] == "int":
                    constants.append(part[1])
        numbers = range(max(constants) + 2)
        domains = [numbers if name in named else (0,) for name in INTEGERS]
        domains += [(False, True) if name in named else (False,) for name in BOOLEANS]
        for values in product(*domains):
            yield dict(zip(INTEGERS + BOOLEANS, values))


class _Inputs:
    """Inputs in the place of a state's variables."""

    def __init__(self, given: dict):
        self.variables = tuple(given[name] for name in INTEGERS + BOOLEANS)


def _parts(tree):
    if isinstance(tree, tuple):
        yield tree
    if isinstance(tree, (tuple, list)):
        for part in tree:
            yield from _parts(part)


def judge(path) -> list[str]:
    """The policy findings of a file, each `kind subject`, sorted."""
    policy = Policy(read(path))
    found = set()
    for action in ACTIONS:
        rules = policy.of(action)
        if not rules:
            found.add(f"policy_gap {action}")
            continue
        answers = [(given, policy.allows(rules, given)) for given in policy.inputs(action)]
        if not any(allowed for _, allowed in answers):
            permits = [rule for rule in rules if rule["effect"] == "permit"]
            clash = any(policy.holds(rule, given) for rule in permits for given, _ in answers)
            found.add(f"policy_{'contradiction' if clash else 'never_allows'} {action}")
            continue
        if all(allowed for _, allowed in answers):
            found.add(f"policy_always_allows {action}")
        if any(allowed and bad(given, action) for given, allowed in answers for bad in UNSAFE.values()):
            found.add(f"policy_unsafe {action}")
        for given, allowed in answers:
            refusals = [r for r in rules if r["effect"] != "permit"]
            if not allowed and all(policy.holds(r, given) == (r["effect"] == "require") for r in refusals):
                found.add(f"policy_gap {action}")
        for rule in rules:
            others = [other for other in rules if other is not rule]
            if all(policy.allows(others, given) == allowed for given, allowed in answers):
                found.add(f"policy_shadowed {rule['id']}")
    return sorted(found)
