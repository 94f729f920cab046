"""The task of a desk is a literal coroutine with four literal channels: here it is run by hand."""

import inspect

import pytest
import trio

from office import Journal, handle_work
from office.desks import ManagerDesk, Pace, WorkerDesk, everyone
from office.engines.floor_plan import Channels
from office.journal import LinkEnds
from office.mail import Mailroom, conditions

CHANNELS = "inbox", "outbox", "feedback_from_above", "feedback_to_below"
MS = 1_000_000


def echo(inputs):
    return f"{inputs}, done", lambda feedback: f"{feedback}, heard"


class Room:
    """A mailroom with a client's tray and those of some desks, and four links for each pair of boss and desk."""

    def __init__(self):
        self.journal, self.quiet = Journal(), trio.Event()
        self.room = Mailroom(0, self.journal, self.quiet.set)
        self.client = self.room.tray("client")

    def links(self, boss, desk, mail):
        """For each channel, its sending and its receiving end: two go from the boss to the desk, two come back."""
        ways = (boss, desk), (desk, boss), (boss, desk), (desk, boss)
        return [
            self.room.link(LinkEnds(f"{desk.name}.{channel}", *(tray.name for tray in way)), conditions(mail))
            for channel, way in zip(CHANNELS, ways, strict=True)
        ]


@pytest.fixture
def room():
    return Room()


def for_the_desk(links):
    """The ends that the desk has in hand."""
    return links[0][1], links[1][0], links[2][1], links[3][0]


def for_the_boss(links):
    return links[0][0], links[1][1], links[2][0], links[3][1]


def test_the_task_of_a_desk_is_a_coroutine_function_of_a_desk_and_its_four_channels():
    assert inspect.iscoroutinefunction(handle_work)
    assert list(inspect.signature(handle_work).parameters)[:5] == ["desk", *CHANNELS]


def test_the_channels_are_trio_s_own_kinds(room):
    links = room.links(room.client, room.room.tray("alex"), "delay 1ms")
    assert all(isinstance(sending, trio.abc.SendChannel) for sending, _ in links)
    assert all(isinstance(receiving, trio.abc.ReceiveChannel) for _, receiving in links)


@pytest.mark.parametrize("mail", ["", "delay 1ms"])
async def test_a_desk_can_be_sat_at_by_hand(room, mail):
    links = room.links(room.client, room.room.tray("alex"), mail)
    inbox, outbox, feedback_from_above, feedback_to_below = for_the_boss(links)
    room.room.open()
    heard = []

    async def client():
        await inbox.send((1, "plan"))
        await inbox.send(("two", "another plan"))
        heard.extend([await outbox.receive() for _ in range(2)])
        await feedback_from_above.send(("two", "less"))
        await feedback_from_above.send((1, "more"))
        heard.extend([await feedback_to_below.receive() for _ in range(2)])
        room.client.leave()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(handle_work, WorkerDesk("alex", echo), *for_the_desk(links))
        nursery.start_soon(client)
        await room.quiet.wait()
        nursery.cancel_scope.cancel()
    assert heard == [(1, "plan, done"), ("two", "another plan, done"), ("two", "less, heard"), (1, "more, heard")]
    assert room.client.now == (4 * MS if mail else 0)
    assert len(room.journal) == 8


async def test_a_desk_with_a_pace_takes_its_time_when_it_is_sat_at_by_hand(room):
    links = room.links(room.client, room.room.tray("alex"), "delay 1ms")
    inbox, outbox, _, _ = for_the_boss(links)
    room.room.open()
    heard = []

    async def client():
        for task_id in range(3):
            await inbox.send((task_id, "plan"))
        for _ in range(3):
            await outbox.receive()
            heard.append(room.client.now)
        room.client.leave()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(handle_work, WorkerDesk("alex", echo), *for_the_desk(links), (), Pace("5ms"))
        nursery.start_soon(client)
        await room.quiet.wait()
        nursery.cancel_scope.cancel()
    assert heard == [7 * MS, 12 * MS, 17 * MS]


async def test_a_manager_has_the_other_ends_of_its_team_s_channels_in_hand(room):
    manager, trays = room.room.tray("team"), [room.room.tray(name) for name in ("alex", "bo")]
    own = room.links(room.client, manager, "delay 1ms")
    team = [room.links(manager, tray, "delay 1ms") for tray in trays]
    inbox, outbox, feedback_from_above, feedback_to_below = for_the_boss(own)
    room.room.open()
    heard = []

    def side_by_side(outputs):
        return " | ".join(outputs), lambda feedback: [f"{feedback} ({output})" for output in outputs]

    def to_below(name):
        return lambda inputs: (f"{name} on {inputs}", len)

    async def client():
        await inbox.send((1, "plan"))
        heard.append(await outbox.receive())
        await feedback_from_above.send((1, "more"))
        heard.append(await feedback_to_below.receive())
        room.client.leave()

    desk = ManagerDesk("team", ["alex", "bo"], everyone, side_by_side, None)
    async with trio.open_nursery() as nursery:
        hands = [Channels(*for_the_boss(links)) for links in team]
        nursery.start_soon(handle_work, desk, *for_the_desk(own), hands)
        for tray, links in zip(trays, team, strict=True):
            nursery.start_soon(handle_work, WorkerDesk(tray.name, to_below(tray.name)), *for_the_desk(links))
        nursery.start_soon(client)
        await room.quiet.wait()
        nursery.cancel_scope.cancel()
    assert heard == [(1, "alex on plan | bo on plan"), (1, len("more (alex on plan)") + len("more (bo on plan)"))]
    assert room.client.now == 8 * MS


def test_channels_that_do_not_end_in_one_tray_are_refused(room):
    links = room.links(room.client, room.room.tray("alex"), "")
    mixed = links[0][1], links[1][0], links[3][1], links[3][0]
    with pytest.raises(ValueError, match=r"alex\.feedback_to_below does not end in the tray of alex"):
        trio.run(handle_work, WorkerDesk("alex", echo), *mixed)
