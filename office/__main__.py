"""The `office` command, which is also `python -m office`."""

import atexit
import signal
import sys

from office.extras import installation_of

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say which extra it needs."""
    try:
        from office.cli import app, escape_what_cannot_be_encoded  # noqa: PLC0415  it needs an extra
    except ModuleNotFoundError as error:
        print(f"the office command needs {error.name}: {installation_of('cli')}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    escape_what_cannot_be_encoded()
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # then there is nothing left to interrupt
    app()


if __name__ == "__main__":
    main()
