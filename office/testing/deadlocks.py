"""Tests that expect a deadlock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from office.errors import Deadlock
from office.extras import need

__all__ = ["Raised", "raises_deadlock"]


@dataclass
class Raised:
    """The deadlock that was raised, once it was."""

    error: Deadlock | None = None

    def __str__(self) -> str:
        return "" if self.error is None else str(self.error)


@contextmanager
def raises_deadlock(*words: str) -> Iterator[Raised]:
    """Fail the test unless the block raises a `Deadlock` that says all these words: ``with raises_deadlock("client
    waits to send: alex.inbox is full"): …``.

    It may come bare, as `simulate` raises it, or in exception groups, as trio does; what came is in `Raised.error`,
    bare. How wide its columns are does not matter. Needs the extra `pytest`.
    """
    __tracebackhide__ = True
    pytest = need("pytest", "raises_deadlock", "pytest")
    raised = Raised()
    with pytest.RaisesGroup(Deadlock, allow_unwrapped=True, flatten_subgroups=True) as caught:
        yield raised
    error: BaseException = caught.value
    while isinstance(error, BaseExceptionGroup):
        (error,) = error.exceptions
    assert isinstance(error, Deadlock)
    raised.error = error
    text = plain(str(error))
    for wanted in words:
        if plain(wanted) not in text:
            pytest.fail(f"the deadlock does not say {wanted!r}:\n{error}")


def plain(text: str) -> str:
    """The words of a text, a blank between each two."""
    return " ".join(text.split())
