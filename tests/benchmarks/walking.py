"""How many functions one task walks through, from start to end: `python -m tests.benchmarks.walking [--list]`.

A manager has one worker with weights, by mail of 20 ms a link, so that windows look ahead. The second of four tasks is
counted, with one in flight, from where it is submitted to where the third is: the desks have long begun by then, and
trio's order of starting them is of no matter. Counted are functions of the office, by file and line, and their calls.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np

import office
from office import Client, Linear, Team, Worker, simulate, squared_error

ROOT = Path(office.__file__).parent


def main() -> None:
    """Print the numbers; with --json as JSON, with --list every function, in the order of their first calls."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    calls = walk()
    numbers = {"calls": calls.total(), "functions": len(calls), "files": len({code.co_filename for code in calls})}
    if options.json:
        print(json.dumps(numbers))
        return
    print("one task: {calls} calls of {functions} functions in {files} files".format(**numbers))
    if options.list:
        for code, count in calls.items():
            where = Path(code.co_filename).relative_to(ROOT)
            print(f"{count:4}  {where}:{code.co_firstlineno}  {code.co_qualname}")


def walk() -> Counter[CodeType]:
    """Run four tasks: how often each function was called for the second, in the order of their first calls."""
    calls = Counter[CodeType]()

    def note(frame: FrameType, event: str, _arg: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(ROOT)):
            calls[frame.f_code] += 1

    class Tasks:
        """Four, of which the second is noted; that there are four is known beforehand, so the mail looks ahead."""

        def __len__(self) -> int:
            return 4

        def __iter__(self) -> Iterator[tuple[Any, Any]]:
            table = np.ones((4, 2)), np.ones(4)
            yield table
            sys.setprofile(note)  # asked for the second, as it is submitted
            yield table
            sys.setprofile(None)  # and here for the third
            yield table
            yield table

    team = Team([Worker(Linear.drawn(2, seed=0), "alex")], "team")
    simulate(team, Client(Tasks(), squared_error, in_flight=1), mail="delay 20ms")
    return calls


if __name__ == "__main__":
    main()
