"""`constraints.py` against hand-worked answers, and against the interpreter, which tries every input."""

import io
import json
import random
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from itertools import product
from pathlib import Path

import constraints
from interpreter.policy import judge as by_trying
from interpreter.reader import read as by_pyyaml
from policies import reading
from policies.asking import Asker
from policies.battery import battery
from policies.expression import evaluate, parse
from policies.questions import questions
from policies.reading import allows, rules
from policies.words import BOOLEANS, INTEGERS, BadPolicy, Unanswered

ROOT = Path(__file__).resolve().parents[2]
BUILT_IN = ROOT / "formal" / "policy.yaml"
FILES = [BUILT_IN, *sorted((ROOT / "tests" / "corpus" / "findings").glob("policy_*.yaml"))]
ZERO = {name: 0 for name in INTEGERS} | {name: False for name in BOOLEANS}

SAFE = [
    ("person", "require", "human_approvals >= 1"), ("version", "require", "aligned"),
    ("blocking", "forbid", "blocking > 0"), ("author", "forbid", "author_approves"),
]
TWO = [("few", "permit", "warning <= 1"), ("many", "permit", "warning > 1")]


def plain(*given, action="approve"):
    return [{"id": name, "action": action, "effect": effect, "when": when} for name, effect, when in given]


def found(*given):
    """The findings about approve: the other four have no rules, which is a gap each."""
    everything = battery(Asker(), rules({"rules": plain(*given)}))
    return [f for f in everything if f["subject"] not in ("waive", "implement", "build", "release")]


def answers(*given):
    return {q["id"]: q for q in questions(Asker(), rules({"rules": plain(*given)}))}


class Battery(unittest.TestCase):
    def test_a_safe_policy_has_no_finding(self):
        self.assertEqual(found(*SAFE, *TWO), [])

    def test_a_core_names_the_rules_that_clash_and_no_others(self):
        clash = found(*SAFE, *TWO, ("one", "require", "waived > 1"), ("other", "forbid", "waived >= 1"))
        self.assertEqual([(f["kind"], f["core"]) for f in clash], [("policy_contradiction", ["one", "other"])])

    def test_a_permit_can_be_part_of_a_core(self):
        clash = found(*SAFE, ("three", "permit", "warning == 3"), ("none", "forbid", "warning > 1"))
        self.assertEqual([(f["kind"], f["core"]) for f in clash], [("policy_contradiction", ["none", "three"])])

    def test_what_never_permits_is_no_contradiction(self):
        never = found(*SAFE, ("below", "permit", "warning < 0"))
        self.assertEqual([(f["kind"], f["core"]) for f in never], [("policy_never_allows", ["below"])])

    def test_each_case_of_safety_by_its_name(self):
        for left_out in SAFE:
            rest = [r for r in SAFE if r is not left_out]
            unsafe = found(*rest, *TWO)
            self.assertEqual([(f["kind"], list(f["cases"])) for f in unsafe], [("policy_unsafe", [left_out[0]])])

    def test_an_example_is_the_smallest(self):
        unsafe = found(*SAFE[:2], SAFE[3], *TWO)
        self.assertEqual(unsafe[0]["cases"]["blocking"], {**ZERO, "blocking": 1, "human_approvals": 1, "aligned": True})


class Questions(unittest.TestCase):
    def test_thresholds(self):
        self.assertEqual(answers(*SAFE, *TWO)["warning_threshold"]["answer"], "any number")
        self.assertEqual(answers(*SAFE, *TWO, ("cap", "forbid", "warning > 5"))["warning_threshold"]["answer"], 5)
        self.assertEqual(answers(*SAFE, ("below", "permit", "warning < 0"))["warning_threshold"]["answer"], "never")
        self.assertEqual(answers(*SAFE, *TWO, ("two", "require", "human_approvals > 1"))["people_needed"]["answer"], 2)

    def test_a_threshold_that_lets_more_through_is_wrong(self):
        asked = answers(*SAFE, ("many", "permit", "warning > 1"))
        self.assertEqual((asked["warnings_count"]["answer"], asked["warnings_count"]["fine"]), (True, False))
        self.assertEqual(answers(*SAFE, *TWO)["warnings_count"]["fine"], True)

    def test_a_worse_finding_never_helps(self):
        asked = answers(*SAFE, *TWO, ("info", "forbid", "info > 0"))
        self.assertEqual(asked["severity_warning_approve"]["fine"], False)
        self.assertEqual(asked["severity_blocking_approve"]["fine"], True)

    def test_a_waiver_lets_only_its_own_finding_through(self):
        self.assertEqual(answers(*SAFE, *TWO)["waiver_gating_approve"]["fine"], True)
        gated = answers(*SAFE, *TWO, ("excuse", "require", "warning == 0 or waived > 0"))
        self.assertEqual(gated["waiver_gating_approve"]["fine"], False)

    def test_waiving_needs_a_reason(self):
        def asked(*given):
            return {q["id"]: q["fine"] for q in questions(Asker(), rules({"rules": plain(*given, action="waive")}))}

        self.assertFalse(asked(*SAFE[:2], SAFE[3], *TWO)["waiver_reason"])
        self.assertTrue(asked(*SAFE[:2], SAFE[3], *TWO, ("why", "require", "waiver_has_reason"))["waiver_reason"])

    def test_a_lock_stands_in_for_a_person_where_a_file_is_built(self):
        given = [("p", "permit", "locked"), ("q", "permit", "not locked"), ("b", "require", "locked or human_approvals > 0")]
        asked = {q["id"]: q["fine"] for q in questions(Asker(), rules({"rules": plain(*given, action="build")}))}
        self.assertEqual((asked["unreviewed_build"], asked["stale_build"]), (True, False))

    def test_the_built_in_policy(self):
        result = constraints.judge(BUILT_IN)
        self.assertEqual((result["clean"], result["findings"]), (True, []))
        asked = {q["id"]: q["answer"] for q in result["questions"]}
        self.assertEqual((asked["warning_threshold"], asked["people_needed"]), (3, 1))
        self.assertTrue(asked["approval_satisfiable"] and asked["approval_with_proof"] and asked["approval_with_waiver"])


