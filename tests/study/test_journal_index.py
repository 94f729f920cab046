import numpy as np

from office import Journal
from office.study.journal_index import NO_TASK, JournalIndex
from tests.study.checks.doctoring import Doctored
from tests.study.journals import INBOX, OUTBOX, clerk, made_up, run


def test_a_task_id_has_the_place_that_its_messages_have():
    index = JournalIndex(
        made_up([(0, 1, INBOX, "tea"), (1, 2, INBOX, 7), (2, 3, INBOX, -(2**63)), (3, 4, OUTBOX, "tea")])
    )
    assert index.places(["tea", 7, -(2**63), "tea"]).tolist() == index.task.tolist()
    assert index.places(["rice", 8, None, -1, "7"]).tolist() == [NO_TASK] * 5
    assert JournalIndex(made_up([(0, 1, INBOX, -1)])).places([None, -1]).tolist() == [NO_TASK, 0]
    assert JournalIndex(made_up([(0, 1, INBOX, "tea")])).places([-1]).tolist() == [NO_TASK]
    assert JournalIndex(Journal()).places([1, None]).tolist() == [NO_TASK] * 2
    assert JournalIndex(Journal()).places([]).tolist() == []


def test_incidents_are_numbered_as_in_the_file_and_known_by_desk_and_task():
    doctored = Doctored()
    index = JournalIndex(doctored.journal)
    rows, moments = index.incidents("stray", "forgotten")
    lines = [row for row in doctored.journal.lines() if '"stray"' in row or '"forgotten"' in row]
    assert len(rows) == len(lines) > 10
    alone = [row for row in index.incident_rows if row[3] in ("stray", "forgotten")]
    assert moments.times.tolist() == [time for _, _, time, _, _ in alone]
    bo = doctored.desks.index("team/bo")
    forgotten = next(row for row in alone if row[1] == bo)
    letter = doctored.about(forgotten[4], "team/bo.inbox")
    assert index.key(np.array([bo]), np.array([letter])).tolist() == [moments.keys[alone.index(forgotten)]]
    assert len(index.incidents()[0]) == sum(row[4] is not None for row in index.incident_rows)


def test_incidents_over_tasks_that_there_is_no_mail_about_are_left_out():
    doctored = Doctored()
    before = len(JournalIndex(doctored.journal).incidents("stray")[0])
    doctored.incidents["team"].append((10**9, "stray", "no such task"))
    assert len(JournalIndex(doctored.journal).incidents("stray")[0]) == before


def test_the_staff_are_the_desks_of_the_chart():
    assert JournalIndex(Doctored().journal).staff == ["team", "team/alex", "team/bo"]
    assert JournalIndex(run(clerk("zoe"), tasks=0).journal).staff == ["zoe"]
