"""Offices whose mail loses, repeats, damages and overtakes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from office import NO_FEEDBACK, Client, Team, Worker, every, in_turn, newest_first, open_office, simulate
from office.errors import BadClient, BadConditions, Deadlock
from tests.engines.building import all_of_it, office_of
from tests.engines.offices import troubled_offices
from tests.tiers import examples

ROUGH = [
    "delay 5ms 3ms loss 10%",
    "delay 5ms 3ms 50% duplicate 30% 20%",
    "delay 5ms corrupt 10% duplicate 10%",
    "delay 10ms 2ms reorder 30% 50% gap 2",
    "delay 5ms 4ms distribution paretonormal loss gemodel 5% 40% 80% 1%",
    "delay 3ms rate 100kbit limit 3",
    "delay 2ms slot 3ms 5ms packets 2",
    "loss state 5% 60% 10% 50% 1%",
    "delay 5ms 5ms distribution exponential loss 30% duplicate 10%",
    "delay 5ms",
]


@given(troubled_offices(ROUGH))
@settings(max_examples=examples(40))
def test_an_office_under_rough_mail_is_the_same_one_instant_at_a_time(data):
    assert all_of_it(*office_of(data)) == all_of_it(*office_of(data, lookahead=False))


@given(troubled_offices(ROUGH))
@settings(max_examples=examples(40))
def test_the_books_of_the_mail_balance_and_every_task_is_done_or_given_up(data):
    run, estimators = office_of(data)
    mail = run.journal.mail
    readable = (mail.arrived >= 0) & ~mail.damaged
    repeats = readable & ~mail.read
    assert len(mail.sent) == sum(
        map(np.count_nonzero, (mail.read, repeats, mail.damaged & (mail.arrived >= 0), mail.lost))
    )
    originals = Counter(zip(mail.link[mail.copy == 0].tolist(), mail.number[mail.copy == 0].tolist(), strict=True))
    assert set(originals.values()) <= {1}
    tasks = data["client"]["tasks"] * data["client"]["epochs"]
    assert set(run.feedback_below) | run.given_up == set(range(tasks))
    assert not set(run.feedback_below) & run.given_up
    learnt = [worker.parameters for worker in estimators if hasattr(worker, "parameters")]
    assert all(parameters.heard <= parameters.answered for parameters in learnt)


def clerk(name, heard):
    def estimate(task):
        return f"{name}'s {task}", lambda feedback: heard.append((task, feedback)) or feedback

    return Worker(estimate, name)


def people_above(output, target):
    return 0.0, f"re {output}"


def routed(mail, tasks=200, heard=None, **client):
    heard = [] if heard is None else heard
    team = Team([clerk(name, heard) for name in ("alex", "bo", "casey")], "estimates", allocate=in_turn)
    pairs = [(f"plan {task}", None) for task in range(tasks)]
    return simulate(team, Client(pairs, people_above, arrivals=every("1ms"), **client), mail=mail, seed=5)


def test_repeats_are_recognised_so_that_no_desk_hears_anything_twice():
    heard, plainly = [], []
    run, plain = routed("delay 10ms duplicate 100%", heard=heard), routed("delay 10ms", heard=plainly)
    assert heard == plainly
    assert len(run.journal) == 2 * len(plain.journal)
    assert run.feedback_below == plain.feedback_below


def test_what_the_mail_has_lost_is_pending_at_the_end_and_no_error():
    heard = []
    run = routed({"estimates.feedback_from_above": "delay 10ms loss 20%"}, heard=heard)
    lost = int(run.journal.mail.lost.sum())
    assert 10 < lost < 80
    assert run.pending["estimates"] == lost
    assert len(heard) == len(run.feedback_below) == 200 - lost
    assert len(run.losses) == 200
    assert not np.isnan(run.losses).any()  # the people above have spoken of all of them


def test_what_is_damaged_counts_as_lost():
    run = routed({"estimates.outbox": "delay 10ms corrupt 20%"})
    damaged = int(run.journal.mail.damaged.sum())
    assert 10 < damaged < 80
    assert int(np.isnan(run.losses).sum()) == len(run.losses) - len(run.outputs) == damaged


def test_a_client_that_may_submit_no_more_waits_for_ever_unless_it_loses_patience():
    with pytest.raises(Deadlock, match=r"client +waits for"):
        routed("delay 10ms loss 10%", in_flight=5)
    run = routed("delay 10ms loss 10%", in_flight=5, patience="1s")
    assert len(run.given_up) > 50
    assert len(run.given_up) + len(run.feedback_below) == 200


def test_patience_takes_no_time_where_nothing_is_lost():
    patient, plain = routed("delay 10ms", patience="1s"), routed("delay 10ms")
    assert list(patient.journal.lines())[1:] == list(plain.journal.lines())[1:]  # but for the settings in the head
    assert patient.time == plain.time
    assert not patient.given_up


def test_a_result_that_comes_after_its_task_was_given_up_is_told_that_there_is_no_feedback():
    heard = []
    run = routed({"*.outbox": "delay 2s", "*.inbox": "delay 1ms"}, tasks=6, heard=heard, patience="100ms")
    assert run.given_up == set(range(6))
    assert not run.feedback_below
    assert not run.outputs
    assert not any(run.pending.values())
    assert heard == []  # plain functions are not told that there is nothing to hear
    assert NO_FEEDBACK not in run.outputs.values()


def test_people_who_wait_for_results_that_will_not_come_speak_of_those_they_have():
    run = routed({"estimates.outbox": "delay 5ms loss 30%"}, tasks=10, replies=newest_first(4), patience="50ms")
    assert len(run.feedback_below) == len(run.outputs) < 10
    assert len(run.given_up) == 10 - len(run.outputs)


@pytest.mark.parametrize("patience", [0, "0ms"])
def test_a_client_has_some_patience(patience):
    with pytest.raises(BadClient, match="patience"):
        Client([], people_above, patience=patience)


def test_a_link_that_holds_only_so_many_messages_does_nothing_to_them_but_take_a_while():
    with pytest.raises(BadConditions, match=r"a\.inbox holds 3 messages at most"):
        simulate(clerk("a", []), Client([], people_above), mail="loss 1%", capacity={"a.inbox": 3})


async def test_an_open_office_may_close_over_what_the_mail_has_lost():
    async with open_office(clerk("alex", []), mail={"alex.feedback_from_above": "loss 100%"}) as office:
        await office.inbox.send((1, "plan"))
        assert await office.outbox.receive() == (1, "alex's plan")
        await office.feedback_from_above.send((1, "bolder"))
        await office.quiet()
    assert office.journal.mail.lost.tolist() == [False, False, True]
