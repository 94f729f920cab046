import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.desks import FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, OUTSIDE, WorkerDesk
from office.errors import (
    AlreadyAnswered,
    BadChart,
    DuplicateTask,
    NotANumber,
    RefusedMessage,
    UnknownTask,
    WrongShape,
    WrongType,
)
from office.work import NO_FEEDBACK, Linear, Once
from tests.desks.small_office import Wordy, orders, size, state

task_ids = st.one_of(st.integers(0, 5), st.sampled_from(["first", "second"]))


def taking_notes(heard):
    """An estimator whose callbacks remember which task they are of."""
    return lambda inputs: (f"estimate of {inputs}", lambda feedback: heard.append((inputs, feedback)) or f"re {inputs}")


@given(st.sets(task_ids), orders)
def test_feedback_in_any_order_finds_the_notes_of_its_own_task(tasks, order):
    heard = []
    desk = WorkerDesk("alex", taking_notes(heard))
    to_do = sorted(((INBOX, task_id, f"table {task_id}") for task_id in tasks), key=str)
    picks, answered = iter(order), []
    while to_do:
        channel, task_id, body = to_do.pop(next(picks, 0) % len(to_do))
        letters = desk.read(channel, task_id, body)
        if channel == INBOX:
            assert letters == [(OUTBOX, task_id, f"estimate of table {task_id}")]
            to_do.append((FEEDBACK_FROM_ABOVE, task_id, f"re {task_id}"))
        else:
            assert letters == [(FEEDBACK_TO_BELOW, task_id, f"re table {task_id}")]
            answered.append((f"table {task_id}", f"re {task_id}"))
    assert heard == answered
    assert len(heard) == len(tasks)
    assert desk.pending == len(desk.table) == 0


@given(st.sets(task_ids, min_size=1), st.lists(task_ids), orders)
def test_messages_that_are_refused_make_no_difference_to_any_later_one(tasks, extra, order):
    """Two desks read the same mail; one of them gets, in between, whatever it ought to refuse."""
    quiet, pestered = (WorkerDesk("alex", taking_notes([])) for _ in range(2))
    to_do = sorted(((INBOX, task_id, f"table {task_id}") for task_id in tasks), key=str)
    picks = iter(order)
    while to_do:
        before = state(pestered)
        for task_id in extra:
            pending = task_id in pestered.table
            with pytest.raises(DuplicateTask if pending else UnknownTask):
                pestered.read(INBOX if pending else FEEDBACK_FROM_ABOVE, task_id, "pest")
        assert state(pestered) == before
        channel, task_id, body = to_do.pop(next(picks, 0) % len(to_do))
        assert pestered.read(channel, task_id, body) == quiet.read(channel, task_id, body)
        assert pestered.table.statistics == quiet.table.statistics
        if channel == INBOX:
            to_do.append((FEEDBACK_FROM_ABOVE, task_id, f"re {task_id}"))


def test_the_callback_is_on_file_when_the_result_is_returned_and_not_before_it_is_known():
    seen = []

    def estimate(inputs):
        seen.append((desk.pending, dict(desk.table)))
        return "estimate", handle_feedback

    def handle_feedback(feedback):
        return "re inputs"

    desk = WorkerDesk("alex", estimate)
    letters = desk.read(INBOX, 3, "table")
    assert seen == [(0, {})]
    assert desk.table == {3: handle_feedback}
    # The result is still in our hands, and its feedback is read already.
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [(FEEDBACK_TO_BELOW, 3, "re inputs")]
    assert letters == [(OUTBOX, 3, "estimate")]


def test_a_task_that_is_done_may_come_again_under_its_id():
    alex = Wordy("alex")
    desk = WorkerDesk("alex", alex)
    for word in ("bolder", "still bolder"):
        desk.read(INBOX, 3, "table")
        desk.read(FEEDBACK_FROM_ABOVE, 3, word)
    assert alex.heard == ["bolder", "still bolder"]


def test_a_task_already_pending_is_refused_before_the_estimator_is_asked():
    alex = Wordy("alex")
    desk = WorkerDesk("alex", alex)
    desk.read(INBOX, 4, "table")
    before = state(desk)
    with pytest.raises(DuplicateTask) as caught:
        desk.read(INBOX, 4, "another table")
    assert str(caught.value) == "alex: task 4 is already pending"
    assert state(desk) == before
    assert alex.asked == ["table"]
    desk.read(FEEDBACK_FROM_ABOVE, 4, "bolder")
    assert alex.heard == ["bolder"]


