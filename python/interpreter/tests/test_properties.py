"""Verdicts, by hand; most of all the fair lassos of S-8."""

import tempfile
import unittest
from pathlib import Path

from interpreter.explore import Graph
from interpreter.machine import Machine
from interpreter.properties import Judge
from interpreter.reader import BadFile, read
from interpreter.workflow import build, load


def verdicts(transitions, properties=(), **parts):
    base = {
        "workflow_id": "w", "goal": "g", "actors": ["A"], "states": ["S", "M", "T"],
        "terminal": {"success": ["T"], "failure": []},
    }
    transitions = [{"actor": "A", **t} for t in transitions]
    data = {**base, **parts, "transitions": transitions, "properties": list(properties)}
    return Judge(Graph(Machine(build(data)))).verdicts()


def one(form, transitions, **parts):
    return verdicts(transitions, [{"id": "p", **form}], **parts)["p"]


class Safety(unittest.TestCase):
    GO = [{"id": "go", "from": "S", "to": "M"}, {"id": "end", "from": "M", "to": "T"}]

    def test_always_never_reachable(self):
        self.assertFalse(one({"always": "state == S"}, self.GO))
        self.assertTrue(one({"always": "state in [S, M, T]"}, self.GO))
        self.assertFalse(one({"never": "state == T"}, self.GO))
        self.assertTrue(one({"reachable": "state == T"}, self.GO))
        self.assertFalse(one({"reachable": "state == T"}, self.GO[:1]))

    def test_can_reach_is_about_every_reachable_state(self):
        self.assertTrue(one({"can_reach": "terminal"}, self.GO))
        trap = self.GO + [{"id": "trap", "from": "S", "to": "X"}, {"id": "loop", "from": "X"}]
        self.assertFalse(one({"can_reach": "terminal"}, trap, states=["S", "M", "T", "X"]))

    def test_precedes_is_reachability_without_the_first(self):
        self.assertTrue(one({"precedes": [["go"], "end"]}, self.GO))
        around = self.GO + [{"id": "around", "from": "S", "to": "M"}]
        self.assertFalse(one({"precedes": [["go"], "end"]}, around))
        self.assertTrue(one({"precedes": [["go", "around"], "end"]}, around))

    COUNTER = {"vars": {"n": {"type": "int", "range": [0, 1], "init": 0}}}
    UP = [{"id": "up", "from": "S", "set": {"n": "n + 1"}}, {"id": "end", "from": "S", "to": "T"}]

    def test_require_judges_also_the_step_that_leaves_a_range(self):
        # At n = 1 `up` is enabled and leaves the range.
        self.assertFalse(one({"at": "up", "require": "n == 0"}, self.UP, **self.COUNTER))

    def test_ensure_judges_only_states_after(self):
        self.assertTrue(one({"at": "up", "ensure": "n == 1"}, self.UP, **self.COUNTER))
        self.assertFalse(one({"at": "end", "ensure": "n == 1"}, self.UP, **self.COUNTER))

    def test_step_properties_name_the_choices(self):
        pick = [{"id": "pick", "from": "S", "to": "T", "choose": {"c": {"type": "bool"}}, "when": "not c"}]
        self.assertTrue(one({"at": "pick", "require": "c == false"}, pick))
        self.assertFalse(one({"at": "pick", "require": "c"}, pick))


class Automatic(unittest.TestCase):
    def test_ids_and_verdicts(self):
        got = verdicts(
            [
                {"id": "go", "from": "S", "to": "M", "set": {"lit": True}},
                {"id": "end", "from": "M", "to": "T", "when": "not lit"},
                {"id": "over", "from": "S", "set": {"n": "n + 9"}},
            ],
            states=["S", "M", {"id": "T", "needs": ["ok"]}],
            artifacts=["plan"], evidence={"ok": {"of": ["plan"]}},
            vars={
                "lit": {"type": "bool", "init": False, "phase": True},
                "n": {"type": "int", "range": [0, 0], "init": 0},
            },
        )
        self.assertEqual(got, {
            "deadlock": False,            # M with lit has no way on
            "in_range": False,            # over
            "can_reach_terminal": False,
            "state:S": True, "state:M": True, "state:T": False,
            "phase:lit=false": True, "phase:lit=true": True,
            "fires:go": True, "fires:end": False,
            "fires:over": False,          # enabled, but never has a successor
            "needs:end/ok": True,         # never fires
        })

    def test_needs_is_violated_without_fresh_evidence(self):
        got = verdicts(
            [{"id": "go", "from": "S", "to": "T"}], states=["S", {"id": "T", "needs": ["ok"]}],
            artifacts=["plan"], evidence={"ok": {"of": ["plan"]}},
        )
        self.assertFalse(got["needs:go/ok"])

    def test_a_self_loop_and_a_step_out_of_range_are_no_deadlock(self):
        self.assertTrue(verdicts([{"id": "loop", "from": "S"}])["deadlock"])
        out = verdicts(
            [{"id": "out", "from": "S", "set": {"n": "n + 1"}}],
            vars={"n": {"type": "int", "range": [0, 0], "init": 0}},
        )
        self.assertEqual((out["deadlock"], out["in_range"]), (True, False))


