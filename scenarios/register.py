"""A register in two copies, which two clients write to: do both copies end with the same value?

Covers: open_network, Mailbox, try_orders with "all", journal and why of a network.
Scenario: alex and bo each write a value to two replicas, whose mail may come in any order. A replica that keeps what
came last may end with another value than its sibling; one that goes by the writers' clocks ends with the same.
"""

import trio

from office import open_network
from office.testing import try_orders

REPLICAS = "first", "second"
WRITES = {"alex": 1, "bo": 2}  # each writer's value
CLOCK = {"alex": 7, "bo": 5}  # and the time that its write bears: alex's is the later one


async def replica(mailbox, later):
    """Keep one value out of all that are written; `later` says which of two writes counts."""
    kept = None
    for _ in WRITES:
        _, write = await mailbox.receive()
        kept = write if kept is None else later(kept, write)
    return kept


def by_arrival(_, write):
    return write


def by_clock(kept, write):
    return max(kept, write)


async def office_of_record(later, **settings):
    """Both copies are written to, and then compared."""
    values = {}
    async with open_network(**settings) as network:
        mailboxes = {name: network.mailbox(name) for name in (*REPLICAS, *WRITES)}

        async def keep(name):
            values[name] = await replica(mailboxes[name], later)

        async def write(name):
            for to in REPLICAS:
                await mailboxes[name].send(to, (CLOCK[name], WRITES[name]))

        async with trio.open_nursery() as nursery:
            for name in REPLICAS:
                nursery.start_soon(keep, name)
            for name in WRITES:
                nursery.start_soon(write, name)
    assert len(set(values.values())) == 1, f"the copies differ: {values}"
    return network.journal


def main(seed=0, mail=None, journal=None):
    wrong = try_orders(lambda: trio_run(by_arrival))
    right = try_orders(lambda: trio_run(by_clock))
    print(f"the one that came last counts:  {wrong}")
    print(f"the one with the latest clock:  {right}")
    if journal is not None:
        trio_run(by_clock, mail="delay 20ms 10ms" if mail is None else mail, seed=seed).save(journal)
    holds = right.holds and wrong.order is not None
    print(f"\nBy arrival the copies part in {wrong.runs} orders; by the writers' clocks they agree in all {right.runs}.")
    return {"holds": holds, "orders": right.runs, "convicted in run": wrong.runs}


def trio_run(later, **settings):
    async def run():
        return await office_of_record(later, **settings)

    return trio.run(run)


if __name__ == "__main__":
    main()
