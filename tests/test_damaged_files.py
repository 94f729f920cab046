"""Damaged files: whatever is no journal, or no kept cells, is refused in one line by each command that reads it."""

import gzip
import json
import sqlite3
import subprocess
import sys
import traceback
from contextlib import closing

import pytest
from typer.testing import CliRunner

from office.cli import app
from office.errors import BadGrid, BadJournal
from office.grids.cell import cell_in, cell_key
from office.grids.kept_cells import kept_cells
from office.journal import Journal
from tests.cli.command_line import invoke
from tests.journal.test_files import sound

ODD = [None, True, False, 0.0, 1.5, -1, 2**63, 2**64, 10**400, "x", "", [], [1], {}, {"a": 1}]
ODD += [float("nan"), float("inf"), [[["deep"]]]]


def lines_of_a_run():
    """A journal with a row of every table, line by line."""
    journal = sound()
    journal.head["settings"] = {"seed": 0, "mail": {"alex.inbox": "delay 5ns"}}
    journal.head["weights"] = {"alex": [{"bytes": 8, "rule": "sgd", "policy": "stash"}]}
    return journal.to_bytes().decode().splitlines()


LINES = lines_of_a_run()
HEAD, TAIL = json.loads(LINES[0]), json.loads(LINES[-1])
FIRST_OF_TABLE = {json.loads(line)[0]: place for place, line in reversed([*enumerate(LINES)][1:-1])}


def text(place, part):
    """The journal with something else in one line."""
    line = part if isinstance(part, str) else json.dumps(part)
    return "\n".join([*LINES[:place], line, *LINES[place + 1 :], ""])


def test_rows_that_are_not_in_the_order_of_time_are_refused_with_the_line_of_the_first(tmp_path):
    for place in range(1, len(LINES) - 2):
        swapped = [*LINES[:place], LINES[place + 1], LINES[place], *LINES[place + 2 :], ""]
        (tmp_path / "J").write_text("\n".join(swapped), encoding="utf-8")
        with pytest.raises(BadJournal, match=f"line {place + 2} is out of order, by time, table and desk: "):
            Journal.load(tmp_path / "J")


def allowed(table, place, value):
    """Whether a run can have this value there."""
    task = {"mail": 4, "losses": 2, "work": 2, "incidents": 4, "learnt": 3, "lost": 3, "in flight": 3}[table] == place
    real = (table, place) in {("losses", 3), ("learnt", 6), ("learnt", 7)}
    if task:
        return type(value) in (int, str) or (table == "incidents" and value is None)
    if real and type(value) in (int, float):
        return value != 10**400 and (table == "losses" or not value < 0)
    return value is None and table == "learnt" and real


def damaged_cells():
    """Each cell of a row of each table as each odd value that it cannot be; a cell less, a cell more, one in a list."""
    for table, at in FIRST_OF_TABLE.items():
        row = json.loads(LINES[at])
        for place in range(len(row)):
            for value in ODD:
                if place == 0 or not allowed(table, place, value):
                    if value == 0.0 and type(value) is float and row[place] == 0:
                        yield f"{table} {place} as a float", text(at, [*row[:place], 0.0, *row[place + 1 :]])
                    if value != row[place] or type(value) is not type(row[place]):
                        yield f"{table} {place} {value!r:.20}", text(at, [*row[:place], value, *row[place + 1 :]])
            yield f"{table} without {place}", text(at, [*row[:place], *row[place + 1 :]])
        yield f"{table} and more", text(at, [*row, 1])
        yield f"{table} in a list", text(at, [row])


def damaged_heads():
    for name in ("format", "desks", "links", "tables"):
        yield f"no {name}", text(0, {key: value for key, value in HEAD.items() if key != name})
        for value in ODD:
            yield f"{name} {value!r:.20}", text(0, HEAD | {name: value})
    for name in ("settings", "weights"):
        for value in ODD:
            if value != {} and not (name == "settings" and value == {"a": 1}):
                yield f"{name} {value!r:.20}", text(0, HEAD | {name: value})
    for name in ("mail", "delivery", "capacity", "expire", "paces", "faults", "seed", "patience", "until"):
        for value in [None, True, 1.5, -1, "x", [1], {"a": [1]}, {"a": 0.5}]:
            yield f"{name} {value!r}", text(0, HEAD | {"settings": HEAD["settings"] | {name: value}})
    yield "a desk twice", text(0, HEAD | {"desks": [*HEAD["desks"], HEAD["desks"][1]]})
    yield "a link twice", text(0, HEAD | {"links": [*HEAD["links"], HEAD["links"][1]]})
    yield "a nested desk", text(0, HEAD | {"desks": [*HEAD["desks"], ["alex"]]})
    yield "another version", text(0, HEAD | {"format": "office journal 4"})
    yield "a later version", text(0, HEAD | {"format": "office journal 6"})
    yield "a name twice", text(0, LINES[0].replace("{", '{"desks":[],', 1))


