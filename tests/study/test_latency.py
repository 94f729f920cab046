import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.study import Latency, latency, latency_by_link
from tests.study.journals import INBOX, OUTBOX, made_up, mark, run


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(0, 100))
def test_a_percentile_is_the_least_time_within_which_so_many_are_there(lengths, percent):
    least = min(
        length for length in lengths if 100 * sum(other <= length for other in lengths) >= percent * len(lengths)
    )
    assert Latency.of(np.array(lengths), (percent,)).percentiles == {percent: least}


def test_each_link_has_its_own_and_what_never_arrived_does_not_count():
    journal = made_up([(0, 5, INBOX, 1), (1, 8, INBOX, 2), (5, 6, OUTBOX, 1)], under_way=[(9, OUTBOX, 2)])
    latencies = latency_by_link(journal, "*box")
    assert list(latencies) == ["alex.inbox", "alex.outbox"]
    assert (latencies["alex.inbox"].count, latencies["alex.inbox"].mean) == (2, 6.0)
    assert latencies["alex.inbox"].percentiles == {0: 5, 50: 5, 90: 7, 99: 7, 100: 7}
    assert latencies["alex.outbox"].count == 1
    with pytest.raises(ValueError, match="no link is named"):
        latency_by_link(journal, "bo.*")


def test_of_several_copies_the_first_undamaged_one_counts_from_the_sending_of_the_original():
    rows = [(0, 3, INBOX, 1, mark(1, damaged=True)), (5, 9, INBOX, 1, mark(1, 1)), (6, 10, INBOX, 1, mark(1, 2))]
    latencies = latency(made_up(rows, lost=[(1, INBOX, 2, mark(2))]), "alex.inbox")
    assert (latencies.count, latencies.mean) == (1, 9.0)


def test_the_latency_of_a_link_without_mail_is_nothing():
    latencies = latency(made_up([]), "alex.inbox")
    assert (latencies.count, latencies.percentiles) == (0, {})
    assert math.isnan(latencies.mean)


def test_a_fixed_delay_is_every_percentile():
    for latencies in latency_by_link(run(mail="delay 7ms").journal).values():
        assert set(latencies.percentiles.values()) == {7_000_000}
