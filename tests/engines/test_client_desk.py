"""The client's desk by itself: letters in, letters out, and a clock that the test holds in its hands."""

from types import SimpleNamespace

import numpy as np
import pytest

from office import NO_FEEDBACK, Client, Team, newest_first, simulate
from office.desks import FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, ManagerDesk
from office.engines.client_desk import ClientDesk
from office.engines.submissions import submissions
from office.errors import AlreadyAnswered
from office.times import NEVER
from tests.study.journals import clerk


def words(output, _target):
    return 1.5, f"re {output}"


def desk_of(tasks, **options):
    client = Client([(f"plan {task}", task) for task in range(tasks)], words, **options)
    clock, losses = SimpleNamespace(now=0), []
    return ClientDesk(client, client.replies(np.random.default_rng(0)), submissions(client, 0), clock, losses)


def do_all(desk):
    """Do what is due now, one thing after another."""
    letters = []
    while desk.next_time() == desk.clock.now:
        letters += desk.act(desk.clock.now)
    return letters


def test_it_submits_as_many_as_there_is_room_for_and_one_more_for_each_feedback_to_below():
    desk = desk_of(3, in_flight=2)
    assert do_all(desk) == [(INBOX, 0, "plan 0"), (INBOX, 1, "plan 1")]
    assert [*desk.read(OUTBOX, 1, "car 1")] == [(FEEDBACK_FROM_ABOVE, 1, "re car 1")]
    assert [*do_all(desk), *desk.read(FEEDBACK_TO_BELOW, 1, "re plan 1")] == []
    assert do_all(desk) == [(INBOX, 2, "plan 2")]
    assert (desk.outputs, desk.feedback_below) == ({1: "car 1"}, {1: "re plan 1"})


def test_a_reply_that_takes_a_while_is_due_then_and_its_loss_is_of_that_time():
    desk = desk_of(1, replies=lambda _rng: Slow())
    do_all(desk)
    desk.clock.now = 10
    assert [*desk.read(OUTBOX, 0, "car")] == []
    assert desk.next_time() == 15
    desk.clock.now = 15
    assert do_all(desk) == [(FEEDBACK_FROM_ABOVE, 0, "re car")]
    assert [tuple(loss) for loss in desk.losses] == [(15, 0, 1.5)]


class Slow:
    """People who speak of everything 5 ns later."""

    def take(self, result):
        return [(5, result)]

    def rest(self):
        return []


def test_of_several_results_each_is_thought_about_as_its_letter_is_asked_for():
    desk = desk_of(2, replies=newest_first(2))
    do_all(desk)
    assert [*desk.read(OUTBOX, 0, "car 0")] == []
    letters = iter(desk.read(OUTBOX, 1, "car 1"))
    assert next(letters) == (FEEDBACK_FROM_ABOVE, 1, "re car 1")
    desk.clock.now = 7  # the sender waited for room meanwhile
    assert next(letters) == (FEEDBACK_FROM_ABOVE, 0, "re car 0")
    assert [tuple(loss) for loss in desk.losses] == [(0, 1, 1.5), (7, 0, 1.5)]


def test_a_task_is_given_up_when_patience_is_over_and_its_result_then_hears_that_there_is_no_feedback():
    desk = desk_of(2, patience=20)
    do_all(desk)
    [*desk.read(OUTBOX, 1, "car 1")], [*desk.read(FEEDBACK_TO_BELOW, 1, "re plan 1")]
    assert desk.next_time() == 20
    assert [*desk.act(20)] == []
    assert (desk.given_up, desk.waits_for) == ({0}, "")
    assert desk.next_time() == NEVER  # something may still come
    assert [*desk.read(OUTBOX, 0, "car 0")] == [(FEEDBACK_FROM_ABOVE, 0, NO_FEEDBACK)]


@pytest.mark.parametrize("channel", [OUTBOX, FEEDBACK_TO_BELOW])
def test_what_comes_twice_is_refused_by_task(channel):
    desk = desk_of(2)
    do_all(desk)
    [*desk.read(OUTBOX, 0, "car")], [*desk.read(FEEDBACK_TO_BELOW, 0, "re plan")]
    with pytest.raises(AlreadyAnswered, match=r"^client: second .* for task 0$"):
        desk.read(channel, 0, "again")


def test_when_all_is_done_nothing_is_due_ever():
    desk = desk_of(1)
    assert desk.next_time() == 0
    do_all(desk)
    assert desk.next_time() == NEVER
    [*desk.read(OUTBOX, 0, "car")], [*desk.read(FEEDBACK_TO_BELOW, 0, "re plan")]
    assert desk.next_time() is None


class SaysTwice(ManagerDesk):
    """A manager that passes every reply down twice."""

    def hear_reply(self, member, task_id, re_inputs):
        return 2 * super().hear_reply(member, task_id, re_inputs)


@pytest.mark.parametrize("lookahead", [True, False])
def test_what_comes_when_the_client_has_gone_home_is_nothing_to_it_with_lookahead_and_without(lookahead):
    team = Team([clerk("alex")], manager=SaysTwice)
    run = simulate(team, Client([("plan", None)], words), mail="delay 10ms", lookahead=lookahead)
    assert run.feedback_below == {0: "re plan"}
    with pytest.raises(AlreadyAnswered, match=r"^client: second feedback to below for task 0"):
        simulate(team, Client([("plan", None)] * 2, words), mail="delay 10ms", lookahead=lookahead)
