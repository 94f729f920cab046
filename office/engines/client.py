"""The client: the people below, who submit tasks, and the people above, who say what they think of each result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from inspect import iscoroutinefunction
from itertools import chain, islice, pairwise, repeat
from types import GeneratorType
from typing import Any

import numpy as np

from office.counts import is_count, plain
from office.described import described, library_of
from office.engines.arrivals import Arrivals, all_at_once, every, poisson
from office.engines.replies import Replies, after, at_once, newest_first, random_pick, recorded
from office.errors import BadClient
from office.pickling import Picklable
from office.times import Time, nanoseconds

__all__ = ["Client", "as_client"]

MOST_SHUFFLED = 10_000_000
"""So many tasks can be shuffled."""


@dataclass(frozen=True)
class Client(Picklable):
    """What is submitted, when, and what the people above say of each result. Raises `BadClient`.

    Tasks are numbered 0, 1, … in the order in which they are submitted, through all epochs.

    Args:
        tasks: pairs (inputs, target). They are gone through once for each epoch. Each is fetched when it is due and
            there is room for it: so a generator may look at the weights as they are then. That a generator has ended is
            known when its next task would be due; then people who keep results waiting speak of the last of them.
        feedback: ``(output, target) -> (loss, re_output)``, such as `squared_error`; or a function that returns
            something to await that gives them. It is called when the people above speak of the output.
        arrivals: when tasks are submitted: `all_at_once()`, `every("10ms")`, `poisson(100)`, or the times themselves.
            None: all at once too, but with the warning `AllAtOnce` where `in_flight` is not given either and feedback
            comes so late that workers hardly learn from it.
        in_flight: how many tasks at most may wait for their feedback to below. None: any number; a million, where tasks
            come of a generator, since it may have no end.
        waits_for_all: submit in rounds of `in_flight` tasks, each when all of the round before have had their feedback
            to below. In the field: synchronous training, with a barrier after each round.
        replies: when the people above speak of results, and in which order: `at_once()`, `after("20ms")`,
            `newest_first(5)`, `random_pick(8)`, `recorded(times)`.
        patience: how long the client waits for the next word about a task, since it was submitted or since the reply
            to its result. Then the task is given up: it is counted, and frees its place; a result that comes after
            that hears `NO_FEEDBACK`. None: for ever.
        epochs: how many times the tasks are gone through.
        shuffle: whether the tasks come in a new order in each epoch.
        keep: whether the run's result has every output and feedback to below; without, it has only the losses.
    """

    tasks: Iterable[tuple[Any, Any]]
    feedback: Callable[[Any, Any], tuple[float, Any] | Any]
    arrivals: Arrivals | Sequence[Time] | None = None
    in_flight: int | None = None
    waits_for_all: bool = False
    replies: Replies = at_once()  # noqa: RUF009
    patience: Time | None = None
    epochs: int = 1
    shuffle: bool = False
    keep: bool = True

    def __post_init__(self) -> None:
        for name in ("in_flight", "patience", "epochs"):
            object.__setattr__(self, name, plain(getattr(self, name)))
        if isinstance(self.arrivals, np.ndarray):
            object.__setattr__(self, "arrivals", self.arrivals.tolist())
        if not isinstance(self.tasks, Iterable):
            raise BadClient(f"tasks are pairs (inputs, target), not {self.tasks!r}")
        if not callable(self.feedback) or isinstance(self.feedback, type) or library_of(self.feedback):
            raise BadClient(
                "feedback is a function (output, target) -> (loss, re_output) of arrays, not "
                f"{described(self.feedback)}:\nwrite squared_error, softmax_cross_entropy, or a function of your own"
            )
        _refuse_uncalled("arrivals", self.arrivals, all_at_once, every, poisson)
        _refuse_uncalled("replies", self.replies, at_once, after, newest_first, random_pick, recorded)
        is_list = isinstance(self.arrivals, Sequence) and not isinstance(self.arrivals, str)
        if self.arrivals is not None and not callable(self.arrivals) and not is_list:
            what = described(self.arrivals)
            raise BadClient(f'arrivals are all_at_once(), every("10ms"), poisson(100), or times, not {what}')
        if not callable(self.replies):
            raise BadClient(f'replies are at_once(), after("20ms"), newest_first(5)…, not {described(self.replies)}')
        self._check_in_flight()
        if self.patience is not None and not nanoseconds(self.patience):
            raise BadClient("a client without any patience gives everything up: patience is a time above zero, or None")
        if not is_count(self.epochs):
            raise BadClient(f"epochs is a whole number from 1, not {self.epochs!r}")
        if self.epochs > 1 and isinstance(self.tasks, Iterator):
            raise BadClient("tasks that can be gone through only once do not make several epochs: pass a list")

        self._check_arrivals()

    def _check_in_flight(self) -> None:
        """The limit leaves room for what the people above wait for."""
        limit, held = self.in_flight, getattr(self.replies, "size", 1)
        if limit is not None and not is_count(limit):
            raise BadClient(f"in_flight is a whole number from 1, or None, not {limit!r}")
        if limit is not None and held > limit:
            raise BadClient(f"the people above wait for {held} results, but only {limit} tasks may be in flight")
        if self.waits_for_all and limit is None:
            raise BadClient("a client that waits for all has a limit of tasks in flight: say in_flight, too")

    def _check_arrivals(self) -> None:
        """Where both are known beforehand, there is a time for each task."""
        tasks = self.how_many()
        if isinstance(self.arrivals, Sequence) and tasks is not None and len(self.arrivals) < tasks:
            raise BadClient(f"there are more tasks than arrival times: {tasks}, and {len(self.arrivals)}")

    def how_many(self) -> int | None:
        """How many tasks there are in all epochs, where that is known without going through them."""
        try:
            return len(self.tasks) * self.epochs if isinstance(self.tasks, Sized) else None
        except OverflowError:  # it has a length, which is more than memory has places
            return None

    @property
    def at_the_beginning(self) -> int:
        """At least so many tasks are submitted at the beginning, as far as that is known without going through them."""
        is_limited = self.in_flight is not None or self.arrivals not in (None, all_at_once())
        return 0 if is_limited else self.how_many() or 0

    def check_at_once(self, why: str) -> None:
        """Raise `BadClient` where feedback is asynchronous; `why` says where that cannot be."""
        if iscoroutinefunction(self.feedback) or iscoroutinefunction(getattr(self.feedback, "__call__", None)):  # noqa: B004
            raise BadClient(f"{why} nobody can wait: feedback is not to be asynchronous, as {self.feedback!r} is")

    def each_task(self, rng: np.random.Generator) -> Iterator[tuple[Any, Any]]:
        """The tasks in the order in which they are submitted. Raises `BadClient` where a generator is used up."""
        if isinstance(self.tasks, GeneratorType) and self.tasks.gi_frame is None:
            raise BadClient("there are no tasks: a generator makes them only once, and has done so:\npass a list")
        if not self.shuffle:
            return chain.from_iterable(repeat(self.tasks, self.epochs))
        tasks = list(islice(self.tasks, MOST_SHUFFLED + 1))
        if len(tasks) > MOST_SHUFFLED:
            raise BadClient(f"to be shuffled, all tasks are kept in memory, and there are more than {MOST_SHUFFLED:,}")
        orders = (rng.permutation(len(tasks)).tolist() for _ in range(self.epochs))
        return map(tasks.__getitem__, chain.from_iterable(orders))

    def each_arrival(self, rng: np.random.Generator) -> Iterator[int]:
        """When they are submitted at the earliest, in ns."""
        arrivals = all_at_once() if self.arrivals is None else self.arrivals
        if callable(arrivals):
            return arrivals(rng)
        return _never_back([nanoseconds(time) for time in arrivals])


def as_client(client: Client | Any) -> Client:
    """The client itself. Raises `BadClient` for anything else."""
    if isinstance(client, Client):
        return client
    raise BadClient(f"what runs is a chart, and then a client, not {described(client)}:\nwrite Client(tasks, feedback)")


def _refuse_uncalled(what: str, value: Any, *makers: Any) -> None:
    """Raise `BadClient` for one of the functions that make such a value, instead of what it makes."""
    if any(value is maker for maker in makers):
        raise BadClient(f"{what} is the function {value.__name__} itself:\ncall it, {value.__name__}(…)")


def _never_back(times: list[int]) -> Iterator[int]:
    for earlier, later in pairwise(times):
        if later < earlier:
            raise BadClient(f"arrivals go back in time, from {earlier} to {later} ns")
    return iter(times)
