"""The order of events, by the laws that it has to keep, in offices whose mail may take no time at all."""

import numpy as np
from hypothesis import given, settings

from office.study.ends import ends
from office.study.event_order import event_order
from tests.engines.building import office_of
from tests.engines.offices import ANY_MAIL, offices
from tests.study.journals import BELOW, INBOX, OUTBOX, ROUGH, clerk, made_up, mark, run
from tests.tiers import examples


def order_of(journal, rows=None):
    mail = journal.mail
    rows = np.arange(len(mail.sent)) if rows is None else rows
    return event_order(mail, ends(journal), mail.read, mail.cause_row, rows)


def events(journal, rows=None):
    order = order_of(journal, rows)
    return list(zip(order.row.tolist(), order.is_arrival.tolist(), strict=True))


@given(offices(conditions=[*ROUGH, *ANY_MAIL]))
@settings(max_examples=examples(40))
def test_the_order_keeps_to_times_to_the_journal_to_the_numbers_of_links_and_to_causes(data):
    came = office_of(data)[0]
    if isinstance(came, str):
        return
    journal = came.journal
    mail, order = journal.mail, events(journal)
    times = [int(mail.arrived[row] if is_arrival else mail.sent[row]) for row, is_arrival in order]
    assert times == sorted(times)
    arrivals = [row for row, is_arrival in order if is_arrival]
    assert arrivals == np.flatnonzero(mail.arrived >= 0).tolist()
    sendings = [row for row, is_arrival in order if not is_arrival]
    assert sorted(sendings) == list(range(len(mail.sent)))
    place = {event: at for at, event in enumerate(order)}
    cause = mail.cause_row.tolist()
    for row in sendings:
        assert mail.arrived[row] < 0 or place[row, False] < place[row, True]
        assert cause[row] < 0 or place[cause[row], True] < place[row, False]
    for link in range(len(journal.links)):
        originals = [row for row in sendings if mail.link[row] == link and not mail.copy[row]]
        assert mail.number[originals].tolist() == list(range(1, len(originals) + 1))


@given(offices(conditions=["", "delay 5ms", "delay 5ms 3ms duplicate 20%"]))
@settings(max_examples=examples(20))
def test_some_rows_come_in_the_order_that_they_have_among_all(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        some = np.arange(0, len(came.journal), 3)
        every = [(row, is_arrival) for row, is_arrival in events(came.journal) if row % 3 == 0]
        assert sorted(events(came.journal, some)) == sorted(every)
        assert [event for event in events(came.journal, some) if event[1]] == [event for event in every if event[1]]


def test_a_client_who_waits_for_one_task_to_be_done_submits_the_next_after_that():
    journal = run(clerk("alex"), mail="delay 5ms", tasks=3, in_flight=1, arrivals=[0, 0, 0]).journal
    mail = journal.mail
    words = [(journal.links[mail.link[row]].name, int(mail.task[row]), arrives) for row, arrives in events(journal)]
    done = words.index(("alex.feedback_to_below", 0, True))
    assert words[done + 1] == ("alex.inbox", 1, False)


def test_what_follows_from_nothing_comes_after_what_its_sender_reads_at_that_instant():
    journal = made_up([(0, 5, BELOW, 1), (5, 8, INBOX, 2)])
    assert events(journal) == [(0, False), (0, True), (1, False), (1, True)]


def test_but_it_comes_before_its_own_arrival():
    journal = made_up([(5, 5, INBOX, 2), (0, 5, BELOW, 1)])
    assert events(journal) == [(1, False), (0, False), (0, True), (1, True)]


def test_what_a_desk_says_on_reading_a_letter_comes_before_it_reads_the_next():
    journal = made_up([(0, 5, INBOX, 1), (0, 5, INBOX, 2), (5, 9, OUTBOX, 1), (5, 9, OUTBOX, 2)])
    assert events(journal)[2:6] == [(0, True), (2, False), (1, True), (3, False)]


def test_the_messages_of_a_link_leave_in_the_order_of_their_numbers_whatever_they_follow_from():
    journal = made_up([(0, 5, INBOX, 1), (0, 5, INBOX, 2), (5, 9, OUTBOX, 1, mark(2)), (5, 9, OUTBOX, 2, mark(1))])
    assert events(journal)[2:6] == [(0, True), (1, True), (3, False), (2, False)]


def test_none_of_them_waits_for_a_letter_so_long_that_those_after_it_come_too_late():
    journal = made_up([(5, 5, INBOX, 2, mark(2)), (0, 5, BELOW, 1), (5, 8, INBOX, 3, mark(1))])
    assert events(journal)[1:5] == [(2, False), (0, False), (0, True), (1, True)]


def test_nothing_happens_in_an_empty_journal():
    assert events(made_up([])) == []
