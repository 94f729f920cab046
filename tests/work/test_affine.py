import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import NotANumber, WrongShape, WrongType
from office.work import NO_FEEDBACK, Affine, Linear
from tests.work.oracles import arrays_of, bits, snapshot, some, tables


@given(tables(), some, st.data())
def test_it_is_every_column_weighed_for_every_output_with_a_bias(inputs, outputs, data):
    weights, bias = data.draw(arrays_of(inputs.shape[1], outputs)), data.draw(arrays_of(outputs))
    output, _ = Affine(weights, bias)(inputs)
    assert output.shape == (len(inputs), outputs)
    for row, k in np.ndindex(output.shape):
        expected = sum(x * weight for x, weight in zip(inputs[row], weights[:, k], strict=True)) + bias[k]
        assert output[row, k] == pytest.approx(expected, abs=1e-9)


@given(tables(), some)
def test_it_learns_what_as_many_linear_workers_learn_side_by_side(inputs, outputs):
    worker = Affine.drawn(inputs.shape[1], outputs)
    alone = [Linear(worker.weights[:, k], worker.bias[k]) for k in range(outputs)]
    output, handle_feedback = worker(inputs)
    re_inputs = handle_feedback(output - 1.0)
    answers = [first(inputs) for first in alone]
    results = [handle(re) for (_, handle), re in zip(answers, output.T - 1.0, strict=True)]
    assert re_inputs == pytest.approx(sum(results), abs=1e-9)
    for k, first in enumerate(alone):
        assert worker.weights[:, k] == pytest.approx(first.weights, abs=1e-9)
        assert worker.bias[k] == pytest.approx(first.bias, abs=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("inputs", [np.ones((2, 3), np.float32), np.ones((2, 3)), np.ones((2, 3), int), [[1] * 3] * 2])
def test_whatever_real_numbers_come_all_is_in_the_dtype_of_the_weights(dtype, inputs):
    worker = Affine.drawn(3, 2, dtype=dtype)
    output, handle_feedback = worker(inputs)
    re_inputs = handle_feedback(output)
    assert {array.dtype for array in (output, re_inputs, worker.weights, worker.bias)} == {np.dtype(dtype)}
    assert bits(output) == bits(Affine.drawn(3, 2, dtype=dtype)(np.ones((2, 3), dtype))[0])


def test_a_seed_draws_the_same_worker_again_with_he_s_spread_unless_told_another():
    assert snapshot(Affine.drawn(8, 2, seed=4)) == snapshot(Affine.drawn(8, 2, seed=4))
    assert snapshot(Affine.drawn(8, 2, seed=4)) != snapshot(Affine.drawn(8, 2, seed=5))
    for drawn, scale in ((Affine.drawn(8, 2, seed=4), 0.5), (Affine.drawn(8, 2, seed=4, scale=3.0), 3.0)):
        assert bits(drawn.weights) == bits(np.random.default_rng(4).normal(0.0, scale, (8, 2)))
        assert drawn.bias.tolist() == [0.0, 0.0]
    assert Affine.drawn(0, 2)(np.ones((3, 0)))[0].tolist() == [[0.0, 0.0]] * 3


def test_a_worker_does_not_keep_the_arrays_it_was_made_from():
    weights, bias = np.ones((1, 2)), np.zeros(2)
    worker = Affine(weights, bias)
    weights[:] = bias[:] = 7.0
    assert (worker.weights.tolist(), worker.bias.tolist()) == ([[1.0, 1.0]], [0.0, 0.0])


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        (np.ones((3, 4)), WrongShape),
        (np.ones(2), WrongShape),
        (np.ones((1, 3, 2)), WrongShape),
        ("a proposal", WrongType),
        (np.ones((3, 2), complex), WrongType),
        (np.array([[1.0, np.nan]]), NotANumber),
    ],
)
def test_inputs_that_make_no_sense_are_refused(inputs, error):
    with pytest.raises(error):
        Affine([[1.0], [0.0]], [0.5])(inputs)


def test_weights_that_have_diverged_are_not_blamed_on_the_inputs():
    with np.errstate(over="ignore"), pytest.raises(NotANumber, match=r"^output has a NaN or an infinity in it"):
        Affine([[1e308], [1e308]], [0.0])(np.ones((1, 2)))


@pytest.mark.parametrize(
    ("weights", "bias", "complaint"),
    [
        (np.ones(3), 0.0, "weights are"),
        (np.ones((3, 2, 2)), np.zeros((2, 2)), "weights are"),
        (np.ones((3, 2)), np.zeros(3), "bias has shape"),
        (np.ones((3, 2)), 0.0, "bias has shape"),
    ],
)
def test_a_worker_that_makes_no_sense_is_refused_when_made(weights, bias, complaint):
    with pytest.raises(ValueError, match=complaint):
        Affine(weights, bias)


def test_a_worker_shows_the_shape_of_its_weights_in_its_repr():
    worker = Affine.drawn(3, 2)
    worker(np.ones((1, 3)))[1](np.ones((1, 2)))
    assert repr(worker) == "<Affine with weights (3, 2): 1 updates>"


def test_nothing_is_said_below_where_nobody_is_to_hear_it_and_the_same_is_learnt():
    inputs = np.random.default_rng(0).normal(size=(4, 3))
    first, other = (Affine.drawn(3, 2, says_below=says_below) for says_below in (True, False))
    feedback = np.ones((4, 2))
    assert first(inputs)[1](feedback).shape == (4, 3)
    assert other(inputs)[1](feedback) is NO_FEEDBACK
    assert snapshot(first) == snapshot(other)
