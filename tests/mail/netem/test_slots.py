from collections import defaultdict
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import BadConditions
from office.mail.netem import stream
from office.mail.netem.delays import SHAPES, Delay
from office.mail.netem.slots import Slots, SlotTimes
from office.mail.netem.words import Words

rooms = st.none() | st.integers(1, 5)
sizes = st.none() | st.integers(1, 50)


@st.composite
def slots(draw, longest=30):
    """Slots that open after a while each."""
    first, more = draw(st.integers(1, longest)), draw(st.integers(0, longest))
    shape = draw(st.sampled_from(["", *SHAPES]))
    if shape and Delay(first, more, shape).least == 0:
        first += 5 * more
    return Slots(first, more if shape else first + more, shape, draw(rooms), draw(sizes))


waits = st.lists(st.tuples(st.integers(-10, 40), st.integers(0, 30)), max_size=40)


def rng():
    return stream(0, "slot")


def left(slots, mail):
    """(when ready, how many bytes, when it left) of each message."""
    times, now, leave_times = SlotTimes(slots, rng()), 0, []
    for wait, size in mail:
        now = max(0, now + wait)
        leave_times.append((now, size, times.leave(now, now, size)))
    return leave_times


@given(slots(), waits)
def test_no_message_leaves_before_it_is_ready(slots, mail):
    assert all(time >= ready for ready, _, time in left(slots, mail))


@given(slots(), waits)
def test_messages_keep_their_order(slots, mail):
    assert all(earlier <= later for (*_, earlier), (*_, later) in pairwise(left(slots, mail)))


@given(slots(), waits)
def test_a_slot_has_room_for_so_many_messages_and_for_bytes_until_they_are_used_up(slots, mail):
    by_slot = defaultdict(list)
    for _, size, time in left(slots, mail):
        by_slot[time].append(size)
    for sent in by_slot.values():
        assert slots.packets is None or len(sent) <= slots.packets
        assert slots.bytes is None or sum(sent[:-1]) < slots.bytes


@given(slots(), waits)
def test_no_message_lets_a_slot_go_by_that_has_room(slots, mail):
    by_slot, opened = {0: []}, 0
    for ready, size, time in left(slots, mail):
        if ready <= opened < time:
            sent = by_slot[opened]
            assert len(sent) == slots.packets or (slots.bytes is not None and sum(sent) >= slots.bytes)
        by_slot.setdefault(time, []).append(size)
        opened = time


@given(st.integers(1, 1000), st.integers(0, 1000), st.integers(1, 300))
def test_gaps_are_from_the_least_to_the_most(least, more, count):
    gaps = list(islice(Slots(least, least + more).gaps(rng()), count))
    assert min(gaps) >= least
    assert max(gaps) <= least + more
    assert {type(gap) for gap in gaps} == {int}


def test_gaps_are_uniform():
    gaps = np.array(list(islice(Slots(1000, 3000).gaps(rng()), 100_000)))
    assert abs(gaps.mean() - 2000) < 5 * gaps.std() / 100_000**0.5
    assert abs(gaps.std() - 2000 / 12**0.5) < 5
    assert gaps.min() < 1010
    assert gaps.max() > 2990


@pytest.mark.parametrize("shape", SHAPES)
def test_gaps_of_a_distribution_are_delays_and_none_is_nothing(shape):
    slots = Slots.read(Words(f"distribution {shape} 100us 20us"))
    gaps = list(islice(slots.gaps(rng()), 5000))
    assert gaps == Delay(100_000, 20_000, shape).draw(rng(), 5000)
    assert min(gaps) >= 1


def test_slots_that_open_one_by_one_send_two_at_a_time():
    slots = Slots.read(Words("10ns packets 2"))
    assert [time for *_, time in left(slots, [(0, 1)] * 5)] == [0, 0, 10, 10, 20]
    assert [time for *_, time in left(slots, [(1, 1), (0, 1), (0, 1), (25, 1)])] == [11, 11, 21, 36]


def test_the_message_that_uses_up_the_bytes_still_goes():
    slots = Slots.read(Words("10ns bytes 10"))
    assert [time for *_, time in left(slots, [(0, 4), (0, 4), (0, 4), (0, 4), (0, 99), (0, 0)])] == [
        0,
        0,
        0,
        10,
        10,
        20,
    ]


def test_bytes_that_are_used_up_to_the_last_are_used_up():
    slots = Slots.read(Words("10ns bytes 10"))
    assert [time for *_, time in left(slots, [(0, 4), (0, 6), (0, 0)])] == [0, 0, 10]


def test_slots_of_no_limit_hold_everything():
    assert {time for *_, time in left(Slots(10, 10), [(3, 10**6), *[(0, 10**6)] * 50])} == {13}


@given(slots(10**6))
def test_slots_written_down_read_back(slots):
    assert Slots.read(Words(str(slots))) == slots


@pytest.mark.parametrize(
    "text",
    [
        "5ms",
        "5ms 10ms",
        "800us 1ms packets 3",
        "5ms bytes 1500",
        "5ms packets 3 bytes 1500",
        "distribution normal 5ms 1ms",
    ],
)
def test_slots_are_written_as_they_are_read(text):
    assert str(Slots.read(Words(text))) == text


@given(st.permutations(["packets 3", "bytes 99"]))
def test_limits_of_slots_stand_in_either_order(limits):
    assert Slots.read(Words(f"5ms {' '.join(limits)}")) == Slots(5_000_000, 5_000_000, "", 3, 99)


def test_the_shortest_slots_cost_no_more_than_the_longest():
    assert left(Slots(1, 1), [(10**15, 1)] * 20)[-1] == (20 * 10**15, 1, 20 * 10**15 + 1)


@pytest.mark.parametrize("text", ["", "0s", "5ms 1ms", "5ms packets 0", "5ms bytes x", "distribution x 5ms 1ms", "5xs"])
def test_slots_that_cannot_be_read_say_so(text):
    with pytest.raises(BadConditions):
        Slots.read(Words(text))
