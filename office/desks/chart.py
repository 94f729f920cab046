"""The organisation chart: workers, teams and chains, to any depth.

A chart is a description. Its shape is frozen; the weights in its estimators learn in place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from office.counts import is_count
from office.desks.allocation import Allocation, everyone
from office.desks.manager import ManagerDesk
from office.errors import BadChart
from office.work import AsyncEstimator, Combination, Estimator, addition

__all__ = ["AT_ONCE", "Chain", "Chart", "Pace", "Preference", "Team", "Worker", "workers"]

Preference: TypeAlias = Literal["first come", "feedback first", "tasks first"]
UNFIT = re.compile(r"[/.*?\[\]\s\0]")
"""In a name, since links and patterns are made with it."""
PREFERENCES = ("first come", "feedback first", "tasks first")


@dataclass(frozen=True)
class Pace:
    """How long a desk takes over things, and what it takes first."""

    answer_time: int | str = 0
    """To do a task: ``"10ms"``, ``"10ms 2ms distribution normal"``, or an int of ns."""
    reply_time: int | str = 0
    """To say what a feedback means for the inputs."""
    learn_time: int | str = 0
    """To learn from it, after that is sent."""
    prefers: Preference = "first come"
    max_pending: int | None = None
    """No new task is taken while so many wait for their feedback; feedback is always taken."""

    def __post_init__(self) -> None:
        if self.prefers not in PREFERENCES:
            raise BadChart(f"a desk prefers one of {', '.join(PREFERENCES)}, not {self.prefers!r}")
        limit = self.max_pending
        if limit is not None and not is_count(limit):
            raise BadChart(f"max_pending is a whole number from 1, or None, not {self.max_pending!r}")


AT_ONCE = Pace()
"""A desk that handles each letter as it arrives."""
USUAL = AT_ONCE.answer_time, AT_ONCE.reply_time, AT_ONCE.learn_time, AT_ONCE.prefers, AT_ONCE.max_pending


class Worker:
    """A desk with one estimator.

    ``answer_time``, ``reply_time`` and ``learn_time`` are how long it takes to do a task, to say what a feedback means
    for the inputs, and to learn from it after that is sent: ``"10ms"``, ``"10ms 2ms distribution normal"``, or an int
    of ns. A desk that takes time lets its mail wait, and takes from it what it ``prefers`` ("first come", "feedback
    first", "tasks first"). While ``max_pending`` tasks wait for their feedback it takes no new one.

    The estimator may be asynchronous (``async def``), and so may the callback that it returns. While one of them waits
    for something, virtual time stands still, if the engine allows it at all: see `escapes` there.

    In the field: a layer or a whole model, on a device of its own. Raises `BadChart`.
    """

    def __init__(
        self,
        estimator: Estimator | AsyncEstimator,
        name: str | None = None,
        *,
        answer_time: int | str = 0,
        reply_time: int | str = 0,
        learn_time: int | str = 0,
        prefers: Preference = "first come",
        max_pending: int | None = None,
    ) -> None:
        if not callable(estimator):
            raise BadChart(f"a worker needs an estimator, inputs -> (output, handle_feedback), not {estimator!r}")
        self.estimator: Estimator = estimator  # type: ignore[assignment]  # a desk looks at what it returns
        own_name: str = getattr(estimator, "__name__", type(estimator).__name__.lower())
        self.name = checked_name(own_name if name is None else name)
        pace = answer_time, reply_time, learn_time, prefers, max_pending
        self.pace = AT_ONCE if pace == USUAL else Pace(*pace)

    def __repr__(self) -> str:
        return f"Worker({self.name!r})"


class Team:
    """A manager and a team; used just like a worker.

    ``allocate`` says who gets a task (`everyone`, `in_turn`, `at_random`, `least_busy`, `by(function)`), ``combine``
    how several answers become one. ``max_pending`` bounds the tasks the team has in hand. Members are charts
    themselves, or bare estimators, which become workers under their own name. `manager` makes the desk: a class like
    `ManagerDesk`, for whoever wants to see what a wrong one does.

    In the field: the branches of a layer and how they join. Raises `BadChart`.
    """

    def __init__(
        self,
        members: Sequence[Member],
        name: str = "team",
        *,
        allocate: Allocation = everyone,
        combine: Combination = addition,
        max_pending: int | None = None,
        manager: type[ManagerDesk] = ManagerDesk,
    ) -> None:
        self.name = checked_name(name)
        self.members = checked_members(members, f"team {self.name}")
        self.allocate = allocate
        self.combine = combine
        self.manager = manager
        self.pace = Pace(max_pending=max_pending)

    def __repr__(self) -> str:
        return f"Team({list(self.members)}, {self.name!r})"


class Chain:
    """Departments in sequence, each one's outbox the next one's inbox. In the field: pipeline stages.

    A chain has no desk of its own; with a name, the names of its members stand under it. Raises `BadChart`.
    """

    def __init__(self, members: Sequence[Member], name: str | None = None) -> None:
        self.name = "" if name is None else checked_name(name)
        self.members = checked_members(members, f"chain {self.name}".rstrip())

    def __repr__(self) -> str:
        return f"Chain({list(self.members)})"


Chart: TypeAlias = Worker | Team | Chain
Member: TypeAlias = Chart | Estimator | AsyncEstimator


def workers(chart: Chart) -> Iterator[Worker]:
    """All the workers of a chart, from left to right."""
    if isinstance(chart, Worker):
        yield chart
    else:
        for member in chart.members:
            yield from workers(member)


def checked_name(name: str) -> str:
    """The name, if links and patterns can be made with it."""
    if not isinstance(name, str) or not name or UNFIT.search(name):
        raise BadChart(f"{name!r} cannot name a desk: a name is text without spaces and without / . * ? [ ]")
    return name


def checked_members(members: Sequence[Member], whose: str) -> tuple[Chart, ...]:
    """The members as charts: at least one, and no two of one name."""
    if not isinstance(members, Iterable):
        raise BadChart(f"{whose} needs a list of members, not {members!r}")
    charts = tuple(chart if isinstance(chart, (Worker, Team, Chain)) else Worker(chart) for chart in members)
    if not charts:
        raise BadChart(f"{whose} has no members")
    names = Counter(chart.name for chart in charts if chart.name)
    for name, count in names.items():
        if count > 1:
            raise BadChart(f"{whose} has two members named {name!r}")
    return charts
