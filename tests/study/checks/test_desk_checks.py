"""What desks cannot have sent or read is found by the check that is for it, which names the message."""

from office import Chain, Team
from tests.study.checks.doctoring import ARRIVED, MARK, SENT, TASK, Doctored
from tests.study.journals import clerk, run

ALEX = "team/alex."
BO = "team/bo."


def test_an_answer_before_what_caused_it_in_one_instant_has_no_cause():
    there = Doctored(run(Chain([clerk("low"), clerk("top")]), mail="").journal)
    cause, effect = there.about(5, "low.inbox"), there.about(5, "top.inbox")
    assert there.rows[cause][ARRIVED] == there.rows[effect][ARRIVED]
    there.rows.insert(cause, there.rows.pop(effect))
    assert there.broken == {"causes": [cause]}


def test_a_message_about_a_task_that_its_sender_never_heard_of_has_no_cause():
    there = Doctored()
    unheard = (set(there.tasks("team.inbox")) - set(there.tasks(f"{BO}inbox"))).pop()
    row = there.on(f"{BO}feedback_to_below", "lost")[-1]
    there.rows[row][TASK] = unheard
    assert there.broken == {"causes": [row], "passing down": [row]}


def test_a_second_answer_to_one_task_is_named():
    there = Doctored()
    row = there.on(f"{ALEX}outbox", "lost")[-1]
    there.rows[row][TASK] = there.tasks(f"{ALEX}outbox")[0]
    assert there.broken == {"answers": [row], "causes": [row]}


def test_an_answer_to_a_task_that_was_only_read_later_is_named():
    there = Doctored()
    answer = next(row for row in there.on(f"{ALEX}outbox", "under way"))
    there.rows[answer][SENT] = there.rows[there.about(there.rows[answer][TASK], f"{ALEX}inbox")][ARRIVED] - 1
    found = there.broken
    assert found["answers"] == found["causes"] == [answer]
    assert set(found) <= {"answers", "causes", "numbers"}


def test_an_answer_to_a_task_that_came_damaged_is_named():
    there = Doctored()
    letter = there.about(there.tasks(f"{ALEX}outbox", "lost")[0], f"{ALEX}inbox")
    there.rows[letter][MARK] |= 1
    (answer,) = [row for row in there.on(f"{ALEX}outbox") if there.rows[row][TASK] == there.rows[letter][TASK]]
    assert there.broken == {
        "answers": [answer],
        "causes": [answer],
        "work": there.work_on("team/alex", there.rows[letter][TASK]),
    }


def test_a_task_that_a_member_is_given_twice_is_named():
    there = Doctored()
    row = there.on(f"{BO}inbox", "lost")[-1]
    there.rows[row][TASK] = there.tasks(f"{BO}inbox")[0]
    assert there.broken == {"handing out": [row], "causes": [row]}


def test_feedback_for_a_member_who_had_not_answered_is_named():
    there = Doctored()
    row = there.on(f"{BO}feedback_from_above", "lost")[-1]
    unanswered = (set(there.tasks(f"{BO}inbox")) - set(there.tasks(f"{BO}outbox"))).pop()
    there.rows[row][TASK] = unanswered
    assert there.broken == {"handing out": [row], "causes": [row]}


def test_feedback_that_a_member_is_told_twice_is_named():
    there = Doctored()
    row = there.on(f"{BO}feedback_from_above", "lost")[-1]
    there.rows[row][TASK] = there.tasks(f"{BO}feedback_from_above")[0]
    assert there.broken == {"handing out": [row], "causes": [row]}


def test_what_is_joined_without_one_of_its_parts_is_named():
    there = Doctored()
    joined = next(row for row in there.on("team.outbox", "lost") if there.rows[row][TASK] not in there.befallen)
    task = there.rows[joined][TASK]
    there.rows[there.about(task, f"{ALEX}outbox")][MARK] |= 1
    assert there.broken == {"joins": [joined], "causes": [joined]}


def test_what_is_passed_down_joined_before_its_last_part_came_is_named():
    there = Doctored()
    joined = next(row for row in there.on("team.feedback_to_below") if there.rows[row][TASK] not in there.befallen)
    task = there.rows[joined][TASK]
    parts = [there.about(task, f"{name}feedback_to_below") for name in (ALEX, BO)]
    late = max(parts, key=lambda row: there.rows[row][ARRIVED])
    there.rows[late][MARK] |= 1
    assert there.broken == {"joins": [joined]}


def test_what_is_joined_a_nanosecond_before_its_last_part_came_is_named():
    there = Doctored(run(Team([clerk("alex"), clerk("bo")], "team"), mail="delay 10ms 9ms").journal)
    joined = there.rows[there.on("team.outbox")[7]]
    parts = [there.rows[there.about(joined[TASK], f"{name}outbox")] for name in (ALEX, BO)]
    max(parts, key=lambda message: message[ARRIVED])[ARRIVED] = joined[SENT] + 1
    there.in_order()
    row = there.rows.index(joined)
    assert there.broken == {"joins": [row], "causes": [row]}


def test_feedback_that_reaches_somebody_who_did_not_do_the_task_is_named():
    there = Doctored(run(clerk("alex"), mail="delay 10ms 9ms").journal)
    one, other = there.on("alex.feedback_from_above")[10:12]
    there.rows[one][TASK] = there.rows[other][TASK]
    found = there.broken
    assert found["feedback"] == [other]
    assert set(found) == {"feedback", "books of the desks", "passing down", "said", "causes"}


def test_feedback_on_an_answer_that_was_never_sent_is_named():
    there = Doctored(run(clerk("alex")).journal)
    answer = there.on("alex.outbox")[-1]
    heard = there.about(there.rows[answer][TASK], "alex.feedback_from_above")
    del there.rows[answer]
    found = there.broken
    rows = {name: [heard - 1] for name in ("feedback", "books of the desks", "causes")}
    assert found == rows | {"said": [len(there.losses) - 1]}


def test_feedback_that_came_before_the_answer_is_named():
    there = Doctored(run(clerk("alex"), mail="delay 10ms 9ms").journal)
    row = there.on("alex.feedback_from_above")[-1]
    there.rows[row][ARRIVED] = there.rows[there.about(there.rows[row][TASK], "alex.inbox")][ARRIVED] - 1
    found = there.broken
    assert found["feedback"] == [row]


def test_a_feedback_to_below_that_follows_from_none_is_named():
    there = Doctored()
    row = there.on(f"{ALEX}feedback_to_below", "lost")[-1]
    there.rows[row][TASK] = there.tasks(f"{ALEX}feedback_to_below")[0]
    assert there.broken == {"passing down": [row], "causes": [row]}


def test_an_entry_that_expires_twice_is_more_than_the_table_held():
    there = Doctored()
    place, (time, _, task) = next(
        (place, row) for place, row in enumerate(there.incidents["team"]) if row[1] == "feedback expired"
    )
    there.incidents["team"].insert(place, (time, "feedback expired", task))
    found = there.broken
    assert set(found) == {"books of the desks", "incidents"}
    assert there.on("team.outbox")[0] not in found["books of the desks"]
    assert {there.rows[row][TASK] for row in found["books of the desks"]} == {task}
