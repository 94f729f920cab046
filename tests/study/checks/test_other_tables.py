"""What cannot have been said, done or befallen is found by the check that is for it, which names the row."""

import pytest

from office import Client, Stall, Team, simulate
from tests.study.checks.doctoring import Doctored
from tests.study.journals import clerk, run


def learnt(change):
    doctored = Doctored()
    change(doctored.learnt["team/alex"])
    return doctored.broken, str(doctored.check("learning"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda row: row._replace(task_id="no such task"), "no feedback on this task had come"),
        (lambda row: row._replace(task_id=58), "no feedback on this task had come"),
        (lambda row: row._replace(time=row.time - 1), "no feedback on this task had come"),
        (lambda row: row._replace(staleness=row.updates + 1), "it is later than there had been updates"),
        (lambda row: row._replace(staleness=0, updates=0), "it stands after what was learnt later"),
    ],
)
def test_what_cannot_have_been_learnt_is_named(change, why):
    def at_row_two(rows):
        rows[2] = change(rows[2])

    broken, text = learnt(at_row_two)
    assert broken >= {"learning": [2]}
    assert why in text


def test_learning_in_the_wrong_order_is_named():
    def change(rows):
        rows[2], rows[3] = rows[3], rows[2]

    broken, text = learnt(change)
    assert broken >= {"learning": [3]}
    assert "it stands after what was learnt later" in text


def test_learning_twice_from_one_feedback_is_named():
    broken, text = learnt(lambda rows: rows.insert(3, rows[2]))
    assert broken >= {"learning": [3]}
    assert "not that often" in text


def losses_changed(change):
    doctored = Doctored()
    change(doctored.losses)
    return doctored.broken, str(doctored.check("said"))


def test_a_word_on_a_result_that_had_not_come_is_named():
    def change(rows):
        rows[0] = (rows[0][0] - 5_000_001, *rows[0][1:])

    broken, text = losses_changed(change)
    assert broken >= {"said": [0]}
    assert "its result had not come" in text


def test_a_word_that_was_in_the_mail_before_it_was_said_is_named():
    def change(rows):
        rows[10] = (rows[10][0] + 1, *rows[10][1:])

    assert losses_changed(change)[0] >= {"said": [10]}


def test_a_word_that_nobody_was_told_is_named():
    broken, text = losses_changed(lambda rows: rows.insert(10, (rows[9][0], 0, 0.5)))
    assert broken >= {"said": [10]}
    assert "no feedback on it was sent then" in text


def test_a_word_on_a_task_that_there_is_no_mail_about_is_named():
    broken, _ = losses_changed(lambda rows: rows.append((rows[-1][0], "no such task", 0.5)))
    assert broken >= {"said": [len(Doctored().losses)]}


def test_words_in_the_wrong_order_are_named():
    def change(rows):
        rows[10], rows[11] = rows[11], rows[10]

    broken, text = losses_changed(change)
    assert set(broken) == {"said"}
    assert "it stands after a later loss" in text


@pytest.mark.parametrize(
    ("change", "row", "why"),
    [
        (lambda task, begin, end: (task, begin, begin), 5, "it ends no later than it begins"),
        (lambda task, begin, end: (task, begin, end + 10**8), 6, "the work before it was not done yet"),
        (lambda task, begin, end: ("no such task", begin, end), 5, "no letter about this task had come"),
        (lambda task, begin, end: (50, begin, end), 5, "no letter about this task had come"),
    ],
)
def test_work_that_cannot_have_been_done_is_named(change, row, why):
    doctored = Doctored()
    doctored.work["team/alex"][5] = change(*doctored.work["team/alex"][5])
    assert doctored.broken >= {"work": [row]}
    assert why in str(doctored.check("work"))


def test_work_on_a_task_that_there_is_no_mail_about_is_named_also_at_the_end():
    doctored = Doctored(run(Team([clerk("alex"), clerk("bo", answer_time="1ms")], "team")).journal)
    end = doctored.work["team/bo"][-1][2]
    doctored.work["team/bo"].append(("no such task", end, end + 1))
    assert doctored.broken >= {"work": [len(doctored.work["team/bo"]) - 1]}


def befallen(desk, add):
    """The rows named where an incident is added at its place in time: time, what, task."""
    doctored = Doctored()
    rows = doctored.incidents[desk]
    place = next((place for place, row in enumerate(rows) if row[0] > add[0]), len(rows))
    rows.insert(place, add)
    before = sum(len(doctored.incidents.get(other, ())) for other in doctored.desks[: doctored.desks.index(desk)])
    return doctored.broken, before + place


@pytest.mark.parametrize(
    ("desk", "incident"),
    [
        ("team", (10**8, "stray", 50)),
        ("team", (10**8, "results expired", 49)),
        ("team", (10**8, "feedback expired", 49)),
        ("team", (10**8, "replies expired", 49)),
        ("team/bo", (10**8, "forgotten", 30)),
        ("team/bo", (10**8, "back", None)),
        ("team/alex", (86 * 10**6, "stalled", None)),
    ],
)
def test_what_cannot_have_befallen_a_desk_is_named(desk, incident):
    broken, row = befallen(desk, incident)
    assert row in broken["incidents"]
    assert set(broken) <= {
        "incidents",
        "books of the desks",
        "timetable",
        "waiting",
        "strays",
        "what follows",
        "promptness",
        "downtime",
        "answers",
    }


def test_incidents_in_the_wrong_order_are_named():
    doctored = Doctored()
    rows = doctored.incidents["team/bo"]
    finding, other = [place for place, row in enumerate(rows) if row[1] == "stray"][:2]
    assert rows[finding][0] < rows[other][0]
    rows[finding], rows[other] = rows[other], rows[finding]
    before = sum(len(doctored.incidents.get(desk, ())) for desk in ("team", "team/alex"))
    assert doctored.broken >= {"incidents": [before + other]}


def test_a_message_from_a_desk_that_is_down_is_named():
    doctored = Doctored()
    rows = doctored.incidents["team/bo"]
    back = next(place for place, row in enumerate(rows) if row[1] == "back")
    time = rows[back][0]
    rows[back] = (time + 1, "back", None)
    sent = [row for link in ("outbox", "feedback_to_below") for row in doctored.on(f"team/bo.{link}")
            if doctored.rows[row][0] == time and abs(doctored.rows[row][4]) % 64 < 2]  # fmt: skip
    assert sent
    assert doctored.broken >= {"downtime": sorted(sent)}
    assert "its sender was down" in str(doctored.check("downtime"))


def test_what_a_desk_finishes_in_the_instant_in_which_it_stalls_is_sent():
    client = Client([(1.0, None)], lambda output, target: (0.0, 1.0))
    faults = [Stall("alex", "15ms", "30ms")]
    doctored = Doctored(simulate(clerk("alex", answer_time="5ms"), client, mail="delay 10ms", faults=faults).journal)
    assert [doctored.rows[row][0] for row in doctored.on("alex.outbox")] == [doctored.incidents["alex"][0][0]]
    assert doctored.broken == {}


def test_a_desk_that_never_came_back_sends_nothing_more():
    doctored = Doctored()
    rows = doctored.incidents["team/bo"]
    del rows[next(place for place, row in enumerate(rows) if row[1] == "back") :]
    assert len(doctored.broken["downtime"]) > 20
