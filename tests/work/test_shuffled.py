import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, RefusedMessage, WrongShape, WrongType
from office.work import NO_FEEDBACK, Linear, LinearTotal, with_shuffled
from tests.work.oracles import arrays_of, bits, snapshot, tables


def running_total(inputs):
    """A worker to whom the order of rows matters."""
    output = np.cumsum(inputs[:, 0])

    def handle_feedback(re_output):
        return np.cumsum(re_output[::-1])[::-1, None] * np.ones((1, inputs.shape[1]))

    return output, handle_feedback


class Witness:
    """Answers each row with its first number, and keeps the tables and feedbacks it saw."""

    def __init__(self):
        self.tables, self.feedbacks = [], []

    def __call__(self, inputs):
        self.tables.append(inputs)

        def handle_feedback(re_output):
            self.feedbacks.append(re_output)
            return re_output[:, None] * np.ones((1, inputs.shape[1]))

        return inputs[:, 0], handle_feedback


@given(tables(), st.integers(0, 5))
def test_a_worker_to_whom_the_order_does_not_matter_is_none_the_wiser(inputs, seed):
    plain, other = Linear.drawn(inputs.shape[1]), Linear.drawn(inputs.shape[1])
    output, handle_feedback = plain(inputs)
    shuffled_output, handle_shuffled_feedback = with_shuffled(other, seed)(inputs)
    feedback = np.arange(len(inputs)) - 1.5
    assert shuffled_output == pytest.approx(output)
    assert handle_shuffled_feedback(feedback) == pytest.approx(handle_feedback(feedback))
    assert other.weights == pytest.approx(plain.weights)


@given(st.integers(0, 6), st.integers(0, 5), st.data())
def test_every_row_comes_back_to_its_place_and_so_does_its_feedback(rows, seed, data):
    inputs = np.column_stack([np.arange(float(rows)), data.draw(arrays_of(rows))])
    witness = Witness()
    output, handle_feedback = with_shuffled(witness, seed)(inputs)
    assert output.tolist() == list(range(rows))
    feedback = 10.0 + np.arange(rows)
    assert handle_feedback(feedback)[:, 0].tolist() == feedback.tolist()
    assert (witness.feedbacks[0] == 10.0 + witness.tables[0][:, 0]).all()
    assert sorted(map(tuple, witness.tables[0])) == sorted(map(tuple, inputs))


def test_a_worker_to_whom_the_order_matters_is_found_out():
    inputs = np.arange(6.0)[:, None]
    assert with_shuffled(running_total, 0)(inputs)[0].tolist() != running_total(inputs)[0].tolist()


def test_each_task_has_an_order_of_its_own_and_a_seed_brings_them_all_back():
    inputs = np.arange(8.0)[:, None]

    def orders(seed):
        witness = Witness()
        shuffled = with_shuffled(witness, seed)
        for _ in range(3):
            shuffled(inputs)
        return [table[:, 0].tolist() for table in witness.tables]

    assert orders(0) == orders(0)
    assert orders(0) != orders(1)
    assert orders(0)[0] != orders(0)[1]


def test_the_global_random_state_is_neither_asked_nor_changed():
    inputs = np.arange(8.0)[:, None]
    before = np.random.get_state()[1].tolist()  # noqa: NPY002  it is this that must not move
    with_shuffled(Witness(), 0)(inputs)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


@given(tables())
def test_nothing_is_changed_in_place(inputs):
    worker = Linear.drawn(inputs.shape[1])
    output, handle_feedback = with_shuffled(worker)(inputs)
    feedback = np.ones(len(inputs))
    before = bits(inputs), bits(feedback), bits(output)
    re_inputs = handle_feedback(feedback)
    assert (bits(inputs), bits(feedback), bits(output)) == before
    assert not output.flags.writeable
    assert not re_inputs.flags.writeable


def test_refused_feedback_changes_nothing_and_a_second_is_refused():
    worker = Linear.drawn(2)
    _, handle_feedback = with_shuffled(worker)(np.ones((3, 2)))
    before = snapshot(worker)
    for bad in (np.ones(4), 1.0, np.full(3, np.nan), "words"):
        with pytest.raises(RefusedMessage):
            handle_feedback(bad)
    assert snapshot(worker) == before
    handle_feedback(np.ones(3))
    with pytest.raises(AlreadyAnswered):
        handle_feedback(np.ones(3))


def test_no_feedback_is_passed_on_both_ways():
    worker = Linear.drawn(2)
    assert with_shuffled(worker)(np.ones((3, 2)))[1](NO_FEEDBACK) is NO_FEEDBACK
    assert (worker.heard, worker.updates) == (1, 0)
    silent = with_shuffled(lambda inputs: (inputs[:, 0], lambda _feedback: NO_FEEDBACK))
    assert silent(np.ones((3, 2)))[1](np.ones(3)) is NO_FEEDBACK


def test_a_worker_that_does_not_answer_row_by_row_is_refused_and_so_is_what_is_no_table():
    with pytest.raises(WrongShape):
        with_shuffled(LinearTotal.drawn(2))(np.ones((3, 2)))
    with pytest.raises(WrongType):
        with_shuffled(Linear.drawn(2))("words")
