"""S-11 by hand, and the built-in policy."""

import json
import tempfile
import unittest
from pathlib import Path

from interpreter.policy import Policy, judge
from interpreter.reader import read

ROOT = Path(__file__).resolve().parents[3]
GIVEN = {
    "blocking": 0, "warning": 0, "info": 0, "waived": 0, "open_obligations": 0, "human_approvals": 1, "round": 0,
    "aligned": True, "critic_accepts": True, "engines_agree": True, "complete": True, "proof_complete": True,
    "author_approves": False, "waiver_has_reason": False, "locked": False,
}


def rule(name, effect, when, action="approve"):
    return {"id": name, "action": action, "effect": effect, "when": when, "reason": "r"}


def found(*rules):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.json"
        path.write_text(json.dumps({"rules": list(rules)}))
        # Only `approve` has rules here: that the other four have none is a gap each.
        rest = judge(path)
        for action in ("waive", "implement", "build", "release"):
            rest.remove(f"policy_gap {action}")
        return rest


SAFE = [
    rule("person", "require", "human_approvals >= 1"), rule("version", "require", "aligned"),
    rule("blocking", "forbid", "blocking > 0"), rule("author", "forbid", "author_approves"),
]
TWO = [rule("few", "permit", "warning <= 1"), rule("many", "permit", "warning > 1")]


class Battery(unittest.TestCase):
    def test_clean(self):
        self.assertEqual(found(*SAFE, *TWO), [])

    def test_never_allows_and_contradiction(self):
        self.assertEqual(found(rule("p", "permit", "warning < 0")), ["policy_never_allows approve"])
        self.assertEqual(
            found(*SAFE, *TWO, rule("nobody", "forbid", "human_approvals >= 1")), ["policy_contradiction approve"]
        )

    def test_always_allows_is_also_unsafe(self):
        self.assertEqual(found(*TWO), ["policy_always_allows approve", "policy_unsafe approve"])

    def test_each_question_of_safety(self):
        for left_out in SAFE:
            rest = [r for r in SAFE if r is not left_out]
            self.assertEqual(found(*rest, *TWO), ["policy_unsafe approve"], left_out["id"])

    def test_gap(self):
        self.assertEqual(found(*SAFE, TWO[0]), ["policy_gap approve"])

    def test_shadowed(self):
        again = rule("again", "forbid", "blocking > 1")
        self.assertEqual(found(*SAFE, *TWO, again), ["policy_shadowed again"])


class BuiltIn(unittest.TestCase):
    def policy(self):
        return Policy(read(ROOT / "formal" / "policy.yaml"))

    def allowed(self, action, **changed):
        policy = self.policy()
        return policy.allows(policy.of(action), {**GIVEN, **changed})

    def test_is_clean(self):
        self.assertEqual(judge(ROOT / "formal" / "policy.yaml"), [])

    def test_approve(self):
        self.assertTrue(self.allowed("approve"))
        self.assertTrue(self.allowed("approve", waived=2, warning=3))
        for name, value in {
            "blocking": 1, "warning": 4, "human_approvals": 0, "aligned": False, "complete": False,
            "engines_agree": False, "critic_accepts": False, "author_approves": True,
        }.items():
            self.assertFalse(self.allowed("approve", **{name: value}), name)

    def test_waive(self):
        self.assertTrue(self.allowed("waive", blocking=1, waiver_has_reason=True))
        self.assertFalse(self.allowed("waive", blocking=1))
        self.assertFalse(self.allowed("waive", waiver_has_reason=True, human_approvals=0))

    def test_build_needs_a_lock_or_a_person(self):
        self.assertTrue(self.allowed("build", locked=True, human_approvals=0, aligned=False))
        self.assertTrue(self.allowed("build"))
        self.assertFalse(self.allowed("build", human_approvals=0))
        self.assertFalse(self.allowed("build", aligned=False))
        self.assertFalse(self.allowed("build", locked=True, blocking=1))

    def test_implement_and_release(self):
        for action in ("implement", "release"):
            self.assertTrue(self.allowed(action), action)
            self.assertFalse(self.allowed(action, human_approvals=0), action)
            self.assertFalse(self.allowed(action, aligned=False), action)
            self.assertFalse(self.allowed(action, blocking=1), action)


if __name__ == "__main__":
    unittest.main()
