"""The weights from time to time: what a run keeps of them is what they were, and keeping them changes nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import (
    Accumulate,
    Affine,
    Chain,
    Client,
    Crash,
    Linear,
    Team,
    Worker,
    every,
    in_sequence,
    maximum,
    newest_first,
    recorded,
    relu,
    simulate,
    squared_error,
)
from office.errors import BadTime
from office.work import NO_FEEDBACK, Once
from tests.engines.building import all_of_it, bits, nudge, office_of, tables
from tests.engines.offices import ANY_MAIL, SLOW_MAIL, offices
from tests.tiers import examples

MS = 1_000_000


class Noting(Linear):
    """Notes for itself what its weights were before it heard anything, and are each time that it has."""

    def __init__(self, seed=0, rule=0.05):
        drawn = Linear.drawn(2, seed=seed)
        super().__init__(drawn.weights, drawn.bias, rule)
        self.noted = [self.parameters.arrays]

    def __call__(self, inputs):
        output, handle_feedback = super().__call__(inputs)

        def noted(feedback):
            re_inputs = handle_feedback(feedback)
            self.noted.append(self.parameters.arrays)
            return re_inputs

        return output, Once(noted, None, hear_nothing=lambda: noted(NO_FEEDBACK))


def run(chart, mail="delay 10ms 9ms", tasks=40, snapshots="7ms", **options):
    client = {"arrivals": every("3ms")} | options.pop("client", {})
    return simulate(chart, Client(tables(tasks), nudge, **client), mail=mail, snapshots=snapshots, **options)


def replayed(alex, times, learnt):
    """The very weights that were there at each of these times but the last, by when each feedback came; at the end."""
    heard = [row.time for row in learnt]
    return [id(alex.noted[np.searchsorted(heard, time)]) for time in times[:-1]] + [id(alex.noted[-1])]


@given(st.sampled_from(ANY_MAIL), st.sampled_from(["2ms", "7ms", 3_333_333, "1s"]), st.booleans())
@settings(max_examples=examples(10))
def test_the_weights_of_a_snapshot_are_those_that_what_was_learnt_before_it_had_made(mail, each, lookahead):
    members = [Noting(0), Noting(1)]
    chart = Team([Worker(members[0], "alex"), Worker(members[1], "bo", learn_time="1ms", reply_time="2ms")])
    came = run(chart, mail, snapshots=each, lookahead=lookahead)
    times = [snapshot.time for snapshot in came.snapshots]
    for place, (name, member) in enumerate(zip(["team/alex", "team/bo"], members, strict=True)):
        learnt = came.journal.learnt[name]
        assert len(learnt) == 40
        assert [id(snapshot.weights[place][1]) for snapshot in came.snapshots] == replayed(member, times, learnt)
        before = [sum(row.time < time for row in learnt) for time in times[:-1]]
        assert [snapshot.updates[name] for snapshot in came.snapshots] == [*before, 40]
        assert all(snapshot.weights[place][0] is member.parameters for snapshot in came.snapshots)


@given(offices(), st.sampled_from(["1ms", "4ms", 77_777]))
@settings(max_examples=examples(10))
def test_a_run_is_the_same_run_whether_snapshots_are_taken_or_not(data, each):
    assert all_of_it(*office_of(data, snapshots=each)) == all_of_it(*office_of(data))


def everything(snapshots):
    return [
        (snapshot.time, snapshot.updates, bits([arrays for _, arrays in snapshot.weights])) for snapshot in snapshots
    ]


@given(offices(conditions=SLOW_MAIL))
@settings(max_examples=examples(10))
def test_snapshots_are_the_same_one_instant_at_a_time(data):
    runs = [office_of(data, snapshots="2ms", lookahead=lookahead)[0] for lookahead in (True, False)]
    if not isinstance(runs[0], str):
        assert everything(runs[0].snapshots) == everything(runs[1].snapshots)


@given(st.sampled_from(ANY_MAIL), st.sampled_from([1, 2, 5, 1000]), st.sampled_from([None, "50ms", "49ms"]))
@settings(max_examples=examples(12))
def test_snapshots_are_from_the_beginning_each_time_that_the_while_has_passed_and_at_the_end(mail, each, until):
    came = run(Worker(Noting(), "alex"), mail, 12, snapshots=f"{each}ms", until=until)
    assert [snapshot.time for snapshot in came.snapshots] == [*range(0, came.time + 1, each * MS), came.time]
    assert until is None or came.time == int(until[:2]) * MS


def test_what_is_learnt_at_the_very_instant_is_only_in_the_last():
    came = run(Worker(Noting(), "alex"), "", 3, snapshots="3ms")
    assert [row.time for row in came.journal.learnt["alex"]] == [0, 3 * MS, 6 * MS]
    assert [(snapshot.time, snapshot.updates["alex"]) for snapshot in came.snapshots] == [
        (0, 0),
        (3 * MS, 1),
        (6 * MS, 2),
        (6 * MS, 3),
    ]


@given(st.sampled_from(["delay 10ms", "delay 10ms 9ms", "", "delay 3ms 3ms"]), st.booleans())
@settings(max_examples=examples(24))
def test_weights_that_two_desks_share_are_in_a_snapshot_once_and_as_they_were(mail, turned):
    alex = Noting()
    desks = [Worker(alex, "alex"), Worker(in_sequence(alex), "bo", reply_time="2ms")]
    came = run(Team(desks[::-1] if turned else desks), mail, snapshots="1ms")
    learnt = sorted(came.journal.learnt["team/alex"] + came.journal.learnt["team/bo"], key=lambda row: row.updates)
    assert [row.updates for row in learnt] == list(range(80))
    times = [snapshot.time for snapshot in came.snapshots]
    assert [[id(arrays) for _, arrays in snapshot.weights] for snapshot in came.snapshots] == [
        [weights] for weights in replayed(alex, times, learnt)
    ]
    for snapshot in came.snapshots:
        assert snapshot.updates["team/alex"] == snapshot.updates["team/bo"]


def test_a_step_that_waited_for_a_task_that_is_given_up_is_in_no_snapshot_before_that():
    alex = Noting(rule=Accumulate(0.05, 2))
    client = {"arrivals": [0, 0], "replies": recorded(["5ms", "1s"])}
    came = run(Worker(alex, "alex"), "", 2, snapshots="30ms", expire="100ms", client=client)
    assert came.journal.incidents["alex"][0] == (100 * MS, "feedback expired", 1)
    updates = {snapshot.time: snapshot.updates["alex"] for snapshot in came.snapshots}
    assert [updates[time * MS] for time in (0, 30, 60, 90, 120, 150)] == [0, 0, 0, 0, 1, 1]
    assert [snapshot.weights[0][1] is alex.noted[0] for snapshot in came.snapshots[:5]] == [True] * 4 + [False]


def test_every_parameters_of_a_worker_is_in_a_snapshot_and_a_chart_without_weights_has_none():
    below = in_sequence(Affine.drawn(2, 3, 0.01, seed=0), relu, Affine.drawn(3, 2, 0.01, seed=1))
    came = run(Chain([Worker(below, "below"), Worker(Noting(), "above")]))
    assert [[len(arrays) for _, arrays in snapshot.weights] for snapshot in came.snapshots] == [[2, 2, 2]] * len(
        came.snapshots
    )
    assert set(came.snapshots[0].updates) == {"below", "above"}
    assert run(Worker(lambda task: (task[:, 0], lambda feedback: feedback), "alex")).snapshots == ()
    assert run(Worker(Noting(), "alex"), snapshots=None).snapshots == ()


def test_in_place_workers_answer_with_the_weights_of_then_and_feedback_teaches_them_nothing():
    alex = Noting()
    came = run(Worker(alex, "alex"))
    today, then, table = bits(alex.parameters.arrays), came.snapshots[3], tables(1)[0][0]
    updates, heard = alex.parameters.updates, alex.parameters.heard
    with then.in_place():
        weights, bias = then.weights[0][1]
        output, handle_feedback = alex(table)
        assert bits(output) == bits(table.dot(weights) + bias)
        assert bits(handle_feedback(np.ones(2))) == bits(np.ones((2, 1)) * weights)
        assert bits(alex.parameters.arrays) == bits(then.weights[0][1])
    assert bits(alex.parameters.arrays) == today
    assert (alex.parameters.updates, alex.parameters.heard) == (updates, heard)


def test_after_an_exception_in_place_today_s_weights_are_back():
    chart = Team([Worker(Noting(0), "alex"), Worker(Noting(1), "bo")], combine=maximum)
    came = run(chart)
    members = [worker.estimator.parameters for worker in chart.members]
    today = [member.arrays for member in members]

    def interrupted():
        with came.snapshots[0].in_place():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [member.arrays for member in members] == today


def test_the_last_snapshot_is_what_the_run_has_left_and_the_first_what_it_found():
    alex = Noting()
    came = run(Worker(alex, "alex"), faults=[Crash("alex", at="30ms")], client={"replies": newest_first(3)})
    assert came.snapshots[0].weights[0][1] == alex.noted[0]
    assert came.snapshots[-1].weights[0][1] is alex.parameters.arrays


@pytest.mark.parametrize("each", [0, "0ms", -1, 0.5, "soon", True])
@pytest.mark.parametrize("estimator", [Noting(), lambda task: (task, lambda feedback: feedback)])
def test_what_is_no_while_between_snapshots_is_refused_by_name_before_anything_runs(each, estimator):
    asked = []
    tasks = (asked.append(task) or task for task in tables(3))
    with pytest.raises(BadTime, match="snapshots"):
        simulate(Worker(estimator, "alex"), Client(tasks, squared_error), snapshots=each)
    assert asked == []
