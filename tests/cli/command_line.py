"""The commands, told what to do as from a shell."""

from typer.testing import CliRunner

from office.cli import app


def invoke(*arguments):
    """The exit status of a command, and what it says."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output
