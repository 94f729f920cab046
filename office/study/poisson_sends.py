"""The order of arrivals on a link whose messages are sent at random times and take independent times."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["poisson_reordered_ratio"]


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
