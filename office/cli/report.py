"""`office report`, and what `office run --report` has in common with it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from office.cli.output import JournalFile, read_journal, usage_errors, writable, wrong_use
from office.extras import need
from office.journal import Journal
from office.show import MOST_MESSAGES, write_replay_page

__all__ = ["journal_place", "ready_for_pages", "report", "write"]


def report(
    journal: JournalFile,
    page: Annotated[Path, typer.Argument(metavar="F.html", callback=writable, help="Where the page goes.")],
    limit: Annotated[
        int,
        typer.Option("--most", min=1, help="Longer runs are replayed in stretches of about so many messages in all."),
    ] = MOST_MESSAGES,
) -> None:
    """Make a page of a journal: the replay of its messages, and what the study finds. Exits with 2 on wrong use."""
    ready_for_pages()
    name = Path(journal)
    again = [] if limit == MOST_MESSAGES else ["--most", str(limit)]
    write(read_journal(journal), page, name.stem, ["report", name.name, "page.html", *again], limit)


def ready_for_pages() -> None:
    """Leave the command at once where no page can be made: an extra is missing."""
    try:
        need("jinja2", "a report", "report")
    except ModuleNotFoundError as error:
        wrong_use(str(error))


def write(journal: Journal, page: Path, title: str, again: Sequence[str], limit: int = MOST_MESSAGES) -> None:
    """Write the page.

    Args:
        journal: Of the run.
        page: The file.
        title: The page's title.
        again: The words after ``office`` that make the page again; it shows them.
        limit: A run of more messages is replayed in stretches.
    """
    with usage_errors():
        write_replay_page(journal, page, title=title, command=shlex.join(["office", *again]), limit=limit)


@contextmanager
def journal_place(journal: Path | None, page: Path | None) -> Iterator[Path | None]:
    """Where a run saves its journal: at the place that was asked for, or for a page alone in a temporary folder."""
    if journal is not None or page is None:
        yield journal
        return
    with TemporaryDirectory() as folder:
        yield Path(folder) / "journal.jsonl"
