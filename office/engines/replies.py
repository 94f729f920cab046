"""What the people above do with results: of which they speak, in which order, and how soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any, Protocol, TypeAlias

import numpy as np

from office.counts import is_count
from office.described import described, library_of
from office.errors import BadClient, WrongType
from office.ids import TaskID
from office.mail import Delay, delay
from office.times import Time, nanoseconds
from office.work import as_loss

__all__ = [
    "People",
    "Replies",
    "Reply",
    "Result",
    "after",
    "as_opinion",
    "at_once",
    "each_alone",
    "newest_first",
    "random_pick",
    "recorded",
]

Result: TypeAlias = tuple[TaskID, Any]
"""A task ID and the office's output."""

Reply: TypeAlias = tuple[int, Result]
"""How long until they speak of a result, in ns, and the result."""

BLOCK = 256


class People(Protocol):
    """The people above, in one run: they keep some results waiting, and say of which they speak now, and how soon."""

    def take(self, result: Result) -> Sequence[Reply]:
        """A result is in: the results they speak of, and how soon they do."""

    def rest(self) -> Sequence[Reply]:
        """No more results will come before they have spoken of those that they still keep: these."""


Replies: TypeAlias = Callable[[np.random.Generator], People]
"""The people above at the beginning of a run, with a stream of random numbers of their own."""


def as_opinion(opinion: Any) -> tuple[float, Any]:
    """The loss and the feedback that the client's `feedback` returned.

    Raises `WrongType` for anything else, and `NotANumber` for a loss that is not finite.
    """
    if isinstance(opinion, (tuple, list)) and len(opinion) == 2:
        loss, re_output = opinion
        return loss if type(loss) is float and isfinite(loss) else as_loss(loss), re_output
    advice = "return the loss and its gradient with respect to the output, as `squared_error` does"
    if library_of(opinion):
        advice += "\n(a float and a numpy array: loss.item() and output.grad.numpy())"
    raise WrongType("what feedback returned", f" is {described(opinion)}, and no pair (loss, re_output):\n{advice}")


def at_once() -> Replies:
    """Speak of each result as soon as it comes."""
    return after(0)


def after(time: int | str) -> Replies:
    """Speak of each result so long after it came: ``"20ms"``, or ``"20ms 5ms distribution exponential"``."""
    return partial(_EachAlone, delay(time))


def recorded(times: Sequence[Time]) -> Replies:
    """Speak of each result so long after it came as was recorded for its task: the times in order of the tasks.

    In the field: a trace of delays, replayed. Raises `BadTime`, and `BadClient` for a task that has no time.
    """
    return partial(_Recorded, [nanoseconds(time) for time in times])


def newest_first(size: int) -> Replies:
    """Wait for so many results, then speak of them all, the newest first. In the field: last in, first out."""
    return _Holders(_NewestFirst, size)


def random_pick(size: int) -> Replies:
    """Keep so many results on the table, and for each that comes speak of one of them, any.

    Mean staleness is one less than `size`. In the field: the queueing model of asynchrony of Mitliagkas et al.,
    *Asynchrony begets momentum* (arXiv 1605.09774).
    """
    return _Holders(_RandomPick, size)


def each_alone(replies: Replies) -> bool:
    """Whether these people speak of each result as if there were no others."""
    return isinstance(replies, partial) and replies.func is _EachAlone


class _EachAlone:
    """Every result is spoken of, a while after it came."""

    def __init__(self, pause: Delay, rng: np.random.Generator) -> None:
        self.delay = pause
        self.always = None if pause.jitter else pause.time
        self.rng = rng
        self.drawn: list[int] = []

    def take(self, result: Result) -> Sequence[Reply]:
        if self.always is not None:
            return ((self.always, result),)
        if not self.drawn:
            self.drawn = self.delay.draw(self.rng, BLOCK)[::-1]
        return ((self.drawn.pop(), result),)

    def rest(self) -> Sequence[Reply]:
        return ()


class _Recorded:
    """Every result is spoken of, after the time that its task has."""

    def __init__(self, waits: Sequence[int], _rng: np.random.Generator) -> None:
        self.waits = waits

    def take(self, result: Result) -> Sequence[Reply]:
        task_id = result[0]
        if not isinstance(task_id, int) or task_id >= len(self.waits):
            raise BadClient(f"there are {len(self.waits)} recorded times, and none for task {task_id!r}")
        return ((self.waits[task_id], result),)

    def rest(self) -> Sequence[Reply]:
        return ()


class _Keeping:
    """Results are kept on the table until there are `size` of them."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self.size = size
        self.rng = rng
        self.kept: list[Result] = []


class _NewestFirst(_Keeping):
    def take(self, result: Result) -> Sequence[Reply]:
        self.kept.append(result)
        return self.rest() if len(self.kept) == self.size else ()

    def rest(self) -> Sequence[Reply]:
        newest, self.kept = self.kept[::-1], []
        return [(0, result) for result in newest]


class _RandomPick(_Keeping):
    def take(self, result: Result) -> Sequence[Reply]:
        self.kept.append(result)
        return (self._pick(),) if len(self.kept) == self.size else ()

    def rest(self) -> Sequence[Reply]:
        return [self._pick() for _ in range(len(self.kept))]

    def _pick(self) -> Reply:
        return 0, self.kept.pop(int(self.rng.integers(len(self.kept))))


@dataclass(frozen=True)
class _Holders:
    """People who keep results, and how many they want: what a limit on tasks in flight must leave room for."""

    people: type[_NewestFirst | _RandomPick]
    size: int

    def __post_init__(self) -> None:
        if not is_count(self.size):
            raise BadClient(f"the people above keep a whole number of results from 1, not {self.size!r}")
        object.__setattr__(self, "size", int(self.size))

    def __call__(self, rng: np.random.Generator) -> People:
        return self.people(self.size, rng)

    def __repr__(self) -> str:
        return f"{'newest_first' if self.people is _NewestFirst else 'random_pick'}({self.size})"
