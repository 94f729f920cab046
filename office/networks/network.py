"""A network of mailboxes, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from fnmatch import fnmatchcase
from itertools import count
from typing import Any

import trio

from office.counts import is_count, seed_from
from office.desks.chart import checked_name
from office.engines.delivery_order import EVERY, Late, order_in_force
from office.engines.faults import Partition, is_between, times_of
from office.errors import BadChart, BadFault, BadOrder
from office.journal import Journal
from office.mail import (
    Choose,
    Conditions,
    NetworkClock,
    NetworkDoor,
    check_in_trio,
    clock_in_use,
    conditions,
    repeatable_schedule,
)
from office.networks.mailbox import Mailbox
from office.networks.memory_channel import Between, NetworkReceiveChannel, NetworkSendChannel
from office.times import Time, nanoseconds

__all__ = ["Network", "network_clock", "open_network"]


class Network:
    """A network that is open: its mailboxes, its clock, its journal.

    Virtual time stands still while any task runs. It runs while all tasks wait: for mail, for a time, for one another.
    """

    def __init__(self, door: NetworkDoor, journal: Journal) -> None:
        self._door = door
        self.journal = journal
        self.mailboxes: dict[str, Mailbox] = {}

    def mailbox(self, name: str) -> Mailbox:
        """The mailbox of this name; it is made where there is none. A link between two is there when it is used.

        Raises `BadChart` for what is no name: text without spaces and without ``/ . * ? [ ] >``.
        """
        if not isinstance(name, str) or name not in self.mailboxes:
            checked_name(name.replace(">", "/") if isinstance(name, str) else name)
            self.journal.desks.append(name)
            self.mailboxes[name] = Mailbox(name, self._door)
        return self.mailboxes[name]

    def memory_channel(self, name: str = "") -> tuple[NetworkSendChannel, NetworkReceiveChannel]:
        """The two ends of a channel, as `trio.open_memory_channel` makes them, whose values are mail on one link.

        It holds any number of values. They may be late, out of order, lost or repeated as all mail is; who receives
        hears of the end when all who send are closed and all that was sent has come.

        Args:
            name: that of its link, ``name-in>name-out``; by default "channel" with a number.

        Raises:
            BadChart: for what is no name, or names another channel.
        """
        names = (f"channel{number}" for number in count(1))
        name = name or next(free for free in names if f"{free}-in" not in self.mailboxes)
        if f"{name}-in" in self.mailboxes:
            raise BadChart(f"another channel of the network is named {name!r}")
        between = Between(self._door, self.mailbox(f"{name}-in"), self.mailbox(f"{name}-out"))
        return NetworkSendChannel(between), NetworkReceiveChannel(between)

    @property
    def now(self) -> int:
        """Virtual time, in ns."""
        return self._door.now

    async def sleep(self, time: Time) -> None:
        """Let so much virtual time pass: ``"5ms"``, or an int of ns."""
        await self._door.wait_until_time(self.now + nanoseconds(time))

    async def until(self, time: Time) -> None:
        """Let virtual time run until the clock is at `time`, and everything has happened that happens then."""
        await self._door.wait_until_time(nanoseconds(time))

    async def quiet(self) -> None:
        """Wait until no mail is on its way and no task waits for a time: what has not come will not."""
        await self._door.wait_until_quiet()


@asynccontextmanager
async def open_network(
    *,
    mail: str | Conditions | Mapping[str, str | Conditions] = "",
    partitions: Iterable[Partition] = (),
    seed: int = 0,
    order: str | Choose | None = None,
    late: Late = EVERY,
    timeouts: int = 0,
) -> AsyncIterator[Network]:
    """Open a network for actors of your own: ``async with open_network(mail="delay 20ms 5ms") as network: …``.

    Actors are tasks of trio as they are, in a nursery of yours; each has a mailbox, and sends to others by name. Where
    trio runs with the network's own clock (``trio.run(main, clock=network_clock())``, or pytest's fixture
    `new_network`), `trio.sleep` and trio's deadlines take virtual time, too.

    The same seed gives the same journal: what is drawn for the mail, and the order in which trio runs tasks that can
    run at the same time, which is one of many. A message that comes twice is received twice. Where every task waits and
    no mail is on its way, a `Deadlock` says who waits. What is under way when the block is left stays so.

    Args:
        mail: conditions in tc-netem's words (``"delay 20ms 5ms loss 1% duplicate 1%"``), for every link or by its name
            or a pattern (``"alex>bo"``, ``"*>bo"``), of which the last that fits counts.
        partitions: when what is sent between two sides is lost; desks are mailboxes here.
        seed: everything that is drawn at random is drawn from it.
        order: the order of delivery, as a choice string (``"0.2.1"``) or as a function that chooses; then a message
            takes no time to speak of. None: by arrival.
        late: the links, by name or pattern, on which `order` chooses; on all others messages arrive at once.
        timeouts: how many timers (sleeps, deadlines) may ring before messages that are under way, if `order` chooses
            one: it stands last among those to choose from.

    Raises:
        BadConditions: for mail that is none.
        BadFault: for what is no `Partition`.
        BadOrder: for an order that is none, or one beside mail conditions or partitions.
        RuntimeError: where trio does not run, or its clock moves another network.
    """
    check_in_trio("open_network", "use trio.run(main, clock=network_clock())")
    by_pattern = {
        pattern: conditions(text) for pattern, text in (mail if isinstance(mail, Mapping) else {"*": mail}).items()
    }
    cuts = tuple(partitions)
    for cut in cuts:
        if not isinstance(cut, Partition):
            raise BadFault(f"what is cut in a network is a Partition, not {cut!r}")
    if not is_count(timeouts, 0):
        raise BadOrder(f"timeouts is a whole number from 0, not {timeouts!r}")
    links: list[str] = []
    taken, chosen_on = order_in_force(order, late, links)
    if taken is not None:
        if cuts or any(each != Conditions() for each in by_pattern.values()):
            raise BadOrder("where the order of delivery is chosen there are no mail conditions, and no partitions")
        taken.are_tasks = False
    settings: dict[str, Any] = {"seed": seed, "mail": {}}
    if cuts:
        settings["faults"] = [str(cut) for cut in cuts]

    def of_link(sender: str, reader: str) -> tuple[Conditions, list[tuple[int, int]]]:
        name = f"{sender}>{reader}"
        links.append(name)
        *_, fitting = Conditions(), *(each for pattern, each in by_pattern.items() if fnmatchcase(name, pattern))
        if taken is None:
            settings["mail"][name] = str(fitting)
        return fitting, [times_of(cut) for cut in cuts if is_between(cut, sender, reader)]

    def is_late(link: str) -> bool:
        return any(fnmatchcase(link, pattern) for pattern in ([chosen_on] if isinstance(chosen_on, str) else chosen_on))

    journal = Journal(settings=settings)
    with clock_in_use() as clock, repeatable_schedule(seed_from(seed)):
        rings = timeouts if taken is None else max(timeouts, taken.timeouts)
        door = NetworkDoor(seed, journal, of_link, taken, is_late, clock, rings)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(door.keep)
            try:
                yield Network(door, journal)
            finally:
                journal.order = None if taken is None else str(taken)
                door.close_books()
                nursery.cancel_scope.cancel()


def network_clock() -> trio.abc.Clock:
    """A clock for trio that goes by a network's time: ``trio.run(main, clock=network_clock())``."""
    return NetworkClock()
