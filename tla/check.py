#!/usr/bin/env python3
"""Runs every model of manifest.json through TLC and holds the answers against what the manifest says.

    tla/check.py [--only NAME]... [--list]

A model that should hold must hold and have exactly the pinned number of distinct states. A mutant or a control must
break, and break the property that the manifest names: one that holds fails the run, and so does one that breaks
anything else. Java comes from JAVA_HOME or the path, TLC from TLA2TOOLS_JAR or .tools/tla2tools.jar.

Exit 0 when everything is as it should be, 1 when something is not, 2 for a wrong call or an unusable manifest, 77 when
TLC cannot run here. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
AT_ONCE = 2
DEADLINE = 300  # seconds for one run, unless the entry says otherwise
KINDS = ("model", "mutant", "control")

# TLC's message codes, as written with -tool.
SUCCESS, STATISTICS = 2193, 2199
INVARIANT, INVARIANT_AT_START, ACTION, TEMPORAL, DEADLOCK = 2110, 2107, 2112, 2116, 2114
# They only introduce the trace of a violation.
TRACE_FOLLOWS = {2121, 2122, 2264}
# The exit code that goes with each way to end; a run whose two answers disagree has none.
EXIT = {SUCCESS: 0, DEADLOCK: 11, INVARIANT: 12, INVARIANT_AT_START: 12, ACTION: 13, TEMPORAL: 13}


class ManifestError(Exception):
    """The manifest cannot be used; the text says why."""


@dataclass(frozen=True)
class Entry:
    """One run. `violates` is the property that must break, None where the model must hold."""

    name: str
    kind: str
    module: str
    cfg: str
    violates: str | None
    distinct: int | None
    workers: int
    deadline: int
    why: str


@dataclass(frozen=True)
class Outcome:
    """What TLC said. `violated` names a property, or is "deadlock", or None; `error` is set when it gave no verdict."""

    violated: str | None = None
    distinct: int | None = None
    error: str | None = None


def read_entry(row):
    """One row of the manifest as an Entry."""
    if not isinstance(row, dict):
        raise ManifestError(f"not an object: {row!r}")
    name = row.get("name")
    if not isinstance(name, str) or not name:
        raise ManifestError(f"an entry without a name: {row!r}")
    unknown = set(row) - {"name", "kind", "module", "cfg", "expect", "distinct", "workers", "deadline", "why"}
    if unknown:
        raise ManifestError(f"{name}: unknown keys {sorted(unknown)}")
    for key in ("module", "cfg", "why"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise ManifestError(f"{name}: no {key}")
    if row.get("kind") not in KINDS:
        raise ManifestError(f"{name}: the kind is one of {', '.join(KINDS)}")
    expect = row.get("expect")
    if not isinstance(expect, str):
        raise ManifestError(f"{name}: no expected result")
    match = re.fullmatch(r"ok|violates: (\w+)", expect)
    if not match:
        raise ManifestError(f"{name}: expected is `ok` or `violates: PROPERTY`, not {expect!r}")
    violates = match.group(1)
    if (violates is None) != (row["kind"] == "model"):
        raise ManifestError(f"{name}: a model is expected to hold, a mutant or a control to break")
    distinct = row.get("distinct")
    if violates is None and (type(distinct) is not int or distinct < 1):
        raise ManifestError(f"{name}: a model that holds has its number of distinct states pinned")
    if violates is not None and distinct is not None:
        raise ManifestError(f"{name}: how much is seen before a violation is no figure to pin")
    workers, deadline = row.get("workers"), row.get("deadline", DEADLINE)
    if type(workers) is not int or workers < 1 or type(deadline) is not int or deadline < 1:
        raise ManifestError(f"{name}: workers and deadline are whole numbers from 1")
    return Entry(name, row["kind"], row["module"], row["cfg"], violates, distinct, workers, deadline, row["why"])


def read_manifest(folder):
    """All entries. Every configuration in the folder must be run by one of them."""
    try:
        rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ManifestError(f"manifest.json: {error}") from error
    if not isinstance(rows, list) or not rows:
        raise ManifestError("manifest.json: not a list of entries")
    entries = [read_entry(row) for row in rows]
    names = [entry.name for entry in entries]
    for name in names:
        if names.count(name) > 1:
            raise ManifestError(f"{name}: twice in the manifest")
    for entry in entries:
        for path in (entry.module, entry.cfg):
            if not (folder / path).is_file():
                raise ManifestError(f"{entry.name}: there is no {path}")
        text = (folder / entry.cfg).read_text(encoding="utf-8")
        if entry.violates is not None and entry.violates not in properties(text) + invariants(text):
            raise ManifestError(f"{entry.name}: {entry.cfg} does not ask for {entry.violates}")
    listed = {entry.cfg for entry in entries}
    for path in sorted(folder.glob("**/*.cfg")):
        if path.relative_to(folder).as_posix() not in listed:
            raise ManifestError(f"{path.relative_to(folder)}: nothing in the manifest runs it")
    return entries


def section(config, *keywords):
    """The names under a keyword of a TLC configuration."""
    words = re.sub(r"\\\*.*", "", config).split()
    heads = {"CONSTANT", "CONSTANTS", "SPECIFICATION", "INVARIANT", "INVARIANTS", "PROPERTY", "PROPERTIES", "INIT",
             "NEXT", "SYMMETRY", "VIEW", "CONSTRAINT", "CONSTRAINTS", "ACTION_CONSTRAINT", "ACTION_CONSTRAINTS",
             "CHECK_DEADLOCK", "ALIAS", "POSTCONDITION"}
    found, inside = [], False
    for word in words:
        if word in heads:
            inside = word in keywords
        elif inside:
            found.append(word)
    return found


def properties(config):
    return section(config, "PROPERTY", "PROPERTIES")


def invariants(config):
    return section(config, "INVARIANT", "INVARIANTS")


def messages(output):
    """(code, severity, text) of each message of a run with -tool."""
    pattern = r"@!@!@STARTMSG (\d+):(\d) @!@!@\n(.*?)@!@!@ENDMSG \1 @!@!@"
    return [(int(c), int(s), text.strip()) for c, s, text in re.findall(pattern, output, re.S)]


def only_property(config):
    """TLC does not always name the property that broke. It is known all the same where only one was asked for."""
    asked = properties(config)
    return asked[0] if len(asked) == 1 else None


def judge(output, code, config):
    """What a finished run says: its messages, its exit code and the configuration that it was asked with."""
    said = messages(output)
    verdicts = [(c, text) for c, _, text in said if c in EXIT]
    strange = [(c, text) for c, severity, text in said if severity == 1 and c not in EXIT and c not in TRACE_FOLLOWS]
    if strange:
        return Outcome(error=f"TLC failed ({strange[0][0]}): {strange[0][1].splitlines()[0] if strange[0][1] else ''}")
    if len(verdicts) != 1:
        return Outcome(error=f"{len(verdicts)} verdicts instead of one (exit {code})")
    verdict, text = verdicts[0]
    if EXIT[verdict] != code:
        return Outcome(error=f"message {verdict} does not go with exit {code}")
    if verdict == SUCCESS:
        counts = [re.match(r"(\d+) states generated, (\d+) distinct states found, (\d+) states left on queue", t)
                  for c, _, t in said if c == STATISTICS]
        if len(counts) != 1 or counts[0] is None:
            return Outcome(error="success without a count of states")
        if counts[0].group(3) != "0":
            return Outcome(error=f"success with {counts[0].group(3)} states not looked at")
        return Outcome(distinct=int(counts[0].group(2)))
    if verdict == DEADLOCK:
        return Outcome(violated="deadlock")
    if verdict in (INVARIANT, INVARIANT_AT_START):
        match = re.match(r"Invariant (\w+) is violated", text)
        name = match.group(1) if match and match.group(1) in invariants(config) else None
    elif verdict == ACTION:
        match = re.match(r"Action property (\w+) is violated", text)
        name = match.group(1) if match and match.group(1) in properties(config) else only_property(config)
    else:
        name = only_property(config)
    return Outcome(violated=name) if name else Outcome(error=f"cannot tell what was violated: {text.splitlines()[0]}")


def complaint(entry, outcome):
    """What is wrong with an outcome, None when it is as expected."""
    if outcome.error is not None:
        return outcome.error
    if entry.violates is None:
        if outcome.violated is not None:
            return f"violates {outcome.violated}"
        if outcome.distinct != entry.distinct:
            return f"{outcome.distinct} distinct states, expected {entry.distinct}"
        return None
    if outcome.violated is None:
        return f"holds, though {entry.violates} must break"
    if outcome.violated != entry.violates:
        return f"violates {outcome.violated} instead of {entry.violates}"
    return None


def find_tools():
    """(java, jar), or a reason why TLC cannot run here."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=os.path.join(home, "bin")) if home else shutil.which("java")
    if java is None:
        return None, f"no java in {home}/bin (JAVA_HOME)" if home else "no java on the path, and JAVA_HOME is not set"
    given = os.environ.get("TLA2TOOLS_JAR")
    jar = pathlib.Path(given) if given else HERE.parent / ".tools" / "tla2tools.jar"
    if not jar.is_file():
        return None, f"no {given} (TLA2TOOLS_JAR)" if given else "no .tools/tla2tools.jar, and TLA2TOOLS_JAR is not set"
    return (java, str(jar.resolve())), None


