from functools import cache

import numpy as np
import pytest

from office import Client, Team, all_at_once, every, in_turn, simulate
from office.show.page.page import watch
from office.show.page.stretches import stretches
from office.study import why
from tests.show.page.offices import mixed
from tests.show.page.test_packing import unpacked
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
    assert column(whole["mail"], "fate").tolist() == watch(journal).fate[order].tolist()
    assert column(whole["mail"], "took")[came].tolist() == (mail.arrived - mail.sent)[order][came].tolist()
    ids = [whole["tasks"][task] for task in column(whole["mail"], "task").tolist()]
    assert ids == [journal.task_id(code) for code in mail.task[order].tolist()]
    assert (whole["begin"], whole["every"], whole["first"], whole["last"]) == (0, 1, 1, len(journal))
    assert whole["end"] == watch(journal).run_end


def test_a_long_run_is_there_in_three_stretches_with_all_that_is_on_its_way_in_them():
    journal, watched = long_run(), watch(long_run())
    parts = stretches(watched, limit=1800)
    mail = journal.mail
    assert [part["name"] for part in parts] == ["beginning", "middle", "end"]
    assert parts[0]["begin"] == 0
    assert parts[2]["end"] == watched.run_end
    for part in parts:
        assert part["last"] - part["first"] + 1 == pytest.approx(600, abs=10)
        inside = (mail.sent <= part["end"]) & (np.where(mail.arrived < 0, mail.sent, mail.arrived) >= part["begin"])
        assert len(column(part["mail"], "sent")) == np.count_nonzero(inside)
        about = {task: int(np.count_nonzero(mail.task == task)) for task in part["tasks"]}
        assert column(part, "of").tolist() == list(about.values())
    for desk, occupancy in enumerate(watched.pending):
        for part in parts:
            steps = part["pending"][desk]
            time, count = column(steps, "time") + part["begin"], column(steps, "count")
            for when in np.linspace(part["begin"], part["end"], 50).astype(int):
                expected = occupancy.counts[np.searchsorted(occupancy.times, when, side="right") - 1]
                assert count[np.searchsorted(time, when, side="right") - 1] == expected


def test_where_all_is_on_its_way_at_once_there_are_the_whole_lives_of_every_nth_task():
    journal = long_run(all_at_once())
    (part,) = stretches(watch(journal), limit=1400)
    assert part["every"] > 1
    assert len(column(part["mail"], "sent")) <= 1400 * 3 // 2
    assert part["on_their_way"] == len(journal)
    for place, task in enumerate(part["tasks"][:10]):
        assert (
            np.count_nonzero(column(part["mail"], "task") == place)
            == column(part, "of")[place]
            == len(why(journal, task).hops)
        )
