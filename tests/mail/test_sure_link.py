from collections import Counter, defaultdict
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.errors import BadConditions
from office.mail import Delay, conditions, stream
from office.mail.netem.chance import Chance
from office.mail.sure_link import ATTEMPTS, SureLink, retransmission_timeout
from tests.mail.small_mailroom import BOTH, SEED, SmallMailroom, Way
from tests.mail.test_rough_link import rough
from tests.tiers import examples

MS = 1_000_000

fewer = settings(max_examples=examples(30))


def way_of(mail, count=60, *, gap=MS, **options):
    """Letters over one link that sends them until they arrive."""
    return Way(mail, count, gap=gap, at_least_once=True, **options)


def times_sent(way, number):
    """When a message was sent, each time, in order; its copies by the network left out."""
    mail = way.mail
    which = (mail.number == number) & (mail.copy % 2 == 0)
    return sorted(mail.sent[which].tolist())


sure = rough(rate=None, slot=None, limit=None)


@fewer
@given(sure, st.integers(0, 20), st.integers(0, 9))
def test_windows_and_instants_write_the_same_journal_and_readers_read_the_same(mail, count, gap):
    by_instants, by_windows = (way_of(mail, count, gap=gap, lookahead=lookahead) for lookahead in BOTH)
    assert by_instants.journal.to_bytes() == by_windows.journal.to_bytes()
    assert by_instants.heard == by_windows.heard


@fewer
@given(sure, st.integers(0, 20), st.integers(0, 9), st.integers(0, 300))
def test_a_run_that_ends_early_mentions_nothing_sent_after_its_end(mail, count, gap, until):
    by_instants, by_windows = (way_of(mail, count, gap=gap, lookahead=lookahead, until=until) for lookahead in BOTH)
    assert by_instants.journal.to_bytes() == by_windows.journal.to_bytes()
    assert (by_instants.mail.sent <= until).all()
    assert (by_instants.mail.arrived <= until).all()


@fewer
@given(sure, st.integers(0, 20))
def test_every_message_is_read_once_unless_every_attempt_fails(mail, count):
    way = way_of(mail, count)
    marks = list(zip(way.mail.number.tolist(), way.mail.copy.tolist(), strict=True))
    assert len(set(marks)) == len(marks)
    unheard = set(range(1, count + 1)) - {task for _, _, task, _ in way.heard}
    assert max(Counter(task for _, _, task, _ in way.heard).values(), default=1) == 1
    assert way.site.room.unread == len(unheard)
    for task in unheard:
        assert len(times_sent(way, task)) == ATTEMPTS
    assert not way.link._to_come
    assert not way.link._read


def test_at_30_percent_loss_and_10_percent_duplication_nothing_is_lost_and_nothing_read_twice():
    way = way_of("delay 20ms 5ms loss 30% duplicate 10% corrupt 5%", 2000)
    assert sorted(task for _, _, task, _ in way.heard) == list(range(1, 2001))
    assert way.mail.lost.sum() > 500
    assert (~way.mail.read & (way.mail.arrived >= 0) & ~way.mail.damaged).sum() > 200


def test_where_nothing_goes_wrong_each_message_is_sent_once_and_takes_what_it_took_before():
    mail = "delay 20ms 5ms"
    sure = way_of(mail, 100)
    assert len(sure.mail.sent) == 100
    delays = list(islice(conditions(mail).delay.times(stream(SEED, "bo.inbox", "delay")), 100))
    took = (sure.mail.arrived - sure.mail.sent)[np.argsort(sure.mail.number)]
    assert took.tolist() == delays


@pytest.mark.parametrize(
    ("delay", "timeout"),
    [(Delay(20 * MS), 41 * MS), (Delay(20 * MS, 5 * MS), 60 * MS), (Delay(0), MS), (Delay(0, 100), MS)],
)
def test_the_first_acknowledgement_is_waited_for_as_long_as_a_round_trip_and_four_jitters(delay, timeout):
    assert retransmission_timeout(delay) == timeout


