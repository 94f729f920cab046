"""Weights that count their versions, so that an answer can note with which of them it was given.

A step makes *new* arrays and leaves the old ones alone. So the notes of every pending task keep the weights that gave
the answer, for free: however late the feedback, what goes down is the truth about that answer. In the field: weight
stashing.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from math import isfinite
from operator import is_
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy import vdot

from office.errors import NotANumber, StaleFeedback, SumDropped, WrongShape
from office.work.arrays import ONE_THREAD, all_finite, as_array, new_array, overflow, sealed
from office.work.contract import NO_FEEDBACK, NoFeedback
from office.work.rules import BIND_ANEW, SGD, Accumulate, Around, Heard, Rule, as_rule
from office.work.schedules import Schedule

__all__ = ["LastHeard", "Notes", "Parameters", "Policy", "make"]

Policy: TypeAlias = Literal["stash", "live", "refuse"]
"""Which weights a callback differentiates, when there have been updates since its answer."""

make = tuple.__new__
"""Makes a NamedTuple without a call in Python, of which every feedback would take one for each array of weights."""


class Notes(NamedTuple):
    """What an answer was given with."""

    weights: tuple[Any, ...]
    version: int
    """How many updates there had been."""
    number: int
    """Which answer it was, from 0."""


class LastHeard(NamedTuple):
    """A feedback that gradients came of."""

    gradients: Sequence[Any]
    """Array by array."""
    staleness: int
    """How late it was, in updates."""
    updates: int
    """How many there had been before it."""


class Parameters:
    """The weights of one worker: read-only arrays (or floats), replaced by every step.

    A step is all or nothing, over all arrays and rules: where one rule raises, no array has changed, and each rule
    remembers what it did before.

    Args:
        arrays: The weights to begin with: each an array, which is copied, or a float.
        rule: An update rule; every array gets a copy of its own. A number or a schedule is the rate of plain `SGD`.
            `Accumulate` around a rule takes one step for several tasks.
        policy: What a callback differentiates when its feedback is late. `"stash"`: the weights that gave the answer.
            `"live"`: those that an answer would be given with now, as in a careless implementation that keeps one set
            of weights. `"refuse"`: nothing; it raises `StaleFeedback`, and all is as before. Feedback that is not late
            means the same under all three.
    """

    def __init__(self, arrays: Iterable[Any], rule: Rule | Schedule | float = 0.1, *, policy: Policy = "stash") -> None:
        self.arrays: tuple[Any, ...] = tuple(map(_own, arrays))
        """Today's weights."""
        self.rules = [as_rule(rule) for _ in self.arrays]
        if policy not in get_args(Policy):
            raise ValueError(f"a policy is one of {', '.join(get_args(Policy))}, not {policy!r}")
        self.policy = policy
        self.updates = 0
        """How many steps the weights have taken. Where every rule leaves them the very same, it is none."""
        self.heard = 0
        """How many tasks have had their feedback, or word that there is none: what schedules count."""
        self.answered = 0
        """How many answers have been given."""
        self.last_heard: LastHeard | None = None
        """The last feedback that gradients came of, whether there was a step or it is kept for one."""
        self._sums = [rule for rule in self.rules if isinstance(rule, Accumulate)]
        all_rules = [within for rule in self.rules for within in _nested(rule)]
        if sum(isinstance(rule, Accumulate) for rule in all_rules) > len(self._sums):
            raise ValueError("Accumulate goes outermost, around all other rules, and not within another one")
        self._remembering = [rule for rule in all_rules if type(rule) is not SGD]
        passing = Rule.answer_with, Around.answer_with
        self._looks_ahead = any(type(rule).answer_with not in passing for rule in all_rules)
        self._watched: list[Sequence[Any]] | None = None

    @property
    def accumulate(self) -> int:
        """How many tasks make a step: 1, unless the rule is `Accumulate`."""
        return self._sums[0].tasks if self._sums else 1

    @property
    def kept(self) -> int:
        """How many tasks there are in an incomplete sum: none, unless the rule is `Accumulate`."""
        return len(self._sums[0].kept) + self._sums[0].silent if self._sums else 0

    def answer(self) -> Notes:
        """The weights to answer with, and what is to be noted with them."""
        notes = make(Notes, (self.offered if self._looks_ahead else self.arrays, self.updates, self.answered))
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
        """Learn from the feedback on the answer with these notes.

        `gradients` are with respect to each array of the notes' weights. They must be new arrays, which are the rule's
        from now on.
        """
        if self._watched is not None:
            self._watched.append(gradients)
            return
        staleness, tasks_before, number = self.updates - notes.version, self.heard, notes.number
        last_heard = make(LastHeard, (gradients, staleness, self.updates))
        today, arrays = self.arrays, []
        before = self._memories() if self._remembering else ()
        try:
            for rule, gradient, weights, weights_then in zip(self.rules, gradients, today, notes.weights, strict=True):
                new = rule.step(gradient, weights, make(Heard, (weights_then, staleness, tasks_before, number)))
                arrays.append(_as_before(new, weights))
            self.replace(arrays)
        except BaseException as error:
            self._take_back(before, today, last_heard.updates)
            if isinstance(error, RuntimeWarning):
                raise overflow("weights after this step", error) from None
            raise
        self.heard += 1
        self.last_heard = last_heard

    def hear_nothing(self) -> NoFeedback:
        """There is no feedback on one of the answers: the task is counted, and `NO_FEEDBACK` goes down."""
        if self._watched is None:
            if self._sums:
                each = zip(self._sums, self.arrays, strict=True)
                self._change(rule.hear_nothing(weights, self.heard) for rule, weights in each)
            self.heard += 1
        return NO_FEEDBACK

    def flush(self) -> int:
        """Take the step for an incomplete sum as it is, if there is one. Returns the number of its tasks."""
        kept = self.kept
        if kept:
            each = zip(self._sums, self.arrays, strict=True)
            self._change(rule.flush(weights, self.heard - 1) for rule, weights in each)
        return kept

    def start_run(self) -> None:
        """A run begins. An incomplete sum of an earlier one is dropped, with the warning `SumDropped`."""
        kept = self.kept
        for rule in self._sums:
            rule.drop()
        if kept:
            what = f"{kept} of {self.accumulate} tasks of an earlier run made no step, and are dropped"
            warnings.warn(SumDropped(f"{what}: call `Parameters.flush()` after a run to take that step"), stacklevel=2)

    def _change(self, new_arrays: Iterable[Any]) -> None:
        """Replace the arrays by what the rules make of them, one after another: all of them, or none."""
        before, today, updates = self._memories(), self.arrays, self.updates
        try:
            self.replace([_as_before(new, weights) for new, weights in zip(new_arrays, today, strict=True)])
        except BaseException as error:
            self._take_back(before, today, updates)
            if isinstance(error, RuntimeWarning):
                raise overflow("weights after this step", error) from None
            raise

    def put(self, arrays: Iterable[Any]) -> None:
        """Go on with other weights, of the same shapes and dtypes: copies of these. It is an update."""
        self._change(map(np.copy, arrays))

    def replace(self, arrays: list[Any]) -> None:
        """Put these arrays in the place of today's: an update, unless all of them are the very same."""
        # The first is looked at by itself, since in nearly every step it is new: that takes a seventh of the time.
        if arrays and arrays[0] is self.arrays[0] and all(map(is_, arrays, self.arrays)):
            return
        self.arrays = tuple(arrays)
        self.updates += 1

    def _memories(self) -> list[dict[str, Any]]:
        """What each rule remembers. A rule of another's making may change that in place, so it is copied."""
        return [vars(rule).copy() if type(rule) in BIND_ANEW else deepcopy(vars(rule)) for rule in self._remembering]

    def _take_back(self, memories: Sequence[dict[str, Any]], arrays: tuple[Any, ...], updates: int) -> None:
        """Be as before a step, and have each rule remember what it did."""
        self.arrays, self.updates = arrays, updates
        for rule, memory in zip(self._remembering, memories, strict=True):
            vars(rule).clear()
            vars(rule).update(memory)

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

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        for array in self.arrays:  # neither copies nor pickles of an array know that it is read-only
            if isinstance(array, np.ndarray):
                sealed(array)

    def __repr__(self) -> str:
        shapes = ", ".join(str(np.shape(array)) for array in self.arrays)
        kept = f", {self.kept} of {self.accumulate} tasks kept for the next" if self.kept else ""
        return f"<Parameters {shapes}: {self.updates} updates{kept}>"


