"""Delivery in a chosen order, under trio: a choice decides which message arrives next, and nothing else does."""

from contextlib import suppress
from heapq import heappop, heappush
from itertools import count, repeat

import pytest
import trio
import trio._core._run
from hypothesis import given, settings
from hypothesis import strategies as st

from office import (
    Chain,
    Client,
    Crash,
    Partition,
    Stall,
    Team,
    Worker,
    in_turn,
    least_busy,
    newest_first,
    open_office,
    simulate,
    simulate_in_trio,
)
from office.errors import BadOrder, Deadlock
from office.mail import DELIVER, LOSE, Delay
from office.study import check
from tests.mail.networks import MANNERS, networks, run_network
from tests.mail.small_mailroom import SmallMailroom, reads_all, rows
from tests.tiers import examples

NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=20)
"""Choices to be had of these: the place of each message, modulo how many there are to choose from."""


class Chooses:
    """Takes these numbers, round and round, modulo how many messages there are; one in `loses` is lost."""

    def __init__(self, numbers, loses=None):
        self.numbers, self.loses, self.step = numbers, loses, 0
        self.seen = []

    def __call__(self, pending):
        self.seen.append([(entry[1], entry[4]) for entry in pending])
        number = self.numbers[self.step % len(self.numbers)]
        self.step += 1
        lost = self.loses and (number + self.step) % self.loses == 0
        return number % len(pending), LOSE if lost else DELIVER


def oldest(pending):
    return 0, DELIVER


def newest(pending):
    return len(pending) - 1, DELIVER


# Messages


def one_batch(letters, choose, late, **options):
    """So many letters, each on one of three links, sent at once: what was read when, and the journal."""
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    links = [site.link(name, alex, bo)[0] for name in ("one", "two", "three")]
    heard = []

    async def sender():
        for task_id, link in enumerate(letters):
            await links[link].send((task_id, "letter"))
        await alex.mail()

    site.run(sender, reads_all(bo, heard), choose=choose, late=late, **options)
    return [(time, task_id) for time, _, task_id, _ in heard], site


def by_link(letters):
    """What is sent before all desks are there stands in an order that does not depend on who came first."""
    return sorted(range(len(letters)), key=letters.__getitem__)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=8), NUMBERS)
def test_messages_arrive_as_chosen_one_each_instant(letters, numbers):
    heard, _ = one_batch(letters, Chooses(numbers), {0, 1, 2})
    left, expected = by_link(letters), []
    for step in range(len(letters)):
        expected += [(step + 1, left.pop(numbers[step % len(numbers)] % len(left)))]
    assert heard == expected


@given(st.lists(st.integers(0, 2), max_size=8), NUMBERS, st.sets(st.integers(0, 2)))
def test_messages_on_other_links_arrive_at_once_and_are_not_chosen_among(letters, numbers, late):
    choose = Chooses(numbers)
    heard, _ = one_batch(letters, choose, late)
    at_once = [task_id for time, task_id in heard if time == 0]
    assert at_once == sorted((task for task, link in enumerate(letters) if link not in late), key=letters.__getitem__)
    assert heard[: len(at_once)] == [(0, task_id) for task_id in at_once]
    assert {link for pending in choose.seen for link, _ in pending} <= late
    assert [len(pending) for pending in choose.seen] == list(range(len(letters) - len(at_once), 0, -1))


@given(st.lists(st.integers(0, 2), min_size=1, max_size=8), NUMBERS)
def test_the_choice_is_among_all_that_is_under_way_in_the_order_in_which_it_was_sent(letters, numbers):
    choose = Chooses(numbers)
    one_batch(letters, choose, {0, 1, 2})
    assert choose.seen[0] == [(letters[task_id], task_id) for task_id in by_link(letters)]
    for earlier, later in zip(choose.seen, choose.seen[1:], strict=False):
        assert later == [entry for entry in earlier if entry in later]


def without_delays(network):
    desks, links = network
    return desks, [(sender, receiver, Delay()) for sender, receiver, _ in links]


