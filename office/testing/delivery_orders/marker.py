"""What the marker `delivery_orders` asks for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from office.counts import is_count
from office.engines import EVERY, Late
from office.orders.searches import EverySearch, RandomSearch
from office.orders.settings import SearchSettings

__all__ = ["Marker", "marker_of"]

MAX_RUNS = 10_000


@dataclass(frozen=True)
class Marker:
    """The arguments of ``@pytest.mark.delivery_orders(orders, *, late, losses, repeats, timeouts, seed, max_runs)``."""

    orders: int | str
    """So many orders, drawn at random, or "all"."""
    late: Late = EVERY
    """Links whose mail may come in another order, by name or pattern; mail on others comes at once."""
    losses: int = 0
    """How many messages may be lost in one order."""
    repeats: int = 0
    """How many messages may arrive twice in one order; only those of a network, since an office recognises repeats."""
    timeouts: int = 0
    """How many timers may ring in one order before messages that are under way."""
    seed: int = 0
    max_runs: int | None = None
    """After so many runs "all" stops, and passes. None: after 10,000, and fails."""

    def __post_init__(self) -> None:
        if self.orders != "all" and not is_count(self.orders):
            raise ValueError(f'orders is a whole number from 1, or "all", not {self.orders!r}')
        if self.max_runs is not None and (self.orders != "all" or not is_count(self.max_runs)):
            raise ValueError(f'max_runs is a whole number from 1, for "all", not {self.max_runs!r} for {self.orders!r}')
        for name in ("losses", "repeats", "timeouts"):
            if not is_count(getattr(self, name), 0):
                raise ValueError(f"{name} is a whole number from 0, not {getattr(self, name)!r}")

    def search(self) -> EverySearch | RandomSearch:
        """The orders, one after another."""
        fates = SearchSettings(losses=self.losses, repeats=self.repeats).fates
        if self.orders != "all":
            return RandomSearch(int(self.orders), self.seed, fates)
        return EverySearch(MAX_RUNS if self.max_runs is None else self.max_runs, fates)


def marker_of(item: pytest.Item) -> Marker | None:
    """The marker of a test; None where it has none. Raises `pytest.UsageError` for arguments that cannot be."""
    mark = item.get_closest_marker("delivery_orders")
    if mark is None:
        return None
    if hasattr(getattr(item, "obj", None), "hypothesis"):
        raise pytest.UsageError(
            f"{item.nodeid}: delivery_orders runs a test again and again, and so does @given: "
            "take one of them, or draw orders from office.testing.strategies"
        )
    try:
        return Marker(*mark.args, **mark.kwargs)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"{item.nodeid}: delivery_orders: {error}".replace("Marker.__init__() ", "")) from None
