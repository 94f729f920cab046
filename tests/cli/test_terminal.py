import io
import re
import sys

import pytest

from office import Journal
from office.cli.terminal import show_parts
from office.show import Table, check_table, life_table
from office.study import checked, why

CODES = re.compile(r"\x1b\[[\d;]*m")
PARTS = ["a title", "", Table([("ok", "1", "[bold]here[/]"), ("broken", "lost, and gone")], ("so", "n", ""), [1])]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def seen(monkeypatch):
    """What is seen on a terminal of this width."""

    def seen(parts, width=80, **environment):
        terminal = Terminal()
        for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in ({"TERM": "xterm", "COLUMNS": str(width)} | environment).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdout", terminal)
        show_parts(parts)
        monkeypatch.undo()
        return terminal.getvalue()

    return seen


def stripped(text):
    return [line.rstrip() for line in CODES.sub("", text).splitlines()]


def test_a_terminal_gets_colours_and_a_file_the_plain_text(seen, capsys):
    assert "\x1b[32mok\x1b[0m" in seen(PARTS)
    assert "\x1b[1;31mbroken\x1b[0m" in seen(PARTS)
    assert "\x1b[33mlost\x1b[0m, and gone" in seen(PARTS)
    show_parts(PARTS)
    assert capsys.readouterr().out == f"a title\n\n{PARTS[2]}\n"


def test_no_color_leaves_no_colour(seen):
    codes = CODES.findall(seen(PARTS, NO_COLOR="1"))
    assert set(codes) <= {"\x1b[1m", "\x1b[0m"}
    assert stripped(seen(PARTS, NO_COLOR="1")) == stripped(seen(PARTS))


def test_where_there_is_room_a_terminal_shows_the_text_itself(seen, journal_file):
    journal = Journal.load(journal_file)
    for table in (check_table(journal, checked(journal)), life_table(why(journal, 3))):
        rows = [row for row in table.rows if len(row) == max(map(len, table.rows))]
        full = Table(rows, table.head, table.right)
        assert stripped(seen([full], width=400)) == str(full).splitlines()


def test_where_there_is_none_cells_are_wrapped_and_nothing_is_lost(seen, journal_file):
    table = life_table(why(Journal.load(journal_file), 3))
    lines = stripped(seen([table], width=72))
    assert max(map(len, lines)) <= 72
    everything = "".join("".join(lines).split())
    assert sorted(everything) == sorted("".join("".join(map("".join, [table.head, *table.rows])).split()))


def test_brackets_are_text(seen):
    assert "[bold]here[/]" in seen(PARTS)
    assert stripped(seen(["[red]x[/red]"])) == ["[red]x[/red]"]
