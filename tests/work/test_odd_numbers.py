"""Whatever odd kind of numbers comes in, wherever it comes in: it is taken for what it is, or refused by name."""

import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from office.errors import NotANumber, WrongShape, WrongType
from office.work import (
    Affine,
    Dropout,
    Linear,
    LinearTotal,
    Maxout,
    Parameters,
    Rule,
    add_up,
    addition,
    average,
    concatenation,
    examiner,
    half_squared_error,
    maximum,
    relu,
    reshape,
    residual,
    soft_maximum,
    softmax,
    softmax_cross_entropy,
    squared_error,
    with_flatten,
    with_rows,
    with_shuffled,
)
from office.work.adapters.foreign import Foreign
from tests.work.oracles import state_of

TABLE = np.array([[1.0, 0.0], [0.0, 1.0]])
ONE = np.ones((2, 2))


class Duck:
    """Another library's array."""

    def __init__(self, table):
        self.table = table

    def __array__(self, dtype=None, copy=None):
        return np.array(self.table, dtype)


class Own(np.ndarray):
    """An array that somebody has made more of."""


with warnings.catch_warnings():
    warnings.simplefilter("ignore", PendingDeprecationWarning)
    MATRIX = np.asmatrix(TABLE)


class Says(Rule):
    def __init__(self, new):
        self.new = new

    def step(self, gradient, weights, heard):
        return self.new


def stepped(new):
    parameters = Parameters([ONE], 0.1)
    parameters.rules = [Says(new)]
    parameters.learn([ONE], parameters.answer())
    return parameters.arrays[0]


def of_both(combination):
    return lambda table: combination([table, ONE])[0]


INPUTS = {
    "Linear": lambda table: Linear([1.0, 2.0], 0.5)(table)[0],
    "LinearTotal": lambda table: LinearTotal([1.0, 2.0], 0.5)(table)[0],
    "Affine": lambda table: Affine(ONE, np.zeros(2))(table)[0],
    "Maxout": lambda table: Maxout(np.ones((2, 2, 2)), np.zeros((2, 2)))(table)[0],
    "relu": lambda table: relu(table)[0],
    "softmax": lambda table: softmax(table)[0],
    "Dropout": lambda table: Dropout(0.5)(table)[0],
    "Dropout at rest": lambda table: Dropout(training=False)(table)[0],
    "reshape": lambda table: reshape(2, 1)(table)[0],
    "with_rows": lambda table: with_rows(relu)(table)[0],
    "with_shuffled": lambda table: with_shuffled(relu)(table)[0],
    "with_flatten": lambda table: with_flatten(relu)([table, ONE])[0][0],
    "residual": lambda table: residual(relu)(table)[0],
    "weights of Linear": lambda table: Linear(table, [0.0, 0.0]).weights,
    "bias of Linear": lambda table: Linear(np.ones((2, 2, 3)), table).bias,
    "weights of Affine": lambda table: Affine(table, [0.0, 0.0]).weights,
    "weights of Maxout": lambda table: Maxout([table], np.zeros((2, 2))).weights,
    "bias of Maxout": lambda table: Maxout(np.ones((3, 2, 2)), table).bias,
    "Parameters": lambda table: Parameters([table]).arrays[0],
    "output of squared_error": lambda table: squared_error(table, ONE)[0],
    "target of squared_error": lambda table: squared_error(ONE, table)[1],
    "output of half_squared_error": lambda table: half_squared_error(table, ONE)[1],
    "target of half_squared_error": lambda table: half_squared_error(ONE, table)[0],
    "output of softmax_cross_entropy": lambda table: softmax_cross_entropy(table, [0, 1])[1],
    "target of softmax_cross_entropy": lambda table: softmax_cross_entropy(ONE, table)[1],
    "examiner": lambda table: examiner(squared_error)((table, ONE))[0],
}
ANSWERS = {
    "addition": of_both(addition),
    "average": of_both(average),
    "maximum": of_both(maximum),
    "soft_maximum": of_both(soft_maximum(1.0)),
    "concatenation": of_both(concatenation),
    "add_up": lambda table: add_up([table, ONE]),
    "the change of residual": lambda table: residual(lambda inputs: (table, None))(ONE)[0],
    "the rows of with_rows": lambda table: with_rows(lambda inputs: (table, None))(ONE)[0],
    "a rule": stepped,
}  # fmt: skip
LISTENERS = {
    "Affine": lambda: Affine(ONE, np.zeros(2))(ONE),
    "relu": lambda: relu(ONE),
    "addition": lambda: addition([ONE, ONE]),
    "addition of one": lambda: addition([ONE]),
    "maximum": lambda: maximum([ONE, ONE]),
    "softmax": lambda: softmax(ONE),
}


