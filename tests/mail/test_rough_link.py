from collections import Counter
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.journal import ONE_MORE
from office.mail import Conditions, Delay, conditions, stream
from office.mail.netem.chance import Chance
from office.mail.netem.conditions import Rate, Reorder
from office.mail.netem.loss import FourStates, GilbertElliott
from office.mail.netem.slots import Slots
from office.mail.rough_link import RoughLink
from tests.mail.networks import MANNERS, Relay, delays
from tests.mail.small_mailroom import BOTH, SEED, SmallMailroom, Way
from tests.tiers import examples

JITTERY = "delay 20ns 5ns distribution exponential"
SECOND = 10**9


fewer = settings(max_examples=examples(30))


def maybe(values):
    return st.none() | values


percents = st.sampled_from([0.0, 100.0]) | st.floats(0, 100)
chances = st.builds(Chance, percents, st.sampled_from([0.0, 30.0, 100.0]))
losses = chances | st.builds(GilbertElliott, *[percents] * 4) | st.builds(FourStates, *[percents] * 5)


@st.composite
def rough(draw, least=1, **fixed):
    """Conditions of every kind; each impairment is there or not, and no delay is shorter than `least` ns."""
    delay = draw(delays(least))
    delay = Delay(delay.time, delay.jitter, delay.distribution, draw(st.sampled_from([0.0, 25.0, 90.0])))
    least_gap = draw(st.integers(1, 20))
    kinds = {
        "loss": maybe(losses),
        "duplicate": maybe(chances),
        "corrupt": maybe(chances),
        "reorder": maybe(st.builds(Reorder, chances, st.integers(1, 4))) if delay.time else st.none(),
        "rate": maybe(
            st.builds(Rate, st.integers(10**9, 10**11), st.integers(-9, 9), st.integers(0, 9), st.integers(0, 9))
        ),
        "slot": maybe(
            st.builds(
                Slots,
                st.just(least_gap),
                st.integers(least_gap, 40),
                packets=maybe(st.integers(1, 3)),
                bytes=maybe(st.integers(1, 30)),
            )
        ),
        "limit": maybe(st.integers(1, 8)),
    }
    kinds |= {name: st.just(value) for name, value in fixed.items()}
    return Conditions(delay, **{name: draw(kind) for name, kind in kinds.items()})


def fates(mail):
    """Which were read, lost, damaged, thrown away as repeats, and still on their way."""
    came = mail.arrived >= 0
    damaged = came & mail.damaged
    repeats = came & ~mail.damaged & ~mail.read
    return mail.read, mail.lost, damaged, repeats, ~came & ~mail.lost


def chosen(chance, what, count):
    """The numbers of the messages to which this happens, by the link's own stream."""
    events = islice(chance.events(stream(SEED, "bo.inbox", what)), count)
    return [number for number, happens in enumerate(events, start=1) if happens]


def drawn(mail, count):
    """The delays on the link's stream."""
    return list(islice(conditions(mail).delay.times(stream(SEED, "bo.inbox", "delay")), count))


# Whatever the conditions


@fewer
@given(rough(), st.integers(0, 40), st.integers(0, 9))
def test_windows_and_instants_write_the_same_journal_and_readers_read_the_same(mail, count, gap):
    by_instants, by_windows = (Way(mail, count, gap=gap, lookahead=lookahead) for lookahead in BOTH)
    assert by_instants.journal.to_bytes() == by_windows.journal.to_bytes()
    assert by_instants.heard == by_windows.heard
    assert by_instants.site.room.unread == by_windows.site.room.unread


@fewer
@given(rough(), st.integers(0, 40), st.integers(0, 9), st.integers(0, 200))
def test_a_run_that_ends_early_writes_the_same_journal_either_way(mail, count, gap, until):
    by_instants, by_windows = (Way(mail, count, gap=gap, lookahead=lookahead, until=until) for lookahead in BOTH)
    assert by_instants.journal.to_bytes() == by_windows.journal.to_bytes()
    assert by_instants.heard == by_windows.heard


