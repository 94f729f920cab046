import json
import sys

import pytest

from office.show import PLOTS
from tests.cli.command_line import invoke

OUT_OF_ORDER = ["pending", "latency", "rd", "rbd"]
LEFT_OUT = {"learning": "every loss is 0", **dict.fromkeys(["feedback", "staleness"], "no desk has weights")}


@pytest.fixture(autouse=True)
def _matplotlib():
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")


def test_every_plot_is_in_one_picture_and_what_is_not_there_is_said(journal_file, tmp_path):
    path = tmp_path / "picture.png"
    status, text = invoke("plot", journal_file, "--output", path)
    assert status == 0
    assert text.splitlines() == [
        f"{path}: {', '.join(OUT_OF_ORDER)}",
        *(f"no {name}: {why}" for name, why in LEFT_OUT.items()),
    ]
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_plot_is_chosen_by_name_and_the_kind_of_picture_by_its_suffix(journal_file, tmp_path):
    path = tmp_path / "picture.svg"
    assert invoke("plot", journal_file, "rd", "latency", "--output", path) == (0, f"{path}: rd, latency\n")
    text = path.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "<!-- Latency -->" in text
    assert "<!-- Pending tables -->" not in text


def test_the_picture_is_put_beside_the_journal(tmp_path):
    assert invoke("run", "routing", "--journal", tmp_path / "run.jsonl")[0] == 0
    assert invoke("plot", tmp_path / "run.jsonl")[0] == 0
    assert (tmp_path / "run.png").is_file()


def test_what_is_drawn_and_what_is_not_is_told_as_json_too(journal_file, tmp_path):
    path = tmp_path / "picture.png"
    findings = json.loads(invoke("plot", journal_file, "--output", path, "--of", "*.inbox", "--json", "-")[1])
    assert findings["shown"] == {"latency": ["4 links: median, 10% to 90% (thick), least to most (thin)"]}
    assert findings["left_out"] == {
        "learning": "every loss is 0",
        "feedback": "no desk has weights",
        **dict.fromkeys(["pending", "staleness"], 'no desk fits "*.inbox"'),
        **dict.fromkeys(["rd", "rbd"], "everything came in order"),
    }
    assert findings["file"] == str(path)


def test_the_help_names_every_plot_with_what_it_shows():
    status, text = invoke("plot", "--help")
    assert status == 0
    words = " ".join(text.split())
    for name, plot in PLOTS.items():
        assert f"{name} {plot.shows}" in words


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["rdb"], 'no plot is named "rdb" (plots: learning, feedback, pending, staleness, latency, rd, rbd)'),
        (["learning"], "learning: every loss is 0"),
        (["latency", "--of", "nobody"], 'latency: no link fits "nobody"'),
        (["--output", "picture.xyz"], "xyz"),
        (["--output", "/nowhere/at/all.png"], "there is no folder for it"),
    ],
)
def test_wrong_use_and_nothing_to_draw_exit_with_2_and_say_why(journal_file, arguments, complaint):
    status, text = invoke("plot", journal_file, *arguments)
    assert (status, complaint in text) == (2, True), text


def test_without_its_extra_the_command_names_it(journal_file, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    status, text = invoke("plot", journal_file, "--output", tmp_path / "picture.png")
    assert (status, text) == (2, "a plot needs matplotlib: pip install 'backprop-office[plot]'\n")
