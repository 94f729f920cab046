"""A ring elects one leader, the same for all, whoever is quick.

Covers: open_network, order of delivery "all", how many messages an election takes.
Scenario: Everybody sends a number to the next in the ring, and passes on what is higher than their own; whose number
comes back has won, and says so around the ring. In the field: Chang and Roberts, 1979.
"""

from functools import partial
from pathlib import Path
from typing import Any

import trio

from office import Journal, Mailbox, network_clock, open_network
from office.testing import try_orders

RING = {"Alex": 2, "Bo": 3, "Casey": 1}  # in the order of the ring, each with a number
WINNER = max(RING, key=lambda name: RING[name])
MAIL = "delay 20ms 10ms"  # of every link, give or take, for one run by the clock


async def all_agree(**settings: Any) -> Journal:
    """Hold an election, and ask everybody who has won."""
    names = [*RING]
    following = dict(zip(names, [*names[1:], names[0]], strict=True))
    elected: dict[str, str] = {}

    async def voter(mailbox: Mailbox) -> None:
        own, to = (RING[mailbox.name], mailbox.name), following[mailbox.name]
        await mailbox.send(to, own, about=own[1])
        async for _, message in mailbox:
            if isinstance(message, str):  # the word who has won
                elected[mailbox.name] = message
                if message != mailbox.name:
                    await mailbox.send(to, message, about=f"{message} has won")
                return
            if message == own:
                await mailbox.send(to, mailbox.name, about=f"{mailbox.name} has won")
            elif message > own:
                await mailbox.send(to, message, about=message[1])

    async with open_network(**settings) as network, trio.open_nursery() as nursery:
        for name in names:
            nursery.start_soon(voter, network.mailbox(name))
    assert elected == dict.fromkeys(names, WINNER), f"they take for the leader: {elected}"
    return network.journal


def main(seed: int = 0, mail: Any = None, journal: Path | None = None) -> dict[str, Any]:
    """Hold it in every order, and once by the clock."""
    tried = try_orders(all_agree)
    print(f"an election among {len(RING)} {tried}")
    by_mail = partial(all_agree, mail=MAIL if mail is None else mail, seed=seed)
    record = trio.run(by_mail, clock=network_clock())
    if journal is not None:
        record.save(journal)
    print(f"by the clock it takes {len(record)} messages and {(record.end or 0) / 1e6:.0f} ms")
    print(f"\n{WINNER} is the leader for all, in each of {tried.runs} orders.")
    return {"holds": tried.holds, "orders": tried.runs, "messages": len(record)}


if __name__ == "__main__":
    main()
