import json

from office import Journal
from office.study import checked
from tests.cli.command_line import invoke


def test_a_journal_of_a_run_passes_every_check_each_on_a_line(journal_file):
    status, text = invoke("check", journal_file)
    assert status == 0
    names = [check.name for check in checked(Journal.load(journal_file))]
    assert [line[8:].partition("  ")[0] for line in text.splitlines()] == names
    assert {line.split()[0] for line in text.splitlines()} == {"ok"}


def test_a_check_that_fails_is_shown_with_the_entry_and_exits_with_1(doctored_file):
    status, text = invoke("check", doctored_file)
    broken = [line for line in text.splitlines() if not line.startswith("ok")]
    assert (status, len(broken)) == (1, 6)
    assert broken[0].startswith("broken  times ")
    assert broken[2].endswith("it took 9.999999 ms, and 10 ms is the least there")
    line = int(broken[2].split()[1].rstrip(":"))
    _, sent, arrived, *_ = json.loads(doctored_file.read_text(encoding="utf-8").splitlines()[line - 1])
    assert arrived - sent == 9_999_999


def test_the_findings_are_numbers_too(doctored_file, tmp_path):
    status, text = invoke("check", doctored_file, "--json", "-")
    findings = json.loads(text)
    assert (status, findings["holds"]) == (1, False)
    assert [check["name"] for check in findings["checks"] if not check["holds"]] == ["times", "promptness"]
    status, text = invoke("check", doctored_file, "--json", tmp_path / "found.json")
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8")) == findings
    assert text.startswith("ok ")


def test_what_is_no_journal_is_wrong_use(tmp_path, journal_file):
    assert invoke("check")[0] == 2
    assert invoke("check", tmp_path / "nosuch")[0] == 2
    assert "nosuch: there is no such journal" in invoke("check", tmp_path / "nosuch")[1]
    assert invoke("check", tmp_path)[0] == 2
    (tmp_path / "text").write_text("text", encoding="utf-8")
    assert invoke("check", tmp_path / "text") == (
        2,
        f"{tmp_path / 'text'}: line 1 is no JSON: Expecting value at character 1\n",
    )
    assert invoke("check", journal_file, "--json", "/nowhere/at/all")[0] == 2


def test_a_journal_that_does_not_say_the_ends_of_a_link_fails_checks(endless_file):
    status, text = invoke("check", endless_file)
    assert (status, "broken" in text) == (1, True)
