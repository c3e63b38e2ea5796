"""`python3 -m interpreter FILE…`: counts and verdicts of workflows as JSON."""

from __future__ import annotations

import argparse
import json
import sys

from .explore import Graph, TooLarge
from .expression import BadExpression
from .findings import findings
from .machine import Machine
from .properties import Judge
from .reader import BadFile
from .workflow import load


def main() -> int:
    """0 when there are verdicts, 4 for a bad file, 10 when one is too large. Several files: a line of JSON each."""
    arguments = argparse.ArgumentParser(prog="interpreter", description=__doc__)
    arguments.add_argument("file", nargs="+")
    arguments.add_argument("--limit", type=int, default=1_000_000, help="most states to look at")
    arguments.add_argument("--findings", action="store_true", help="also the findings that follow")
    options = arguments.parse_args()
    for file in options.file:
        try:
            answer = judge(file, options.limit, options.findings)
        except (BadFile, BadExpression) as error:
            print(f"{file}: {error}", file=sys.stderr)
            return 4
        except TooLarge as error:
            print(f"{file}: {error}", file=sys.stderr)
            return 10
        print(json.dumps(answer, indent=2 if len(options.file) == 1 else None))
    return 0


def judge(file: str, limit: int, with_findings: bool) -> dict:
    """Counts and verdicts of one workflow."""
    judge = Judge(Graph(Machine(load(file)), limit))
    verdicts = judge.verdicts()
    answer = {
        "distinct": judge.graph.distinct,
        "steps": judge.graph.step_count,
        "verdicts": {name: "holds" if holds else "violated" for name, holds in verdicts.items()},
    }
    if with_findings:
        answer["findings"] = findings(judge, verdicts)
    return answer


if __name__ == "__main__":
    sys.exit(main())
