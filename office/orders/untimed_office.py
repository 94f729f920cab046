"""An office without trio and without time: what stays the same from one delivery order to the next.

Desks return the letters that they want sent, and keep nothing but their own books. So an order takes new desks and a
loop, and the loop takes from here which link a letter goes on and who reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np

from office.desks import (
    AT_ONCE,
    FEEDBACK_FROM_ABOVE,
    FEEDBACK_TO_BELOW,
    INBOX,
    OUTBOX,
    OUTSIDE,
    Chart,
    WorkerDesk,
    as_chart,
    workers,
)
from office.engines.client import Client
from office.engines.delivery_order import EVERY, Late, late_links
from office.engines.floor_plan import FloorPlan, by_number, desks_of
from office.engines.instruments import WatchedDesk, worker_desk
from office.engines.replies import each_alone
from office.engines.submissions import Submissions, submissions
from office.errors import BadChart
from office.ids import CLIENT, TaskID
from office.mail import stream
from office.orders.untimed_client import UntimedClient, check_untimed, untimed_tasks
from office.work import parameters_of

__all__ = ["Message", "UntimedOffice"]

Message: TypeAlias = tuple[int, int, int, int, TaskID, Any, Any]
"""As an `Entry` of the journal; but instead of its cause, the message that its sender read last, or None."""

NOWHERE = None
"""The place of a link for the channel `OUTSIDE`, where there is nothing to await."""


class UntimedOffice:
    """One office that can be run again and again, each time with new desks, new workers and a new client.

    Raises `BadChart` or `BadClient` for a desk or a client that goes by the clock, and `BadOrder` for links that there
    are not.

    Args:
        make_chart: makes the chart anew for every run.
        client: the client.
        seed: what is drawn at random is drawn from it.
        late: the links, by name or pattern, whose messages arrive in any order.
    """

    def __init__(
        self, make_chart: Callable[[], Chart | Any], client: Client, *, seed: int = 0, late: Late = EVERY
    ) -> None:
        self.make_chart = make_chart
        self.client = client
        self.seed = seed
        self.plan = FloorPlan(self.new_chart(), seed)
        for post in self.plan.posts:
            if post.pace != AT_ONCE:
                raise BadChart(
                    f"where there is no time no desk takes any: {post.desk.name} is to, or to prefer something"
                )
        self._check_anew()
        self.tasks = untimed_tasks(submissions(client, seed))
        check_untimed(client, client.replies(stream(seed, CLIENT, "replies")))
        late_ones = late_links(late, [way.name for way in self.plan.ways])
        self.is_late = [link in late_ones for link in range(len(self.plan.ways))]
        self.desks = [CLIENT, *(post.desk.name for post in self.plan.posts)]
        self.receivers = [self.desks.index(way.receiver) for way in self.plan.ways]
        """For each link the place of the desk that reads it."""
        self.member_inboxes: dict[int, tuple[str, int]] = {}
        """The links on which tasks are given to members: by which manager, and to which member."""
        self.composed: dict[Any, Any] = {}
        """What composition says of each task, by the task and its members, where no desk learns."""
        self.people = client.replies(WhenAsked(seed)) if each_alone(client.replies) else None  # type: ignore[arg-type]
        """The people above, where they remember nothing, and so can be the same in every run."""
        self.learns = any(isinstance(post.desk, WatchedDesk) for post in self.plan.posts)
        # Where no desk learns, none looks for weights: that would take longer than the rest of a run.
        self.for_worker = worker_desk if self.learns else WorkerDesk
        self._lay_ways()

    def new_chart(self) -> Chart:
        """A chart of its own for one run."""
        return as_chart(self.make_chart())

    def _check_anew(self) -> None:
        """Raise `BadChart` where one order would begin with what another has taught."""
        first, second = self.new_chart(), self.new_chart()
        if first is second:
            raise BadChart("a chart is made anew for every order: make_chart returns the same one again")
        taken = {id(learner) for worker in workers(first) for learner in parameters_of(worker.estimator)}
        for worker in workers(second):
            if not taken.isdisjoint(map(id, parameters_of(worker.estimator))):
                raise BadChart(
                    f"a chart is made anew for every order: make_chart gives {worker.name} the same weights again"
                )

    def _lay_ways(self) -> None:
        """Which channel of its receiver each link is, and on which link each desk sends what."""
        rank = {id(way): place for place, way in enumerate(self.plan.ways)}
        front = self.plan.front
        self.results = rank[id(front.outbox)]
        """The link on which the client gets results."""
        ports: dict[int, int] = {self.results: OUTBOX, rank[id(front.feedback_to_below)]: FEEDBACK_TO_BELOW}
        self.sends: list[dict[int, Any]] = [
            {INBOX: rank[id(front.inbox)], FEEDBACK_FROM_ABOVE: rank[id(front.feedback_from_above)]}
        ]
        for post in self.plan.posts:
            reads, sends = by_number(post.own, post.team)
            ports |= {rank[id(way)]: channel for channel, way in reads.items()}
            self.sends.append({channel: rank[id(way)] for channel, way in sends.items()} | {OUTSIDE: NOWHERE})
            for place, member in enumerate(post.team):
                self.member_inboxes[rank[id(member.inbox)]] = post.desk.name, place
        self.ports = [ports[link] for link in range(len(rank))]

    def new_client(self) -> UntimedClient:
        """A client for one run, which has submitted nothing yet."""
        people = self.people or self.client.replies(WhenAsked(self.seed))  # type: ignore[arg-type]
        return UntimedClient(self.client, people, Submissions(iter(self.tasks), repeat(0), self.tasks.__len__))

    def new_desks(self, chart: Chart) -> list[Any]:
        """The desks of a chart, in the order of `desks`, without the client's."""
        return desks_of(chart, self.seed, for_worker=self.for_worker)


class WhenAsked:
    """The random numbers of the people above, made when they first draw one: to make them takes longer than a run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random: np.random.Generator | None = None

    def __getattr__(self, name: str) -> Any:
        if self._random is None:
            self._random = stream(self._seed, CLIENT, "replies")
        return getattr(self._random, name)
