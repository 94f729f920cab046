from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from office import Team, every
from office.study import Little, Occupancy, Stays, little, occupancy, utilisation
from tests.study.journals import clerk, made_up, run

END = 30


@st.composite
def any_stays(draw):
    moments = st.integers(0, END)
    pairs = draw(st.lists(st.tuples(moments, st.one_of(st.just(-1), moments)), max_size=12))
    pairs = [(begin, end) for begin, end in pairs if end == -1 or end >= begin]
    return Stays(*(np.array([pair[k] for pair in pairs], dtype=np.int64) for k in (0, 1)), END)


def stays(*pairs, end):
    return Stays(*(np.array(column) for column in zip(*pairs, strict=True)), end)


def test_the_count_goes_up_where_a_stay_begins_and_down_where_it_ends():
    found = occupancy(stays((2, 9), (4, 6), (6, 10), (10, -1), end=20))
    assert found.times.tolist() == [0, 2, 4, 9]
    assert found.counts.tolist() == [0, 1, 2, 1]
    assert (found.peak, found.area, found.mean) == (2, 2 + 10 + 11, Fraction(23, 20))
    assert found.shares.tolist() == [0.1, 0.65, 0.25]


def test_what_comes_and_goes_in_one_instant_is_not_seen():
    found = occupancy(stays((3, 3), (0, 0), end=5))
    assert (found.times.tolist(), found.counts.tolist(), found.peak) == ([0], [0], 0)


def test_a_run_that_takes_no_time_has_nothing_on_average():
    found, law = occupancy(stays((0, -1), end=0)), little(stays((0, -1), end=0))
    assert (found.mean, found.peak, found.shares.tolist()) == (0, 1, [0, 0])
    assert (law.mean_number, law.rate, law.mean_stay, law.holds) == (0, 0, 0, True)


@given(any_stays())
def test_at_every_time_there_are_those_that_have_begun_and_not_ended(found):
    steps = occupancy(found)
    assert steps.times[0] == 0
    for now in range(END):
        there = np.count_nonzero((found.begin <= now) & ((found.end < 0) | (found.end > now)))
        assert steps.counts[np.searchsorted(steps.times, now, side="right") - 1] == there


@given(any_stays())
def test_little_s_law_is_an_identity(found):
    law = little(found)
    assert law.holds
    assert law.mean_number == law.rate * law.mean_stay
    assert law.spent == sum((e if e >= 0 else END) - b for b, e in zip(found.begin, found.end, strict=True))


def test_little_s_law_does_not_hold_of_sides_that_do_not_belong_together():
    assert not Little(came=2, run_end=10, area=5, spent=6).holds


def test_an_area_that_no_64_bits_hold_is_exact_all_the_same():
    long = 2**60
    found = occupancy(stays(*[(0, -1)] * 64, end=long + 1))
    assert found.area == 64 * (long + 1)
    assert little(stays(*[(0, -1)] * 64, end=long + 1)).holds


def test_an_occupancy_until_a_time_is_the_same_up_to_then():
    one = Occupancy(np.array([0, 3, 7]), np.array([0, 2, 1]), 10)
    found = one.until(5)
    assert (found.times.tolist(), found.counts.tolist(), found.run_end) == ([0, 3], [0, 2], 5)
    assert found.area == 4
    assert one.until(20).area == one.area


def test_a_desk_is_as_busy_as_the_share_of_the_run_that_it_spends_at_work():
    result = run(
        Team([clerk("alex", answer_time="2ms"), clerk("bo", learn_time="1ms")], "team"), arrivals=every("10ms")
    )
    end = 2 * result.time
    assert utilisation(result.journal, end) == {
        "team": 0, "team/alex": Fraction(40 * 2_000_000, end), "team/bo": Fraction(40 * 1_000_000, end),
    }  # fmt: skip
    assert utilisation(result.journal)["team/alex"] == 2 * utilisation(result.journal, end)["team/alex"]


def test_a_desk_that_always_works_is_busy_all_the_time():
    journal = made_up([])
    journal.work["alex"] = [(1, 0, 3), (2, 3, 7)]
    assert utilisation(journal) == {"alex": 1}


def test_work_after_the_end_does_not_count():
    journal = made_up([])
    journal.work["alex"] = [(1, 0, 3), (2, 5, 10), (3, 10, 12)]
    assert utilisation(journal, 8) == {"alex": Fraction(6, 8)}


def test_in_a_run_that_takes_no_time_nobody_is_busy():
    assert utilisation(run(clerk("alex"), mail="", arrivals=every("0")).journal) == {"alex": 0}
