"""What commands have in common: how they say what they found, and that they were used wrongly."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn, TextIO, TypeAlias, TypeVar, cast

import typer

from office.cli.terminal import Parts, say, show_parts
from office.errors import BadJournal, OfficeError, shortened
from office.files import check_writable, write_whole
from office.journal import Journal
from office.show.names import visible, visible_lines

__all__ = [
    "FAILED",
    "AsJson",
    "JournalFile",
    "error_text",
    "output_written",
    "read_journal",
    "show_findings",
    "usage_errors",
    "writable",
    "write_json",
    "wrong_use",
]

FAILED, WRONG_USE = 1, 2


Place = TypeVar("Place", bound=Path | str | None)


def writable(place: Place) -> Place:
    """What an option or argument that names a file to write is passed through: leaves the command before it begins
    where that cannot be written.
    """
    if place is not None and place != "-":
        try:
            check_writable(place)
        except OSError as error:
            wrong_use(error_text(error))
    return place


AsJson: TypeAlias = Annotated[
    str | None,
    typer.Option("--json", metavar="F|-", callback=writable, help="The findings as numbers, to a file or to -."),
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
        say(text)
    else:
        write_whole(where, [f"{text}\n".encode()])


@contextmanager
def usage_errors() -> Iterator[None]:
    """Leave the command where something is wrong with a journal, a file or a word on the command line, and say what."""
    try:
        yield
    except BrokenPipeError:
        raise  # the reader has read enough, and nothing is wrong
    except (OfficeError, ValueError, OSError) as error:
        wrong_use(error_text(error))


def error_text(error: Exception) -> str:
    """What an error says, on one line; that of a file as Unix tools say it."""
    if isinstance(error, OSError) and error.strerror is not None:
        return error.strerror if error.filename is None else f"{visible(str(error.filename))}: {error.strerror}"
    return shortened(str(error))


@contextmanager
def output_written() -> Iterator[None]:
    """See to it that standard output has been written when this is over, or complain in one line."""
    try:
        yield
        _flush()
    except BrokenPipeError:  # whoever reads has read enough
        raise
    except OSError as error:
        wrong_use(error_text(error))
    finally:
        try:
            _flush()
        except OSError:
            with Path(os.devnull).open("wb") as nowhere:  # or it would be tried again, and complained of, at the end
                os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _flush() -> None:
    """Write what is still to be written to standard output, if there is one."""
    if (stream := cast("TextIO | None", sys.stdout)) is not None:
        stream.flush()


def read_journal(path: str) -> Journal:
    """The journal in a file; complains where there is none."""
    try:
        return Journal.load(path)
    except FileNotFoundError:
        wrong_use(f"{visible(path)}: there is no such journal")
    except (BadJournal, OSError) as error:
        wrong_use(error_text(error))


def wrong_use(text: str) -> NoReturn:
    """Say what was wrong with the use of a command, and leave with the exit status for that."""
    say(visible_lines(text), err=True)
    raise typer.Exit(WRONG_USE)
