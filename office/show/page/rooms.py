"""The organisation chart as rooms: who sits where, and how far down it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal
from office.study import OUTSIDE, Ends, ends

__all__ = ["MOST_DESKS", "Rooms", "rooms"]

MOST_DESKS = 60
"""At most so many desks are drawn."""


@dataclass(frozen=True)
class Rooms:
    """Who is drawn, and where. Desks are places in `Journal.desks`."""

    desks: list[int]
    """Those that are drawn, in the journal's order."""
    stands_for: NDArray[np.int64]
    """`(journal.desks,)` for each desk, the place in `desks` of the one that it is drawn as; -1 for who is outside."""
    stacks: list[list[dict[str, Any]]]
    """What stands side by side, and in each the departments from below: the desk, and the stacks of its team."""
    within: dict[int, int]
    """How many desks a drawn one stands for besides itself, where there are any: by place in `desks`."""
    links: list[str]
    """By name, as the journal has them."""
    ends: Ends
    all_desks: int
    """How many desks there are, drawn or not."""

    @property
    def workers(self) -> list[int]:
        """The drawn desks that have no team, as places in `desks`."""
        bosses = {place for place, _ in _with_teams(self.stacks)}
        return [place for place in range(len(self.desks)) if place not in bosses and place not in self.within]


def rooms(journal: Journal, limit: int = MOST_DESKS) -> Rooms:
    """Lay out the desks of a journal, level by level while there are no more than `limit` of them.

    A desk further down is drawn as its boss; neighbours in a longer chain are drawn as one. Raises `ValueError` where a
    desk lacks one of its four links.
    """
    link_ends = ends(journal)
    boss = _bosses(link_ends)
    staff = sorted(boss)
    first = [place for place in staff if boss[place] == OUTSIDE]
    neighbours = max(1, -(-len(first) // limit))  # so many are drawn as one
    drawn, level = set[int](), set(first[::neighbours])
    while level and len(drawn) + len(level) <= limit:
        drawn |= level
        level = {place for place in staff if boss[place] in level} if neighbours == 1 else set()
    desks = sorted(drawn)
    number = {place: row for row, place in enumerate(desks)}
    nearest = {place: first[row - row % neighbours] for row, place in enumerate(first)}
    stands_for, within = np.full(len(journal.desks), OUTSIDE), dict[int, int]()
    for place in staff:
        who = place
        while who not in number:
            who = nearest.get(who, boss[who])
        stands_for[place] = number[who]
        if who != place:
            within[number[who]] = within.get(number[who], 0) + 1
    upper = _upper(link_ends, stands_for)
    stacks = _stacks([number[place] for place in desks if boss[place] == OUTSIDE], desks, number, boss, upper)
    return Rooms(desks, stands_for, stacks, within, journal.link_names, link_ends, len(staff))


def _bosses(link_ends: Ends) -> dict[int, int]:
    """The manager of each desk: it sends to its inbox, or to that of the department at the bottom of its chain."""
    inbox = {desk: link for link, desk in enumerate(link_ends.inbox.tolist()) if desk != OUTSIDE}
    bosses = {}
    for desk in inbox:
        bottom = desk
        while (below := int(link_ends.outbox[inbox[bottom]])) != OUTSIDE:
            bottom = below
        bosses[desk] = int(link_ends.sender[inbox[bottom]])
    return bosses


def _upper(link_ends: Ends, stands_for: NDArray[np.int64]) -> dict[int, int]:
    """The department on top of each that has one, whose inbox is its outbox: among those that are drawn."""
    pairs = [
        (int(stands_for[below]), int(stands_for[above]))
        for below, above in zip(link_ends.outbox.tolist(), link_ends.inbox.tolist(), strict=True)
        if OUTSIDE not in (below, above)
    ]
    return {below: above for below, above in pairs if below != above}


def _stacks(
    members: list[int], desks: list[int], number: dict[int, int], boss: dict[int, int], upper: dict[int, int]
) -> list[list[dict[str, Any]]]:
    """Put departments of one chain on top of one another, and what does not belong together side by side."""
    on_top, stacks = set(upper.values()), []
    for bottom in members:
        if bottom in on_top:
            continue
        stack, place = [], bottom
        while True:
            team = [number[member] for member in desks if boss[member] == desks[place]]
            stack.append({"desk": place, "team": _stacks(team, desks, number, boss, upper)})
            if place not in upper:
                break
            place = upper[place]
        stacks.append(stack)
    return stacks


def _with_teams(stacks: list[list[dict[str, Any]]]) -> list[tuple[int, list[Any]]]:
    teams = []
    for stack in stacks:
        for department in stack:
            if department["team"]:
                teams += [(department["desk"], department["team"]), *_with_teams(department["team"])]
    return teams
