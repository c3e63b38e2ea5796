"""Each finding has a file that triggers it and one that just does not; both are held against this reading."""

import json
import unittest
from pathlib import Path

from interpreter.explore import Graph
from interpreter.findings import findings
from interpreter.machine import Machine
from interpreter.policy import judge
from interpreter.properties import Judge
from interpreter.workflow import load

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "corpus" / "findings"
INFORMATION = {"guard_overlap", "guard_gap"}  # this reading gives blocking findings and warnings only


def kinds(path):
    if path.name.startswith("policy_"):
        found = judge(path)
    else:
        one = Judge(Graph(Machine(load(path))))
        found = findings(one, one.verdicts())
    return {item.split()[0] for item in found}


class Files(unittest.TestCase):
    def test_every_file_is_listed(self):
        listed = set(json.loads((FOLDER / "expect.json").read_text(encoding="utf-8")))
        self.assertEqual(listed, {path.name for path in FOLDER.glob("*.yaml")})

    def test_kinds(self):
        for name, want in json.loads((FOLDER / "expect.json").read_text(encoding="utf-8")).items():
            with self.subTest(name):
                found = kinds(FOLDER / name)
                if name.startswith("policy_"):
                    self.assertLessEqual(set(want["triggers"]), found)
                    self.assertFalse(set(want["not"]) & found)
                else:
                    # A workflow here shows what it is there for and nothing else.
                    self.assertEqual(found, set(want["triggers"]) - INFORMATION)


if __name__ == "__main__":
    unittest.main()
