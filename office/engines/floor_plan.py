"""From a chart to desks, and to the links between them by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from office.desks import FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, Chain, Chart, Desk, Pace, Team, Worker
from office.desks.chart import fold, inside, walk
from office.engines.instruments import worker_desk
from office.errors import BadChart
from office.ids import CLIENT
from office.journal import LinkEnds
from office.mail import stream
from office.work import Estimator

__all__ = ["Channels", "FloorPlan", "Post", "Way", "by_number", "desks_of", "names_of_members"]

DeskForWorker: TypeAlias = Callable[[str, Estimator], Desk]


class Channels(NamedTuple):
    """The four channels of a desk: as plans, or as the ends that the desk or its manager has in hand."""

    inbox: Any
    outbox: Any
    feedback_from_above: Any
    feedback_to_below: Any


def by_number(own: Channels, team: Sequence[Channels]) -> tuple[dict[int, Any], dict[int, Any]]:
    """The channels that a desk reads, and those that it sends on, by their numbers at that desk.

    Args:
        own: the desk's own four.
        team: those of each member.
    """
    reads: dict[int, Any] = {INBOX: own.inbox, FEEDBACK_FROM_ABOVE: own.feedback_from_above}
    sends: dict[int, Any] = {OUTBOX: own.outbox, FEEDBACK_TO_BELOW: own.feedback_to_below}
    for k, member in enumerate(team):
        reads |= {OUTBOX.of_member(k): member.outbox, FEEDBACK_TO_BELOW.of_member(k): member.feedback_to_below}
        sends |= {INBOX.of_member(k): member.inbox, FEEDBACK_FROM_ABOVE.of_member(k): member.feedback_from_above}
    return reads, sends


@dataclass
class Way:
    """A link to be: its name, the desks that it joins, and which channel it is to each of them."""

    name: str
    sender: str = ""
    receiver: str = ""
    sent_on: str = ""
    read_on: str = ""

    @property
    def ends(self) -> LinkEnds:
        """The same as the journal has it."""
        return LinkEnds(self.name, self.sender, self.receiver, self.sent_on, self.read_on)


@dataclass
class Post:
    """A desk in its place, with its own four channels and those of each member of its team."""

    desk: Desk
    pace: Pace
    own: Channels
    team: list[Channels] = field(default_factory=list)


class FloorPlan:
    """Every desk of a chart and every link between them. Raises `BadChart` where two desks have one name.

    A link is named after the desk whose channel it is; where it joins two departments of a chain, after the upper one.

    Args:
        chart: what is to be placed.
        seed: that of the run, for managers that allocate at random.
        for_worker: makes the desk of a worker, given the desk's name and the estimator.
    """

    def __init__(self, chart: Chart, seed: int, for_worker: DeskForWorker = worker_desk) -> None:
        self.seed = seed
        self.for_worker = for_worker
        self.posts: list[Post] = []
        self.ways: list[Way] = []
        self.front = self._surround(chart, "", CLIENT)
        self._place(chart, "", self.front)
        names = Counter([CLIENT, *(post.desk.name for post in self.posts)])
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise BadChart(f"two desks are named {twice[0]!r}")

    def _surround(self, chart: Chart, within: str, boss: str) -> Channels:
        """The four links between a chart and its boss; the desk at the other end is filled in when that is placed."""
        bottom, top = end_paths(chart, within)
        return Channels(
            self._add(Way(f"{bottom}.inbox", sender=boss, sent_on="inbox")),
            self._add(Way(f"{top}.outbox", receiver=boss, read_on="outbox")),
            self._add(Way(f"{top}.feedback_from_above", sender=boss, sent_on="feedback_from_above")),
            self._add(Way(f"{bottom}.feedback_to_below", receiver=boss, read_on="feedback_to_below")),
        )

    def _add(self, way: Way) -> Way:
        self.ways.append(way)
        return way

    def _place(self, chart: Chart, within: str, own: Channels) -> None:
        """Give a chart its desks and the links between them; `own` are the links that lead to it and from it."""
        if isinstance(chart, Chain):
            self._place_in_sequence(chart, within, own)
            return
        name = within + chart.name
        own.inbox.receiver = own.feedback_from_above.receiver = name
        own.inbox.read_on, own.feedback_from_above.read_on = "inbox", "feedback_from_above"
        own.outbox.sender = own.feedback_to_below.sender = name
        own.outbox.sent_on, own.feedback_to_below.sent_on = "outbox", "feedback_to_below"
        post = Post(desk_of(chart, name, self.seed, self.for_worker), chart.pace, own)
        self.posts.append(post)
        if isinstance(chart, Team):
            for member in chart.members:
                post.team.append(self._surround(member, inside(chart, within), name))
                self._place(member, inside(chart, within), post.team[-1])

    def _place_in_sequence(self, chain: Chain, within: str, own: Channels) -> None:
        """Between two departments runs one link up and one down, and each is a channel of both."""
        within = inside(chain, within)
        ups, downs = [own.inbox], [own.feedback_to_below]
        for upper in chain.members[1:]:
            bottom, _ = end_paths(upper, within)
            ups.append(self._add(Way(f"{bottom}.inbox")))
            downs.append(self._add(Way(f"{bottom}.feedback_to_below")))
        ups.append(own.outbox)
        downs.append(own.feedback_from_above)
        for place, member in enumerate(chain.members):
            self._place(member, within, Channels(ups[place], ups[place + 1], downs[place + 1], downs[place]))


def desk_of(chart: Worker | Team, name: str, seed: int, for_worker: DeskForWorker) -> Desk:
    """A new desk for a worker, or for the manager of a team.

    Args:
        chart: the worker or the team.
        name: of the desk.
        seed: for allocation at random.
        for_worker: makes the desk of a worker, by its name and estimator.
    """
    if isinstance(chart, Worker):
        return for_worker(name, chart.estimator)
    return chart.manager(
        name, names_of_members(chart), chart.allocate, chart.combine, partial(stream, seed, name, "allocate")
    )


def desks_of(chart: Chart, seed: int, for_worker: DeskForWorker = worker_desk) -> list[Desk]:
    """New desks for a whole chart, in the order of the posts of its plan.

    Args:
        chart: the chart.
        seed: for allocation at random.
        for_worker: makes the desk of a worker, by its name and estimator.
    """
    return [desk_of(part, path, seed, for_worker) for path, part in walk(chart) if not isinstance(part, Chain)]


def names_of_members(team: Team) -> list[str]:
    """What the members of a team are called there; a chain without a name goes by the desk at its bottom."""
    return [member.name or end_paths(member)[0] for member in team.members]


def end_paths(chart: Chart, within: str = "") -> tuple[str, str]:
    """The paths of the desk at the bottom of a chart, which takes its tasks, and of the one at its top."""
    return fold(
        chart,
        worker=lambda path, _worker: (path, path),
        team=lambda path, _team, _members: (path, path),
        chain=lambda _path, _chain, members: (members[0][0], members[-1][1]),
        within=within,
    )
