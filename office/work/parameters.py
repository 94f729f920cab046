"""Weights that count their versions, so that an answer can note with which of them it was given.

A step makes *new* arrays and leaves the old ones alone. So the notes of every pending task keep the weights it was
answered with for free: however late the feedback, what is said about the inputs is the truth about that answer. In
the field: weight stashing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import is_
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from office.counts import is_count
from office.errors import StaleFeedback, WrongShape
from office.work.arrays import real_array, sealed
from office.work.contract import NO_FEEDBACK, NoFeedback
from office.work.rules import Heard, Rule, as_rule
from office.work.schedules import Schedule

__all__ = ["LastHeard", "Notes", "Parameters", "Policy"]

Policy: TypeAlias = Literal["stash", "live", "refuse"]
"""Which weights a callback differentiates, when there have been updates since its answer."""


class Notes(NamedTuple):
    """What an answer was given with."""

    weights: tuple[Any, ...]
    version: int
    """How many updates there had been."""
    number: int
    """Which answer it was, from 0."""


class LastHeard(NamedTuple):
    """A feedback to learn from."""

    gradients: Sequence[Any]
    """Array by array."""
    staleness: int
    """How late it was, in updates."""
    updates: int
    """How many there had been before it."""


class Parameters:
    """The weights of one worker: read-only arrays (or floats), replaced by every step.

    `rule` is an update rule, of which every array gets a copy of its own; a number or a schedule is the rate of plain
    `SGD`. With `accumulate` > 1 there is a step only when so many tasks have been heard about, down the sum of their
    gradients, which are added up in the order in which the tasks were answered: in which order their feedback came
    leaves no trace, not in any bit. A task without feedback counts as a gradient of zero. The rule then hears of the
    first of those tasks what it was answered with.

    `policy` says what a callback differentiates when its feedback is late: with `"stash"` the weights that gave the
    answer; with `"live"` those that an answer would be given with now, as a careless implementation does that keeps one
    set of weights; with `"refuse"` nothing, for it raises `StaleFeedback`, and all is as before. Feedback that is not
    late means the same under all three. `ValueError` for another policy.
    """

    def __init__(
        self,
        arrays: Iterable[Any],
        rule: Rule | Schedule | float = 0.1,
        accumulate: int = 1,
        policy: Policy = "stash",
    ) -> None:
        self.arrays: tuple[Any, ...] = tuple(map(_own, arrays))
        """Today's weights."""
        self.rules = [as_rule(rule) for _ in self.arrays]
        if not is_count(accumulate):
            raise ValueError(f"feedback accumulates over a whole number of tasks from 1, not {accumulate!r}")
        if policy not in get_args(Policy):
            raise ValueError(f"a policy is one of {', '.join(get_args(Policy))}, not {policy!r}")
        self.accumulate = accumulate
        self.policy = policy
        self.updates = 0
        """How many steps the weights have taken. Where every rule leaves them the very same, it is none."""
        self.heard = 0
        """How many tasks have had their feedback, or word that there is none: what schedules count."""
        self.answered = 0
        """How many answers have been given."""
        self.last_heard: LastHeard | None = None
        """The last feedback to learn from."""
        self._looks_ahead = any(type(rule).answer_with is not Rule.answer_with for rule in self.rules)
        self._kept: list[tuple[Notes, Sequence[Any]]] = []
        self._watched: list[Sequence[Any]] | None = None

    def answer(self) -> Notes:
        """The weights to answer with, and what is to be noted with them."""
        notes = Notes(self.offered if self._looks_ahead else self.arrays, self.updates, self.answered)
        self.answered += 1
        return notes

    @property
    def offered(self) -> tuple[Any, ...]:
        """The weights that an answer is given with now: today's, or those that the rules look ahead to."""
        if not self._looks_ahead:
            return self.arrays
        looks = zip(self.rules, self.arrays, strict=True)
        return tuple([_as_before(rule.answer_with(array), array) for rule, array in looks])

    def differentiated(self, notes: Notes) -> tuple[Any, ...]:
        """The weights at which a callback differentiates, now that there is feedback on the answer with these notes.

        Raises `StaleFeedback` where the policy says so.
        """
        if self.policy == "stash" or self.updates == notes.version:
            return notes.weights
        staleness = self.updates - notes.version
        if self.policy == "refuse":
            raise StaleFeedback(staleness)
        if self._watched is not None:
            return self.arrays
        each = zip(self.rules, self.arrays, strict=True)
        return tuple([_as_before(rule.differentiate_with(array, staleness), array) for rule, array in each])

    def learn(self, gradients: Sequence[Any], notes: Notes) -> None:
        """Feedback has come on the answer that has these notes: its gradient with respect to each array of weights.

        The arrays must be new, and are the rule's from now on.
        """
        if self._watched is not None:
            self._watched.append(gradients)
            return
        heard = LastHeard(gradients, self.updates - notes.version, self.updates)
        if self.accumulate == 1:
            self._step(gradients, notes)
            self.heard += 1
        else:
            self._keep(gradients, notes)
        self.last_heard = heard

    def hear_nothing(self, notes: Notes) -> NoFeedback:
        """There is no feedback on the answer with these notes: the task is counted, and `NO_FEEDBACK` goes down."""
        if self._watched is None:
            if self.accumulate == 1:
                self.heard += 1
            else:
                self._keep((), notes)
        return NO_FEEDBACK

    def _keep(self, gradients: Sequence[Any], notes: Notes) -> None:
        kept = [*self._kept, (notes, gradients)]
        if len(kept) == self.accumulate:
            in_order = sorted(kept, key=lambda one: one[0].number)
            sums = [sum(several[1:], several[0]) for several in zip(*(g for _, g in in_order if g), strict=True)]
            if sums:
                self._step(sums, in_order[0][0])
            kept = []
        self._kept = kept
        self.heard += 1

    def _step(self, gradients: Sequence[Any], notes: Notes) -> None:
        staleness, tasks = self.updates - notes.version, self.heard
        each = zip(self.rules, gradients, self.arrays, notes.weights, strict=True)
        arrays = tuple([
            _as_before(rule.step(gradient, weights, Heard(weights_then, staleness, tasks, notes.number)), weights)
            for rule, gradient, weights, weights_then in each
        ])  # fmt: skip
        # The first is looked at by itself, since in nearly every step it is new: that takes a seventh of the time.
        if arrays and arrays[0] is self.arrays[0] and all(map(is_, arrays, self.arrays)):
            return
        self.arrays = arrays
        self.updates += 1

    @property
    def averages(self) -> tuple[Any, ...]:
        """For each array the average that its rule keeps, or today's weights. `instead(averages)` answers with them."""
        each = zip(self.rules, self.arrays, strict=True)
        return tuple([_as_before(rule.average_of(array), array) for rule, array in each])

    @contextmanager
    def instead(self, arrays: Iterable[Any]) -> Iterator[list[Sequence[Any]]]:
        """While this lasts, answers are given with these weights, and feedback only adds its gradients to the list.

        For looking into an answer without learning from it.
        """
        before = self.arrays, self._looks_ahead, self._watched
        self.arrays, self._looks_ahead, self._watched = tuple(map(_own, arrays)), False, []
        try:
            yield self._watched
        finally:
            self.arrays, self._looks_ahead, self._watched = before

    def __repr__(self) -> str:
        shapes = ", ".join(str(np.shape(array)) for array in self.arrays)
        return f"<Parameters {shapes}: {self.updates} updates>"


def _own(weights: Any) -> Any:
    return float(weights) if isinstance(weights, (float, int)) else sealed(real_array(weights))


def _as_before(new: Any, weights: Any) -> Any:
    """What a rule has made of the weights, closed to writing, and of the same shape and dtype."""
    if not isinstance(weights, np.ndarray):
        if np.shape(new):
            raise WrongShape("the rule's weights", f" have shape {np.shape(new)}, and were a number")
        return float(new)
    if not isinstance(new, np.ndarray) or new.shape != weights.shape:
        raise WrongShape("the rule's weights", f" have shape {np.shape(new)}, and had {weights.shape}")
    return sealed(new if new.dtype == weights.dtype else new.astype(weights.dtype))
