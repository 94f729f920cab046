"""A picture: a file that is the same, byte for byte, whenever one version of matplotlib draws it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

from office.extras import need
from office.files import write_whole

__all__ = ["BINS", "COLOURS", "HIGHEST", "as_it_stands", "picture", "spread_out"]

COLOURS = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000"
"""Told apart by everybody: M. Okabe, K. Ito, *Color Universal Design* (2008), without yellow, too pale for a line."""
STROKES = "-", "--", ":", "-."
"""Where there are more lines than colours, the colours come again with the next of these."""
STYLE = {
    "svg.hashsalt": "office",  # the names of parts of an SVG are drawn at random without it
    "savefig.dpi": 150,
    "font.size": 9,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "grid.color": "0.9",
    "legend.fontsize": 8,
    "legend.framealpha": 0.85,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "path.simplify_threshold": 0.1,
}
NO_DATE = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
BINS = 150
"""Of a curve with more points so many medians are drawn."""
HIGHEST = 1e200
"""Larger numbers are drawn as this one: matplotlib needs room above them, and floats have an end."""
WIDE = 20
"""Positive numbers that differ by more than this factor are drawn on a logarithmic axis."""


@contextmanager
def picture(path: str | PathLike[str], width: float, height: float) -> Iterator[Any]:
    """A figure to draw on, which goes to a file: as PNG, SVG and PDF with the same bytes each time, whatever
    matplotlib's settings are otherwise.

    Args:
        path: A file of any kind that matplotlib writes; PNG if its name does not say which.
        width: Of the figure, in inches.
        height: Of the figure, in inches.

    Raises:
        ModuleNotFoundError: The extra `plot` is missing.
        ValueError: Matplotlib does not write this kind of file.
    """
    _, figures, styles, cycling = (
        need(name, "a plot", "plot") for name in ("matplotlib", "matplotlib.figure", "matplotlib.style", "cycler")
    )
    lines = cycling.cycler(linestyle=STROKES) * cycling.cycler(color=COLOURS)
    with styles.context(["default", STYLE | {"axes.prop_cycle": lines}]):
        figure = figures.Figure(figsize=(width, height), layout="constrained")  # drawn by Agg, without a window
        yield figure
        kind, drawn = Path(path).suffix.lower(), BytesIO()
        figure.savefig(drawn, format=kind.removeprefix(".") or "png", metadata=NO_DATE.get(kind))
        write_whole(path, [drawn.getvalue()])


def spread_out(smallest: float, largest: float) -> bool:
    """Whether numbers are so far apart that a logarithmic axis shows them better."""
    return smallest > 0 and largest > WIDE * smallest


def as_it_stands(text: Any) -> str:
    """Text that matplotlib shows as it stands, without mathematics."""
    return str(text).replace("$", r"\$")
