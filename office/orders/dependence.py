"""What a message touches: two that touch nothing in common can arrive in either order, and all is the same after.

A worker learns from every message, so each message touches the whole of its desk. A manager deals with each task by
itself, where its combination and its allocation keep nothing; only the choice of a member for a task may depend on the
manager's books. A client deals with each task by itself, too, if its feedback keeps nothing, its replies are for each
result alone, and it submits no task because another is done. Desks that hold the same thing which may change are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from office.desks import (
    FEEDBACK_TO_BELOW,
    INBOX,
    Chain,
    Chart,
    ManagerDesk,
    Worker,
    at_random,
    everyone,
    in_turn,
)
from office.desks.chart import walk
from office.engines.replies import each_alone
from office.ids import TaskID
from office.orders.holdings import Holdings, is_out_of_sight
from office.orders.untimed_office import Message, UntimedOffice

__all__ = ["Dependence"]

GIVES_WITHOUT_BOOKS = (everyone,)
GIVES_BY_COUNT = (in_turn, at_random)
"""Allocations for which only the tasks that were given out before matter."""


class Dependence:
    """Which parts of one office a message touches. Each desk is a part; of some desks each task, and the books."""

    def __init__(self, office: UntimedOffice) -> None:
        self.receivers, self.ports = office.receivers, office.ports
        self.bits: dict[tuple[int | str, TaskID | None], int] = {}
        client, chart = office.client, office.new_chart()
        held = [Holdings(client.feedback), *map(Holdings, parts_of_desks(chart))]
        by_task = [each_alone(client.replies) and client.in_flight is None and not held[0].may_change]
        by_task += [  # of other desks we know nothing
            type(post.desk) is ManagerDesk and not held[seat].may_change
            for seat, post in enumerate(office.plan.posts, 1)
        ]
        self.whole = [0 if by_itself else self._bit(seat, None) for seat, by_itself in enumerate(by_task)]
        """For each desk the bit of the whole of it; 0 where each task is dealt with by itself."""
        self.books = [frozenset[int](), *(channels_with_books(post.desk) for post in office.plan.posts)]
        """The channels on which what comes to such a desk touches its books, too."""
        self._join_who_share(held)
        self.out_of_sight = sorted(
            f"the {type(thing).__name__} of {name}"
            for name, things in zip(office.desks, held, strict=True)
            for thing in things.things.values()
            if is_out_of_sight(thing)
        )
        """What desks hold by which they may share more than can be seen."""

    def of(self, arrivals: Iterable[Message]) -> int:
        """The parts that these messages touch together, a bit each."""
        touched = 0
        for entry in arrivals:
            link = entry[1]
            desk = self.receivers[link]
            touched |= self.whole[desk] or self._bit(desk, entry[4])
            if self.ports[link] in self.books[desk]:
                touched |= self._bit(desk, None)
        return touched

    def of_links(self, reads: int, sends: Iterable[int]) -> int:
        """The links that are touched where something arrives or is lost on one, and something is sent on others."""
        touched = self._bit("what arrives", reads)
        for link in sends:
            touched |= self._bit("what is sent", link)
        return touched

    def _bit(self, part: int | str, of: TaskID | None) -> int:
        key = part, of
        if key not in self.bits:
            self.bits[key] = 1 << len(self.bits)
        return self.bits[key]

    def _join_who_share(self, held: Sequence[Holdings]) -> None:
        """Make one part of the desks that hold the same thing, or see a variable that one of them assigns."""
        assigned = set[Any]().union(*(holdings.assigns for holdings in held))
        shared = [{*holdings.things} | holdings.assigns | (holdings.reads & assigned) for holdings in held]
        holders: dict[Any, int] = {}
        for seat, things in enumerate(shared):
            for thing in things:
                holders[thing] = holders.get(thing, 0) | self.whole[seat]
        for seat, things in enumerate(shared):
            for thing in things:
                self.whole[seat] |= holders[thing]


def channels_with_books(desk: object) -> frozenset[int]:
    """The channels of a manager on which a message also touches its books: which member is given a task next."""
    if not isinstance(desk, ManagerDesk) or desk.books.allocate in GIVES_WITHOUT_BOOKS:
        return frozenset()
    if desk.books.allocate in GIVES_BY_COUNT:
        return frozenset([INBOX])
    return frozenset([INBOX, *(FEEDBACK_TO_BELOW.of_member(member) for member in range(len(desk.books.members)))])


def parts_of_desks(chart: Chart) -> list[Any]:
    """What the desks of a chart hold, in the order of their posts: an estimator, or an allocation and a combination."""
    return [
        each.estimator if isinstance(each, Worker) else (each.allocate, each.combine)
        for _, each in walk(chart) if not isinstance(each, Chain)
    ]  # fmt: skip
