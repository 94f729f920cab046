"""What every update rule is."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["Heard", "Rule"]


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


class Rule:
    """How weights follow from feedback. One of your own needs a `step`, and may have the others:

        class SignDescent(Rule):
            def __init__(self, rate):
                self.rate = rate

            def step(self, gradient, weights, heard):
                return weights - self.rate * np.sign(gradient)

    Each array of weights gets a copy of its own, so what a rule keeps between steps (a velocity) it keeps in `self`.
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
        """The weights to go by in the end, given today's: these, unless a rule keeps an average of them."""
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
