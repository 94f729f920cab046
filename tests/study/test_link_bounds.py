import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Journal
from office.journal import LinkEnds
from office.mail import conditions
from office.study.link_bounds import LinkBounds, link_bounds
from tests.engines.offices import ANY_MAIL
from tests.engines.test_rough_mail import ROUGH

TIMES = st.integers(0, 10**9)
DELAYS = st.builds(
    "delay {}ns {}ns {}%{}".format,
    TIMES,
    st.integers(1, 10**9),
    st.integers(0, 100),
    st.sampled_from(["", *(f" distribution {shape}" for shape in ("normal", "pareto", "paretonormal", "exponential"))]),
)


def promised(mail, **head):
    journal = Journal(settings={"mail": {"alex.inbox": str(conditions(mail))}, **head})
    journal.links = [LinkEnds("alex.inbox")]
    return link_bounds(journal)[0]


@given(st.sampled_from([*ANY_MAIL, *ROUGH]) | DELAYS | TIMES.map("delay {}ns loss 1%".format))
def test_the_least_time_is_what_the_mailroom_counts_on_to_the_nanosecond_for_a_normal_distribution_s_tail(mail):
    least = conditions(mail).least
    tail = conditions(mail).delay.jitter // 4000 if "normal" in mail else 0  # netem's table ends a little before 4 σ
    assert least - tail - 1 <= promised(mail).least <= least


@pytest.mark.parametrize("mail", ["", "delay 5ms", "delay 5ms loss 1% duplicate 5% corrupt 1%", "delay 5ms 0s limit 3",
                                  "delay 5ms 3ms rate 1mbit", "delay 5ms 3ms slot 10ms", "loss 1%"])  # fmt: skip
def test_messages_stay_in_order_where_all_take_the_same_time_or_wait_for_one_another(mail):
    assert promised(mail).in_order
    assert not promised(mail, delivery={"alex.inbox": "at least once"}).in_order


@pytest.mark.parametrize("mail", ["delay 5ms 1ns", "delay 5ms 3ms 50%", "delay 5ms reorder 5%",
                                  "delay 5ms reorder 5% rate 1mbit", "delay 5ms 3ms limit 3"])  # fmt: skip
def test_messages_may_overtake_where_their_times_differ_or_some_go_at_once(mail):
    assert not promised(mail).in_order


@pytest.mark.parametrize("head", [{}, {"mail": {}}, {"mail": {"bo.inbox": "delay 5ms"}},
                                  {"mail": {"alex.inbox": "delay soon"}},
                                  {"mail": {"alex.inbox": "delay 5ms 1ms distribution odd"}}])  # fmt: skip
def test_of_a_link_whose_conditions_are_not_told_nothing_is_promised(head):
    journal = Journal(settings=head)
    journal.links = [LinkEnds("alex.inbox")]
    assert link_bounds(journal) == [LinkBounds()]
