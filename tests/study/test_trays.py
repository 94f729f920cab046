from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Chain, every
from office.mail import Tray
from office.study import at_desk, desks, in_tray
from office.study.channels import channels
from tests.engines.building import office_of
from tests.engines.offices import offices, troubled_offices
from tests.study.journals import ABOVE, BELOW, INBOX, OUTBOX, ROUGH, clerk, made_up, mark, run


def pairs(stays):
    return list(zip(stays.begin.tolist(), stays.end.tolist(), strict=True))


ROWS = [
    (0, 2, INBOX, 7),
    (0, 3, INBOX, 8),
    (6, 7, OUTBOX, 7),
    (7, 8, ABOVE, 7),
    (10, 11, OUTBOX, 8),
    (13, 14, BELOW, 7),
]
WORK = [(7, 2, 6), (8, 6, 10), (7, 12, 15)]


def test_a_letter_waits_until_the_desk_begins_with_it():
    journal = made_up(ROWS)
    journal.work["alex"] = WORK
    assert pairs(in_tray(journal, "alex", "tasks")) == [(2, 2), (3, 6)]
    assert pairs(in_tray(journal, "alex", "feedback")) == [(8, 12)]
    assert pairs(in_tray(journal, "alex")) == [(2, 2), (3, 6), (8, 12)]


def test_where_work_takes_no_time_a_letter_waits_until_the_desk_speaks():
    assert pairs(in_tray(made_up(ROWS), "alex")) == [(2, 6), (3, 10), (8, 13)]


def test_a_letter_that_nobody_has_turned_to_waits_until_the_end():
    stays = in_tray(made_up(ROWS[:4]), "alex", end=20)
    assert (pairs(stays), stays.lengths_so_far.tolist()) == ([(2, 6), (3, -1), (8, -1)], [4, 17, 12])


def test_only_what_comes_to_the_reader_lies_in_his_tray():
    rows = [(0, 2, INBOX, 7, mark(1)), (0, 3, INBOX, 7, mark(1, 1)), (1, 4, INBOX, 8, mark(2, damaged=True))]
    assert pairs(in_tray(made_up(rows, lost=[(1, 0, 9)]), "alex")) == [(2, -1)]


def test_a_stray_letter_waits_until_it_comes_to_nothing():
    assert pairs(in_tray(made_up([(0, 2, ABOVE, 7)], incidents=[(5, "stray", 7)]), "alex")) == [(2, 5)]


def test_a_department_of_a_chain_has_a_tray_too():
    chart = Chain([clerk("low", answer_time="2ms"), clerk("top", answer_time="5ms")])
    journal = run(chart, mail="", arrivals=every("3ms"), tasks=5).journal
    assert in_tray(journal, "low", "tasks").lengths.tolist() == [0] * 5
    assert in_tray(journal, "top", "tasks").lengths.tolist() == [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000]


def test_who_is_not_there_has_no_tray():
    with pytest.raises(ValueError, match=r'no link is named "nobody\.inbox"'):
        in_tray(made_up(ROWS), "nobody")


def turned_to(data):
    """A run, and for each desk that takes its time what its tray gave out: on which link, when that came, and when."""
    given_out = defaultdict(list)
    taken = Tray.taken

    def spy(tray, entry):
        given_out[tray.name].append((tray.room.links[entry[1]].name, entry[0], tray.now))
        taken(tray, entry)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tray, "taken", spy)
        return office_of(data)[0], given_out


@given(offices(until=st.just(None)))
@settings(max_examples=20)
def test_letters_wait_as_long_as_the_desk_let_them_lie(data):
    result, given_out = turned_to(data)
    compare(result, given_out)


@given(troubled_offices(ROUGH))
@settings(max_examples=20)
def test_it_is_so_too_whatever_befalls_the_mail_and_the_desks(data):
    compare(*turned_to(data))


def compare(result, given_out):
    if isinstance(result, str):
        return
    journal = result.journal
    for desk in desks(journal):
        inbox, _, above, _ = channels(journal, desk)
        for what, link in (("tasks", inbox), ("feedback", above)):
            there = pairs(in_tray(journal, desk, what))
            if desk in journal.work:
                said = [pair for pair in there if pair[1] >= 0]  # at a full desk a task may lie there for ever
                assert said == sorted((came, now) for name, came, now in given_out[desk] if name == link)
            else:
                assert all(begin == end for begin, end in there)
    assert all((at_desk(journal, desk).lengths >= 0).all() for desk in desks(journal))
