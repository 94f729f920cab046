"""How often messages overtake each other that are sent at random times and have independent delays."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["exponential_reordered_ratio", "poisson_reordered_ratio"]


def exponential_reordered_ratio(load: float) -> float:
    """The reordered ratio (RFC 4737, section 4.1) of a link with Poisson sends and exponential delays.

    `load` is ρ, the rate of sending times the mean delay. The ratio is 1 − ∫₀¹ x^ρ e^(ρ(1−x)) dx, which is 3 − e for
    ρ = 1: a message with delay t is in order if none of those sent after it comes before it, and of these there are
    Poisson(ρ(t − 1 + e⁻ᵗ)); x is e⁻ᵗ. The integral is Σ ρᵏ / ((ρ+1) (ρ+2) … (ρ+1+k)), an incomplete gamma function.
    """
    if not 0 <= load < float("inf"):
        raise ValueError(f"a load is a number from 0, not {load}")
    # The terms fall by more than k/(ρ+k) each: about exp(−k²/2ρ) together.
    k = np.arange(1, 64 + round(12 * sqrt(load)))
    return float(1.0 - (1.0 + np.cumprod(load / (load + 1.0 + k)).sum()) / (load + 1.0))


def poisson_reordered_ratio(delays: ArrayLike, rate: float) -> float:
    """The reordered ratio (RFC 4737) of a link with Poisson sends, from a sample of its delays, or from quantiles.

    `delays: (draws,)` in any unit, and `rate` messages in that unit of time. A message with delay t is in order if none
    of those sent after it arrives before it; of these there are Poisson(rate · G(t)), where G(t) is the integral of the
    distribution of delays up to t. So the ratio is 1 − E[exp(−rate · G(delay))]. Exponential delays have a closed form
    of their own, `exponential_reordered_ratio`. Raises `ValueError` without draws, or for a rate below zero.
    """
    draws = np.sort(np.asarray(delays, dtype=np.float64))
    if draws.ndim != 1 or not len(draws) or not rate >= 0:
        raise ValueError(f"delays are a list of draws, and a rate is a number from 0, not {rate}")
    below = np.searchsorted(draws, draws, side="left")
    sums = np.concatenate([[0.0], np.cumsum(draws)])
    integral = (below * draws - sums[below]) / len(draws)
    return float(1.0 - np.exp(-rate * integral).mean())
