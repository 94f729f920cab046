"""What the mail may do to messages besides bringing them in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from office.counts import is_count
from office.engines.delivery_order import REPEAT
from office.errors import BadOrder
from office.mail import DELIVER, LOSE, Fate

__all__ = ["MailLimits"]


@dataclass(frozen=True)
class MailLimits:
    """So many losses, repeats and overtakings at most in one order; None for any number of overtakings.

    A message overtakes those that were sent before it on the same link and have not arrived.
    """

    losses: int = 0
    repeats: int = 0
    overtakings: int | None = None

    def __post_init__(self) -> None:
        for name in ("losses", "repeats", "overtakings"):
            number = getattr(self, name)
            if number is None and name == "overtakings":
                continue
            if not is_count(number, 0):
                raise BadOrder(f"{name} is a whole number from 0, not {number!r}")

    def fates(self, before: Sequence[Fate]) -> list[Fate]:
        """What may become of one more message, after those before."""
        return [
            DELIVER,
            *[LOSE] * (before.count(LOSE) < self.losses),
            *[REPEAT] * (before.count(REPEAT) < self.repeats),
        ]
