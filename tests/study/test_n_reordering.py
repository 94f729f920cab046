import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.study import degree_of_n_reordering, extents, n_reordering
from tests.study.streams import copies, spread_out, streams


def by_the_definition(numbers):
    """RFC 4737, 5.3: the greatest n such that all j in [i - n, i) have s[j] > s[i], or 0."""
    return [
        max([n for n in range(1, i + 1) if all(numbers[j] > numbers[i] for j in range(i - n, i))], default=0)
        for i in range(len(numbers))
    ]


def test_a_packet_four_places_late_is_four_reordered():
    assert n_reordering([1, 2, 3, 5, 6, 7, 8, 4, 9, 10]).tolist() == [0, 0, 0, 0, 0, 0, 0, 4, 0, 0]  # RFC 4737, 7.1


def test_of_three_packets_overtaken_by_four_only_the_first_is_n_reordered():
    assert n_reordering([1, 2, 3, 7, 8, 9, 10, 4, 5, 6, 11]).tolist() == [0] * 7 + [4, 0, 0, 0]  # RFC 4737, 7.3


def test_a_reordered_packet_need_not_be_n_reordered():
    assert n_reordering([1, 2, 3, 4, 7, 5, 6, 8, 9, 10]).tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]  # RFC 4737, 7.2


def test_of_a_block_that_was_overtaken_only_the_first_is_n_reordered():
    assert n_reordering([1, 2, 3, 7, 8, 9, 4, 5, 6]).tolist() == [0, 0, 0, 0, 0, 0, 3, 0, 0]  # RFC 4737, 5.3


@given(streams)
def test_n_is_the_greatest_that_fits_the_definition(sequence):
    assert n_reordering(sequence).tolist() == spread_out(sequence, by_the_definition(copies(sequence)))


@given(streams)
def test_n_is_never_more_than_the_extent(sequence):
    assert (n_reordering(sequence) <= extents(sequence)).all()


@given(streams.filter(bool), st.integers(1, 5))
def test_the_degree_is_the_share_of_arrivals_that_are_n_reordered(sequence, n):
    found = by_the_definition(copies(sequence))
    assert degree_of_n_reordering(sequence, n) == sum(each >= n for each in found) / len(found)


def test_of_nothing_there_is_no_degree_and_none_for_n_of_0():
    assert math.isnan(degree_of_n_reordering([], 1))
    with pytest.raises(ValueError, match="n from 1"):
        degree_of_n_reordering([1, 2], 0)


def test_a_last_packet_that_everything_overtook_does_not_take_longer_than_sorting():
    # Where one walks back step by step, these take ten thousand million steps.
    everything = np.concatenate([np.arange(1, 100_001), -np.arange(1, 100_001)])
    assert n_reordering(everything)[100_000:].tolist() == list(range(100_000, 200_000))
