"""What people see: on a terminal tables that fit it, with colours; anywhere else plain text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, Literal, TextIO, TypeAlias

from office.show.names import visible, visible_lines
from office.show.table import Table

if TYPE_CHECKING:
    from rich.table import Table as RichTable

__all__ = ["Parts", "escape_what_cannot_be_encoded", "say", "show_parts"]

Parts: TypeAlias = Sequence[str | Table]
"""Tables, and lines of text between them."""

STYLES = {"office.good": "green", "office.bad": "bold red", "office.odd": "yellow"}
WORDS = [
    r"^(?P<good>ok)$",
    r"^(?P<bad>broken)$",
    r"^(?P<odd>lost|damaged|repeat|on its way)\b",
    r"(?P<odd>\b[1-9]\d* updates? late)\b",
]


def escape_what_cannot_be_encoded() -> None:
    """Have standard output and standard error escape what their encoding does not have, as backslash and number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str, *, err: bool = False, end: str = "\n") -> None:
    """Write text in the encoding that the stream has.

    Args:
        text: what to write.
        err: whether to standard error.
        end: what comes after it.
    """
    stream: TextIO | None = sys.stderr if err else sys.stdout
    if stream is not None:  # as where a shell has closed it
        stream.write(text + end)
        stream.flush()


def show_parts(parts: Parts) -> None:
    """Say these things, one under another."""
    stream: TextIO | None = sys.stdout
    if stream is None or not stream.isatty():
        for part in parts:
            say(str(part) if isinstance(part, Table) else visible_lines(part))
        return
    from rich.console import Console  # noqa: PLC0415  what is piped does without
    from rich.theme import Theme  # noqa: PLC0415

    console = Console(theme=Theme(STYLES), highlight=False)
    for part in parts:
        console.print(_on_terminal(part) if isinstance(part, Table) else visible_lines(part), markup=False)


def _on_terminal(table: Table) -> RichTable:
    """A table whose cells are wrapped where the terminal is narrow."""
    from rich.highlighter import RegexHighlighter  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    class Words(RegexHighlighter):
        base_style = "office."
        highlights = WORDS

    words = Words()
    columns = max(map(len, [table.head, *table.rows]))
    rich_table = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=bool(table.head))
    for place in range(columns):
        head, is_number = table.head[place] if table.head else "", place in table.right
        justify: Literal["left", "right"] = "right" if is_number else "left"
        rich_table.add_column(Text(visible(head)), justify=justify, no_wrap=is_number, overflow="fold")
    for row in table.rows:
        *cells, last = row
        between = [""] * (columns - len(row)) if cells else []
        rich_table.add_row(*(words(Text(visible(cell))) for cell in [*cells, *between, last]))
    return rich_table
