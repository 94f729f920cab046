"""What a search through delivery orders goes by: what may become of messages, and which orders are run.

`SearchKeywords` names the settings and their types, for type checkers; `SearchSettings` has the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict, cast

from office.counts import is_count, plain
from office.engines.delivery_order import EVERY, REPEAT, Late
from office.errors import BadOrder
from office.mail import DELIVER, LOSE, Fate

__all__ = ["SearchKeywords", "SearchSettings"]


class SearchKeywords(TypedDict, total=False):
    """The keywords of `explore` and `Orders`: see `SearchSettings`."""

    late: Late
    losses: int
    repeats: int
    overtakings: int | None
    reduce: bool
    seed: int


@dataclass(frozen=True, kw_only=True)
class SearchSettings:
    """What a search goes by. Raises `BadOrder` for what is no such setting."""

    late: Late = EVERY
    """The links, by name or pattern, whose messages arrive in any order; on all others messages arrive at once."""
    losses: int = 0
    """How many messages may be lost in one order."""
    repeats: int = 0
    """How many messages may arrive twice in one order."""
    overtakings: int | None = None
    """How many messages may be overtaken in one order, each by a later one on its own link. None: any number."""
    reduce: bool = True
    """Of all orders in which each desk reads the same messages in the same order, run one alone."""
    seed: int = 0
    """Everything that is drawn at random is drawn from it."""

    def __post_init__(self) -> None:
        for name in ("losses", "repeats", "overtakings"):
            number = getattr(self, name)
            if not is_count(number, 0) and (name != "overtakings" or number is not None):
                raise BadOrder(f"{name} is a whole number from 0, not {number!r}")
        for name in ("losses", "repeats", "overtakings", "seed"):
            object.__setattr__(self, name, plain(getattr(self, name)))

    @property
    def tries_all(self) -> bool:
        """Whether every order is run, one by one, and messages arrive once each."""
        return not self.reduce and not self.losses and not self.repeats and self.overtakings is None

    def keywords(self) -> SearchKeywords:
        """The settings as keywords."""
        return cast("SearchKeywords", dict(vars(self)))

    def fates(self, before: Sequence[Fate]) -> list[Fate]:
        """What may become of one more message, after those before."""
        return [
            DELIVER,
            *[LOSE] * (before.count(LOSE) < self.losses),
            *[REPEAT] * (before.count(REPEAT) < self.repeats),
        ]
