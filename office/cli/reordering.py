"""`office reordering`."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from office.cli.output import AsJson, read_journal, show_findings, usage_errors, wrong_use
from office.cli.terminal import Parts
from office.journal import Journal
from office.show.reordering_text import link_table, reordering_tables
from office.study import Reordering, reordering_by_link

__all__ = ["reordering"]


def reordering(
    what: Annotated[
        list[str],
        typer.Argument(metavar="NUMBER... | JOURNAL", help="Numbers in order of arrival, or a journal."),
    ],
    link: Annotated[str | None, typer.Option(metavar="PATTERN", help="Only these links, as in '*.inbox'.")] = None,
    dt: Annotated[int | None, typer.Option(min=0, help="RFC 5236's displacement threshold; none if not given.")] = None,
    bt: Annotated[int | None, typer.Option(min=0, help="RFC 5236's buffer threshold; none if not given.")] = None,
    as_json: AsJson = None,
) -> None:
    """Measure how far out of order messages arrived: RFC 4737 and RFC 5236. Exits with 2 on wrong use."""
    numbers = [int(word) for word in what if is_whole(word)]
    with usage_errors():
        if len(numbers) == len(what):
            if link is not None:
                wrong_use(f"--link {link} is for a journal; numbers have no links")
            measured = Reordering.of(numbers, dt=dt, bt=bt)
            findings, words = measured.as_dict(each=True), in_words(measured)
        elif len(what) == 1:
            findings, words = measure_journal(read_journal(what[0]), link or "*", dt, bt)
        else:
            word = next(word for word in what if not is_whole(word))
            wrong_use(f'"{word}" is no whole number: give numbers in order of arrival, or one journal')
        show_findings(findings, words, as_json)


def is_whole(word: str) -> bool:
    """Whether a word is a whole number."""
    return re.fullmatch(r"[+-]?\d{1,30}", word) is not None


def measure_journal(journal: Journal, pattern: str, dt: int | None, bt: int | None) -> tuple[dict[str, Any], Parts]:
    """The order on the links that fit a pattern, as numbers and in words.

    Args:
        journal: The journal.
        pattern: As in "*.inbox".
        dt: RFC 5236's displacement threshold, in places, or None.
        bt: RFC 5236's buffer threshold, in messages, or None.

    Raises:
        ValueError: No link fits.
    """
    measured = reordering_by_link(journal, pattern, dt=dt, bt=bt)
    words: Parts = [link_table(measured)]
    if len(measured) == 1:
        ((name, measures),) = measured.items()
        words = [name, "", *in_words(measures)]
    return {"links": {name: measures.as_dict() for name, measures in measured.items()}}, words


def in_words(measures: Reordering) -> Parts:
    """The tables of one sequence, an empty line between them."""
    first, *rest = reordering_tables(measures)
    return [first, *(part for table in rest for part in ("", table))]
