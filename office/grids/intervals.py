"""How near a mean is likely to be to what it estimates."""

from __future__ import annotations

from math import cos, inf, isfinite, nan, pi, sin, sqrt, tan
from statistics import NormalDist, fmean, stdev

__all__ = ["half_width", "t_quantile"]


def t_quantile(share: float, freedom: int) -> float:
    """Student's t: what a deviate of so many degrees of freedom stays below with that probability, from 0.5 to 1.

    By bisection of the distribution, which for whole degrees of freedom is a finite sum in θ = atan(t / √freedom):
    M. Abramowitz & I. A. Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
    """
    if not 0.5 <= share < 1 or freedom < 1:
        raise ValueError(f"a share is from 0.5 to 1 and freedom from 1, not {share} and {freedom}")
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        if (1 + _within(middle, freedom)) / 2 < share:
            low = middle
        else:
            high = middle
    return sqrt(freedom) * tan(high)


def half_width(values: list[float], of: int | None = None, confidence: float = 0.95) -> float:
    """Half the confidence interval of the mean of independent `values`, such as one a seed: t s / √n.

    NaN for a single value, which says nothing of its spread, and where a value is not finite; infinite where it is too
    large for a float.

    With `of`, the interval is for all that the test set was drawn from. The mean has the variance s² / n + p (1 −
    p) / of, if all values come from one test set: p (1 − p) / of is the most that the choice of its members can
    add. If each has a test set of its own, s² has that in it already, and the interval is wider than need be. For a
    single value there is the second term alone. Either term has its own quantile, Student's t with n − 1 degrees of
    freedom and the normal, and the half widths add up as squares: W. G. Howe, Approximate confidence limits on the
    mean of X + Y where X and Y are two tabled independent random variables (Journal of the American Statistical
    Association, 1974). The second term is Wald's, too small where p is so near 0 or 1 that only a few are wrong or
    right.

    Args:
        values: the numbers, or shares: means of things that are 0 or 1.
        of: the size of the test set, where the values are shares of it.
        confidence: how probable it is that the interval covers what the mean estimates.
    """
    n, share = len(values), (1 + confidence) / 2
    if not all(map(isfinite, values)) or (n == 1 and of is None):
        return nan
    try:
        over_seeds = t_quantile(share, n - 1) * stdev(values) / sqrt(n) if n > 1 else 0.0
    except OverflowError:
        return inf
    if of is None:
        return over_seeds
    p = fmean(values)
    return sqrt(over_seeds**2 + NormalDist().inv_cdf(share) ** 2 * p * (1 - p) / of)


def _within(angle: float, freedom: int) -> float:
    """The probability A(t|ν) of a deviate between −t and t, where t is √ν tan(angle)."""
    odd = freedom % 2
    term, total = sin(angle) * cos(angle) ** odd, 0.0
    for power in range(odd, freedom - 1, 2):
        total += term
        term *= cos(angle) ** 2 * (power + 1) / (power + 2)
    return (angle + total) * 2 / pi if odd else total