def damaged_tails():
    for name in ("end", "order", "rows", "diverged"):
        for value in ODD:
            if value is not None and not (name == "order" and type(value) is str):
                yield f"last line, {name} {value!r:.20}", text(len(LINES) - 1, TAIL | {name: value})
    yield (
        "a float for a count",
        text(len(LINES) - 1, TAIL | {"rows": TAIL["rows"] | {"mail": TAIL["rows"]["mail"] + 0.0}}),
    )
    yield "rows of another table", text(len(LINES) - 1, TAIL | {"rows": TAIL["rows"] | {"weather": 0}})
    yield "more", text(len(LINES) - 1, TAIL | {"more": 1})


def damaged_bytes():
    whole = text(0, LINES[0]).encode()
    yield from ((f"cut off at {end}", whole[:end]) for end in range(0, len(whole) - 1, 97))
    yield "BOM", b"\xef\xbb\xbf" + whole
    yield "UTF-16", whole.decode().encode("utf-16")
    yield "gzip", gzip.compress(whole)
    yield "NULs", b"\0" * 5000
    yield "a NUL", whole.replace(b",", b",\0", 1)
    yield "no UTF-8", whole.replace(b"alex", b"al\xff", 1)
    yield "a nest", b"[" * 100_000
    yield "a nest of objects", b'{"a":' * 100_000
    yield "a long number", b"1" * 10_000
    for place, line in enumerate(LINES):
        rest = [*LINES[:place], *LINES[place + 1 :]]
        yield f"line {place} left out", "\n".join([*rest, ""]).encode()
        yield f"line {place} twice", "\n".join([*LINES[:place], line, line, *LINES[place + 1 :], ""]).encode()
        if place in (0, len(LINES) - 1):
            yield f"line {place} elsewhere", "\n".join([*rest[:3], line, *rest[3:], ""]).encode()


DAMAGED = [
    (name, content.encode() if isinstance(content, str) else content)
    for cases in (damaged_cells, damaged_heads, damaged_tails, damaged_bytes) for name, content in cases()
]  # fmt: skip
COMMANDS = {
    "check": ["check", "J"],
    "why": ["why", "J", "1"],
    "diagram": ["diagram", "J"],
    "diff": ["diff", "J", "J"],
    "diff with a sound one": ["diff", "SOUND", "J"],
    "plot": ["plot", "J", "--output", "OUT.png"],
    "report": ["report", "J", "OUT.html"],
    "trace": ["trace", "J", "OUT.json"],
    "reordering": ["reordering", "J"],
}


@pytest.fixture
def damaged(tmp_path):
    (tmp_path / "SOUND").write_text(text(0, LINES[0]), encoding="utf-8")
    return tmp_path / "J"


def test_the_journal_that_is_damaged_is_sound_and_there_are_more_than_enough_damaged_ones(damaged):
    assert Journal.load(damaged.with_name("SOUND")).to_bytes().decode() == text(0, LINES[0])
    assert len(DAMAGED) > 1000
    assert set(FIRST_OF_TABLE) == {*HEAD["tables"]}


def test_each_damaged_journal_is_refused_by_file_and_line_in_one_line(damaged):
    taken = []
    for name, content in DAMAGED:
        damaged.write_bytes(content)
        try:
            Journal.load(damaged)
        except BadJournal as error:
            message = str(error)
            if "\n" in message or not message.startswith(f"{damaged}") or len(message) > len(str(damaged)) + 400:
                taken.append((name, message))
            if message.count(str(damaged)) != 1:
                taken.append((name, message))
        else:
            taken.append((name, "taken"))
    assert taken == []


