import json

from office import Journal
from office.show import trace_lines
from tests.cli.command_line import invoke


def test_a_journal_is_written_as_a_trace(journal_file, tmp_path):
    file = tmp_path / "trace.json"
    status, text = invoke("trace", journal_file, file)
    assert (status, text) == (0, f"58 slices, 6 flows: open {file} at https://ui.perfetto.dev\n")
    assert file.read_text(encoding="utf-8").splitlines() == list(trace_lines(Journal.load(journal_file)))
    phases = [event["ph"] for event in json.loads(file.read_text(encoding="utf-8"))["traceEvents"]]
    assert (phases.count("B"), phases.count("s")) == (58, 6)


def test_wrong_use_is_told(journal_file, tmp_path):
    assert invoke("trace", journal_file)[0] == 2
    assert invoke("trace", tmp_path / "nosuch", tmp_path / "trace.json")[0] == 2
    status, text = invoke("trace", journal_file, "/nowhere/at/all")
    assert status == 2
    assert "/nowhere/at/all" in text


def test_a_journal_that_does_not_say_the_ends_of_a_link_has_no_trace(endless_file, tmp_path):
    status, text = invoke("trace", endless_file, tmp_path / "trace.json")
    assert (status, 'no desk is named "estimates"' in text) == (2, True)
    assert not (tmp_path / "trace.json").exists()
