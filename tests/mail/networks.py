"""Readers that relay what they get, in several manners, and random networks of them."""

from heapq import heappop, heappush
from itertools import count

from hypothesis import strategies as st

from office.mail import Conditions, Delay
from tests.mail.small_mailroom import SmallMailroom


class Relay:
    """A reader that passes each letter on to links of its own, some hops further, in one of several manners."""

    def __init__(self, tray, manner, pause, first, log):
        self.tray, self.manner, self.pause, self.first, self.log = tray, manner, pause, first, log
        self.out = []
        self.ends = []

    def write_down(self, port, task_id, hops):
        self.log.append((self.tray.name, self.tray.now, port, task_id, hops))

    async def pass_on(self, port, task_id, hops):
        if self.out and hops:
            await self.out[(port + hops) % len(self.out)].send((task_id, hops - 1))
            if hops % 3 == 0:
                await self.out[hops % len(self.out)].send((f"{task_id}'", hops - 2 if hops > 1 else 0))

    async def read(self):
        for number, hops in enumerate(self.first):
            await self.pass_on(number, number, hops)
        await getattr(self, self.manner)()

    async def at_once(self):
        async for mail in self.tray:
            for letter in mail:
                self.write_down(*letter)
                await self.pass_on(*letter)

    async def busy(self):
        """Takes its time over each letter, while others come in."""
        while True:
            await self.tray.mail()
            letter = self.tray.take()
            self.write_down(*letter)
            await self.tray.sleep_until(self.tray.now + self.pause)
            await self.pass_on(*letter)

    async def later(self):
        """Puts each letter aside for a while, and reads on meanwhile."""
        aside, number, tray = [], count(), self.tray
        while True:
            if not aside:
                await tray.mail()
            if not aside or await tray.mail_until(aside[0][0]):
                letter = tray.take()
                self.write_down(*letter)
                heappush(aside, (tray.now + self.pause * (letter[2] % 3), next(number), letter))
            else:
                await self.pass_on(*heappop(aside)[2])

    async def settled(self):
        """Looks at all that has come by one instant before it passes any of it on, last come first."""
        tray = self.tray
        while True:
            await tray.mail()
            tray.now = max(tray.now, tray.arrived[0][0])
            await tray.settle()
            batch = []
            while tray.arrived and tray.arrived[0][0] <= tray.now:
                batch.append(tray.take())
                self.write_down(*batch[-1])
            await tray.sleep_until(tray.now + self.pause)
            for letter in reversed(batch):
                await self.pass_on(*letter)

    async def in_rounds(self):
        """One letter from each of its links, again and again."""
        while True:
            for port, end in enumerate(self.ends):
                letter = await end.receive()
                self.write_down(port, *letter)
                await self.pass_on(port, *letter)
            if not self.ends:
                await self.tray.mail()


MANNERS = ["at_once", "busy", "later", "settled", "in_rounds"]


@st.composite
def delays(draw, least=1):
    """Delays that are never shorter than `least` ns."""
    time = draw(st.integers(least, 40))
    jitter = draw(st.integers(0, 20))
    shape = draw(st.sampled_from(["uniform", "normal", "pareto", "exponential"]))
    delay = Delay(time, jitter, shape)
    return delay if delay.least >= least else Delay(time + 4 * jitter, jitter, shape)


@st.composite
def networks(draw, manners=MANNERS, least=1):
    """A description of a network: desks (manner, pause, first letters) and links (from, to, conditions)."""
    desks = draw(
        st.lists(
            st.tuples(st.sampled_from(manners), st.integers(0, 25), st.lists(st.integers(1, 12), max_size=4)),
            min_size=2,
            max_size=4,
        )
    )
    places = st.integers(0, len(desks) - 1)
    links = draw(st.lists(st.tuples(places, places, delays(least)), min_size=len(desks), max_size=7))
    return desks, links


def run_network(network, *, seed=0, lookahead=False, **options):
    """The journal, and what each desk read and when."""
    desks, links = network
    site = SmallMailroom(*(f"desk {place}" for place in range(len(desks))), seed=seed)
    logs = [[] for _ in desks]
    relays = [Relay(tray, *desk, log) for tray, desk, log in zip(site.trays, desks, logs, strict=True)]
    for number, (sender, receiver, delay) in enumerate(links):
        out, end = site.link(f"link {number}", site.trays[sender], site.trays[receiver], Conditions(delay))
        relays[sender].out.append(out)
        relays[receiver].ends.append(end)
    site.run(*(relay.read for relay in relays), lookahead=lookahead, **options)
    return site.journal, logs
