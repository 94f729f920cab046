"""What becomes of each transmission on a link, drawn beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING, TypeVar

from office.mail.streams import stream

if TYPE_CHECKING:
    from office.mail.chance import Chance
    from office.mail.conditions import Conditions
    from office.mail.loss import Loss

__all__ = ["Fates", "events"]

T = TypeVar("T")


def events(chance: Chance | Loss | None, seed: int, link: str, what: str) -> Iterator[bool]:
    """Whether something happens, transmission by transmission, from its own stream on this link."""
    never: Iterator[bool] = repeat(False)  # noqa: FBT003
    return never if chance is None else when_asked(lambda: chance.events(stream(seed, link, what)))


class Fates:
    """How long each transmission takes, and whether it is lost or damaged: each from a stream of its own.

    All are drawn for every transmission, whether it comes to that or not: so turning loss on moves no delay.
    """

    def __init__(self, there: Conditions, seed: int, link: str, whose: str = "") -> None:
        self.took = when_asked(lambda: there.delay.times(there.delay.source(seed, link, f"{whose}delay")))
        self.lost = events(there.loss, seed, link, f"{whose}loss")
        self.damaged = events(there.corrupt, seed, link, f"{whose}corrupt")


def when_asked(make: Callable[[], Iterator[T]]) -> Iterator[T]:
    """An iterator that is made when it is first asked: a stream takes kilobytes, and many are never needed."""
    yield from make()
