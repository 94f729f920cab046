from hypothesis import given
from hypothesis import strategies as st

from office.journal import COPIES, DAMAGED, MARK_BITS, NO_CAUSE, ONE_COPY, ONE_MORE, link_and_mark
from tests.journal.journals import journal_of


def test_a_mark_tells_which_message_it_was_and_what_became_of_it():
    journal = journal_of([])
    marks = [64, 128, 128 + 2 * 5, 192 + 1, 256 + 2 * 31 + 1]
    journal.record([(time, 0, mark, 0, time, None, NO_CAUSE) for time, mark in enumerate(marks)])
    journal.record_lost((0, 0, 320 + 2, 9, NO_CAUSE))
    journal.close([])
    mail = journal.mail
    assert mail.number.tolist() == [1, 2, 2, 3, 4, 5]
    assert mail.copy.tolist() == [0, 0, 5, 0, 31, 1]
    assert mail.damaged.tolist() == [False, False, False, True, True, False]
    assert mail.lost.tolist() == [False] * 5 + [True]
    assert mail.read.tolist() == [True, True, False, False, False, False]


@st.composite
def copies(draw):
    """Copies of messages, none of them twice: link, number, copy, whether it is damaged, and what became of it."""
    which = st.tuples(st.integers(0, 1), st.integers(1, 4), st.integers(0, COPIES - 1) | st.integers(0, 3))
    return [
        (*which_copy, draw(st.booleans()), draw(st.sampled_from(["arrived", "arrived", "under way", "lost"])))
        for which_copy in draw(st.lists(which, max_size=30, unique=True))
    ]


@given(copies())
def test_of_several_copies_the_first_that_arrives_undamaged_is_read_and_nothing_else_is(made):
    journal, under_way = journal_of([]), []
    for time, (link, number, copy, damaged, fate) in enumerate(made):
        mark = ONE_MORE * number + ONE_COPY * copy + DAMAGED * damaged
        if fate == "lost":
            journal.record_lost((0, link, mark, number, NO_CAUSE))
        else:
            (journal.record if fate == "arrived" else under_way.extend)([(time, link, mark, 0, number, None, NO_CAUSE)])
    journal.close(under_way)
    mail, had, expected = journal.mail, set(), []
    for arrived, link, mark in zip(mail.arrived.tolist(), mail.link.tolist(), mail.mark.tolist(), strict=True):
        message = link, abs(mark) // 64
        is_read = arrived >= 0 and abs(mark) % 2 == 0 and message not in had
        expected.append(is_read)
        if is_read:
            had.add(message)
    assert mail.read.tolist() == expected
    assert mail.number.tolist() == [abs(mark) // 64 for mark in mail.mark.tolist()]
    assert mail.copy.tolist() == [abs(mark) % 64 // 2 for mark in mail.mark.tolist()]
    assert mail.lost.sum() == sum(fate == "lost" for *_, fate in made)


def test_a_cause_is_found_by_link_and_mark_whatever_became_of_its_copies():
    journal = journal_of([])
    rows = [
        (0, 64, NO_CAUSE),
        (1, 64, 0 << MARK_BITS | 64),
        (0, 128 + 2, 1 << MARK_BITS | 64),
        (1, 128, 5 << MARK_BITS | 64),
    ]
    journal.record([(time, link, mark, 0, 7, None, cause) for time, (link, mark, cause) in enumerate(rows)])
    journal.record_lost((0, 0, 128, 7, 1 << MARK_BITS | 64))
    journal.close([])
    mail = journal.mail
    assert mail.cause_row.tolist() == [-1, 0, 1, -1, 1]
    assert mail.cause_link.tolist() == [-1, 0, 1, 5, 1]
    assert link_and_mark(5 << MARK_BITS | 64) == (5, 64)
    assert journal_of([]).mail.cause_row.tolist() == []
