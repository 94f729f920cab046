"""Allocation: who in the team gets a task. The text's ``choose_worker``.

An allocation is a function of the task's ID, its inputs and the manager's own books; it returns one member, by place
in the team or by name, or several. It keeps nothing itself, so one allocation may serve many teams.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from inspect import signature
from typing import Any, Protocol, TypeAlias

import numpy as np

from office.counts import is_count
from office.described import described
from office.errors import BadAllocation, BadChart
from office.ids import TaskID

__all__ = ["Allocation", "Books", "at_random", "by", "everyone", "in_turn", "least_busy"]

Member: TypeAlias = int | str


class Allocation(Protocol):
    """Who gets a task: one member of the team, or several."""

    def __call__(self, task_id: TaskID, inputs: Any, books: Books, /) -> Member | Sequence[Member]:
        """Choose who gets a task.

        Args:
            task_id: the task's.
            inputs: the task's.
            books: the manager's own.

        Returns:
            One member or several, by place in the team or by name.
        """
        ...


def everyone(_task_id: TaskID, _inputs: Any, books: Books) -> Sequence[int]:
    """All the members get the task, and their answers are combined."""
    return books.everyone


def in_turn(_task_id: TaskID, _inputs: Any, books: Books) -> int:
    """One member after another gets a task. In the field: round robin."""
    return books.tasks % len(books.members)


def at_random(_task_id: TaskID, _inputs: Any, books: Books) -> int:
    """Any member gets the task, each as likely, from the manager's own stream of random numbers."""
    return int(books.random.integers(len(books.members)))


def least_busy(_task_id: TaskID, _inputs: Any, books: Books) -> int:
    """The member with the fewest tasks in hand by the manager's own books gets it; the first of several.

    In the field: join the shortest queue, as far as the manager knows it.
    """
    return books.in_hand.index(min(books.in_hand))


def by(choose_worker: Callable[[TaskID, Any], Member | Sequence[Member]]) -> Allocation:
    """Have a function of a task's ID and its inputs choose: members by place or name, one or several.

    Raises `BadChart` for what is no function of two arguments.
    """
    if not takes_two(choose_worker):
        what = described(choose_worker)
        raise BadChart(f"by(…) takes a function of two arguments, (task_id, inputs) -> member, not {what}")
    return partial(_chosen, choose_worker)


def _chosen(
    choose_worker: Callable[[TaskID, Any], Member | Sequence[Member]], task_id: TaskID, inputs: Any, _books: Books
) -> Member | Sequence[Member]:
    return choose_worker(task_id, inputs)


def takes_two(function: Any) -> bool:
    """Whether a function can be called with two arguments, as far as Python knows."""
    try:
        signature(function).bind(None, None)
    except TypeError:
        return False
    except ValueError:  # it is written in C and does not say
        return True
    return True


class Books:
    """What a manager knows of the team without asking: how many tasks were handed out, who has how many in hand.

    Args:
        members: their names, in the order of the team.
        allocate: who gets a task.
        make_random: makes `random`.
    """

    def __init__(
        self, members: Sequence[str], allocate: Allocation, make_random: Callable[[], np.random.Generator]
    ) -> None:
        self.members = list(members)
        self.everyone = tuple(range(len(members)))
        self._alone = {member: (member,) for member in self.everyone}
        self.tasks = 0
        """Tasks handed out so far."""
        self.in_hand = [0] * len(members)
        """For each member, the tasks given and not yet fully done: their feedback to below is still out."""
        self.allocate = allocate
        self._on_assign: list[Callable[[TaskID, tuple[int, ...]], None]] = []
        self._make_random = make_random

    @cached_property
    def random(self) -> np.random.Generator:
        """The manager's own stream of random numbers, made when it is first asked for, since few managers do."""
        return self._make_random()

    def assign(self, task_id: TaskID, inputs: Any) -> tuple[int, ...]:
        """Choose who gets a task and write it down: members by place, in the order of the team.

        Raises `BadAllocation`, with nothing written down, where the allocation names no member, one member twice, or
        one that is not in the team.
        """
        members: Any = self.allocate(task_id, inputs, self)
        if members is not self.everyone:
            is_place = type(members) is int and members in self._alone
            members = self._alone[members] if is_place else self._places(members)
        self.tasks += 1
        for member in members:
            self.in_hand[member] += 1
        for on_assign in self._on_assign:
            on_assign(task_id, members)
        return members  # type: ignore[no-any-return]

    def watch(self, on_assign: Callable[[TaskID, tuple[int, ...]], None]) -> None:
        """Call a function with every task that is handed out from now on, and the members who do it, by place."""
        self._on_assign.append(on_assign)

    def done(self, members: Sequence[int]) -> None:
        """These members have one task less in hand."""
        for member in members:
            self.in_hand[member] -= 1

    def _places(self, chosen: Any) -> tuple[int, ...]:
        is_one = isinstance(chosen, (str, bytes, np.generic)) or not isinstance(chosen, Iterable)
        several = [chosen] if is_one or getattr(chosen, "shape", None) == () else list(chosen)
        places = sorted({self._place(member) for member in several})
        if not places:
            raise BadAllocation("the allocation", " chose no member")
        if len(places) < len(several):
            raise BadAllocation("the allocation", f" chose a member twice: {several}")
        return tuple(places)

    def _place(self, member: Any) -> int:
        if isinstance(member, str) and member in self.members:
            return self.members.index(member)
        if is_count(member, 0) and member < len(self.members):
            return int(member)
        raise BadAllocation(
            "the allocation", f" chose {member!r}, which is not in the team ({', '.join(self.members)})"
        )
