"""A Lamport diagram as a sequence diagram of Mermaid, whose arrows cannot slant: overtaking is told in notes."""

from __future__ import annotations

from collections.abc import Iterator

from office.journal import Journal
from office.show.names import left_out, short_names, task_text, visible
from office.study import Arrow, Diagram, diagram
from office.times import exact_time

__all__ = ["MERMAID_LIMIT", "mermaid_diagram"]

MERMAID_LIMIT = 50_000
"""So many characters Mermaid takes, unless its `maxTextSize` says more."""
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-./,'()")
"""Whatever else stands in a name is written as an entity, so that Mermaid never takes it for its own."""
ARROWS = {"read": "->>", "repeat": "-->>", "damaged": "-x", "lost": "--x", "on its way": "-)"}


def mermaid_diagram(what: Journal | Diagram) -> str:
    """Draw messages as Mermaid: the first 500 of a journal, or those of a `study.diagram`.

    Numbers are in order of sending, and a message stands where it arrives: who overtakes comes before a lower number,
    and a note says so. What never arrives stands where it is sent. Raises `ValueError` as `diagram` does.

    Mermaid takes no more than `MERMAID_LIMIT` characters, which are some 500 messages.
    """
    drawn = diagram(what) if isinstance(what, Journal) else what
    names = short_names(drawn.desks) or ["no messages"]
    lines = [f"participant d{place} as {_plain(name)}" for place, name in enumerate(names)]
    for event in drawn.events:
        if event.is_arrival or event.arrow.arrived is None:
            lines += _told(event.arrow)
    if drawn.left_out:
        lines.append(f"Note over d0,d{len(names) - 1}: {_plain(left_out(drawn))}")
    return "\n    ".join(["sequenceDiagram", *lines]) + "\n"


def _told(arrow: Arrow) -> Iterator[str]:
    copy = f", copy {arrow.copy}" if arrow.copy else ""
    fate = "" if arrow.fate == "read" else f", {arrow.fate}"
    times = exact_time(arrow.sent) + ("" if arrow.arrived is None else f" to {exact_time(arrow.arrived)}")
    channel = arrow.channel.replace("_", " ")
    words = f"{arrow.number}, task {task_text(arrow.task)}, {visible(channel)}{copy}, {times}{fate}"
    yield f"d{arrow.sender}{ARROWS[arrow.fate]}d{arrow.reader}: {_plain(words)}"
    if arrow.overtakes:
        overtaken = ", ".join(map(str, arrow.overtakes))
        yield f"Note over d{arrow.sender},d{arrow.reader}: {arrow.number} overtakes {overtaken}"


def _plain(text: str) -> str:
    """Text for Mermaid; of nothing but blanks it would make nothing."""
    return "".join(character if character in PLAIN else f"#{ord(character)};" for character in text.strip() or "''")
