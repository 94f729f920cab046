import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import WrongShape
from office.work import half_squared_error, squared_error
from tests.work.oracles import arrays_of, bits, gradient, numbers, slope

LOSSES = [squared_error, half_squared_error]


@pytest.mark.parametrize("loss", LOSSES)
@given(output=numbers, target=numbers)
def test_feedback_on_a_number_is_the_slope_of_its_loss(loss, output, target):
    error, re_output = loss(output, target)
    assert type(error) is type(re_output) is float
    assert re_output == pytest.approx(slope(lambda it: loss(it, target)[0], output, 1.0), abs=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
@given(data=st.data(), shape=st.sampled_from([(0,), (1,), (3,), (2, 3)]))
def test_feedback_on_an_array_is_the_gradient_of_its_loss(loss, data, shape):
    output, target = data.draw(arrays_of(*shape)), data.draw(arrays_of(*shape))
    before = bits(output), bits(target)
    error, re_output = loss(output, target)
    assert type(error) is float
    assert re_output == pytest.approx(gradient(lambda it: loss(it, target)[0], output), abs=1e-6)
    assert (bits(output), bits(target)) == before
    assert not re_output.flags.writeable
    assert not np.may_share_memory(re_output, output)


@given(arrays_of(4), arrays_of(4))
def test_squared_error_is_a_mean_and_half_squared_error_half_a_sum(output, target):
    assert squared_error(output, target)[0] == pytest.approx(np.mean((output - target) ** 2))
    assert half_squared_error(output, target)[0] == pytest.approx(np.sum((output - target) ** 2) / 2)


def test_numbers_of_every_kind_give_floats():
    for output in (3.0, np.float64(3), np.float32(3), 3, np.array(3.0)):
        for target in (1.0, 1, np.float64(1), np.array(1)):
            assert squared_error(output, target) == (4.0, 4.0)
            assert half_squared_error(output, target) == (2.0, 2.0)


@pytest.mark.parametrize("loss", LOSSES)
def test_an_answer_that_has_not_the_shape_of_the_target_is_refused_and_not_stretched(loss):
    for output, target in ((1.0, np.ones(1)), (np.ones(3), 1.0), (np.ones(3), np.ones((3, 1)))):
        with pytest.raises(WrongShape):
            loss(output, target)
