import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import NotANumber, WrongShape, WrongType
from office.work import softmax, softmax_cross_entropy
from tests.work.oracles import arrays_of, bits, gradient, some, tables

wide_tables = tables(rows=some, columns=st.integers(2, 4))


def one_hot(classes, columns):
    return np.eye(columns)[classes]


@st.composite
def classified(draw):
    output = draw(wide_tables)
    rows, columns = output.shape
    return output, np.array(draw(st.lists(st.integers(0, columns - 1), min_size=rows, max_size=rows)))


@given(classified())
def test_the_loss_is_how_surprised_the_shares_are_on_average(drawn):
    output, classes = drawn
    surprises = [
        math.log(sum(map(math.exp, row))) - row[truth] for row, truth in zip(output.tolist(), classes, strict=True)
    ]
    loss, re_output = softmax_cross_entropy(output, classes)
    assert type(loss) is float
    assert loss == pytest.approx(sum(surprises) / len(output), abs=1e-12)
    shares = softmax(output)[0]
    assert re_output == pytest.approx((shares - one_hot(classes, output.shape[1])) / len(output), abs=1e-12)


@given(classified())
def test_classes_and_the_probabilities_that_are_one_for_each_class_agree(drawn):
    output, classes = drawn
    by_class = softmax_cross_entropy(output, classes)
    for truth in (one_hot(classes, output.shape[1]), one_hot(classes, output.shape[1]).astype(int).tolist()):
        loss, re_output = softmax_cross_entropy(output, truth)
        assert loss == pytest.approx(by_class[0], abs=1e-12)
        assert re_output == pytest.approx(by_class[1], abs=1e-12)
    for kind in (np.int8, np.uint64):
        assert bits(softmax_cross_entropy(output, classes.astype(kind))[1]) == bits(by_class[1])


@given(st.data(), wide_tables)
def test_feedback_is_the_gradient_by_finite_differences_for_rows_of_any_weight(data, output):
    target = data.draw(arrays_of(*output.shape)) ** 2  # rows that need not add up to 1
    before = bits(output), bits(target)
    re_output = softmax_cross_entropy(output, target)[1]
    expected = gradient(lambda it: softmax_cross_entropy(it, target)[0], output)
    assert re_output == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert (bits(output), bits(target)) == before


def test_the_gradient_is_new_closed_to_writing_and_in_the_dtype_of_the_output():
    for dtype in (np.float32, np.float64):
        output = np.ones((2, 3), dtype)
        for target in (np.array([0, 2]), np.full((2, 3), 1 / 3)):
            loss, re_output = softmax_cross_entropy(output, target)
            assert (type(loss), re_output.dtype, re_output.flags.writeable) == (float, dtype, False)
            assert loss == pytest.approx(math.log(3))
            assert not np.may_share_memory(re_output, output)
            assert not np.may_share_memory(re_output, target)


@pytest.mark.parametrize(
    ("row", "by_class"),
    [
        ([1e300, -1e300], [0.0, 2e300]),
        ([1e308, -1e308], [0.0, np.finfo(np.float64).max]),
        ([1000.0, 0.0], [0.0, 1000.0]),
        ([-800.0, -800.0], [math.log(2)] * 2),
    ],
)
def test_however_far_apart_the_numbers_are_the_loss_is_no_nan(row, by_class):
    for truth, expected in enumerate(by_class):
        loss, re_output = softmax_cross_entropy(np.array([row]), np.array([truth]))
        assert loss == pytest.approx(expected)
        assert not np.isnan(re_output).any()


@pytest.mark.parametrize("target", [np.array([1]), np.array([[0.0, 1.0, 0.0]]), [[0, 1, 0]]])
def test_what_is_quite_impossible_has_no_share_and_is_refused_only_as_the_truth(target):
    loss, re_output = softmax_cross_entropy(np.array([[-np.inf, 1.0, 0.0]]), target)
    assert loss == pytest.approx(0.3133, abs=5e-5)
    assert re_output == pytest.approx(np.array([[0.0, -0.2689, 0.2689]]), abs=5e-5)
    for truth in ([0], np.array([[0.5, 0.5, 0.0]])):
        with pytest.raises(NotANumber, match="where the truth is"):
            softmax_cross_entropy(np.array([[-np.inf, 1.0, 0.0]]), truth)


def test_of_no_rows_the_loss_is_nothing():
    for target in (np.empty(0, int), np.empty((0, 3))):
        loss, re_output = softmax_cross_entropy(np.empty((0, 3), np.float32), target)
        assert (loss, re_output.shape, re_output.dtype) == (0.0, (0, 3), np.float32)


@pytest.mark.parametrize(
    ("output", "target", "error"),
    [
        (np.ones((2, 3)), np.array([0, 3]), WrongType),
        (np.ones((2, 3)), np.array([-1, 0]), WrongType),
        (np.ones((2, 3)), np.array([-128, 0], np.int8), WrongType),
        (np.ones((2, 3)), np.array([0.0, 1.0]), WrongShape),
        (np.ones((2, 3)), np.array([0, 1, 2]), WrongShape),
        (np.ones((2, 3)), 1, WrongShape),
        (np.ones((2, 3)), np.ones((2, 2)), WrongShape),
        (np.ones((2, 3)), np.ones((1, 3)), WrongShape),
        (np.ones((2, 3)), [["a", "b", "c"]] * 2, WrongType),
        (np.ones((2, 0)), np.array([0, 0]), WrongType),
        (np.ones(3), np.array([0, 1, 2]), WrongShape),
        ("words", np.array([0]), WrongType),
        (np.array([[np.nan, 1.0]]), np.array([0]), NotANumber),
        (np.array([[1.0, 1.0]]), np.array([[np.nan, 1.0]]), NotANumber),
        (np.array([[np.inf, 1.0]]), np.array([0]), NotANumber),
    ],
)
def test_what_is_no_truth_about_such_an_output_is_refused(output, target, error):
    with pytest.raises(error):
        softmax_cross_entropy(output, target)


def test_many_classes_are_no_other_than_few():
    rng = np.random.default_rng(0)
    logits, classes = rng.normal(size=(3, 300)), np.array([0, 299, 7])
    by_class, by_truth = softmax_cross_entropy(logits, classes), softmax_cross_entropy(logits, np.eye(300)[classes])
    assert by_class[0] == pytest.approx(by_truth[0])
    assert by_class[1] == pytest.approx(by_truth[1])
