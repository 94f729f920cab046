"""What desks do about tasks of which nothing more is heard, and about what comes late all the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.desks import ALARM, FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, WorkerDesk
from office.errors import UnknownTask
from office.work import NO_FEEDBACK
from tests.desks.small_office import NAMES, manager_of, state
from tests.tiers import examples

TASKS, MEMBERS = 3, 2


class Careful:
    """Answers in words, and keeps what it hears of each task, `NO_FEEDBACK` too."""

    def __init__(self):
        self.heard = []

    def __call__(self, task):
        def handle_feedback(feedback):
            self.heard.append((task, feedback))
            return NO_FEEDBACK if feedback is NO_FEEDBACK else 1.0

        handle_feedback.hears_no_feedback = True
        return f"on {task}", handle_feedback


def duet(outputs):
    return " and ".join(outputs), lambda feedback: [feedback] * len(outputs)


class Nested:
    """A manager over a worker and a manager over two: mail in a bag, and alarms whenever the order says so."""

    def __init__(self):
        self.top = manager_of(["alex", "deep"], combine=duet, name="top")
        self.deep = manager_of(["bo", "casey"], combine=duet, name="deep")
        self.careful = [Careful() for _ in range(3)]
        alex, bo, casey = (WorkerDesk(*desk) for desk in zip(NAMES, self.careful, strict=False))
        self.desks = [self.top, self.deep, alex, bo, casey]
        self.boss = {
            id(self.deep): (self.top, 1),
            id(alex): (self.top, 0),
            id(bo): (self.deep, 0),
            id(casey): (self.deep, 1),
        }
        self.to_members = {
            (id(boss), channel.of_member(k)): (member, channel)
            for boss, team in ((self.top, [alex, self.deep]), (self.deep, [bo, casey]))
            for k, member in enumerate(team) for channel in (INBOX, FEEDBACK_FROM_ABOVE)
        }  # fmt: skip
        self.bag = [(self.top, INBOX, task, f"task {task}") for task in range(TASKS)]
        self.results, self.below = [], []

    def send(self, desk, letters):
        for channel, task_id, body in letters:
            if (id(desk), channel) in self.to_members:
                self.bag.append((*self.to_members[id(desk), channel], task_id, body))
            elif desk is not self.top:
                boss, place = self.boss[id(desk)]
                self.bag.append((boss, channel.of_member(place), task_id, body))
            elif channel == OUTBOX:
                self.results.append(task_id)
                self.bag.append((self.top, FEEDBACK_FROM_ABOVE, task_id, f"re {task_id}"))
            else:
                self.below.append(task_id)

    def alarms(self):
        return [(desk, ALARM, task, None) for desk in self.desks for task in range(TASKS) if desk.waits_for(task)]

    def next(self, pick):
        """A letter from anywhere in the bag, or an alarm about any task that a desk waits for."""
        choices = self.bag + self.alarms()
        desk, channel, task_id, body = letter = choices[pick % len(choices)]
        if channel != ALARM:
            self.bag.remove(letter)
        self.send(desk, desk.read(channel, task_id, body))


@given(st.lists(st.integers(0, 200), max_size=150), st.sets(st.integers(0, 60)))
@settings(max_examples=examples(500))
def test_whatever_comes_late_or_never_each_task_is_passed_down_once_and_each_worker_hears_once_at_most(order, lost):
    office = Nested()
    for step, pick in enumerate(order):
        if not (office.bag or office.alarms()):
            break
        if step in lost and len(office.bag) > 1:
            office.bag.pop(pick % len(office.bag))  # whatever it was, it never comes
        office.next(pick)
    while office.bag or office.alarms():
        office.next(0)
    assert all(desk.pending == 0 for desk in office.desks)
    assert len(set(office.below)) == len(office.below)
    for estimator in office.careful:
        assert len({task for task, _ in estimator.heard}) == len(estimator.heard)
    if not lost:
        assert sorted(office.below) == list(range(TASKS))
    assert office.top.books.in_hand == office.deep.books.in_hand == [0, 0]


def worker():
    careful = Careful()
    desk = WorkerDesk("alex", careful)
    desk.read(INBOX, 3, "plan")
    return desk, careful.heard


def test_a_worker_that_gives_up_learns_nothing_and_says_so():
    desk, heard = worker()
    assert desk.read(ALARM, 3, None) == [(FEEDBACK_TO_BELOW, 3, NO_FEEDBACK)]
    assert heard == [("plan", NO_FEEDBACK)]
    assert desk.waits_for(3) == ""
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == []
    assert (desk.strays, heard) == (1, [("plan", NO_FEEDBACK)])
    with pytest.raises(UnknownTask):
        desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")


def test_a_worker_that_forgets_passes_down_that_there_is_no_feedback_when_it_comes():
    desk, heard = worker()
    desk.read(INBOX, 4, "other plan")
    assert desk.forget() == [3, 4]
    assert desk.pending == 0
    assert desk.read(FEEDBACK_FROM_ABOVE, 4, "bolder") == [(FEEDBACK_TO_BELOW, 4, NO_FEEDBACK)]
    assert (desk.strays, heard) == (1, [])
    with pytest.raises(UnknownTask):
        desk.read(FEEDBACK_FROM_ABOVE, 4, "bolder")


def test_an_alarm_about_a_task_that_is_not_here_is_refused_and_changes_nothing():
    desk, heard = worker()
    with pytest.raises(UnknownTask):
        desk.read(ALARM, 4, None)
    assert (desk.pending, desk.strays, heard, desk.let_go) == (1, 0, [], {})


result, reply = OUTBOX.of_member, FEEDBACK_TO_BELOW.of_member
to_member = FEEDBACK_FROM_ABOVE.of_member


def manager(*answers):
    desk = manager_of(MEMBERS, combine=duet)
    desk.read(INBOX, 3, "plan")
    for member in answers:
        desk.read(result(member), 3, "on plan")
    return desk


def test_a_manager_says_what_it_waits_for():
    desk = manager(0)
    assert (desk.waits_for(3), desk.waits_for(4)) == ("results", "")
    desk.read(result(1), 3, "on plan")
    assert desk.waits_for(3) == "feedback"
    desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")
    assert desk.waits_for(3) == "replies"
    for member in (0, 1):
        desk.read(reply(member), 3, 1.0)
    assert desk.waits_for(3) == ""


def test_of_a_half_filled_join_those_who_answered_are_told_at_once_and_the_others_when_they_do():
    desk = manager(1)
    assert desk.read(ALARM, 3, None) == [(to_member(1), 3, NO_FEEDBACK)]
    assert desk.read(result(0), 3, "on plan") == [(to_member(0), 3, NO_FEEDBACK)]
    assert desk.strays == 1
    assert desk.read(reply(0), 3, NO_FEEDBACK) == []
    assert desk.read(reply(1), 3, NO_FEEDBACK) == [(FEEDBACK_TO_BELOW, 3, NO_FEEDBACK)]
    assert desk.pending == 0


def test_a_manager_that_gives_up_feedback_tells_all_members_and_takes_no_notice_when_it_comes():
    desk = manager(0, 1)
    assert desk.read(ALARM, 3, None) == [(to_member(0), 3, NO_FEEDBACK), (to_member(1), 3, NO_FEEDBACK)]
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == []
    assert desk.strays == 1


def test_a_manager_that_gives_up_replies_passes_down_none_and_takes_no_notice_when_they_come():
    desk = manager(0, 1)
    desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")
    desk.read(reply(0), 3, 1.0)
    assert desk.read(ALARM, 3, None) == [(FEEDBACK_TO_BELOW, 3, NO_FEEDBACK)]
    assert desk.read(reply(1), 3, 1.0) == []
    assert (desk.strays, desk.pending) == (1, 0)
    with pytest.raises(UnknownTask):
        desk.read(reply(0), 3, 1.0)


def test_a_member_that_has_given_up_is_not_told_and_has_replied():
    desk = manager(0, 1)
    assert desk.read(reply(1), 3, NO_FEEDBACK) == []
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [(to_member(0), 3, "bolder")]
    assert desk.read(reply(0), 3, 1.0) == [(FEEDBACK_TO_BELOW, 3, 1.0)]
    assert desk.pending == 0


def test_where_all_members_have_given_up_feedback_goes_straight_down_as_none():
    desk = manager(0, 1)
    for member in (0, 1):
        desk.read(reply(member), 3, NO_FEEDBACK)
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [(FEEDBACK_TO_BELOW, 3, NO_FEEDBACK)]
    assert desk.pending == 0


def test_a_member_that_gives_up_a_task_that_it_was_not_given_is_refused():
    desk = manager_of(MEMBERS, allocate=lambda task_id, inputs, books: 0, combine=duet)
    desk.read(INBOX, 3, "plan")
    before = state(desk)
    with pytest.raises(UnknownTask):
        desk.read(reply(1), 3, NO_FEEDBACK)
    assert state(desk) == before
