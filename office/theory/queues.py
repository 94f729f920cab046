"""Queues in closed form: how long tasks stay, and how many there are. Rates are in any unit of time, and so are times.

The queue of a server that is not faster than its tasks arrive grows for ever: that is a `ValueError`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "md1_wait",
    "mg_infinity_in_flight",
    "mm1_in_system",
    "mm1_number",
    "mm1_time",
]


def mm1_time(rate: float, service_rate: float) -> float:
    """M/M/1: the mean time in the system, 1 / (μ − λ)."""
    _checked_load(rate, service_rate)
    return 1.0 / (service_rate - rate)


def mm1_number(rate: float, service_rate: float) -> float:
    """M/M/1: how many are in the system on average, ρ / (1 − ρ)."""
    load = _checked_load(rate, service_rate)
    return load / (1.0 - load)


def mm1_in_system(rate: float, service_rate: float, largest: int) -> NDArray[np.float64]:
    """M/M/1: `(largest + 1,)`, the share of the time in which 0, 1, … `largest` are in the system.

    That is (1 − ρ) ρᵏ for each number k.

    Args:
        rate: λ, how many tasks arrive in a unit of time.
        service_rate: μ, how many tasks the server would do in a unit of time; above `rate`.
        largest: the largest number in the system whose share is given.
    """
    load = _checked_load(rate, service_rate)
    return (1.0 - load) * np.power(load, np.arange(largest + 1, dtype=np.float64))


def md1_wait(rate: float, service_rate: float) -> float:
    """M/D/1: the mean wait before service, ρ / (2μ (1 − ρ)); after Pollaczek and Khinchine."""
    load = _checked_load(rate, service_rate)
    return load / (2.0 * service_rate * (1.0 - load))


def mg_infinity_in_flight(load: float, largest: int) -> NDArray[np.float64]:
    """M/G/∞, delay and nothing else: `(largest + 1,)`, the share of the time in which 0, 1, … `largest` are under way.

    Poisson with mean ρ, the rate of sending times the mean delay, whatever the distribution of the delays.
    """
    if not 0 < load < float("inf"):
        raise ValueError(f"a load is a number above 0, not {load}")
    k = np.arange(1, largest + 1)
    return np.exp(np.concatenate([[0.0], np.cumsum(np.log(load) - np.log(k))]) - load)


def _checked_load(rate: float, service_rate: float) -> float:
    if not 0 <= rate < service_rate:
        raise ValueError(f"a server is faster than its tasks arrive, not {service_rate} where {rate} arrive")
    return rate / service_rate
