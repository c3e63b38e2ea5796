"""Questions to Z3 about the inputs of policies. Examples are evaluated again without it, cores are shrunk."""

from __future__ import annotations

from .reading import Rule
from .words import BOOLEANS, INTEGERS, Unanswered

EFFORT = 2_000_000  # Z3's own units of work for one question; these cost a few thousand


class Asker:
    """Questions to Z3 about the inputs, one at a time."""

    def __init__(self):
        try:
            import z3
        except ImportError as error:
            raise Unanswered("the package z3 is missing; scripts/setup.sh puts it into .venv") from error
        self.z3 = z3
        self.inputs = {name: z3.Int(name) for name in INTEGERS} | {name: z3.Bool(name) for name in BOOLEANS}
        self.solver = z3.Solver()
        self.solver.set("random_seed", 0)
        self.solver.set("rlimit", EFFORT)
        self.solver.add(*(self.inputs[name] >= 0 for name in INTEGERS))

    def term(self, tree: tuple, bound: dict | None = None):
        """A tree as a formula."""
        z3, (word, *parts) = self.z3, tree
        bound = bound or {}

        def of(part):
            return self.term(part, bound)

        if word == "int":
            return z3.IntVal(parts[0])
        if word == "bool":
            return z3.BoolVal(parts[0])
        if word == "input":
            return self.inputs[parts[0]]
        if word == "bound":
            return bound[parts[0]]
        if word == "if":
            return z3.If(*map(of, parts))
        if word in ("forall", "exists", "count"):
            name, items, body = parts
            held = [self.term(body, {**bound, name: of(item)}) for item in items]
            if word == "count":
                return z3.Sum([z3.If(one, 1, 0) for one in held])
            return z3.And(held) if word == "forall" else z3.Or(held)
        if word == "in":
            return z3.Or([of(parts[0]) == of(item) for item in parts[1]])
        if word == "not":
            return z3.Not(of(parts[0]))
        left, right = map(of, parts)
        if word in ("=>", "or", "and"):
            return {"=>": z3.Implies, "or": z3.Or, "and": z3.And}[word](left, right)
        if word in ("==", "!="):
            return left == right if word == "==" else left != right
        return {
            "<": lambda: left < right, "<=": lambda: left <= right, ">": lambda: left > right,
            ">=": lambda: left >= right, "+": lambda: left + right, "-": lambda: left - right,
        }[word]()

    def permitted(self, of: list[Rule]):
        """That some `permit` holds."""
        return self.z3.Or([self.term(r.when) for r in of if r.effect == "permit"])

    def demand(self, rule: Rule):
        """What a `require` or a `forbid` asks for."""
        return self.term(rule.when) if rule.effect == "require" else self.z3.Not(self.term(rule.when))

    def unopposed(self, of: list[Rule]):
        """That every `require` holds and no `forbid` does."""
        return self.z3.And([self.demand(r) for r in of if r.effect != "permit"])

    def allowed(self, of: list[Rule]):
        """That the action of these rules is allowed."""
        return self.z3.And(self.permitted(of), self.unopposed(of))

    def possible(self, *facts) -> bool:
        """Whether the facts can hold together."""
        answer = self.solver.check(*facts)
        if answer == self.z3.unknown:
            raise Unanswered(self.solver.reason_unknown())
        return answer == self.z3.sat

    def example(self, fact, check) -> dict | None:
        """Inputs of which `fact` holds, as small as they get one after the other; confirmed by `check`, without Z3."""
        facts = [self.named(fact)]
        if not self.possible(*facts):
            return None
        for name, term in self.inputs.items():
            for value in range(4) if name in INTEGERS else (False,):
                if self.possible(*facts, term == value):
                    facts.append(term == value)
                    break
        if not self.possible(*facts):
            raise Unanswered("Z3 takes back what it said")
        model = self.solver.model()
        given = {name: model.eval(term, True) for name, term in self.inputs.items()}
        given = {name: v.as_long() if name in INTEGERS else self.z3.is_true(v) for name, v in given.items()}
        if not check(given):
            raise Unanswered(f"Z3's example does not hold when evaluated: {given}")
        return given

    def named(self, fact):
        """One literal for a fact."""
        literal = self.z3.FreshBool("part")
        self.solver.add(self.z3.Implies(literal, fact))
        return literal

    def core(self, facts: list) -> list[int] | None:
        """Positions of a smallest part of the facts that cannot hold together; `None` where all of them can."""
        literals = [self.named(fact) for fact in facts]
        kept = list(range(len(facts)))
        if self.possible(*literals):
            return None
        for part in range(len(facts)):
            rest = [n for n in kept if n != part]
            if not self.possible(*(literals[n] for n in rest)):
                kept = rest
        return kept
