import numpy as np
import pytest
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
    counted = occupancy(stays((2, 9), (4, 6), (6, 10), (10, -1), end=20))
    assert counted.times.tolist() == [0, 2, 4, 9]
    assert counted.counts.tolist() == [0, 1, 2, 1]
    assert (counted.peak, counted.area, counted.mean) == (2, 2 + 10 + 11, 23 / 20)
    assert counted.shares.tolist() == [0.1, 0.65, 0.25]


def test_what_comes_and_goes_in_one_instant_is_not_seen():
    counted = occupancy(stays((3, 3), (0, 0), end=5))
    assert (counted.times.tolist(), counted.counts.tolist(), counted.peak) == ([0], [0], 0)


def test_a_run_that_takes_no_time_has_nothing_on_average():
    counted, law = occupancy(stays((0, -1), end=0)), little(stays((0, -1), end=0))
    assert (counted.mean, counted.peak, counted.shares.tolist()) == (0, 1, [0, 0])
    assert (law.mean_number, law.rate, law.mean_stay, law.holds) == (0, 0, 0, True)


@given(any_stays())
def test_at_every_time_there_are_those_that_have_begun_and_not_ended(some_stays):
    steps = occupancy(some_stays)
    assert steps.times[0] == 0
    for now in range(END):
        present = np.count_nonzero((some_stays.begin <= now) & ((some_stays.end < 0) | (some_stays.end > now)))
        assert steps.counts[np.searchsorted(steps.times, now, side="right") - 1] == present


@given(any_stays())
def test_little_s_law_is_an_identity(some_stays):
    law = little(some_stays)
    assert law.holds
    assert law.mean_number == pytest.approx(law.rate * law.mean_stay)
    assert law.spent == sum((e if e >= 0 else END) - b for b, e in zip(some_stays.begin, some_stays.end, strict=True))


def test_little_s_law_does_not_hold_of_sides_that_do_not_belong_together():
    assert not Little(came=2, run_end=10, area=5, spent=6).holds


def test_an_area_that_no_64_bits_hold_is_exact_all_the_same():
    long = 2**60
    counted = occupancy(stays(*[(0, -1)] * 64, end=long + 1))
    assert counted.area == 64 * (long + 1)
    assert little(stays(*[(0, -1)] * 64, end=long + 1)).holds


def test_an_occupancy_until_a_time_is_the_same_up_to_then():
    whole = Occupancy(np.array([0, 3, 7]), np.array([0, 2, 1]), 10)
    counted = whole.until(5)
    assert (counted.times.tolist(), counted.counts.tolist(), counted.run_end) == ([0, 3], [0, 2], 5)
    assert counted.area == 4
    assert whole.until(20).area == whole.area


def test_a_desk_is_as_busy_as_the_share_of_the_run_that_it_spends_at_work():
    result = run(
        Team([clerk("alex", answer_time="2ms"), clerk("bo", learn_time="1ms")], "team"), arrivals=every("10ms")
    )
    end = 2 * result.time
    busy = {desk: utilisation(result.journal, desk, end) for desk in ("team", "team/alex", "team/bo")}
    assert busy == {"team": 0.0, "team/alex": 40 * 2_000_000 / end, "team/bo": 40 * 1_000_000 / end}
    assert utilisation(result.journal, "team/alex") == 2 * busy["team/alex"]


def test_a_desk_that_always_works_is_busy_all_the_time():
    journal = made_up([])
    journal.work["alex"] = [(1, 0, 3), (2, 3, 7)]
    assert utilisation(journal, "alex") == 1.0


def test_work_after_the_end_does_not_count():
    journal = made_up([])
    journal.work["alex"] = [(1, 0, 3), (2, 5, 10), (3, 10, 12)]
    assert utilisation(journal, "alex", 8) == 6 / 8


def test_in_a_run_that_takes_no_time_no_desk_is_busy():
    assert utilisation(run(clerk("alex"), mail="", arrivals=every("0")).journal, "alex") == 0.0