def hear(listener, feedback):
    _, handle_feedback = LISTENERS[listener]()
    return np.asarray(handle_feedback(feedback)[0])


def on_file(table, path):
    np.save(path / "table.npy", table)
    return np.load(path / "table.npy", mmap_mode="r")


TAKEN = {
    "float32": lambda table, path: table.astype(np.float32),
    "another byte order": lambda table, path: table.astype(">f8"),
    "a memory map": on_file,
    "int8": lambda table, path: table.astype(np.int8),
    "uint64": lambda table, path: table.astype(np.uint64),
    "bool": lambda table, path: table.astype(bool),
}
TAKEN_AS_INPUTS = {
    "lists": lambda table, path: table.tolist(),
    "lists of ints": lambda table, path: table.astype(int).tolist(),
    "tuples of arrays": lambda table, path: tuple(table),
    "another library's": lambda table, path: Duck(table),
}
FLOATING = dict.fromkeys(TAKEN | TAKEN_AS_INPUTS, (np.float64,)) | {"float32": (np.float32, np.float64)}
REFUSED = {
    "masked": np.ma.masked_equal(TABLE, 0.0),
    "masked in no place": np.ma.array(TABLE),
    "matrix": MATRIX,
    "records": TABLE.view(np.recarray),
    "somebody's own": TABLE.view(Own),
    "float16": TABLE.astype(np.float16),
    "longdouble": TABLE.astype(np.longdouble),
    "complex": TABLE.astype(complex),
    "objects": np.array([[Fraction(1), Fraction(0)]] * 2),
    "text": TABLE.astype(str),
    "bytes": TABLE.astype("S3"),
    "dates": TABLE.astype("M8[s]"),
    "times": TABLE.astype("m8[s]"),
    "fields": np.zeros((2, 2), [("a", float)]),
}
REFUSED_AS_INPUTS = {
    "a list with a masked row": [np.ma.masked_equal(TABLE[0], 0.0), TABLE[1]],
    "a list with what is masked": [[1.0, np.ma.masked], [0.0, 1.0]],
    "a list with a matrix": [MATRIX],
    "a ragged list": [[1.0, 0.0], [0.0]],
    "a list of fractions": [[Fraction(1), Fraction(0)]] * 2,
    "a list of decimals": [[Decimal(1), Decimal(0)]] * 2,
    "a list of text": [["1", "0"], ["0", "1"]],
    "a list of None": [[None, 0.0], [0.0, 1.0]],
    "huge whole numbers": [[10**400, 0], [0, 1]],
    "a generator": (row for row in TABLE),
    "a set": {1.0, 0.0},
    "a dict": {"a": TABLE},
    "None": None,
    "words": "not ambitious enough",
    "another library's objects": Duck(np.array([[Fraction(1)] * 2] * 2, object)),
}


@pytest.mark.parametrize("kind", TAKEN | TAKEN_AS_INPUTS)
def test_inputs_weights_and_targets_of_any_real_kind_are_taken_for_what_they_are(kind, tmp_path):
    given = (TAKEN | TAKEN_AS_INPUTS)[kind](TABLE, tmp_path)
    for entrance in INPUTS.values():
        result, expected = entrance(given), entrance(TABLE)
        assert np.asarray(result) == pytest.approx(np.asarray(expected), rel=1e-6)
        assert getattr(result, "dtype", np.float64) in FLOATING[kind]


@pytest.mark.parametrize("kind", TAKEN)
def test_answers_of_any_real_kind_are_combined_as_floats(kind, tmp_path):
    for entrance in ANSWERS.values():
        result = entrance(TAKEN[kind](TABLE, tmp_path))
        assert result.dtype in FLOATING[kind]
        assert result == pytest.approx(entrance(TABLE), rel=1e-6)


@pytest.mark.parametrize("entrance", INPUTS | ANSWERS)
def test_all_else_is_refused_by_name_at_every_entrance(entrance):
    for given in (REFUSED | REFUSED_AS_INPUTS).values():
        with pytest.raises((WrongType, WrongShape) if entrance in ANSWERS else WrongType):
            (INPUTS | ANSWERS)[entrance](given)


@pytest.mark.parametrize("listener", LISTENERS)
def test_feedback_is_of_a_real_floating_kind_or_refused(listener):
    for given in (*REFUSED.values(), *REFUSED_AS_INPUTS.values(), TABLE.astype(np.int8), TABLE > 0, TABLE.tolist()):
        with pytest.raises(WrongType):
            hear(listener, given)


