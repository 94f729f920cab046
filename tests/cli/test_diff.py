import json

from tests.cli.command_line import invoke


def test_a_journal_is_the_same_as_itself(journal_file):
    assert invoke("diff", journal_file, journal_file) == (0, "the same: 48 messages, 6 tasks spoken of\n")


def test_two_journals_part_in_the_head_and_then_in_an_entry(journal_file, tmp_path):
    other = tmp_path / "other.jsonl"
    assert invoke("run", "routing", "--journal", other, "--seed", 1, "--mail", "delay 20ms 10ms")[0] == 0
    status, text = invoke("diff", journal_file, other)
    lines = text.splitlines()
    assert (status, lines[0]) == (1, "head, seed")
    assert [line.split()[-1] for line in lines[1:3]] == ["0", "1"]
    assert "head, mail, estimates.inbox" in lines
    assert "mail, row 0" in lines
    at = lines.index("mail, row 0")
    assert lines[at + 1].split()[:2] == [str(journal_file), "line"]
    assert lines[at + 2].split()[:2] == [str(other), "line"]


def test_where_they_part_is_numbers_too(journal_file, doctored_file):
    status, text = invoke("diff", journal_file, doctored_file, "--json", "-")
    findings = json.loads(text)
    assert (status, findings["same"]) == (1, False)
    assert {parting["part"] for parting in findings["partings"]} == {
        "head",
        "mail",
        "losses",
        "work",
        "incidents",
        "learnt",
    }
    assert json.loads(invoke("diff", journal_file, journal_file, "--json", "-")[1]) == {"same": True, "partings": []}


def test_two_journals_are_asked_for(journal_file, tmp_path):
    assert invoke("diff", journal_file)[0] == 2
    assert invoke("diff", journal_file, tmp_path / "nosuch")[0] == 2
    assert invoke("diff", journal_file, journal_file, "--json", "/nowhere/at/all")[0] == 2
