"""From the gradient at the weights of then to about that at those of now."""

from __future__ import annotations

from typing import Any

from office.work.rules.around import Around
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["DelayCompensation"]


class DelayCompensation(Around):
    """gradient ← gradient + strength · gradient² · (weights − then), for the rule within; or, with a `decay`,
    gradient ← gradient + strength / √(square + 1e-7) · gradient² · (weights − then), where before that
    square ← decay · square + (1 − decay) · gradient².

    Zheng et al., *Asynchronous Stochastic Gradient Descent with Delay Compensation* (DC-ASGD, arXiv 1609.08326): with a
    constant λ, and with an adaptive one. It is the first step of a Taylor series, in which strength · gradient² stands
    for the diagonal of the Hessian; who knows a better one overrides `hessian`. Feedback that is not late goes to the
    rule within as it is. `ValueError` for a negative strength, or a decay not from 0 to less than 1.
    """

    def __init__(self, rule: Rule | Schedule | float, strength: float = 0.04, decay: float | None = None) -> None:
        if not strength >= 0:
            raise ValueError(f"the strength of a compensation is zero or more, not {strength!r}")
        if decay is not None and not 0 <= decay < 1:
            raise ValueError(f"a decay is from 0 to less than 1, not {decay!r}")
        super().__init__(rule)
        self.strength = strength
        self.decay = decay
        self.square: Any = 0.0

    def hessian(self, gradient: Any, square: Any) -> Any:
        """The diagonal of the Hessian, or what stands for it; `square` is the usual size of the gradient squared."""
        strength = self.strength if self.decay is None else self.strength / (square + 1e-7) ** 0.5
        return strength * gradient * gradient

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """The step of the rule within, down the gradient as it would be now."""
        square = 0.0
        if self.decay is not None:
            square = self.decay * self.square + (1 - self.decay) * gradient * gradient
        if staleness:
            gradient = gradient + self.hessian(gradient, square) * (weights - then)
        new = self.rule.step(gradient, weights, then, staleness, heard)
        self.square = square
        return new
