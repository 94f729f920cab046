"""A mailroom built by hand, readers that read all or only send, and letters over one link."""

import numpy as np
import trio
from trio.testing import MockClock

from office.journal import Journal, LinkEnds
from office.mail import Mailroom, conditions, one_tray

SEED = 5
BOTH = [False, True]
"""Without lookahead, an instant at a time; with it, in windows."""


class SmallMailroom:
    """Trays by name, links by name; `run` lets readers read until nothing more can happen."""

    def __init__(self, *names, seed=0):
        self.journal = Journal(seed=seed)
        self.room = Mailroom(seed, self.journal, self.is_quiet)
        self.trays = [self.room.tray(name) for name in names]
        self.ends = {tray: [] for tray in self.trays}
        self.quiet = trio.Event()

    def is_quiet(self):
        self.quiet.set()

    def link(self, name, sender, receiver, mail="", capacity=None, **more):
        link, end = self.room.link(LinkEnds(name, sender.name, receiver.name), conditions(mail), capacity, **more)
        self.ends[receiver].append(end)
        return link, end

    def open(self, **options):
        for channels in filter(None, self.ends.values()):
            one_tray(dict(enumerate(channels)))
        self.room.open(**options)

    def run(self, *readers, lookahead=False, **options):
        """The journal of a run; a reader is a coroutine function. Whoever hangs is found out at once."""
        self.open(lookahead=lookahead, **options)
        trio.run(self.until_quiet, readers, clock=MockClock(autojump_threshold=0))
        self.room.close_books()
        return self.journal

    async def until_quiet(self, readers):
        with trio.fail_after(1):
            async with trio.open_nursery() as nursery:
                for reader in readers:
                    nursery.start_soon(reader)
                await self.quiet.wait()
                nursery.cancel_scope.cancel()


def rows(journal):
    """Every message as (link, task, sent, arrived), in the journal's order."""
    mail = journal.mail
    return [
        (journal.links[link].name, journal.task_id(code), sent, arrived)
        for link, code, sent, arrived in zip(
            mail.link.tolist(), mail.task.tolist(), mail.sent.tolist(), mail.arrived.tolist(), strict=True
        )
    ]


def reads_all(tray, log):
    """A reader that writes down what it reads: when, on which port, about which task, what."""

    async def reader():
        async for mail in tray:
            log.extend((tray.now, *letter) for letter in mail)

    return reader


def sends(link, tray, *letters):
    """A reader that first sends these and then listens to nothing."""

    async def reader():
        for letter in letters:
            await link.send(letter)
        await tray.mail()

    return reader


class Way:
    """Letters sent from alex to bo over one link, so long after each other; and what became of them."""

    def __init__(self, mail, count=60, *, seed=SEED, gap=1, bodies=None, lookahead=False, until=None, **link):
        self.site = site = SmallMailroom("alex", "bo", seed=seed)
        alex, bo = site.trays
        self.link, _ = site.link("bo.inbox", alex, bo, mail, **link)
        self.heard = []
        bodies = [f"table {number}" for number in range(1, count + 1)] if bodies is None else bodies

        async def sender():
            for number, body in enumerate(bodies, start=1):
                await alex.sleep_until(gap * (number - 1) if isinstance(gap, int) else gap[number - 1])
                await self.link.send((number, body))
            await alex.mail()

        self.journal = site.run(sender, reads_all(bo, self.heard), lookahead=lookahead, until=until)
        self.mail = self.journal.mail

    def took(self):
        """How long each message took that came, copies and damaged ones too, in the order in which they were sent."""
        mail = self.mail
        came = np.flatnonzero(mail.arrived >= 0)
        order = came[np.lexsort((mail.copy[came], mail.number[came]))]
        return (mail.arrived - mail.sent)[order].tolist()

    def numbers(self, which):
        """The numbers of those messages, in order."""
        return sorted(self.mail.number[which].tolist())
