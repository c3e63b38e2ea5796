"""What people ask of a policy: approvals, stale versions, waivers, the order of severities, warnings, review by people."""

from __future__ import annotations

from .asking import EFFORT, Asker
from .expression import evaluate, parse
from .reading import Rule, allows
from .words import ACTIONS, INTEGERS, Unanswered


def questions(asker: Asker, policy: list[Rule]) -> list[dict]:
    """What people ask of approvals; `fine` is null where any answer will do."""
    z3, asked = asker.z3, []
    of = {action: [r for r in policy if r.action == action] for action in ACTIONS}
    allowed = {action: asker.allowed(of[action]) for action in ACTIONS}

    def say(name: str, question: str, answer, fine: bool | None, example: dict | None = None) -> None:
        asked.append({"id": name, "question": question, "answer": answer, "fine": fine, "example": example})

    def can(name: str, question: str, action: str, when: str, wanted: bool | None) -> None:
        tree = parse(when)
        fact = z3.And(allowed[action], asker.term(tree))
        given = asker.example(fact, lambda i: allows(of[action], i) and evaluate(tree, i))
        say(name, question, given is not None, None if wanted is None else (given is not None) == wanted, given)

    def moved(name: str, question: str, action: str, when: str, change: dict) -> None:
        """Whether a refusal can turn into an allowance by adding `change` to the inputs."""
        tree = parse(when)
        after = z3.substitute(allowed[action], *((asker.inputs[n], asker.inputs[n] + by) for n, by in change.items()))
        given = asker.example(
            z3.And(z3.Not(allowed[action]), after, asker.term(tree)),
            lambda i: not allows(of[action], i)
            and allows(of[action], {**i, **{n: i[n] + by for n, by in change.items()}})
            and evaluate(tree, i),
        )
        say(name, question, given is not None, given is None, given)

    can("approval_satisfiable", "Can a version be approved at all?", "approve", "true", True)
    can("approval_with_proof", "Can one be approved with nothing waived and nothing left to prove?",
        "approve", "waived == 0 and open_obligations == 0", None)
    can("approval_with_waiver", "Can one be approved with something waived?", "approve", "waived > 0", None)
    for action in ("approve", "implement", "build", "release"):
        stand_in = " and not locked" if action == "build" else ""
        can(f"stale_{action}", f"Can {action} be allowed on what was said about another version?",
            action, f"not aligned{stand_in}", False)
        can(f"blocking_{action}", f"Can {action} be allowed while a blocking finding is open?", action, "blocking > 0", False)
        can(f"unreviewed_{action}", f"Can {action} be allowed without a person?",
            action, f"human_approvals == 0{stand_in}", False)
        can(f"own_{action}", f"Can {action} be allowed on the author's own approval?",
            action, f"author_approves{stand_in}", False)
        moved(f"waiver_gating_{action}", f"Can one more waiver let through to {action} what stays open?",
              action, "blocking + warning + info > 0", {"waived": 1})
        for worse, better in (("warning", "info"), ("blocking", "warning")):
            moved(f"severity_{worse}_{action}", f"Can {action} be allowed because a finding is {worse} and not {better}?",
                  action, f"{better} > 0", {worse: 1, better: -1})
    can("waiver_reason", "Can a finding be waived without a reason?", "waive", "not waiver_has_reason", False)
    can("waiver_person", "Can a finding be waived without a person?", "waive", "human_approvals == 0", False)
    can("waiver_author", "Can the author waive a finding?", "waive", "author_approves", False)
    can("waiver_version", "Can a finding of another version be waived?", "waive", "not aligned", False)
    can("waiver_blocking", "Can a blocking finding be waived?", "waive", "blocking > 0", None)
    moved("warnings_count", "Can one more warning turn a refusal to approve into an approval?", "approve", "true", {"warning": 1})
    say("warning_threshold", "With how many open warnings can a version be approved, at most?",
        bound(asker, allowed["approve"], "warning", largest=True), None)
    say("people_needed", "How many people does an approval need, at least?",
        bound(asker, allowed["approve"], "human_approvals", largest=False), None)
    return asked


def bound(asker: Asker, fact, name: str, largest: bool) -> int | str:
    """The largest or smallest value of an input with which `fact` can hold: a number, "any number" or "never"."""
    z3, term = asker.z3, asker.inputs[name]
    if not asker.possible(fact):
        return "never"
    search = z3.Optimize()
    search.set("rlimit", EFFORT)
    search.add(*(asker.inputs[n] >= 0 for n in INTEGERS), fact)
    goal = search.maximize(term) if largest else search.minimize(term)
    if search.check() != z3.sat:
        raise Unanswered(f"Z3 does not find the bound of {name}")
    value = goal.upper() if largest else goal.lower()
    if not z3.is_int_value(value):
        return "any number"
    number = value.as_long()
    # Asked again, plainly: it is reached, and nothing lies beyond it.
    if not asker.possible(fact, term == number) or asker.possible(fact, term > number if largest else term < number):
        raise Unanswered(f"Z3 contradicts itself about {name}")
    return number
