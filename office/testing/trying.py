"""A function of your own in every delivery order of its mail, outside pytest."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import trio

from office.engines import EVERY, Choice, Late, Taken, order_text, under_orders
from office.errors import OrderFailed
from office.networks import network_clock
from office.orders.arrivals import arrivals
from office.orders.causes import causes, leaves
from office.orders.follower import Follower
from office.orders.searches import EverySearch, RandomSearch
from office.orders.settings import SearchSettings
from office.orders.smaller import make_smaller

__all__ = ["Tried", "try_orders"]

MAX_RUNS = 10_000
RUNS_TO_MAKE_SMALLER = 200


@dataclass
class Tried:
    """What came of a function in one delivery order after another."""

    runs: int = 0
    """In how many it was run, until it failed."""
    complete: bool = False
    """Whether there are no more."""
    order: str | None = None
    """The smallest order that was found in which it fails, for `open_network` or `open_office`; None: it has not."""
    error: BaseException | None = None
    """What it raises there."""
    arrivals: Sequence[str] = ()
    """What arrives there, in lines."""
    why_not: str = ""
    """Why it is not complete, where it has not failed."""

    @property
    def holds(self) -> bool:
        """Whether it was run in every order, and raised nothing in any."""
        return self.complete and self.error is None

    def expect(self) -> Tried:
        """Itself, if it holds; else raises `OrderFailed`."""
        if not self.holds:
            raise OrderFailed(str(self)) from self.error
        return self

    def __str__(self) -> str:
        if self.error is not None:
            error = next(leaves(self.error))
            what = ": ".join([type(error).__name__, *str(error).splitlines()[:1]])
            return "\n".join([f"fails in order {self.order}, found in run {self.runs:,}: {what}", *self.arrivals])
        return (
            f"passes in all {self.runs:,} orders" if self.complete else f"passes in {self.runs:,} orders{self.why_not}"
        )


def try_orders(
    function: Callable[[], Any],
    orders: int | str = "all",
    *,
    late: Late = EVERY,
    losses: int = 0,
    repeats: int = 0,
    timeouts: int = 0,
    seed: int = 0,
    max_runs: int = MAX_RUNS,
) -> Tried:
    """Run a function in one delivery order of its mail after another, until it raises: what pytest's marker
    `delivery_orders` does with a test.

    The function makes everything anew, each time: its networks or offices, and what its actors hold. An asynchronous
    one is run by trio, by the time of its network. The order that fails is made smaller, as far as 200 more runs show.

    Args:
        function: takes nothing, and raises where something is wrong; what it returns does not count.
        orders: "all", or so many at random.
        late: the links, by name or pattern, whose messages come in any order; on all others they arrive at once.
        losses: how many messages may be lost in one order.
        repeats: how many messages may arrive twice in one order; only those of a network, since an office recognises
            repeats.
        timeouts: how many timers (sleeps, deadlines) may ring in one order before messages that are under way.
        seed: of the orders at random.
        max_runs: after so many "all" stops, and is not complete.
    """
    fates = SearchSettings(losses=losses, repeats=repeats).fates
    search = EverySearch(max_runs, fates) if orders == "all" else RandomSearch(int(orders), seed, fates)
    tried = Tried()

    for follower in search:
        tried.runs += 1
        error, taken = _run(function, follower, late, timeouts)
        if error is not None:
            break
    else:
        tried.complete = search.complete
        if search.differs:
            tried.why_not = f", and does not do the same again: {search.differs}"
        elif not search.complete:
            tried.why_not = " of more" if orders == "all" else " at random"
        return tried
    kind = frozenset(causes(error))
    failed: dict[str, tuple[BaseException, list[Taken]]] = {order_text(follower.choices): (error, taken)}

    def fails(choices: Sequence[Choice]) -> Sequence[Choice] | None:
        again = Follower(choices)
        error, taken = _run(function, again, late, timeouts)
        if error is None or frozenset(causes(error)) != kind:
            return None
        failed[order_text(again.choices)] = error, taken
        return again.choices

    tried.order = order_text(make_smaller(follower.choices, fails, RUNS_TO_MAKE_SMALLER))
    tried.error, taken = failed[tried.order]
    tried.arrivals = [*arrivals(taken)]
    return tried


async def _awaited(awaitable: Awaitable[Any]) -> None:
    await awaitable


def _run(
    function: Callable[[], Any], follower: Follower, late: Late, timeouts: int
) -> tuple[BaseException | None, list[Taken]]:
    """Run it in one order: what it raises, if anything, and what was chosen. Interrupts come out bare."""
    with under_orders(follower, late=late, timeouts=timeouts) as taken:
        try:
            result = function()
            if inspect.isawaitable(result):
                trio.run(_awaited, result, clock=network_clock())
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  whatever is wrong is a failure
            for leaf in leaves(error):
                if not isinstance(leaf, Exception):
                    raise leaf from None
            return error, taken
    return None, taken
