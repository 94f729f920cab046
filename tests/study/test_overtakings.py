import numpy as np
import pytest

from office.study import overtaken, reordering
from tests.study.journals import INBOX, OUTBOX, ROUGH, made_up, mark, run


@pytest.mark.parametrize("mail", ROUGH)
def test_on_each_link_as_many_are_overtaken_as_are_reordered_and_as_far(mail):
    journal = run(mail=mail).journal
    late, link = overtaken(journal), journal.mail.link
    for place, measured in enumerate(reordering(journal).values()):
        there = late[link == place]
        assert sorted(there[there > 0].tolist()) == sorted(measured.extents[measured.extents > 0].tolist())


def test_it_says_which_message_of_all_was_overtaken():
    journal = made_up([(0, 5, OUTBOX, 1), (1, 6, INBOX, 2), (0, 7, INBOX, 3), (2, 8, OUTBOX, 4)])
    assert overtaken(journal).tolist() == [0, 0, 1, 0]


def test_a_repeat_or_what_is_damaged_or_lost_is_not_overtaken():
    rows = [(1, 5, INBOX, 2, mark(2)), (0, 6, INBOX, 1, mark(1, damaged=True)), (1, 7, INBOX, 2, mark(2, copy=1))]
    assert overtaken(made_up(rows, lost=[(0, INBOX, 3)])).tolist() == [0, 0, 0, 0]
    assert len(overtaken(made_up([]))) == 0
    assert np.array_equal(overtaken(made_up(rows)), [0, 0, 0])
