"""The organisation chart: workers, teams and chains, to any depth.

A chart is a description. Its shape is frozen; the weights in its estimators learn in place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from operator import is_
from typing import Any, Literal, TypeAlias, TypeVar

from office.counts import is_count, plain
from office.described import described
from office.desks.allocation import Allocation, everyone
from office.desks.manager import ManagerDesk
from office.errors import BadChart
from office.pickling import Picklable
from office.times import nanoseconds
from office.work import AsyncEstimator, Combination, Estimator, addition

__all__ = [
    "AT_ONCE",
    "Chain",
    "Chart",
    "Pace",
    "Preference",
    "Team",
    "Worker",
    "as_chart",
    "checked_name",
    "fold",
    "inside",
    "walk",
    "workers",
]

Preference: TypeAlias = Literal["first come", "feedback first", "tasks first"]
UNFIT = re.compile(r"[/.*?\[\]\s\0]")
"""In a name, since links and patterns are made with it."""
LONGEST_NAME = 200
"""Letters in the name of a desk, at most."""
DEEPEST = 100
"""So many charts deep a chart may be, each within another."""
SURROGATE = re.compile("[\ud800-\udfff]")
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
    """Which of the letters that wait is next."""
    max_pending: int | None = None
    """No new task is taken while so many wait for their feedback; feedback is always taken."""

    def __post_init__(self) -> None:
        if self.prefers not in PREFERENCES:
            raise BadChart(f"a desk prefers one of {', '.join(PREFERENCES)}, not {self.prefers!r}")
        for name in "answer_time", "reply_time", "learn_time":
            time = plain(getattr(self, name))
            object.__setattr__(self, name, time if type(time) is str else nanoseconds(time))
        limit = self.max_pending
        if limit is not None and not is_count(limit):
            raise BadChart(f"max_pending is a whole number from 1, or None, not {self.max_pending!r}")
        object.__setattr__(self, "max_pending", plain(limit))


AT_ONCE = Pace()
"""A desk that handles each letter as it arrives."""
USUAL = astuple(AT_ONCE)
"""What most workers ask for. They share one `Pace`, since some charts are drawn a thousand times a second."""


class Worker(Picklable):
    """A desk with one estimator. In the field: a layer or a whole model, on a device of its own.

    A desk that takes time lets its mail wait meanwhile. Raises `BadChart`.

    Args:
        estimator: a callable ``inputs -> (output, handle_feedback)``. It may be asynchronous (``async def``), and so
            may the callback that it returns. While one of them waits for something, virtual time stands still, if the
            engine allows it at all: see `escapes` there.
        name: of the desk, by default the estimator's own or that of its type.
        answer_time: how long the desk takes to do a task: ``"10ms"``, ``"10ms 2ms distribution normal"``, or an int
            of ns.
        reply_time: how long it takes to say what a feedback means for the inputs.
        learn_time: how long it takes to learn from a feedback, after that is sent.
        prefers: which of the letters that wait is next: "first come", "feedback first" or "tasks first".
        max_pending: while so many tasks wait for their feedback, the desk takes no new one; None for no limit.
    """

    depth = 0
    """There is no chart within it."""

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
        if not callable(estimator) or isinstance(estimator, type):
            raise no_estimator(estimator, name)
        self.estimator: Estimator = estimator  # type: ignore[assignment]  # a desk looks at what it returns
        self.name = checked_name(_own_name(estimator) if name is None else name)
        pace = answer_time, reply_time, learn_time, prefers, max_pending
        self.pace = AT_ONCE if all(map(is_, pace, USUAL)) else Pace(*pace)

    def __repr__(self) -> str:
        return f"Worker({self.name!r})"


class Team(Picklable):
    """A manager and a team, used just like a worker. In the field: the branches of a layer and how they join.

    Raises `BadChart`.

    Args:
        members: charts themselves, or bare estimators, which become workers under their own names.
        name: of the manager's desk; the names of the members' desks stand under it.
        allocate: who gets a task: `everyone`, `in_turn`, `at_random`, `least_busy` or `by(function)`.
        combine: how several answers become one.
        max_pending: while the team has so many tasks in hand, the manager takes no new one; None for no limit.
        manager: makes the desk: `ManagerDesk`, or a class like it, to see what a wrong one does.
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
        self.depth: int = 1 + max(chart.depth for chart in self.members)
        self.allocate = checked_function(allocate, "allocate", "in_turn, least_busy or by(function)")
        self.combine = checked_function(combine, "combine", "addition, average or maximum")
        self.manager = manager
        self.pace = AT_ONCE if max_pending is None else Pace(max_pending=max_pending)

    def __repr__(self) -> str:
        return f"Team({list(self.members)}, {self.name!r})"


class Chain(Picklable):
    """Departments in sequence, each one's outbox the next one's inbox. In the field: pipeline stages.

    A chain has no desk of its own. Raises `BadChart`.

    Args:
        members: charts themselves, or bare estimators, which become workers under their own names.
        name: if there is one, the names of the members' desks stand under it.
    """

    def __init__(self, members: Sequence[Member], name: str | None = None) -> None:
        self.name = "" if name is None else checked_name(name)
        self.members = checked_members(members, f"chain {self.name}".rstrip())
        self.depth: int = 1 + max(chart.depth for chart in self.members)

    def __repr__(self) -> str:
        return f"Chain({list(self.members)})"


