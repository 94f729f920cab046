import io
import sys

from office.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(monkeypatch, stream):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream)
    with progress("cells") as show:
        for done in range(1, 5):
            show(done, 4)
    return stream.getvalue()


def test_a_bar_is_shown_to_a_terminal_and_nothing_to_a_file(monkeypatch, capsys):
    assert "cells" in shown(monkeypatch, Terminal())
    assert "100%" in shown(monkeypatch, Terminal())
    assert shown(monkeypatch, io.StringIO()) == ""
    assert capsys.readouterr().out == ""