def on_a_list(network, late, choose):
    """What a mailroom does with readers who act at once, in a few lines without tasks: the rows of its journal."""
    desks, links = network
    out = [[n for n, (sender, _, _) in enumerate(links) if sender == desk] for desk in range(len(desks))]
    ports = [[n for n, (_, receiver, _) in enumerate(links) if receiver == desk] for desk in range(len(desks))]
    numbers, soon, pending, arrived, lost, now = [count() for _ in links], [], [], [], [], 0

    def send(link, letter):
        entry = now, link, next(numbers[link]), now, *letter
        pending.append(entry) if link in late else heappush(soon, entry)

    def pass_on(desk, port, task_id, hops):
        if out[desk] and hops:
            send(out[desk][(port + hops) % len(out[desk])], (task_id, hops - 1))
            if hops % 3 == 0:
                send(out[desk][hops % len(out[desk])], (f"{task_id}'", hops - 2 if hops > 1 else 0))

    for desk, (_, _, first) in enumerate(desks):
        for number, hops in enumerate(first):
            pass_on(desk, number, number, hops)
    pending.sort(key=lambda entry: entry[1:3])
    while soon or pending:
        if soon:
            entry = heappop(soon)
        else:
            place, fate = choose(pending)
            entry = pending.pop(place)
            if fate == LOSE:
                lost.append((f"link {entry[1]}", entry[4], entry[3], -1))
                continue
            now += 1
        _, link, _, sent, task_id, hops = entry
        arrived.append((f"link {link}", task_id, sent, now))
        pass_on(links[link][1], ports[links[link][1]].index(link), task_id, hops)
    return arrived, lost


LATE = st.sets(st.integers(0, 7))
LOSES = st.sampled_from([None, 2, 5])


@given(networks(MANNERS[:1], least=0), LATE, NUMBERS, LOSES)
def test_a_whole_network_does_what_a_list_of_messages_does(network, late, numbers, loses):
    network = without_delays(network)
    journal, _ = run_network(network, choose=Chooses(numbers, loses), late=late)
    arrived, lost = on_a_list(network, late, Chooses(numbers, loses))
    assert rows(journal)[: len(arrived)] == arrived
    assert sorted(rows(journal)[len(arrived) :], key=str) == sorted(lost, key=str)


@given(networks(least=0), NUMBERS)
def test_where_the_oldest_message_comes_first_nothing_overtakes_anything(network, numbers):
    journal, _ = run_network(without_delays(network), choose=oldest, late=range(8))
    sent, arrived = journal.mail.sent.tolist(), journal.mail.arrived.tolist()
    assert sent == sorted(sent)
    assert arrived == sorted(set(arrived))


@given(networks(least=0), LATE, NUMBERS, st.integers(0, 40))
def test_until_ends_a_run_after_that_instant_and_changes_nothing_before(network, late, numbers, until):
    network = without_delays(network)
    whole = rows(run_network(network, choose=Chooses(numbers), late=late)[0])
    part = rows(run_network(network, choose=Chooses(numbers), late=late, until=until)[0])
    in_time = [row for row in whole if row[3] <= until]
    assert part[: len(in_time)] == in_time
    on_their_way = [(*row[:3], -1) for row in whole if row[3] > until >= row[2]]
    assert sorted(part[len(in_time) :], key=str) == sorted(on_their_way, key=str)


@given(networks(least=0), LATE, NUMBERS, LOSES)
@settings(max_examples=examples(20))
def test_however_trio_runs_its_tasks_the_same_choices_make_the_same_journal(network, late, numbers, loses):
    network = without_delays(network)
    runs = set()
    for schedule in range(6):
        trio._core._run._r.seed(schedule)  # trio shuffles with it
        runs.add(run_network(network, choose=Chooses(numbers, loses), late=late)[0].to_bytes())
    assert len(runs) == 1


# Time


