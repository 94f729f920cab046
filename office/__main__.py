"""The `office` command, which is also `python -m office`."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say which extra it needs."""
    try:
        from office.cli import app  # noqa: PLC0415  it needs an extra
    except ModuleNotFoundError as error:
        print(f"the office command needs {error.name}: pip install 'office[cli]'", file=sys.stderr)  # noqa: T201
        sys.exit(2)
    app()


if __name__ == "__main__":
    main()
