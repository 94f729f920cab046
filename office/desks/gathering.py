"""Several bodies that go together, one from each member, which come in any order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["ALONE", "NOT_IN", "Gathering", "gathering_from"]

NOT_IN = object()


class Gathering:
    """What is in of several bodies that go together, one from each member."""

    __slots__ = ("bodies", "missing")

    def __init__(self, members: int) -> None:
        self.bodies: list[Any] = [NOT_IN] * members
        self.missing = members

    def put(self, place: int, body: Any) -> None:
        """One more is in."""
        self.bodies[place] = body
        self.missing -= 1

    def missing_from(self, members: Sequence[int]) -> set[int]:
        """Whose are not in yet."""
        return {member for member, body in zip(members, self.bodies, strict=True) if body is NOT_IN}


ALONE = Gathering(1)
"""Where one member does a task alone there is nothing to gather, and this stands for all such."""


def gathering_from(members: Sequence[int]) -> Gathering:
    """An empty gathering of one body from each of these members."""
    return ALONE if len(members) == 1 else Gathering(len(members))