class AgainstTrying(unittest.TestCase):
    """The interpreter shares no code with this reading and asks no solver."""

    def same(self, path):
        ours = sorted(f"{f['kind']} {f['subject']}" for f in constraints.judge(path)["findings"])
        self.assertEqual(ours, by_trying(path), path)

    def test_every_file_of_the_project(self):
        self.assertGreaterEqual(len(FILES), 19)
        for path in FILES:
            with self.subTest(path.name):
                self.same(path)

    def test_policies_made_at_random(self):
        chance = random.Random(7)
        conditions = [
            "blocking > 0", "blocking == 0", "warning > 1", "warning <= 1", "waived > 0", "not (waived > 0)", "aligned",
            "human_approvals >= 1", "author_approves", "locked", "not locked", "waived < 0", "true", "aligned or locked",
            "warning > 1 => waived > 0", "if locked then aligned else blocking == 0", "blocking in [0, 2]",
        ]
        kinds = set()
        for _ in range(40):
            given = [
                {
                    "id": f"r{n}", "action": chance.choice(("approve", "build")),
                    "effect": chance.choice(("permit", "permit", "require", "forbid")), "when": chance.choice(conditions),
                }
                for n in range(chance.randint(2, 7))
            ]
            with tempfile.TemporaryDirectory() as folder, self.subTest(given):
                path = Path(folder) / "p.json"
                path.write_text(json.dumps({"rules": given}))
                self.same(path)
                kinds |= {line.split()[0] for line in by_trying(path)}
        self.assertEqual(len(kinds), 6, f"some finding never occurred: {kinds}")

    def test_questions_about_a_move(self):
        """Every small input, for policies of warnings, infos and waivers."""
        chance, names = random.Random(11), ("info", "warning", "waived")
        conditions = ["warning > 1", "warning == 1", "info > 0", "info == 0", "waived > 0", "waived == 1", "warning + info < 3"]
        seen = set()
        for _ in range(25):
            given = [("all", "permit", "true")]
            given += [(f"r{n}", chance.choice(("require", "forbid")), chance.choice(conditions)) for n in range(chance.randint(1, 3))]
            asked, of = answers(*given), rules({"rules": plain(*given)})
            for name, change in {
                "warnings_count": {"warning": 1},
                "waiver_gating_approve": {"waived": 1},
                "severity_warning_approve": {"warning": 1, "info": -1},
            }.items():
                shown = False
                for values in product(range(6), repeat=3):
                    before = {**ZERO, **dict(zip(names, values))}
                    after = {**before, **{n: before[n] + by for n, by in change.items()}}
                    open_ones = name != "waiver_gating_approve" or before["warning"] + before["info"] > 0
                    if min(after.values()) >= 0 and open_ones and not allows(of, before) and allows(of, after):
                        shown = True
                self.assertEqual(asked[name]["answer"], shown, (name, given))
                seen.add((name, shown))
        self.assertEqual(len(seen), 6, f"some answer never occurred: {seen}")


