"""Whether check.py judges rightly, on made-up answers of TLC. Run: python3 -m unittest discover -s tla"""

import io
import json
import os
import pathlib
import stat
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import check  # noqa: E402

CONFIG = """\\* INVARIANT Commented
SPECIFICATION Spec
INVARIANTS
    TypeOK \\* PROPERTY Hidden
    Safe
PROPERTY
    Live
"""
TWO = CONFIG + "    Other\n"


def message(code, text, severity=0):
    return f"@!@!@STARTMSG {code}:{severity} @!@!@\n{text}\n@!@!@ENDMSG {code} @!@!@\n"


def holds(left=0, distinct=12):
    return message(2193, "Model checking completed. No error has been found.") + message(
        2199, f"30 states generated, {distinct} distinct states found, {left} states left on queue.")


BROKEN = message(2110, "Invariant Safe is violated.", 1) + message(2121, "The behavior up to this point is:", 1)


def entry(**changes):
    row = {"name": "m", "kind": "mutant", "module": "m.tla", "cfg": "m.cfg", "expect": "violates: Safe", "workers": 1,
           "why": "a reason"}
    row.update(changes)
    return {key: value for key, value in row.items() if value is not None}


def model(**changes):
    return entry(**{"kind": "model", "expect": "ok", "distinct": 12, **changes})


class Configuration(unittest.TestCase):
    def test_names_are_read_by_keyword_and_comments_are_not(self):
        self.assertEqual(check.invariants(CONFIG), ["TypeOK", "Safe"])
        self.assertEqual(check.properties(CONFIG), ["Live"])
        self.assertEqual(check.properties(TWO), ["Live", "Other"])


class Judgement(unittest.TestCase):
    def judged(self, output, code, config=CONFIG):
        return check.judge(output, code, config)

    def test_success_has_a_count_and_an_empty_queue(self):
        self.assertEqual(self.judged(holds(), 0), check.Outcome(distinct=12))
        self.assertIn("not looked at", self.judged(holds(left=3), 0).error)
        self.assertIn("without a count", self.judged(message(2193, "Done."), 0).error)

    def test_an_invariant_is_named(self):
        self.assertEqual(self.judged(BROKEN, 12), check.Outcome(violated="Safe"))
        at_start = message(2107, "Invariant TypeOK is violated by the initial state:", 1)
        self.assertEqual(self.judged(at_start, 12), check.Outcome(violated="TypeOK"))

    def test_an_invariant_that_nobody_asked_for_is_no_verdict(self):
        self.assertIn("cannot tell", self.judged(message(2110, "Invariant Else is violated.", 1), 12).error)

    def test_an_action_property_is_named_or_the_only_one(self):
        named = message(2112, "Action property Other is violated.", 1)
        placed = message(2112, "Action property line 3, col 1 to line 3, col 9 of module M is violated.", 1)
        self.assertEqual(self.judged(named, 13, TWO).violated, "Other")
        self.assertEqual(self.judged(placed, 13).violated, "Live")
        self.assertIn("cannot tell", self.judged(placed, 13, TWO).error)

    def test_a_temporal_property_is_never_guessed(self):
        output = message(2116, "Temporal properties were violated.", 1) + message(2264, "The following behavior", 1)
        self.assertEqual(self.judged(output, 13).violated, "Live")
        self.assertIn("cannot tell", self.judged(output, 13, TWO).error)

    def test_a_deadlock_is_its_own_answer(self):
        self.assertEqual(self.judged(message(2114, "Deadlock reached.", 1), 11).violated, "deadlock")

    def test_message_and_exit_code_must_agree(self):
        self.assertIn("does not go with", self.judged(holds(), 12).error)
        self.assertIn("does not go with", self.judged(BROKEN, 0).error)

    def test_no_verdict_two_verdicts_and_errors_are_no_verdict(self):
        self.assertIn("0 verdicts", self.judged("", 0).error)
        self.assertIn("0 verdicts", self.judged("@!@!@STARTMSG 2193:0 @!@!@\ncut off", 0).error)
        self.assertIn("2 verdicts", self.judged(BROKEN + holds(), 12).error)
        self.assertIn("TLC failed (1102)", self.judged(message(1102, "unrecognized option", 1) + holds(), 0).error)


class Complaints(unittest.TestCase):
    def complaint(self, row, **outcome):
        return check.complaint(check.read_entry(row), check.Outcome(**outcome))

    def test_as_expected(self):
        self.assertIsNone(self.complaint(model(), distinct=12))
        self.assertIsNone(self.complaint(entry(), violated="Safe"))

    def test_a_model_with_another_number_of_states_fails(self):
        self.assertEqual(self.complaint(model(), distinct=13), "13 distinct states, expected 12")

    def test_a_model_that_breaks_fails(self):
        self.assertEqual(self.complaint(model(), violated="Safe"), "violates Safe")

    def test_a_mutant_that_holds_fails(self):
        self.assertIn("holds", self.complaint(entry(), distinct=12))

    def test_a_mutant_that_breaks_something_else_fails(self):
        self.assertEqual(self.complaint(entry(), violated="TypeOK"), "violates TypeOK instead of Safe")
        self.assertIn("deadlock instead of", self.complaint(entry(), violated="deadlock"))

    def test_no_verdict_fails_whatever_was_expected(self):
        for row in (entry(), model()):
            self.assertEqual(self.complaint(row, error="no answer in 1 s"), "no answer in 1 s")


