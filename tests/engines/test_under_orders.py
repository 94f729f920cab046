"""`under_orders` chooses the order of delivery in every office that is opened under it."""

import pytest
import trio

from office import Client, Worker, open_office, simulate
from office.engines import order_text, read_order, under_orders
from office.errors import BadOrder


def named(name):
    return Worker(lambda inputs: (f"{name}: {inputs}", lambda feedback: feedback), name)


def client(tasks=3):
    return Client([(task, None) for task in range(tasks)], lambda output, target: (0.0, output))


def newest(pending):
    return len(pending) - 1, ""


def spoken_of(run):
    return [task for _, task, _ in run.journal.losses]


def test_every_office_gets_its_mail_as_is_chosen_and_what_was_taken_is_written_down():
    with under_orders(newest) as taken:
        runs = [simulate(named(name), client()) for name in ("alex", "bo")]
    assert [spoken_of(run) for run in runs] == [[2, 1, 0]] * 2
    assert len(taken) == 2
    for name, run, office in zip(("alex", "bo"), runs, taken, strict=True):
        assert str(office) == run.journal.order == order_text(office.choices)
        assert office.links == run.journal.link_names
        assert office.links[0] == f"{name}.inbox"
        assert spoken_of(simulate(named(name), client(), order=str(office))) == [2, 1, 0]
    assert spoken_of(simulate(named("alex"), client())) == [0, 1, 2]


def test_each_message_that_was_chosen_is_named_by_its_link_and_its_task():
    with under_orders(newest) as taken:
        run = simulate(named("alex"), client(2))
    mail = run.journal.mail
    in_order = sorted(zip(mail.arrived, mail.link, mail.task, strict=True))
    assert taken[0].messages == [(link, run.journal.task_id(task)) for _, link, task in in_order]


def test_an_office_with_an_order_of_its_own_keeps_it():
    with under_orders(newest) as taken:
        assert spoken_of(simulate(named("alex"), client(), order="0")) == [0, 1, 2]
    assert taken == []


def test_late_links_are_those_that_are_named_there_unless_the_office_names_its_own():
    with under_orders(newest, late="*.outbox") as taken:
        simulate(named("alex"), client())
        simulate(named("alex"), client(), late="*.inbox")
    chosen = [{office.links[link] for link, _ in office.messages} for office in taken]
    assert chosen == [{"alex.outbox"}, {"alex.inbox"}]
    with under_orders(newest, late="bo.*"), pytest.raises(BadOrder, match=r'"bo.\*" names no link'):
        simulate(named("alex"), client())


async def by_channel(sends):
    """What several tasks send, each on a channel of its own, as it is under way."""
    seen = []

    def choose(pending):
        seen.append([(entry[1], entry[4]) for entry in pending])
        return newest(pending)

    with under_orders(choose):
        async with open_office(named("alex"), leave_pending=True) as office:
            for task in range(3):
                await office.inbox.send((task, "plan"))
                await office.outbox.receive()
            async with trio.open_nursery() as nursery:
                for channel, tasks in sends(office):
                    nursery.start_soon(send_all, channel, tasks)
    return seen


async def send_all(channel, tasks):
    for task in tasks:
        await channel.send((task, "plan"))


async def test_tasks_with_a_channel_each_do_the_same_every_time_in_a_chosen_order():
    def sends(office):
        return (office.inbox, range(3, 6)), (office.feedback_from_above, range(3))

    seen = [await by_channel(sends) for _ in range(20)]
    assert seen.count(seen[0]) == 20
    inbox, above = 0, 2
    assert max(seen[0], key=len) == [(inbox, 3), (inbox, 4), (inbox, 5), (above, 0), (above, 1), (above, 2)]


async def test_what_one_task_has_sent_before_time_ran_stays_before_what_is_sent_after():
    seen = []

    def choose(pending):
        seen.append([(entry[1], entry[4]) for entry in pending])
        return newest(pending)

    async with open_office(named("alex"), order=choose, late="alex.feedback_from_above", leave_pending=True) as office:
        for task in range(3):
            await office.inbox.send((task, "plan"))
            await office.outbox.receive()
        await office.feedback_from_above.send((1, "more"))
        await office.inbox.send((3, "plan"))
        await office.outbox.receive()  # an answer is at once, so the feedback stays under way
        await office.feedback_from_above.send((0, "more"))
    above = 2
    assert seen == [[(above, 1), (above, 0)], [(above, 1)]]


@pytest.mark.parametrize("order", ["0", "1", "0.2.1", "1-", "0.1+.3"])
def test_an_order_written_down_reads_back(order):
    assert order_text(read_order(order)) == order
