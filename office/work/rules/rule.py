"""What every update rule is."""

from __future__ import annotations

from typing import Any

__all__ = ["Rule"]


class Rule:
    """How weights follow from feedback. One of your own needs a `step`, and may have the others:

        class SignDescent(Rule):
            def __init__(self, rate):
                self.rate = rate

            def step(self, gradient, weights, then, staleness, heard):
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

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """The new weights: a new array, or a float where the weights are one. None of the arguments may be changed.

        `gradient` of the loss with respect to the weights `then`, which gave the answer; `weights` are today's,
        `staleness` updates later. `heard`: how many tasks had had their feedback, or word that there is none, before
        this one; it is what a schedule of the rate counts. A rule that returns `weights` itself takes no step: where
        those of all arrays do, it does not count as an update.
        """
        raise NotImplementedError
