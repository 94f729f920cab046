"""A chart without some of its desks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from office.desks import Chain, Chart, Team
from office.desks.chart import fold, walk
from office.errors import BadChart

__all__ = ["members_of", "without"]


def without(chart: Chart, *desks: str) -> Chart:
    """The same chart without these desks (``"team/alex"``), and all that is under them.

    It has the very members of the old one. Raises `BadChart` where no member is left, and for a desk that it does not
    have.
    """
    for desk in desks:
        if desk not in set(members_of(chart)):
            raise BadChart(f"there is no member {desk!r} to leave out")
    left = _without(chart, desks)
    if left is None:
        raise BadChart("no member is left in the chart")
    return left


def members_of(chart: Chart | Any) -> Iterator[str]:
    """All that are members of something in a chart, by path, those above first."""
    if isinstance(chart, (Team, Chain)):
        for path, part in walk(chart):
            if part is not chart and part.name:  # a chain without a name is no member that can be named
                yield path


def _without(chart: Chart, desks: tuple[str, ...]) -> Chart | None:
    def group(path: str, part: Team | Chain, members: list[Chart | None]) -> Chart | None:
        left = [member for member in members if member is not None]
        if path in desks or not left:
            return None
        if isinstance(part, Chain):
            return Chain(left, part.name or None)
        limit = part.pace.max_pending
        return Team(
            left, part.name, allocate=part.allocate, combine=part.combine, max_pending=limit, manager=part.manager
        )

    return fold(chart, lambda path, worker: None if path in desks else worker, group, group)
