"""Two replicas end with the same value only if arrival does not decide.

Covers: open_network, Mailbox, try_orders, a network's journal.
Scenario: Alex and Bo write to two replicas. One design keeps what came last; the other goes by the writers' clocks.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import trio

from office import Journal, Mailbox, network_clock, open_network
from office.testing import try_orders

REPLICAS = "first", "second"
WRITES = {"Alex": (7, "red"), "Bo": (5, "blue")}  # what each writes, with the time that its clock shows
MAIL = "delay 20ms 10ms"  # of every link, give or take, for one run by the clock

Write = tuple[int, str]


def what_came_last(_kept: Write, write: Write) -> Write:
    """The wrong design: arrival decides."""
    return write


def what_was_written_last(kept: Write, write: Write) -> Write:
    """The right one: the writers' clocks decide."""
    return max(kept, write)


async def replicas_agree(counts: Callable[[Write, Write], Write], **settings: Any) -> Journal:
    """Let everybody write, and compare the replicas."""
    ends: dict[str, Write] = {}

    async def replica(mailbox: Mailbox) -> None:
        _, kept = await mailbox.receive()
        for _ in range(len(WRITES) - 1):
            _, write = await mailbox.receive()
            kept = counts(kept, write)
        ends[mailbox.name] = kept

    async def writer(mailbox: Mailbox, write: Write) -> None:
        for name in REPLICAS:
            await mailbox.send(name, write, about=write[1])

    async with open_network(**settings) as network, trio.open_nursery() as nursery:
        for name in REPLICAS:
            nursery.start_soon(replica, network.mailbox(name))
        for name, write in WRITES.items():
            nursery.start_soon(writer, network.mailbox(name), write)
    first, second = (ends[name][1] for name in REPLICAS)
    assert first == second, f"one replica has {first}, the other {second}"
    return network.journal


def main(seed: int = 0, mail: Any = None, journal: Path | None = None) -> dict[str, Any]:
    """Try both designs in every order."""
    by_arrival, by_clock = (
        try_orders(partial(replicas_agree, counts)) for counts in (what_came_last, what_was_written_last)
    )
    print(f"what came last counts: {by_arrival}\n")
    print(f"what was written last counts: {by_clock}\n")
    if journal is not None:
        by_mail = partial(replicas_agree, what_was_written_last, mail=MAIL if mail is None else mail, seed=seed)
        trio.run(by_mail, clock=network_clock()).save(journal)
    holds = by_arrival.order is not None and by_clock.holds
    print(f"Replicas that go by arrival part, after {by_arrival.runs} runs; by the writers' clocks they never do.")
    return {"holds": holds, "runs until they part": by_arrival.runs, "orders in which they agree": by_clock.runs}


if __name__ == "__main__":
    main()
