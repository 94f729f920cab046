import json

import numpy as np
import pytest
from hypothesis import given

from office import Journal
from office.study import (
    Reordering,
    degree_of_n_reordering,
    extents,
    overtaken,
    reordered_ratio,
    reordering,
    reordering_by_link,
)
from tests.study.journals import INBOX, OUTBOX, ROUGH, made_up, mark, run
from tests.study.streams import streams

EXAMPLE = [1, 2, 3, 4, 7, 5, 6, 8, 9, 10], [68, 88, 108, 128, 188, 189, 190, 208, 228, 248]  # RFC 4737, 7.2


def test_an_example_of_the_rfc_is_measured_in_numbers():
    order = Reordering.of(*EXAMPLE).as_dict(each=True)
    assert (order["arrivals"], order["reordered"], order["ratio"], order["discontinuities"]) == (10, 2, 0.2, 1)
    assert order["extent"] == {"mean": 1.5, "most": 2}
    assert order["late_time_ns"] == {"mean": 1.5, "most": 2}
    assert order["n_reordering"] == {"most": 1, "degrees": {"1": 0.1, "2": 0.0, "3": 0.0}}
    assert order["reordering_free_runs"] == {"x": 2, "q": 25, "p": 10, "a": 8, "mean": 4.0, "variation": 25 / 32}
    assert order["reordered_arrivals"] == [
        {"number": 5, "place": 6, "extent": 1, "late_time_ns": 1, "n": 1},
        {"number": 6, "place": 7, "extent": 2, "late_time_ns": 2, "n": 0},
    ]


def test_thresholds_are_those_of_the_densities():
    order = Reordering.of([1, 2, 4, 5, 6, 7], dt=3, bt=3)
    assert dict(order.rd.items()) == {0: 1.0}
    assert order.rbd[3] == 1 / 6
    beyond = Reordering.of([9, *range(1, 9)], dt=2, bt=2)
    assert beyond.as_dict()["reorder_density"]["lost"] == 1


@given(streams)
def test_it_is_what_the_metrics_say_one_by_one(sequence):
    order = Reordering.of(sequence, range(len(sequence)))
    assert order.extents.tolist() == extents(sequence).tolist()
    assert order.arrivals == len(set(sequence))
    assert order.reordered == np.count_nonzero(order.extents)
    if sequence:
        assert order.ratio == reordered_ratio(sequence)
        assert order.degree(2) == degree_of_n_reordering(sequence, 2)
    assert order.places.tolist() == [len(set(sequence[:k])) if each not in sequence[:k] else -1
                                     for k, each in enumerate(sequence)]  # fmt: skip


@given(streams)
def test_all_of_it_is_json(sequence):
    for order in (Reordering.of(sequence), Reordering.of(sequence, range(len(sequence)))):
        assert json.loads(json.dumps(order.as_dict(each=True), allow_nan=False)) == order.as_dict(each=True)


def test_the_mail_of_a_link_is_measured_by_the_order_of_sending():
    journal = made_up([(1, 5, INBOX, 3), (0, 6, INBOX, 4), (2, 7, INBOX, 5)], under_way=[(3, INBOX, 6)])
    order = reordering(journal, "alex.inbox")
    assert order.numbers.tolist() == [1, 0, 2]
    assert (order.reordered, order.late_times.tolist()) == (1, [0, 1, 0])
    with pytest.raises(ValueError, match=r'no link is named "bo\.inbox"'):
        reordering(journal, "bo.inbox")


def test_repeats_are_left_out_and_what_is_damaged_or_lost_has_not_arrived():
    rows = [(1, 5, INBOX, 1, mark(1, damaged=True)), (2, 6, INBOX, 2, mark(2)), (3, 7, INBOX, 1, mark(1, 1))]
    rows += [(4, 8, INBOX, 2, mark(2, 1)), (5, 9, INBOX, 4, mark(4))]
    order = reordering(made_up(rows, lost=[(4, INBOX, 3, mark(3))]), "alex.inbox")
    assert order.numbers.tolist() == [1, 0, 1, 3]
    assert (order.arrivals, order.reordered, order.as_dict()["later_copies"]) == (3, 1, 1)
    assert order.late_times.tolist() == [0, 1, 0, 0]
    assert dict(order.rd.items()) == {-1: 1 / 3, 0: 1 / 3, 1: 1 / 3}


@pytest.mark.parametrize("mail", ["delay 10ms 9ms duplicate 50%", "delay 10ms 9ms loss 30%"])
def test_mail_that_is_repeated_or_lost_is_measured_by_the_messages_read(mail):
    journal = run(mail=mail, patience="1s").journal
    order = reordering_by_link(journal)
    assert sum(on_link.arrivals for on_link in order.values()) == journal.mail.read.sum()
    assert sum(len(on_link.numbers) for on_link in order.values()) == (journal.mail.arrived >= 0).sum()
    assert order["team.inbox"].reordered > 3


def test_every_link_of_a_journal_is_measured():
    journal = run().journal
    order = reordering_by_link(journal)
    assert list(order) == journal.link_names
    assert [on_link.arrivals for on_link in order.values()] == [40] * 12
    assert order["team.inbox"].as_dict() == reordering(journal, "team.inbox").as_dict()
    assert order["team.inbox"].reordered > 5
    assert list(reordering_by_link(journal, "*.outbox")) == ["team.outbox", "team/alex.outbox", "team/bo.outbox"]


def test_a_journal_without_links_has_nothing_to_measure():
    assert reordering_by_link(Journal()) == {}


@pytest.mark.parametrize("mail", ROUGH)
def test_on_each_link_as_many_are_overtaken_as_are_reordered_and_as_far(mail):
    journal = run(mail=mail).journal
    late, link = overtaken(journal), journal.mail.link
    for place, measured in enumerate(reordering_by_link(journal).values()):
        places = late[link == place]
        assert sorted(places[places > 0].tolist()) == sorted(measured.extents[measured.extents > 0].tolist())


def test_it_says_which_message_of_all_was_overtaken():
    journal = made_up([(0, 5, OUTBOX, 1), (1, 6, INBOX, 2), (0, 7, INBOX, 3), (2, 8, OUTBOX, 4)])
    assert overtaken(journal).tolist() == [0, 0, 1, 0]


def test_a_repeat_or_what_is_damaged_or_lost_is_not_overtaken():
    rows = [(1, 5, INBOX, 2, mark(2)), (0, 6, INBOX, 1, mark(1, damaged=True)), (1, 7, INBOX, 2, mark(2, copy=1))]
    assert overtaken(made_up(rows, lost=[(0, INBOX, 3)])).tolist() == [0, 0, 0, 0]
    assert len(overtaken(made_up([]))) == 0
    assert np.array_equal(overtaken(made_up(rows)), [0, 0, 0])
