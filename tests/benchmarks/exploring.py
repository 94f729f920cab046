"""How many delivery orders a second are run: `python -m tests.benchmarks.exploring [--json]`.

One worker, four tasks, words for bodies: 2,520 orders, each from the start. By a loop alone; with claims that are
looked at in every order; and as a naive replay has it, each order in an office of trio tasks. All take turns, on one
core.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from office import Client, Worker, explore, simulate
from office.orders import Orders, as_composed, everything_came

TASKS, ORDERS = 4, 2520
LATE = ("*.inbox", "*.feedback_from_above")
ROUNDS = 9
IN_TRIO = 250
"""So many of the orders are run in trio in each round."""


def estimate(task: str) -> tuple[str, Callable[[Any], Any]]:
    """Answer in words."""
    return task, hear


def hear(feedback: Any) -> Any:
    """Pass it on."""
    return feedback


def bolder(output: Any, target: Any) -> tuple[float, str]:
    """What the client says to everything."""
    return 0.0, "bolder"


def chart() -> Worker:
    """One worker."""
    return Worker(estimate, "alex")


CLIENT = Client([("table", None)] * TASKS, bolder)
TEXTS = [outcome.order for outcome in Orders(chart, CLIENT, late=LATE, reduce=False)]


def orders_alone() -> int:
    """Run all orders; nothing is claimed of them."""
    return sum(1 for _ in Orders(chart, CLIENT, late=LATE, reduce=False))


def explored() -> int:
    """Run all orders; everything is to come."""
    return explore(chart, CLIENT, late=LATE, reduce=False, claims=[everything_came]).runs


def explored_and_composed() -> int:
    """Run all orders; everything is to come, and to be as composed."""
    return explore(chart, CLIENT, late=LATE, reduce=False, claims=[everything_came, as_composed]).runs


def in_trio() -> int:
    """Run some of the orders, each in an office of trio tasks."""
    for order in TEXTS[:: ORDERS // IN_TRIO]:
        simulate(chart(), CLIENT, order=order, late=LATE)
    return len(TEXTS[:: ORDERS // IN_TRIO])


WAYS = {
    "orders alone": orders_alone,
    "explore, everything came": explored,
    "explore, everything came as composed": explored_and_composed,
    "naive replay in trio": in_trio,
}


def measure() -> dict[str, float]:
    """Orders a second: for each way the best of all rounds, and the median ratio to the last."""
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        rates = {}
        for name, way in WAYS.items():
            begin = time.perf_counter()
            count = way()
            rates[name] = count / (time.perf_counter() - begin)
        rounds.append(rates)
    naive = "naive replay in trio"
    best = {name: max(rates[name] for rates in rounds) for name in WAYS}
    ratios = {f"{name}, times": statistics.median(rates[name] / rates[naive] for rates in rounds) for name in WAYS}
    return best | ratios


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    as_json = parser.parse_args().json
    numbers = measure()
    if as_json:
        print(json.dumps(numbers, indent=2))
        return
    print(f"orders a second, best of {ROUNDS} alternating rounds: {TASKS} tasks, one worker, {ORDERS:,} orders")
    for name in WAYS:
        print(f"{name:40}{numbers[name]:8,.0f}{numbers[f'{name}, times']:7.1f} times")


if __name__ == "__main__":
    main()
