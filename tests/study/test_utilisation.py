from fractions import Fraction

from office import Team, every
from office.study import utilisation
from tests.study.journals import clerk, made_up, run


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
