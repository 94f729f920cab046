"""Delivery in a chosen order: which of all the messages under way arrives next is a choice, not a matter of time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from heapq import heappush
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from office.errors import BadOrder
from office.mail.instants import Instants

if TYPE_CHECKING:
    from office.journal import Entry
    from office.mail.tray import Tray

__all__ = ["DELIVER", "LOSE", "Choose", "ChosenOrder", "Fate"]

Fate: TypeAlias = str
DELIVER, LOSE = "", "-"

Choose: TypeAlias = "Callable[[Sequence[Entry]], tuple[int, Fate]]"
"""Of all the messages under way, in the order in which they were sent, the place of one, and what becomes of it.

It is asked once for each message, and must not change what it is given.
"""


class ChosenOrder(Instants):
    """One message after another, each an instant (ns) later than the one before.

    A timer rings when its time has come; where no message is under way, time moves on to it. Messages on links other
    than the `late` ones arrive at once. In the field: a scheduler under the control of a model checker.
    """

    def __init__(self, choose: Choose, late: Collection[int], lose: Callable[[Entry], None], *args: Any) -> None:
        super().__init__(*args)
        self.choose = choose
        self.late = late
        self.lose = lose
        self.pending: list[Entry] = []
        self.in_order = 0
        """So many of these were there before whoever has the baton got it."""
        self.push = self._send

    def _send(self, entry: Entry) -> None:
        if entry[1] in self.late:
            self.pending.append(entry)
        else:
            heappush(self.heap, entry)

    def next_turn(self) -> Tray | None:
        """Whose turn it is: what is due now comes first, then a message, then what is due later."""
        heap, pending = self.heap, self.pending
        turn = None
        while turn is None and pending and self.horizon <= self.until:
            if not heap or heap[0][0] >= self.horizon:
                self._let_one_arrive()
            else:
                turn = self.next_event()
        self.in_order = len(pending)
        return super().next_turn() if turn is None else turn

    def by_links(self) -> None:
        """Several tasks had the baton together: put what they have sent in an order that does not depend on them."""
        self.pending[self.in_order :] = sorted(self.pending[self.in_order :], key=itemgetter(1, 2))

    def _let_one_arrive(self) -> None:
        place, fate = self.choose(self.pending)
        if not 0 <= place < len(self.pending):
            raise BadOrder(f"there is no message {place} of {len(self.pending)} under way, the oldest of which is 0")
        if fate not in (DELIVER, LOSE):
            raise BadOrder(f"here a message arrives ({DELIVER!r}) or is lost ({LOSE!r}), and no more: not {fate!r}")
        entry = self.pending.pop(place)
        if fate == LOSE:
            self.lose(entry)
        else:
            heappush(self.heap, (self.horizon, *entry[1:]))
            self.horizon += 1

    def in_flight(self) -> list[Entry]:
        """Messages that have not arrived."""
        return [*super().in_flight(), *self.pending]
