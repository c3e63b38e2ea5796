"""Tests scripts/check-lean-dev.sh where no Lean is needed: what its look at the shape refuses, what it makes of lake.

Each test breaks a copy of lean/ in one way and asks for the words that must be said. The `lake` here is a stand-in that
prints what the test gives it; no real lake is run.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SCRIPT = HERE.parent / "scripts" / "check-lean-dev.sh"


class Copy(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="a blank ")
        self.addCleanup(temporary.cleanup)
        self.top = pathlib.Path(temporary.name)
        self.lean = self.top / "lean"
        shutil.copytree(HERE, self.lean, ignore=shutil.ignore_patterns(".lake", "__pycache__"))

    def run_script(self, *arguments, **environment):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("TRIBUNAL_")}
        clean |= {"TMPDIR": str(self.top), "HOME": str(self.top), "XDG_CACHE_HOME": str(self.top / "cache")}
        clean.pop("ELAN_HOME", None)
        done = subprocess.run(
            [SCRIPT, *arguments, self.lean], env=clean | environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def replace(self, file, old, new):
        path = self.lean / file
        text = path.read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1, f"{old!r} in {file}")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, file, text):
        with (self.lean / file).open("a", encoding="utf-8") as out:
            out.write(text)


class Shape(Copy):
    def refuses(self, words):
        code, said = self.run_script("--lint")
        self.assertEqual(code, 1, said)
        self.assertIn(words, said)

    def accepts(self):
        code, said = self.run_script("--lint")
        self.assertEqual(code, 0, said)
        self.assertIn("nothing was proved", said)

    def test_the_development_as_it_is(self):
        self.accepts()

    def test_a_file_outside_the_build(self):
        shutil.copy(self.lean / "Tribunal" / "Exact.lean", self.lean / "Tribunal" / "Lost.lean")
        self.refuses("does not import it: Tribunal/Lost.lean")

    def test_an_import_of_nothing(self):
        self.add("Tribunal.lean", "public import Tribunal.Nowhere\n")
        self.refuses("imports what is not there: Tribunal/Nowhere.lean")

    def test_each_word_that_lets_something_pass_unproved(self):
        words = [
            "theorem x : False := sorry",
            "theorem x : False := by admit",
            "axiom x : False",
            "theorem x : 1 = 1 := by native_decide",
            "unsafe def x := 1",
            "@[implemented_by id] def x := 1",
            '@[extern "x"] def x := 1',
            "partial def x : Nat := x",
            "opaque x : Nat",
            "local macro \"x\" : tactic => `(tactic| skip)",
            "set_option debug.skipKernelTC true",
            "theorem x : (1, «axiom») = (1, 2) := rfl",
        ]
        path = self.lean / "Tribunal" / "Exact.lean"
        before = path.read_text(encoding="utf-8")
        for word in words:
            with self.subTest(word):
                path.write_text(before + word + "\n", encoding="utf-8")
                self.refuses("lean/Tribunal/Exact.lean")

    def test_words_in_comments_and_strings_are_only_words(self):
        self.add("Tribunal/Exact.lean", '-- sorry\n/- axiom /- nested -/ unsafe -/\n/-- partial -/\n')
        self.add("Tribunal/Exact.lean", 'def x := "a \\" sorry"\n')
        self.accepts()

    def test_a_comment_that_hides_the_rest(self):
        self.add("Tribunal/Exact.lean", "/- open\n")
        self.refuses("unclosed_comment_or_string")

    def test_an_option_of_its_own(self):
        self.add("Tribunal/Exact.lean", "set_option maxHeartbeats 0\n")
        self.refuses("must set exactly these options")

    def test_an_option_left_out(self):
        self.replace("Tribunal/Exact.lean", "set_option warningAsError true\n", "")
        self.refuses("must set exactly these options")

    def test_an_import_from_elsewhere(self):
        line = "public import Tribunal.Invariants\n"
        self.replace("Tribunal/Exact.lean", line, line + "import Lean\n")
        self.refuses("imports from elsewhere")

    def test_a_transition_under_another_name(self):
        self.replace("Tribunal/Workflow.lean", "| tests_pass | tests_fail\n", "| tests_pass | tests_red\n")
        self.refuses("> tests_red")

    def test_a_state_that_is_missing(self):
        self.replace("Tribunal/Workflow.lean", "| NeedsRevision | Escalated\n", "| NeedsRevision\n")
        self.refuses("< Escalated")

    def test_a_promise_that_is_no_theorem(self):
        self.replace("README.md", "| `every_build_was_begun` |", "| `every_build_was_good` |")
        self.refuses("names every_build_was_good, which is no theorem")


class Lake(Copy):
    """What is made of lake's answers. They are written from its documentation, not recorded."""

    def run_with_lake(self, build, axioms):
        binary = self.top / "bin"
        binary.mkdir()
        (binary / "lake").write_text(
            f"#!/bin/sh\nif [ \"$1\" = build ]; then {build}; exit; fi\n"
            f"sed -n \"s/^#print axioms \\(.*\\)/'\\1' {axioms}/p\" \"$3\"\n"
        )
        (binary / "lake").chmod(0o755)
        return self.run_script(PATH=f"{binary}:{os.environ['PATH']}")

    def test_a_build_and_the_allowed_axioms(self):
        code, said = self.run_with_lake("true", r"depends on axioms: [propext,\n Quot.sound]")
        self.assertEqual(code, 0, said)
        self.assertIn("every proof accepted by lake", said)

    def test_no_axioms_at_all(self):
        code, said = self.run_with_lake("true", "does not depend on any axioms")
        self.assertEqual(code, 0, said)

    def test_another_axiom(self):
        code, said = self.run_with_lake("true", "depends on axioms: [propext, sorryAx]")
        self.assertEqual(code, 1, said)
        self.assertIn("sorryAx", said)

    def test_silence_about_the_axioms(self):
        code, said = self.run_with_lake("true", "is a mystery")
        self.assertEqual(code, 1, said)
        self.assertIn("nothing is said of the axioms of no_implementation_without_approval", said)

    def test_a_build_that_fails(self):
        code, said = self.run_with_lake("false", "does not depend on any axioms")
        self.assertEqual(code, 1, said)
        self.assertIn("lake build", said)


class NoLean(Copy):
    def test_nothing_is_judged(self):
        code, said = self.run_script(TRIBUNAL_LEAN_WASM=str(self.top / "nowhere"))
        self.assertEqual(code, 77, said)
        self.assertIn("SKIP", said)


if __name__ == "__main__":
    unittest.main()
