"""Where the scenarios are, and how one is found."""

from __future__ import annotations

import ast
import re
from pathlib import Path

__all__ = ["find_scenario", "scenarios", "takes", "title"]


def scenarios() -> dict[str, Path]:
    """Every scenario that comes with the office, by name."""
    here = Path(__file__).parents[1]
    folder = next(folder for folder in (here / "_scenarios", here.parent / "scenarios") if folder.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.py"))}


def title(path: Path) -> str:
    """What a scenario says of itself in the first line of its docstring."""
    return _docstring(path).partition("\n")[0]


def takes(path: Path) -> str:
    """How long a scenario takes, in its own words; nothing where it does not say."""
    line = re.search(r"^Takes: (.+)\.$", _docstring(path), re.MULTILINE)
    return line[1] if line else ""


def _docstring(path: Path) -> str:
    """That of a file, which may not be Python."""
    try:
        return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    except (SyntaxError, ValueError):  # whoever runs it says what is wrong
        return ""


def find_scenario(name: str) -> Path:
    """The file of a scenario, from its name or its path; raises `FileNotFoundError` with the names there are."""
    known = scenarios()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".py" and path.is_file():
        return path
    raise FileNotFoundError(f'no scenario or .py file is named "{name}" (scenarios: {", ".join(known)})')
