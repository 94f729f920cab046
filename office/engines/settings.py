"""One setting for everything, or settings by name or pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Literal, TypeAlias, TypeVar

from office.counts import is_count
from office.errors import BadConditions, BadFault
from office.times import Time, nanoseconds

__all__ = ["ByName", "Delivery", "at_least_once", "by_name", "checked_capacity", "checked_expiry"]

Setting = TypeVar("Setting")
ByName: TypeAlias = Setting | Mapping[str, Setting]
"""One setting for every link (or desk), or by its name or a pattern (``*.inbox``), of which the last that fits
counts."""
Delivery: TypeAlias = Literal["at most once", "at least once"]


def by_name(
    setting: ByName[Any], names: list[str], otherwise: Any, read: Callable[[Any], Setting], what: str = "link"
) -> dict[str, Setting]:
    """The setting of each link or desk. Raises `BadConditions` for a pattern that names none."""
    if not isinstance(setting, Mapping):
        return dict.fromkeys(names, read(setting))
    found = dict.fromkeys(names, read(otherwise))
    for pattern, one in setting.items():
        fitting = [name for name in names if fnmatchcase(name, pattern)]
        if not fitting:
            some = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
            raise BadConditions(f'"{pattern}" names no {what} ({what}s: {some})')
        found |= dict.fromkeys(fitting, read(one))
    return found


def checked_capacity(capacity: int | None) -> int | None:
    """How many messages a link holds. Raises `BadConditions`."""
    if capacity is not None and not is_count(capacity):
        raise BadConditions(f"a link holds a whole number of messages from 1, or None for any, not {capacity!r}")
    return capacity


def at_least_once(delivery: Delivery) -> bool:
    """Whether what is not acknowledged is sent again. Raises `BadConditions`."""
    if delivery not in ("at most once", "at least once"):
        raise BadConditions(f'delivery is "at most once" or "at least once", not {delivery!r}')
    return delivery == "at least once"


def checked_expiry(expire: Time | None) -> int | None:
    """After how long (ns) a desk waits no longer. Raises `BadFault`."""
    if expire is not None and not nanoseconds(expire):
        raise BadFault("a desk waits for a while before it gives a task up: expire is a time above zero, or None")
    return None if expire is None else nanoseconds(expire)
