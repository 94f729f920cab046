"""What is wrong with the rows of the mail is found by the check that is for it, which names the row."""

from itertools import pairwise

from office import Chain
from tests.study.checks.doctoring import ARRIVED, LINK, MARK, MS, ONE_MORE, SENT, TASK, Doctored
from tests.study.journals import clerk, run

LAST = "team.feedback_to_below"
"""What comes out of the office: nothing follows from it."""


def test_the_journal_that_is_doctored_below_is_sound():
    assert Doctored().broken == {}
    assert Doctored().journal.to_bytes() == Doctored().journal.to_bytes()


def swapped(is_pair):
    """A journal in which one such pair of rows has changed places, and the second place."""
    doctored = Doctored()
    row = next(row for row in range(100, 200) if is_pair(doctored.rows[row], doctored.rows[row + 1]))
    doctored.rows[row], doctored.rows[row + 1] = doctored.rows[row + 1], doctored.rows[row]
    return doctored, row + 1


def test_two_rows_in_the_wrong_order_are_named():
    doctored, row = swapped(
        lambda first_row, other: first_row[ARRIVED] < other[ARRIVED] and first_row[LINK] != other[LINK]
    )
    assert doctored.broken >= {"order": [row]}


def test_two_links_in_the_wrong_order_within_an_instant_are_named():
    doctored, row = swapped(
        lambda first_row, other: first_row[ARRIVED] == other[ARRIVED] and first_row[LINK] < other[LINK]
    )
    assert doctored.broken >= {"order": [row]}


def test_a_row_of_an_earlier_instant_is_named_also_where_messages_take_no_time():
    doctored = Doctored(run(clerk("alex"), mail="").journal)
    assert doctored.broken == {}
    doctored.rows.append(doctored.rows.pop(doctored.on("alex.feedback_to_below")[0]))
    assert doctored.broken["order"] == [len(doctored.rows) - 1]


def test_what_never_arrived_stands_last():
    doctored = Doctored()
    lost = next(row for row, message in enumerate(doctored.rows) if message[MARK] < 0)
    doctored.rows.insert(lost - 1, doctored.rows.pop(lost))
    assert doctored.broken >= {"order": [lost]}
    doctored = Doctored()
    doctored.rows.insert(0, doctored.rows.pop(lost))
    assert doctored.broken >= {"order": [1]}


def test_what_is_lost_stands_in_order_of_sending():
    doctored = Doctored()
    doctored.rows[-1], doctored.rows[-2] = doctored.rows[-2], doctored.rows[-1]
    assert doctored.broken >= {"order": [len(doctored.rows) - 1]}


def test_a_message_that_was_quicker_than_its_link_is_named():
    doctored = Doctored()
    row = doctored.on(LAST, "came")[-1]
    doctored.rows[row][SENT] += 1
    assert doctored.broken >= {"times": [row]}
    assert "it took 9.999999 ms, and 10 ms is the least there" in str(doctored.check("times"))


def test_a_message_that_arrived_before_it_was_sent_is_named():
    doctored = Doctored(run(clerk("alex")).journal)
    row = doctored.on("alex.feedback_to_below")[-1]
    doctored.rows[row][SENT] = doctored.rows[row][ARRIVED] + 1
    assert doctored.broken >= {"times": [row]}
    assert "it arrived before it was sent" in str(doctored.check("times"))


def test_a_message_from_before_time_began_is_named():
    doctored = Doctored()
    row = doctored.on("team.inbox")[0]
    doctored.rows[row][SENT] = -1
    assert doctored.broken >= {"times": [row]}


def test_a_message_that_is_overtaken_where_nothing_overtakes_is_named():
    doctored = Doctored()
    row, after = doctored.on(LAST, "came")[-2:]
    doctored.rows[row][ARRIVED] = doctored.rows[after][ARRIVED] + 1
    overtaken = doctored.rows[row]
    doctored.in_order()
    assert doctored.broken >= {"overtaking": [doctored.rows.index(overtaken)]}
    doctored.head["settings"]["mail"][LAST] = "delay 10ms 1ms"
    assert "overtaking" not in doctored.broken


