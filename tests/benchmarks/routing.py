"""How fast messages are routed: `python -m tests.benchmarks.routing [--json]`.

The same office (client, manager, three workers, eight messages a task, exponential delays, 100 tasks per mean delay)
on `office` with its journal on, its desks as tasks of trio's and stepped, and on SimPy, alternating in one run; and
how cost and memory grow.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any, Literal

from office import Client, Team, Worker, every, in_turn, simulate
from office.desks import INBOX, OUTBOX, ManagerDesk, WorkerDesk
from office.mail import stream
from office.work import addition
from tests.benchmarks.peers import run_on_simpy

TASKS = 20_000
MEAN = 0.001  # s
GAP = MEAN / 100  # s
ROUNDS = 5
GROWTH = 1_000, 1_000_000  # tasks in flight
GROWTH_TASKS = 1_000_000  # tasks in all, in either case


class Wordy:
    """A worker whose answers are words: routing is all there is to do."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, task: Any) -> tuple[Any, Callable[[Any], Any]]:
        return (self.name, task), self.hear

    def hear(self, feedback: Any) -> Any:
        return feedback


def bolder(output: Any, target: Any) -> tuple[float, str]:
    """What the client says to everything."""
    return 0.0, "bolder"


def office() -> Team:
    """A manager and three workers in turn."""
    return Team([Worker(Wordy(name), name) for name in ("alex", "bo", "casey")], "estimates", allocate=in_turn)


def conditions(least: float) -> str:
    """Exponential delays of this least length in s, and the mean."""
    return f"delay {round(MEAN * 1e9)}ns {round((MEAN - least) * 1e9)}ns distribution exponential"


def run_on_office(
    tasks: int,
    least: float,
    in_flight: int | None = None,
    gap: float = GAP,
    resumed_by: Literal["trio", "stepped"] = "trio",
) -> int:
    """Returns how many messages were sent."""
    work = [("table", None)] * tasks
    client = Client(work, bolder, arrivals=every(round(gap * 1e9)), in_flight=in_flight, keep=False)
    return len(simulate(office(), client, mail=conditions(least), tasks=resumed_by).journal)


def microseconds(run: Callable[[], int]) -> float:
    """Microseconds a message."""
    begin = time.perf_counter()
    messages = run()
    return (time.perf_counter() - begin) / messages * 1e6


def against_simpy(least: float) -> dict[str, float]:
    """Medians of microseconds a message, and how many times as long SimPy takes: medians of one round's ratios."""
    ways: dict[str, Callable[[], int]] = {
        "trio": lambda: run_on_office(TASKS, least),
        "stepped": lambda: run_on_office(TASKS, least, resumed_by="stepped"),
        "simpy": lambda: run_on_simpy(TASKS, GAP, least, MEAN, trimmed=False),
        "trimmed": lambda: run_on_simpy(TASKS, GAP, least, MEAN, trimmed=True),
    }
    rounds = [{name: microseconds(way) for name, way in ways.items()} for _ in range(ROUNDS)]
    medians = {name: statistics.median(times[name] for times in rounds) for name in ways}
    ratios = {
        f"{peer} / {ours}": statistics.median(times[peer] / times[ours] for times in rounds)
        for ours in ("trio", "stepped")
        for peer in ("simpy", "trimmed")
    }
    return medians | ratios


def growth() -> dict[str, float]:
    """Microseconds a message with few and with many tasks in flight; the same number of tasks, at once."""
    few, many = (
        microseconds(lambda limit=limit: run_on_office(GROWTH_TASKS, MEAN / 10, in_flight=limit, gap=0))  # type: ignore[misc]
        for limit in GROWTH
    )
    return {"few": few, "many": many, "ratio": many / few}


def bytes_a_pending_task(tasks: int = 100_000) -> float:
    """What the manager and a worker keep for a task that waits for its feedback, without its body."""
    manager = ManagerDesk("estimates", ["alex", "bo", "casey"], in_turn, addition, lambda: stream(0, "estimates"))
    workers = [WorkerDesk(name, Wordy(name)) for name in ("alex", "bo", "casey")]
    inboxes = [INBOX.of_member(place) for place in range(3)]
    tracemalloc.start()
    ids = range(tasks)
    before = tracemalloc.get_traced_memory()[0]
    for task in ids:
        ((channel, _, body),) = manager.read(INBOX, task, "table")
        member = inboxes.index(channel)
        workers[member].read(INBOX, task, body)
        manager.read(OUTBOX.of_member(member), task, "estimate")
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return held / tasks


LARGE = """
import resource
from office import Client, Team, Worker, in_turn, simulate
from tests.benchmarks.routing import Wordy, bolder
def team(name, members):
    return Team(members, name, allocate=in_turn)
def workers():
    return [Worker(Wordy("w"), f"w{place}") for place in range(100)]
chart = team("top", [team(f"a{i}", [team(f"b{j}", workers()) for j in range(10)]) for i in range(10)])
client = Client((("table", None) for _ in range(10_000)), bolder, in_flight=1_000, keep=False)
simulate(chart, client, mail="delay 1ms 0.9ms distribution exponential")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def megabytes_of_a_large_office() -> float:
    """The peak memory of a process with 10,000 workers under three levels of managers, each of whom has worked."""
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    as_json = parser.parse_args().json
    large = megabytes_of_a_large_office()  # first: the peak of a process starts at what its parent has
    numbers: dict[str, Any] = {
        "least delay 0.1 of the mean": against_simpy(MEAN / 10),
        "least delay 0": against_simpy(0.0),
        "growth": growth(),
        "bytes a pending task": bytes_a_pending_task(),
        "MB of 10,000 workers": large,
    }
    if as_json:
        print(json.dumps(numbers, indent=2))
        return
    print(f"microseconds a message, medians of {ROUNDS} alternating rounds of {TASKS:,} tasks")
    print(f"{'':30}{'SimPy':>8}{'trimmed':>9}{'office':>9}{'times':>14}{'stepped':>10}{'times':>14}")
    for name in ("least delay 0.1 of the mean", "least delay 0"):
        row = numbers[name]
        print(
            f"{name:30}{row['simpy']:8.2f}{row['trimmed']:9.2f}"
            f"{row['trio']:9.2f}{row['simpy / trio']:7.2f}{row['trimmed / trio']:7.2f}"
            f"{row['stepped']:10.2f}{row['simpy / stepped']:7.2f}{row['trimmed / stepped']:7.2f}"
        )
    few, many, ratio = numbers["growth"].values()
    print(
        f"with {GROWTH[0]:,} tasks in flight {few:.2f} µs a message, with {GROWTH[1]:,} {many:.2f}: {ratio:.2f} times"
    )
    print(f"a pending task takes {numbers['bytes a pending task']:.0f} bytes without its body")
    print(f"10,000 workers in a three-level office take {numbers['MB of 10,000 workers']:.0f} MB")


if __name__ == "__main__":
    main()