class Fair(unittest.TestCase):
    def test_without_fairness_a_run_may_stutter_for_ever(self):
        go = [{"id": "go", "from": "S", "to": "T"}]
        self.assertFalse(one({"eventually": "terminal"}, go))
        self.assertTrue(one({"eventually": "terminal"}, [{**go[0], "fair": "weak"}]))

    # S <-> M by `there` and `back`; `end` leaves from S only.
    def around(self, end):
        return [
            {"id": "there", "from": "S", "to": "M", "fair": "weak"},
            {"id": "back", "from": "M", "to": "S", "fair": "weak"},
            {"id": "end", "from": "S", "to": "T", **end},
        ]

    def test_weak_fairness_does_not_help_what_is_enabled_now_and_then(self):
        self.assertFalse(one({"eventually": "terminal"}, self.around({"fair": "weak"})))

    def test_strong_fairness_does(self):
        self.assertTrue(one({"eventually": "terminal"}, self.around({"fair": "strong"})))

    def test_strong_fairness_of_what_is_never_enabled_again_asks_nothing(self):
        # S -> M; in M a run may stay, though `end` was enabled once in S.
        ways = [{"id": "go", "from": "S", "to": "M"}, {"id": "end", "from": "S", "to": "T", "fair": "strong"}]
        self.assertFalse(one({"eventually": "terminal"}, ways))

    def test_a_self_loop_is_no_step_that_counts(self):
        # `loop` changes nothing, so its fairness is no reason to leave, and it does not occupy the run either.
        loop = [{"id": "loop", "from": "S", "fair": "strong"}, {"id": "end", "from": "S", "to": "T", "fair": "weak"}]
        self.assertTrue(one({"eventually": "terminal"}, loop))
        self.assertFalse(one({"eventually": "terminal"}, loop[:1] + [{"id": "end", "from": "S", "to": "T"}]))

    def test_a_bump_that_clears_no_bit_changes_nothing(self):
        parts = {"artifacts": ["plan"], "evidence": {"ok": {"of": ["plan"]}}}
        ways = [{"id": "bump", "from": "S", "bump": ["plan"], "fair": "strong"}, {"id": "end", "from": "S", "to": "T"}]
        self.assertFalse(one({"eventually": "terminal"}, ways, **parts))

    def test_a_step_out_of_range_is_not_enabled_for_fairness(self):
        parts = {"vars": {"n": {"type": "int", "range": [0, 0], "init": 0}}}
        # `out` alone is weakly fair and enabled for ever but is no step: stuttering in S is a fair run.
        ways = [{"id": "out", "from": "S", "set": {"n": "n + 1"}, "fair": "weak"}]
        self.assertFalse(one({"infinitely_often": "state == T"}, ways, **parts))
        self.assertFalse(one({"eventually": "terminal"}, ways, **parts))

    def test_fairness_is_of_the_transition_over_all_its_choices(self):
        # The run may always choose the same colour: `mark` is taken, so it is fair, and `red` is never seen.
        parts = {"vars": {"c": {"type": "enum", "values": ["blank", "red", "blue"], "init": "blank"}}}
        ways = [
            {"id": "mark", "from": "S", "to": "M", "fair": "strong",
             "choose": {"k": {"type": "enum", "values": ["blank", "red", "blue"]}}, "set": {"c": "k"}},
            {"id": "wipe", "from": "M", "to": "S", "fair": "weak", "set": {"c": "blank"}},
        ]
        self.assertFalse(one({"eventually": "c == red"}, ways, **parts))
        self.assertTrue(one({"infinitely_often": "state == M"}, ways, **parts))

    def test_leads_to(self):
        ways = [
            {"id": "ask", "from": "S", "to": "M"},
            {"id": "answer", "from": "M", "to": "S", "fair": "weak"},
        ]
        self.assertTrue(one({"leads_to": ["state == M", "state == S"]}, ways))
        self.assertFalse(one({"leads_to": ["state == S", "state == M"]}, ways))
        # What is true at once is answered at once.
        self.assertTrue(one({"leads_to": ["state == S", "state == S"]}, ways))

    def test_infinitely_often_on_the_stutter_of_a_terminal_state(self):
        go = [{"id": "go", "from": "S", "to": "T", "fair": "weak"}]
        self.assertTrue(one({"infinitely_often": "state == T"}, go))
        self.assertFalse(one({"infinitely_often": "state == S"}, go))

    def test_two_strong_ones_need_the_search_inside_a_component(self):
        # S -> M -> X -> S, and `end` (strong) from S: a run that stays in M <-> X is fair, for S is left behind.
        ways = [
            {"id": "sm", "from": "S", "to": "M", "fair": "weak"}, {"id": "mx", "from": "M", "to": "X", "fair": "weak"},
            {"id": "xm", "from": "X", "to": "M", "fair": "weak"}, {"id": "xs", "from": "X", "to": "S"},
            {"id": "end", "from": "S", "to": "T", "fair": "strong"},
        ]
        states = ["S", "M", "T", "X"]
        self.assertFalse(one({"eventually": "terminal"}, ways, states=states))
        # With `xs` strongly fair as well the run is driven through S for ever, and `end` with it.
        ways[3]["fair"] = "strong"
        self.assertTrue(one({"eventually": "terminal"}, ways, states=states))


