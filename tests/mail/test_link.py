from collections import Counter
from itertools import accumulate

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from office.mail import Conditions, Delay, stream
from tests.mail.networks import delays
from tests.mail.small_mailroom import BOTH, SmallMailroom, reads_all, rows, sends

JITTERY = "delay 20ns 5ns distribution exponential"


def letters(count):
    return [(number, f"table {number}") for number in range(count)]


def journey_times(journal, link):
    """How long each message on a link took, in the order in which they were sent."""
    took = {task: arrived - sent for name, task, sent, arrived in rows(journal) if name == link}
    return [took[task] for task in sorted(took)]


def two_links(mail, other_mail, *, other_letters=5, other_first=False):
    """Two messengers, each with a link of its own to one reader."""
    site = SmallMailroom("reader", "alex", "bo", seed=3)
    reader, alex, bo = site.trays
    pairs = [("from alex", alex, mail, 30), ("from bo", bo, other_mail, other_letters)]
    readers = [reads_all(reader, [])]
    for name, tray, conditions, count in reversed(pairs) if other_first else pairs:
        link, _ = site.link(name, tray, reader, conditions)
        readers.append(sends(link, tray, *letters(count)))
    return site.run(*readers)


@given(delays(), st.integers(0, 50), st.integers(0, 2**32))
def test_a_links_delays_are_its_own_stream_one_after_another(delay, count, seed):
    site = SmallMailroom("alex", "bo", seed=seed)
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo, Conditions(delay))
    journal = site.run(sends(link, alex, *letters(count)), reads_all(bo, []))
    assert journey_times(journal, "bo.inbox") == delay.draw(stream(seed, "bo.inbox", "delay"), count)


def test_a_busy_link_goes_on_along_its_stream():
    site = SmallMailroom("alex", "bo", seed=6)
    alex, bo = site.trays
    delay = Delay(20, 5, "exponential")
    link, _ = site.link("bo.inbox", alex, bo, Conditions(delay))
    journal = site.run(sends(link, alex, *letters(15_000)), reads_all(bo, []))
    assert journey_times(journal, "bo.inbox") == delay.draw(stream(6, "bo.inbox", "delay"), 15_000)


@pytest.mark.parametrize("other", ["", "delay 1ns", "delay 9ns 4ns distribution pareto", JITTERY])
def test_what_happens_on_one_link_changes_no_draw_of_another(other):
    alone = journey_times(two_links(JITTERY, "", other_letters=0), "from alex")
    assert len(alone) == 30
    assert len(set(alone)) > 5
    for count in (1, 40):
        assert journey_times(two_links(JITTERY, other, other_letters=count), "from alex") == alone
    assert journey_times(two_links(JITTERY, other, other_first=True), "from alex") == alone


def test_two_links_with_the_same_conditions_do_not_take_the_same_times():
    journal = two_links(JITTERY, JITTERY, other_letters=30)
    assert journey_times(journal, "from alex") != journey_times(journal, "from bo")


@pytest.mark.parametrize("lookahead", BOTH)
def test_a_message_leaves_at_its_senders_own_time(lookahead):
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo, "delay 100ns")
    heard = []

    async def sender():
        for time in (0, 7, 7, 250, 260):
            await alex.sleep_until(time)
            await link.send((time, "tick"))
        await alex.mail()

    journal = site.run(sender, reads_all(bo, heard), lookahead=lookahead)
    assert rows(journal) == [("bo.inbox", time, time, time + 100) for time in (0, 7, 7, 250, 260)]
    assert heard == [(time + 100, 0, time, "tick") for time in (0, 7, 7, 250, 260)]


def test_bodies_travel_as_they_are():
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo)
    bodies = [object(), None, (), (1, 2), [], "word"]
    heard = []
    site.run(sends(link, alex, *enumerate(bodies)), reads_all(bo, heard))
    assert [letter[2] for letter in heard] == list(range(6))
    assert all(letter[3] is body for letter, body in zip(heard, bodies, strict=True))


