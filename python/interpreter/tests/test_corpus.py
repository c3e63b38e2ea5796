"""Every file of the corpus is as expected, and every twin is broken where its good one is not."""

import json
import unittest
from pathlib import Path

from interpreter.expect import expectation

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT / "tests" / "corpus"


class Corpus(unittest.TestCase):
    def test_as_expected(self):
        files = sorted(CORPUS.glob("*.yaml"))
        self.assertGreaterEqual(len(files), 50)
        for path in files:
            with self.subTest(path.name):
                written = json.loads(path.with_suffix(".expect.json").read_text(encoding="utf-8"))
                self.assertEqual(expectation(path), written)

    def test_good_ones_are_clean_and_twins_break_a_property(self):
        for path in sorted(CORPUS.glob("*.broken.yaml")):
            with self.subTest(path.name):
                good = path.with_name(path.name.replace(".broken", ""))
                good = json.loads(good.with_suffix(".expect.json").read_text(encoding="utf-8"))
                twin = json.loads(path.with_suffix(".expect.json").read_text(encoding="utf-8"))
                self.assertEqual((good["exit"], good["findings"]), (0, []))
                self.assertEqual(twin["exit"], 1)
                worse = [n for n, v in twin["properties"].items() if v == "violated" and good["properties"].get(n) == "holds"]
                self.assertTrue(worse)

    def test_the_products_own_workflow_is_clean(self):
        got = expectation(ROOT / "formal" / "spec_impl.v2.yaml")
        self.assertEqual((got["exit"], got["findings"]), (0, []))


if __name__ == "__main__":
    unittest.main()