running, running_lock = set(), threading.Lock()


def stop_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run(entry, tools, folder=HERE):
    """(outcome, seconds) of one entry."""
    java, jar = tools
    module, config = (folder / entry.module).resolve(), (folder / entry.cfg).resolve()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tlc-") as scratch:
        command = [java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx512m",
                   f"-Djava.io.tmpdir={scratch}", f"-DTLA-Library={folder.resolve()}", "-cp", jar, "tlc2.TLC", "-tool",
                   "-workers", str(entry.workers), "-metadir", scratch, "-config", str(config),
                   module.stem]
        process = subprocess.Popen(command, cwd=module.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        with running_lock:
            running.add(process)
        try:
            output, _ = process.communicate(timeout=entry.deadline)
            outcome = judge(output, process.returncode, config.read_text(encoding="utf-8"))
        except subprocess.TimeoutExpired:
            stop_group(process)
            process.communicate()
            outcome = Outcome(error=f"no answer in {entry.deadline} s")
        finally:
            with running_lock:
                running.discard(process)
    return outcome, time.monotonic() - start


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check the TLA+ models and that their mutants break.")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this entry; may be given several times")
    parser.add_argument("--list", action="store_true", help="the names of the entries, one a line")
    options = parser.parse_args(arguments)
    try:
        entries = read_manifest(HERE)
    except ManifestError as error:
        print(f"check.py: {error}", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(entry.name for entry in entries))
        return 0
    for name in options.only or []:
        if name not in {entry.name for entry in entries}:
            print(f"check.py: no entry '{name}'; see --list", file=sys.stderr)
            return 2
    chosen = [entry for entry in entries if not options.only or entry.name in options.only]
    tools, reason = find_tools()
    if tools is None:
        print(f"SKIP  {reason}")
        print(f"0 passed, 0 failed, {len(chosen)} skipped")
        return 77
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [(entry, pool.submit(run, entry, tools)) for entry in chosen]
        try:
            for entry, future in futures:
                outcome, seconds = future.result()
                wrong = complaint(entry, outcome)
                passed, failed = passed + (wrong is None), failed + (wrong is not None)
                right = f"{outcome.distinct} states" if entry.violates is None else f"violates {entry.violates}"
                print(f"{'PASS' if wrong is None else 'FAIL'}  {entry.kind:<7} {entry.name:<26} {seconds:6.1f} s  "
                      f"{wrong or right}", flush=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            with running_lock:
                for process in running:
                    stop_group(process)
            raise
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{used.ru_utime + used.ru_stime:.0f} s of processor time")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
