"""Delivery at least once: what is not acknowledged in time is sent again."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from office.errors import BadConditions
from office.journal import COPIES, ONE_COPY, ONE_MORE
from office.mail.done import DONE
from office.mail.netem.fates import Fates
from office.mail.rough_link import RoughLink
from office.times import LONGEST, NEVER

if TYPE_CHECKING:
    from office.mail.link import Letter
    from office.mail.netem.delays import Delay

__all__ = ["SureLink", "retransmission_timeout"]

ATTEMPTS = COPIES // 2
"""A message is sent so many times at most, each of which may be doubled on the way. Linux's TCP gives up after 15
retransmissions (tcp_retries2)."""
MILLISECOND = 1_000_000


def retransmission_timeout(delay: Delay) -> int:
    """How long to wait for the first acknowledgement, in ns: the mean round trip, and 4 times the jitter or 1 ms.

    As RFC 6298 has it (2.3: SRTT + max(G, 4 RTTVAR)), for a sender who knows the link.
    """
    return 2 * delay.time + max(MILLISECOND, 4 * delay.jitter)


class SureLink(RoughLink):
    """Every copy that arrives in a state to be read is acknowledged, over a way back with the same conditions.

    Where no acknowledgement is in when the sender's patience is over, he sends the message again and waits twice as
    long (RFC 6298, 5.5). The reader gets it once. Acknowledgements are not in the journal: one is sent for each copy
    that arrived undamaged.

    All chances are the link's own, so what becomes of a message is settled when it is first sent; hence a correlation
    or a burst of losses goes from one transmission to the next in the order of the messages. Raises `BadConditions`
    for what would depend on other messages' times.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        there = self.conditions
        for what in ("rate", "slot", "limit"):
            if getattr(there, what) is not None:
                raise BadConditions(f'{self.name}: delivery "at least once" does not go together with "{what}"')
        self._acknowledgements = Fates(there, self._seed, self.name, "acknowledgement ")
        self._timeout = retransmission_timeout(there.delay)

    def send(self, value: Letter) -> Awaitable[None]:  # type: ignore[override]
        """Put a message in the mail, as often as is needed."""
        task_id, body = value
        self._mark = mark = self._mark + ONE_MORE
        at, wait, fates = self.sender.now, self._timeout, self._originals
        arrivals: list[int] = []
        acknowledged = NEVER
        for attempt in range(ATTEMPTS):
            came = self._transmit(mark + 2 * attempt * ONE_COPY, at, task_id, body, fates)
            arrivals += came
            acknowledged = min([acknowledged, *map(self._acknowledge, came)])
            at, wait, fates = at + wait, 2 * wait, self._copies
            if acknowledged <= at or at > LONGEST:
                break
        self._expect(mark, len(arrivals))
        return DONE

    def _acknowledge(self, at: int) -> int:
        """When the acknowledgement of a copy that arrives at a time (ns) is back; `NEVER` if it is lost."""
        fates = self._acknowledgements
        took, lost, damaged = next(fates.took), next(fates.lost), next(fates.damaged)
        return NEVER if lost or damaged or self._is_cut(at) else at + took