@fewer
@given(rough(0), st.integers(0, 40), st.integers(0, 9), st.none() | st.integers(0, 200))
def test_the_books_balance(mail, count, gap, until):
    """Every message is in the journal, and each of its copies has exactly one fate."""
    way = Way(mail, count, gap=gap, until=until)
    became = np.array(fates(way.mail))
    assert (became.sum(axis=0) == 1).all()
    read, lost, damaged, repeats, on_their_way = became.sum(axis=1)
    assert read + lost + damaged + repeats + on_their_way == len(way.mail.sent)
    assert way.numbers(way.mail.copy == 0) == list(range(1, way.link.sent + 1))
    assert len(set(way.numbers(way.mail.copy > 0))) == np.count_nonzero(way.mail.copy)
    assert Counter(way.mail.number[way.mail.read].tolist()) == Counter(task for _, _, task, _ in way.heard)
    if until is None:
        assert way.link.sent == count
        assert not on_their_way
        assert way.site.room.unread == count - read


@fewer
@given(rough(0), st.integers(0, 40), st.integers(0, 9))
def test_no_journey_is_shorter_than_the_least_of_the_conditions(mail, count, gap):
    assert min(Way(mail, count, gap=gap).took(), default=mail.least) >= mail.least


@fewer
@given(rough(0), st.integers(0, 40), st.integers(0, 9), st.none() | st.integers(0, 200))
def test_what_arrived_comes_first_in_the_journal_then_what_was_on_its_way_and_last_what_was_lost(
    mail, count, gap, until
):
    way = Way(mail, count, gap=gap, until=until)
    came, lost = way.mail.arrived >= 0, way.mail.lost
    assert (way.mail.arrived[~came] == -1).all()
    assert not (came & lost).any()
    places = np.where(lost, 2, np.where(came, 0, 1))
    assert (np.diff(places) >= 0).all()
    assert (np.diff(way.mail.arrived[came]) >= 0).all()
    assert (np.diff(way.mail.sent[lost]) >= 0).all()


@fewer
@given(rough(0), st.integers(0, 30))
def test_readers_get_what_was_sent_once_at_most_and_when_it_arrives(mail, count):
    way = Way(mail, count)
    assert len({task for _, _, task, _ in way.heard}) == len(way.heard)
    assert all(body == f"table {task}" for _, _, task, body in way.heard)
    read = way.mail.read
    assert [(time, task) for time, _, task, _ in way.heard] == list(
        zip(way.mail.arrived[read].tolist(), way.mail.number[read].tolist(), strict=True)
    )


@st.composite
def rough_networks(draw):
    """Desks (manner, pause, first letters) and links (from, to, conditions)."""
    desk = st.tuples(st.sampled_from(MANNERS), st.integers(0, 25), st.lists(st.integers(1, 9), max_size=4))
    desks = draw(st.lists(desk, min_size=2, max_size=4))
    places = st.integers(0, len(desks) - 1)
    return desks, draw(st.lists(st.tuples(places, places, rough(reorder=None)), min_size=len(desks), max_size=6))


def run_rough(network, lookahead):
    desks, links = network
    site = SmallMailroom(*(f"desk {place}" for place in range(len(desks))), seed=SEED)
    logs = [[] for _ in desks]
    relays = [Relay(tray, *desk, log) for tray, desk, log in zip(site.trays, desks, logs, strict=True)]
    for number, (sender, receiver, mail) in enumerate(links):
        out, end = site.link(f"link {number}", site.trays[sender], site.trays[receiver], mail)
        relays[sender].out.append(out)
        relays[receiver].ends.append(end)
    return site.run(*(relay.read for relay in relays), lookahead=lookahead).to_bytes(), logs


@fewer
@given(rough_networks())
def test_in_networks_of_rough_links_windows_and_instants_give_every_reader_the_same(network):
    assert run_rough(network, lookahead=False) == run_rough(network, lookahead=True)


def test_only_conditions_that_do_more_than_delay_make_a_rough_link():
    for mail, is_rough in (("delay 5ms 1ms", False), ("delay 5ms 1ms 25%", True), ("loss 0%", True), ("", False)):
        assert isinstance(Way(mail, 1).link, RoughLink) == is_rough