def test_feedback_for_a_task_that_is_not_pending_is_refused_and_says_which_are():
    desk = WorkerDesk("estimates", Wordy("estimates"))
    for task_id in (3, 4):
        desk.read(INBOX, task_id, "table")
    before = state(desk)
    with pytest.raises(UnknownTask) as caught:
        desk.read(FEEDBACK_FROM_ABOVE, 9, "bolder")
    assert str(caught.value) == "estimates: feedback for task 9, which is not pending here (pending: 3, 4)"
    assert (caught.value.desk, caught.value.task_id) == ("estimates", 9)
    assert state(desk) == before


def test_a_second_feedback_is_not_heard():
    alex = Wordy("alex")
    desk = WorkerDesk("alex", alex)
    desk.read(INBOX, 4, "table")
    desk.read(FEEDBACK_FROM_ABOVE, 4, "bolder")
    for feedback in ("bolder", NO_FEEDBACK):
        with pytest.raises(UnknownTask, match=r"^alex: feedback for task 4, .* \(pending: none\)$"):
            desk.read(FEEDBACK_FROM_ABOVE, 4, feedback)
    assert alex.heard == ["bolder"]


BAD_FEEDBACK = {
    "a number for a table's": (1.5, WrongShape),
    "too few": (np.ones(3), WrongShape),
    "another shape of as many": (np.ones((4, 1)), WrongShape),
    "a NaN": (np.array([1.0, np.nan, 1.0, 1.0]), NotANumber),
    "whole numbers": (np.ones(4, dtype=int), WrongType),
    "complex numbers": (np.ones(4, dtype=complex), WrongType),
    "words": ("not ambitious enough", WrongType),
    "nothing": (None, WrongType),
    "a list": ([1.0] * 4, WrongType),
}


@pytest.mark.parametrize(("feedback", "kind"), BAD_FEEDBACK.values(), ids=BAD_FEEDBACK)
def test_feedback_that_makes_no_sense_is_not_heard_and_the_right_one_still_may_be(feedback, kind):
    estimators = [Linear([1.0, 2.0], 0.5), Linear([1.0, 2.0], 0.5)]
    desk, undisturbed = (WorkerDesk("alex", estimator) for estimator in estimators)
    for each in (desk, undisturbed):
        each.read(INBOX, 3, np.arange(8.0).reshape(4, 2))
    before = state(desk), estimators[0].weights.tobytes(), estimators[0].updates
    for _ in range(2):
        with pytest.raises(kind) as caught:
            desk.read(FEEDBACK_FROM_ABOVE, 3, feedback)
        assert str(caught.value).startswith("alex: feedback for task 3 ")
    assert (state(desk), estimators[0].weights.tobytes(), estimators[0].updates) == before
    (_, _, re_inputs), (_, _, expected) = (
        each.read(FEEDBACK_FROM_ABOVE, 3, np.ones(4))[0] for each in (desk, undisturbed)
    )
    assert re_inputs.tobytes() == expected.tobytes()
    assert estimators[0].weights.tobytes() == estimators[1].weights.tobytes()
    assert desk.pending == 0


def test_feedback_of_a_wrong_shape_is_told_with_both_shapes():
    desk = WorkerDesk("alex", Linear([1.0, 2.0], 0.5))
    desk.read(INBOX, 3, np.ones((4, 2)))
    with pytest.raises(WrongShape) as caught:
        desk.read(FEEDBACK_FROM_ABOVE, 3, 1.0)
    assert str(caught.value) == "alex: feedback for task 3 has shape (), but the output had shape (4,)"


def test_inputs_that_the_estimator_refuses_leave_nothing_pending():
    desk = WorkerDesk("alex", Linear([1.0, 2.0], 0.5))
    before = state(desk)
    with pytest.raises(WrongShape, match=r"^alex: inputs for task 3 have 3 columns"):
        desk.read(INBOX, 3, np.ones((4, 3)))
    assert state(desk) == before
    assert desk.read(INBOX, 3, np.ones((4, 2)))[0][:2] == (OUTBOX, 3)


def test_a_refusal_that_names_its_desk_already_keeps_that_name():
    def estimate(inputs):
        raise WrongShape("inputs", " are too long").at("front/alex", "row 1")

    with pytest.raises(WrongShape) as caught:
        WorkerDesk("front", estimate).read(INBOX, 3, "table")
    assert str(caught.value) == "front/alex: inputs for task 'row 1' are too long"


class OutOfPaperError(Exception):
    pass


