"""A network's mail and time: between actors that are tasks of trio, each with a mailbox, and no desk within."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import trio

from office.errors import Deadlock
from office.ids import TaskID
from office.journal import DAMAGED, Entry, Journal, LinkEnds
from office.mail.agenda import Reader
from office.mail.chosen_order import Choose, ChosenOrder
from office.mail.front_door import FrontDoor
from office.mail.instants import Instants
from office.mail.link import Link
from office.mail.mailroom import IN_AN_INSTANT
from office.mail.netem.conditions import Conditions
from office.mail.network_clock import NetworkClock
from office.mail.rough_link import RoughLink
from office.mail.tray import Tray

__all__ = ["NetworkDoor", "Parcel"]

NETWORK = "network"


class Parcel(NamedTuple):
    """A message between two actors, on its way."""

    sender: str
    reader: str
    label: TaskID
    """What the journal says it is about."""
    body: Any
    cause: int
    """The message that its sender received last."""


class CopyingLink(RoughLink):
    """A link between two actors: a message that comes twice is received twice, and one that is damaged never."""

    def _expect(self, mark: int, times: int) -> None:  # noqa: ARG002  no copy is recognised by its mark
        if not times:
            self.unread += 1

    def _deliver(self, entry: Entry) -> None:
        if not entry[2] & DAMAGED:
            self.receiver.arrived.append(entry)


class NetworkDoor(FrontDoor):
    """Carries messages from one mailbox to another. All that is said to be outside an office is all there is here.

    What is sent while time stands still goes into the mail when time runs, link by link in the order of their names: so
    it makes no difference which task was quicker.

    Args:
        seed: of all random numbers.
        journal: where messages are recorded.
        conditions: those of a link, by its name, with the times at which it is cut.
        choose: if given, there is no delay at all, and it picks which message arrives next.
        is_late: whether it picks among the messages of a link, by its name; others arrive at once.
        clock: trio's, if it is the network's own.
        timeouts: how many timers may ring before messages that are under way, if `choose` picks one.
    """

    def __init__(
        self,
        seed: int,
        journal: Journal,
        conditions: Callable[[str, str], tuple[Conditions, list[tuple[int, int]]]],
        choose: Choose | None,
        is_late: Callable[[str], bool],
        clock: NetworkClock | None,
        timeouts: int = 0,
    ) -> None:
        super().__init__(Tray(NETWORK, 0, seed, journal), self._deadlock)
        self.seed = seed
        self.journal = journal
        self.conditions = conditions
        self.is_late = is_late
        self.clock = clock
        self.links: dict[tuple[str, str], Link] = {}
        self.senders: dict[str, Tray] = {}
        self.boxes: dict[str, deque[Entry]] = {}
        self.parcels: list[Parcel] = []
        """What has been sent since time stands still."""
        self.late: set[int] = set()
        readers: list[Reader] = [self.tray]
        links: list[Link] = []
        usual = readers, links, journal, self.when_quiet, None, IN_AN_INSTANT
        agenda = Instants(*usual)
        if choose is not None:
            agenda = ChosenOrder(*usual, choose=choose, late=self.late, timeouts=timeouts, repeats=True)
        if clock is not None:
            agenda.horizon = clock.now + 1
        self.tray.opened(agenda, "wait")

    def mailbox(self, name: str) -> deque[Entry]:
        """Where the mail of one more actor lands."""
        self.senders[name] = Tray(name, 0, self.seed, self.journal)
        self.boxes[name] = deque()
        return self.boxes[name]

    def post(self, parcel: Parcel) -> None:
        """Put a message in the mail."""
        self.parcels.append(parcel)
        self.stir()

    def is_under_way(self, sender: str, reader: str) -> bool:
        """Whether a message from one to the other may still arrive."""
        link = self.links.get((sender, reader))
        return any(parcel[:2] == (sender, reader) for parcel in self.parcels) or (
            link is not None and any(entry[1] == link.rank for entry in self.agenda.in_flight())
        )

    async def let_others_run(self) -> None:
        """A checkpoint, whether or not the network has ended."""
        await trio.lowlevel.checkpoint()

    def look_again(self) -> None:
        """Something has changed that tasks may wait for."""
        self.stir()
        self.wake()

    def hand_out(self, entry: Entry) -> None:
        """A message has come to a mailbox."""
        self.boxes[self.journal.links[entry[1]].reader].append(entry)

    @property
    def may_run(self) -> bool:
        """Whether time may run when all tasks wait: also where they wait for trio's clock alone."""
        return bool(self.waiting or self.clock)

    def next_alarm(self) -> int | None:
        """When tasks are to go on in any case, in ns."""
        times = super().next_alarm(), None if self.clock is None else self.clock.next_deadline()
        return min((time for time in times if time is not None), default=None)

    def ring(self, time: int) -> None:
        """It is the time (ns) of an alarm, or of a deadline of trio's."""
        super().ring(time)
        if self.clock is not None:
            self.clock.move_on(time)

    def _collect(self) -> None:
        """Put what has been sent into the mail, link by link; none of them ever waits for room."""
        parcels, self.parcels = sorted(self.parcels, key=lambda parcel: parcel[:2]), []
        for parcel in parcels:
            link = self.links.get(parcel[:2]) or self._link(parcel.sender, parcel.reader)
            link.sender.now, link.sender.cause = self.now, parcel.cause
            link.send((parcel.label, parcel.body))

    async def _let_time_run(self) -> None:
        self._collect()
        await super()._let_time_run()
        if self.clock is not None:
            self.clock.move_on(self.now)

    async def _something_outside(self) -> None:
        await super()._something_outside()
        self.is_quiet = False  # a task may have set itself a deadline

    def _link(self, sender: str, reader: str) -> Link:
        """One more link, since these two have had none so far."""
        name, rank = f"{sender}>{reader}", len(self.links)
        conditions, cut = self.conditions(sender, reader)
        route = name, rank, self.senders[sender], self.tray, conditions
        link = Link(*route) if conditions.only_delay and not cut else CopyingLink(*route, cut)
        self.links[sender, reader] = link
        self.journal.links.append(LinkEnds(name, sender, reader))
        if self.is_late(name):
            self.late.add(rank)
        link.opened(self.agenda)
        self.agenda.add(link)
        return link

    def close_books(self) -> None:
        """The network has ended: write down what is still on its way."""
        self._collect()
        in_flight = [*self.agenda.in_flight()]
        if in_flight:
            self.journal.settings["until"] = self.now
        self.journal.close(in_flight, None, self.now)

    def _deadlock(self, waiting: str) -> Deadlock:
        return Deadlock(f"no mail is on its way, and everybody waits: {waiting or 'for one another'}")
