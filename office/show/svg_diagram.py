"""A Lamport diagram as SVG: one file, for light and dark, that needs no other."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from xml.sax.saxutils import escape

from office.journal import Journal
from office.show.names import task_text, visible
from office.show.placing import Line, Placing
from office.show.svg_style import CLASSES, FEEDBACK, STYLE, legend
from office.study import Arrow, Diagram, diagram
from office.times import exact_time

__all__ = ["svg_diagram"]

LIFE_AT = 42.0
SPACING, MARGIN, SAMPLE, LEAST_WIDTH = 18.0, 20.0, 34.0, 520.0
HEAD, HALF_HEAD, CROSS, RING = 9.0, 3.6, 4.0, 5


def svg_diagram(what: Journal | Diagram) -> str:
    """Draw messages as SVG: the first 500 of a journal, or those of a `study.diagram`. The same gives the same bytes.

    Time runs down, not to scale. An arrow that is overtaken is drawn heavier, and a ring stands where it is. What is
    lost ends in a cross on its way, what is damaged in one where it arrives; repeats are dotted; what is still on its
    way at the end runs out of the picture. Each arrow's title tells all that there is to say of it. Raises
    `ValueError` as `diagram` does.
    """
    drawn = diagram(what) if isinstance(what, Journal) else what
    place = Placing(drawn)
    below, begin = list(legend(drawn)), place.end + 2 * SPACING
    width, height = max(place.width, LEAST_WIDTH), begin + SPACING * len(below)
    size = f'width="{_px(width)}" height="{_px(height)}" viewBox="0 0 {_px(width)} {_px(height)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lamport" role="img" {size}>',
        _title(f"{len(drawn.arrows)} messages between {', '.join(map(visible, drawn.desks)) or 'nobody'}"),
        f"<style>{STYLE}</style>",
        '<rect class="paper" width="100%" height="100%"/>',
        *_lifelines(place),
        *(_arrow(arrow, place.line(arrow)) for arrow in drawn.arrows),
        *(_label(arrow, place.line(arrow)) for arrow in drawn.arrows),
        *_rings(drawn, place),
        *(_explained(kind, words, begin + SPACING * number) for number, (kind, words) in enumerate(below)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _lifelines(place: Placing) -> Iterator[str]:
    """The lifelines, the names over them, which come again in a long diagram, and the times at the side."""
    for name, x in zip(place.names, place.lifelines, strict=True):
        yield f'<line class="life" {_ends(Line(x, LIFE_AT, x, place.end))}/>'
        yield from (_text("name", x, height, name) for height in place.names_at)
    yield from (_text("time", place.times_at, height + 4, time) for height, time in place.times)


def _arrow(arrow: Arrow, line: Line) -> str:
    """An arrow, and all that is to be said of it as its title."""
    kinds = [CLASSES[arrow.fate]]
    kinds += ["feedback"] * (arrow.channel in FEEDBACK) + ["overtaken"] * bool(arrow.overtaken_by)
    return (
        f'<g class="arrow {" ".join(kinds)}" data-number="{arrow.number}">{_title(_all_of(arrow))}'
        f"<line {_ends(line)}/>{_end(arrow.fate, line)}</g>"
    )


def _label(arrow: Arrow, line: Line) -> str:
    """Which message it is, over the beginning of its arrow."""
    side, kind = (7, "to-right") if line.to_x > line.x else (-7, "to-left")
    label = f"{arrow.number} · task {task_text(arrow.task)} · {visible(arrow.channel).replace('_', ' ')}"
    return _text(kind, line.x + side, line.y - 3, label)


def _all_of(arrow: Arrow) -> str:
    """What there is to say of an arrow, in words."""
    copy = f", copy {arrow.copy}" if arrow.copy else ""
    came = f"arrived at {exact_time(arrow.arrived)}" if arrow.arrived is not None else arrow.fate
    parts = [
        f"{arrow.number}: {visible(arrow.link)}, message {arrow.message}{copy}, about task {arrow.task!r}",
        f"sent at {exact_time(arrow.sent)}, {came}",
        *[arrow.fate] * (arrow.fate in ("damaged", "repeat")),
        *[f"overtakes {', '.join(map(str, arrow.overtakes))}"] * bool(arrow.overtakes),
        *[f"overtaken by {', '.join(map(str, arrow.overtaken_by))}"] * bool(arrow.overtaken_by),
    ]
    return "; ".join(parts)


def _end(fate: str, line: Line) -> str:
    """What an arrow ends in: a head, a cross where it is lost or damaged, or nothing while it is on its way."""
    x, y = line.to_x, line.to_y
    if fate in ("lost", "damaged"):
        left, right, top, bottom = x - CROSS, x + CROSS, y - CROSS, y + CROSS
        return _path((left, top), (right, bottom)) + _path((left, bottom), (right, top))
    if fate == "on its way":
        return ""
    length = hypot(x - line.x, y - line.y)
    dx, dy = (x - line.x) / length, (y - line.y) / length
    base_x, base_y, across, down = x - HEAD * dx, y - HEAD * dy, HALF_HEAD * dy, HALF_HEAD * dx
    return _path((x, y), (base_x - across, base_y + down), (base_x + across, base_y - down), (x, y))


def _rings(drawn: Diagram, place: Placing) -> Iterator[str]:
    """A ring wherever a message overtakes another."""
    for arrow, late, (x, y) in place.overtakings(drawn):
        yield _ring("ring", x, y, _title(f"{arrow.number} overtakes {late.number}"))


def _explained(kind: str, words: str, y: float) -> str:
    """A line of the legend: a sign, if it is about one, and what it means."""
    if not kind:
        return _text("said", MARGIN, y + 4, words)
    line = Line(MARGIN, y, MARGIN + SAMPLE, y)
    ring = _ring("sample ring", MARGIN + SAMPLE / 2, y) if kind == "overtaken" else ""
    sign = f'<g class="sample arrow {CLASSES.get(kind, kind)}"><line {_ends(line)}/>{_end(kind, line)}</g>{ring}'
    return sign + _text("said", MARGIN + SAMPLE + 12, y + 4, words)


def _ring(kind: str, x: float, y: float, title: str = "") -> str:
    return f'<circle class="{kind}" cx="{_px(x)}" cy="{_px(y)}" r="{RING}">{title}</circle>'


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{_px(x)}" y="{_px(y)}">{escape(text)}</text>'


def _ends(line: Line) -> str:
    return f'x1="{_px(line.x)}" y1="{_px(line.y)}" x2="{_px(line.to_x)}" y2="{_px(line.to_y)}"'


def _path(*points: tuple[float, float]) -> str:
    return f'<path d="M{" L".join(f"{_px(x)} {_px(y)}" for x, y in points)}"/>'


def _px(length: float) -> str:
    return str(round(length, 1)).removesuffix(".0")
