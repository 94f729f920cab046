import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import NotANumber, WrongShape
from office.work import NO_FEEDBACK, Affine, Maxout, combine_by_maximum
from tests.work.oracles import bits, snapshot, some


@given(some, some, some, some, st.integers(0, 999))
def test_it_is_a_maximum_team_of_affine_workers_at_one_desk(rows, columns, outputs, pieces, seed):
    generator = np.random.default_rng(seed)

    def whole(*shape):
        """Small whole numbers, so that sums are exact in any order, and ties are many."""
        return generator.integers(-2, 3, shape).astype(float)

    weights, bias = whole(columns, outputs, pieces), whole(outputs, pieces)
    many = Maxout(weights, bias, 0.5)
    members = [Affine(weights[..., k], bias[:, k], 0.5) for k in range(pieces)]
    for _ in range(2):
        inputs, feedback = whole(rows, columns), whole(rows, outputs)
        output, handle_feedback = many(inputs)
        loudest, handle_team_feedback = combine_by_maximum(members)(inputs)
        assert (output == loudest).all()
        assert (handle_feedback(feedback) == handle_team_feedback(feedback)).all()
        for k, member in enumerate(members):
            assert (many.weights[..., k] == member.weights).all()
            assert (many.bias[:, k] == member.bias).all()


def test_every_row_and_every_output_has_a_winner_of_its_own_who_alone_learns():
    # Columns: California, renewable. The first output has the pieces (x, y), the second (-x, 1).
    worker = Maxout([[[1.0, 0.0], [-1.0, 0.0]], [[0.0, 1.0], [0.0, 0.0]]], [[0.0, 0.0], [0.0, 1.0]], 1.0)
    output, handle_feedback = worker(np.array([[2.0, 1.0], [-3.0, 1.0]]))
    assert output.tolist() == [[2.0, 1.0], [1.0, 3.0]]
    re_inputs = handle_feedback(np.array([[1.0, 10.0], [100.0, 1000.0]]))
    assert re_inputs.tolist() == [[1.0, 0.0], [-1000.0, 100.0]]
    assert worker.bias.tolist() == [[-1.0, -100.0], [-1000.0, -9.0]]


def test_no_feedback_is_heard_once_by_all_the_pieces():
    worker = Maxout.drawn(3, 2, pieces=4)
    assert worker(np.ones((1, 3)))[1](NO_FEEDBACK) is NO_FEEDBACK
    assert (worker.heard, worker.updates) == (1, 0)


def test_a_seed_draws_the_same_worker_again_with_the_spread_of_the_inputs_unless_told_another():
    assert snapshot(Maxout.drawn(4, 2, seed=4)) == snapshot(Maxout.drawn(4, 2, seed=4))
    for drawn, scale in (
        (Maxout.drawn(4, 2, pieces=3, seed=4), 0.5),
        (Maxout.drawn(4, 2, pieces=3, seed=4, scale=2.0), 2.0),
    ):
        assert bits(drawn.weights) == bits(np.random.default_rng(4).normal(0.0, scale, (4, 2, 3)))
        assert drawn.bias.tolist() == [[0.0] * 3] * 2
    assert Maxout.drawn(4, 2, dtype=np.float32).weights.dtype == np.float32


def test_the_weights_it_shows_cannot_be_written_to():
    worker = Maxout.drawn(3, 2)
    for shown in (worker.weights, worker.bias):
        with pytest.raises(ValueError, match="read-only"):
            shown[0] = 7.0


def test_workers_without_columns_or_without_outputs_answer_too():
    assert Maxout(np.empty((0, 2, 3)), np.arange(6.0).reshape(2, 3))(np.empty((1, 0)))[0].tolist() == [[2.0, 5.0]]
    assert Maxout(np.empty((2, 0, 3)), np.empty((0, 3)))(np.ones((1, 2)))[0].shape == (1, 0)


@pytest.mark.parametrize(
    ("weights", "bias", "complaint"),
    [
        (np.ones((3, 2)), np.zeros(2), "weights are"),
        (np.ones((3, 2, 0)), np.zeros((2, 0)), "weights are"),
        (np.ones((3, 2, 2)), np.zeros(4), "bias has shape"),
    ],
)
def test_a_worker_that_makes_no_sense_is_refused_when_made(weights, bias, complaint):
    with pytest.raises(ValueError, match=complaint):
        Maxout(weights, bias)


def test_inputs_and_feedback_that_make_no_sense_are_refused():
    worker = Maxout.drawn(3, 2)
    for inputs, error in ((np.ones((1, 2)), WrongShape), (np.full((1, 3), np.nan), NotANumber)):
        with pytest.raises(error):
            worker(inputs)
    output, handle_feedback = worker(np.ones((1, 3)))
    before = snapshot(worker)
    with pytest.raises(WrongShape):
        handle_feedback(np.ones((1, 4)))
    assert snapshot(worker) == before
    assert handle_feedback(output).shape == (1, 3)
    assert repr(worker) == "<Maxout with weights (3, 2, 2): 1 updates>"
