from functools import cache

import numpy as np
import pytest

from office import Client, Team, all_at_once, every, in_turn, simulate
from office.show.page.page import watch
from office.show.page.stretches import stretches
from office.show.page.watched import FATES, busy_end
from office.study import mail_books, why
from tests.show.page.offices import mixed
from tests.show.page.test_packing import unpacked
from tests.study.checks.doctoring import Doctored
from tests.study.journals import clerk


@cache
def long_run(arrivals=None):
    client = Client(
        [(1.0, None)] * 1000, lambda output, target: (0.5, 1.0), arrivals=arrivals or every("1ms"), keep=False
    )
    team = Team([clerk("alex"), clerk("bo")], "team", allocate=in_turn)
    return simulate(team, client, mail="delay 5ms 4ms loss 1%").journal


def column(table, name):
    return unpacked(table[name])


def test_a_short_run_is_there_whole_and_a_busy_part_is_no_second_copy():
    journal = mixed()
    *_, whole = stretches(watch(journal))
    mail, order = journal.mail, np.argsort(journal.mail.sent, kind="stable")
    assert column(whole["mail"], "sent").tolist() == mail.sent[order].tolist()
    came = mail.arrived[order] >= 0
    assert column(whole["mail"], "took")[came].tolist() == (mail.arrived - mail.sent)[order][came].tolist()
    ids = [whole["tasks"][task] for task in column(whole["mail"], "task").tolist()]
    assert ids == [journal.task_id(code) for code in mail.task[order].tolist()]
    assert (whole["begin"], whole["every"], whole["first"], whole["last"]) == (0, 1, 1, len(journal))
    assert whole["end"] == watch(journal).run_end


def test_fates_are_those_of_the_books():
    journal = mixed()
    fates = column(stretches(watch(journal))[-1]["mail"], "fate")
    counted = dict(zip(FATES, np.bincount(fates, minlength=5).tolist(), strict=True))
    books = mail_books(journal).values()
    names = {"read": "read", "repeat": "repeats", "damaged": "damaged", "lost": "lost", "on its way": "on_its_way"}
    assert counted == {fate: sum(getattr(book, name) for book in books) for fate, name in names.items()}
    assert all(counted[fate] for fate in FATES[:4])


def test_a_long_run_is_there_in_three_stretches_with_all_that_is_on_its_way_in_them():
    journal, watched = long_run(), watch(long_run())
    found = stretches(watched, most=1800)
    mail = journal.mail
    assert [one["name"] for one in found] == ["beginning", "middle", "end"]
    assert found[0]["begin"] == 0
    assert found[2]["end"] == watched.run_end
    for one in found:
        assert one["last"] - one["first"] + 1 == pytest.approx(600, abs=10)
        there = (mail.sent <= one["end"]) & (np.where(mail.arrived < 0, mail.sent, mail.arrived) >= one["begin"])
        assert len(column(one["mail"], "sent")) == np.count_nonzero(there)
        about = {task: int(np.count_nonzero(mail.task == task)) for task in one["tasks"]}
        assert column(one, "of").tolist() == list(about.values())
    for desk, occupancy in enumerate(watched.pending):
        for one in found:
            steps = one["pending"][desk]
            time, count = column(steps, "time") + one["begin"], column(steps, "count")
            for when in np.linspace(one["begin"], one["end"], 50).astype(int):
                expected = occupancy.counts[np.searchsorted(occupancy.times, when, side="right") - 1]
                assert count[np.searchsorted(time, when, side="right") - 1] == expected


def test_where_all_is_on_its_way_at_once_there_are_the_whole_lives_of_every_nth_task():
    journal = long_run(all_at_once())
    (one,) = stretches(watch(journal), most=1400)
    assert one["every"] > 1
    assert len(column(one["mail"], "sent")) <= 1400 * 3 // 2
    assert one["on_their_way"] == len(journal)
    for place, task in enumerate(one["tasks"][:10]):
        assert (
            np.count_nonzero(column(one["mail"], "task") == place)
            == column(one, "of")[place]
            == len(why(journal, task).hops)
        )


def test_what_was_said_heard_worked_and_suffered_is_there():
    journal = mixed()
    one = stretches(watch(journal))[-1]
    said = [(time, task) for time, task, _ in journal.said]
    tasks = [one["tasks"][task] for task in column(one["said"], "task").tolist()]
    assert list(zip(column(one["said"], "time").tolist(), tasks, strict=True)) == said
    assert column(one["said"], "loss").tolist() == pytest.approx([loss for _, _, loss in journal.said])
    learnt = sorted((row.time, row.staleness) for rows in journal.learnt.values() for row in rows)
    heard = set(zip(column(one["heard"], "time").tolist(), column(one["heard"], "late").tolist(), strict=True))
    assert set(learnt) <= heard
    sizes = np.column_stack([column(one["heard"], way) for way in ("from_above", "to_below")])
    told = [(row.from_above, row.to_below) for rows in journal.learnt.values() for row in rows]
    assert sorted(sizes[~np.isnan(sizes).any(axis=1)].tolist()) == sorted(map(list, told))
    assert len(sizes) > len(told)  # desks without weights tell nothing
    assert len(column(one["work"], "time")) == sum(map(len, journal.work.values()))
    assert len(column(one["incidents"], "time")) == sum(map(len, journal.incidents.values()))
    assert {"stalled", "back"} <= set(one["incidents"]["kinds"])


def test_tasks_may_have_any_numbers_and_what_is_heard_of_another_stretch_is_not_there():
    there = Doctored(mixed())
    there.rows = [[*row[:3], -1 if row[3] == 7 else -2 - row[3], row[4]] for row in there.rows]
    there.learnt = {
        desk: [row._replace(task_id=-1 if row.task_id == 7 else -2 - row.task_id) for row in rows]
        for desk, rows in there.learnt.items()
    }
    one = stretches(watch(there.journal), most=1)[0]
    assert 0 < len(one["tasks"]) < len({row[3] for row in there.rows})
    assert set(column(one["heard"], "task").tolist()) <= set(range(len(one["tasks"])))


def test_a_run_is_busy_until_its_end_unless_almost_all_is_over_long_before():
    mail = mixed().mail
    last = int(mail.arrived.max())
    assert busy_end(mail, last) == last
    long_after = 100 * last
    busy = busy_end(mail, long_after)
    assert busy <= last
    moments = np.concatenate([mail.sent, mail.arrived[mail.arrived >= 0]])
    assert np.mean(moments <= busy) == pytest.approx(0.99, abs=0.01)