# One impairment at a time


@pytest.mark.parametrize(
    "mail", ["loss 30%", "loss 30% 50%", "loss gemodel 10% 30% 90% 1%", "loss state 10% 40% 5% 50% 1%"]
)
@pytest.mark.parametrize("lookahead", BOTH)
def test_messages_are_lost_as_the_stream_of_losses_says(mail, lookahead):
    way = Way(f"delay 10ns {mail}", 200, lookahead=lookahead)
    gone = chosen(conditions(mail).loss, "loss", 200)
    assert 10 < len(gone) < 150
    assert way.numbers(way.mail.lost) == gone
    assert [task for _, _, task, _ in way.heard] == [number for number in range(1, 201) if number not in gone]
    assert way.site.room.unread == len(gone)
    assert way.mail.arrived[-len(gone) :].tolist() == [-1] * len(gone)
    assert way.mail.mark[-len(gone) :].tolist() == [-ONE_MORE * number for number in gone]


def test_where_all_is_lost_nothing_comes_and_the_office_is_quiet():
    way = Way("loss 100%", 20)
    assert way.heard == []
    assert way.mail.lost.all()


@pytest.mark.parametrize("lookahead", BOTH)
def test_a_copy_is_in_the_journal_and_not_read_twice(lookahead):
    way = Way(f"{JITTERY} duplicate 30%", 200, lookahead=lookahead)
    doubled = chosen(Chance(30), "duplicate", 200)
    assert len(doubled) > 30
    assert way.numbers(way.mail.copy > 0) == doubled
    assert len(way.mail.sent) == 200 + len(doubled)
    assert sorted(task for _, _, task, _ in way.heard) == list(range(1, 201))
    arrivals = {}
    for number, arrived in zip(way.mail.number.tolist(), way.mail.arrived.tolist(), strict=True):
        arrivals.setdefault(number, []).append(arrived)
    assert {task: time for time, _, task, _ in way.heard} == {number: min(came) for number, came in arrivals.items()}
    assert (way.mail.read & (way.mail.copy > 0)).any(), "some copies come before their originals"
    assert not way.link._to_come
    assert not way.link._read


def test_a_message_that_is_both_doubled_and_lost_comes_once():
    way = Way("delay 5ns duplicate 100% loss 100%", 20)
    assert [task for _, _, task, _ in way.heard] == list(range(1, 21))
    assert not way.mail.copy.any()
    assert not way.mail.lost.any()


def test_a_copy_may_be_lost_on_its_own():
    way = Way("delay 5ns duplicate 100% loss 40%", 200)
    assert [task for _, _, task, _ in way.heard] == list(range(1, 201))
    assert 30 < way.mail.lost.sum() < 130
    assert (way.mail.copy[way.mail.lost] == 1).all()


@pytest.mark.parametrize("lookahead", BOTH)
def test_what_is_damaged_arrives_and_is_not_read(lookahead):
    way = Way(f"{JITTERY} corrupt 30%", 200, lookahead=lookahead)
    damaged = chosen(Chance(30), "corrupt", 200)
    assert way.numbers(way.mail.damaged) == damaged
    assert (way.mail.arrived > 0).all()
    assert sorted(task for _, _, task, _ in way.heard) == [number for number in range(1, 201) if number not in damaged]
    assert way.site.room.unread == len(damaged)


def test_of_two_copies_the_one_that_is_not_damaged_is_read():
    way = Way(f"{JITTERY} duplicate 100% corrupt 50%", 200)
    damaged = Counter(way.numbers(way.mail.damaged))
    assert set(damaged.values()) == {1, 2}
    assert sorted(task for _, _, task, _ in way.heard) == [n for n in range(1, 201) if damaged[n] < 2]
    assert not way.link._read


@pytest.mark.parametrize("gap", [1, 2, 5])
def test_of_reordering_at_100_percent_every_so_manieth_message_goes_at_once(gap):
    took = Way(f"delay 100ns reorder 100% gap {gap}", 40).took()
    assert took == [0 if number % gap == 0 else 100 for number in range(1, 41)]


