"""`python3 -m interpreter.expect DIR [--write]`: holds a folder of workflows against what is expected of them.

Beside each `NAME.yaml` lies `NAME.expect.json` with the exit status of a check,
the counts, every verdict and the findings. Without `--write` differences are
printed and the exit status is 1. What is written is to be read by a person
before it is kept: it says what this interpreter thinks, not what was meant.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .explore import Graph
from .findings import blocking, findings
from .machine import Machine
from .properties import Judge
from .workflow import load


def expectation(path: Path) -> dict:
    """What this interpreter says about one workflow file."""
    workflow = load(path)
    graph = Graph(Machine(workflow))
    judge = Judge(graph)
    verdicts = judge.verdicts()
    found = findings(judge, verdicts)
    return {
        "exit": 1 if any(blocking(workflow, item) for item in found) else 0,
        "distinct": graph.distinct,
        "steps": graph.step_count,
        "properties": {name: "holds" if holds else "violated" for name, holds in verdicts.items()},
        "findings": found,
    }


def main() -> int:
    """0 when everything is as expected, 1 when something differs or is missing."""
    arguments = argparse.ArgumentParser(prog="interpreter.expect", description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--write", action="store_true", help="write the expectations instead")
    options = arguments.parse_args()
    different = 0
    files = sorted(options.folder.glob("*.yaml"))
    for path in files:
        beside = path.with_suffix(".expect.json")
        text = json.dumps(expectation(path), indent=2) + "\n"
        if options.write:
            beside.write_text(text, encoding="utf-8")
        elif not beside.exists() or json.loads(beside.read_text(encoding="utf-8")) != json.loads(text):
            print(f"{path}: not as expected", file=sys.stderr)
            different += 1
    print(f"{len(files)} files, {different} different")
    return 1 if different or not files else 0


if __name__ == "__main__":
    sys.exit(main())
