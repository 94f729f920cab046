"""What a message touches: two that touch nothing in common can arrive in either order, and all is the same after.

A worker learns from every message, so each message touches the whole of its desk. A manager deals with each task by
itself; only the choice of a member for it may depend on the manager's books. A client deals with each task by itself,
too, if its replies are for each result alone and it submits no task because another is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import FunctionType
from typing import Any

from office.desks import FEEDBACK_TO_BELOW, INBOX, ManagerDesk, WorkerDesk, at_random, everyone, in_turn, workers
from office.engines.replies import each_alone
from office.ids import TaskID
from office.orders.untimed_office import Message, UntimedOffice
from office.work import parameters_of

__all__ = ["Dependence"]

GIVES_WITHOUT_BOOKS = (everyone,)
GIVES_BY_COUNT = (in_turn, at_random)
"""Allocations for which only the tasks that were given out before matter."""


class Dependence:
    """Which parts of one office a message touches. Each desk is a part; of some desks each task, and the books."""

    def __init__(self, office: UntimedOffice) -> None:
        self.receivers, self.ports = office.receivers, office.ports
        self.bits: dict[tuple[int, TaskID | None], int] = {}
        client = office.client
        by_task = [each_alone(client.replies) and client.in_flight is None]
        by_task += [type(post.desk) is ManagerDesk for post in office.plan.posts]  # of others we know nothing
        self.whole = [0 if by_itself else self._bit(seat, None) for seat, by_itself in enumerate(by_task)]
        """For each desk the bit of the whole of it; 0 where each task is dealt with by itself."""
        self.books = [frozenset[int](), *(channels_with_books(post.desk) for post in office.plan.posts)]
        """The channels on which what comes to such a desk touches its books, too."""
        self._join_who_share(office)

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

    def _bit(self, desk: int, task_id: TaskID | None) -> int:
        key = desk, task_id
        if key not in self.bits:
            self.bits[key] = 1 << len(self.bits)
        return self.bits[key]

    def _join_who_share(self, office: UntimedOffice) -> None:
        """Make one part of the desks whose workers share an estimator or weights."""
        chart = office.new_chart()
        seats = [seat for seat, post in enumerate(office.plan.posts, 1) if isinstance(post.desk, WorkerDesk)]
        group: dict[int, list[int]] = {}
        for seat, worker in zip(seats, workers(chart), strict=True):
            for share in shared_things(worker.estimator):
                group.setdefault(id(share), []).append(seat)
        for together in group.values():
            union = 0
            for seat in together:
                union |= self.whole[seat]
            for seat in together:
                self.whole[seat] = union


def channels_with_books(desk: object) -> frozenset[int]:
    """The channels of a manager on which a message also touches its books: which member is given a task next."""
    if not isinstance(desk, ManagerDesk) or desk.books.allocate in GIVES_WITHOUT_BOOKS:
        return frozenset()
    if desk.books.allocate in GIVES_BY_COUNT:
        return frozenset([INBOX])
    return frozenset([INBOX, *(FEEDBACK_TO_BELOW.of_member(member) for member in range(len(desk.books.members)))])


def shared_things(estimator: Any) -> list[Any]:
    """What two workers may have in common: weights, and the estimator itself, unless it is a function that has none."""
    plain = isinstance(estimator, FunctionType) and not estimator.__closure__
    return [*([] if plain else [estimator]), *parameters_of(estimator)]
