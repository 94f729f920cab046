import numpy as np
import pytest

from office.show.page.page import watch
from office.show.page.stretches import stretches
from tests.show.page.offices import mixed
from tests.show.page.test_stretches import column
from tests.study.checks.doctoring import Doctored


def test_what_was_said_heard_worked_and_suffered_is_there():
    journal = mixed()
    stretch = stretches(watch(journal))[-1]
    losses = [(time, task) for time, task, _ in journal.losses]
    tasks = [stretch["tasks"][task] for task in column(stretch["said"], "task").tolist()]
    assert list(zip(column(stretch["said"], "time").tolist(), tasks, strict=True)) == losses
    assert column(stretch["said"], "loss").tolist() == pytest.approx([loss for _, _, loss in journal.losses])
    learnt = sorted((row.time, row.staleness) for rows in journal.learnt.values() for row in rows)
    heard = set(zip(column(stretch["heard"], "time").tolist(), column(stretch["heard"], "late").tolist(), strict=True))
    assert set(learnt) <= heard
    sizes = np.column_stack([column(stretch["heard"], way) for way in ("from_above", "to_below")])
    feedback = [(row.from_above, row.to_below) for rows in journal.learnt.values() for row in rows]
    assert sorted(sizes[~np.isnan(sizes).any(axis=1)].tolist()) == sorted(map(list, feedback))
    assert len(sizes) > len(feedback)  # desks without weights tell nothing
    assert len(column(stretch["work"], "time")) == sum(map(len, journal.work.values()))
    assert len(column(stretch["incidents"], "time")) == sum(map(len, journal.incidents.values()))
    assert {"stalled", "back"} <= set(stretch["incidents"]["kinds"])


def test_tasks_may_have_any_numbers_and_what_is_heard_of_another_stretch_is_not_there():
    doctored = Doctored(mixed())
    doctored.rows = [[*row[:3], -1 if row[3] == 7 else -2 - row[3], *row[4:]] for row in doctored.rows]
    doctored.learnt = {
        desk: [row._replace(task_id=-1 if row.task_id == 7 else -2 - row.task_id) for row in rows]
        for desk, rows in doctored.learnt.items()
    }
    stretch = stretches(watch(doctored.journal), limit=1)[0]
    assert 0 < len(stretch["tasks"]) < len({row[3] for row in doctored.rows})
    assert set(column(stretch["heard"], "task").tolist()) <= set(range(len(stretch["tasks"])))
