"""Where numbers are too large there is an error of the office, and all is as before, even where warnings are errors."""

import numpy as np
import pytest

from office.errors import NotANumber
from office.work import (
    SGD,
    Accumulate,
    Adam,
    Affine,
    AsyncNesterov,
    DelayCompensation,
    DiscrepancyCorrection,
    Dropout,
    GapAware,
    Linear,
    LinearTotal,
    Maxout,
    Momentum,
    Muon,
    Parameters,
    SpikeCompensation,
    StalenessAware,
    StalenessPolynomial,
    WeightAverage,
    WeightPrediction,
    add_up,
    addition,
    average,
    concatenation,
    half_squared_error,
    maximum,
    relu,
    residual,
    soft_maximum,
    softmax,
    softmax_cross_entropy,
    squared_error,
    with_rows,
    with_shuffled,
)

DTYPES = [np.float32, np.float64]
WORKERS = {
    "Affine": lambda ones: Affine(ones, ones[0]),
    "Linear": lambda ones: Linear(ones[0], 1.0),
    "copies of Linear": lambda ones: Linear(ones, ones[0]),
    "LinearTotal": lambda ones: LinearTotal(ones[0], 1.0),
    "Maxout": lambda ones: Maxout(np.stack([ones, ones]), ones),
    "relu": lambda ones: relu,
    "softmax": lambda ones: softmax,
    "Dropout": lambda ones: Dropout(0.5),
    "residual": lambda ones: residual(Affine(ones, ones[0])),
    "with_rows": lambda ones: with_rows(relu),
    "with_shuffled": lambda ones: with_shuffled(relu),
}
COMBINATIONS = [
    addition, average, maximum, concatenation, add_up, soft_maximum(1.0), soft_maximum(1e-300), soft_maximum(1e300),
]  # fmt: skip
LOSSES = [squared_error, half_squared_error, softmax_cross_entropy]
RULES = {
    "SGD": lambda: SGD(10.0),
    "Momentum": lambda: Momentum(10.0),
    "Adam": lambda: Adam(10.0),
    "Muon": lambda: Muon(10.0),
    "DelayCompensation": lambda: DelayCompensation(0.1),
    "DelayCompensation with a decay": lambda: DelayCompensation(0.1, decay=0.9),
    "GapAware": lambda: GapAware(0.1),
    "DiscrepancyCorrection": lambda: DiscrepancyCorrection(0.1, 1.0),
    "WeightPrediction": lambda: WeightPrediction(Momentum(10.0)),
    "SpikeCompensation": lambda: SpikeCompensation(10.0),
    "AsyncNesterov": lambda: AsyncNesterov(10.0),
    "WeightAverage": lambda: WeightAverage(10.0),
    "Accumulate": lambda: Accumulate(Adam(10.0), 2),
    "StalenessAware": lambda: StalenessAware(10.0),
    "StalenessPolynomial": lambda: StalenessPolynomial(10.0),
}


def large(dtype):
    """Numbers that are finite, while their sums, or their squares, are not."""
    largest = float(np.finfo(dtype).max)
    return [
        np.array([[number, 1.0], [-number, number]], dtype)
        for number in (largest, 0.6 * largest, -largest, 3 * largest**0.5)
    ]


def taken_or_refused(function, *arguments):
    try:
        return function(*arguments)
    except NotANumber:
        return None


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("worker", WORKERS)
def test_workers_take_what_is_too_large_for_what_it_is_or_refuse_it(worker, dtype):
    ones = np.ones((2, 2), dtype)
    for table in large(dtype):
        taken_or_refused(WORKERS[worker](ones), table)
        output, callback = WORKERS[worker](ones)(ones)
        feedback = np.broadcast_to(table[0, 0], np.shape(output)).copy() if np.shape(output) else float(table[0, 0])
        taken_or_refused(callback, feedback)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("combination", COMBINATIONS)
def test_so_do_combinations(combination, dtype):
    ones = np.ones((2, 2), dtype)
    for table in large(dtype):
        combined = taken_or_refused(combination, [table, table, ones])
        if combined is not None and combination is not add_up:
            taken_or_refused(combined[1], np.full(combined[0].shape, table[0, 0], dtype))
            assert not np.isnan(combined[0]).any()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", LOSSES)
def test_so_do_losses(loss, dtype):
    for table in large(dtype):
        taken_or_refused(loss, table, -table)


@pytest.mark.parametrize("dtype", [*DTYPES, float])
@pytest.mark.parametrize("rule", RULES)
def test_a_step_to_what_is_not_finite_is_not_taken_and_is_remembered_by_no_rule(rule, dtype):
    for table in large(np.float64 if dtype is float else dtype):
        parameters = Parameters([1.0 if dtype is float else np.ones((2, 2), dtype)], RULES[rule]())
        notes = [parameters.answer() for _ in range(4)]
        for sign, note in zip((1, -1, 1, -1), notes, strict=True):
            gradient = sign * (float(table[0, 0]) if dtype is float else table)
            taken_or_refused(parameters.learn, [gradient], note)
            for remembered in vars(parameters.rules[0]).values():
                if isinstance(remembered, (float, np.ndarray)):
                    assert np.isfinite(remembered).all()
            assert np.isfinite(parameters.arrays[0]).all()


@pytest.mark.parametrize("gradient", [1e200, np.full((2, 2), 1e200), np.full((2, 2), 1e30, np.float32)])
def test_a_gradient_whose_square_is_too_large_is_refused_by_name_and_the_next_is_taken_as_if_it_had_not_come(gradient):
    learning, usual = (Parameters([np.ones_like(gradient) if np.shape(gradient) else 1.0], Adam(0.1)) for _ in range(2))
    with pytest.raises(NotANumber, match="too large"):
        learning.learn([gradient], learning.answer())
    for each in (learning, usual):
        each.learn([0.5 * np.ones_like(gradient) if np.shape(gradient) else 0.5], each.answer())
    assert np.array_equal(learning.arrays[0], usual.arrays[0])
    assert learning.updates == usual.updates == 1


def test_muon_goes_along_a_gradient_of_any_length():
    table = np.array([[1.0, 2.0], [-3.0, 0.5]])
    steps = []
    for scale in (1.0, 1e200):
        parameters = Parameters([np.ones((2, 2))], Muon(1.0))
        parameters.learn([scale * table], parameters.answer())
        steps.append(parameters.arrays[0])
    assert steps[1] == pytest.approx(steps[0], rel=1e-5)


def test_numpy_s_warnings_of_other_things_come_out_as_they_are():
    class Warns(SGD):
        def step(self, gradient, weights, heard):
            raise RuntimeWarning("the moon is full")

    parameters = Parameters([1.0], Warns(0.1))
    with pytest.raises(RuntimeWarning, match="the moon is full"):
        parameters.learn([1.0], parameters.answer())