class Manifest(unittest.TestCase):
    def test_what_an_entry_must_say(self):
        wrong = {"no expected result": entry(expect=None), "expected is": entry(expect="violates"),
                 "no cfg": entry(cfg=None), "no why": entry(why=""), "the kind is": entry(kind="twin"),
                 "pinned": model(distinct=None), "no figure": entry(distinct=3), "expected to hold": model(expect="violates: A"),
                 "to break": entry(expect="ok"), "whole numbers": entry(workers=None), "unknown keys": entry(expected="ok")}
        for text, row in wrong.items():
            with self.subTest(text), self.assertRaisesRegex(check.ManifestError, text):
                check.read_entry(row)

    def folder(self, rows, *more):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "manifest.json").write_text(json.dumps(rows))
        for name in ("m.tla", "m.cfg", *more):
            (folder / name).write_text(CONFIG)
        return folder

    def test_files_and_entries_belong_together(self):
        self.assertEqual([e.name for e in check.read_manifest(self.folder([entry()]))], ["m"])
        wrong = {"not a list": ([],), "twice": ([entry(), entry()],), "there is no": ([entry(module="n.tla")],),
                 "does not ask for Gone": ([entry(expect="violates: Gone")],), "x.cfg: nothing": ([entry()], "x.cfg")}
        for text, arguments in wrong.items():
            with self.subTest(text), self.assertRaisesRegex(check.ManifestError, text):
                check.read_manifest(self.folder(*arguments))

    def test_the_real_one_is_sound(self):
        entries = check.read_manifest(check.HERE)
        self.assertGreaterEqual(sum(e.kind == "mutant" for e in entries), 12)
        # Every property of a model, except what only says that values are in range, has a mutant that breaks it.
        broken = {e.violates for e in entries if e.kind == "mutant"}
        asked = {name for e in entries if e.kind == "model" for text in [(check.HERE / e.cfg).read_text()]
                 for name in check.properties(text) + check.invariants(text)}
        unbroken = sorted(asked - broken - {"TypeOK"})
        self.assertEqual(unbroken, [], "no mutant breaks these")

    def test_the_readme_names_everything_with_its_figure(self):
        text = (check.HERE / "README.md").read_text(encoding="utf-8")
        for e in check.read_manifest(check.HERE):
            row = {"model": f"| `{e.name}` | {e.distinct or 0:,} | {e.why} |",
                   "mutant": f"| `{e.name}` | {e.why} | `{e.violates}` |", "control": f"| `{e.name}` | {e.why} |"}[e.kind]
            self.assertIn(row + "\n", text)
            config = (check.HERE / e.cfg).read_text(encoding="utf-8")
            if e.kind == "model":
                for name in check.properties(config) + check.invariants(config):
                    self.assertIn(f"`{name}`", text)


class Running(unittest.TestCase):
    """With a script in place of Java."""

    def tool(self, body):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "m.tla").write_text("")
        (folder / "m.cfg").write_text(CONFIG)
        java = folder / "java"
        java.write_text("#!/bin/sh\n" + body)
        java.chmod(java.stat().st_mode | stat.S_IXUSR)
        return folder, (str(java), "no.jar")

    def test_the_output_is_judged_with_the_exit_code(self):
        folder, tools = self.tool(f"cat <<'EOF'\n{BROKEN}EOF\nexit 12\n")
        outcome, _ = check.run(check.read_entry(entry()), tools, folder)
        self.assertEqual(outcome, check.Outcome(violated="Safe"))

    def test_a_run_that_hangs_is_stopped_with_all_it_started(self):
        folder, tools = self.tool('sleep 60 & echo $! > "$(dirname "$0")/child"; wait\n')
        outcome, seconds = check.run(check.read_entry(entry(deadline=1)), tools, folder)
        self.assertEqual(outcome.error, "no answer in 1 s")
        self.assertLess(seconds, 30)
        state = pathlib.Path(f"/proc/{(folder / 'child').read_text().strip()}/stat")
        self.assertTrue(not state.exists() or ") Z " in state.read_text())

    def answer(self, environment, arguments=()):
        out, err = io.StringIO(), io.StringIO()
        with mock.patch.dict(os.environ, environment), redirect_stdout(out), redirect_stderr(err):
            code = check.main(list(arguments))
        return code, out.getvalue(), err.getvalue()

    def test_without_java_or_jar_everything_is_skipped(self):
        _, (java, _) = self.tool("")
        home = pathlib.Path(java).parent
        (home / "bin").mkdir()
        code, out, _ = self.answer({"JAVA_HOME": str(home)})
        self.assertEqual((code, out.splitlines()[0]), (77, f"SKIP  no java in {home}/bin (JAVA_HOME)"))
        self.assertRegex(out.splitlines()[-1], r"^0 passed, 0 failed, [1-9]\d* skipped$")
        os.rename(java, home / "bin" / "java")
        code, out, _ = self.answer({"JAVA_HOME": str(home), "TLA2TOOLS_JAR": "/nowhere.jar"})
        self.assertEqual((code, out.splitlines()[0]), (77, "SKIP  no /nowhere.jar (TLA2TOOLS_JAR)"))

    def test_an_unknown_entry_is_a_wrong_call(self):
        code, _, err = self.answer({}, ["--only", "Nothing"])
        self.assertEqual(code, 2)
        self.assertIn("no entry 'Nothing'", err)


if __name__ == "__main__":
    unittest.main()
