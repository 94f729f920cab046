from xml.etree import ElementTree as ET

import pytest

from office import Journal
from office.show import mermaid_diagram, svg_diagram, text_diagram
from office.study import diagram
from tests.cli.command_line import invoke


def test_a_journal_is_drawn_as_text_if_nothing_else_is_said(journal_file):
    text = text_diagram(Journal.load(journal_file))
    assert invoke("diagram", journal_file) == (0, f"{text}\n")
    assert text.count("overtakes") > 2


@pytest.mark.parametrize(("form", "draw"), [("svg", svg_diagram), ("mermaid", mermaid_diagram)])
def test_other_forms_go_to_standard_output_or_to_a_file(journal_file, tmp_path, form, draw):
    expected = draw(Journal.load(journal_file))
    assert invoke("diagram", journal_file, "--format", form) == (0, expected)
    assert invoke("diagram", journal_file, "--format", form, "--output", tmp_path / "it") == (0, "")
    assert (tmp_path / "it").read_bytes() == expected.encode()
    assert form == "mermaid" or ET.fromstring(expected).tag.endswith("svg")  # noqa: S314  our own


def test_times_and_tasks_choose_what_is_drawn(journal_file):
    journal = Journal.load(journal_file)
    for options, part in [
        (("--from", "50ms", "--to", "70ms"), diagram(journal, 50_000_000, 70_000_000)),
        (("--task", 3, "--task", 5), diagram(journal, tasks=(3, 5))),
        (("--to", "30ms", "--task", 1), diagram(journal, end=30_000_000, tasks=(1,))),
        (("--from", "1s"), diagram(journal, 10**9)),
    ]:
        assert invoke("diagram", journal_file, *options) == (0, text_diagram(part) + "\n")


@pytest.mark.parametrize("form", ["text", "svg", "mermaid"])
def test_what_is_not_drawn_is_said_in_the_picture_and_beside_it_with_what_to_do(journal_file, tmp_path, form):
    status, text = invoke("diagram", journal_file, "--most", 7, "--format", form, "--output", tmp_path / "it")
    assert status == 0
    assert text == (
        "drawn are the first 7 messages, of 48: choose by --from, --to and --task, or draw more by --most\n"
    )
    assert "drawn are the first 7 messages, of 48" in (tmp_path / "it").read_text(encoding="utf-8")


def test_the_width_is_what_is_asked_for(journal_file):
    journal = Journal.load(journal_file)
    assert invoke("diagram", journal_file, "--width", 120) == (0, text_diagram(journal, 120) + "\n")
    assert text_diagram(journal, 120) != text_diagram(journal)


def test_too_long_a_text_for_mermaid_is_told(journal_file, monkeypatch):
    monkeypatch.setattr("office.cli.diagram.MERMAID_LIMIT", 100)
    status, text = invoke("diagram", journal_file, "--format", "mermaid")
    assert status == 0
    assert "Mermaid wants maxTextSize for more than 100 characters: 3," in text


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--task", "tea"), "about task 'tea' (tasks: 0, 1, 2, 3, 4, 5)"),
        (("--from", "3x"), 'unknown unit "x" in "3x"'),
        (("--from", "2s", "--to", "1s"), "--to 1s is before --from 2s"),
        (("--format", "png"), "'png' is not one of"),
        (("--most", "0"), "--most"),
        (("--output", "/nowhere/at/all"), "/nowhere/at/all"),
    ],
)
def test_wrong_use_is_told(journal_file, options, complaint):
    status, text = invoke("diagram", journal_file, *options)
    assert status == 2
    assert complaint in text


def test_what_is_no_journal_is_wrong_use(tmp_path):
    assert invoke("diagram", tmp_path / "nosuch")[0] == 2
