"""The client: the people below, who submit tasks, and the people above, who say what they think of each result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from functools import partial
from itertools import count, pairwise, repeat
from typing import Any, Protocol, TypeAlias

import numpy as np

from office.desks import TaskID
from office.errors import BadClient
from office.mail import Delay, Time, delay, nanoseconds

__all__ = [
    "Arrivals",
    "Client",
    "People",
    "Replies",
    "Result",
    "after",
    "all_at_once",
    "at_once",
    "every",
    "newest_first",
    "poisson",
    "random_pick",
]

Arrivals: TypeAlias = Callable[[np.random.Generator], Iterator[int]]
"""When tasks are submitted, in ns, one after another and never going back."""

Result: TypeAlias = tuple[TaskID, Any]
"""A task ID and the office's output."""

BLOCK = 256


def all_at_once() -> Arrivals:
    """Every task at the beginning, as far as the limit of tasks in flight allows."""
    return lambda _rng: repeat(0)


def every(gap: Time) -> Arrivals:
    """A task every so often, the first at the beginning."""
    step = nanoseconds(gap)
    return lambda _rng: count(0, step)


def poisson(per_second: float) -> Arrivals:
    """Tasks at random, so many a second of virtual time on average. In the field: a Poisson process."""
    if not per_second > 0:
        raise BadClient(f"a Poisson process has a positive rate, not {per_second!r} a second")

    def times(rng: np.random.Generator) -> Iterator[int]:
        now = 0.0
        while True:
            for gap in (rng.standard_exponential(BLOCK) * (1e9 / per_second)).tolist():
                now += gap
                yield round(now)

    return times


class People(Protocol):
    """The people above, in one run: they keep some results waiting, and say of which they speak now, and how soon."""

    def take(self, result: Result) -> Sequence[Result]:
        """A result is in: the results they speak of now."""

    def rest(self) -> Sequence[Result]:
        """No more results will come: those they still have to speak of."""

    def pause(self) -> int:
        """How long until they speak of the next, in ns."""


Replies: TypeAlias = Callable[[np.random.Generator], People]
"""The people above at the beginning of a run, with a stream of random numbers of their own."""


def at_once() -> Replies:
    """Speak of each result as soon as it comes."""
    return after(0)


def after(time: int | str) -> Replies:
    """Speak of each result so long after it came: ``"20ms"``, or ``"20ms 5ms distribution exponential"``."""
    return partial(_EachAlone, delay(time))


def newest_first(size: int) -> Replies:
    """Wait for so many results, then speak of them all, the newest first. In the field: last in, first out."""
    return _Holders(_NewestFirst, size)


def random_pick(size: int) -> Replies:
    """Keep so many results on the table, and for each that comes speak of one of them, any.

    Mean staleness is one less than `size`. In the field: the queueing model of asynchrony of Mitliagkas et al.,
    *Asynchrony begets momentum* (arXiv 1605.09774).
    """
    return _Holders(_RandomPick, size)


class _EachAlone:
    """Every result is spoken of, a while after it came."""

    def __init__(self, pause: Delay, rng: np.random.Generator) -> None:
        self.delay = pause
        self.rng = rng
        self.drawn: list[int] = []

    def take(self, result: Result) -> Sequence[Result]:
        return (result,)

    def rest(self) -> Sequence[Result]:
        return ()

    def pause(self) -> int:
        if not self.drawn:
            self.drawn = self.delay.draw(self.rng, BLOCK)[::-1]
        return self.drawn.pop()


