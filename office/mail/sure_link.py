"""Delivery at least once: what is not acknowledged in time is sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

from office.errors import BadConditions
from office.journal import COPIES, ONE_COPY, ONE_MORE
from office.mail.link import Message
from office.mail.netem.conditions import Conditions
from office.mail.netem.delays import Delay
from office.mail.netem.wire import Fates
from office.mail.rough_link import RoughLink
from office.mail.tray import DONE, Tray
from office.times import LAST, NEVER, UNITS

__all__ = ["SureLink", "retransmission_timeout"]

ATTEMPTS = COPIES // 2
"""A message is sent so many times at most, each of which may be doubled on the way. Linux's TCP gives up after 15
retransmissions (tcp_retries2)."""


def retransmission_timeout(delay: Delay) -> int:
    """How long to wait for the first acknowledgement, in ns: the mean round trip, and 4 times the jitter or 1 ms.

    As RFC 6298 has it (2.3: SRTT + max(G, 4 RTTVAR)), for a sender that knows the link.
    """
    return 2 * delay.time + max(UNITS["ms"], 4 * delay.jitter)


class SureLink(RoughLink):
    """Every copy that arrives in a state to be read is acknowledged, over a way back with the same conditions.

    Where no acknowledgement has come when the timeout is over, the link sends the message again and waits twice as long
    (RFC 6298, 5.5). The reader gets it once. Acknowledgements are not in the journal: one is sent for each copy that
    arrived undamaged.

    All chances are the link's own, so what becomes of a message is settled when it is first sent; hence a correlation
    or a burst of losses goes from one transmission to the next in the order of the messages.

    Args:
        name: the link's name.
        rank: its place among all links.
        sender: whose link it is: messages leave at this tray's time.
        receiver: where messages land.
        conditions: what happens to messages on their way, and to acknowledgements.
        cut: from when to when (ns) everything that is sent is lost.

    Raises:
        BadConditions: for a rate, slots or a limit: there a message's fate depends on other messages' times.
    """

    def __init__(
        self,
        name: str,
        rank: int,
        sender: Tray,
        receiver: Tray,
        conditions: Conditions,
        cut: Sequence[tuple[int, int]] = (),
    ) -> None:
        super().__init__(name, rank, sender, receiver, conditions, cut)
        for what in ("rate", "slot", "limit"):
            if getattr(conditions, what) is not None:
                raise BadConditions(f'{name}: delivery "at least once" does not go together with "{what}"')
        self._acknowledgements = Fates(
            conditions, sender.seed, name, "acknowledgement "
        )  # the way back is another wire
        self._timeout = retransmission_timeout(conditions.delay)

    def send(self, value: Message) -> Awaitable[None]:  # type: ignore[override]
        """Put a message in the mail, as often as is needed."""
        task_id, body = value
        self._mark = mark = self._mark + ONE_MORE
        at, wait, times, acknowledged = self.sender.now, self._timeout, 0, NEVER
        for attempt in range(ATTEMPTS):
            arrivals = self._transmit(mark + 2 * attempt * ONE_COPY, at, task_id, body, again=attempt > 0)
            times += len(arrivals)
            acknowledged = min([acknowledged, *map(self._acknowledge, arrivals)])
            at, wait = at + wait, 2 * wait
            if acknowledged <= at or at > LAST:
                break
        self._expect(mark, times)
        return DONE

    def _acknowledge(self, at: int) -> int:
        """When the acknowledgement of a copy that arrives at a time (ns) is back; `NEVER` if it is lost."""
        fates = self._acknowledgements
        took, lost, damaged = next(fates.took), next(fates.lost), next(fates.damaged)
        return NEVER if lost or damaged or self._wire.is_cut(at) else at + took
