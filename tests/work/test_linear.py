import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, NotANumber, RefusedMessage, WrongShape, WrongType
from office.work import NO_FEEDBACK, Linear, LinearTotal, linear_schedule
from tests.work.oracles import arrays_of, bits, gradient, numbers, ones_like, slope, snapshot, tables

KINDS = [Linear, LinearTotal]


def feedback_for(output, seed=0):
    """Feedback that is not the same for every row."""
    generator = np.random.default_rng(seed)
    return generator.normal(size=output.shape) if isinstance(output, np.ndarray) else float(generator.normal())


def weighed(kind, inputs, re_output, weights, bias):
    """The one number whose gradient the callback gives: output times feedback, summed."""
    return float(np.sum(np.multiply(kind(weights, bias)(inputs)[0], re_output)))


@given(tables(), st.data())
def test_linear_is_inputs_times_weights_and_the_total_is_its_sum_with_one_bias(inputs, data):
    weights, bias = data.draw(arrays_of(inputs.shape[1])), data.draw(numbers)
    assert Linear(weights, bias)(inputs)[0] == pytest.approx(inputs @ weights + bias, abs=1e-9)
    total = LinearTotal(weights, bias)(inputs)[0]
    assert type(total) is float
    assert total == pytest.approx((inputs @ weights).sum() + bias, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@given(inputs=tables())
def test_what_is_said_about_the_inputs_is_the_gradient_by_finite_differences(kind, inputs):
    worker = kind.drawn(inputs.shape[1], seed=1)
    weights, bias = worker.weights, worker.bias
    output, handle_feedback = worker(inputs)
    re_output = feedback_for(output)
    expected = gradient(lambda table: weighed(kind, table, re_output, weights, bias), inputs)
    assert handle_feedback(re_output) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@given(inputs=tables())
def test_a_step_goes_down_the_gradient_of_the_weights_by_finite_differences(kind, inputs):
    worker = kind.drawn(inputs.shape[1], rule=0.25, seed=1)
    weights, bias = worker.weights, worker.bias
    output, handle_feedback = worker(inputs)
    re_output = feedback_for(output)
    handle_feedback(re_output)
    re_weights = gradient(lambda them: weighed(kind, inputs, re_output, them, bias), weights)
    re_bias = slope(lambda it: weighed(kind, inputs, re_output, weights, it), bias, 1.0)
    assert worker.weights == pytest.approx(weights - 0.25 * re_weights, abs=1e-6)
    assert worker.bias == pytest.approx(bias - 0.25 * re_bias, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@given(inputs=tables(), data=st.data())
def test_forward_and_feedback_are_adjoint(kind, inputs, data):
    nudge = data.draw(arrays_of(*inputs.shape))
    worker = kind.drawn(inputs.shape[1], seed=2)
    output, handle_feedback = worker(inputs)
    re_output = feedback_for(output)
    change = np.subtract(worker(inputs + nudge)[0], output)
    assert np.sum(change * re_output) == pytest.approx(np.sum(handle_feedback(re_output) * nudge), abs=1e-8)


@pytest.mark.parametrize("kind", KINDS)
def test_late_feedback_speaks_of_the_weights_that_gave_the_answer_and_moves_todays(kind):
    inputs = np.array([[1.0, 2.0]])
    late, prompt = kind([3.0, 5.0], 0.0, rule=1.0), kind([3.0, 5.0], 0.0, rule=1.0)
    first, handle_first = late(inputs)
    re_output = ones_like(first)
    late(inputs)[1](re_output)
    assert late.weights.tolist() == [2.0, 3.0]
    assert handle_first(re_output).tolist() == [[3.0, 5.0]]
    assert late.weights.tolist() == [1.0, 1.0]
    prompt(inputs)[1](re_output)
    prompt(inputs)[1](re_output)
    assert snapshot(late) == snapshot(prompt)


@pytest.mark.parametrize("kind", KINDS)
@given(inputs=tables())
def test_nothing_is_changed_in_place_and_nothing_returned_can_be_written_to(kind, inputs):
    worker = kind.drawn(inputs.shape[1])
    weights, before = worker.weights, bits(worker.weights)
    output, handle_feedback = worker(inputs)
    re_output = feedback_for(output)
    given_before = bits(inputs), bits(re_output), bits(output)
    re_inputs = handle_feedback(re_output)
    assert (bits(inputs), bits(re_output), bits(output)) == given_before
    assert bits(weights) == before
    assert worker.weights is not weights
    for returned in (output, re_inputs, worker.weights):
        assert isinstance(returned, float) or not returned.flags.writeable
        for held in (weights, worker.weights, inputs, re_output):
            assert returned is held or not np.may_share_memory(returned, held)


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_does_not_keep_the_arrays_it_was_made_from(kind):
    weights = np.ones(2)
    worker = kind(weights, 0.0)
    weights[:] = 7.0
    assert worker.weights.tolist() == [1.0, 1.0]
    with pytest.raises(ValueError, match="read-only"):
        worker.weights[0] = 7.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("feedback", [1, True, "bolder", np.ones(7), np.ones((3, 1)), float("nan"), np.full(3, np.nan)])
def test_a_refused_feedback_changes_nothing_and_the_right_one_still_counts(kind, feedback):
    worker, other = kind.drawn(2), kind.drawn(2)
    inputs = np.ones((3, 2))
    output, handle_feedback = worker(inputs)
    before = snapshot(worker)
    with pytest.raises(RefusedMessage):
        handle_feedback(feedback)
    assert snapshot(worker) == before
    handle_feedback(feedback_for(output))
    other(inputs)[1](feedback_for(output))
    assert snapshot(worker) == snapshot(other)


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_feedback_is_refused_and_teaches_nothing(kind):
    worker = kind.drawn(2)
    output, handle_feedback = worker(np.ones((3, 2)))
    handle_feedback(ones_like(output))
    before = snapshot(worker)
    with pytest.raises(AlreadyAnswered):
        handle_feedback(ones_like(output))
    assert snapshot(worker) == before


@pytest.mark.parametrize("kind", KINDS)
def test_no_feedback_teaches_nothing_but_counts_as_heard(kind):
    worker = kind.drawn(2)
    weights, bias = worker.weights, worker.bias
    assert worker(np.ones((3, 2)))[1](NO_FEEDBACK) is NO_FEEDBACK
    assert worker.weights is weights
    assert (worker.bias, worker.updates, worker.heard) == (bias, 0, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_rate_schedule_counts_every_task_heard_about(kind):
    worker = kind([0.0], 0.0, rule=linear_schedule(1.0, 0.0, 4))
    steps = []
    for feedback in (1.0, NO_FEEDBACK, 1.0, 1.0, 1.0):
        before = worker.bias
        output, handle_feedback = worker(np.ones((1, 1)))
        handle_feedback(feedback if feedback is NO_FEEDBACK else ones_like(output))
        steps.append(before - worker.bias)
    assert steps == [1.0, 0.0, 0.5, 0.25, 0.0]
    assert (worker.heard, worker.updates) == (5, 4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schedule_that_fails_leaves_the_worker_and_the_task_as_they_were(kind):
    rates = {0: -1.0}
    worker = kind.drawn(2, rule=lambda count: rates[count])
    output, handle_feedback = worker(np.ones((3, 2)))
    before = snapshot(worker)
    with pytest.raises(ValueError, match=r"the learning rate at count 0 is -1\.0"):
        handle_feedback(ones_like(output))
    assert snapshot(worker) == before
    rates[0] = 0.5
    handle_feedback(ones_like(output))
    assert worker.updates == 1


def test_a_table_without_rows_gives_no_numbers_and_a_total_of_the_bias():
    empty = np.empty((0, 2))
    worker, total = Linear.drawn(2), LinearTotal.drawn(2)
    output, handle_feedback = worker(empty)
    assert output.shape == (0,)
    before = bits(worker.weights), worker.bias
    assert handle_feedback(np.empty(0)).shape == (0, 2)
    assert (bits(worker.weights), worker.bias) == before
    bias = total.bias
    output, handle_feedback = total(empty)
    assert output == bias
    assert handle_feedback(1.0).shape == (0, 2)
    assert total.bias == bias - 0.1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        (np.ones((3, 4)), WrongShape),
        (np.ones(2), WrongShape),
        ("a proposal", WrongType),
        (np.array([[1.0, np.nan]]), NotANumber),
        (np.array([[np.nan, 0.0]]), NotANumber),
    ],
)
def test_inputs_that_make_no_sense_are_refused(kind, inputs, error):
    with pytest.raises(error):
        kind([1.0, 0.0], 0.5)(inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_that_have_diverged_are_not_blamed_on_the_inputs(kind):
    with np.errstate(over="ignore"), pytest.raises(NotANumber, match=r"^output has a NaN or an infinity in it"):
        kind([1e308, 1e308], 0.0)(np.ones((1, 2)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_of_whole_numbers_is_as_good_as_one_of_floats(kind):
    whole = np.array([[1, 0], [1, 1]])
    plain, other = kind.drawn(2), kind.drawn(2)
    for worker, inputs in ((plain, whole), (other, whole.astype(float))):
        output, handle_feedback = worker(inputs)
        assert handle_feedback(ones_like(output)).dtype == np.float64
    assert snapshot(plain) == snapshot(other)


def test_a_seed_draws_the_same_worker_again_and_another_seed_another():
    assert snapshot(Linear.drawn(3, seed=4)) == snapshot(Linear.drawn(3, seed=4))
    assert snapshot(Linear.drawn(3, seed=4)) != snapshot(Linear.drawn(3, seed=5))
    generator = np.random.default_rng(4)
    drawn = Linear.drawn(3, scale=2.0, seed=4)
    assert bits(drawn.weights) == bits(generator.normal(0.0, 2.0, 3))
    assert drawn.bias == generator.normal(0.0, 2.0)


@pytest.mark.parametrize(
    ("weights", "bias", "rate"),
    [
        (1.0, 0.0, 0.1),
        ([1.0], [0.0, 0.0], 0.1),
        (np.ones((3, 2)), 0.0, 0.1),
        ([1.0], 0.0, -0.1),
        ([1.0], 0.0, np.nan),
    ],
)
def test_a_worker_that_makes_no_sense_is_refused_when_made(weights, bias, rate):
    with pytest.raises(ValueError, match=r"weights|bias|learning rate"):
        Linear(weights, bias, rate)


def test_a_total_has_no_copies():
    with pytest.raises(ValueError, match="one number a column"):
        LinearTotal(np.ones((3, 2)), np.zeros(3))


def test_a_worker_shows_its_weights_in_its_repr():
    assert repr(Linear([1.0, 2.0], 0.5)) == "Linear(weights=[1.0, 2.0], bias=0.5, updates=0)"


def steps_alike(copies, columns, rows, steps, seed):
    """Whether every copy, alone, does what it does among the others; to the last bit, at every step."""
    generator = np.random.default_rng(seed)
    weights, bias = generator.normal(size=(copies, columns)), generator.normal(size=copies)
    together = Linear(weights, bias, rule=0.05)
    alone = [Linear(weights[i : i + 1], bias[i : i + 1], rule=0.05) for i in range(copies)]
    for _ in range(steps):
        inputs, target = generator.normal(size=(rows, columns)), generator.normal(size=rows)
        output, handle_feedback = together(inputs)
        re_inputs = handle_feedback(output - target)
        for i, worker in enumerate(alone):
            single, handle_single = worker(inputs)
            re_single = handle_single(single - target)
            assert bits(single) == bits(output[i])
            assert bits(re_single) == bits(re_inputs[i])
            assert bits(worker.weights) == bits(together.weights[i])
            assert bits(worker.bias) == bits(together.bias[i])


def test_a_copy_among_two_hundred_learns_to_the_bit_what_it_learns_alone():
    steps_alike(copies=200, columns=9, rows=4, steps=50, seed=0)


@given(st.integers(1, 5), st.integers(1, 20), st.integers(0, 20))
def test_a_copy_among_others_learns_to_the_bit_what_it_learns_alone_at_any_shape(copies, columns, rows):
    steps_alike(copies, columns, rows, steps=2, seed=columns)


def test_the_weights_and_biases_of_copies_cannot_be_written_to():
    worker = Linear(np.ones((3, 2)), np.zeros(3))
    for _ in range(2):
        assert not worker.weights.flags.writeable
        assert not worker.bias.flags.writeable
        output, handle_feedback = worker(np.ones((4, 2)))
        assert not handle_feedback(output).flags.writeable


def test_a_copy_agrees_with_a_worker_that_never_heard_of_copies():
    plain, copies = (
        Linear.drawn(3, seed=1),
        Linear(Linear.drawn(3, seed=1).weights[None], [Linear.drawn(3, seed=1).bias]),
    )
    inputs = np.random.default_rng(0).normal(size=(4, 3))
    for worker in (plain, copies):
        output, handle_feedback = worker(inputs)
        handle_feedback(ones_like(output))
    assert copies.weights[0] == pytest.approx(plain.weights)
    assert copies.bias[0] == pytest.approx(plain.bias)