Chart: TypeAlias = Worker | Team | Chain
Member: TypeAlias = Chart | Estimator | AsyncEstimator
T = TypeVar("T")


def inside(chart: Team | Chain, within: str = "") -> str:
    """What the paths of a chart's members begin with, if its own begins with `within`."""
    return f"{within}{chart.name}/" if chart.name else within


def walk(chart: Chart, within: str = "") -> Iterator[tuple[str, Chart]]:
    """Every part of a chart with its path, each before its members, from left to right.

    Paths begin with `within`. That of a worker or team is the name of its desk.
    """
    yield within + chart.name, chart
    if not isinstance(chart, Worker):
        within = inside(chart, within)
        for member in chart.members:
            yield from walk(member, within)


def fold(
    chart: Chart,
    worker: Callable[[str, Worker], T],
    team: Callable[[str, Team, list[T]], T],
    chain: Callable[[str, Chain, list[T]], T],
    within: str = "",
) -> T:
    """Make one thing of a whole chart, from the workers up.

    Args:
        chart: the chart.
        worker: what becomes of a worker with this path.
        team: what becomes of a team with this path, and of what its members have become.
        chain: the same of a chain.
        within: what all the paths begin with.
    """
    path = within + chart.name
    if isinstance(chart, Worker):
        return worker(path, chart)
    within = inside(chart, within)
    members = [fold(member, worker, team, chain, within) for member in chart.members]
    return team(path, chart, members) if isinstance(chart, Team) else chain(path, chart, members)


def as_chart(chart: Chart | Any) -> Chart:
    """The chart itself, or a worker with this estimator. Raises `BadChart` for anything else."""
    if isinstance(chart, (Worker, Team, Chain)):
        return chart
    if callable(chart):
        return Worker(chart)
    many = "Team([…]) if all get a task, Chain([…]) if one passes it to the next" if isinstance(chart, Iterable) else ""
    raise BadChart(
        f"a chart is a Worker, a Team or a Chain, not {described(chart)}" + (f":\nwrite {many}" if many else "")
    )


def no_estimator(estimator: Any, name: Any) -> BadChart:
    """The error for what cannot be a worker's estimator.

    Args:
        estimator: what was given for one.
        name: what was given for a name.
    """
    advice = ""
    if isinstance(estimator, type):
        advice = f"make one, {estimator.__name__}(…)"
    elif isinstance(estimator, (Worker, Team, Chain)):
        advice = "that is a chart already: use it as it is"
    elif isinstance(estimator, str) and callable(name):
        advice = f"the estimator comes first: Worker(…, {estimator!r})"
    what = f"a worker needs an estimator, inputs -> (output, handle_feedback), not {described(estimator)}"
    return BadChart(f"{what}:\n{advice}" if advice else what)


def checked_function(function: T, what: str, such_as: str) -> T:
    """The function, if it is one, as `BadChart` says of any other value.

    Args:
        function: what was given.
        what: the argument's name.
        such_as: what might be written.
    """
    if callable(function) and not isinstance(function, type):
        return function
    raise BadChart(f"{what} is a function such as {such_as}, not {described(function)}")


def workers(chart: Chart) -> Iterator[Worker]:
    """All the workers of a chart, from left to right."""
    return (part for _, part in walk(chart) if isinstance(part, Worker))


def _own_name(estimator: Callable[..., Any]) -> str:
    """The name of a function, or of what a partial calls; of an object, that of its type."""
    if isinstance(estimator, partial):
        return _own_name(estimator.func).lstrip("_")
    name: str = getattr(estimator, "__name__", type(estimator).__name__.lower())
    return name


def checked_name(name: str) -> str:
    """The name, if links and patterns can be made with it."""
    if isinstance(name, str) and len(name) > LONGEST_NAME:
        raise BadChart(f"'{name[:20]}…' has {len(name):,} letters, and the name of a desk has {LONGEST_NAME} at most")
    if not isinstance(name, str) or not name or UNFIT.search(name):
        what = described(name)
        raise BadChart(f"{what} cannot name a desk: a name is text without spaces and without / . * ? [ ]")
    if SURROGATE.search(name):
        raise BadChart(f"{name!r} cannot name a desk: it has half a character in it, a lone surrogate")
    return name


def checked_members(members: Sequence[Member], group: str) -> tuple[Chart, ...]:
    """The members as charts: at least one, and no two of one name."""
    if not isinstance(members, Iterable):
        raise BadChart(f"{group} needs a list of members, not {described(members)}:\nwrite [first, second]")
    charts = tuple(chart if isinstance(chart, (Worker, Team, Chain)) else Worker(chart) for chart in members)
    if not charts:
        raise BadChart(f"{group} has no members")
    names = Counter(chart.name for chart in charts if chart.name)
    for name, count in names.items():
        if count > 1:
            raise BadChart(f"{group} has two members named {name!r}")
    if 1 + max(chart.depth for chart in charts) > DEEPEST:
        raise BadChart(f"{group} is the top of more than {DEEPEST} charts, each within another: nest them less deep")
    return charts
