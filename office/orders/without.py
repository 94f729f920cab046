"""A chart without some of its desks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from office.desks import Chain, Chart, Team
from office.errors import BadChart

__all__ = ["members_of", "without"]


def without(chart: Chart, *desks: str) -> Chart:
    """The same chart without these desks (``"team/alex"``), and all that is under them.

    It has the very members of the old one. Raises `BadChart` where nobody is left, and for a desk that is not there.
    """
    for desk in desks:
        if desk not in set(members_of(chart)):
            raise BadChart(f"there is no member {desk!r} to leave out")
    left = _without(chart, "", desks)
    if left is None:
        raise BadChart("nobody is left in the chart")
    return left


def members_of(chart: Chart | Any, path: str = "") -> Iterator[str]:
    """All that are members of something in a chart, by path, those above first."""
    if isinstance(chart, (Team, Chain)):
        inside = f"{path}{chart.name}/" if chart.name else path
        for member in chart.members:
            if member.name:  # a chain without a name is nobody by itself
                yield inside + member.name
            yield from members_of(member, inside)


def _without(chart: Chart, path: str, desks: tuple[str, ...]) -> Chart | None:
    if not isinstance(chart, (Team, Chain)):
        return chart
    inside = f"{path}{chart.name}/" if chart.name else path
    kept = [_without(member, inside, desks) for member in chart.members if inside + member.name not in desks]
    members = [member for member in kept if member is not None]
    if not members:
        return None
    if isinstance(chart, Chain):
        return Chain(members, chart.name or None)
    limit = chart.pace.max_pending
    return Team(
        members, chart.name, allocate=chart.allocate, combine=chart.combine, max_pending=limit, manager=chart.manager
    )