async def test_ends_are_trio_channels_that_need_no_closing():
    site = SmallMailroom("alex", "bo")
    link, end = site.link("bo.inbox", *site.trays)
    assert isinstance(link, trio.abc.SendChannel)
    assert isinstance(end, trio.abc.ReceiveChannel)
    async with link, end:
        pass
    site.open()
    await link.send((1, "still open"))
    assert repr(link) == "<Link bo.inbox: 1 sent>"
    assert repr(end) == "<Incoming bo.inbox>"


# Links that hold only so many


def slow_reader(tray, taken, service):
    """Takes a letter, works on it, takes the next."""

    async def reader():
        while True:
            await tray.mail()
            _, task_id, _ = tray.take()
            taken[task_id] = tray.now
            await tray.sleep_until(tray.now + service)

    return reader


def through_a_bounded_link(delay, capacity, service, count, gap=0):
    """When each message was sent, arrived and was taken."""
    site = SmallMailroom("alex", "bo", seed=1)
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo, Conditions(delay), capacity)
    taken = {}

    async def sender():
        for letter in letters(count):
            await link.send(letter)
            await alex.sleep_until(alex.now + gap)
        await alex.mail()

    journal = site.run(sender, slow_reader(bo, taken, service), lookahead=True)
    times = {task: (sent, arrived) for _, task, sent, arrived in rows(journal)}
    return [(*times[task], taken[task]) for task in range(count)]


services = st.integers(0, 30)
gaps = st.integers(0, 10)
capacities = st.integers(1, 5)
counts = st.integers(1, 15)


@given(st.integers(0, 20), capacities, services, counts, gaps)
def test_a_full_link_holds_its_sender_up_until_a_message_is_taken(delay, capacity, service, count, gap):
    """Against the recursion: send when there is room, take when the last is done with."""
    expected = []
    for number in range(count):
        ready = expected[-1][0] + gap if number else 0
        sent = max(ready, expected[number - capacity][2]) if number >= capacity else ready
        free = expected[-1][2] + service if number else 0
        expected.append((sent, sent + delay, max(sent + delay, free)))
    assert through_a_bounded_link(Delay(delay), capacity, service, count, gap) == expected


@given(delays(least=0), capacities, services, counts, gaps)
def test_a_link_never_holds_more_than_its_capacity(delay, capacity, service, count, gap):
    times = through_a_bounded_link(delay, capacity, service, count, gap)
    change = Counter()
    for sent, _, taken in times:
        change[sent] += 1
        change[taken] -= 1
    held = list(accumulate(change[time] for time in sorted(change)))
    assert max(held) <= capacity
    assert held[-1] == 0


@given(delays(least=0), services, counts, gaps)
def test_a_capacity_that_is_never_reached_changes_nothing(delay, service, count, gap):
    assert through_a_bounded_link(delay, count, service, count, gap) == through_a_bounded_link(
        delay, None, service, count, gap
    )


def test_letters_read_together_make_room_one_by_one():
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo, "delay 10ns", 2)
    heard = []
    journal = site.run(sends(link, alex, *letters(5)), reads_all(bo, heard))
    assert [(sent, arrived) for _, _, sent, arrived in rows(journal)] == [
        (0, 10),
        (0, 10),
        (10, 20),
        (10, 20),
        (20, 30),
    ]
    assert [time for time, *_ in heard] == [10, 10, 20, 20, 30]


def test_a_reader_that_waits_to_send_reads_what_came_meanwhile_and_no_earlier_than_it_could():
    """Alex is held up until 50; alex takes at 50 what came at 10."""
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    to_bo, _ = site.link("bo.inbox", alex, bo, "", 1)
    to_alex, _ = site.link("alex.inbox", bo, alex, "delay 10ns")
    heard = []

    async def held_up():
        for letter in letters(2):
            await to_bo.send(letter)
        await reads_all(alex, heard)()

    async def late():
        await to_alex.send((9, "hello"))
        await bo.sleep_until(50)
        await reads_all(bo, [])()

    site.run(held_up, late)
    assert heard == [(50, 0, 9, "hello")]
