import math

import pytest
from hypothesis import given

from office.study import reordering_free_runs
from tests.study.streams import copies, streams


def by_the_pseudo_code(numbers):
    """RFC 4737, 4.6.3: what it counts while packets arrive."""
    r = x = p = a = q = 0
    next_expected = -math.inf
    for s in numbers:
        p += 1
        if s >= next_expected:
            next_expected = s + 1
            r += 1
            a += 1
        else:
            q += r * r
            r = 0
            x += 1
    return x, q, p, a


@pytest.mark.parametrize(
    ("lengths", "q", "variation"), [([11, 11, 11], 363, 1.0), ([1, 1, 31], 963, 2.65), ([31, 1, 1], 963, 2.65)]
)
def test_the_runs_of_36_packets_vary_as_the_rfc_says(lengths, q, variation):
    sequence = []  # RFC 4737, 4.6.4: 36 packets, three runs of these lengths
    for length in lengths:
        sequence += [*range(100 * len(sequence) + 2, 100 * len(sequence) + 2 + length), len(sequence) - 40]
    runs = reordering_free_runs(sequence)
    assert runs.lengths.tolist() == lengths
    assert (runs.p, runs.x, runs.a, runs.q, runs.mean) == (36, 3, 33, q, 11.0)
    assert round(runs.variation, 2) == variation


def test_the_runs_between_two_discontinuities_are_those_of_the_rfc():
    sequence = [1, 2, 3, 6, 7, 4, 5, 8, 9, 10, 12, 13, 11, 14, 15, 16]  # RFC 4737, 7.4
    assert reordering_free_runs(sequence).lengths.tolist() == [5, 0, 5]


def test_every_reordered_arrival_ends_a_run_which_may_be_empty():
    runs = reordering_free_runs([1, 2, 3, 7, 8, 9, 4, 5, 6, 10])  # RFC 4737, 5.3, and one more
    assert runs.lengths.tolist() == [6, 0, 0]
    assert (runs.x, runs.q, runs.p, runs.a) == (3, 36, 10, 7)
    assert runs.mean == 7 / 3
    assert math.isclose(runs.variation, (36 / 7) / (7 / 3))


def test_runs_of_one_length_do_not_vary():
    assert reordering_free_runs([2, 1, 4, 3, 6, 5]).variation == 1.0


def test_without_reordering_no_run_ends():
    runs = reordering_free_runs([1, 2, 3])
    assert (runs.x, runs.q, runs.p, runs.a) == (0, 0, 3, 3)
    assert math.isnan(runs.mean)
    assert math.isnan(runs.variation)


@given(streams)
def test_runs_are_what_the_pseudo_code_counts(sequence):
    runs = reordering_free_runs(sequence)
    assert (runs.x, runs.q, runs.p, runs.a) == by_the_pseudo_code(copies(sequence))
    assert runs.q == sum(length**2 for length in runs.lengths.tolist())
