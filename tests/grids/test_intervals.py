from math import isnan, nan, sqrt

import numpy as np
import pytest
from scipy import stats

from office.grids import half_width, t_quantile


@pytest.mark.parametrize("share", [0.5, 0.9, 0.975, 0.9995])
def test_student_s_quantiles_are_scipy_s(share):
    for freedom in [*range(1, 40), 100, 1001]:
        assert t_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize(("share", "freedom"), [(0.4, 3), (1.0, 3), (0.9, 0)])
def test_what_is_no_quantile_is_refused(share, freedom):
    with pytest.raises(ValueError, match=r"a share is from 0\.5 to 1 and freedom from 1"):
        t_quantile(share, freedom)


def test_the_interval_of_numbers_is_scipy_s():
    values = np.random.default_rng(0).exponential(size=7)
    low, high = stats.ttest_1samp(values, 0.0).confidence_interval(0.9)
    assert half_width(values.tolist(), confidence=0.9) == pytest.approx((high - low) / 2)


def test_a_share_has_the_spread_over_seeds_and_that_of_the_test_set():
    shares = [0.7, 0.8, 0.9]
    sampling = stats.norm.ppf(0.975) * sqrt(0.8 * 0.2 / 50)
    assert half_width(shares, of=50) == pytest.approx(sqrt(half_width(shares) ** 2 + sampling**2))
    assert half_width([0.8], of=50) == half_width([0.8, 0.8], of=50) == pytest.approx(sampling)


def test_one_number_alone_and_one_that_is_not_finite_have_no_interval():
    assert isnan(half_width([0.8]))
    assert all(isnan(half_width([0.8, bad], of)) for bad in (nan, float("inf")) for of in (None, 50))


def covered(truth, runs, of=None):
    """In what share of the runs the interval has the truth in it; and four standard errors of that."""
    hits = [abs(np.mean(values) - truth) <= half_width(values, of) for values in runs.tolist()]
    return np.mean(hits), 4 * sqrt(0.05 * 0.95 / len(hits))


def test_intervals_of_numbers_cover_the_mean_in_95_runs_of_a_hundred():
    share, error = covered(3.0, np.random.default_rng(1).normal(3.0, 2.0, size=(1500, 4)))
    assert abs(share - 0.95) < error


@pytest.mark.parametrize("common", [True, False])
def test_intervals_of_shares_cover_what_the_test_set_was_drawn_from(common):
    rng, of, seeds, runs = np.random.default_rng(2), 100, 4, 600
    hard = rng.beta(2.0, 0.5, size=(runs, 1 if common else seeds, of))  # each image has a chance to be read rightly
    shares = (rng.random((runs, seeds, of)) < hard).mean(axis=2)
    share, error = covered(0.8, shares, of)
    assert share > 0.95 - error
    if common:
        assert covered(0.8, shares)[0] < 0.95 - 2 * error  # the spread over seeds alone would not do
