"""What went wrong in a run, as far as it is the same when it goes wrong again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Cause", "causes", "leaves"]


class Cause(NamedTuple):
    """An exception, as far as it is the same when a test fails in the same way."""

    kind: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.kind} at {self.file}:{self.line}"


def leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions in it, whatever groups they are in."""
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from leaves(part)
    else:
        yield error


def causes(error: BaseException) -> Iterator[Cause]:
    """The exceptions in it, each with the place where it was raised."""
    for leaf in leaves(error):
        trace = leaf.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        file, line = ("", 0) if trace is None else (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        yield Cause(type(leaf).__name__, file, line)
