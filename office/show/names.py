"""Names and task IDs as they are shown: whatever stands in them, they stay text, on one line."""

from __future__ import annotations

from collections.abc import Sequence

from office.ids import TaskID
from office.study import Diagram

__all__ = ["left_out", "listed", "short_names", "task_text", "visible", "visible_lines"]

LONGEST_NAME = 32
"""Of a longer one only the beginning is shown."""
LISTED = 4


def visible(text: str) -> str:
    """Text with every character that cannot be seen (line ends, control characters, lone surrogates) spelt out."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def visible_lines(text: str) -> str:
    """Lines of text, in which every other character that cannot be seen is spelt out."""
    return "\n".join(map(visible, text.split("\n")))


def task_text(task: TaskID) -> str:
    """A task ID: a number as it is, a name in quotes."""
    return _cut(repr(task))


def short_names(desks: Sequence[str]) -> list[str]:
    """Desks without the paths that they stand under, where no two are then the same."""
    last = [desk.rpartition("/")[2] or desk for desk in desks]
    return [_cut(visible(name)) for name in (last if len(set(last)) == len(last) else desks)]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def listed(numbers: Sequence[int]) -> str:
    """Numbers one after another, and of many the first few."""
    some = ", ".join(map(str, numbers[:LISTED]))
    return some if len(numbers) <= LISTED else f"{some} and {len(numbers) - LISTED} more"


def left_out(drawn: Diagram) -> str:
    """How much of what was asked for is not drawn."""
    return f"drawn are the first {len(drawn.arrows):,} messages, of {len(drawn.arrows) + drawn.left_out:,}"
