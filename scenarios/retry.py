"""What is asked again until it is answered is paid once only by a bank that remembers.

Covers: network_clock, trio's deadlines in virtual time, losses, repeats and timeouts in try_orders.
Scenario: Alex asks a bank for 10, and asks again where no answer comes in time. One bank pays each request; the other
remembers which it has paid.
"""

from functools import partial
from pathlib import Path
from typing import Any

import trio

from office import Journal, Mailbox, network_clock, open_network
from office.testing import Tried, try_orders

SUM = 10
PATIENCE = 1.0  # seconds of virtual time between one request and the next
MAIL = "delay 400ms 200ms loss 30%"  # of every link, give or take, for one run by the clock


async def pays_once(*, remembers: bool, **settings: Any) -> Journal:
    """Ask until there is an answer; then, when no mail is under way, see what was paid."""
    paid: list[int] = []

    async def bank(mailbox: Mailbox) -> None:
        known: set[int] = set()
        async for customer, number in mailbox:
            if not (remembers and number in known):
                paid.append(SUM)
            known.add(number)
            await mailbox.send(customer, number, about=f"answer {number}")

    async def customer(mailbox: Mailbox) -> None:
        answered = False
        while not answered:
            await mailbox.send("bank", 1, about="request 1")
            with trio.move_on_after(PATIENCE):
                await mailbox.receive()
                answered = True

    async with open_network(**settings) as network, trio.open_nursery() as nursery:
        nursery.start_soon(bank, network.mailbox("bank"))
        await customer(network.mailbox("Alex"))
        await network.quiet()
        nursery.cancel_scope.cancel()
    assert sum(paid) == SUM, f"the bank has paid {sum(paid)}"
    return network.journal


def tried(*, remembers: bool) -> Tried:
    """One bank in every order in which a message is lost, one comes twice, and Alex is impatient once."""
    return try_orders(partial(pays_once, remembers=remembers), losses=1, repeats=1, timeouts=1)


def main(seed: int = 0, mail: Any = None, journal: Path | None = None) -> dict[str, Any]:
    """Try both banks."""
    forgetful, careful = tried(remembers=False), tried(remembers=True)
    print(f"a bank that pays each request: {forgetful}\n")
    print(f"a bank that remembers what it has paid: {careful}\n")
    if journal is not None:
        by_mail = partial(pays_once, remembers=True, mail=MAIL if mail is None else mail, seed=seed)
        trio.run(by_mail, clock=network_clock()).save(journal)
    holds = forgetful.order is not None and careful.holds
    print(f"Paid twice after {forgetful.runs} runs; with a memory, once in all {careful.runs:,} orders.")
    return {"holds": holds, "runs until paid twice": forgetful.runs, "orders in which paid once": careful.runs}


if __name__ == "__main__":
    main()