@pytest.mark.parametrize("kind", ["float32", "another byte order", "a memory map"])
@pytest.mark.parametrize("listener", LISTENERS)
def test_feedback_of_another_floating_kind_is_heard(listener, kind, tmp_path):
    assert hear(listener, TAKEN[kind](TABLE, tmp_path)).tolist() == hear(listener, TABLE).tolist()


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("listener", LISTENERS)
def test_feedback_that_is_not_finite_is_refused(listener, dtype, number):
    with pytest.raises(NotANumber):
        hear(listener, np.array([[1.0, number], [0.0, 0.0]], dtype))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "entrance", [name for name in INPUTS if "weights" in name or "bias" in name or name == "Parameters"]
)
def test_weights_that_are_not_finite_are_refused(entrance, number):
    with pytest.raises(NotANumber):
        INPUTS[entrance](np.array([[1.0, number], [0.0, 0.0]]))


def test_what_is_too_large_for_a_worker_in_float32_is_refused_on_either_way():
    worker = Affine.drawn(2, 2, dtype=np.float32)
    before = state_of(worker)
    with pytest.raises(NotANumber, match="too large for float32"):
        worker(np.full((1, 2), 1e300))
    handle_feedback = worker(np.ones((1, 2)))[1]
    with pytest.raises(NotANumber, match="too large for float32"):
        handle_feedback(np.full((1, 2), 1e300))
    assert state_of(worker)[0] == before[0]
    assert handle_feedback(np.ones((1, 2))).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16])
def test_whole_numbers_do_not_wrap_in_any_combination_or_loss(dtype):
    largest = np.iinfo(dtype).max
    big, small = np.array([largest], dtype), np.array([np.iinfo(dtype).min], dtype)
    assert average([np.array([100], dtype), np.array([100], dtype)])[0].tolist() == [100.0]
    assert addition([big] * 3)[0].tolist() == [3.0 * largest]
    assert add_up([big, big]).tolist() == [2.0 * largest]
    assert soft_maximum(np.inf)([big, big])[0].tolist() == [float(largest)]
    assert soft_maximum(1e9)([big, big])[0].tolist() == [float(largest)]
    assert maximum([big, small])[0].tolist() == [float(largest)]
    assert squared_error(big, small)[0] == (float(largest) - float(small[0])) ** 2
    assert half_squared_error(small, big)[1].tolist() == [float(small[0]) - float(largest)]
    assert residual(lambda inputs: (big, None))(big)[0].tolist() == [2.0 * largest]


@pytest.mark.parametrize("number", [1, True, np.int8(1), np.True_, np.array(1), np.uint64(1)])
def test_whole_numbers_that_stand_alone_are_combined_as_floats(number):
    for combination in (addition, average, maximum, soft_maximum(1.0)):
        answer = combination([number, 1.0])[0]
        assert isinstance(answer, float)
        assert answer == combination([1.0, 1.0])[0]
    assert squared_error(number, 2.0) == (1.0, -2.0)


def test_a_whole_number_that_is_too_large_to_be_a_float_is_refused():
    for combination in (addition, average, maximum, soft_maximum(1.0)):
        with pytest.raises(NotANumber, match="too large"):
            combination([1.0, 10**400])
    with pytest.raises(NotANumber, match="too large"):
        squared_error(1.0, 10**400)


@pytest.mark.parametrize("number", [np.float16(1), np.longdouble(1), np.complex64(1), np.array(1j), np.ma.masked])
def test_a_number_of_another_kind_is_no_answer_even_alone(number):
    for combination in (addition, average, maximum, soft_maximum(1.0)):
        with pytest.raises(WrongType):
            combination([number])


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble, complex, int, bool, str, object])
def test_weights_are_drawn_in_float32_or_float64(dtype):
    for make in (Linear.drawn, LinearTotal.drawn):
        with pytest.raises(ValueError, match="float32 or float64"):
            make(2, dtype=dtype)
    for make in (Affine.drawn, Maxout.drawn):
        with pytest.raises(ValueError, match="float32 or float64"):
            make(2, 2, dtype=dtype)


def test_an_adapter_takes_whole_numbers_as_they_are_and_refuses_what_the_layers_refuse():
    seen = []
    worker = Foreign(
        "kept", [np.array(1.0)], lambda weights, inputs, number: (seen.append(inputs), None), None, None, 0.1
    )
    for refused in REFUSED.values():
        with pytest.raises(WrongType, match="inputs"):
            worker(refused)
    assert not seen
    with pytest.raises(WrongType, match="output"):
        worker(TABLE.astype(np.int8))
    assert seen[0].dtype == np.int8