def _own(weights: Any) -> Any:
    array = new_array(weights, "weights")
    return float(array) if isinstance(weights, (float, int)) else sealed(array)


def _nested(rule: Rule) -> Iterator[Rule]:
    """The rule, and those within it."""
    yield rule
    for part in vars(rule).values():
        if isinstance(part, Rule):
            yield from _nested(part)


def _as_before(new: Any, weights: Any) -> Any:
    """What a rule has made of the weights, closed to writing, and of the same shape and dtype."""
    if type(new) is type(weights) is np.ndarray:
        # The dot product is here, too, since a call in Python takes half as long as it does for most arrays.
        is_alike = new.shape == weights.shape and new.dtype is weights.dtype
        if is_alike and ((new.size <= ONE_THREAD and isfinite(vdot(new, new))) or all_finite(new)):
            new.setflags(write=False)
            return new
    elif type(new) is type(weights) is float and isfinite(new):
        return new
    is_number = type(weights) is float
    array = as_array(new, None if is_number else weights.dtype, "the rule's weights")
    if array.shape != np.shape(weights):
        raise WrongShape("the rule's weights", f" have shape {array.shape}, and had {np.shape(weights)}")
    if not all_finite(array):
        raise NotANumber("weights", " would have a NaN or an infinity in them after this step: it is not taken")
    return float(array) if is_number else sealed(array)