def test_a_hole_in_the_numbers_is_named_by_the_message_after_it():
    doctored = Doctored()
    gone, after = doctored.on(LAST, "came")[3:5]
    del doctored.rows[gone]
    assert doctored.broken >= {"numbers": [after - 1]}
    assert "the message before it is missing" in str(doctored.check("numbers"))


def test_a_number_that_is_given_twice_is_named():
    doctored = Doctored()
    rows = doctored.on(LAST)
    doctored.rows[rows[-1]][MARK] -= ONE_MORE
    assert doctored.broken >= {"numbers": [rows[-1]]}
    assert "its number is taken" in str(doctored.check("numbers"))


def test_a_link_that_begins_with_another_number_than_1_is_named():
    doctored = Doctored()
    for row in doctored.on(LAST):
        doctored.rows[row][MARK] += ONE_MORE
    assert doctored.broken >= {"numbers": [doctored.on(LAST)[0]]}


def test_a_message_with_a_later_number_that_was_sent_earlier_is_named():
    doctored = Doctored(run(clerk("alex"), mail="delay 10ms 9ms").journal)
    by_number = sorted(doctored.on("alex.inbox"), key=lambda row: doctored.rows[row][MARK])
    first_row, other = next(
        (first_row, other)
        for first_row, other in pairwise(by_number)
        if doctored.rows[first_row][ARRIVED] > doctored.rows[other][SENT] + MS
    )
    doctored.rows[first_row][SENT], doctored.rows[other][SENT] = (
        doctored.rows[other][SENT],
        doctored.rows[first_row][SENT],
    )
    assert doctored.broken >= {"numbers": [other]}
    assert "it was sent before the message before it" in str(doctored.check("numbers"))


def test_a_copy_without_an_original_is_named():
    doctored = Doctored()
    row = doctored.on("team/bo.outbox", "copy")[-1]
    doctored.rows[row][MARK] += 1000 * ONE_MORE
    assert doctored.broken >= {"numbers": [row]}
    assert "there is no original of it" in str(doctored.check("numbers"))


def test_a_copy_of_what_was_said_on_another_task_is_named():
    doctored = Doctored()
    row = doctored.on("team/bo.outbox", "copy")[-1]
    doctored.rows[row][TASK] = 0
    assert doctored.broken >= {"numbers": [row]}
    assert "it does not follow from its original" in str(doctored.check("numbers"))


def test_a_copy_that_was_sent_before_its_original_is_named():
    doctored = Doctored()
    row = doctored.on("team/bo.outbox", "copy")[-1]
    doctored.rows[row][SENT] -= 1
    assert doctored.broken >= {"numbers": [row]}


def test_a_copy_that_stands_twice_is_named():
    doctored = Doctored()
    row = doctored.on("team/bo.outbox", "copy")[-1]
    doctored.rows.insert(row, list(doctored.rows[row]))
    assert doctored.broken >= {"numbers": [row + 1]}


def test_what_is_both_lost_and_there_is_named():
    doctored = Doctored()
    row = doctored.on(LAST, "came")[-1]
    doctored.rows[row][MARK] *= -1
    assert doctored.broken >= {"books of the mail": [row]}


def test_what_became_nothing_is_named():
    doctored = Doctored()
    row = doctored.on(LAST, "under way")[0]
    doctored.rows[row][ARRIVED] = -5
    assert doctored.broken >= {"books of the mail": [row]}


def test_in_one_instant_a_link_of_a_lower_place_may_come_after_its_cause():
    doctored = Doctored(run(Chain([clerk("low"), clerk("top")]), mail="").journal)
    assert doctored.broken == {}
    assert any(
        row[ARRIVED] == other[ARRIVED] and row[LINK] > other[LINK] for row, other in pairwise(doctored.rows)
    )  # fmt: skip
