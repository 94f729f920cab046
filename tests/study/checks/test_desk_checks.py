"""What desks cannot have sent or read is found by the check that is for it, which names the message."""

from office import Chain, Team
from tests.study.checks.doctoring import ARRIVED, MARK, SENT, TASK, Doctored
from tests.study.journals import clerk, run

ALEX = "team/alex."
BO = "team/bo."


def test_an_answer_before_what_caused_it_in_one_instant_has_no_cause():
    doctored = Doctored(run(Chain([clerk("low"), clerk("top")]), mail="").journal)
    cause, effect = doctored.about(5, "low.inbox"), doctored.about(5, "top.inbox")
    assert doctored.rows[cause][ARRIVED] == doctored.rows[effect][ARRIVED]
    doctored.rows.insert(cause, doctored.rows.pop(effect))
    assert doctored.broken >= {"causes": [cause]}


def test_a_message_about_a_task_that_its_sender_never_heard_of_has_no_cause():
    doctored = Doctored()
    unheard = (set(doctored.tasks("team.inbox")) - set(doctored.tasks(f"{BO}inbox"))).pop()
    row = doctored.on(f"{BO}feedback_to_below", "lost")[-1]
    doctored.rows[row][TASK] = unheard
    assert doctored.broken >= {"causes": [row], "passing down": [row]}


def test_a_second_answer_to_one_task_is_named():
    doctored = Doctored()
    row = doctored.on(f"{ALEX}outbox", "lost")[-1]
    doctored.rows[row][TASK] = doctored.tasks(f"{ALEX}outbox")[0]
    assert doctored.broken >= {"answers": [row], "causes": [row]}


def test_an_answer_to_a_task_that_was_only_read_later_is_named():
    doctored = Doctored()
    answer = next(row for row in doctored.on(f"{ALEX}outbox", "under way"))
    doctored.rows[answer][SENT] = (
        doctored.rows[doctored.about(doctored.rows[answer][TASK], f"{ALEX}inbox")][ARRIVED] - 1
    )
    named = doctored.broken
    assert named["answers"] == named["causes"] == [answer]
    assert set(named) <= {"answers", "causes", "numbers", "pace", "work done"}


def test_an_answer_to_a_task_that_came_damaged_is_named():
    doctored = Doctored()
    letter = doctored.about(doctored.tasks(f"{ALEX}outbox", "lost")[0], f"{ALEX}inbox")
    doctored.rows[letter][MARK] |= 1
    (answer,) = [row for row in doctored.on(f"{ALEX}outbox") if doctored.rows[row][TASK] == doctored.rows[letter][TASK]]
    assert doctored.broken >= {
        "answers": [answer],
        "causes": [answer],
        "work": doctored.work_on("team/alex", doctored.rows[letter][TASK]),
    }


def test_a_task_that_a_member_is_given_twice_is_named():
    doctored = Doctored()
    row = doctored.on(f"{BO}inbox", "lost")[-1]
    doctored.rows[row][TASK] = doctored.tasks(f"{BO}inbox")[0]
    assert doctored.broken >= {"handing out": [row], "causes": [row]}


def test_feedback_for_a_member_who_had_not_answered_is_named():
    doctored = Doctored()
    row = doctored.on(f"{BO}feedback_from_above", "lost")[-1]
    unanswered = (set(doctored.tasks(f"{BO}inbox")) - set(doctored.tasks(f"{BO}outbox"))).pop()
    doctored.rows[row][TASK] = unanswered
    assert doctored.broken >= {"handing out": [row], "causes": [row]}


def test_feedback_that_a_member_is_told_twice_is_named():
    doctored = Doctored()
    row = doctored.on(f"{BO}feedback_from_above", "lost")[-1]
    doctored.rows[row][TASK] = doctored.tasks(f"{BO}feedback_from_above")[0]
    assert doctored.broken >= {"handing out": [row], "causes": [row]}


