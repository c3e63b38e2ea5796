"""The grammar and S-13, by hand."""

import unittest

from interpreter.evaluate import Compiler, truth
from interpreter.expression import BadExpression, parse
from interpreter.machine import Record, State
from interpreter.workflow import build

WORKFLOW = build({
    "workflow_id": "w", "goal": "g", "actors": ["A"], "states": ["S", "T"],
    "terminal": {"success": ["T"], "failure": []},
    "artifacts": ["plan", "code"],
    "evidence": {"check": {"of": ["plan", "code"], "fields": {
        "result": {"type": "enum", "values": ["pass", "fail"]},
        "score": {"type": "int", "range": [0, 9]},
        "urgent": {"type": "bool"},
    }}},
    "vars": {"n": {"type": "int", "range": [0, 3], "init": 0}},
    "transitions": [{"id": "t", "actor": "A", "from": "S", "to": "T"}],
})


def value(text, record=None, n=0, control="S"):
    return Compiler(WORKFLOW).compile(parse(text))(State(control, (n,), (record,)), {})


class Grammar(unittest.TestCase):
    def test_implication_is_right_associative_and_weakest(self):
        self.assertEqual(
            parse("a => b => c or d"),
            ("=>", ("name", "a"), ("=>", ("name", "b"), ("or", ("name", "c"), ("name", "d")))),
        )

    def test_not_is_weaker_than_a_comparison_and_stronger_than_and(self):
        self.assertEqual(
            parse("not a == 1 and b"),
            ("and", ("not", ("==", ("name", "a"), ("int", 1))), ("name", "b")),
        )

    def test_a_sign_belongs_to_a_literal_only_where_an_operand_is_expected(self):
        self.assertEqual(parse("n -1"), ("-", ("name", "n"), ("int", 1)))
        self.assertEqual(parse("n - -1"), ("-", ("name", "n"), ("int", -1)))

    def test_sums_associate_to_the_left(self):
        self.assertEqual(value("3 - 2 - 1"), 0)

    def test_refused(self):
        for text in ("a == b == c", "a && b", "!a", "", "a b", "(a", "a and if b then c else d", "a not b"):
            with self.assertRaises(BadExpression, msg=text):
                parse(text)

    def test_quantifiers_and_counting_over_a_list(self):
        self.assertIs(value("forall i in [0, 1, 2]: n <= i", n=0), True)
        self.assertIs(value("forall i in [0, 1, 2]: n <= i", n=1), False)
        self.assertIs(value("exists i in [0, 1]: n == i", n=2), False)
        self.assertEqual(value("count(i in [0, 1, 2]: i <= n)", n=1), 2)

    def test_if_extends_to_the_right(self):
        self.assertEqual(value("if n == 0 then 1 else 2 + 5", n=1), 7)
        self.assertEqual(value("(if n == 0 then 1 else 2) + 5", n=0), 6)


class AbsentValues(unittest.TestCase):
    """S-13."""

    def test_a_field_of_nothing_is_none(self):
        self.assertIsNone(value("check.result"))
        self.assertIs(value("check.result == none"), True)
        self.assertIs(value("none == none"), True)

    def test_none_equals_nothing_else(self):
        self.assertIs(value("check.result == pass"), False)
        self.assertIs(value("check.result != pass"), True)
        self.assertIs(value("check.result in [pass, fail]"), False)
        self.assertIs(value("check.result not in [pass, fail]"), True)
        self.assertIs(value("check.result in [pass, none]"), True)

    def test_order_comparisons_are_false_both_ways(self):
        self.assertIs(value("check.score < 5"), False)
        self.assertIs(value("check.score >= 5"), False)
        self.assertIs(value("not (check.score < 5)"), True)

    def test_arithmetic_on_none_is_none(self):
        self.assertIsNone(value("check.score + 1"))
        self.assertIs(value("check.score + 1 == none"), True)

    def test_as_a_boolean_it_is_false(self):
        self.assertIs(truth(value("check.urgent")), False)
        self.assertIs(value("not check.urgent"), True)
        self.assertIs(value("check.urgent == false"), False)
        self.assertIs(value("check.urgent => false"), True)

    def test_a_boolean_is_not_an_integer(self):
        with self.assertRaises(Exception):
            value("n == true", n=1)


class Stamps(unittest.TestCase):
    """S-4."""

    def test_fresh_stale_has(self):
        fresh = Record((True, True), ("pass", 1, False))
        half = Record((True, False), ("pass", 1, False))
        for record, expected in ((None, "FFFF"), (fresh, "TFTT"), (half, "FTTT")):
            got = "".join("FT"[truth(value(f"{f}", record))] for f in ("fresh(check)", "stale(check)", "has(check)"))
            got += "FT"[truth(value("fresh(check, plan)", record))]
            self.assertEqual(got, expected)
        self.assertIs(truth(value("fresh(check, code)", half)), False)

    def test_going_stale_keeps_the_fields(self):
        self.assertIs(value("check.result == pass", Record((False, False), ("pass", 1, False))), True)

    def test_terminal(self):
        self.assertEqual([value("terminal", control=c) for c in "ST"], [False, True])
        self.assertEqual(value("state == T", control="T"), True)


if __name__ == "__main__":
    unittest.main()
