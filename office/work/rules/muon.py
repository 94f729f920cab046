"""Descent in which every direction of a table of weights has a step of the same length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from office.counts import is_count
from office.work.protocols import Array2d
from office.work.real_numbers import real_from
from office.work.rules.plain import Adam, as_rule
from office.work.rules.rule import Feedback, Heard, Rule
from office.work.schedules import Schedule, as_schedule

__all__ = ["Muon", "orthogonalised"]

A, B, C = 3.4445, -4.7750, 2.0315


class Muon(Rule):
    """memory ← momentum · memory + gradient;
    weights ← weights − rate · √max(1, outputs / columns) · orthogonalised(gradient + momentum · memory).

    Jordan et al., *Muon: An optimizer for hidden layers in neural networks*, 2024 (kellerjordan.github.io/posts/muon).
    For arrays of two axes, `(columns, outputs)` as those of `Affine`; all others, biases for one, learn by the rule for
    `others`, as that page says. Its last layer is to do so, too: give that worker another rule.

    Args:
        rate: The learning rate: a number, or a schedule of the count of tasks.
        momentum: From 0 to less than 1.
        iterations: How many steps of the iteration in `orthogonalised` to take.
        others: The rule for arrays that are no tables, or the rate of plain `SGD`. None: Adam as that page has it.
    """

    def __init__(
        self,
        rate: float | Schedule = 0.02,
        momentum: float = 0.95,
        iterations: int = 5,
        others: Rule | Schedule | float | None = None,
    ) -> None:
        self.rate = as_schedule(rate, "the learning rate")
        self.momentum = real_from(momentum, "momentum is from 0 to less than 1", below=1)
        if not is_count(iterations, 0):
            raise ValueError(f"iterations are a whole number from 0, not {iterations!r}")
        self.iterations = int(iterations)
        self.others = as_rule(Adam(0.0003, (0.9, 0.95), 1e-10) if others is None else others)
        self.memory: Any = 0.0

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The same way along every direction in which the gradient has been going."""
        if np.ndim(weights) != 2:
            return self.others.step(gradient, weights, heard)
        rate = self.rate(heard.tasks_before) * max(1, weights.shape[1] / weights.shape[0]) ** 0.5
        self.memory = self.momentum * self.memory + gradient
        return weights - rate * orthogonalised(gradient + self.momentum * self.memory, self.iterations)

    def step_of_several(self, feedbacks: Sequence[Feedback], weights: Any) -> Any:
        """One step on the sum of the gradients, unless the rule for others has a way of its own."""
        if np.ndim(weights) != 2:
            return self.others.step_of_several(feedbacks, weights)
        return super().step_of_several(feedbacks, weights)


def orthogonalised(table: Array2d, iterations: int = 5) -> Array2d:
    """A table with the same directions, its singular values all near 1 (from 0.7 to 1.2): X ← AX + (BXXᵀ + C(XXᵀ)²)X.

    In the field: a Newton-Schulz iteration for the polar factor, with coefficients that are after speed.
    """
    is_wide = table.shape[0] <= table.shape[1]
    wide = table if is_wide else table.T
    with np.errstate(over="ignore"):
        length = np.linalg.norm(wide)
    if not math.isfinite(length):  # its square is too large
        wide = wide / np.abs(wide).max()
        length = np.linalg.norm(wide)
    polar = wide / (length + 1e-7)
    for _ in range(iterations):
        square = polar @ polar.T
        polar = A * polar + (B * square + C * square @ square) @ polar
    return polar if is_wide else polar.T