def test_a_timer_waits_until_no_mail_is_under_way_unless_its_time_has_come():
    site = SmallMailroom("alex", "bo", "casey", "dani")
    alex, bo, casey, dani = site.trays
    link, _ = site.link("bo.inbox", alex, bo)
    happened = []

    async def sends():
        for number in range(3):
            await link.send((number, "early"))
        await alex.sleep_until(1_000_000)
        happened.append(("alex's timer", alex.now))
        await link.send((3, "late"))
        await alex.mail()

    async def rings(tray, time):
        await tray.sleep_until(time)
        happened.append((f"{tray.name}'s timer", tray.now))
        await tray.mail()

    async def reads():
        async for letters in bo:
            for _, task_id, _ in letters:
                happened.append((task_id, bo.now))

    site.run(sends, reads, lambda: rings(casey, 2), lambda: rings(dani, 2_000_000), choose=newest, late={0})
    assert happened == [
        (2, 1),
        ("casey's timer", 2),
        (1, 2),
        (0, 3),
        ("alex's timer", 1_000_000),
        (3, 1_000_001),
        ("dani's timer", 2_000_000),
    ]


def one_by_one(*choices):
    """Somebody who takes these choices, and then the oldest."""
    rest = iter(choices)
    return lambda pending: next(rest, (0, DELIVER))


def test_what_is_lost_takes_no_time_and_is_written_down():
    heard, site = one_batch([0, 1, 1, 2], one_by_one((2, LOSE), (1, DELIVER), (0, LOSE)), {0, 1, 2})
    assert heard == [(1, 1), (2, 3)]
    assert site.room.unread == 2
    mail = site.journal.mail
    assert mail.task[mail.lost].tolist() == [0, 2]
    assert mail.arrived.tolist() == [1, 2, -1, -1]


# What cannot be chosen


@pytest.mark.parametrize("place", [-1, 2, 99])
def test_a_message_that_is_not_there_cannot_arrive(place):
    with pytest.raises(ExceptionGroup) as caught:
        one_batch([0, 1], one_by_one((place, DELIVER)), {0, 1})
    what = f"there is no message {place} of 2 under way, the oldest of which is 0"
    assert caught.group_contains(BadOrder, match=what)


@pytest.mark.parametrize("fate", ["+", "x", None])
def test_a_message_arrives_or_is_lost_and_no_more(fate):
    with pytest.raises(ExceptionGroup) as caught:
        one_batch([0, 1], one_by_one((0, fate)), {0, 1})
    assert caught.group_contains(
        BadOrder, match=rf"arrives \(''\) or is lost \('-'\), and no more: not {fate!r}".replace("+", "[+]")
    )


def worker(name):
    return Worker(lambda task: (f"{name}({task})", lambda feedback: f"{name} hears {feedback}"), name)


def in_two_teams():
    """Whoever is least busy does it, and then one after another."""
    least = Team([worker("alex"), worker("bo")], "least", allocate=least_busy)
    return Chain([least, Team([worker("casey"), worker("dani")], "turns", allocate=in_turn)])


def say(output, target):
    return 0.0, f"re {output}"


def words(tasks, **client):
    return Client([(f"task {number}", None) for number in range(tasks)], say, **client)


def test_a_bad_choice_comes_out_of_an_office_bare_and_of_an_open_one_in_a_group():
    with pytest.raises(BadOrder, match=r'"0\.9": step 2 passes over 9, and only 2 messages are under way') as raised:
        simulate(in_two_teams(), words(2), order="0.9")
    assert raised.value.__notes__ == ["at 1 ns of virtual time"]
    with pytest.raises(BadOrder, match=r"no more: not '[+]'"):
        simulate(in_two_teams(), words(2), order="0.0+")

    async def opened():
        async with open_office(in_two_teams(), order="1") as office:
            await office.inbox.send((0, "task"))
            await office.quiet()

    with pytest.raises(ExceptionGroup) as caught:
        trio.run(opened)
    assert caught.group_contains(BadOrder, match='"1": step 1 passes over 1, and only 1 message is under way')


# Whole offices

CLIENTS = st.sampled_from([{}, {"in_flight": 1}, {"in_flight": 2}, {"replies": newest_first(2)}])
SETTINGS = st.sampled_from([
    {},
    {"capacity": 1},
    {"capacity": {"*.outbox": 1, "*.inbox": 2}},
    {"late": "*.feedback_from_above"},
    {"late": ("*.inbox", "turns.*"), "capacity": 2},
    {"faults": [Stall("least/alex", 3, 9), Crash("least/bo", 5, 2)]},
    {"faults": [Partition("turns/casey", 4, "1ms")], "expire": "1s"},
])  # fmt: skip


