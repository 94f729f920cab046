"""What a person at a terminal sees while a scenario runs, on a pseudo-terminal."""

import json
import os
import subprocess
import sys
import threading

import pytest

from office import Client, every, simulate
from office.cli import status_line as module
from office.cli.live_view import live_view
from office.cli.progress import progress
from office.cli.status_line import status_line
from tests.cli.screens import COLOURS, Screen
from tests.study.journals import clerk

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

SCENARIO = '''"""Two runs that wait till somebody can have seen them, if anybody watches.

Covers: nothing.
Scenario: nothing.
"""

import sys
import time
import warnings

from office import Client, Worker, every, simulate
from office.cli import status_line

TASKS = 500


def seen(what, place):
    """Wait till that has been drawn of a run, where bars are."""
    until, line = time.monotonic() + 20, status_line._current
    while line and time.monotonic() < until:
        bars = [bar.description for bar in line.bars.tasks]
        if bars == [f"run {place + 1}"] and any(what in text for text in line.lines):
            break
        time.sleep(0.01)


def main(seed=0, mail=None, journal=None):
    for place in range(2):
        said = 0

        def feedback(output, target):
            nonlocal said
            said += 1
            if said == 300:
                seen("messages/s", place)
                print("more than half", end=" " if place else "\\n")
                if place:
                    print("is", "done")
                warnings.warn("mind the step")
                seen("loss 0.5", place)
            return 0.5, 1.0

        alex = Worker(lambda task: (task, lambda feedback: feedback), "alex")
        client = Client([(0.0, None)] * TASKS, feedback, arrivals=every("5ms"), keep=False)
        run = simulate(alex, client, mail="delay 10ms")
        print(f"{len(run.journal)} messages")
    return {"holds": True}
'''


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenarios") / "watched.py"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def watched(scenario):
    """What is written to a terminal while it runs, and its exit status."""
    return at_a_terminal("run", scenario)


ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLORTERM")
} | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "30", "PYTHONWARNINGS": "default"}


def at_a_terminal(*words, stdout=None, **environment):
    """What the office command writes to a terminal, and its exit status; standard output may go elsewhere."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "office", *words],
        stdin=theirs, stdout=theirs if stdout is None else stdout, stderr=theirs, env=ENVIRONMENT | environment,
    )  # fmt: skip
    os.close(theirs)
    written = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        written += data
    os.close(ours)
    return written.decode("utf-8"), process.wait(60)


def piped(*words):
    """The same words, without a terminal: what goes to standard output, and to standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "office", *words],
        capture_output=True, text=True, encoding="utf-8", env=ENVIRONMENT, check=True,
    )  # fmt: skip
    return done.stdout, done.stderr


def screens(written):
    """The screen after each piece that was written, of a line at most."""
    screen = Screen()
    for piece in written.splitlines(keepends=True):
        screen.write(piece)
        yield screen.text, screen


def test_a_run_is_watched_while_it_goes_on_and_then_only_what_it_printed_is_left(scenario, watched):
    written, status = watched
    seen = [text for text, _ in screens(written)]
    *_, (last, screen) = screens(written)
    lines = [line for text in seen for line in text.splitlines()]
    for what in ("run 1 ━", "run 2 ━", "s of virtual time, ", " messages/s, ", " tasks in flight", "loss 0.5"):
        assert any(what in line for line in lines), what
    assert status == 0
    assert screen.cursor_shown
    stdout, stderr = piped("run", scenario)
    assert "virtual time" not in stdout + stderr
    (warning,) = {line for line in stderr.splitlines() if line.endswith("mind the step")}
    shown = [line for line in last.splitlines() if not line.endswith("mind the step") and "warnings.warn" not in line]
    assert shown == stdout.splitlines()
    assert any(line.endswith(warning) for line in last.splitlines())


def test_whatever_is_printed_while_bars_are_there_is_printed_whole(watched):
    for text, _ in screens(watched[0]):
        for line in text.splitlines():
            assert "more than half" not in line or line in ("more than half", "more than half is done")


@pytest.mark.thorough
def test_a_pipe_gets_what_it_always_did_while_the_terminal_shows_the_run(scenario, tmp_path):
    with (tmp_path / "out").open("wb") as out:
        written, status = at_a_terminal("run", scenario, "--json", "-", stdout=out)
    assert (status, json.loads((tmp_path / "out").read_text(encoding="utf-8"))) == (0, {"holds": True})
    assert any("messages/s" in text for text, _ in screens(written))
    with (tmp_path / "out").open("wb") as out:
        at_a_terminal("run", scenario, stdout=out)
    assert (tmp_path / "out").read_text(encoding="utf-8") == piped("run", scenario)[0]


@pytest.mark.parametrize("asked", [{"NO_COLOR": "1"}, "--no-color"])
def test_no_color_leaves_the_view_and_no_colours(scenario, watched, asked):
    words, environment = (["--no-color"], {}) if isinstance(asked, str) else ([], asked)
    written, _ = at_a_terminal("run", scenario, *words, **environment)
    assert any("messages/s" in text for text, _ in screens(written))
    assert set(COLOURS.findall(written)) <= {"\x1b[0m", "\x1b[1m", "\x1b[m"}
    assert len(set(COLOURS.findall(watched[0]))) > 3


def test_without_a_terminal_nothing_is_watched(capsys):
    with live_view():
        assert module._current is None
        assert threading.active_count() == 1
    assert capsys.readouterr() == ("", "")


def a_run(look):
    client = Client([(0.0, None)] * 40, lambda _output, _target: (look(), (1.0, 1.0))[1], arrivals=every("3ms"))
    simulate(clerk("alex"), client, mail="delay 10ms")


def test_a_run_that_is_over_lingers_for_a_moment_so_that_nothing_flickers(to_a_screen, monkeypatch):
    screen, now = to_a_screen(), [0.0]
    monkeypatch.setattr("office.cli.live_view.monotonic", lambda: now[0])
    with live_view(), status_line() as line:
        a_run(line.live.refresh)
        seen = screen.text
        assert seen.startswith("run ")
        assert seen.endswith(" tasks in flight, loss 1")
        now[0] = 0.2
        line.live.refresh()
        assert screen.text == seen
        now[0] = 0.4
        line.live.refresh()
        assert screen.text == ""


def test_messages_a_second_are_those_of_the_latest_looks(to_a_screen, monkeypatch):
    screen, ticks = to_a_screen(), iter(range(10**6))
    monkeypatch.setattr("office.cli.live_view.monotonic", lambda: float(next(ticks)))
    rates = []

    def look():
        line.live.refresh()
        last = screen.text.splitlines()[-1]
        rates.append(last.partition(" messages/s")[0].rpartition(" ")[2] if "messages/s" in last else None)

    with live_view(), status_line() as line:
        a_run(look)
    assert rates[0] is None
    assert all(float(rate) >= 0 for rate in rates[1:])
    assert any(float(rate) > 0 for rate in rates[1:])


def test_a_bar_of_a_scenario_stands_with_the_runs(to_a_screen):
    screen = to_a_screen()
    with live_view(), progress("cells") as show, status_line() as line:
        show(1, 2)
        a_run(line.live.refresh)
        assert [line.split()[0] for line in screen.text.splitlines()][:2] == ["cells", "run"]
    assert screen.text == ""
