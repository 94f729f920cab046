"""Every delivery order: what holds in all of them, and the smallest one in which it does not.

Covers: explore, everything_came, as_composed, checks_hold, losses, the policy live; wrong managers for practice.
Scenario: Alex and Bo both guess what a table comes to, and the higher guess counts; they learn from two tables. Every
message may arrive before or after any other. Then with managers who do one thing wrong, and with a careless worker.
Takes: about 15 s on two cores.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from office import Client, LinearTotal, Team, Worker, explore, in_turn, maximum, simulate, squared_error
from office.desks import ManagerDesk
from office.orders import Exploration, as_composed, checks_hold, everything_came
from office.testing import practice
from office.work import Policy

TABLES = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.5, 0.5]])  # a row a project
TOTALS = 6.0, 1.0
MAIL = "delay 20ms 20ms"  # of every link, for one run by the clock
WRONG = practice.RoutesByArrival, practice.ForgetsToPop, practice.SwapsFeedback, practice.DropsDismissals
CLIENT = Client(list(zip(TABLES, TOTALS, strict=True)), squared_error)


def guessers(manager: type[ManagerDesk] = ManagerDesk, policy: Policy = "stash") -> Team:
    """Two who learn, and whose higher guess counts."""
    weights = {"alex": [1.0, 0.5], "bo": [0.4, 1.5]}
    members = [Worker(LinearTotal(each, 0.1, rule=0.1, policy=policy), name) for name, each in weights.items()]
    return Team(members, "guess", combine=maximum, manager=manager)


def words(name: str) -> Worker:
    """A worker whose work is words."""
    return Worker(lambda task: (f"{name}'s {task}", lambda feedback: f"{name} on {feedback}"), name)


def count(make_chart: Callable[[], Any], tasks: int) -> Exploration:
    """All orders in which workers can hear of so many tasks and of their feedback, where all other mail is instant."""
    client = Client([("plan", None)] * tasks, lambda output, _target: (0.0, f"re {output}"))
    workers = [
        f"{'team/' if isinstance(make_chart(), Team) else ''}*.{link}" for link in ("inbox", "feedback_from_above")
    ]
    return explore(make_chart, client, late=workers)


def tell(who: str, exploration: Exploration) -> str:
    """A line of the table."""
    orders = f"{exploration.orders:,}" if exploration.complete and exploration.orders else ""
    runs = f"{who:20}{orders:>16}{exploration.runs:8,}"
    smallest = exploration.counterexample
    if smallest is None:
        return f"{runs}   {', '.join(exploration.claims)}"
    size = f"{len(smallest.tasks)} task{'s'[: len(smallest.tasks) - 1]}, {smallest.overtakings} overtaken"
    return f"{runs}   fails: {size}, order {smallest.order}"


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Explore the office and its wrong variants; print how many orders there are, and the smallest that fails."""
    run = simulate(guessers(), CLIENT, mail=MAIL if mail is None else mail, seed=seed)
    everything_came(run)
    if journal is not None:
        run.journal.save(journal)
    alone = [count(lambda: words("alex"), tasks) for tasks in range(1, 5)]
    print(
        f"orders of 1 to 4 tasks at one worker: {', '.join(f'{each.orders:,}' for each in alone)},"
        " and all have to be run"
    )
    two = count(lambda: Team([words("alex"), words("bo")], "team", allocate=in_turn), 4)
    print(f"of 4 tasks at two workers in turn: {two.orders:,}, of which {two.runs} have to be run\n")
    print(f"{'manager':20}{'orders':>16}{'run':>8}   what holds in every one of them")
    right = explore(guessers, CLIENT, claims=[everything_came, as_composed, checks_hold], seed=seed)
    print(tell("right", right))
    losses = explore(guessers, CLIENT, claims=[as_composed], losses=1, seed=seed, count=False)
    print(tell("right, one loss", losses))
    makers: dict[str, Callable[[], Team]] = {manager.__name__: partial(guessers, manager) for manager in WRONG}
    explorations = {name: explore(make, CLIENT, seed=seed) for name, make in makers.items()}
    explorations["right, live weights"] = explore(partial(guessers, policy="live"), CLIENT, seed=seed)
    for name, exploration in explorations.items():
        print(tell(name, exploration))
    convicted = [
        exploration.counterexample for exploration in explorations.values() if exploration.counterexample is not None
    ]
    tasks = max((len(example.tasks) for example in convicted), default=0)
    if convicted:
        print(f"\n{WRONG[0].__name__}: {convicted[0].failure.reason.partition(' is ')[0]} is wrong\n")
        print(f"{convicted[0].diagram()}\n")
    holds = right.holds and losses.holds and len(convicted) == len(explorations) and tasks <= 3
    print(f"{'' if holds else 'not so: '}The right office is right in all {right.orders:,} orders;")
    print(
        f"{right.runs:,} had to be run. Each of {len(explorations)} wrong ones is convicted, by {tasks} tasks at most."
    )
    return {"orders": right.orders, "run": right.runs, "convicted": len(convicted), "tasks": tasks, "holds": holds}


if __name__ == "__main__":
    main()
