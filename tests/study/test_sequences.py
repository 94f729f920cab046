from hypothesis import given
from hypothesis import strategies as st

from office.study.sequences import first_copies, whole_numbers
from tests.study.streams import once_each, streams


@given(streams, st.sampled_from([1, 1000]))
def test_the_first_copies_are_found_whether_numbers_are_near_or_far_apart(sequence, apart):
    numbers = whole_numbers([apart * number for number in sequence])
    assert first_copies(numbers).tolist() == once_each(sequence)
