"""Classical algorithms searched by programs written by hand, held against the files of the corpus.

The programs below know nothing of the IR: they are the textbook algorithms as
functions from a tuple to the tuples after it, so their counts are independent
of how a workflow is read.
"""

import unittest
from pathlib import Path

from interpreter.explore import Graph
from interpreter.machine import Machine
from interpreter.workflow import load

CORPUS = Path(__file__).resolve().parents[3] / "tests" / "corpus"


def search(initial, after):
    """(number of states, number of steps) of a hand-written program."""
    seen, work, steps = set(initial), list(initial), 0
    while work:
        for state in after(work.pop()):
            steps += 1
            if state not in seen:
                seen.add(state)
                work.append(state)
    return len(seen), steps


def counts(name):
    graph = Graph(Machine(load(CORPUS / f"{name}.yaml")))
    return graph.distinct, graph.step_count


def peterson(state):
    pc, turn = list(state[:2]), state[2]
    for me in (0, 1):
        other, here = 1 - me, pc[me]
        raised = pc[other] != "idle"
        if here == "idle":
            go, new_turn = "flagged", turn
        elif here == "flagged":
            go, new_turn = "waiting", other
        elif here == "waiting" and (not raised or turn == me):
            go, new_turn = "critical", turn
        elif here == "critical":
            go, new_turn = "idle", turn
        else:
            continue
        new = list(pc)
        new[me] = go
        yield (*new, new_turn)


def dining(first):
    """Three philosophers; `first[i]` is the fork that i takes first of forks i and i + 1."""

    def after(state):
        # what each holds: 0 nothing, 1 its first fork, 2 both
        held = set()
        for i, n in enumerate(state):
            forks = [first[i], ({i, (i + 1) % 3} - {first[i]}).pop()]
            held.update(forks[:n])
        for i, n in enumerate(state):
            forks = [first[i], ({i, (i + 1) % 3} - {first[i]}).pop()]
            if n == 2:
                yield state[:i] + (0,) + state[i + 1:]
            elif forks[n] not in held:
                yield state[:i] + (n + 1,) + state[i + 1:]

    return after


def alternating_bit(state):
    sending, s, r, data, ack, undelivered = state
    if not sending:
        yield (True, s, r, data, ack, True)
    if sending and data is None:
        yield (sending, s, r, s, ack, undelivered)
    if data is not None and data == r:
        yield (sending, s, 1 - r, None, data, False)
    if data is not None and data != r:
        yield (sending, s, r, None, data, undelivered)
    if sending and ack is not None and ack == s:
        yield (False, 1 - s, r, data, None, undelivered)
    if ack is not None and ack != s:
        yield (sending, s, r, data, None, undelivered)
    if data is not None:
        yield (sending, s, r, None, ack, undelivered)
    if ack is not None:
        yield (sending, s, r, data, None, undelivered)


def ring(state):
    """Nodes 2, 3, 1 in this order; `links[i]` is what travels to node i."""
    numbers = (2, 3, 1)
    links, started, leader = state
    if leader:
        return
    for i, number in enumerate(numbers):
        towards = (i + 1) % 3

        def put(changes, new_started=started, new_leader=0):
            new = list(links)
            for at, what in changes:
                new[at] = what
            return (tuple(new), new_started, new_leader)

        if not started[i] and not links[towards]:
            yield put([(towards, number)], started[:i] + (True,) + started[i + 1:])
        message = links[i]
        if message == number:
            yield put([(i, 0)], new_leader=number)
        elif message and message < number:
            yield put([(i, 0)])
        elif message > number and not links[towards]:
            yield put([(towards, message), (i, 0)])


def readers_writers(state):
    readers, writer = state
    if writer == "away":
        if readers < 3:
            yield (readers + 1, writer)
        yield (readers, "waiting")
    if readers:
        yield (readers - 1, writer)
    if writer == "waiting" and not readers:
        yield (readers, "writing")
    if writer == "writing":
        yield (readers, "away")


class Classics(unittest.TestCase):
    def test_peterson(self):
        start = [("idle", "idle", turn) for turn in (0, 1)]
        self.assertEqual(counts("peterson"), search(start, peterson))

    def test_dining_philosophers(self):
        # Ada between forks 0 and 1, Ben 1 and 2, Cy 2 and 0.
        self.assertEqual(counts("dining_philosophers"), search([(0, 0, 0)], dining((0, 1, 0))))
        self.assertEqual(counts("dining_philosophers.broken"), search([(0, 0, 0)], dining((0, 1, 2))))

    def test_alternating_bit(self):
        start = [(False, 0, 0, None, None, False)]
        self.assertEqual(counts("alternating_bit"), search(start, alternating_bit))

    def test_ring_election(self):
        start = [((0, 0, 0), (False, False, False), 0)]
        self.assertEqual(counts("ring_election"), search(start, ring))

    def test_readers_writers(self):
        self.assertEqual(counts("readers_writers"), search([(0, "away")], readers_writers))

    def test_token_rings_by_formula(self):
        # The token is at one of n; all are quiet or wanting, or the one with the token talks.
        self.assertEqual(counts("token_ring")[0], 3 * (2**3 + 2**2))
        self.assertEqual(counts("token_ring_nine")[0], 9 * (2**9 + 2**8))


if __name__ == "__main__":
    unittest.main()
