import io
import os
import sys
from contextlib import suppress

import pytest
import typer

from office.cli.status_line import status_line


def with_a_bar(line, *lines):
    line.bars.add_task("cells", total=4, completed=2)
    line.lines = list(lines)
    line.live.refresh()


def test_bars_and_lines_are_drawn_and_gone_afterwards(to_a_screen):
    screen = to_a_screen()
    with status_line() as line:
        assert screen.text == ""
        with_a_bar(line, "a line", "another")
        first, *rest = screen.text.splitlines()
        assert first.startswith("cells ━")
        assert " 50%" in first
        assert rest == ["a line", "another"]
        line.live.refresh()
        assert screen.text.splitlines()[1:] == rest
        assert not screen.cursor_shown
    assert screen.text == ""
    assert screen.cursor_shown


def test_what_is_written_goes_above_the_bars_and_stays(to_a_screen):
    screen = to_a_screen()
    with status_line() as line:
        with_a_bar(line, "a line")
        typer.echo("one")
        typer.echo("two", err=True)
        sys.stdout.writelines(["three\n", "four\n"])
        line.live.refresh()
        assert screen.text.splitlines()[:4] == ["one", "two", "three", "four"]
        assert screen.text.endswith("a line")
    typer.echo("five")
    assert screen.text == "one\ntwo\nthree\nfour\nfive"


def test_a_line_is_shown_when_it_has_its_end_and_half_of_one_at_the_latest_when_the_bars_are_gone(to_a_screen):
    screen = to_a_screen()
    with status_line() as line:
        with_a_bar(line)
        sys.stdout.write("half of ")
        sys.stdout.flush()
        line.live.refresh()
        assert screen.text.startswith("cells ")
        typer.echo("it")
        assert screen.text.startswith("half of it\ncells ")
        sys.stderr.write("[alex] half")
    assert screen.text == "half of it\n[alex] half"


def test_a_line_is_printed_as_it_is_whatever_stands_in_it_and_however_long_it_is(to_a_screen):
    screen = to_a_screen()
    odd = "[alex] [bold]and[/] :smile: 'x' 1.5  " + 30 * "long "
    with status_line() as line:
        with_a_bar(line)
        typer.echo(odd)
        assert screen.text.startswith(f"{odd.rstrip()}\ncells ")


def test_what_looks_is_called_before_each_drawing(to_a_screen):
    screen = to_a_screen()
    with status_line() as line:
        line.looks.append(lambda: setattr(line, "lines", [f"{len(line.lines)} before"]))
        with_a_bar(line)
        assert screen.text.endswith("0 before")
        line.live.refresh()
        assert screen.text.endswith("1 before")


def test_without_bars_nothing_is_drawn(to_a_screen):
    screen = to_a_screen()
    with status_line() as line:
        line.live.refresh()
        assert screen.lines == [""]
    assert screen.lines == [""]


def test_there_is_one_status_line_for_all(to_a_screen):
    screen = to_a_screen()
    with status_line() as line:
        with status_line() as same:
            assert same is line
        with_a_bar(line)
        assert screen.text
    with status_line() as other:
        assert other is not line


def test_standard_output_that_is_piped_is_left_alone(to_a_screen, monkeypatch):
    screen = to_a_screen()
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    piped = sys.stdout
    with status_line() as line:
        assert sys.stdout is piped
        with_a_bar(line)
        typer.echo("one")
        assert screen.text.startswith("cells ")
    assert piped.getvalue() == "one\n"


def test_whatever_is_written_to_is_there_again_afterwards_also_if_something_goes_wrong(to_a_screen):
    screen = to_a_screen()
    streams = sys.stdout, sys.stderr
    with suppress(ZeroDivisionError), status_line() as line:
        with_a_bar(line)
        assert screen.text
        raise ZeroDivisionError
    assert (sys.stdout, sys.stderr) == streams
    assert (screen.text, screen.cursor_shown) == ("", True)


def test_without_a_terminal_there_is_no_status_line(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with status_line() as line:
        assert line is None
    assert sys.stderr.getvalue() == ""


def test_a_terminal_that_cannot_move_its_cursor_has_no_bars(to_a_screen, monkeypatch):
    to_a_screen()
    monkeypatch.setenv("TERM", "dumb")
    with status_line() as line:
        assert line is None
    assert sys.stderr.getvalue() == ""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_process_that_is_forked_writes_as_it_would_without(to_a_screen):
    to_a_screen()
    stream = sys.stdout
    with status_line() as line, line.lock:
        child = os.fork()
        if not child:
            os._exit(0 if sys.stdout is stream else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert sys.stdout is not stream