@given(st.integers(1, 5), CLIENTS, SETTINGS, NUMBERS, LOSES)
def test_the_order_that_was_taken_makes_the_same_journal_and_keeps_every_invariant(
    tasks, client, options, numbers, loses
):
    if client.get("in_flight") or "capacity" in options:
        loses = None  # else the client may wait for ever
    run = simulate(in_two_teams(), words(tasks, **client), order=Chooses(numbers, loses), **options)
    again = simulate(in_two_teams(), words(tasks, **client), order=run.journal.order, **options)
    assert again.journal.to_bytes() == run.journal.to_bytes()
    assert (again.outputs, again.feedback_below) == (run.outputs, run.feedback_below)
    assert check(run.journal) == []
    if not loses and "faults" not in options:
        assert len(run.feedback_below) == tasks
        assert not any(run.pending.values())


@given(st.integers(1, 6), st.integers(1, 3), NUMBERS)
def test_a_link_holds_no_more_than_it_may_in_whatever_order_its_messages_come(tasks, capacity, numbers):
    chooses = Chooses(numbers)
    with suppress(Deadlock):  # who waits to send does not read
        simulate(in_two_teams(), words(tasks), order=chooses, capacity=capacity)
    assert chooses.seen
    for pending in chooses.seen:
        links = [link for link, _ in pending]
        assert all(links.count(link) <= capacity for link in links)


@given(NUMBERS)
def test_a_deadlock_is_told_in_whatever_order_the_mail_comes(numbers):
    async def nobody_reads():
        async with open_office(worker("alex"), capacity=1, order=Chooses(numbers)) as office:
            for task_id in range(9):
                await office.inbox.send((task_id, "task"))

    with pytest.raises(ExceptionGroup) as caught:
        trio.run(nobody_reads)
    assert caught.group_contains(Deadlock, match="alex.outbox is full")


def test_a_task_that_waits_for_one_that_was_lost_is_a_deadlock():
    with pytest.raises(Deadlock, match=r"client +waits for 1 results"):
        simulate(worker("alex"), words(2, in_flight=1), order="0.0-")


@pytest.mark.unwatched
@pytest.mark.parametrize("options", [{}, {"capacity": 1}, {"late": "*.outbox"}, {"expire": "1s"}], ids=str)
def test_an_office_that_is_cancelled_at_any_choice_leaves_no_task_behind(options):
    client = Client(repeat(("task", None)), say, in_flight=3, keep=False)

    async def cancelled(at):
        choices = count()

        def choose(pending):
            if next(choices) == at:
                scope.cancel()
            return at % len(pending), DELIVER

        before = trio.lowlevel.current_statistics().tasks_living
        with trio.CancelScope() as scope:
            await simulate_in_trio(in_two_teams(), client, order=choose, **options)
        assert scope.cancelled_caught
        assert trio.lowlevel.current_statistics().tasks_living == before

    for at in range(40):
        trio.run(cancelled, at)


async def test_an_open_office_hears_its_mail_as_chosen():
    async with open_office(worker("alex"), order="1.1", late="alex.inbox") as office:
        for task_id in range(3):
            await office.inbox.send((task_id, f"task {task_id}"))
        assert [(await office.outbox.receive())[0] for _ in range(3)] == [1, 2, 0]
        for task_id in range(3):
            await office.feedback_from_above.send((task_id, "more"))
            assert await office.feedback_to_below.receive() == (task_id, "alex hears more")
        assert office.now == 3
    assert office.journal.order == "1.1"


async def test_an_alarm_outside_rings_when_the_mail_has_run_out():
    async with open_office(worker("alex"), order="0", leave_pending=True) as office:
        await office.inbox.send((0, "task"))
        await office.sleep("5ms")
        assert office.now == 5_000_000
        assert office.outbox.receive_nowait() == (0, "alex(task)")
        await office.feedback_from_above.send((0, "more"))
        await office.feedback_to_below.receive()
        assert office.now == 5_000_002
