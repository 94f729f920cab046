"""The manager beside the table in its docstring, and beside a naive manager, whatever comes in whatever order."""

import re
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.desks import ALARM, FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, by
from office.desks import manager as module
from office.desks.manager import Stage
from office.errors import AlreadyAnswered, DuplicateTask, RefusedMessage, UnknownTask
from office.work import NO_FEEDBACK, add_up
from tests.desks.small_office import chorus, manager_of, state
from tests.tiers import examples

TASK, RESULTS, FEEDBACK = (INBOX, "table"), (OUTBOX, "answer"), (FEEDBACK_FROM_ABOVE, "bolder")
HISTORY = {"NOT_HERE": [], "RESULTS": [TASK], "FEEDBACK": [TASK, RESULTS], "REPLIES": [TASK, RESULTS, FEEDBACK]}
"""What a manager has read of a task that is in a stage: results come from each member."""
LETTERS = {
    "task": TASK,
    "result of a member": RESULTS,
    "feedback": FEEDBACK,
    "reply of a member": (FEEDBACK_TO_BELOW, 1.0),
    "reply, no feedback": (FEEDBACK_TO_BELOW, NO_FEEDBACK),
    "alarm": (ALARM, None),
}


def table():
    """The cells of the table in the docstring: (letter, stage) and what happens."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in module.__doc__.splitlines()]
    (head,) = (line for line in lines if line[0] == "letter")
    rows = [line for line in lines if line[0] in LETTERS]
    return [(row[0], stage, happens) for row in rows for stage, happens in zip(head[1:], row[1:], strict=True)]


def read_from(desk, channel, body, members):
    """What a manager sends when it has read a letter on a channel of its own, or one from each of these members."""
    if channel not in (OUTBOX, FEEDBACK_TO_BELOW):
        return desk.read(channel, 3, body)
    letters = [desk.read(channel.of_member(k), 3, body) for k in members]
    assert letters[:-1] == [[]] * len(letters[:-1])
    return letters[-1]


def test_the_table_has_a_cell_for_each_letter_and_each_stage():
    assert sorted((letter, stage) for letter, stage, _ in table()) == sorted(
        (letter, stage.name) for letter in LETTERS for stage in Stage
    )


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize(("letter", "stage", "happens"), table())
def test_a_manager_does_what_its_table_says(letter, stage, happens, members):
    desk = manager_of(members, combine=chorus)
    for channel, body in HISTORY[stage]:
        read_from(desk, channel, body, range(members))
    assert desk.waits_for(3) == Stage[stage]
    channel, body = LETTERS[letter]
    if happens == "refused":
        before = state(desk)
        with pytest.raises(RefusedMessage):
            read_from(desk, channel, body, [members - 1])
        assert state(desk) == before
        return
    if happens.startswith("last: ") and members > 1:
        assert read_from(desk, channel, body, range(members - 1)) == []
        assert desk.waits_for(3) == Stage[stage]
        sent = read_from(desk, channel, body, [members - 1])
    else:
        sent = read_from(desk, channel, body, range(members))
    after = {"noted": stage, "closed": "NOT_HERE"}.get(happens.removeprefix("last: "), happens.rpartition(" ")[2])
    assert desk.waits_for(3) == Stage[after]
    assert (happens == "noted") <= (sent == [])
    assert ([out for out, *_ in sent] == [FEEDBACK_TO_BELOW]) == happens.endswith("closed")


class NaiveTask:
    def __init__(self, members):
        self.members, self.results, self.is_told, self.replies, self.gone = members, {}, False, {}, set()


class NaiveManager:
    """Keeps all that has come of a task, and thinks anew at every letter. What is owed is a list of letters."""

    def __init__(self):
        self.tasks, self.owed, self.strays = {}, [], 0

    def read(self, channel, k, task_id, body):
        if (channel, k, task_id) in self.owed:
            self.owed.remove((channel, k, task_id))
            self.strays += 1
            return [(FEEDBACK_FROM_ABOVE.of_member(k), task_id, NO_FEEDBACK)] if channel == OUTBOX else []
        task = self.tasks.get(task_id)
        if channel == INBOX:
            if task:
                raise DuplicateTask("task", "")
            self.tasks[task_id] = NaiveTask(body)
            return [(INBOX.of_member(k), task_id, body) for k in body]
        if task is None or (k is not None and k not in task.members):
            raise UnknownTask("letter", "")
        is_answered = task.results.keys() == set(task.members)
        if channel == OUTBOX:
            return self.take_result(task, k, task_id, body, is_answered)
        if channel == FEEDBACK_FROM_ABOVE:
            if task.is_told or not is_answered:
                raise UnknownTask("feedback", "")
            return self.tell(task, task_id, body)
        return self.give_up(task, task_id, is_answered) if channel == ALARM else self.hear(task, k, task_id, body)

    def take_result(self, task, k, task_id, output, is_answered):
        if is_answered or task.is_told:
            raise UnknownTask("result", "")
        if k in task.results:
            raise AlreadyAnswered("result", "")
        task.results[k] = output
        all_are_in = task.results.keys() == set(task.members)
        return [(OUTBOX, task_id, tuple(task.results[k] for k in task.members))] if all_are_in else []

    def hear(self, task, k, task_id, re_inputs):
        if not task.is_told:
            if re_inputs is not NO_FEEDBACK:
                raise UnknownTask("reply", "")
            task.gone.add(k)
            return []
        if k in task.replies:
            raise AlreadyAnswered("reply", "")
        task.replies[k] = re_inputs
        return self.close_if_all_have_replied(task, task_id)

    def give_up(self, task, task_id, is_answered):
        if task.is_told:
            self.owed += [(FEEDBACK_TO_BELOW, k, task_id) for k in task.members if k not in task.replies]
            del self.tasks[task_id]
            return [(FEEDBACK_TO_BELOW, task_id, NO_FEEDBACK)]
        if is_answered:
            self.owed.append((FEEDBACK_FROM_ABOVE, None, task_id))
        else:
            self.owed += [(OUTBOX, k, task_id) for k in task.members if k not in task.results]
        return self.tell(task, task_id, NO_FEEDBACK)

    def tell(self, task, task_id, feedback):
        task.is_told, task.replies = True, dict.fromkeys(task.gone, NO_FEEDBACK)
        hearers = [k for k in task.members if k in task.results and k not in task.gone]
        shares = [NO_FEEDBACK if feedback is NO_FEEDBACK else (feedback, task.results[k]) for k in hearers]
        letters = [(FEEDBACK_FROM_ABOVE.of_member(k), task_id, share) for k, share in zip(hearers, shares, strict=True)]
        return self.close_if_all_have_replied(task, task_id) or letters

    def close_if_all_have_replied(self, task, task_id):
        if task.replies.keys() != set(task.members):
            return []
        del self.tasks[task_id]
        return [(FEEDBACK_TO_BELOW, task_id, add_up([task.replies[k] for k in task.members]))]


def answer(read, *letter):
    """The letters that a manager sends, or as what it refuses this one."""
    try:
        return read(*letter)
    except RefusedMessage as error:
        return type(error)


def letters_to(members, tasks=2):
    """Every letter that may come, whether it makes sense or not."""
    for task_id in range(tasks):
        yield from ((INBOX, None, task_id, who) for who in [(0,), tuple(range(members)), (members - 1,)])
        yield from ((FEEDBACK_FROM_ABOVE, None, task_id, word) for word in ("bolder", NO_FEEDBACK))
        yield ALARM, None, task_id, None
        for k in range(members):
            yield OUTBOX, k, task_id, f"by {k}"
            yield from ((FEEDBACK_TO_BELOW, k, task_id, number) for number in (2.0**k, NO_FEEDBACK))


@given(st.integers(1, 3), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1000)), min_size=20, max_size=60))
@settings(max_examples=examples(600))
def test_a_manager_does_as_a_naive_one_whatever_comes_and_what_it_refuses_changes_nothing(members, order):
    desk = manager_of(members, allocate=by(lambda task_id, inputs: inputs), combine=chorus)
    naive, letters = NaiveManager(), list(letters_to(members))
    for kind, pick in order:
        taken = [letter for letter in letters if isinstance(answer(deepcopy(naive).read, *letter), list)]
        choices = letters if kind == 0 else taken
        channel, k, task_id, body = choices[pick % len(choices)]
        number = channel if k is None else channel.of_member(k)
        before = state(desk)
        expected = answer(naive.read, channel, k, task_id, body)
        assert answer(desk.read, number, task_id, body) == expected
        assert isinstance(expected, list) or state(desk) == before
        assert desk.strays == naive.strays
        assert set(desk.tasks) == set(naive.tasks)
        in_hand = [sum(k in task.members for task in naive.tasks.values()) for k in range(members)]
        assert desk.books.in_hand == in_hand
        assert sum(desk.owed.values()) == len(naive.owed)
