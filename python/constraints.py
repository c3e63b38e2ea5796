#!/usr/bin/env python3
"""Judges a policy file with Z3's own Python package, on its own: nothing of Tribunal is needed to run it.

    .venv/bin/python3 python/constraints.py [FILE…] [--json]

FILE is a policy in YAML or JSON; without one, the built-in policy is judged. The findings are those of
`tribunal verify FILE`, from a second reading of the file, of the expressions and of the questions. Below them come
the questions about approvals, stale versions, waivers, warnings and people, each with its answer.

Every example is evaluated again without Z3, and every core is shrunk until each of its rules is needed.

Exit: 0 clean, 1 a finding or a question with the wrong answer, 2 usage, 4 no policy, 5 Z3 is missing or does not know.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from policies.asking import Asker
from policies.battery import battery, words
from policies.questions import questions
from policies.reading import read
from policies.words import BadPolicy, Unanswered

BUILT_IN = Path(__file__).resolve().parent.parent / "formal" / "policy.yaml"


def judge(path: Path) -> dict:
    """Everything about one file."""
    policy = read(path)
    asker = Asker()
    found, asked = battery(asker, policy), questions(asker, policy)
    clean = not found and all(q["fine"] is not False for q in asked)
    return {"policy": str(path), "rules": len(policy), "clean": clean, "findings": found, "questions": asked}


def tell(result: dict) -> str:
    """The same for people."""
    lines = [f"{result['policy']}: {result['rules']} rules", ""]
    for q in result["questions"]:
        answer = ("no", "yes")[q["answer"]] if isinstance(q["answer"], bool) else q["answer"]
        mark = {True: "ok", False: "WRONG", None: "-"}[q["fine"]]
        shown = f" ({words(q['example'])})" if q["example"] and q["fine"] is not True else ""
        lines.append(f"  {mark:<6}{q['question']} {answer}{shown}")
    lines.append("")
    for f in result["findings"]:
        lines.append(f"{f['kind']} {f['subject']}: {f['words']}")
        if f["core"]:
            lines.append(f"  rules: {', '.join(f['core'])}")
    lines.append("clean" if result["clean"] else "not clean")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="constraints.py", description=__doc__.split("\n")[0])
    options.add_argument("file", nargs="*", type=Path, default=[BUILT_IN], help="policies in YAML or JSON; else the built-in one")
    options.add_argument("--json", action="store_true", help="one JSON document; a list where there are several files")
    chosen = options.parse_args(arguments)
    results = []
    for path in chosen.file:
        try:
            results.append(judge(path))
        except BadPolicy as error:
            print(error, file=sys.stderr)
            return 4
        except Unanswered as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 5
    if chosen.json:
        print(json.dumps(results if len(results) > 1 else results[0], indent=2))
    else:
        print("\n\n".join(map(tell, results)))
    return 0 if all(result["clean"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
