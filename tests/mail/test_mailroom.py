from heapq import heappop, heappush
from itertools import count

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from office.errors import OfficeError
from office.mail import stream
from tests.mail.networks import MANNERS, networks, run_network
from tests.mail.small_mailroom import BOTH, SmallMailroom, reads_all, rows
from tests.tiers import examples

both = pytest.mark.parametrize("lookahead", BOTH)
seeds = st.integers(0, 2**32)


def on_a_heap(network, seed):
    """What a mailroom does with readers who act at once, in a few lines without tasks: the rows of its journal."""
    desks, links = network
    drawn = [iter(delay.draw(stream(seed, f"link {n}", "delay"), 3000)) for n, (_, _, delay) in enumerate(links)]
    out = [[n for n, (sender, _, _) in enumerate(links) if sender == desk] for desk in range(len(desks))]
    ports = [[n for n, (_, receiver, _) in enumerate(links) if receiver == desk] for desk in range(len(desks))]
    numbers, heap, journal_rows = [count() for _ in links], [], []

    def send(link, now, letter):
        heappush(heap, (now + next(drawn[link]), link, next(numbers[link]), now, letter))

    def pass_on(desk, now, port, task_id, hops):
        if out[desk] and hops:
            send(out[desk][(port + hops) % len(out[desk])], now, (task_id, hops - 1))
            if hops % 3 == 0:
                send(out[desk][hops % len(out[desk])], now, (f"{task_id}'", hops - 2 if hops > 1 else 0))

    for desk, (_, _, first) in enumerate(desks):
        for number, hops in enumerate(first):
            pass_on(desk, 0, number, number, hops)
    while heap:
        now, link, _, sent, letter = heappop(heap)
        journal_rows.append((f"link {link}", letter[0], sent, now))
        pass_on(links[link][1], now, ports[links[link][1]].index(link), *letter)
    return journal_rows


@both
@given(network=networks(MANNERS[:1], least=0), seed=seeds)
def test_messages_are_handled_in_order_of_time_then_link_then_number(lookahead, network, seed):
    journal, _ = run_network(network, seed=seed, lookahead=lookahead)
    assert rows(journal) == on_a_heap(network, seed)


@pytest.mark.parametrize("least", [0, 1])
@given(data=st.data(), seed=seeds)
def test_the_journal_is_in_order_and_nothing_arrives_before_it_is_sent(least, data, seed):
    journal, logs = run_network(data.draw(networks(least=least)), seed=seed)
    mail = journal.mail
    assert (mail.arrived - mail.sent >= least).all()
    assert mail.arrived.tolist() == sorted(mail.arrived.tolist())
    if least:  # else one message of an instant may call forth another of the same
        keys = list(zip(mail.arrived.tolist(), mail.link.tolist(), strict=True))
        assert keys == sorted(keys)
    for log in logs:
        clock = [now for _, now, *_ in log]
        assert clock == sorted(clock)


@both
@given(network=networks(), seed=seeds)
@settings(max_examples=examples(30))
def test_however_trio_runs_its_tasks_the_journal_is_the_same(lookahead, network, seed):
    runs = {run_network(network, seed=seed, lookahead=lookahead)[0].to_bytes() for _ in range(3)}
    assert len(runs) == 1


@both
@given(network=networks(), seed=seeds, until=st.integers(0, 120))
def test_until_ends_a_run_after_that_instant_and_changes_nothing_before(lookahead, network, seed, until):
    whole = rows(run_network(network, seed=seed, lookahead=lookahead)[0])
    part = rows(run_network(network, seed=seed, lookahead=lookahead, until=until)[0])
    in_time = [row for row in whole if row[3] <= until]
    assert part[: len(in_time)] == in_time
    on_their_way = [row for row in whole if row[3] > until >= row[2]]
    assert part[len(in_time) :] == [(*row[:3], -1) for row in on_their_way]


@both
def test_until_is_included_and_so_are_timers(lookahead):
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo, "delay 10ns")
    rung, heard = [], []

    async def rings():
        for time in (0, 10, 20, 21, 22):
            await alex.sleep_until(time)
            rung.append(time)
            await link.send((time, "tick"))

    site.run(rings, reads_all(bo, heard), lookahead=lookahead, until=20)
    assert rung == [0, 10, 20]
    assert [time for time, *_ in heard] == [10, 20]
    assert rows(site.journal)[-1] == ("bo.inbox", 20, 20, -1)


