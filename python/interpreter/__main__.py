"""`python3 -m interpreter FILE`: counts and verdicts of one workflow as JSON."""

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
    """0 when there are verdicts, 4 for a bad file, 10 when it is too large."""
    arguments = argparse.ArgumentParser(prog="interpreter", description=__doc__)
    arguments.add_argument("file")
    arguments.add_argument("--limit", type=int, default=1_000_000, help="most states to look at")
    arguments.add_argument("--findings", action="store_true", help="also the findings that follow")
    options = arguments.parse_args()
    try:
        workflow = load(options.file)
        graph = Graph(Machine(workflow), options.limit)
        judge = Judge(graph)
        verdicts = judge.verdicts()
        answer = {
            "distinct": graph.distinct,
            "steps": graph.step_count,
            "verdicts": {name: "holds" if holds else "violated" for name, holds in verdicts.items()},
        }
        if options.findings:
            answer["findings"] = findings(judge, verdicts)
    except (BadFile, BadExpression) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 4
    except TooLarge as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 10
    json.dump(answer, sys.stdout, indent=2)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
