import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Client, Worker, explore
from office.engines import REPEAT
from office.errors import BadOrder
from office.mail import DELIVER, LOSE
from office.orders.settings import SearchSettings

FATES = st.sampled_from([DELIVER, LOSE, REPEAT])
LIMITS = st.builds(
    SearchSettings,
    losses=st.integers(0, 3),
    repeats=st.integers(0, 3),
    overtakings=st.none() | st.integers(0, 3),
)


@given(LIMITS, st.lists(FATES, max_size=8))
def test_what_may_become_of_a_message_is_what_still_is_allowed(limits, before):
    fates = limits.fates(before)
    assert fates[0] == DELIVER
    assert (LOSE in fates) == (sum(fate == LOSE for fate in before) < limits.losses)
    assert (REPEAT in fates) == (sum(fate == REPEAT for fate in before) < limits.repeats)
    assert len(set(fates)) == len(fates)


def test_the_mail_does_nothing_but_deliver_unless_it_is_told_to():
    assert SearchSettings().fates([DELIVER]) == [DELIVER]
    assert SearchSettings().overtakings is None


def client():
    return Client([("task", None)] * 3, lambda output, target: (0.0, "more"))


def alex():
    return Worker(lambda task: (task, lambda feedback: feedback), "alex")


@pytest.mark.parametrize("what", ["losses", "repeats", "overtakings"])
@pytest.mark.parametrize("number", [-1, 1.0, "1", True, False, None])
def test_a_limit_is_a_whole_number_from_zero_and_only_overtakings_may_have_none(what, number):
    if what == "overtakings" and number is None:
        assert SearchSettings(overtakings=None) == SearchSettings()
        return
    with pytest.raises(BadOrder) as caught:
        explore(alex, client(), **{what: number})
    assert str(caught.value) == f"{what} is a whole number from 0, not {number!r}"


def test_the_more_is_allowed_the_more_orders_there_are():
    late = ("*.inbox", "*.feedback_from_above")
    for what, stop in (("overtakings", 3), ("losses", 2)):
        numbers = [explore(alex, client(), late=late, reduce=False, **{what: number}).runs for number in range(stop)]
        assert numbers == sorted(set(numbers))
    free = explore(alex, client(), late=late, reduce=False)
    assert explore(alex, client(), late=late, reduce=False, overtakings=99).runs == free.runs == 90
    # In the order of sending on each link: results and replies come at once, so these are the ways to merge the two.
    assert explore(alex, client(), late=late, reduce=False, overtakings=0).runs == 5
