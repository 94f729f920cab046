"""Where the scenarios are, and how one is found."""

from __future__ import annotations

import ast
from pathlib import Path

__all__ = ["find_scenario", "scenarios", "title"]


def scenarios() -> dict[str, Path]:
    """Every scenario that comes with the office, by name."""
    here = Path(__file__).parents[1]
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
