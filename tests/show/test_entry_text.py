import pytest

from office.show.entry_text import TABLES, entry_text, sizes
from office.times import exact_time
from tests.study.checks.doctoring import Doctored

JOURNAL = Doctored().journal


@pytest.mark.parametrize("table", TABLES)
def test_every_entry_is_found_on_its_line(table):
    lines, numbers = list(JOURNAL.lines()), JOURNAL.line_numbers()[table]
    size = sizes(JOURNAL)[table]
    assert size > 0
    texts = {entry_text(JOURNAL, JOURNAL.mail, table, row) for row in range(size)}
    assert len(texts) > size / 2
    for row in (0, size // 2, size - 1):
        text, line = entry_text(JOURNAL, JOURNAL.mail, table, row), lines[numbers[row] - 1]
        cells = [cell.strip('"[]') for cell in line.split(",")]
        is_unread = cells[0] in ("lost", "in flight")
        task = {"mail": 3 if is_unread else 4, "losses": 2, "work": 2, "incidents": 4, "learnt": 3}[table]
        assert cells[task] == "null" or f"task {cells[task]}" in text
        time = {"mail": 1, "losses": 1, "work": 3, "incidents": 2, "learnt": 2}[table]
        assert exact_time(int(cells[time])) in text
        assert table != "learnt" or f"{cells[4]} updates late, after {cells[5]} updates" in text
        assert table != "incidents" or cells[3] in text
    with pytest.raises(IndexError):
        entry_text(JOURNAL, JOURNAL.mail, table, size)


def test_an_entry_of_the_mail_says_what_became_of_the_message():
    doctored = Doctored()
    for fate, words in (("came", "arrived at"), ("lost", "lost"), ("under way", "still on its way"), ("copy", "copy ")):
        for row in doctored.on("team/bo.outbox", fate) + doctored.on("team/alex.outbox", fate):
            assert words in entry_text(JOURNAL, JOURNAL.mail, "mail", row)
    doctored.rows[0][4] |= 1
    assert entry_text(doctored.journal, doctored.journal.mail, "mail", 0).endswith("arrived at 10 ms, damaged")
    doctored.rows[0][4] *= -1
    assert "arrived at 10 ms, and lost" in entry_text(doctored.journal, doctored.journal.mail, "mail", 0)
