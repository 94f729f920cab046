import io
import sys

from office.cli.progress import progress
from office.cli.status_line import status_line


def test_a_bar_is_shown_to_a_terminal_and_gone_afterwards(to_a_screen):
    screen = to_a_screen()
    with status_line() as line:
        with progress("cells") as show:
            for done in range(1, 4):
                show(done, 4)
            line.live.refresh()
            assert screen.text.startswith("cells ")
            assert " 75%" in screen.text
        line.live.refresh()
        assert screen.text == ""


def test_a_file_gets_nothing(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress("cells") as show:
        show(1, 4)
    assert sys.stderr.getvalue() == ""
    assert capsys.readouterr().out == ""


def test_two_bars_stand_one_below_the_other(to_a_screen):
    screen = to_a_screen()
    with progress("cells") as show, progress("networks") as show_more:
        show(1, 4)
        show_more(1, 2)
        with status_line() as line:
            line.live.refresh()
        assert [line.split()[0] for line in screen.text.splitlines()] == ["cells", "networks"]
