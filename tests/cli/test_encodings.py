"""Whatever the encoding of a terminal, and whatever stands in a journal, each command shows or escapes it."""

import os
import subprocess
import sys

import pytest
import trio

from office import Team, Worker, open_office
from office.errors import BadChart, BadConditions, OfficeError
from office.grids import Cell, grid_csv
from office.mail import conditions
from office.show.table import Table
from tests.cli.command_line import invoke

ENCODINGS = ["ascii", "latin-1", "cp932", "cp950"]
TURN = "\u202e"  # what comes after it is shown from right to left
RED = "\x1b[31m"
NAME, TASK = f"z{TURN}y\x07", f"a{TURN}b{RED}"
COMMANDS = [
    ["list"], ["--help"], ["check", "JOURNAL"], ["why", "JOURNAL", TASK], ["diagram", "JOURNAL"],
    ["reordering", "JOURNAL"], ["diff", "JOURNAL", "OTHER"],
    ["why", "JOURNAL", f"not{TURN}there"], ["check", f"no{TURN}file"], ["run", f"no{TURN}scenario"],
    ["reordering", "JOURNAL", f"no{TURN}link"], ["diagram", "JOURNAL", "--task", f"no{TURN}ne"],
]  # fmt: skip


@pytest.fixture(scope="module")
def journals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("journals")

    async def use(place, seed):
        team = Team([Worker(lambda words: (words, lambda feedback: feedback), NAME)], f"crew{TURN}")
        async with open_office(team, mail="delay 5ms 3ms", seed=seed) as office:
            await office.inbox.send((TASK, "words"))
            task, output = await office.outbox.receive()
            await office.feedback_from_above.send((task, output))
            await office.feedback_to_below.receive()
        office.journal.save(folder / place)

    trio.run(use, "JOURNAL", 0)
    trio.run(use, "OTHER", 1)
    return folder


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: ascii(" ".join(command)))
def test_nothing_that_cannot_be_seen_is_shown(command, journals, monkeypatch):
    monkeypatch.chdir(journals)
    status, shown = invoke(*command)
    assert status in (0, 1, 2)
    assert shown
    assert all(line.isprintable() for line in shown.split("\n"))


EACH = """
import sys
from office.__main__ import main

for command in %r:
    sys.argv = ["office", *command]
    try:
        main()
    except SystemExit as exit:
        print("status", exit.code)
    sys.stderr.flush()
"""


def shown_in(encoding, folder, commands):
    """What commands print in an encoding: no byte is of another one."""
    done = subprocess.run(
        [sys.executable, "-c", EACH % commands], capture_output=True, check=True, cwd=folder, timeout=300,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )  # fmt: skip
    return done.stdout.decode(encoding), done.stderr.decode(encoding)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_command_says_in_any_encoding_what_it_says_in_utf_8_or_escapes_it(encoding, journals):
    commands = [command for command in [*COMMANDS, ["run", "room"]] if command != ["--help"]]
    in_utf_8 = shown_in("utf-8", journals, commands)
    assert not in_utf_8[0].isascii()
    escaped = tuple(text.encode(encoding, "backslashreplace").decode(encoding) for text in in_utf_8)
    assert shown_in(encoding, journals, commands) == escaped
    assert "Usage" in shown_in(encoding, journals, [["--help"]])[0]


def test_half_a_character_names_no_desk():
    for name in ("\ud800", "a\udfff"):
        with pytest.raises(BadChart, match="cannot name a desk: it has half a character in it"):
            Worker(print, name)
    assert Worker(print, "\U0001f600").name == "\U0001f600"


def test_an_error_quotes_a_line_of_a_long_text_at_most():
    for error in (OfficeError("a" * 10**6 + "\n" + "b" * 10**6), OfficeError("c" * 400)):
        assert all(len(line) <= 400 for line in str(error).split("\n"))
    assert str(OfficeError("c" * 400)) == "c" * 400
    with pytest.raises(BadConditions) as caught:
        conditions("delay 5ms " + "loss\n" * 10**5)
    assert len(str(caught.value)) < 500
    assert "\n" not in str(caught.value)


def test_a_table_shows_what_cannot_be_seen_and_stays_aligned():
    table = Table([[f"a{TURN}", "1"], ["b", "2"]])
    assert str(table) == "a\\u202e  1\nb        2"


def test_text_that_a_spreadsheet_takes_for_a_formula_has_an_apostrophe_before_it():
    odd = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=1", ""]
    lines = grid_csv([Cell({"=rule": text, "rate": -1.5}, 0, {"loss": -2.0}) for text in odd])
    assert lines.split("\n")[0] == '"\'=rule","rate","seed","loss","diverged"'
    cells = [line.split(",")[0] for line in lines.replace("\r", "R").split("\n")[1:-1]]
    assert cells == ['"\'=1+1"', '"\'+1"', '"\'-1"', '"\'@x"', '"\'\tx"', '"\'Rx"', '"x=1"', '""']
    assert ",-1.5,0,-2.0," in lines