class Reading(unittest.TestCase):
    def test_yaml_is_read_as_pyyaml_reads_it(self):
        for path in FILES:
            with self.subTest(path.name):
                self.assertEqual(reading._yaml(path.read_text(encoding="utf-8")), by_pyyaml(path))

    def test_ways_of_writing(self):
        text = "# c\nrules: # d\n- id: a # e\n  when: 'it''s'\n- {id: \"b \\\"x\\\"\", when: locked } # f\n"
        self.assertEqual(reading._yaml(text), {"rules": [{"id": "a", "when": "it's"}, {"id": 'b "x"', "when": "locked"}]})

    def test_what_is_written_otherwise_is_refused_and_never_guessed(self):
        for text in [
            "", "rules:\n  - id: &a x\n", "rules:\n  - id: x\n    when: >-\n      locked\n", "rules:\n  - id: x\n    id: y\n",
            "rules:\n  - {id: x, id: y}\n", "rules:\n  - {id: x\n", "rules:\n  - id: x\n   when: locked\n", "other:\n  - id: x\n",
            "rules:\n  - id: x\n - id: y\n", 'rules:\n  - id: "x\\n"\n', "rules: []\n  - id: x\n", "rules:\n\t- id: x\n",
            "rules:\n  - id: x\n    reason: a: b\n", "rules:\n  - {id: x} y\n", "---\nrules:\n", "rules:\n  - *x\n",
        ]:
            with self.subTest(text), self.assertRaises(BadPolicy):
                reading._yaml(text)

    def test_rules_must_be_whole_and_known(self):
        good = {"id": "a", "action": "approve", "effect": "permit", "when": "locked"}
        self.assertEqual(len(rules({"rules": [good]})), 1)
        for bad in [{"id": "1"}, {"action": "merge"}, {"effect": "allow"}, {"when": "bogus"}, {"when": 3}, {"when": "1 + 1"}, {"more": 1}]:
            with self.subTest(bad), self.assertRaises(BadPolicy):
                rules({"rules": [{**good, **bad}]})
        with self.assertRaises(BadPolicy):
            rules({"rules": [good, good]})
        with self.assertRaises(BadPolicy):
            reading._json('{"rules": [], "rules": []}')


class Expressions(unittest.TestCase):
    GIVEN = {**ZERO, "blocking": 2, "warning": 1, "aligned": True}

    def test_values_by_hand(self):
        for text, value in {
            "true": True, "not aligned": False, "blocking == 2": True, "blocking - 1 == warning": True, "blocking -1 == 1": True,
            "aligned => locked => false": True, "locked => false": True, "not locked and aligned": True, "locked or aligned": True,
            "blocking in [1, 2]": True, "blocking not in [1, 2]": False, "if aligned then locked else aligned": False,
            "forall x in [2, 3]: x >= blocking": True, "exists x in [0, 1]: x == blocking": False,
            "count(x in [1, 2, 3]: x <= blocking) == 2": True, "blocking > -1": True, "warning + 1 != blocking": False,
            "true or false and false": True, "not locked == aligned": True, "aligned == true": True,
        }.items():
            with self.subTest(text):
                tree, asker = parse(text), Asker()
                self.assertIs(evaluate(tree, self.GIVEN), value)
                fixed = [asker.inputs[name] == v for name, v in self.GIVEN.items()]
                self.assertTrue(asker.possible(*fixed, asker.term(tree) if value else asker.z3.Not(asker.term(tree))))
                self.assertFalse(asker.possible(*fixed, asker.z3.Not(asker.term(tree)) if value else asker.term(tree)))

    def test_what_is_no_condition(self):
        for text in [
            "", "blocking", "1 < 2 < 3", "blocking && aligned", "aligned == 1", "not blocking", "fresh(x)", "state == A",
            "(aligned", "aligned)", "007 == 7", "12345678 > 1", "x in [1]", "locked in [1]", "none == none", "aligned or", "[1]",
            "if aligned then 1 else locked", "forall locked in [true]: locked", "1 and 2", "count(x in [1]: 1) == 1",
        ]:
            with self.subTest(text), self.assertRaises(BadPolicy):
                parse(text)
        with self.assertRaises(BadPolicy):
            parse("(" * 5000 + "true" + ")" * 5000)


class Program(unittest.TestCase):
    def run_with(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = constraints.main(list(map(str, arguments)))
        return code, out.getvalue(), err.getvalue()

    def test_exit_codes(self):
        self.assertEqual(self.run_with()[0], 0)
        unsafe = FILES[0].parents[1] / "tests" / "corpus" / "findings" / "policy_unsafe.yaml"
        code, out, _ = self.run_with(unsafe)
        self.assertEqual(code, 1)
        self.assertIn("policy_unsafe approve", out)
        self.assertIn("rules: few_warnings, rather_many", out)
        self.assertEqual(self.run_with(ROOT / "no such file.yaml")[0], 4)
        self.assertEqual(self.run_with(ROOT / "formal" / "spec_impl.v2.yaml")[0], 4)

    def test_json_is_one_document(self):
        code, out, err = self.run_with("--json")
        result = json.loads(out)
        self.assertEqual((code, err, result["clean"], result["rules"]), (0, "", True, 35))

    def test_what_z3_does_not_know_is_no_pass(self):
        asker = Asker()
        asker.solver.set("rlimit", 1)
        with self.assertRaises(Unanswered):
            battery(asker, reading.read(BUILT_IN))


if __name__ == "__main__":
    unittest.main()