def invoked(command, folder):
    words = [str(folder / word) if word.isupper() or word.startswith("OUT") else word for word in command]
    done = CliRunner().invoke(app, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return "".join(traceback.format_exception(done.exception))
    return done.exit_code, done.stderr.count("\n"), done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_refuses_damaged_journals_with_2_in_one_line(damaged, command, request):
    cases = DAMAGED if request.config.getoption("thorough") else DAMAGED[:: len(DAMAGED) // 12]
    for name, content in cases:
        damaged.write_bytes(content)
        assert invoked(COMMANDS[command], damaged.parent) == (2, 1, ""), name
    assert not [file for file in damaged.parent.iterdir() if file.name.startswith("OUT")]


def test_the_command_as_a_process_says_it_in_one_line(damaged):
    damaged.write_bytes(gzip.compress(b"journal"))
    done = subprocess.run(
        [sys.executable, "-m", "office", "check", damaged], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{damaged}: line 1 is no JSON: it is no text in UTF-8\n"


def test_an_empty_file_another_version_and_a_folder_say_so(damaged):
    for content, words in [
        (b"", "the file is empty"),
        (b'{"format":"office journal 4"}\n', "is not the head of an office journal 5, but of an office journal 4"),
        (b'{"a":1,"a":2}\n', '"a" is there twice'),
    ]:
        damaged.write_bytes(content)
        with pytest.raises(BadJournal, match=words):
            Journal.load(damaged)


def test_a_head_may_have_any_name_for_a_fact(damaged):
    damaged.write_text(text(0, HEAD | {"self": 1}), encoding="utf-8")
    assert Journal.load(damaged).head["self"] == 1


@pytest.mark.parametrize("command", [name for name, words in COMMANDS.items() if words[0] != "diff"])
def test_numbers_at_the_end_of_their_range_are_read_and_no_command_fails_on_them(damaged, command):
    mail = {"settings": HEAD["settings"] | {"mail": {"alex.inbox": "delay 99999999999s"}}}
    rest = FIRST_OF_TABLE["in flight"]
    latest = [*LINES[:1], *LINES[2:rest], '["mail",0,9223372036854775807,0,1,64,null,null]', *LINES[rest:], ""]
    for content in (text(0, HEAD | mail), "\n".join(latest)):
        damaged.write_text(content, encoding="utf-8")
        assert len(Journal.load(damaged)) == TAIL["rows"]["mail"] + 2
        came = invoked(COMMANDS[command], damaged.parent)
        assert not isinstance(came, str), came


# Kept cells

CELLS = ["", "no JSON", "[]", "{}", "null", "7", "true", "NaN", '{"right": 1}', '{"right": "1"}', '{"right": null}']
CELLS += ['{"right": [1]}', '{"right": [1, 2, 3]}', '{"right": [2, 1]}', '{"right": [true, 1]}', '{"right": [0.0, 1]}']
CELLS += ['{"right": {}}', "[" * 100_000, '{"right": [0, 0]}', '{"right": true}', b"\xff\xfe", b"\0", 7, 1.5]


def keep_another(path, value):
    """Have all cells of a file come to something else."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE cells SET found = ?", (value,))
        database.commit()


def cell_of(path):
    """The cell that is kept in a file; None for none."""
    with kept_cells(path, "source") as kept:
        text = kept.get(cell_key({"a": 1}, 0))
        return None if text is None else cell_in(text, {"a": 1}, 0, kept.name)


@pytest.fixture(scope="module")
def sound_cells(tmp_path_factory):
    path = tmp_path_factory.mktemp("cells") / "sound"
    with kept_cells(path, "source") as kept:
        kept.put(cell_key({"a": 1}, 0), '{"loss": 1.0, "right": [1, 2]}')
    return path.read_bytes()


@pytest.mark.parametrize("value", CELLS, ids=lambda value: repr(value)[:20])
def test_a_kept_cell_that_is_none_is_named_with_its_file(tmp_path, sound_cells, value):
    path = tmp_path / "kept.sqlite"
    path.write_bytes(sound_cells)
    keep_another(path, value)
    with pytest.raises(BadGrid, match=r"kept\.sqlite: cell a=1, seed=0 is kept as ") as info:
        cell_of(path)
    assert len(str(info.value)) < len(str(path)) + 250
    assert "\n" not in str(info.value)


GRID = """
from office import every_point

POINTS = every_point(a=[1])


def cell(*, seed, a):
    return {"right": (a, 2)}
"""


@pytest.fixture(scope="module")
def kept_by_a_grid(tmp_path_factory):
    """A grid and the file in which its one cell is kept."""
    folder = tmp_path_factory.mktemp("grid")
    (folder / "small.py").write_text(GRID, encoding="utf-8")
    status, output = invoke("grid", folder / "small.py", "--seeds", 1, "--processes", 1, "--keep", folder / "kept")
    assert status == 0, output
    return folder / "small.py", (folder / "kept").read_bytes()


@pytest.mark.parametrize("value", CELLS, ids=lambda value: repr(value)[:20])
def test_a_grid_that_is_to_go_on_from_a_kept_cell_that_is_none_is_refused_in_one_line(tmp_path, kept_by_a_grid, value):
    grid, cells = kept_by_a_grid
    path = tmp_path / "kept.sqlite"
    path.write_bytes(cells)
    keep_another(path, value)
    status, output = invoke("grid", grid, "--seeds", 1, "--processes", 1, "--keep", path)
    assert status == 2
    assert "kept.sqlite: cell a=1, seed=0 is kept as " in output.replace("\n", " ")
    assert "Traceback" not in output


def test_a_damaged_file_of_cells_is_bad_or_says_the_same(tmp_path, sound_cells):
    path = tmp_path / "kept.sqlite"
    path.write_bytes(sound_cells)
    expected, complaints = cell_of(path), []
    for at in range(100, len(sound_cells), len(sound_cells) // 60):
        path.write_bytes(sound_cells[:at] + b"\xff" * 40 + sound_cells[at + 40 :])
        try:
            assert cell_of(path) in (expected, None)
        except BadGrid as error:
            complaints.append(str(error))
    assert complaints
    assert not [text for text in complaints if "\n" in text or str(path) not in text]
