"""A panel of a picture: what stands over it, what is along its axes, and how to draw it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from office.errors import NothingToDraw
from office.show.picture import as_it_stands

__all__ = ["Panel", "fitting", "several"]


@dataclass(frozen=True)
class Panel:
    """One pair of axes."""

    title: str
    shown: str
    """What exactly is shown, in small letters: of how many, in which bins."""
    x: str
    y: str
    draw: Callable[[Any], None]
    """Draws the data on matplotlib's axes."""

    def draw_on(self, axes: Any) -> None:
        """Draw it all."""
        self.draw(axes)
        axes.set_title(self.title, loc="left", fontweight="bold", fontsize=10, pad=18)
        small = {"fontsize": 7.5, "color": "0.35"}
        above = {"xycoords": "axes fraction", "textcoords": "offset points"}
        axes.annotate(as_it_stands(self.shown), (0, 1), (0, 5), **above, **small).set_in_layout(False)
        axes.set_xlabel(self.x)
        axes.set_ylabel(self.y)


def fitting(names: Sequence[str], pattern: str, what: str) -> list[str]:
    """The names of desks or links that fit a pattern.

    Args:
        names: All names.
        pattern: As in "team/*".
        what: What they name, in words, as in "desk".

    Raises:
        NothingToDraw: No name fits.
    """
    fits = [name for name in names if fnmatchcase(name, pattern)]
    if not fits:
        raise NothingToDraw(f'no {what} fits "{pattern}"' if names else f"there is no {what}")
    return fits


def several(shown: int, of: int, what: str) -> str:
    """How many of them are shown, in words.

    Args:
        shown: How many are shown.
        of: How many there are.
        what: What they are, in the singular.
    """
    plural = what if of == 1 else f"{what}s"
    return f"{of:,} {plural}" if shown == of else f"{shown:,} of {of:,} {plural}"
