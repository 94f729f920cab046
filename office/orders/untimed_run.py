"""An office without trio and without time: its desks read letters in whatever order somebody chooses.

Desks return the letters that they want sent, and keep nothing but their own books; so a loop is all it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from heapq import heappop, heappush
from typing import Any

import numpy as np

from office.desks import (
    AT_ONCE,
    FEEDBACK_FROM_ABOVE,
    FEEDBACK_TO_BELOW,
    INBOX,
    OUTBOX,
    OUTSIDE,
    Chart,
    Letter,
    Worker,
    WorkerDesk,
    workers,
)
from office.engines.client import Client
from office.engines.client_desk import submissions
from office.engines.delivery_order import EVERY, REPEAT, Choice, Choices, Late, late_links
from office.engines.floor_plan import FloorPlan, by_number, desks_of
from office.engines.learning_desk import LearningDesk, worker_desk
from office.engines.replies import each_alone
from office.errors import BadChart
from office.ids import CLIENT
from office.journal import ONE_COPY, ONE_MORE, Entry
from office.mail import LOSE, stream
from office.orders.outcome import Outcome
from office.orders.untimed_client import UntimedClient, check_untimed
from office.work import parameters_of

__all__ = ["UntimedOffice", "replay"]

NOWHERE = None
"""The place of a link for the channel `OUTSIDE`, where there is nobody to await anything."""


class UntimedOffice:
    """One office that can be run again and again, each time with new desks, new workers and a new client.

    Raises `BadChart` or `BadClient` for who goes by the clock, and `BadOrder` for links that there are not.
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
        self.tasks = list(submissions(client, seed))
        check_untimed(client, [due for due, _ in self.tasks], client.replies(stream(seed, CLIENT, "replies")))
        late_ones = late_links(late, [way.name for way in self.plan.ways])
        self.is_late = [link in late_ones for link in range(len(self.plan.ways))]
        self.desks = [CLIENT, *(post.desk.name for post in self.plan.posts)]
        self.receivers = [self.desks.index(way.receiver) for way in self.plan.ways]
        """For each link the place of the desk that reads it."""
        self.member_inboxes: dict[int, tuple[str, int]] = {}
        """The links on which tasks are given to members: by which manager, and to which member."""
        self.composed: dict[Any, Any] = {}
        """What composition says of each task, for who asks again and again."""
        self.people = client.replies(WhenAsked(seed)) if each_alone(client.replies) else None  # type: ignore[arg-type]
        """The people above, where they remember nothing, and so may be the same every time."""
        self.learns = any(isinstance(post.desk, LearningDesk) for post in self.plan.posts)
        self.for_worker = (
            worker_desk if self.learns else WorkerDesk
        )  # to look for weights takes longer than to have none
        self._lay_ways()

    def new_chart(self) -> Chart:
        """A chart of its own for one run."""
        chart = self.make_chart()
        return chart if not callable(chart) else Worker(chart)

    def _check_anew(self) -> None:
        """Raise `BadChart` where one order would begin with what another has taught."""
        one, other = self.new_chart(), self.new_chart()
        if one is other:
            raise BadChart("a chart is made anew for every order: make_chart returns the same one again")
        taken = {id(learner) for worker in workers(one) for learner in parameters_of(worker.estimator)}
        for worker in workers(other):
            if not taken.isdisjoint(map(id, parameters_of(worker.estimator))):
                raise BadChart(
                    f"a chart is made anew for every order: make_chart gives {worker.name} the same weights again"
                )

    def _lay_ways(self) -> None:
        """Which channel of its receiver each link is, and on which link each desk sends what."""
        rank = {id(way): place for place, way in enumerate(self.plan.ways)}
        front = self.plan.front
        ports: dict[int, int] = {rank[id(front.outbox)]: OUTBOX, rank[id(front.feedback_to_below)]: FEEDBACK_TO_BELOW}
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

    def run(  # noqa: C901  one loop, run millions of times
        self, begins_with: Sequence[Choice], choose: Callable[[Sequence[Entry]], Choice | None], outcome: Outcome
    ) -> Outcome:
        """Run the office once, in an order of somebody's choice, and say in `outcome` what came of it.

        The time is the number of late messages that have arrived, in ns: as in `simulate(order=…)`, with which it
        agrees in every entry of the journal. The first exception at a desk is part of the outcome, and the run goes on
        without the message; where it is the repeat of one that is refused, that is only counted. Where `choose`
        returns None the run is broken off.
        """
        desks = self._sit_down(outcome)
        client: UntimedClient = desks[0]
        reads = [desk.read for desk in desks]
        receivers, ports, sends, is_late = self.receivers, self.ports, self.sends, self.is_late
        pending, trail, choices = outcome.under_way, outcome.trail, outcome.choices
        chosen = iter(begins_with)
        soon: list[Entry] = []
        marks = [0] * len(ports)
        now, seat = 0, 0
        letters: list[Letter] = client.begin()
        while True:
            ways = sends[seat]
            try:
                for out, task_id, body in letters:
                    link = ways[out]
                    marks[link] = mark = marks[link] + ONE_MORE
                    if is_late[link]:
                        pending.append((now, link, mark, now, task_id, body))
                    else:
                        heappush(soon, (now, link, mark, now, task_id, body))
            except Exception as error:  # noqa: BLE001  a desk of somebody's own returned what are no letters
                error.add_note(f"{self.desks[seat]}: what it returned about task {trail[-1][4]!r} is to be letters")
                outcome.note(error, is_repeat=False)
            if soon:
                entry = heappop(soon)
                _, link, mark, _, task_id, body = entry
            elif pending:
                choice = next(chosen, None) or choose(pending)
                if choice is None:
                    outcome.broken_off = True
                    return outcome
                choices.append(choice)
                place, fate = choice
                _, link, mark, sent, task_id, body = entry = pending.pop(place)
                if fate == LOSE:
                    outcome.lost.append(entry)
                    letters = []
                    continue
                client.now = now = now + 1
                if fate == REPEAT:
                    pending.append((now, link, mark + ONE_COPY, sent, task_id, body))
                entry = now, link, mark, sent, task_id, body
            else:
                return outcome
            trail.append(entry)
            seat = receivers[link]
            try:
                letters = reads[seat](ports[link], task_id, body)
            except Exception as error:  # noqa: BLE001  whatever it is, it is what came of this order
                letters = []
                outcome.note(error, is_repeat=bool(mark % ONE_MORE))

    def _sit_down(self, outcome: Outcome) -> list[Any]:
        """The client, and new desks with new workers."""
        people = self.people or self.client.replies(WhenAsked(self.seed))  # type: ignore[arg-type]
        client = UntimedClient(self.client, people, iter(self.tasks))
        chart = self.new_chart()
        desks: list[Any] = [client, *desks_of(chart, self.seed, for_worker=self.for_worker)]
        outcome.begin(self, chart, client, desks)
        if self.learns:
            for desk in outcome.learning:
                desk.clock, desk.notes = partial(getattr, client, "now"), {}
        return desks


class WhenAsked:
    """The stream of random numbers of the people above, made when they ask for a number: it takes longer than a run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random: np.random.Generator | None = None

    def __getattr__(self, name: str) -> Any:
        if self._random is None:
            self._random = stream(self._seed, CLIENT, "replies")
        return getattr(self._random, name)


def replay(
    make_chart: Callable[[], Chart | Any],
    client: Client,
    order: str,
    *,
    seed: int = 0,
    late: Late = EVERY,
) -> Outcome:
    """Run an office once more in a given delivery order, without trio: what came of it.

    An exception at a desk is in `Outcome.error`, and not raised. Raises `BadOrder` where the order does not fit.
    """
    rehearsal = UntimedOffice(make_chart, client, seed=seed, late=late)
    return rehearsal.run((), Choices(order), Outcome())
