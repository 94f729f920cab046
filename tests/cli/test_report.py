import re
import shlex
import sys

import pytest

from office import Journal
from office.show import replay_page
from tests.cli.command_line import invoke


def command_of(page):
    """The command that a page says it can be made with again."""
    command = re.search(r'<pre id="command"[^>]*>(.*?)</pre>', page.read_text(encoding="utf-8"))[1]
    return shlex.split(command.replace("&#39;", "'").replace("&gt;", ">"))


def test_a_journal_becomes_a_page_and_the_same_bytes_each_time(journal_file, tmp_path):
    pages = tmp_path / "one.html", tmp_path / "other.html"
    for page in pages:
        assert invoke("report", journal_file, page) == (0, "")
    assert pages[0].read_bytes() == pages[1].read_bytes()
    expected = replay_page(Journal.load(journal_file), title="routing", command="office report routing.jsonl page.html")
    assert pages[0].read_text(encoding="utf-8") == expected


def test_a_run_has_a_page_and_prints_what_it_always_does(tmp_path):
    page, journal = tmp_path / "page.html", tmp_path / "run.jsonl"
    options = ["--mail", "delay 20ms 10ms", "--seed", "3"]
    without = invoke("run", "routing", *options)
    assert invoke("run", "routing", *options, "--report", page, "--journal", journal) == without
    alone = tmp_path / "alone.html"
    assert invoke("run", "routing", *options, "--report", alone) == without
    assert alone.read_bytes() == page.read_bytes()
    assert len(Journal.load(journal)) == 48
    assert "<h1>routing: Feedback out of order finds whoever did the task.</h1>" in page.read_text(encoding="utf-8")


def test_the_command_in_the_page_makes_the_page_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = tmp_path / "first.html"
    assert invoke("run", "routing", "--report", first, "--mail", "*.inbox=delay 9ms 5ms", "--mail", "delay 1ms")[0] == 0
    office, *arguments = command_of(first)
    assert office == "office"
    assert invoke(*arguments)[0] == 0
    assert (tmp_path / "page.html").read_bytes() == first.read_bytes()


def test_how_much_is_replayed_may_be_said_and_stands_in_the_command(journal_file, tmp_path):
    page = tmp_path / "page.html"
    assert invoke("report", journal_file, page, "--most", 40)[0] == 0
    assert command_of(page) == ["office", "report", "routing.jsonl", "page.html", "--most", "40"]


@pytest.mark.parametrize("command", [["report", "nosuch.jsonl"], ["run", "routing", "--report"]])
def test_without_jinja2_it_names_the_extra_and_runs_nothing(command, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    hint = "a report needs jinja2: pip install 'backprop-office[report]'\n"
    assert invoke(*command, tmp_path / "page.html") == (2, hint)


def test_wrong_use_exits_with_2_and_says_what_is_wrong(journal_file, tmp_path):
    status, text = invoke("report", tmp_path / "nosuch.jsonl", tmp_path / "page.html")
    assert (status, "there is no such journal" in text) == (2, True)
    status, text = invoke("report", journal_file, tmp_path / "nowhere" / "page.html")
    assert (status, "there is no folder for it" in text) == (2, True)
    status, text = invoke("run", "routing", "--report", tmp_path / "nowhere" / "page.html")
    assert (status, text.count("\n")) == (2, 1)  # before the scenario has printed anything
    assert invoke("report", journal_file)[0] == 2


def test_a_scenario_that_saves_no_journal_has_no_page(tmp_path):
    script = tmp_path / "silent.py"
    script.write_text('"""Nothing."""\n\n\ndef main(seed, mail, journal):\n    return {}\n', encoding="utf-8")
    status, text = invoke("run", script, "--report", tmp_path / "page.html")
    assert (status, "saved no journal" in text) == (2, True)
    assert not (tmp_path / "page.html").exists()
