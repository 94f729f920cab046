import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from office.errors import BadChart, RefusedMessage, WrongShape, WrongType
from office.work.arrays import all_finite, as_numbers, as_table, form_of, has_nan, read_only, row_by_row, sealed


@given(arrays(st.sampled_from([np.float16, np.float32, np.float64]), st.sampled_from([(), (0,), (5,), (2, 3)])))
@example(np.array([np.inf, -np.inf]))
@example(np.array([1e308, -1e308]))
def test_a_nan_is_found_wherever_it_is_and_nowhere_else(array):
    assert has_nan(array) == np.isnan(array).any()
    assert all_finite(array) == np.isfinite(array).all()
    assert has_nan(array.T[::-1] if array.ndim else array) == np.isnan(array).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_table_of_floats_is_taken_as_it_is_and_others_are_turned_into_one(dtype):
    table = np.ones((2, 3), dtype)
    assert as_table(table, 3) is table
    assert as_table(table, 3, np.dtype(dtype)) is table
    for other in (table.astype(int), table.astype(bool), table.tolist()):
        assert as_table(other, 3).dtype == np.float64
        assert (as_table(other, 3) == table).all()
    for other in (table.astype(int), table.astype(">f4"), table.astype(np.float64), table.tolist()):
        assert as_table(other, 3, np.dtype(dtype)).dtype == dtype


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        ("words", WrongType),
        ([[1.0], [1.0, 2.0]], WrongType),
        (np.ones((2, 3), dtype=complex), WrongType),
        (np.array([[None, 1.0, 2.0]]), WrongType),
        (np.ones(3), WrongShape),
        (np.ones((1, 2, 3)), WrongShape),
        (np.ones((2, 4)), WrongShape),
        (1.0, WrongShape),
    ],
)
def test_what_is_no_table_of_three_columns_is_refused(inputs, error):
    with pytest.raises(error):
        as_table(inputs, 3)


@pytest.mark.parametrize(
    ("body", "shape"),
    [(1.0, ()), (1, ()), (np.float32(1), ()), (np.ones((2, 3)), (2, 3)), (np.ones(2, dtype=int), (2,))],
)
def test_numbers_have_a_shape(body, shape):
    assert form_of(body)[0] == shape


@pytest.mark.parametrize("body", ["words", None, [1.0], 1j, {}, np.array(["words"]), np.array([None])])
def test_what_is_no_number_has_no_shape_and_no_dtype(body):
    assert form_of(body) == (None, None)


def test_bodies_that_do_not_go_together_are_refused():
    assert as_numbers([1.0, 2, True], "answers") == ([1.0, 2.0, 1.0], ())
    with pytest.raises(BadChart):
        as_numbers([], "answers")
    for bodies, error in (
        (["bold", "meek"], WrongType),
        ([1.0, "meek"], WrongType),
        ([1.0, np.ones(1)], WrongShape),
        ([np.ones((2, 1)), np.ones(2)], WrongShape),
    ):
        with pytest.raises(error) as refusal:
            as_numbers(bodies, "answers")
        assert isinstance(refusal.value, RefusedMessage)
        assert str(refusal.value.at("estimates", 3)).startswith("estimates: answers for task 3: ")


def test_a_read_only_view_closes_nothing_but_itself():
    theirs = np.ones(3)
    view = read_only(theirs)
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 2.0
    theirs[0] = 2.0
    assert view[0] == 2.0
    assert read_only(view) is view
    assert not sealed(theirs).flags.writeable


def test_an_answer_row_by_row_has_as_many_rows():
    assert row_by_row(np.ones((2, 3)), 2).shape == (2, 3)
    for output in (1.0, np.ones(3), "words"):
        with pytest.raises(WrongShape):
            row_by_row(output, 2)
