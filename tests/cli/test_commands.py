"""The command line as a whole."""

import os
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import invoke

COMMANDS = ["list", "run", "grid", "check", "why", "diagram", "diff", "plot", "report", "trace", "reordering"]


def test_help_names_every_command_with_what_it_does():
    status, text = invoke("--help")
    assert status == 0
    told_of = [line.split() for line in text.splitlines()]
    assert [words[1] for words in told_of if len(words) > 2 and words[1] in COMMANDS] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own(command):
    status, text = invoke(command, "--help")
    assert (status, f"Usage: root {command}" in text) == (0, True)


def test_python_m_office_is_the_office_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["office", "list"])
    with pytest.raises(SystemExit) as done:
        runpy.run_module("office", run_name="__main__")
    assert done.value.code == 0
    assert "routing" in capsys.readouterr().out


def test_without_typer_the_office_command_names_the_extra(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "typer", None)
    for name in [name for name in sys.modules if name.partition("office.cli")[1]]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit) as done:
        runpy.run_module("office", run_name="__main__")
    assert done.value.code == 2
    assert "pip install 'backprop-office[cli]'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--no-color", "reordering", "2", "1"], ["reordering", "2", "--no-color", "1"]])
def test_no_color_may_stand_anywhere_and_means_what_it_means_in_the_environment(words, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "")
    assert invoke("reordering", "2", "1") == invoke(*words)
    assert os.environ["NO_COLOR"] == "1"


@pytest.mark.parametrize("command", [["reordering", "1", "3"], ["list"], ["reordering", "1", "3", "--json", "-"]])
def test_who_has_read_enough_hears_no_complaint(command):
    reader, writer = os.pipe()
    os.close(reader)
    call = [sys.executable, "-m", "office", *command]
    done = subprocess.run(call, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.stderr == b""


@pytest.mark.parametrize("command", [["list"], ["run", "routing"], ["new", "mine.py"]])
def test_where_output_is_closed_nothing_is_complained_of(command, tmp_path):
    line = f"{shlex.join([sys.executable, '-m', 'office', *command])} >&-"
    done = subprocess.run(["sh", "-c", line], check=False, cwd=tmp_path, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("command", ["list", "reordering 1 3", "reordering 1 3 --json -", "run routing", "why J"])
def test_a_full_disk_is_told_of_in_one_line(command, journal_file):
    arguments = command.replace("J", f"{journal_file} 1").split()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "office", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (2, "No space left on device\n")
