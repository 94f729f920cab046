"""The command line: `office list`, `office run`. A thin face over the scenarios."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from office.errors import OfficeError

__all__ = ["app", "find_scenario", "scenarios"]

FINDING_FAILED, WRONG_USE = 1, 2

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Backpropagation as a simulation of messages between desks."
)


def scenarios() -> dict[str, Path]:
    """Every scenario that comes with the office, by name."""
    here = Path(__file__).parent
    folder = next(folder for folder in (here / "_scenarios", here.parent / "scenarios") if folder.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.py"))}


def title(path: Path) -> str:
    """What a scenario says of itself in the first line of its docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def find_scenario(name: str) -> Path:
    """The file of a scenario, from its name or its path; raises `FileNotFoundError` with the names there are."""
    known = scenarios()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".py" and path.is_file():
        return path
    raise FileNotFoundError(f'no scenario or .py file is named "{name}" (scenarios: {", ".join(known)})')


def load(path: Path) -> ModuleType:
    """Import a scenario from its file, under the file's name."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def run(name: str, seed: int, mail: str | None, journal: Path | None, as_json: str | None) -> int:
    """Run a scenario; returns the exit status."""
    try:
        path = find_scenario(name)
        scenario = load(path)
        if not hasattr(scenario, "main"):
            return complain(f"{path} has no main(seed, mail, journal) to run")
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere if as_json == "-" else sys.stdout),
        ):
            findings: dict[str, Any] = scenario.main(seed=seed, mail=mail, journal=journal)
    except ModuleNotFoundError as error:
        return complain(f"{name} needs {error.name}: pip install 'office[scenarios]'")
    except OfficeError as error:
        return complain(f"{type(error).__name__}: {error}")
    except OSError as error:
        return complain(str(error))
    if as_json is not None:
        text = json.dumps(findings, indent=2)
        if as_json == "-":
            print(text)  # noqa: T201
        else:
            Path(as_json).write_text(text + "\n", encoding="utf-8")
    return 0 if findings.get("holds", True) else FINDING_FAILED


def complain(what: str) -> int:
    """Say what was wrong with the use of a command; returns the exit status for that."""
    print(what, file=sys.stderr)  # noqa: T201
    return WRONG_USE


@app.command("list")
def list_() -> None:
    """Show the scenarios, a line each."""
    known = scenarios()
    width = max(map(len, known))
    for name, path in known.items():
        typer.echo(f"{name:{width}}  {title(path)}")


@app.command("run")
def run_(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A scenario's name, or a file of your own.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same run.")] = 0,
    mail: Annotated[str | None, typer.Option(help="Mail conditions, as in 'delay 20ms 5ms'.")] = None,
    journal: Annotated[Path | None, typer.Option(help="Save a journal here, as JSON Lines.")] = None,
    as_json: Annotated[
        str | None, typer.Option("--json", metavar="F|-", help="The findings as numbers, to a file or to -.")
    ] = None,
) -> None:
    """Run a scenario. Exits with 1 where a finding failed, with 2 on wrong use."""
    raise typer.Exit(run(name, seed, mail, journal, as_json))
