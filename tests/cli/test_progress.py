import io
import sys

from office.cli.bottom import bottom
from office.cli.progress import progress


def test_a_bar_is_shown_to_a_terminal_and_gone_afterwards(to_a_screen):
    screen = to_a_screen()
    with bottom() as there:
        with progress("cells") as show:
            for done in range(1, 4):
                show(done, 4)
            there.draw()
            assert screen.text.startswith("cells ")
            assert " 75%" in screen.text
        there.draw()
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
        with bottom() as there:
            there.draw()
        assert [line.split()[0] for line in screen.text.splitlines()] == ["cells", "networks"]
