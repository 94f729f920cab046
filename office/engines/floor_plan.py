"""From a chart to desks, and to the links between them by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from office.desks import FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, Chain, Chart, Desk, Pace, Team, Worker
from office.engines.learning_desk import worker_desk
from office.errors import BadChart
from office.ids import CLIENT
from office.journal import LinkEnds
from office.mail import stream
from office.work import Estimator

__all__ = ["Channels", "FloorPlan", "Post", "Way", "by_number", "desk_path", "desks_of"]

DeskForWorker: TypeAlias = Callable[[str, Estimator], Desk]


class Channels(NamedTuple):
    """The four channels of a desk: as plans, or as the ends that the desk or its manager has in hand."""

    inbox: Any
    outbox: Any
    feedback_from_above: Any
    feedback_to_below: Any


def by_number(own: Channels, team: Sequence[Channels]) -> tuple[dict[int, Any], dict[int, Any]]:
    """The channels that a desk reads, and those that it sends on, by their numbers at that desk.

    `own` are the desk's own four, `team` those of each member.
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
    """

    def __init__(self, chart: Chart, seed: int) -> None:
        self.seed = seed
        self.posts: list[Post] = []
        self.ways: list[Way] = []
        self.front = self._surround(chart, "", CLIENT)
        self._place(chart, "", self.front)
        names = Counter([CLIENT, *(post.desk.name for post in self.posts)])
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise BadChart(f"two desks are named {twice[0]!r}")

    def _surround(self, chart: Chart, path: str, boss: str) -> Channels:
        """The four links between a chart and its boss; whoever is inside is filled in when the chart is placed."""
        bottom, top = desk_path(chart, path, 0), desk_path(chart, path, -1)
        return Channels(
            self._way(f"{bottom}.inbox", sender=boss, sent_on="inbox"),
            self._way(f"{top}.outbox", receiver=boss, read_on="outbox"),
            self._way(f"{top}.feedback_from_above", sender=boss, sent_on="feedback_from_above"),
            self._way(f"{bottom}.feedback_to_below", receiver=boss, read_on="feedback_to_below"),
        )

    def _way(self, name: str, **ends: str) -> Way:
        self.ways.append(Way(name, **ends))
        return self.ways[-1]

    def _place(self, chart: Chart, path: str, own: Channels) -> None:
        if isinstance(chart, Chain):
            self._place_in_sequence(chart, path, own)
            return
        name = path + chart.name
        own.inbox.receiver = own.feedback_from_above.receiver = name
        own.inbox.read_on, own.feedback_from_above.read_on = "inbox", "feedback_from_above"
        own.outbox.sender = own.feedback_to_below.sender = name
        own.outbox.sent_on, own.feedback_to_below.sent_on = "outbox", "feedback_to_below"
        post = Post(desk_of(chart, name, self.seed), chart.pace, own)
        self.posts.append(post)
        if isinstance(chart, Worker):
            return
        for member in chart.members:
            post.team.append(self._surround(member, f"{name}/", name))
            self._place(member, f"{name}/", post.team[-1])

    def _place_in_sequence(self, chain: Chain, path: str, own: Channels) -> None:
        """Between two departments runs one link up and one down, and each is a channel of both."""
        inside = f"{path}{chain.name}/" if chain.name else path
        ups, downs = [own.inbox], [own.feedback_to_below]
        for upper in chain.members[1:]:
            name = desk_path(upper, inside, 0)
            ups.append(self._way(f"{name}.inbox"))
            downs.append(self._way(f"{name}.feedback_to_below"))
        ups.append(own.outbox)
        downs.append(own.feedback_from_above)
        for place, member in enumerate(chain.members):
            self._place(member, inside, Channels(ups[place], ups[place + 1], downs[place + 1], downs[place]))


def desk_of(chart: Worker | Team, name: str, seed: int) -> Desk:
    """A new desk for a worker, or for the manager of a team."""
    if isinstance(chart, Worker):
        return worker_desk(name, chart.estimator)
    members = [member.name or desk_path(member, "", 0) for member in chart.members]
    return chart.manager(name, members, chart.allocate, chart.combine, partial(stream, seed, name, "allocate"))


def desks_of(chart: Chart, seed: int, path: str = "", for_worker: DeskForWorker = worker_desk) -> Iterator[Desk]:
    """New desks for a whole chart, in the order of the posts of its plan."""
    name = path + chart.name
    if isinstance(chart, Worker):
        yield for_worker(name, chart.estimator)
        return
    inside = f"{name}/" if chart.name else path
    if isinstance(chart, Team):
        yield desk_of(chart, name, seed)
    for member in chart.members:
        yield from desks_of(member, seed, inside, for_worker)


def desk_path(chart: Chart, path: str, end: int) -> str:
    """The path of the desk at the bottom (0) or at the top (-1) of a chart that stands under `path`."""
    while isinstance(chart, Chain):
        path = f"{path}{chart.name}/" if chart.name else path
        chart = chart.members[end]
    return path + chart.name
