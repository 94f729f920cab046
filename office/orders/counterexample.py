"""An order that fails, for people to read: in words, as a diagram, as a choice string, and as a test to paste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from office.engines import REPEAT, read_order
from office.mail import LOSE
from office.orders.case import Case, Failure
from office.orders.pasting import paste_ready
from office.show import text_diagram

__all__ = ["Counterexample"]


@dataclass(frozen=True)
class Counterexample:
    """The smallest order in which something does not hold."""

    case: Case
    """The office in which it fails: with the fewest tasks and desks."""
    failure: Failure
    overtakings: int
    """How many pairs of messages on one link arrive in another order than they were sent in."""

    @property
    def order(self) -> str:
        """The choices that make it, as text, for ``simulate(…, order=…)`` and `replay`."""
        return self.failure.order

    @property
    def tasks(self) -> list[tuple[Any, Any]]:
        """The tasks that it takes."""
        return list(self.case.client.tasks)

    def diagram(self) -> str:
        """Who sent what when, and what overtook what, as text. Time (ns) is how many late messages have arrived."""
        return text_diagram(self.failure.outcome.journal)

    def test(self) -> str:
        """A test for pytest-trio that fails in this order, and passes once the office is right."""
        return paste_ready(self.case, self.failure)

    def __str__(self) -> str:
        fates = [fate for _, fate in read_order(self.order)]
        sizes = [
            number_of(len(self.tasks), "task"),
            number_of(len(self.failure.outcome.desks) - 1, "desk"),
            number_of(self.overtakings, "overtaking"),
            *[number_of(fates.count(LOSE), "loss", "losses")] * (LOSE in fates),
            *[number_of(fates.count(REPEAT), "repeat")] * (REPEAT in fates),
        ]
        size = ", ".join(sizes)
        return f"{self.failure.reason}\n({size}; order {self.order})\n\n{self.diagram()}\n\n{self.test()}"


def number_of(number: int, thing: str, things: str = "") -> str:
    """A number of things in words.

    Args:
        number: how many there are.
        thing: what one of them is called.
        things: what several are called, if not with an s.
    """
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"
