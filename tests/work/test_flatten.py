import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, RefusedMessage, WrongShape, WrongType
from office.work import NO_FEEDBACK, Linear, LinearTotal, combine_by_maximum, with_flatten
from tests.work.oracles import arrays_of, bits, snapshot


@st.composite
def batches(draw, columns=2):
    """A list of tables, some of them without rows."""
    return [draw(arrays_of(rows, columns)) for rows in draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))]


@given(batches())
def test_a_batch_is_answered_and_learnt_from_like_the_giant_table_it_makes(tables):
    first, other = Linear.drawn(2), Linear.drawn(2)
    outputs, handle_feedback = with_flatten(first)(tables)
    giant, handle_giant_feedback = other(np.concatenate(tables))
    assert [output.shape for output in outputs] == [(len(table),) for table in tables]
    assert bits(np.concatenate(outputs)) == bits(giant)
    re_outputs = [output - 1.0 for output in outputs]
    re_tables = handle_feedback(re_outputs)
    assert [re_table.shape for re_table in re_tables] == [table.shape for table in tables]
    assert bits(np.concatenate(re_tables)) == bits(handle_giant_feedback(giant - 1.0))
    assert snapshot(first) == snapshot(other)


@given(batches())
def test_each_table_gets_the_feedback_it_would_get_alone(tables):
    outputs, handle_feedback = with_flatten(Linear.drawn(2))(tables)
    re_tables = handle_feedback([np.full(len(table), i) + 1.0 for i, table in enumerate(tables)])
    for i, (table, output, re_table) in enumerate(zip(tables, outputs, re_tables, strict=True)):
        alone, handle_alone = Linear.drawn(2)(table)
        assert output == pytest.approx(alone)
        assert re_table == pytest.approx(handle_alone(np.full(len(table), i) + 1.0))


def test_the_worker_is_called_once_for_a_batch_and_never_for_none():
    calls = []

    def worker(inputs):
        calls.append(inputs.shape)
        return inputs[:, 0], lambda re_output: re_output[:, None]

    flattened = with_flatten(worker)
    flattened([np.ones((2, 1)), np.ones((0, 1)), np.ones((3, 1))])
    assert calls == [(5, 1)]
    outputs, handle_feedback = flattened([])
    assert (outputs, handle_feedback([]), calls) == ([], [], [(5, 1)])
    with pytest.raises(AlreadyAnswered):
        handle_feedback([])
    assert flattened([])[1](NO_FEEDBACK) is NO_FEEDBACK
    with pytest.raises(WrongShape):
        flattened([])[1]([np.ones(1)])


@pytest.mark.parametrize("worker", [Linear.drawn(2), combine_by_maximum([Linear.drawn(2), Linear.drawn(2, seed=1)])])
def test_a_batch_of_empty_tables_gets_empty_answers_and_empty_feedback(worker):
    outputs, handle_feedback = with_flatten(worker)([np.empty((0, 2))] * 2)
    assert [output.shape for output in outputs] == [(0,), (0,)]
    assert [re_table.shape for re_table in handle_feedback(outputs)] == [(0, 2), (0, 2)]


@given(batches())
def test_nothing_is_changed_in_place_and_nothing_returned_can_be_written_to(tables):
    outputs, handle_feedback = with_flatten(Linear.drawn(2))(tables)
    re_outputs = [np.ones(len(table)) for table in tables]
    before = list(map(bits, tables + re_outputs + outputs))
    re_tables = handle_feedback(re_outputs)
    assert list(map(bits, tables + re_outputs + outputs)) == before
    assert not any(array.flags.writeable for array in outputs + re_tables)


@pytest.mark.parametrize(
    "feedback",
    [
        "words",
        np.ones(3),
        [np.ones(1)],
        [np.ones(2), np.ones(1)],
        [np.ones(1), np.array([1.0, np.nan])],
        [np.ones(1), np.ones(2, dtype=int)],
        [np.ones(1), NO_FEEDBACK],
    ],
)
def test_refused_feedback_changes_nothing_and_the_right_one_may_still_come(feedback):
    worker = Linear.drawn(2)
    outputs, handle_feedback = with_flatten(worker)([np.ones((1, 2)), np.ones((2, 2))])
    before = snapshot(worker)
    with pytest.raises(RefusedMessage):
        handle_feedback(feedback)
    assert snapshot(worker) == before
    handle_feedback([output - 1.0 for output in outputs])
    assert worker.updates == 1
    with pytest.raises(AlreadyAnswered):
        handle_feedback([output - 1.0 for output in outputs])


def test_no_feedback_is_passed_on_both_ways():
    worker = Linear.drawn(2)
    assert with_flatten(worker)([np.ones((3, 2))])[1](NO_FEEDBACK) is NO_FEEDBACK
    assert (worker.heard, worker.updates) == (1, 0)
    silent = with_flatten(lambda inputs: (inputs[:, 0], lambda _feedback: NO_FEEDBACK))
    assert silent([np.ones((3, 2))])[1]([np.ones(3)]) is NO_FEEDBACK


def test_tables_that_do_not_fit_together_are_refused_and_so_is_a_worker_without_rows():
    with pytest.raises(WrongShape):
        with_flatten(Linear.drawn(2))([np.ones((1, 2)), np.ones((1, 3))])
    with pytest.raises(WrongShape):
        with_flatten(Linear.drawn(2))([np.ones(2)])
    with pytest.raises(WrongType):
        with_flatten(Linear.drawn(2))(["words"])
    with pytest.raises(WrongShape):
        with_flatten(LinearTotal.drawn(2))([np.ones((1, 2))])