@pytest.mark.parametrize("gap", [1, 3])
def test_after_a_message_that_went_at_once_so_many_do_not_and_then_each_may(gap):
    """Chances are drawn only for those that may."""
    events = Chance(40).events(stream(SEED, "bo.inbox", "reorder"))
    expected, since = [], 0
    for _ in range(200):
        jumps = since >= gap - 1 and next(events)
        since = 0 if jumps else since + 1
        expected.append(0 if jumps else 100)
    assert Way(f"delay 100ns reorder 40% gap {gap}", 200).took() == expected
    assert 20 < expected.count(0) < 110


def test_a_message_that_goes_at_once_overtakes():
    way = Way("delay 100ns reorder 100% gap 3", 6)
    assert [task for _, _, task, _ in way.heard] == [3, 6, 1, 2, 4, 5]


lengths = st.lists(st.integers(0, 50), min_size=1, max_size=30)


@given(lengths, st.integers(0, 40), st.integers(0, 30), st.sampled_from([1, 3, 7, 8, 16]))
def test_a_message_takes_8_bytes_by_the_rate_after_those_before_it(sizes, delay, gap, gbit):
    way = Way(f"delay {delay}ns rate {gbit}gbit", gap=gap, bodies=["x" * size for size in sizes])
    expected, last = [], 0
    for number, size in enumerate(sizes):
        last = max(gap * number + delay, last) + 8 * size // gbit
        expected.append(last - gap * number)
    assert way.took() == expected


@fewer
@given(rough(0, rate=Rate(10**10, 3, 5, 1), reorder=None), st.integers(0, 40), st.integers(0, 9))
def test_with_a_rate_messages_do_not_overtake(mail, count, gap):
    arrived = [sent + took for sent, took in sorted_journeys(Way(mail, count, gap=gap))]
    assert all(earlier <= later for earlier, later in pairwise(arrived))


def sorted_journeys(way):
    """When each message was sent and how long it took, in the order in which they were sent."""
    mail = way.mail
    came = mail.arrived >= 0
    rows = sorted(zip(mail.mark[came] >> 1, mail.sent[came], mail.arrived[came], strict=True))
    return [(int(sent), int(arrived - sent)) for _, sent, arrived in rows]


def test_a_slow_link_is_busy_for_as_long_as_its_rate_says():
    """125 numbers of 8 bytes are 8,000 bits: at 1 mbit, 8 ms each."""
    way = Way("delay 5ms rate 1mbit", gap=0, bodies=[np.zeros(125)] * 3)
    assert way.took() == [13_000_000, 21_000_000, 29_000_000]


def test_with_slots_messages_arrive_when_one_opens_so_many_at_a_time():
    way = Way("delay 15ns slot 10ns packets 2", 6, gap=0)
    assert way.took() == [25, 25, 35, 35, 45, 45]


@fewer
@given(rough(0, slot=Slots(7, 7, packets=2), reorder=None), st.integers(0, 40), st.integers(0, 9))
def test_on_a_link_with_slots_so_many_arrive_together_at_most_and_then_none_for_a_while(mail, count, gap):
    arrived = Counter(time for time in Way(mail, count, gap=gap).mail.arrived.tolist() if time >= 0)
    assert all(later - time >= 7 for time, later in pairwise(sorted(arrived)))
    assert max(arrived.values(), default=0) <= 2


def test_a_full_link_loses_what_comes_until_there_is_room_again():
    way = Way("delay 10ns limit 3", 8, gap=0)
    assert way.numbers(way.mail.lost) == [4, 5, 6, 7, 8]
    way = Way("delay 10ns limit 3", 24, gap=1)
    assert way.numbers(~way.mail.lost) == [1, 2, 3, 11, 12, 13, 21, 22, 23]


