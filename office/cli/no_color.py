"""`--no-color`, which may stand anywhere on the command line. Without it, what NO_COLOR in the environment says."""

from __future__ import annotations

import os
from typing import Annotated, TypeAlias

import typer
from typer.core import TyperGroup

__all__ = ["NoColor", "WithoutColours"]

OPTION = "--no-color"


def _without_colours(asked_for: bool) -> bool:  # noqa: FBT001  it is called with the value of the option
    if asked_for:
        os.environ["NO_COLOR"] = "1"  # see no-color.org: what this process writes has none, nor what it starts
    return asked_for


NoColor: TypeAlias = Annotated[
    bool, typer.Option(OPTION, is_eager=True, callback=_without_colours, help="No colours; so does NO_COLOR.")
]


class WithoutColours(TyperGroup):
    """Commands that take the option before their names or after."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the option first, wherever it stands."""
        rest = [word for word in args if word != OPTION]
        return super().parse_args(ctx, [OPTION, *rest] if len(rest) < len(args) else rest)
