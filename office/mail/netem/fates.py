"""What becomes of each transmission on a link, drawn beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from office.mail.netem.chance import Chance
from office.mail.netem.conditions import Conditions
from office.mail.netem.loss import Loss
from office.mail.netem.streams import stream, when_needed

__all__ = ["Fates", "events"]


def events(chance: Chance | Loss | None, seed: int, link: str, what: str) -> Iterator[bool]:
    """Whether something happens, transmission by transmission, from its own stream on one link.

    Args:
        chance: how likely it is; None for what never happens.
        seed: of the run, a whole number from 0.
        link: the link's name.
        what: what happens, such as ``"loss"``: the last part of the stream's name.
    """
    never: Iterator[bool] = repeat(False)  # noqa: FBT003
    return never if chance is None else when_needed(lambda: chance.events(stream(seed, link, what)))


class Fates:
    """How long each transmission takes, and whether it is lost or damaged: each from a stream of its own.

    All are drawn for every transmission, whether they are needed or not: so turning loss on moves no delay.

    Args:
        conditions: of the link.
        seed: of the run, a whole number from 0.
        link: the link's name.
        prefix: of the streams' names: what kind of transmission, such as ``"copy "``.
    """

    def __init__(self, conditions: Conditions, seed: int, link: str, prefix: str = "") -> None:
        self.took = when_needed(lambda: conditions.delay.times(conditions.delay.source(seed, link, f"{prefix}delay")))
        self.lost = events(conditions.loss, seed, link, f"{prefix}loss")
        self.damaged = events(conditions.corrupt, seed, link, f"{prefix}corrupt")
