from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import (
    NO_FEEDBACK,
    Affine,
    Chain,
    Client,
    Discard,
    Journal,
    Linear,
    Parameters,
    Team,
    Worker,
    every,
    in_sequence,
    maximum,
    simulate,
)
from office.desks import FEEDBACK_FROM_ABOVE
from office.engines.instruments import WatchedDesk, worker_desk
from office.journal import Learnt
from office.study import staleness
from tests.study.journals import ROUGH, clerk, learner


class Noting(Linear):
    """Notes for itself how many updates there were between each answer and the feedback on it."""

    def __init__(self, rule=0.1):
        super().__init__(np.zeros(1), 0.0, rule)
        self.late = []

    def __call__(self, inputs):
        then = self.parameters.updates
        output, handle_feedback = super().__call__(inputs)

        def noted(feedback):
            if feedback is not NO_FEEDBACK:
                self.late.append((self.parameters.updates - then, self.parameters.updates))
            return handle_feedback(feedback)

        return output, noted


def run(chart, mail="delay 10ms 9ms", tasks=40):
    client = Client([(np.ones((1, 1)), None)] * tasks, lambda *_: (0.0, np.ones(1)), arrivals=every("3ms"))
    return simulate(chart, client, mail=mail).journal


def watched(estimator):
    """The desk of a worker, and what it is found to have learnt."""
    desk = worker_desk("alex", estimator)
    desk.watch([], SimpleNamespace(now=0))
    return desk, desk.learnt


@given(st.sampled_from(ROUGH))
def test_the_journal_has_what_the_weights_themselves_counted(mail):
    alex = Noting()
    journal = run(Worker(alex, "alex"), mail)
    assert [(row.staleness, row.updates) for row in journal.learnt["alex"]] == alex.late
    assert staleness(journal, "alex").tolist() == [late for late, _ in alex.late]


def test_it_names_the_task_and_comes_back_from_a_file(tmp_path):
    journal = run(Worker(Noting(), "alex"))
    heard = journal.mail.task[journal.mail.link == journal.place_of("alex.feedback_from_above")]
    assert [row.task_id for row in journal.learnt["alex"]] == heard.tolist()
    journal.save(tmp_path / "journal")
    again = Journal.load(tmp_path / "journal")
    assert (again.learnt, again.head) == (journal.learnt, journal.head)
    assert staleness(again, "alex").tolist() == staleness(journal, "alex").tolist()


def test_word_that_there_is_no_feedback_is_nothing_to_learn_from():
    team = Team([Worker(Noting(), "alex"), Worker(Noting(), "bo")], "team", combine=maximum)
    journal = run(team, "delay 10ms")
    learnt = [len(journal.learnt[desk]) for desk in ("team/alex", "team/bo")]
    assert sum(learnt) == 40
    assert staleness(journal, "team").max() > 0


def test_what_a_rule_discards_was_late_and_was_no_update():
    alex = Noting(Discard(0.1, 2))
    journal = run(Worker(alex, "alex"), "delay 10ms 9ms")
    late = staleness(journal, "alex")
    assert (late > 2).any()
    assert alex.parameters.updates == np.count_nonzero(late <= 2)


def test_feedback_that_is_refused_is_not_written_down():
    desk, notes = watched(Noting())
    desk.do_task(1, np.ones((1, 1)))
    with pytest.raises(Exception, match="alex: feedback for task 1"):
        desk.read(FEEDBACK_FROM_ABOVE, 1, np.array([np.nan]))
    assert notes == []
    desk.read(FEEDBACK_FROM_ABOVE, 1, np.ones(1))
    assert notes == [Learnt(0, 1, 0, 0, 1.0, 0.0)]


@given(st.sampled_from(ROUGH), st.integers(0, 5))
def test_it_says_how_large_the_feedback_was_and_what_was_passed_down(mail, seed):
    rng, heard, passed = np.random.default_rng(seed), {}, {}

    class Listening(Linear):
        def __call__(self, inputs):
            output, handle_feedback = super().__call__(inputs)
            task = int(inputs[0, 0])

            def listen(feedback):
                if feedback is NO_FEEDBACK:
                    return handle_feedback(feedback)
                heard[task] = np.sqrt(np.mean(feedback**2))
                re_inputs = handle_feedback(feedback)
                passed[task] = np.sqrt(np.mean(re_inputs**2))
                return re_inputs

            return output, listen

    tasks = [(np.array([[float(task), 1.0], [2.0, 3.0]]), None) for task in range(20)]
    client = Client(tasks, lambda *_: (0.0, rng.normal(size=2)), arrivals=every("3ms"))
    learnt = simulate(Worker(Listening([0.1, 0.2], 0.0), "alex"), client, mail=mail).journal.learnt["alex"]
    assert {row.task_id: row.from_above for row in learnt} == pytest.approx(heard)
    assert {row.task_id: row.to_below for row in learnt} == pytest.approx(passed)


def test_what_one_department_passes_down_is_what_the_one_below_learns_from():
    chart = Chain([Worker(Affine(np.full((2, 2), 0.1 * k), np.zeros(2)), f"s{k}") for k in (1, 2, 3)])
    client = Client([(np.ones((1, 2)), None)] * 9, lambda output, _: (0.0, output), arrivals=every("3ms"))
    learnt = simulate(chart, client, mail="delay 10ms 9ms").journal.learnt
    for below, above in (("s1", "s2"), ("s2", "s3")):
        heard = {row.task_id: row.from_above for row in learnt[below]}
        assert heard == {row.task_id: row.to_below for row in learnt[above]} != {}


def test_feedback_that_is_no_number_has_no_size():
    weights = Parameters([0.0], 1.0)

    def estimator(task):
        notes = weights.answer()
        return task, lambda feedback: weights.learn([1.0], notes) or NO_FEEDBACK

    desk, notes = watched(estimator)
    desk.do_task(1, "a word")
    desk.read(FEEDBACK_FROM_ABOVE, 1, "well done")
    assert notes == [Learnt(0, 1, 0, 0, None, None)]


def test_two_desks_with_the_same_weights_make_each_other_s_feedback_late():
    alex = Noting()
    chart = Team([Worker(alex, "alex"), Worker(in_sequence(alex), "bo")], "team")  # one of them wrapped
    journal = run(chart, "delay 10ms")
    updates = sorted(row.updates for desk in ("team/alex", "team/bo") for row in journal.learnt[desk])
    assert updates == list(range(80))
    assert run(chart, "delay 10ms").learnt.keys() == journal.learnt.keys()


def test_a_worker_without_weights_has_a_plain_desk_whatever_it_is_made_of():
    for estimator in (clerk("alex").estimator, Mock(), Mock(return_value=(1, 2)), lambda task: task):
        assert type(worker_desk("alex", estimator)) is not WatchedDesk
    assert type(worker_desk("alex", learner("alex").estimator)) is WatchedDesk