def test_a_message_is_sent_again_after_twice_as_long_each_time():
    way = way_of("delay 20ms loss 100%", 1)
    assert way.heard == []
    sent = times_sent(way, 1)
    assert len(sent) == ATTEMPTS == len(way.mail.sent)
    assert sent[:4] == [0, 41 * MS, 123 * MS, 287 * MS]
    assert np.diff(sent).tolist() == [41 * MS * 2**attempt for attempt in range(ATTEMPTS - 1)]
    assert way.site.room.unread == 1


def test_after_an_acknowledgement_nothing_is_sent_again():
    """One that arrives at the very instant at which the sender's patience is over is in time."""
    lost = [number < 0.3 for number in stream(SEED, "bo.inbox", "loss").random(50).tolist()]
    way = way_of("delay 20ms loss 30%", 50)
    back = iter(Chance(30).events(stream(SEED, "bo.inbox", "acknowledgement loss")))
    again = iter(Chance(30).events(stream(SEED, "bo.inbox", "copy loss")))
    for number, gone in enumerate(lost, start=1):
        attempts = 1
        acknowledged = not gone and not next(back)
        while not acknowledged:
            attempts += 1
            acknowledged = not next(again) and not next(back)
        assert len(times_sent(way, number)) == attempts


def test_a_late_acknowledgement_costs_a_repeat_that_is_recognised():
    way = way_of("delay 20ms 100ms distribution exponential", 300)
    copies = (way.mail.copy > 0).sum()
    assert 3 < copies < 60
    assert sorted(task for _, _, task, _ in way.heard) == list(range(1, 301))


def test_what_is_sent_while_the_link_is_cut_is_sent_again_until_it_is_mended():
    way = way_of("delay 20ms", 3, cut=[(0, 100 * MS)])
    assert times_sent(way, 1) == [0, 41 * MS, 123 * MS]
    assert {task: time for time, _, task, _ in way.heard} == {1: 143 * MS, 2: 144 * MS, 3: 145 * MS}
    assert way.mail.lost.sum() == 6


def test_acknowledgements_are_cut_too():
    way = way_of("delay 20ms", 1, cut=[(10 * MS, 30 * MS)])
    assert times_sent(way, 1) == [0, 41 * MS]
    assert len(way.heard) == 1


def test_a_message_costs_as_many_transmissions_as_the_chances_say():
    """It takes 1 / (1 - p)^2 on average until one and its acknowledgement come through."""
    way = way_of("delay 20ms loss 30%", 4000)
    attempts = np.bincount(way.mail.number[way.mail.number > 0])[1:]
    expected = 1 / 0.7**2
    assert abs(attempts.mean() - expected) < 4 * attempts.std() / 4000**0.5


@pytest.mark.parametrize("other", ["rate 1mbit", "slot 5ms", "limit 9"])
def test_what_depends_on_other_messages_times_does_not_go_together_with_sure_delivery(other):
    with pytest.raises(BadConditions, match=rf'bo\.inbox: delivery "at least once" .* "{other.split()[0]}"'):
        way_of(other)


def test_a_link_with_room_for_so_many_is_not_sure():
    site = SmallMailroom("alex", "bo")
    with pytest.raises(BadConditions, match="holds 3 messages"):
        site.link("bo.inbox", *site.trays, "", 3, at_least_once=True)


def test_sure_links_of_the_longest_delays_do_not_run_out_of_time():
    way = way_of("delay 300000000s loss 100%", 1)
    assert isinstance(way.link, SureLink)
    assert 1 < len(times_sent(way, 1)) < ATTEMPTS


def test_every_copy_has_its_place_in_the_order_of_everything():
    way = way_of("delay 0s loss 60% duplicate 100%", 300, gap=0)
    seen = defaultdict(int)
    for key in zip(way.mail.arrived.tolist(), way.mail.mark.tolist(), strict=True):
        seen[key] += 1
    assert set(seen.values()) == {1}
