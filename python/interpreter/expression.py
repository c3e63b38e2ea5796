"""The expression grammar: text -> tree.

A tree is a tuple whose first item says what it is:

    ("int", 3) ("bool", True) ("none",) ("terminal",) ("state",) ("name", "x")
    ("field", "check", "result")
    ("fresh", "e", artifact or None) ("stale", "e") ("has", "e")
    ("not", p) ("and", p, q) ("or", p, q) ("=>", p, q)
    ("==", a, b) ("!=", a, b) ("<", a, b) ("<=", a, b) (">", a, b) (">=", a, b)
    ("in", a, [items]) ("not in", a, [items])
    ("+", a, b) ("-", a, b)
    ("if", c, a, b) ("forall", x, [items], p) ("exists", ...) ("count", ...)
"""

from __future__ import annotations

import re

TOKEN = re.compile(r"\s*(?:([0-9]+)|([A-Za-z][A-Za-z0-9_]*)|(=>|==|!=|<=|>=|[<>+\-()\[\],:.]))")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
WORDS = {
    "or", "and", "not", "in", "true", "false", "none", "terminal", "state", "fresh", "stale", "has",
    "len", "count", "forall", "exists", "if", "then", "else", "me",
}


class BadExpression(Exception):
    """The text is not an expression of the base grammar."""


def parse(value) -> tuple:
    """A YAML scalar (text, integer or boolean) as an expression tree."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, int):
        return ("int", value)
    if not isinstance(value, str):
        raise BadExpression(f"not an expression: {value!r}")
    parser = _Parser(value)
    tree = parser.whole()
    if parser.peek() is not None:
        raise BadExpression(f"unexpected {parser.peek()!r} in {value!r}")
    return tree


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise BadExpression(f"cannot read {text[at:]!r} in {text!r}")
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


class _Parser:
    def __init__(self, text: str):
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0

    def peek(self, ahead: int = 0):
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if token is None or (expected is not None and token != expected):
            raise BadExpression(f"expected {expected or 'more'}, found {token!r} in {self.text!r}")
        self.at += 1
        return token

    def name(self) -> str:
        token = self.take()
        if not token[0].isalpha() or token in WORDS:
            raise BadExpression(f"expected a name, found {token!r} in {self.text!r}")
        return token

    # A whole expression: the only place for what extends as far right as it can.
    def whole(self) -> tuple:
        if self.peek() in ("forall", "exists"):
            kind = self.take()
            variable, items = self.binder()
            return (kind, variable, items, self.whole())
        if self.peek() == "if":
            self.take()
            condition = self.whole()
            self.take("then")
            yes = self.whole()
            self.take("else")
            return ("if", condition, yes, self.whole())
        return self.implication()

    def binder(self) -> tuple[str, list]:
        variable = self.name()
        self.take("in")
        items = self.items()
        self.take(":")
        return variable, items

    def items(self) -> list:
        self.take("[")
        items = [self.atom()]
        while self.peek() == ",":
            self.take()
            items.append(self.atom())
        self.take("]")
        return items

    def implication(self) -> tuple:
        left = self.disjunction()
        if self.peek() == "=>":
            self.take()
            return ("=>", left, self.implication())
        return left

    def disjunction(self) -> tuple:
        left = self.conjunction()
        while self.peek() == "or":
            self.take()
            left = ("or", left, self.conjunction())
        return left

    def conjunction(self) -> tuple:
        left = self.negation()
        while self.peek() == "and":
            self.take()
            left = ("and", left, self.negation())
        return left

    def negation(self) -> tuple:
        if self.peek() == "not":
            self.take()
            return ("not", self.negation())
        return self.comparison()

    def comparison(self) -> tuple:
        left = self.sum()
        if self.peek() in COMPARISONS:
            left = (self.take(), left, self.sum())
        elif self.peek() == "in":
            self.take()
            left = ("in", left, self.items())
        elif self.peek() == "not" and self.peek(1) == "in":
            self.take()
            self.take()
            left = ("not in", left, self.items())
        if self.peek() in COMPARISONS or self.peek() == "in":
            raise BadExpression(f"comparisons do not chain: {self.text!r}")
        return left

    def sum(self) -> tuple:
        left = self.atom()
        while self.peek() in ("+", "-"):
            left = (self.take(), left, self.atom())
        return left

    def atom(self) -> tuple:
        token = self.take()
        if token == "-" and self.peek() and self.peek().isdigit():
            return ("int", -int(self.take()))
        if token.isdigit():
            return ("int", int(token))
        if token == "(":
            inside = self.whole()
            self.take(")")
            return inside
        if token in ("true", "false"):
            return ("bool", token == "true")
        if token in ("none", "terminal", "state"):
            return (token,)
        if token == "fresh":
            self.take("(")
            evidence, artifact = self.name(), None
            if self.peek() == ",":
                self.take()
                artifact = self.name()
            self.take(")")
            return ("fresh", evidence, artifact)
        if token in ("stale", "has"):
            self.take("(")
            evidence = self.name()
            self.take(")")
            return (token, evidence)
        if token == "count":
            self.take("(")
            variable, items = self.binder()
            body = self.whole()
            self.take(")")
            return ("count", variable, items, body)
        if not token[0].isalpha() or token in WORDS:
            raise BadExpression(f"unexpected {token!r} in {self.text!r}")
        if self.peek() == ".":
            self.take()
            return ("field", token, self.name())
        return ("name", token)
