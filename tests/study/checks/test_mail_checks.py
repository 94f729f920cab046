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
    there = Doctored()
    row = next(row for row in range(100, 200) if is_pair(there.rows[row], there.rows[row + 1]))
    there.rows[row], there.rows[row + 1] = there.rows[row + 1], there.rows[row]
    return there, row + 1


def test_two_rows_in_the_wrong_order_are_named():
    there, row = swapped(lambda one, other: one[ARRIVED] < other[ARRIVED] and one[LINK] != other[LINK])
    assert there.broken == {"order": [row]}


def test_two_links_in_the_wrong_order_within_an_instant_are_named():
    there, row = swapped(lambda one, other: one[ARRIVED] == other[ARRIVED] and one[LINK] < other[LINK])
    assert there.broken == {"order": [row]}


def test_a_row_of_an_earlier_instant_is_named_also_where_messages_take_no_time():
    there = Doctored(run(clerk("alex"), mail="").journal)
    assert there.broken == {}
    there.rows.append(there.rows.pop(there.on("alex.feedback_to_below")[0]))
    assert there.broken["order"] == [len(there.rows) - 1]


def test_what_never_arrived_stands_last():
    there = Doctored()
    lost = next(row for row, message in enumerate(there.rows) if message[MARK] < 0)
    there.rows.insert(lost - 1, there.rows.pop(lost))
    assert there.broken == {"order": [lost]}
    there = Doctored()
    there.rows.insert(0, there.rows.pop(lost))
    assert there.broken == {"order": [1]}


def test_what_is_lost_stands_in_order_of_sending():
    there = Doctored()
    there.rows[-1], there.rows[-2] = there.rows[-2], there.rows[-1]
    assert there.broken == {"order": [len(there.rows) - 1]}


def test_a_message_that_was_quicker_than_its_link_is_named():
    there = Doctored()
    row = there.on(LAST, "came")[-1]
    there.rows[row][SENT] += 1
    assert there.broken == {"times": [row]}
    assert "it took 9.999999 ms, and 10 ms is the least there" in str(there.check("times"))


def test_a_message_that_arrived_before_it_was_sent_is_named():
    there = Doctored(run(clerk("alex")).journal)
    row = there.on("alex.feedback_to_below")[-1]
    there.rows[row][SENT] = there.rows[row][ARRIVED] + 1
    assert there.broken == {"times": [row]}
    assert "it arrived before it was sent" in str(there.check("times"))


def test_a_message_from_before_time_began_is_named():
    there = Doctored()
    row = there.on("team.inbox")[0]
    there.rows[row][SENT] = -1
    assert there.broken == {"times": [row]}


def test_a_message_that_is_overtaken_where_nothing_overtakes_is_named():
    there = Doctored()
    row, after = there.on(LAST, "came")[-2:]
    there.rows[row][ARRIVED] = there.rows[after][ARRIVED] + 1
    overtaken = there.rows[row]
    there.in_order()
    assert there.broken == {"overtaking": [there.rows.index(overtaken)]}
    there.head["settings"]["mail"][LAST] = "delay 10ms 1ms"
    assert there.broken == {}


def test_a_hole_in_the_numbers_is_named_by_the_message_after_it():
    there = Doctored()
    gone, after = there.on(LAST, "came")[3:5]
    del there.rows[gone]
    assert there.broken == {"numbers": [after - 1]}
    assert "the message before it is missing" in str(there.check("numbers"))


def test_a_number_that_is_given_twice_is_named():
    there = Doctored()
    rows = there.on(LAST)
    there.rows[rows[-1]][MARK] -= ONE_MORE
    assert there.broken == {"numbers": [rows[-1]]}
    assert "its number is taken" in str(there.check("numbers"))


def test_a_link_that_begins_with_another_number_than_1_is_named():
    there = Doctored()
    for row in there.on(LAST):
        there.rows[row][MARK] += ONE_MORE
    assert there.broken == {"numbers": [there.on(LAST)[0]]}


def test_a_message_with_a_later_number_that_was_sent_earlier_is_named():
    there = Doctored(run(clerk("alex"), mail="delay 10ms 9ms").journal)
    by_number = sorted(there.on("alex.inbox"), key=lambda row: there.rows[row][MARK])
    one, other = next(
        (one, other) for one, other in pairwise(by_number) if there.rows[one][ARRIVED] > there.rows[other][SENT] + MS
    )
    there.rows[one][SENT], there.rows[other][SENT] = there.rows[other][SENT], there.rows[one][SENT]
    assert there.broken == {"numbers": [other]}
    assert "it was sent before the message before it" in str(there.check("numbers"))


def test_a_copy_without_an_original_is_named():
    there = Doctored()
    row = there.on("team/bo.outbox", "copy")[-1]
    there.rows[row][MARK] += 1000 * ONE_MORE
    assert there.broken == {"numbers": [row]}
    assert "there is no original of it" in str(there.check("numbers"))


def test_a_copy_of_what_was_said_on_another_task_is_named():
    there = Doctored()
    row = there.on("team/bo.outbox", "copy")[-1]
    there.rows[row][TASK] = 0
    assert there.broken == {"numbers": [row]}
    assert "it does not follow from its original" in str(there.check("numbers"))


def test_a_copy_that_was_sent_before_its_original_is_named():
    there = Doctored()
    row = there.on("team/bo.outbox", "copy")[-1]
    there.rows[row][SENT] -= 1
    assert there.broken == {"numbers": [row]}


def test_a_copy_that_stands_twice_is_named():
    there = Doctored()
    row = there.on("team/bo.outbox", "copy")[-1]
    there.rows.insert(row, list(there.rows[row]))
    assert there.broken == {"numbers": [row + 1]}


def test_what_is_both_lost_and_there_is_named():
    there = Doctored()
    row = there.on(LAST, "came")[-1]
    there.rows[row][MARK] *= -1
    assert there.broken == {"books of the mail": [row]}


def test_what_became_nothing_is_named():
    there = Doctored()
    row = there.on(LAST, "under way")[0]
    there.rows[row][ARRIVED] = -5
    assert there.broken == {"books of the mail": [row]}


def test_in_one_instant_a_link_of_a_lower_place_may_come_after_its_cause():
    there = Doctored(run(Chain([clerk("low"), clerk("top")]), mail="").journal)
    assert there.broken == {}
    assert any(
        one[ARRIVED] == other[ARRIVED] and one[LINK] > other[LINK] for one, other in pairwise(there.rows)
    )  # fmt: skip
