"""What every layer, combination and wrapper keeps to, in float32 and in float64."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, NotANumber
from office.work import (
    NO_FEEDBACK,
    Affine,
    Dropout,
    Linear,
    LinearTotal,
    Maxout,
    combine_by_addition,
    combine_by_average,
    combine_by_concatenation,
    combine_by_maximum,
    combine_by_soft_maximum,
    examiner,
    give_feedback,
    identity,
    in_sequence,
    linear_schedule,
    parameters_of,
    relu,
    reshape,
    residual,
    softmax,
    softmax_cross_entropy,
    squared_error,
    with_flatten,
    with_rows,
    with_shuffled,
)
from tests.tiers import examples
from tests.work.oracles import (
    Recording,
    about,
    bits,
    flat,
    gradient,
    inner,
    leaves,
    outline,
    refilled,
    some_like,
    state_of,
    with_target,
)

WIDTH = 1e-6  # of a finite difference: so small that no example has a kink within it


def table(rows, numbers):
    return numbers(rows, 3)


def batch(rows, numbers):
    return numbers(2, rows, 3)


def ragged(rows, numbers):
    return [numbers(rows, 3), numbers(0, 3), numbers(rows, 3)]


def with_numbers(rows, numbers):
    return numbers(rows, 3), numbers(rows, 3)


def with_classes(rows, numbers):
    return numbers(rows, 3), np.arange(rows) % 2


class Case(NamedTuple):
    make: Callable[[Any], Any]
    """A new estimator of this dtype: the same one every time."""
    inputs: Callable[[int, Any], Any] = table

    def __call__(self, dtype, inputs):
        return self.make(dtype)(inputs)


def affine(dtype, outputs=2, seed=0):
    return Affine.drawn(3, outputs, Recording(), seed, dtype=dtype)


def linear(dtype, seed=0, kind=Linear):
    return kind.drawn(3, rule=Recording(), seed=seed, dtype=dtype)


def maxout(dtype):
    return Maxout.drawn(3, 2, Recording(), pieces=3, dtype=dtype)


def three(dtype):
    return [affine(dtype, seed=seed) for seed in range(3)]


def cooling(team):
    return combine_by_soft_maximum(team, linear_schedule(2.0, 0.5, 3))


CASES = {
    "Linear": Case(linear),
    "LinearTotal": Case(lambda dtype: linear(dtype, kind=LinearTotal)),
    "Affine": Case(affine),
    "Maxout": Case(maxout),
    "relu": Case(lambda _: relu),
    "softmax": Case(lambda _: softmax),
    "Dropout": Case(lambda _: Dropout(0.4)),
    "Dropout at rest": Case(lambda _: Dropout(0.4, training=False)),
    "identity": Case(lambda _: identity),
    "residual Affine": Case(lambda dtype: residual(affine(dtype, 3))),
    "reshape": Case(lambda _: reshape(3, 1)),
    "rows of Affine": Case(lambda dtype: with_rows(affine(dtype)), batch),
    "rows of Linear": Case(lambda dtype: with_rows(linear(dtype)), batch),
    "flattened Linear": Case(lambda dtype: with_flatten(linear(dtype)), ragged),
    "flattened Affine": Case(lambda dtype: with_flatten(affine(dtype)), ragged),
    "shuffled Linear": Case(lambda dtype: with_shuffled(linear(dtype))),
    "shuffled Affine": Case(lambda dtype: with_shuffled(affine(dtype))),
    "sequence": Case(lambda dtype: in_sequence(affine(dtype, 3), relu, Dropout(0.4), affine(dtype, 2, 1))),
    "sequence of shares": Case(lambda dtype: in_sequence(residual(maxout_of_three(dtype)), reshape(-1), softmax)),
    "addition": Case(lambda dtype: combine_by_addition(three(dtype))),
    "addition of one": Case(lambda dtype: combine_by_addition([affine(dtype)])),
    "addition with identity": Case(lambda dtype: combine_by_addition([identity, affine(dtype, 3)])),
    "average": Case(lambda dtype: combine_by_average(three(dtype))),
    "average of totals": Case(lambda dtype: combine_by_average([linear(dtype, k, LinearTotal) for k in range(3)])),
    "maximum": Case(lambda dtype: combine_by_maximum(three(dtype))),
    "maximum of totals": Case(lambda dtype: combine_by_maximum([linear(dtype, k, LinearTotal) for k in range(3)])),
    "soft maximum": Case(lambda dtype: cooling(three(dtype))),
    "concatenation": Case(lambda dtype: combine_by_concatenation([affine(dtype), linear(dtype), relu])),
    "team in a team": Case(lambda dtype: combine_by_maximum([combine_by_average(three(dtype)), maxout(dtype)])),
    "examiner": Case(lambda _: examiner(squared_error), with_numbers),
    "examiner of classes": Case(lambda _: examiner(softmax_cross_entropy), with_classes),
    "examined sequence": Case(
        lambda dtype: in_sequence(with_target(affine(dtype)), examiner(softmax_cross_entropy)), with_classes
    ),
}


def maxout_of_three(dtype):
    return Maxout.drawn(3, 3, Recording(), dtype=dtype)


AS_IT_IS = {"identity"}
VIEWS = {"identity", "reshape", "Dropout at rest"}
PASS_NAN = {"relu", "Dropout", "Dropout at rest", "identity", "reshape"}
HAVE_WEIGHTS = {name for name, case in CASES.items() if parameters_of(case.make(np.float64))}


def every_case(but=(), of=CASES):
    """Each case that is among `of`, and is not one of these."""
    return pytest.mark.parametrize("name", [name for name in CASES if name in of and name not in but])


either_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])


class Situation(NamedTuple):
    """So many rows of numbers: drawn from N(0, 1), or small whole ones, with many zeros and ties."""

    rows: int
    seed: int = 0
    whole: bool = False

    def inputs(self, case, dtype=np.float64):
        generator = np.random.default_rng(self.seed)

        def numbers(*shape):
            drawn = generator.integers(-2, 3, shape) if self.whole else generator.normal(size=shape)
            return drawn.astype(dtype)

        return case.inputs(self.rows, numbers)


rows, seeds = st.integers(1, 4), st.integers(0, 999)
situations = st.builds(Situation, rows, seeds, st.booleans())
smooth = st.tuples(rows, seeds).map(lambda drawn: Situation(*drawn))
few_examples = settings(max_examples=examples(24))


def entries(inputs):
    """The arrays in a body, and not its lists."""
    return [leaf for leaf in leaves(inputs) if isinstance(leaf, np.ndarray)]


@every_case()
@either_dtype
@few_examples
@given(situation=situations)
def test_outputs_have_the_dtype_of_the_worker_and_feedback_below_has_the_form_of_the_inputs(name, dtype, situation):
    inputs = situation.inputs(CASES[name], dtype)
    output, handle_feedback = CASES[name](dtype, inputs)
    assert {type(leaf) if np.ndim(leaf) == 0 else leaf.dtype for leaf in leaves(output)} <= {float, np.dtype(dtype)}
    assert outline(handle_feedback(some_like(output, 1))) == outline(about(inputs))


@every_case(but=AS_IT_IS)
@either_dtype
@pytest.mark.parametrize("other", [np.float32, np.float64])
def test_feedback_of_another_precision_is_heard_in_that_of_the_output(name, dtype, other):
    inputs = Situation(3).inputs(CASES[name], dtype)
    results = []
    for turned in (lambda leaf: leaf, lambda leaf: leaf.astype(dtype) if leaf.shape else float(leaf)):
        estimator = CASES[name].make(dtype)
        output, handle_feedback = estimator(inputs)
        feedback = some_like(output, 1)
        if isinstance(feedback, list):
            feedback = [turned(part.astype(other)) for part in feedback]
        else:
            feedback = turned(np.asarray(feedback, other)[()])
        re_inputs = handle_feedback(feedback)
        results.append((outline(re_inputs), [bits(leaf) for leaf in leaves(re_inputs)], state_of(estimator)))
    assert results[0] == results[1]
    assert results[0][0] == outline(about(inputs))


@every_case()
@either_dtype
@few_examples
@given(situation=situations)
def test_a_second_feedback_is_refused_and_teaches_nothing(name, dtype, situation):
    estimator = CASES[name].make(dtype)
    output, handle_feedback = estimator(situation.inputs(CASES[name], dtype))
    handle_feedback(some_like(output, 1))
    before = state_of(estimator)
    for feedback in (some_like(output, 2), NO_FEEDBACK):
        with pytest.raises(AlreadyAnswered):
            handle_feedback(feedback)
    assert state_of(estimator) == before


def as_given(body):
    """What is in a body to the last bit, and which objects its parts are."""
    parts = body if isinstance(body, (list, tuple)) else []
    return [bits(leaf) for leaf in leaves(body)], [id(part) for part in parts]


@every_case()
@either_dtype
@few_examples
@given(situation=situations)
def test_inputs_outputs_and_feedback_are_never_changed(name, dtype, situation):
    inputs = situation.inputs(CASES[name], dtype)
    before = as_given(inputs)
    output, handle_feedback = CASES[name](dtype, inputs)
    feedback = some_like(output, 1)
    answered = as_given(output), as_given(feedback)
    handle_feedback(feedback)
    assert as_given(inputs) == before
    assert (as_given(output), as_given(feedback)) == answered
    assert all(array.flags.writeable for array in entries([inputs, feedback]))


@every_case()
@either_dtype
@few_examples
@given(situation=situations)
def test_nothing_returned_can_be_written_to_or_is_part_of_what_a_worker_uses(name, dtype, situation):
    estimator = CASES[name].make(dtype)
    inputs = situation.inputs(CASES[name], dtype)
    weights = [it.arrays for it in parameters_of(estimator)]
    output, handle_feedback = estimator(inputs)
    feedback = some_like(output, 1)
    re_inputs = handle_feedback(feedback)
    weights += [it.arrays for it in parameters_of(estimator)]
    theirs = [] if name in VIEWS else [inputs, feedback]
    for returned in entries([output, re_inputs]):
        assert not any(np.may_share_memory(returned, array) for array in entries([weights, theirs]))
        assert not returned.flags.writeable or name in AS_IT_IS
    assert not any(array.flags.writeable for array in entries(weights))


@every_case()
@few_examples
@given(situation=smooth)
def test_forward_and_feedback_are_adjoint(name, situation):
    case = CASES[name]
    inputs = situation.inputs(case)
    output, handle_feedback = case(np.float64, inputs)
    feedback, along = some_like(output, 1), some_like(inputs, 2)
    at, step = flat(about(inputs)), WIDTH * flat(about(along))
    far, near = (flat(case(np.float64, refilled(inputs, at + sign * step))[0]) for sign in (1, -1))
    pushed = (far - near) / (2 * WIDTH)
    assert np.dot(flat(feedback), pushed) == pytest.approx(inner(handle_feedback(feedback), about(along)), abs=1e-6)


@every_case()
@settings(max_examples=examples(24))
@given(situation=smooth)
def test_what_is_said_about_the_inputs_is_the_gradient_by_finite_differences(name, situation):
    case = CASES[name]
    inputs = situation.inputs(case)
    output, handle_feedback = case(np.float64, inputs)
    feedback = some_like(output, 1)

    def weighed(row):
        return inner(feedback, case(np.float64, refilled(inputs, row))[0])

    expected = gradient(weighed, flat(about(inputs)), WIDTH)
    assert flat(handle_feedback(feedback)) == pytest.approx(expected, abs=1e-6)


def told_of(estimator):
    """What each rule behind an estimator has been told so far: a list of gradients for each array of weights."""
    return [[reports[0] for reports in rule.steps_taken] for it in parameters_of(estimator) for rule in it.rules]


@every_case(of=HAVE_WEIGHTS)
@settings(max_examples=examples(24))
@given(situation=smooth)
def test_what_the_weights_hear_is_their_gradient_by_finite_differences(name, situation):
    case = CASES[name]
    inputs = situation.inputs(case)
    estimator = case.make(np.float64)
    weights = [array for it in parameters_of(estimator) for array in it.arrays]
    output, handle_feedback = estimator(inputs)
    feedback = some_like(output, 1)
    handle_feedback(feedback)
    heard = [sum(reports, 0.0 * array) for reports, array in zip(told_of(estimator), weights, strict=True)]

    def weighed(row):
        fresh, them = case.make(np.float64), refilled(weights, row)
        with ExitStack() as stack:
            for it in parameters_of(fresh):
                stack.enter_context(it.instead(them[: len(it.arrays)]))
                them = them[len(it.arrays) :]
            return inner(feedback, fresh(inputs)[0])

    assert flat(heard) == pytest.approx(gradient(weighed, flat(weights), WIDTH), abs=1e-6)


@every_case()
@either_dtype
@few_examples
@given(situation=situations)
def test_late_feedback_says_to_the_bit_what_it_would_have_said_at_once(name, dtype, situation):
    case, results = CASES[name], []
    inputs = situation.inputs(case, dtype)
    for others in (0, 2):
        estimator = case.make(dtype)
        output, handle_feedback = estimator(inputs)
        for seed in range(others):
            another, handle_another = estimator(situation._replace(seed=seed).inputs(case, dtype))
            handle_another(some_like(another, 3))
        before = [len(reports) for reports in told_of(estimator)]
        re_inputs = handle_feedback(some_like(output, 1))
        heard = [reports[count:] for reports, count in zip(told_of(estimator), before, strict=True)]
        results.append([bits(leaf) for leaf in leaves([output, re_inputs, heard])])
    assert results[0] == results[1]


@every_case()
@either_dtype
@few_examples
@given(situation=situations)
def test_no_feedback_goes_to_everybody_and_down_and_moves_no_weight(name, dtype, situation):
    estimator = CASES[name].make(dtype)
    weights = [it.arrays for it in parameters_of(estimator)]
    _, handle_feedback = estimator(situation.inputs(CASES[name], dtype))
    assert give_feedback(handle_feedback, NO_FEEDBACK) is NO_FEEDBACK
    for it, before in zip(parameters_of(estimator), weights, strict=True):
        assert it.arrays is before
        assert (it.updates, it.heard) == (0, 1)


def with_a_nan(body, place=0):
    row = flat(about(body))
    row[place] = np.nan
    return refilled(body, row)


@every_case(but=AS_IT_IS)
@either_dtype
@pytest.mark.parametrize("place", [0, -1])
def test_feedback_with_a_nan_is_refused_and_the_right_one_still_counts(name, dtype, place):
    inputs = Situation(2).inputs(CASES[name], dtype)
    results = []
    for refusals in (2, 0):
        estimator = CASES[name].make(dtype)
        output, handle_feedback = estimator(inputs)
        before = state_of(estimator)
        for _ in range(refusals):
            with pytest.raises(NotANumber):
                handle_feedback(with_a_nan(some_like(output, 1), place))
        assert state_of(estimator) == before
        re_inputs = handle_feedback(some_like(output, 1))
        results.append(([bits(leaf) for leaf in leaves(re_inputs)], state_of(estimator)))
    assert results[0] == results[1]


@every_case(but=PASS_NAN)
@either_dtype
@pytest.mark.parametrize("place", [0, -1])
def test_inputs_with_a_nan_are_refused_and_change_nothing(name, dtype, place):
    estimator = CASES[name].make(dtype)
    before = state_of(estimator)
    with pytest.raises(NotANumber):
        estimator(with_a_nan(Situation(2).inputs(CASES[name], dtype), place))
    assert state_of(estimator) == before


@every_case(of=PASS_NAN)
@either_dtype
def test_who_passes_a_nan_on_lets_it_touch_no_other_number(name, dtype):
    inputs = Situation(2).inputs(CASES[name], dtype)
    output, spoilt = (flat(CASES[name](dtype, them)[0]) for them in (inputs, with_a_nan(inputs)))
    assert np.isnan(spoilt[0]) or output[0] == spoilt[0] == 0
    assert bits(spoilt[1:]) == bits(output[1:])


@every_case()
@either_dtype
@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_of_no_rows_or_one_is_answered_and_heard_about_like_any_other(name, dtype, rows):
    estimator = CASES[name].make(dtype)
    inputs = Situation(rows).inputs(CASES[name], dtype)
    before = state_of(estimator)
    output, handle_feedback = estimator(inputs)
    assert outline(handle_feedback(refilled(output, np.ones(flat(output).size)))) == outline(about(inputs))
    assert all(it.heard == 1 for it in parameters_of(estimator))
    if not flat(output).size:
        assert [weights for weights, _, _ in state_of(estimator)] == [weights for weights, _, _ in before]


whole_tables = st.tuples(rows, seeds).map(lambda drawn: Situation(*drawn, whole=True).inputs(Case(affine)))


@few_examples
@given(inputs=whole_tables, weights=whole_tables)
def test_on_a_tie_the_first_hears_everything_and_the_others_nothing(inputs, weights):
    weights, bias = weights.T, np.arange(len(weights))
    alone, first, second = (Affine(weights, bias, 0.5) for _ in range(3))
    many = Maxout(np.stack([weights] * 3, axis=-1), np.stack([bias] * 3, axis=-1), 0.5)
    output, handle_feedback = alone(inputs)
    feedback = some_like(output, 1).round(1)
    re_inputs = handle_feedback(feedback)
    for estimator in (combine_by_maximum([first, second]), many):
        loudest, handle_feedback = estimator(inputs)
        assert loudest.tolist() == output.tolist()
        assert handle_feedback(feedback) == pytest.approx(re_inputs, abs=1e-12)
    assert state_of(first) == state_of(alone)
    assert state_of(second) == [([bits(weights), bits(bias.astype(float))], 0, 1)]
    assert many.weights[..., 0] == pytest.approx(alone.weights, abs=1e-12)
    assert many.bias[..., 0] == pytest.approx(alone.bias, abs=1e-12)
    assert (many.weights[..., 1:] == weights[..., None]).all()
    assert (many.bias[..., 1:] == bias[..., None]).all()


TEAMS = [combine_by_addition, combine_by_average, combine_by_maximum, cooling, combine_by_concatenation]


@pytest.mark.parametrize("make", TEAMS)
def test_a_team_keeps_its_members_whatever_becomes_of_the_list_and_leaves_it_alone(make):
    members = three(np.float64)
    given_members, inputs = list(members), Situation(2).inputs(Case(affine))
    team, other = make(members), make(three(np.float64))
    assert members == given_members
    members.clear()
    output, handle_feedback = team(inputs)
    expected, handle_expected = other(inputs)
    assert bits(output) == bits(expected)
    assert bits(handle_feedback(some_like(output, 1))) == bits(handle_expected(some_like(output, 1)))
    assert members == []
    assert [worker.heard for worker in given_members] == [1, 1, 1]
