"""A condition as a tree, its kind, and its value.

A tree is ("int", 3), ("bool", True), ("input", "blocking"), ("bound", "x"), (operator, left, right), ("not", p),
("in", a, [items]), ("if", c, a, b), or ("forall" | "exists" | "count", x, [items], p).
"""

from __future__ import annotations

import re

from .words import BOOLEANS, INTEGERS, BadPolicy

TOKEN = re.compile(r"\s*(?:([0-9]{1,7})(?![0-9A-Za-z_])|([A-Za-z][A-Za-z0-9_]*)|(=>|==|!=|<=|>=|[<>+\-()\[\],:]))")
ORDER = ("<", "<=", ">", ">=")
WORDS = {
    "or", "and", "not", "in", "true", "false", "none", "terminal", "state", "fresh", "stale", "has", "len", "count",
    "forall", "exists", "if", "then", "else", "me",
}


def parse(value) -> tuple:
    """A condition as a tree. Refuses what is not of the language, and whatever is not a yes or a no."""
    if isinstance(value, bool):
        return ("bool", value)
    if not isinstance(value, str):
        raise BadPolicy(f"no condition: {value!r}")
    try:
        tree = _Parser(value).all()
        its = kind(tree)
    except RecursionError as error:
        raise BadPolicy("the condition is nested too deeply") from error
    if its != "bool":
        raise BadPolicy(f"a condition is true or false, a number is neither: {value!r}")
    return tree


class _Parser:
    def __init__(self, text: str):
        self.text, self.at, self.tokens, self.bound = text, 0, [], []
        place = 0
        while text[place:].strip():
            token = TOKEN.match(text, place)
            if not token:
                raise BadPolicy(f"cannot read {text[place:].strip()!r}")
            self.tokens.append(token.group().strip())
            place = token.end()

    def next(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        token = self.next()
        if not token or (wanted and token not in wanted):
            raise BadPolicy(f"found {token or 'the end'!r} where {' or '.join(wanted) or 'more'} belongs in {self.text!r}")
        self.at += 1
        return token

    def all(self) -> tuple:
        tree = self.whole()
        if self.next():
            raise BadPolicy(f"{self.next()!r} does not belong there in {self.text!r}")
        return tree

    def whole(self) -> tuple:
        if self.next() in ("forall", "exists"):
            return self.over(self.take())
        if self.next() == "if":
            self.take("if")
            condition = self.whole()
            self.take("then")
            yes = self.whole()
            self.take("else")
            return ("if", condition, yes, self.whole())
        return self.implied()

    def implied(self) -> tuple:
        left = self.level(0)
        return ("=>", left, self.implied()) if self.next() == "=>" and self.take() else left

    def level(self, n: int) -> tuple:
        if n == 2:
            return ("not", self.level(2)) if self.next() == "not" and self.take() else self.comparison()
        word = ("or", "and")[n]
        left = self.level(n + 1)
        while self.next() == word:
            self.take()
            left = (word, left, self.level(n + 1))
        return left

    def comparison(self) -> tuple:
        left = self.sum()
        if self.next() in ("==", "!=", *ORDER):
            left = (self.take(), left, self.sum())
        elif self.next() == "in":
            self.take()
            left = ("in", left, self.items())
        elif (self.next(), self.next(1)) == ("not", "in"):
            self.take()
            self.take()
            left = ("not", ("in", left, self.items()))
        if self.next() in ("==", "!=", "in", *ORDER):
            raise BadPolicy(f"comparisons do not chain: {self.text!r}")
        return left

    def sum(self) -> tuple:
        left = self.atom()
        while self.next() in ("+", "-"):
            left = (self.take(), left, self.atom())
        return left

    def items(self) -> list:
        self.take("[")
        items = [self.atom()]
        while self.take(",", "]") == ",":
            items.append(self.atom())
        return items

    def over(self, word: str) -> tuple:
        name = self.take()
        if not name[0].isalpha() or name in WORDS or name in INTEGERS + BOOLEANS or name in self.bound:
            raise BadPolicy(f"{name!r} is no new name in {self.text!r}")
        self.take("in")
        items = self.items()
        self.take(":")
        self.bound.append(name)
        body = self.whole()
        self.bound.pop()
        return (word, name, items, body)

    def atom(self) -> tuple:
        token = self.take()
        if token == "-" and self.next().isdigit():
            return ("int", -int(self.take()))
        if token.isdigit():
            if len(token) > 1 and token[0] == "0":
                raise BadPolicy(f"a number has no leading zero: {token}")
            return ("int", int(token))
        if token == "(":
            inside = self.whole()
            self.take(")")
            return inside
        if token in ("true", "false"):
            return ("bool", token == "true")
        if token == "count":
            self.take("(")
            tree = self.over("count")
            self.take(")")
            return tree
        if token in INTEGERS + BOOLEANS:
            return ("input", token)
        if token in self.bound:
            return ("bound", token)
        raise BadPolicy(f"{token!r} is no input of a policy; they are {', '.join(INTEGERS + BOOLEANS)}")


def kind(tree: tuple, bound: dict | None = None) -> str:
    """"int" or "bool"; refuses what mixes them."""
    bound = bound or {}
    word, *parts = tree

    def need(wanted: str, *trees: tuple) -> None:
        for part in trees:
            if kind(part, bound) != wanted:
                raise BadPolicy(f"`{word}` does not go together with {part!r}")

    if word in ("int", "bool"):
        return word
    if word == "input":
        return "int" if parts[0] in INTEGERS else "bool"
    if word == "bound":
        return bound[parts[0]]
    if word in ("forall", "exists", "count"):
        name, items, body = parts
        need(kind(items[0], bound), *items)
        if kind(body, {**bound, name: kind(items[0], bound)}) != "bool":
            raise BadPolicy(f"the body of `{word}` is true or false")
        return "int" if word == "count" else "bool"
    if word == "if":
        need("bool", parts[0])
        its = kind(parts[1], bound)
        need(its, parts[2])
        return its
    if word == "in":
        need(kind(parts[0], bound), *parts[1])
        return "bool"
    if word in ("==", "!="):
        need(kind(parts[0], bound), parts[1])
        return "bool"
    need("int" if word in ("+", "-", *ORDER) else "bool", *parts)
    return "int" if word in ("+", "-") else "bool"


def evaluate(tree: tuple, given: dict):
    """The value of a tree; `given` has the inputs and the bound names."""
    word, *parts = tree
    if word in ("int", "bool"):
        return parts[0]
    if word in ("input", "bound"):
        return given[parts[0]]
    if word == "if":
        return evaluate(parts[1] if evaluate(parts[0], given) else parts[2], given)
    if word in ("forall", "exists", "count"):
        name, items, body = parts
        held = [evaluate(body, {**given, name: evaluate(item, given)}) for item in items]
        return {"forall": all, "exists": any, "count": sum}[word](held)
    if word == "in":
        return evaluate(parts[0], given) in [evaluate(item, given) for item in parts[1]]
    if word == "not":
        return not evaluate(parts[0], given)
    left, right = (evaluate(part, given) for part in parts)
    return {
        "=>": not left or right, "or": left or right, "and": left and right, "==": left == right, "!=": left != right,
        "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
        "+": left + right, "-": left - right,
    }[word]