ABSTRACT = """
workflow_id: coarse
goal: g
actors: [A]
states: [Open, Done]
terminal: {success: [Done], failure: []}
artifacts: [plan]
evidence: {ok: {of: [plan]}}
transitions:
  - {id: approve, actor: A, from: Open, record: {ok: {}}}
  - {id: revise, actor: A, from: Open, bump: [plan]}
  - {id: finish, actor: A, from: Open, to: Done, when: fresh(ok)}
"""
CONCRETE = """
workflow_id: fine
goal: g
refines:
  workflow: coarse.yaml
  map: {state: "if state == Shipped then Done else Open", ok: review, plan: text}
actors: [A]
states: [Draft, Ready, Shipped]
terminal: {success: [Shipped], failure: []}
artifacts: [text]
evidence: {review: {of: [text]}}
transitions:
  - {id: review_it, actor: A, from: Draft, to: Ready, record: {review: {}}}
  - {id: edit, actor: A, from: Ready, to: Draft, bump: [text]}
  - {id: ship, actor: A, from: Ready, to: Shipped, when: GUARD}
  - {id: rush, actor: A, from: Draft, to: Shipped, when: RUSH}
"""


class Refines(unittest.TestCase):
    def judge(self, concrete):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "coarse.yaml").write_text(ABSTRACT)
            (Path(folder) / "fine.yaml").write_text(concrete)
            return Judge(Graph(Machine(load(Path(folder) / "fine.yaml")))).verdicts()["refines"]

    def test_holds(self):
        self.assertTrue(self.judge(CONCRETE.replace("GUARD", "fresh(review)").replace("RUSH", "false")))

    def test_the_guard_of_the_other_counts(self):
        # `rush` ships what was never reviewed.
        self.assertFalse(self.judge(CONCRETE.replace("GUARD", "fresh(review)").replace("RUSH", "not has(review)")))

    def test_an_initial_state_that_is_not_one(self):
        swapped = CONCRETE.replace("GUARD", "fresh(review)").replace("RUSH", "false")
        self.assertFalse(self.judge(swapped.replace("if state == Shipped", "if state != Shipped")))


class Reading(unittest.TestCase):
    def read(self, text, suffix=".yaml"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"f{suffix}"
            path.write_text(text)
            return read(path)

    def test_words_of_yaml_1_1_stay_words(self):
        self.assertEqual(self.read("{a: no, b: on, c: true, d: 007, e: 1.5, f: 'true'}"),
                         {"a": "no", "b": "on", "c": True, "d": 7, "e": "1.5", "f": "true"})

    def test_refused(self):
        for text in ("a: &x 1\nb: *x", "a: 1\na: 2", "a: !!int 1", "- 1"):
            with self.assertRaises(BadFile, msg=text):
                self.read(text)

    def test_json_gives_the_same(self):
        self.assertEqual(self.read('{"a": [1, true, null, "x"]}', ".json"), {"a": [1, True, None, "x"]})
        with self.assertRaises(BadFile):
            self.read('{"a": 1, "a": 2}', ".json")


if __name__ == "__main__":
    unittest.main()
