"""What commands have in common: how they say what they found, and that they were used wrongly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeAlias

import typer

from office.cli.terminal import Parts, show_parts
from office.errors import BadJournal, OfficeError
from office.journal import Journal

__all__ = [
    "FAILED",
    "AsJson",
    "JournalFile",
    "read_journal",
    "show_findings",
    "usage_errors",
    "write_json",
    "wrong_use",
]

FAILED, WRONG_USE = 1, 2

AsJson: TypeAlias = Annotated[
    str | None, typer.Option("--json", metavar="F|-", help="The findings as numbers, to a file or to -.")
]
JournalFile: TypeAlias = Annotated[str, typer.Argument(metavar="JOURNAL", help="A journal that a run has saved.")]


def show_findings(findings: dict[str, Any], words: Parts, as_json: str | None) -> None:
    """Show findings in words, unless their numbers go to standard output.

    Args:
        findings: The numbers, to be written as JSON.
        words: The same in words.
        as_json: Where the numbers go: a file, "-" for standard output, or None for nowhere.
    """
    if as_json is not None:
        write_json(findings, as_json)
    if as_json != "-":
        show_parts(words)


def write_json(findings: dict[str, Any], where: str) -> None:
    """Write findings as JSON to a file, or to standard output for "-"."""
    text = json.dumps(findings, indent=2)
    if where == "-":
        typer.echo(text)
    else:
        Path(where).write_text(text + "\n", encoding="utf-8")


@contextmanager
def usage_errors() -> Iterator[None]:
    """Leave the command where something is wrong with a journal, a file or a word on the command line, and say what."""
    try:
        yield
    except BrokenPipeError:
        raise  # the reader has read enough, and nothing is wrong
    except (OfficeError, ValueError, OSError) as error:
        wrong_use(str(error))


def read_journal(path: str) -> Journal:
    """The journal in a file; complains where there is none."""
    try:
        return Journal.load(path)
    except FileNotFoundError as error:
        wrong_use(f"no journal: {error}")
    except (BadJournal, OSError) as error:
        wrong_use(str(error))


def wrong_use(text: str) -> NoReturn:
    """Say what was wrong with the use of a command, and leave with the exit status for that."""
    typer.echo(text, err=True)
    raise typer.Exit(WRONG_USE)
