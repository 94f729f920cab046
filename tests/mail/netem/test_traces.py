import struct
from dataclasses import replace
from hashlib import sha256
from statistics import mean, pstdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import BadConditions, BadTime
from office.mail.netem import Conditions, Delay, conditions, trace
from office.mail.netem.chance import Chance
from office.mail.netem.traces import Recorded
from office.mail.netem.wire import Fates

waits = st.lists(st.integers(0, 10**6), max_size=40)


@given(waits, st.lists(st.integers(0, 12), max_size=9))
def test_blocks_of_any_size_give_the_same_times(times, sizes):
    delay = trace(times).delay
    place, left = delay.source(0, "bo.inbox", "delay"), list(times)
    for size in sizes:
        if size and not left:
            break
        assert delay.draw(place, size) == left[:size]
        del left[:size]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40))
def test_a_trace_knows_the_least_the_mean_and_the_standard_deviation_of_its_times(times):
    recorded = trace(times)
    assert recorded.least == recorded.delay.least == min(times)
    assert recorded.delay.time == pytest.approx(mean(times), abs=1)
    assert recorded.delay.jitter == pytest.approx(pstdev(times), abs=1.5)
    assert replace(recorded, reorder=conditions("delay 1ms reorder 1%").reorder).least == 0


@given(waits)
def test_times_may_be_numbers_words_or_an_array_of_whole_numbers(times):
    recorded = trace(times)
    assert recorded.only_delay
    assert trace([f"{time}ns" for time in times]) == recorded
    assert trace(tuple(times)) == recorded
    for kind in (np.int32, np.int64, np.uint64):
        assert trace(np.array(times, dtype=kind)) == recorded


@pytest.mark.parametrize(
    "times", [[1.0], np.array([1.0]), [True], np.array([True]), [-1], ["soon"], [None], [2**61], np.ones((2, 2), int)]
)
def test_what_is_no_time_is_refused(times):
    with pytest.raises(BadTime):
        trace(times)


def test_what_else_happens_may_be_in_words_or_put_in_later():
    assert trace([5, 6], "loss 1%") == replace(trace([5, 6]), loss=Chance(1.0)) != trace([5, 6])
    assert not trace([5, 6], "loss 1%").only_delay
    assert trace([5], "reorder 25%").reorder is not None
    for others in ("delay 5ms", "loss", "lost 1%"):
        with pytest.raises(BadConditions, match=others):
            trace([5], others)


def test_a_trace_is_written_down_with_how_many_times_there_are_and_a_digest_of_them():
    assert str(trace([])) == "delay recorded 0 times e3b0c442"  # the beginning of the SHA-256 of nothing
    digest = sha256(struct.pack("<2q", 20_000_000, 1_000_000)).hexdigest()
    assert str(trace(["20ms", "1ms"], "loss 1%")) == f"delay recorded 2 times {digest[:8]} loss 1%"


@given(waits, waits)
def test_the_digest_is_the_same_for_the_same_times_only(times, others):
    assert (str(trace(times)) == str(trace(others))) == (times == others) == (trace(times) == trace(others))


@pytest.mark.parametrize("others", ["", "loss 1%"])
def test_what_is_written_down_does_not_read_back_and_says_so(others):
    written = str(trace([1, 2], others))
    with pytest.raises(BadConditions, match="not which: pass trace") as caught:
        conditions(written)
    assert str(caught.value).startswith(f'"{written}": ')


def test_ordinary_delays_draw_from_their_links_own_stream():
    """So that an office without recorded delays stays what it was."""
    assert not isinstance(conditions("delay 5ms 1ms").delay, Recorded)
    delay = Delay(50, 10, "normal")
    source, other = (delay.source(3, "bo.inbox", "delay") for _ in range(2))
    assert delay.draw(source, 5) == delay.draw(other, 5)
    took = Fates(Conditions(delay), 3, "bo.inbox").took
    assert [next(took) for _ in range(5)] == delay.draw(delay.source(3, "bo.inbox", "delay"), 5)
