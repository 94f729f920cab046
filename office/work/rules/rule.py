"""What an update rule is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple, TypeAlias

from office.errors import NotANumber
from office.work.arrays import all_finite

__all__ = ["Feedback", "Heard", "Rule", "added_up", "finite"]


class Heard(NamedTuple):
    """Which feedback a gradient follows from."""

    weights_then: Any
    """The array of weights that gave the answer; the gradient is with respect to these."""
    staleness: int = 0
    """How many updates there have been since the answer. In the field: τ."""
    tasks_before: int = 0
    """How many tasks had had their feedback, or word that there is none, before this one: what schedules count."""
    number: int = 0
    """Which answer it was, from 0."""


Feedback: TypeAlias = tuple[Any, Heard]
"""A gradient, and which feedback it follows from."""


class Rule:
    """How weights follow from feedback. One of your own needs a `step`, and may have the other methods:

        class SignDescent(Rule):
            def __init__(self, rate):
                self.rate = rate

            def step(self, gradient, weights, heard):
                return weights - self.rate * np.sign(gradient)

    Each array of weights gets a copy of its own, so a rule keeps in `self` what it remembers between steps (a
    velocity). Where a step fails, for any of the arrays, each rule is as it was before: attributes are copied for that.
    In the field: an optimizer.
    """

    def answer_with(self, weights: Any) -> Any:
        """The weights to answer with, given today's: these, unless a rule looks ahead."""
        return weights

    def differentiate_with(self, weights: Any, staleness: int) -> Any:  # noqa: ARG002
        """The weights at which a late callback differentiates under the policy `live`, given today's.

        They are those to answer with now, unless a rule corrects for the `staleness` updates since the answer.
        """
        return self.answer_with(weights)

    def average_of(self, weights: Any) -> Any:
        """The weights to use in the end, given today's: these, unless a rule keeps an average of them."""
        return weights

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The new weights: a new array, or a float where the weights are one. No argument may be changed.

        A rule that returns `weights` itself takes no step. If the rules of all arrays do so, it is no update.

        Args:
            gradient: Of the loss with respect to `heard.weights_then`, in their shape.
            weights: Today's, `heard.staleness` updates later.
            heard: Which feedback the gradient follows from.
        """
        raise NotImplementedError

    def step_of_several(self, feedbacks: Sequence[Feedback], weights: Any) -> Any:
        """The new weights after one step for several feedbacks, one or more: what `Accumulate` asks for.

        They come in the order of their answers. Unless a rule does otherwise, this is one step down the sum of the
        gradients, added up in that order, and `step` hears of the first of them: the weights and the staleness of the
        oldest answer. All of them have the same `tasks_before`.
        """
        return self.step(added_up(gradient for gradient, _ in feedbacks), weights, feedbacks[0][1])


def finite(number: Any, what: str) -> Any:
    """What a rule is to remember, as it is. Raises `NotANumber` for a NaN or an infinity in it, which would stick.

    Args:
        number: A float or an array.
        what: What errors speak of.
    """
    if not (math.isfinite(number) if isinstance(number, float) else all_finite(number)):
        raise NotANumber(what, " is too large after this step: it is not taken")
    return number


def added_up(gradients: Iterable[Any]) -> Any:
    """The sum from left to right; of one gradient, that gradient itself."""
    return reduce(add, gradients)