@fewer
@given(rough(0, loss=None, limit=3), st.integers(0, 40), st.integers(0, 9))
def test_no_more_than_the_limit_are_on_their_way_and_none_is_lost_while_there_is_room(mail, count, gap):
    way = Way(mail, count, gap=gap)
    came = way.mail.arrived >= 0
    journeys = list(
        zip(way.mail.mark[came].tolist(), way.mail.sent[came].tolist(), way.mail.arrived[came].tolist(), strict=True)
    )
    for moment in {sent for _, sent, _ in journeys}:
        assert sum(sent <= moment < arrived for _, sent, arrived in journeys) <= 3
    lost = way.mail.lost
    for mark, time in zip((-way.mail.mark[lost]).tolist(), way.mail.sent[lost].tolist(), strict=True):
        assert sum(other < mark and sent <= time < arrived for other, sent, arrived in journeys) == 3


# Streams

OTHERS = ["loss 30% 20%", "corrupt 30%", "rate 50gbit", "slot 3ns packets 2", "reorder 40% gap 2"]


@pytest.mark.parametrize(
    "mail",
    ["loss 20%", "corrupt 20%", "loss 20% corrupt 20%", "loss gemodel 5% 30%", "duplicate 30% loss 10%", "limit 5"],
)
def test_whatever_else_happens_each_message_that_comes_takes_the_delay_that_was_drawn_for_it(mail):
    mail = Way(f"{JITTERY} {mail}", 300).mail
    originals = (mail.arrived >= 0) & (mail.copy == 0)
    delays = np.array(drawn(JITTERY, 300))
    assert (mail.arrived - mail.sent)[originals].tolist() == delays[mail.number[originals] - 1].tolist()
    assert 50 < originals.sum() <= 300


def test_copies_take_delays_of_their_own():
    mail = Way(f"{JITTERY} duplicate 30%", 300).mail
    copies = mail.copy > 0
    delays = list(islice(conditions(JITTERY).delay.times(stream(SEED, "bo.inbox", "copy delay")), copies.sum()))
    took = (mail.arrived - mail.sent)[copies][np.argsort(mail.number[copies])]
    assert took.tolist() == delays


def test_a_message_that_goes_at_once_takes_no_delay_from_another():
    took = Way(f"{JITTERY} reorder 100% gap 4", 300).took()
    delays = drawn(JITTERY, 300)
    assert took == [0 if number % 4 == 0 else delays[number - 1] for number in range(1, 301)]


@pytest.mark.parametrize("other", ["", "delay 9ns", "limit 5", *OTHERS[1:]])
def test_the_same_messages_are_lost_whatever_else_happens(other):
    limit = other.startswith("limit")
    mail = other if other.startswith("delay") else f"{JITTERY} {other}"
    way = Way(f"{mail} loss 30% 20%", 200)
    gone = chosen(Chance(30, 20), "loss", 200)
    assert set(gone) <= set(way.numbers(way.mail.lost))
    assert limit or way.numbers(way.mail.lost) == gone


@pytest.mark.parametrize("other", ["", "limit 5", *OTHERS[2:]])
def test_the_same_messages_are_damaged_whatever_else_happens_to_those_that_are_not_lost(other):
    way = Way(f"{JITTERY} {other} corrupt 30%", 200)
    damaged = set(chosen(Chance(30), "corrupt", 200))
    assert set(way.numbers(way.mail.damaged)) == damaged - set(way.numbers(way.mail.lost))


@pytest.mark.parametrize("other", ["", "limit 50", *OTHERS[1:]])
def test_the_same_messages_are_doubled_whatever_else_happens(other):
    way = Way(f"{JITTERY} {other} duplicate 30%", 200)
    assert way.numbers(way.mail.copy > 0) == chosen(Chance(30), "duplicate", 200)


@pytest.mark.parametrize("other", OTHERS[:2])
def test_what_goes_at_once_is_drawn_for_what_is_not_lost(other):
    """Of those on their way, one after another, the same ones go at once."""
    at_once = [not time for time in Way(f"delay 100ns reorder 40% gap 2 {other}", 200).took()]
    alone = [not time for time in Way("delay 100ns reorder 40% gap 2", 200).took()]
    assert at_once == alone[: len(at_once)]


def test_an_impairment_of_one_link_draws_other_numbers_than_that_of_another_or_than_another_of_its_own():
    seen = {tuple(chosen(Chance(30), what, 100)) for what in ("loss", "duplicate", "corrupt", "reorder")}
    assert len(seen) == 4
