"""Strategies for Hypothesis: charts, clients, mail conditions, delivery orders. Needs the extra `pytest`.

``@given(charts(), clients(), mail_conditions("delay"))``: whatever the chart and the mail, what you claim holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from office.engines import Client
from office.extras import need
from office.orders.follower import Follower
from office.testing.recipes import (
    ALLOCATIONS,
    COMBINATIONS,
    ChartData,
    MakeChart,
    client_options,
    nudge,
    reply,
    tables,
)
from office.times import nanoseconds, write_time

need("hypothesis", "office.testing.strategies", "pytest")
from hypothesis import strategies as st  # noqa: E402  now it is there

__all__ = [
    "IMPAIRMENTS",
    "NUMBERS",
    "chart_data",
    "charts",
    "client_data",
    "clients",
    "delivery_orders",
    "mail_conditions",
    "paces",
]

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
Words: TypeAlias = st.SearchStrategy[tuple[str, ...]]

NUMBERS = ("table", "row", "total")
"""What the numbers in an answer can be: a table, a number for each row, or one number."""
FOR_WORDS = ("in turn", "at random", "least busy")
"""Allocations to one member: feedback of several members in words cannot be added up."""

TIMES = st.sampled_from([0, "5ms", "1ms", 1, "2ms 1ms", "3ms 3ms distribution exponential"])


def paces() -> st.SearchStrategy[dict[str, Any]]:
    """Options of a `Worker`: how long it takes over things, what it prefers, how many tasks it bears."""
    return st.fixed_dictionaries(
        {},
        optional={
            "answer_time": TIMES,
            "reply_time": TIMES,
            "learn_time": TIMES,
            "prefers": st.sampled_from(["first come", "feedback first", "tasks first"]),
            "max_pending": st.sampled_from([None, 3, 5]),
        },
    )


def charts(
    answers: str | Sequence[str] = "words",
    *,
    depth: int = 3,
    members: int = 3,
    paces: st.SearchStrategy[dict[str, Any]] | None = None,
) -> st.SearchStrategy[MakeChart]:
    """Functions that make a chart afresh: workers, teams and chains, so many deep, with so many `members` at most.

    Args:
        answers: what workers return: "words", or a kind of numbers, or several kinds to draw from ("table", "row" and
            "total"; all three: `NUMBERS`). Numbers come from layers that fit and learn.
        depth: how many levels of teams and chains there are at most.
        members: how many members each of them has at most.
        paces: with `paces` desks take time.
    """
    return chart_data(answers, depth=depth, members=members, paces=paces).map(MakeChart)


@st.composite
def chart_data(
    draw: Draw,
    answers: str | Sequence[str] = NUMBERS,
    *,
    depth: int = 3,
    members: int = 3,
    paces: st.SearchStrategy[dict[str, Any]] | None = None,
) -> ChartData:
    """Charts as plain data, see `office.testing.recipes`.

    Args:
        draw: Hypothesis gives it.
        answers: as in `charts`.
        depth: likewise.
        members: likewise.
        paces: likewise.
    """
    kind = answers if isinstance(answers, str) else draw(st.sampled_from(answers))
    return _chart(draw, kind, depth, members, paces)


def _chart(
    draw: Draw, kind: str, depth: int, members: int, paces: st.SearchStrategy[dict[str, Any]] | None
) -> ChartData:
    shape = draw(st.sampled_from(["worker", "team", "team", "chain"] if depth else ["worker"]))
    if shape == "worker":
        return "worker", kind, draw(st.integers(0, 99)), {} if paces is None else draw(paces)
    places = range(draw(st.integers(1, members)))
    if shape == "chain":
        # Only the top department may answer in another kind than tables.
        below = "words" if kind == "words" else "table"
        tops = [kind if place == places[-1] else below for place in places]
        return "chain", draw(st.booleans()), [_chart(draw, top, depth - 1, members, paces) for top in tops]
    allocate = draw(st.sampled_from(FOR_WORDS if kind == "words" else list(ALLOCATIONS)))
    combine = "addition" if kind == "words" else draw(st.sampled_from(list(COMBINATIONS)))
    limit = None if paces is None else draw(st.sampled_from([None, None, 3]))
    return "team", allocate, combine, [_chart(draw, kind, depth - 1, members, paces) for _ in places], limit


@st.composite
def clients(
    draw: Draw,
    answers: str | Sequence[str] = "words",
    *,
    tasks: Iterable[tuple[Any, Any]] | None = None,
    feedback: Callable[[Any, Any], tuple[float, Any]] | None = None,
    max_tasks: int = 8,
    clock: bool = True,
) -> Client:
    """Clients for the charts that `charts` makes for the same `answers`; or with tasks and feedback of your own.

    A client may be used for any number of runs.

    Args:
        draw: Hypothesis gives it.
        answers: as in `charts`.
        tasks: pairs of inputs and target; if not given, they are drawn.
        feedback: the client's; if not given, one that fits the answers.
        max_tasks: how many tasks are drawn at most.
        clock: whether the client may go by the clock. `explore` needs clients that do not.
    """
    data = draw(client_data(max_tasks, clock=clock))
    count = data.pop("tasks")
    is_words = answers == "words"
    if tasks is None:
        tasks = [(f"task {number}", None) for number in range(count)] if is_words else tables(count)
    given = list(tasks)
    if data["arrivals"][0] == "at" and len(data["arrivals"]) <= len(given) * data["epochs"]:
        data["arrivals"] = ["all at once"]
    return Client(given, feedback or (reply if is_words else nudge), **client_options(data))


@st.composite
def client_data(draw: Draw, max_tasks: int = 16, *, clock: bool = True) -> dict[str, Any]:
    """The options of clients as plain data, and the number of their tasks.

    Args:
        draw: Hypothesis gives it.
        max_tasks: how many tasks there are at most.
        clock: whether the client may go by the clock.
    """
    in_flight = draw(st.sampled_from([None, 1, 2, 5]))
    size = st.integers(1, in_flight or 4)
    alone: list[list[Any]] = [["at once"], ["after", "5ms"], ["after", "5ms 5ms distribution exponential"]]
    together = st.tuples(st.sampled_from(["newest first", "random pick"]), size).map(list)
    arrivals: st.SearchStrategy[list[Any]] = st.just(["all at once"])
    if clock:
        times = st.lists(st.integers(0, 40), min_size=2 * max_tasks, max_size=2 * max_tasks)
        steady: list[list[Any]] = [["every", "5ms"], ["every", 1], ["every", "1ms"], ["poisson", 400]]
        arrivals |= st.sampled_from(steady)
        arrivals |= times.map(lambda at: ["at", *sorted(at)])
    return {
        "tasks": draw(st.integers(0, max_tasks)),
        "in_flight": in_flight,
        "epochs": draw(st.sampled_from([1, 1, 2])),
        "shuffle": draw(st.booleans()),
        "arrivals": draw(arrivals),
        "replies": draw(st.sampled_from(alone if clock else alone[:1]) | together),
    }


IMPAIRMENTS = ("delay", "loss", "duplicate", "corrupt", "reorder", "rate", "slot", "limit")
"""What mail conditions can be of. Loss, corruption and limits let messages go astray."""


def mail_conditions(*impairments: str, longest: int | str = "50ms", percent: int = 30) -> st.SearchStrategy[str]:
    """Mail conditions in tc-netem's words. Raises `ValueError` for an impairment that there is not.

    Args:
        impairments: the names out of `IMPAIRMENTS` that may be drawn; none: all of them.
        longest: no mean delay and no jitter is longer.
        percent: no probability is higher.
    """
    for name in impairments:
        if name not in IMPAIRMENTS:
            raise ValueError(f"{name!r} is no impairment of the mail ({', '.join(IMPAIRMENTS)})")
    details = _details(max(nanoseconds(longest) // 50, 1), percent)
    return _conditions([(name, details[name]) for name in impairments or IMPAIRMENTS])


def _details(step: int, percent: int) -> dict[str, Words]:
    """What stands behind the name of each impairment. No time is longer than 50 steps (ns)."""
    chance = st.integers(0, percent).map(lambda number: f"{number}%")
    correlation = st.just("") | st.integers(0, 100).map(lambda number: f"{number}%")
    some = st.tuples(chance, correlation)
    time = st.integers(1, 50).map(lambda number: write_time(number * step))
    count = st.integers(1, 20).map(str)
    shape = st.sampled_from(["uniform", "normal", "pareto", "paretonormal", "exponential"])
    states = st.tuples(st.just("state"), *[chance] * 5)
    bursts = st.tuples(st.just("gemodel"), *[chance] * 4)
    packets, size, gap = (st.just("") | count.map(f"{what} {{}}".format) for what in ("packets", "bytes", "gap"))
    return {
        "delay": st.tuples(time) | st.tuples(time, time, correlation, shape.map("distribution {}".format)),
        "loss": some | states | bursts,
        "duplicate": some,
        "corrupt": some,
        "reorder": st.tuples(chance, correlation, gap),
        "rate": st.tuples(st.sampled_from(["100kbit", "1mbit", "1mbit 20", "10mbit -4", "10mbit 20 48 5"])),
        "slot": st.tuples(time, packets, size),
        "limit": st.tuples(count),
    }


@st.composite
def _conditions(draw: Draw, impairments: Sequence[tuple[str, Words]]) -> str:
    chosen = {name: draw(details) for name, details in impairments if draw(st.booleans())}
    if "delay" not in chosen:
        chosen.pop("reorder", None)  # nothing overtakes what takes no time
    return " ".join(word for name, details in chosen.items() for word in (name, *details) if word)


def delivery_orders(*, steps: int = 30, places: int = 3) -> st.SearchStrategy[Follower]:
    """Delivery orders for one run each: ``simulate(…, order=order)``, ``open_office(…, order=order)``.

    At each of so many `steps` at most, a message passes over `places` at most, or as many as there are. After the run
    ``str(order)`` is the order that was taken, with which it can be run again.
    """
    choices = st.lists(st.tuples(st.integers(0, places), st.just("")), max_size=steps)
    return choices.map(Follower)