class _Keeping:
    """Results are kept on the table until there are `size` of them."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self.size = size
        self.rng = rng
        self.kept: list[Result] = []

    def pause(self) -> int:
        return 0


class _NewestFirst(_Keeping):
    def take(self, result: Result) -> Sequence[Result]:
        self.kept.append(result)
        return self.rest() if len(self.kept) == self.size else ()

    def rest(self) -> Sequence[Result]:
        newest, self.kept = self.kept[::-1], []
        return newest


class _RandomPick(_Keeping):
    def take(self, result: Result) -> Sequence[Result]:
        self.kept.append(result)
        return (self._pick(),) if len(self.kept) == self.size else ()

    def rest(self) -> Sequence[Result]:
        return [self._pick() for _ in range(len(self.kept))]

    def _pick(self) -> Result:
        return self.kept.pop(int(self.rng.integers(len(self.kept))))


@dataclass(frozen=True)
class _Holders:
    """People who keep results, and how many they want: what a limit on tasks in flight must leave room for."""

    people: type[_NewestFirst | _RandomPick]
    size: int

    def __post_init__(self) -> None:
        if not _is_count(self.size):
            raise BadClient(f"the people above keep a whole number of results from 1, not {self.size!r}")

    def __call__(self, rng: np.random.Generator) -> People:
        return self.people(self.size, rng)


@dataclass(frozen=True)
class Client:
    """What is submitted, when, and what is said of each result. Raises `BadClient`.

    Tasks are numbered 0, 1, … in the order in which they are submitted, through all epochs. `feedback` is called with
    each output and its target when the people above speak of it.
    """

    tasks: Iterable[tuple[Any, Any]]
    """Pairs (inputs, target). Gone through once for each epoch."""
    feedback: Callable[[Any, Any], tuple[float, Any]]
    """``(output, target) -> (loss, re_output)``, such as `squared_error`."""
    arrivals: Arrivals | Sequence[Time] = all_at_once()  # noqa: RUF009  it is frozen
    """`all_at_once()`, `every("10ms")`, `poisson(100)`, or the times themselves."""
    in_flight: int | None = None
    """At most so many tasks whose feedback to below is not in yet; None: no limit."""
    replies: Replies = at_once()  # noqa: RUF009
    """`at_once()`, `after("20ms")`, `newest_first(5)`, `random_pick(8)`."""
    epochs: int = 1
    shuffle: bool = False
    """Go through the tasks in a new order each epoch."""
    keep: bool = True
    """Keep every output and feedback for the run's result; without, only the losses."""

    def __post_init__(self) -> None:
        if not isinstance(self.tasks, Iterable):
            raise BadClient(f"tasks are pairs (inputs, target), not {self.tasks!r}")
        if not callable(self.feedback):
            raise BadClient(f"feedback is a function (output, target) -> (loss, re_output), not {self.feedback!r}")
        if not callable(self.arrivals) and not isinstance(self.arrivals, Sequence):
            raise BadClient(f"arrivals are all_at_once(), every(gap), poisson(rate) or times, not {self.arrivals!r}")
        if not callable(self.replies):
            raise BadClient(f"replies are at_once(), after(time), newest_first(size)…, not {self.replies!r}")
        if self.in_flight is not None and not _is_count(self.in_flight):
            raise BadClient(f"in_flight is a whole number from 1, or None, not {self.in_flight!r}")
        held = getattr(self.replies, "size", 1)
        if self.in_flight is not None and held > self.in_flight:
            raise BadClient(
                f"the people above wait for {held} results, but only {self.in_flight} tasks may be in flight"
            )
        if not _is_count(self.epochs):
            raise BadClient(f"epochs is a whole number from 1, not {self.epochs!r}")
        if self.epochs > 1 and isinstance(self.tasks, Iterator):
            raise BadClient("tasks that can be gone through only once do not make several epochs: pass a list")

        self._check_arrivals()

    def _check_arrivals(self) -> None:
        """Where both are known beforehand, there is a time for each task."""
        if isinstance(self.arrivals, Sequence) and isinstance(self.tasks, Sized):
            tasks, times = len(self.tasks) * self.epochs, len(self.arrivals)
            if times < tasks:
                raise BadClient(f"there are more tasks than arrival times: {tasks}, and {times}")

    def each_task(self, rng: np.random.Generator) -> Iterator[tuple[Any, Any]]:
        """The tasks in the order in which they are submitted."""
        if not self.shuffle:
            for _ in range(self.epochs):
                yield from self.tasks
            return
        tasks = list(self.tasks)
        for _ in range(self.epochs):
            for place in rng.permutation(len(tasks)).tolist():
                yield tasks[place]

    def each_arrival(self, rng: np.random.Generator) -> Iterator[int]:
        """When they are submitted at the earliest, in ns."""
        if callable(self.arrivals):
            return self.arrivals(rng)
        return _never_back([nanoseconds(time) for time in self.arrivals])


def _is_count(number: object) -> bool:
    return isinstance(number, int) and number is not True and number >= 1


def _never_back(times: list[int]) -> Iterator[int]:
    for earlier, later in pairwise(times):
        if later < earlier:
            raise BadClient(f"arrivals go back in time, from {earlier} to {later} ns")
    return iter(times)
