import numpy as np
import pytest

from office import (
    NO_FEEDBACK,
    Affine,
    Chain,
    Dropout,
    Linear,
    LinearTotal,
    Maxout,
    Team,
    Worker,
    addition,
    average,
    combine_by_maximum,
    concatenation,
    examiner,
    in_sequence,
    maximum,
    parameters_of,
    relu,
    reshape,
    residual,
    soft_maximum,
    softmax,
    squared_error,
    with_flatten,
    with_rows,
    with_shuffled,
)
from office.errors import OfficeError, WrongGradient
from office.testing import check_contract, check_gradients

RNG = np.random.default_rng(0)
TABLE = RNG.normal(size=(5, 3))
NUMBERS = [0.3, -1.2, 0.9]

COMBINATIONS = {
    "addition": addition,
    "average": average,
    "maximum": maximum,
    "soft maximum": soft_maximum(0.7),
    "soft maximum, cold": soft_maximum(0.0),
    "soft maximum, hot": soft_maximum(float("inf")),
    "concatenation": concatenation,
}
LAYERS = {
    "linear": (Linear.drawn(3), TABLE),
    "linear total": (LinearTotal.drawn(3), TABLE),
    "affine": (Affine.drawn(3, 4), TABLE),
    "maxout": (Maxout.drawn(3, 4), TABLE),
    "relu": (relu, TABLE),
    "softmax": (softmax, TABLE),
    "dropout": (Dropout(training=False), TABLE),
    "residual": (residual(Affine.drawn(3, 3)), TABLE),
    "reshape": (reshape(3, 1), TABLE),
    "rows": (with_rows(Affine.drawn(3, 2)), RNG.normal(size=(2, 4, 3))),
    "flatten": (with_flatten(Linear.drawn(3)), [TABLE, TABLE[:0], TABLE[:2]]),
    "examiner": (examiner(squared_error), (TABLE, RNG.integers(0, 9, TABLE.shape))),
}


@pytest.mark.parametrize("body", ["numbers", "rows", "tables"])
@pytest.mark.parametrize("name", COMBINATIONS)
def test_the_exact_gradient_of_every_combination_passes(name, body):
    outputs = {"numbers": NUMBERS, "rows": list(TABLE.T), "tables": [TABLE, TABLE + RNG.normal(size=(5, 3))]}[body]
    if name == "concatenation" and body == "numbers":
        pytest.skip("numbers do not stand side by side")
    assert check_gradients(COMBINATIONS[name], outputs).holds


@pytest.mark.parametrize("name", COMBINATIONS)
def test_so_does_a_team_under_every_combination_with_the_weights_of_its_workers(name):
    team = Team([Worker(Affine.drawn(3, 2, seed=k), f"w{k}") for k in range(3)], combine=COMBINATIONS[name])
    report = check_gradients(team, TABLE)
    assert [part.name for part in report.parts][:3] == ["inputs", "w0, weights[0]", "w0, weights[1]"]
    assert sum(part.checked for part in report.parts) == 15 + 3 * (6 + 2)


@pytest.mark.parametrize("name", LAYERS)
def test_so_does_every_layer(name):
    assert check_gradients(*LAYERS[name]).holds


def test_single_precision_is_checked_by_its_own_measure():
    report = check_gradients(in_sequence(Affine.drawn(3, 4, dtype=np.float32), relu), TABLE.astype(np.float32))
    assert {part.tolerance for part in report.parts} == {1e-2}


def test_nothing_is_learnt_by_being_checked():
    chart = Chain([Worker(Affine.drawn(3, 4), "below"), Worker(Affine.drawn(4, 2), "above")])
    before = [parameters.arrays for parameters in parameters_of(chart)]
    check_gradients(chart, TABLE)
    assert all(parameters.arrays is arrays for parameters, arrays in zip(parameters_of(chart), before, strict=True))


def squares(inputs):
    return inputs**2, lambda re: re * inputs  # forgets the 2


class WrongWeights(Affine):
    def __call__(self, inputs):
        notes, (output, _) = self.parameters.answer(), super().__call__(inputs)

        def handle_feedback(re_output):
            self.parameters.learn((inputs.T @ re_output, re_output.mean(axis=0)), notes)
            return re_output @ notes.weights[0].T

        return output, handle_feedback


def test_a_wrong_gradient_is_told_with_its_place_and_both_numbers():
    with pytest.raises(WrongGradient) as caught:
        check_gradients(squares, TABLE)
    line = str(caught.value).splitlines()[2]
    assert line.startswith("inputs  (5, 3)  15       0      5.0e-01")
    assert "wrong: more than 1e-06" in line
    returned, measured = map(float, line.partition(")  ")[2].split(")")[1].split()[:2])
    assert measured == pytest.approx(2 * returned, rel=1e-4)
    assert isinstance(caught.value, AssertionError)
    assert isinstance(caught.value, OfficeError)


def test_wrong_weights_are_told_apart_from_right_inputs():
    with pytest.raises(WrongGradient) as caught:
        check_gradients(WrongWeights.drawn(3, 2), TABLE)
    wrong = [line.split()[0] for line in str(caught.value).splitlines() if "wrong" in line]
    assert wrong == ["weights[1]"]


def test_feedback_that_is_missing_counts_as_zero():
    def deaf(inputs):
        return inputs * 1.0, lambda re: NO_FEEDBACK

    with pytest.raises(WrongGradient):
        check_gradients(deaf, TABLE)
    assert check_gradients(lambda inputs: (np.zeros(3), lambda re: NO_FEEDBACK), TABLE).holds


def test_a_kink_is_counted_and_not_held_against_anyone():
    (part,) = check_gradients(relu, np.array([0.0, 1.0, -1.0])).parts
    assert (part.checked, part.kinks) == (2, 1)
    team = combine_by_maximum([Linear([1.0], 0.0), Linear([2.0], 0.0)])
    assert next(part.kinks for part in check_gradients(team, np.zeros((2, 1))).parts) == 2


def test_of_large_arrays_only_so_many_entries_are_moved():
    report = check_gradients(Affine.drawn(20, 30), RNG.normal(size=(2, 20)), entries=7)
    assert [part.checked for part in report.parts] == [7, 7, 7]


@pytest.mark.parametrize("restless", [Dropout(), soft_maximum(lambda count: 5.0 - count)], ids=["dropout", "cooling"])
def test_what_answers_differently_when_asked_again_is_refused(restless):
    inputs = TABLE if isinstance(restless, Dropout) else NUMBERS
    with pytest.raises(ValueError, match="answers differently"):
        check_gradients(restless, inputs)


def test_feedback_of_another_shape_is_told():
    with pytest.raises(ValueError, match=r"feedback has shape \(3, 5\), where \(5, 3\) was expected"):
        check_gradients(lambda inputs: (inputs * 1.0, lambda re: re.T), TABLE)


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in ("examiner", "flatten")])
def test_every_layer_keeps_the_contract(name):
    estimator, inputs = LAYERS[name]
    output = estimator(inputs)[0]
    check_contract(estimator, inputs, np.ones_like(output) if np.ndim(output) else 1.0)


def test_a_wrapper_that_takes_lists_keeps_the_contract_too():
    check_contract(with_flatten(with_shuffled(Linear.drawn(3))), [TABLE, TABLE[:2]], [np.ones(5), np.ones(2)])
