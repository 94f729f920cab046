import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.work import addition, combine_by_addition
from tests.work.oracles import Recorder, answers, arrays_of, bits, ones_like


@given(answers())
def test_the_sum_runs_from_left_to_right(outputs):
    expected = outputs[0]
    for output in outputs[1:]:
        expected = expected + output
    assert bits(addition(outputs)[0]) == bits(expected)


def test_one_answer_is_returned_as_it_is():
    answer = np.ones(3)
    assert addition([answer])[0] is answer


@given(answers())
def test_all_the_feedback_goes_to_everyone(outputs):
    output, share_out = addition(outputs)
    feedback = ones_like(output)
    shares = share_out(feedback)
    assert len(shares) == len(outputs)
    assert all(bits(share) == bits(feedback) for share in shares)


@given(st.lists(arrays_of(2), min_size=2, max_size=4))
def test_adding_leaves_the_answers_alone(outputs):
    before = bits(outputs)
    total, share_out = addition(outputs)
    share_out(np.ones(2))
    assert bits(outputs) == before
    assert not any(np.may_share_memory(total, output) for output in outputs)
    assert not total.flags.writeable


def test_no_member_can_write_into_the_feedback_the_others_are_to_hear():
    feedback = np.ones(2)
    for share in addition([np.zeros(2), np.zeros(2)])[1](feedback):
        with pytest.raises(ValueError, match="read-only"):
            share[0] = 7.0
    assert feedback.tolist() == [1.0, 1.0]


def test_what_everyone_says_about_the_inputs_is_added_up_and_no_table_is_written_to():
    tables = [np.full((1, 2), 1.0), np.full((1, 2), 10.0), np.full((1, 2), 100.0)]
    workers = [Recorder(3.0, table) for table in tables]
    output, handle_feedback = combine_by_addition(workers)("a table")
    assert output == 9.0
    assert handle_feedback(-2.0).tolist() == [[111.0, 111.0]]
    assert [worker.heard for worker in workers] == [[-2.0]] * 3
    assert [table[0, 0] for table in tables] == [1.0, 10.0, 100.0]
