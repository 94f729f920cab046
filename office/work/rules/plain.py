"""Plain descent, momentum and Adam."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np

from office.described import described
from office.work.real_numbers import real_from
from office.work.rules.rule import Heard, Rule, finite
from office.work.schedules import Schedule, as_schedule

__all__ = ["SGD", "Adam", "Momentum", "as_rule"]


class SGD(Rule):
    """weights ← weights − rate · gradient (Robbins & Monro, *A Stochastic Approximation Method*, 1951).

    `rate` is a number or a schedule. Raises `ValueError` for a negative one or a NaN.
    """

    def __init__(self, rate: float | Schedule = 0.1) -> None:
        self.rate = as_schedule(rate, "the learning rate")
        self.constant = None if callable(rate) else self.rate(0)
        """The rate, where it is the same for every task."""

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """One step down the gradient, however late it is."""
        rate = self.constant
        return weights - (self.rate(heard.tasks_before) if rate is None else rate) * gradient


class Momentum(Rule):
    """velocity ← momentum · velocity + gradient; weights ← weights − rate · velocity.

    As in PyTorch's SGD. `momentum` from 0 to less than 1, `rate` a number or a schedule; `ValueError` for others.
    In the field: heavy ball (Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964).
    """

    def __init__(self, rate: float | Schedule = 0.1, momentum: float = 0.9) -> None:
        self.rate = as_schedule(rate, "the learning rate")
        self.momentum = real_from(momentum, "momentum is from 0 to less than 1", below=1)
        self.velocity: Any = 0.0

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The gradient moves the velocity, and the velocity the weights."""
        rate = self.rate(heard.tasks_before)
        self.velocity = self.momentum * self.velocity + gradient
        return weights - rate * self.velocity


class Adam(Rule):
    """mean ← β₁·mean + (1 − β₁)·gradient; square ← β₂·square + (1 − β₂)·gradient²;
    weights ← weights − rate · (mean / (1 − β₁ᵗ)) / (√(square / (1 − β₂ᵗ)) + epsilon), at step t = 1, 2, …

    Kingma & Ba, *Adam: A Method for Stochastic Optimization* (arXiv 1412.6980), algorithm 1.

    Args:
        rate: The learning rate: a number, or a schedule of the count of tasks.
        betas: β₁ and β₂, how slowly the mean and the square forget: each from 0 to less than 1.
        epsilon: Added to the root of the square: zero or more.
    """

    def __init__(
        self, rate: float | Schedule = 0.001, betas: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8
    ) -> None:
        if len(betas) != 2:
            raise ValueError(f"betas are two numbers from 0 to less than 1, not {betas!r}")
        self.rate = as_schedule(rate, "the learning rate")
        first, second = (real_from(beta, "betas are two numbers from 0 to less than 1", below=1) for beta in betas)
        self.betas = first, second
        self.epsilon = real_from(epsilon, "epsilon is zero or more")
        self.steps = 0
        self.mean: Any = 0.0
        self.square: Any = 0.0

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """Each weight moves by its mean gradient in units of its usual size."""
        rate = self.rate(heard.tasks_before)
        self.steps += 1
        first, second = self.betas
        self.mean = first * self.mean + (1 - first) * gradient
        self.square = finite(second * self.square + (1 - second) * gradient * gradient, "the square of the gradients")
        mean, square = self.mean / (1 - first**self.steps), self.square / (1 - second**self.steps)
        return weights - rate * mean / (square**0.5 + self.epsilon)


def as_rule(rule: Rule | Schedule | float) -> Rule:
    """A rule with nothing remembered yet: a copy of the one given, or `SGD` with the rate or the schedule given.

    Raises `TypeError` for anything else.
    """
    given: Any = rule
    if isinstance(given, type) or not (callable(given) or isinstance(given, (Rule, float, int, np.number, np.ndarray))):
        raise not_a_rule(given)
    return deepcopy(rule) if isinstance(rule, Rule) else SGD(rule)


def not_a_rule(given: Any) -> TypeError:
    """The error for what is neither a rule nor a rate."""
    is_ours = isinstance(given, type) and issubclass(given, Rule)
    advice = f"{given.__name__}()" if is_ours else "Momentum(0.1), Adam(0.001), or a rate such as 0.1"
    return TypeError(f"a rule is one of the office's, or a learning rate, not {described(given)}:\nwrite {advice}")
