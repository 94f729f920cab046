"""A token that was late, and not lost, is a second one.

Covers: timers that ring before mail that is under way (timeouts), losses, three actors and a ledger.
Scenario: Who has the token writes into the ledger, and hands it on. Alex makes a new one where it does not come back in
time. One ledger takes every entry; the other refuses those with an older token than it has seen (a fencing token).
"""

from functools import partial
from pathlib import Path
from typing import Any

import trio

from office import Journal, Mailbox, network_clock, open_network
from office.testing import Tried, try_orders

RING = "Alex", "Bo", "Casey"
PATIENCE = 1.0  # seconds of virtual time until Alex makes a new token
MAIL = "delay 400ms 250ms loss 5%"  # of every link, give or take, for one run by the clock


async def tokens_in_turn(*, refuses: bool, rounds: int = 1, **settings: Any) -> Journal:
    """Pass the token around, and look at the ledger: no older token comes after a newer one."""
    entries: list[int] = []

    async def ledger(mailbox: Mailbox) -> None:
        async for _, token in mailbox:
            if not (refuses and entries and token < entries[-1]):
                entries.append(token)

    async def colleague(mailbox: Mailbox, to: str) -> None:
        async for _, token in mailbox:
            await write_and_hand_on(mailbox, token, to)

    async def first(mailbox: Mailbox) -> None:
        token, left = 1, rounds
        while left:
            await write_and_hand_on(mailbox, token, RING[1])
            with trio.move_on_after(PATIENCE) as waiting:
                await mailbox.receive()
            left -= not waiting.cancelled_caught
            token += waiting.cancelled_caught

    async def write_and_hand_on(mailbox: Mailbox, token: int, to: str) -> None:
        await mailbox.send("ledger", token, about=f"{mailbox.name} by token {token}")
        await mailbox.send(to, token, about=f"token {token}")

    async with open_network(**settings) as network, trio.open_nursery() as nursery:
        nursery.start_soon(ledger, network.mailbox("ledger"))
        for name, to in zip(RING[1:], (RING[2], RING[0]), strict=True):
            nursery.start_soon(colleague, network.mailbox(name), to)
        await first(network.mailbox(RING[0]))
        await network.quiet()
        nursery.cancel_scope.cancel()
    assert entries == sorted(entries), f"tokens in the ledger: {entries}"
    return network.journal


def tried(*, refuses: bool) -> Tried:
    """The ring in every order in which Alex is impatient once, entries being quick."""
    return try_orders(
        partial(tokens_in_turn, refuses=refuses), losses=1, timeouts=1, late=["*>Bo", "*>Casey", "*>Alex"]
    )


def main(seed: int = 0, mail: Any = None, journal: Path | None = None) -> dict[str, Any]:
    """Try both ledgers."""
    open_to_all, fenced = tried(refuses=False), tried(refuses=True)
    print(f"a ledger that takes every entry: {open_to_all}\n")
    print(f"a ledger that refuses old tokens: {fenced}\n")
    if journal is not None:
        by_mail = partial(tokens_in_turn, refuses=True, rounds=5, mail=MAIL if mail is None else mail, seed=seed)
        trio.run(by_mail, clock=network_clock()).save(journal)
    holds = open_to_all.order is not None and fenced.holds
    print(
        f"Two tokens at once after {open_to_all.runs} runs; a ledger that refuses is right in all {fenced.runs} orders."
    )
    return {"holds": holds, "runs until two tokens": open_to_all.runs, "orders without": fenced.runs}


if __name__ == "__main__":
    main()