def no_paper(body):
    raise OutOfPaperError(body)


def test_an_estimator_that_fails_in_its_own_way_leaves_nothing_pending():
    sheets = []
    desk = WorkerDesk("alex", lambda inputs: (inputs, len) if sheets else no_paper(inputs))
    before = state(desk)
    with pytest.raises(OutOfPaperError, match=r"^table\b") as caught:
        desk.read(INBOX, 3, "table")
    assert state(desk) == before
    assert (caught.value.args, caught.value.__notes__) == (("table",), ["desk alex, task 3"])
    sheets.append("paper")
    assert desk.read(INBOX, 3, "table") == [(OUTBOX, 3, "table")]


@pytest.mark.parametrize("kept", [lambda handle: handle, lambda handle: Once(handle, None)])
def test_a_callback_that_fails_in_its_own_way_stays_pending(kept):
    sheets = []
    desk = WorkerDesk("alex", lambda inputs: (inputs, kept(lambda re: f"{re}!" if sheets else no_paper(re))))
    desk.read(INBOX, 3, "table")
    before = state(desk)
    with pytest.raises(OutOfPaperError, match=r"^bolder\b") as caught:
        desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")
    assert state(desk) == before
    assert caught.value.__notes__ == ["desk alex, task 3"]
    sheets.append("paper")
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [(FEEDBACK_TO_BELOW, 3, "bolder!")]


def test_a_worker_told_no_feedback_drops_its_notes_learns_nothing_and_passes_the_word_down():
    estimator, alex = Linear([1.0, 2.0], 0.5), Wordy("alex")
    for desk, inputs in ((WorkerDesk("numbers", estimator), np.ones((4, 2))), (WorkerDesk("words", alex), "table")):
        desk.read(INBOX, 3, inputs)
        handle_feedback = desk.table[3]
        assert desk.read(FEEDBACK_FROM_ABOVE, 3, NO_FEEDBACK) == [(FEEDBACK_TO_BELOW, 3, NO_FEEDBACK)]
        assert desk.pending == 0
    assert alex.heard == []
    assert (estimator.heard, estimator.updates, estimator.weights.tolist()) == (1, 0, [1.0, 2.0])
    with pytest.raises(RefusedMessage):
        desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")
    assert handle_feedback("said to its face") == 0.0


def test_a_callback_taken_behind_the_desks_back_is_heard_once_all_the_same():
    desk = WorkerDesk("alex", Linear([1.0, 2.0], 0.5))
    desk.read(INBOX, 3, np.ones((4, 2)))
    desk.table[3](np.ones(4))
    with pytest.raises(AlreadyAnswered, match=r"^alex: second feedback for task 3$"):
        desk.read(FEEDBACK_FROM_ABOVE, 3, np.ones(4))


def test_a_desk_keeps_no_more_after_many_tasks_than_after_one():
    desk, sizes = WorkerDesk("alex", taking_notes([])), []
    for task_id in range(300):
        desk.read(INBOX, task_id, "table")
        desk.read(FEEDBACK_FROM_ABOVE, task_id, "bolder")
        sizes.append(size(state(desk)))
    assert set(sizes) == {sizes[0]}
    assert desk.table.statistics.peak == 1


async def estimates_slowly(inputs):
    async def handle_feedback(feedback):
        return f"re {feedback}"

    return f"estimate of {inputs}", handle_feedback


async def test_what_is_to_be_awaited_goes_outside_and_the_desk_is_as_it_was_until_something_comes_of_it():
    desk = WorkerDesk("alex", estimates_slowly, may_wait=True)
    ((out, task_id, (answer, answered)),) = desk.read(INBOX, 3, "table")
    assert (out, task_id, len(desk.table)) == (OUTSIDE, 3, 0)
    assert answered(await answer) == [(OUTBOX, 3, "estimate of table")]
    assert list(desk.table) == [3]
    ((out, task_id, (reply, replied)),) = desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")
    assert (out, task_id, list(desk.table)) == (OUTSIDE, 3, [3])
    assert replied(await reply) == [(FEEDBACK_TO_BELOW, 3, "re bolder")]
    assert desk.pending == 0


def test_a_desk_at_which_nobody_can_wait_refuses_what_is_to_be_awaited_and_is_as_it_was():
    desk = WorkerDesk("alex", estimates_slowly)
    with pytest.raises(BadChart, match="no desk may wait here, and the estimator or its callback returned <coroutine"):
        desk.read(INBOX, 3, "table")
    assert desk.pending == 0
