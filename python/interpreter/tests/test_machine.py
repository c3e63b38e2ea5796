"""Steps, effects and counting, by hand."""

import unittest

from interpreter.explore import Graph
from interpreter.machine import Machine, Record, State
from interpreter.reader import BadFile
from interpreter.workflow import build


def workflow(**parts):
    base = {
        "workflow_id": "w", "goal": "g", "actors": ["A"], "states": ["S", "T"],
        "terminal": {"success": ["T"], "failure": []}, "transitions": [],
    }
    return build({**base, **parts})


class Counting(unittest.TestCase):
    def test_init_any_multiplies_and_a_self_loop_is_a_step(self):
        # 2 * 3 initial states, none leads anywhere but to itself: 6 states, 6 steps.
        graph = Graph(Machine(workflow(
            vars={"b": {"type": "bool", "init": "any"}, "n": {"type": "int", "range": [0, 2], "init": "any"}},
            transitions=[{"id": "loop", "actor": "A", "from": "S"}],
        )))
        self.assertEqual((len(graph.initial), graph.distinct, graph.step_count), (6, 6, 6))

    def test_choices_count_one_by_one_even_when_they_meet(self):
        # S with n = 0; three choices, all lead to (T, 0): 2 states, 3 steps.
        graph = Graph(Machine(workflow(
            vars={"n": {"type": "int", "range": [0, 2], "init": 0}},
            transitions=[{"id": "go", "actor": "A", "from": "S", "to": "T",
                          "choose": {"c": {"type": "int", "range": [0, 2]}}}],
        )))
        self.assertEqual((graph.distinct, graph.step_count), (2, 3))

    def test_a_step_that_leaves_a_range_has_no_successor_and_is_not_counted(self):
        # n: 0 -> 1 -> (2 is out of range): 2 states, 1 step, and the rest goes on.
        graph = Graph(Machine(workflow(
            vars={"n": {"type": "int", "range": [0, 1], "init": 0}},
            transitions=[{"id": "up", "actor": "A", "from": "S", "set": {"n": "n + 1"}}],
        )))
        self.assertEqual((graph.distinct, graph.step_count), (2, 1))
        self.assertEqual(sum(after is None for _, _, after in graph.everything()), 1)

    def test_no_from_means_every_state_that_is_not_terminal(self):
        graph = Graph(Machine(workflow(
            states=["S", "M", "T"], transitions=[{"id": "go", "actor": "A", "to": "M"}],
        )))
        # S -> M, M -> M.
        self.assertEqual((graph.distinct, graph.step_count), (2, 2))


class Effects(unittest.TestCase):
    PARTS = {
        "artifacts": ["plan", "code"],
        "evidence": {
            "job": {"of": ["plan"]},
            "check": {"of": ["plan", "code"], "fields": {"n": {"type": "int", "range": [0, 3]}}},
        },
        "vars": {"x": {"type": "int", "range": [0, 3], "init": 1}, "y": {"type": "int", "range": [0, 3], "init": 2}},
    }

    def step(self, state, **transition):
        machine = Machine(workflow(**self.PARTS, transitions=[{"id": "t", "actor": "A", "from": "S", **transition}]))
        (step,) = machine.steps(state)
        return step.after

    def test_right_hand_sides_read_the_state_before(self):
        after = self.step(State("S", (1, 2), (None, None)), set={"x": "y", "y": "x"}, record={"check": {"n": "x"}})
        self.assertEqual(after, State("S", (2, 1), (None, Record((True, True), (1,)))))

    def test_bump_comes_before_record_and_clears_what_was_there(self):
        job = Record((True,), ())
        after = self.step(State("S", (1, 2), (job, None)), bump=["plan"], record={"check": {}})
        self.assertEqual(after.evidence, (Record((False,), ()), Record((True, True), (None,))))

    def test_from_copies_the_bits_as_they_are_after_the_bump(self):
        job = Record((True,), ())
        after = self.step(State("S", (1, 2), (job, None)), bump=["plan"], record={"check": {"from": "job"}})
        # code is not among job's artifacts: stamped current (S-5).
        self.assertEqual(after.evidence[1], Record((False, True), (None,)))

    def test_from_what_does_not_exist_is_stale(self):
        after = self.step(State("S", (1, 2), (None, None)), record={"check": {"from": "job"}})
        self.assertEqual(after.evidence[1].bits, (False, True))

    def test_drop_does_not_hide_from(self):
        job = Record((True,), ())
        after = self.step(State("S", (1, 2), (job, None)), drop=["job"], record={"check": {"from": "job"}})
        self.assertEqual(after.evidence, (None, Record((True, True), (None,))))

    def test_a_new_record_forgets_the_old_fields(self):
        old = Record((False, True), (3,))
        after = self.step(State("S", (1, 2), (None, old)), record={"check": {}})
        self.assertEqual(after.evidence[1], Record((True, True), (None,)))

    def test_none_fits_a_field_but_no_variable(self):
        nothing = State("S", (1, 2), (None, None))
        self.assertIsNone(self.step(nothing, set={"x": "check.n"}))
        self.assertEqual(self.step(nothing, record={"check": {"n": "check.n"}}).evidence[1].fields, (None,))

    def test_a_field_out_of_its_range_leaves_the_range(self):
        self.assertIsNone(self.step(State("S", (1, 2), (None, None)), record={"check": {"n": "y + 2"}}))


class Refused(unittest.TestCase):
    def test_a_transition_from_a_terminal_state(self):
        with self.assertRaises(BadFile):
            workflow(transitions=[{"id": "t", "actor": "A", "from": "T"}])

    def test_unknown_names(self):
        with self.assertRaises(BadFile):
            workflow(transitions=[{"id": "t", "actor": "B", "from": "S"}])
        with self.assertRaises(BadFile):
            Machine(workflow(transitions=[{"id": "t", "actor": "A", "from": "S", "when": "nobody == 1"}]))

    def test_what_belongs_to_channels_and_instances(self):
        with self.assertRaises(BadFile):
            workflow(actors=[{"id": "A", "instances": 2}])
        with self.assertRaises(BadFile):
            workflow(channels={"c": {"from": "A", "to": "A"}})


if __name__ == "__main__":
    unittest.main()