def test_what_is_joined_without_one_of_its_parts_is_named():
    doctored = Doctored()
    joined = next(
        row for row in doctored.on("team.outbox", "lost") if doctored.rows[row][TASK] not in doctored.befallen
    )
    task = doctored.rows[joined][TASK]
    doctored.rows[doctored.about(task, f"{ALEX}outbox")][MARK] |= 1
    assert doctored.broken >= {"joins": [joined], "causes": [joined]}


def test_what_is_passed_down_joined_before_its_last_part_came_is_named():
    doctored = Doctored()
    joined = next(
        row for row in doctored.on("team.feedback_to_below") if doctored.rows[row][TASK] not in doctored.befallen
    )
    task = doctored.rows[joined][TASK]
    parts = [doctored.about(task, f"{name}feedback_to_below") for name in (ALEX, BO)]
    late = max(parts, key=lambda row: doctored.rows[row][ARRIVED])
    doctored.rows[late][MARK] |= 1
    assert doctored.broken >= {"joins": [joined]}


def test_what_is_joined_a_nanosecond_before_its_last_part_came_is_named():
    doctored = Doctored(run(Team([clerk("alex"), clerk("bo")], "team"), mail="delay 10ms 9ms").journal)
    joined = doctored.rows[doctored.on("team.outbox")[7]]
    parts = [doctored.rows[doctored.about(joined[TASK], f"{name}outbox")] for name in (ALEX, BO)]
    max(parts, key=lambda message: message[ARRIVED])[ARRIVED] = joined[SENT] + 1
    doctored.in_order()
    row = doctored.rows.index(joined)
    assert doctored.broken >= {"joins": [row], "causes": [row]}


def test_feedback_that_reaches_somebody_who_did_not_do_the_task_is_named():
    doctored = Doctored(run(clerk("alex"), mail="delay 10ms 9ms").journal)
    early, other = doctored.on("alex.feedback_from_above")[10:12]
    doctored.rows[early][TASK] = doctored.rows[other][TASK]
    named = doctored.broken
    assert named["feedback"] == [other]
    assert set(named) == {"feedback", "books of the desks", "passing down", "said", "causes"}


def test_feedback_on_an_answer_that_was_never_sent_is_named():
    doctored = Doctored(run(clerk("alex")).journal)
    answer = doctored.on("alex.outbox")[-1]
    heard = doctored.about(doctored.rows[answer][TASK], "alex.feedback_from_above")
    del doctored.rows[answer]
    named = doctored.broken
    rows = {name: [heard - 1] for name in ("feedback", "books of the desks", "causes")}
    assert named >= rows | {"said": [len(doctored.losses) - 1]}


def test_feedback_that_came_before_the_answer_is_named():
    doctored = Doctored(run(clerk("alex"), mail="delay 10ms 9ms").journal)
    row = doctored.on("alex.feedback_from_above")[-1]
    doctored.rows[row][ARRIVED] = doctored.rows[doctored.about(doctored.rows[row][TASK], "alex.inbox")][ARRIVED] - 1
    named = doctored.broken
    assert named["feedback"] == [row]


def test_a_feedback_to_below_that_follows_from_none_is_named():
    doctored = Doctored()
    row = doctored.on(f"{ALEX}feedback_to_below", "lost")[-1]
    doctored.rows[row][TASK] = doctored.tasks(f"{ALEX}feedback_to_below")[0]
    assert doctored.broken >= {"passing down": [row], "causes": [row]}


def test_an_entry_that_expires_twice_is_more_than_the_table_held():
    doctored = Doctored()
    place, (time, _, task) = next(
        (place, row) for place, row in enumerate(doctored.incidents["team"]) if row[1] == "feedback expired"
    )
    doctored.incidents["team"].insert(place, (time, "feedback expired", task))
    named = doctored.broken
    assert set(named) == {"books of the desks", "incidents"}
    assert doctored.on("team.outbox")[0] not in named["books of the desks"]
    assert {doctored.rows[row][TASK] for row in named["books of the desks"]} == {task}
