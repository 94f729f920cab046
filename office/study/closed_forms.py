"""What theory says, to compare a run with. Rates are per any unit of time, and times are in that unit.

A server that is not faster than tasks come has a queue that grows for ever: that is a `ValueError`.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "exponential_reordered_ratio",
    "md1_wait",
    "mg_infinity_in_flight",
    "mm1_in_system",
    "mm1_number",
    "mm1_time",
]


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


def mm1_time(rate: float, service_rate: float) -> float:
    """M/M/1: the mean time in the system, 1 / (μ − λ)."""
    _checked_load(rate, service_rate)
    return 1.0 / (service_rate - rate)


def mm1_number(rate: float, service_rate: float) -> float:
    """M/M/1: how many are in the system on average, ρ / (1 − ρ)."""
    load = _checked_load(rate, service_rate)
    return load / (1.0 - load)


def mm1_in_system(rate: float, service_rate: float, most: int) -> NDArray[np.float64]:
    """M/M/1: `(most + 1,)`, the share of the time in which 0, 1, … `most` are in the system, (1 − ρ) ρᵏ."""
    load = _checked_load(rate, service_rate)
    return (1.0 - load) * np.power(load, np.arange(most + 1, dtype=np.float64))


def md1_wait(rate: float, service_rate: float) -> float:
    """M/D/1: the mean wait before service, ρ / (2μ (1 − ρ)); after Pollaczek and Khinchine."""
    load = _checked_load(rate, service_rate)
    return load / (2.0 * service_rate * (1.0 - load))


def mg_infinity_in_flight(load: float, most: int) -> NDArray[np.float64]:
    """M/G/∞, delay and nothing else: `(most + 1,)`, the share of the time in which 0, 1, … `most` are under way.

    Poisson with mean ρ, the rate of sending times the mean delay, whatever the distribution of the delays.
    """
    if not 0 < load < float("inf"):
        raise ValueError(f"a load is a number above 0, not {load}")
    k = np.arange(1, most + 1)
    return np.exp(np.concatenate([[0.0], np.cumsum(np.log(load) - np.log(k))]) - load)


def _checked_load(rate: float, service_rate: float) -> float:
    if not 0 <= rate < service_rate:
        raise ValueError(f"a server is faster than tasks come, not {service_rate} where there come {rate}")
    return rate / service_rate
