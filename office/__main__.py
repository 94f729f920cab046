"""The `office` command, which is also `python -m office`."""

import atexit
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say which extra it needs."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    try:
        _command_line()()
    finally:
        signal.signal(signal.SIGINT, before)
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # then there is nothing left to interrupt


def _command_line() -> Callable[[], object]:
    """Load it with its libraries."""
    try:
        from office.cli import app, escape_what_cannot_be_encoded  # noqa: PLC0415  it needs an extra
    except ModuleNotFoundError as error:
        from office.extras import installation_of  # noqa: PLC0415  until then there is nothing to be loaded

        print(f"the office command needs {error.name}: {installation_of('cli')}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
    escape_what_cannot_be_encoded()
    return app


def _leave(number: int, _frame: FrameType | None) -> None:
    """While libraries are loaded: some of them make another error of an interrupt. A command has a way of its own."""
    os._exit(128 + number)


if __name__ == "__main__":
    main()
