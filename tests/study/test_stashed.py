import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Affine, Chain, Client, Linear, Worker, every, in_sequence, relu, simulate, squared_error
from office.study import learners, staleness, stashed
from tests.study.journals import learner

MAILS = ["", "delay 10ms", "delay 10ms 8ms", "delay 10ms 10ms distribution exponential"]


def run(chart, mail="", tasks=40, **client):
    return simulate(chart, Client([(1.0, None)] * tasks, lambda *_: (0.0, 1.0), **client), mail=mail).journal


@given(st.sampled_from(MAILS), st.sampled_from([None, 1, 2, 7]))
def test_a_version_is_kept_while_there_is_feedback_to_come_on_an_answer_given_with_it(mail, in_flight):
    journal = run(learner("alex"), mail, arrivals=every("3ms"), in_flight=in_flight)
    heard = [(updates - late, updates) for _, _, late, updates, *_ in journal.learnt["alex"]]
    kept = [
        len({version for version, when in heard if version < updates <= when})
        for _, updates in heard
    ]  # fmt: skip
    assert stashed(journal, "alex").versions.tolist() == kept


@pytest.mark.parametrize("late", [0, 1, 5])
def test_in_order_as_many_versions_are_kept_as_feedback_is_late(late):
    journal = run(learner("alex"), {"alex.feedback_from_above": "rate 1mbit"}, in_flight=late + 1)
    kept = stashed(journal, "alex")
    assert kept.versions.max() == late
    assert (kept.peak_bytes, kept.version_bytes) == (8 * late, 8)
    assert kept.mean_bytes == 8 * kept.versions.mean()


def test_a_version_takes_what_all_the_weights_of_the_desk_take():
    low = in_sequence(Affine.drawn(3, 4, dtype=np.float32), relu, Affine.drawn(4, 2, dtype=np.float32))
    chart = Chain([Worker(low, "low"), Worker(lambda task: (task, lambda re: re), "middle"), Worker(relu, "top")])
    client = Client([(np.ones((2, 3)), np.ones((2, 2)))] * 5, squared_error)
    journal = simulate(chart, client).journal
    assert learners(journal) == ["low"]
    assert stashed(journal, "low").version_bytes == 4 * (3 * 4 + 4 + 4 * 2 + 2)


def test_a_desk_that_heard_nothing_keeps_nothing_and_one_without_weights_has_none_to_keep():
    journal = run(learner("alex"), tasks=1, mail="loss 100%")
    assert (stashed(journal, "alex").peak_bytes, stashed(journal, "alex").mean_bytes) == (0, 0.0)
    with pytest.raises(ValueError, match=r"bo has no weights in this journal \(with weights: alex\)"):
        stashed(journal, "bo")


def test_in_a_chain_the_lower_stage_hears_later_and_keeps_more():
    stages = [Worker(in_sequence(Affine.drawn(1, 1, 0.01, seed), relu), f"stage{seed}") for seed in range(3)]
    client = Client([(np.ones((1, 1)), np.ones((1, 1)))] * 60, squared_error, arrivals=every("10ms"))
    journal = simulate(Chain(stages), client, mail="delay 20ms").journal
    late = [staleness(journal, desk).max() for desk in learners(journal)]
    assert late == sorted(late, reverse=True)
    assert late[0] > late[-1] > 0
    assert late == [stashed(journal, desk).versions.max() for desk in learners(journal)]


def test_updates_count_for_lateness_and_not_what_was_heard():
    alex = Linear(np.zeros(1), 0.0, 0.1, accumulate=4)
    client = Client([(np.zeros((1, 1)), np.ones(1))] * 16, squared_error, in_flight=8)
    journal = simulate(Worker(alex, "alex"), client, mail={"alex.feedback_from_above": "rate 1mbit"}).journal
    answered = [0] * 8 + [(task - 7) // 4 for task in range(8, 16)]  # the ninth is submitted when one has been heard
    assert staleness(journal, "alex").tolist() == [task // 4 - answered[task] for task in range(16)]
    assert alex.parameters.updates == 4