@both
def test_an_office_with_nothing_to_do_is_quiet_at_once(lookahead):
    site = SmallMailroom("alex", "bo")
    site.link("bo.inbox", *site.trays, "delay 10ns")
    journal = site.run(*(reads_all(tray, []) for tray in site.trays), lookahead=lookahead)
    assert len(journal) == 0
    assert journal.desks == ["alex", "bo"]
    assert journal.link_names == ["bo.inbox"]


@both
def test_the_mail_does_not_move_before_all_have_sat_down(lookahead):
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo, "delay 10ns")
    heard = []

    async def is_late():
        for _ in range(20):
            await trio.lowlevel.checkpoint()
            assert site.room.horizon <= 1
        await link.send((1, "sorry"))
        await alex.mail()

    site.run(reads_all(bo, heard), is_late, lookahead=lookahead)
    assert heard == [(10, 0, 1, "sorry")]


# Cancellation


def for_ever(mail):
    """Three readers round a table, each of whom passes three letters on for ever."""
    site = SmallMailroom("alex", "bo", "casey", seed=4)
    links = [
        site.link(f"{name} to the left", tray, site.trays[place - 2], mail)[0]
        for place, (name, tray) in enumerate(zip(("alex", "bo", "casey"), site.trays, strict=True))
    ]

    def passes_on(tray, link):
        async def reader():
            await link.send((link.rank, "round"))
            async for letters in tray:
                for _, task_id, body in letters:
                    await link.send((task_id, body))

        return reader

    return site, [passes_on(tray, link) for tray, link in zip(site.trays, links, strict=True)]


async def cancel_after(checkpoints, scope):
    for _ in range(checkpoints):
        await trio.lowlevel.checkpoint()
    scope.cancel()


CANCELLED = [(lookahead, checkpoints) for lookahead in BOTH for checkpoints in range(12)] * 4
"""At each of several moments, and more than once, since trio shuffles: readers wait, are about to be woken, or run."""


@pytest.mark.parametrize("mail", ["delay 10ns 3ns", "delay 10ns 9ns distribution exponential", ""])
def test_an_office_cancelled_at_any_moment_leaves_no_task_and_a_true_beginning(mail):
    whole, readers = for_ever(mail)
    expected = [row for row in rows(whole.run(*readers, until=600)) if row[3] >= 0] if mail else []

    async def cancelled(site, readers, checkpoints):
        before = trio.lowlevel.current_statistics().tasks_living
        async with trio.open_nursery() as nursery:
            for reader in readers:
                nursery.start_soon(reader)
            nursery.start_soon(cancel_after, checkpoints, nursery.cancel_scope)
        assert trio.lowlevel.current_statistics().tasks_living == before

    for lookahead, checkpoints in CANCELLED:
        site, readers = for_ever(mail)
        site.open(lookahead=lookahead)
        trio.run(cancelled, site, readers, checkpoints)
        journal_rows = rows(site.journal)
        assert len(journal_rows) < 2000
        if mail:
            assert journal_rows[: len(expected)] == expected[: len(journal_rows)]


@pytest.mark.parametrize("victim", [0, 1, 2])
def test_one_reader_cancelled_closes_the_mailroom_and_the_others_wait(victim):
    async def cancelled(site, readers, checkpoints):
        ended = []
        async with trio.open_nursery() as nursery:
            scope = trio.CancelScope()

            async def sits_down(place):
                with scope if place == victim else trio.CancelScope():
                    await readers[place]()
                ended.append(place)

            for place in range(3):
                nursery.start_soon(sits_down, place)
            await cancel_after(checkpoints, scope)
            await trio.testing.wait_all_tasks_blocked()
            written = len(site.journal)
            await trio.testing.wait_all_tasks_blocked()
            assert ended == [victim]
            assert len(site.journal) == written
            nursery.cancel_scope.cancel()

    for lookahead, checkpoints in CANCELLED:
        site, readers = for_ever("delay 10ns 3ns")
        site.open(lookahead=lookahead)
        trio.run(cancelled, site, readers, checkpoints)


def test_a_reader_that_raises_ends_the_office_with_its_error_alone():
    for _ in range(30):
        site, readers = for_ever("delay 10ns 3ns")

        async def stumbles(tray=site.trays[1]):
            await tray.sleep_until(100)
            raise LookupError("where is it?")

        with pytest.raises(ExceptionGroup) as caught:
            site.run(readers[0], stumbles, readers[2])
        assert [type(error) for error in caught.value.exceptions] == [LookupError]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_event_is_refused(limit):
    site = SmallMailroom("a")
    with pytest.raises(OfficeError):
        site.open(in_an_instant=limit)
