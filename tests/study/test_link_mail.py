import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Journal, poisson
from office.study import mail_by_link, mail_on, run_end
from office.study.link_mail import incidents
from tests.study.journals import INBOX, ROUGH, clerk, made_up, mark, run


def test_a_message_s_number_is_the_one_that_its_link_gave_it():
    journal = made_up([(7, 8, 0, 1), (5, 9, 0, 2), (5, 9, 1, 2), (1, 10, 0, 3)], under_way=[(6, 0, 4)])
    assert (journal.mail.number - 1).tolist() == [3, 1, 0, 0, 2]
    assert mail_on(journal, "alex.inbox").number.tolist() == [3, 1, 0, 2]


def test_messages_of_one_instant_have_numbers_of_their_own_in_whichever_order_they_arrive():
    journal = made_up([(5, 8, 0, 1, mark(2)), (5, 9, 0, 0, mark(1))])
    assert (journal.mail.number - 1).tolist() == [1, 0]


def test_what_was_lost_or_damaged_has_a_number_too_and_a_copy_that_of_its_original():
    rows = [(1, 5, 0, 1, mark(1)), (2, 6, 0, 2, mark(2, damaged=True)), (3, 7, 0, 1, mark(1, copy=1))]
    journal = made_up(rows, lost=[(4, 0, 3, mark(3))])
    assert (journal.mail.number - 1).tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize("mail", ["delay 10ms 9ms", ""])
def test_the_numbers_are_in_the_order_of_sending(mail):
    for on_link in mail_by_link(run(mail=mail, arrivals=poisson(300), tasks=200).journal).values():
        assert sorted(on_link.number.tolist()) == list(range(200))
        assert (np.diff(on_link.sent[np.argsort(on_link.number)]) >= 0).all()


def test_each_link_has_its_messages_and_what_never_arrived_comes_last():
    journal = run(until="60ms").journal
    assert list(mail_by_link(journal)) == journal.link_names
    for name, mail in mail_by_link(journal).items():
        assert all(np.array_equal(own, other) for own, other in zip(mail, mail_on(journal, name), strict=True))
        on_link = np.count_nonzero(mail.arrived >= 0)
        assert (np.diff(mail.arrived[:on_link]) >= 0).all()
        assert (mail.arrived[on_link:] == -1).all()
        assert mail.delivered.number.tolist() == mail.number[:on_link].tolist()
    assert sum(len(mail.sent) for mail in mail_by_link(journal).values()) == len(journal)


@st.composite
def links_full_of_copies(draw):
    """Rows of one link, in order of arrival: (sent, arrived, link, task, mark); and the rows that were lost."""
    rows, lost = [], []
    for number in range(1, 1 + draw(st.integers(0, 6))):
        for copy in range(draw(st.integers(1, 4))):
            sent = 10 * number + 5 * copy
            fate = draw(st.sampled_from(["read", "damaged", "lost"]))
            if fate == "lost":
                lost.append((sent, INBOX, number, mark(number, copy)))
            else:
                took = draw(st.integers(0, 40))
                rows.append((sent, sent + took, INBOX, number, mark(number, copy, damaged=fate == "damaged")))
    return sorted(rows, key=lambda row: (row[1], row[4])), lost


@given(links_full_of_copies())
def test_delivered_is_of_each_message_the_first_undamaged_copy_with_the_time_of_the_first_sending(link):
    rows, lost = link
    first = {}
    for sent, arrived, _, task, on_link in rows:
        if on_link % 2 == 0:
            first.setdefault(task, (min(sent, 10 * task), arrived))
    mail = mail_on(made_up(rows, lost=lost), "alex.inbox")
    delivered = mail.delivered
    assert dict(zip(delivered.task.tolist(), zip(delivered.sent.tolist(), delivered.arrived.tolist()))) == first  # noqa: B905
    assert len(delivered.sent) == len(first)
    assert (np.diff(delivered.arrived) >= 0).all()
    assert mail.readable.task.tolist() == [row[3] for row in rows if row[4] % 2 == 0]
    assert sorted(mail.originals.task.tolist()) == list(
        range(1, 1 + len({row[3] for row in [*rows]} | {row[2] for row in lost}))
    )
    assert mail.originals.sent.tolist() == [10 * task for task in mail.originals.task.tolist()]
    assert np.count_nonzero(mail.lost) == len(lost)


@pytest.mark.parametrize("mail", ROUGH)
def test_under_any_mail_every_message_is_an_original_once_and_delivered_once_at_most(mail):
    for on_link in mail_by_link(run(mail=mail, patience="200ms").journal).values():
        sent = on_link.originals
        assert sorted(sent.number.tolist()) == list(range(len(sent.sent)))
        assert len(set(on_link.delivered.number.tolist())) == len(on_link.delivered.sent)
        assert set(on_link.readable.number.tolist()) == set(on_link.delivered.number.tolist())


def test_a_pattern_chooses_links_and_one_that_fits_none_is_an_error_with_their_names():
    journal = run().journal
    assert list(mail_by_link(journal, "team/*.inbox")) == ["team/alex.inbox", "team/bo.inbox"]
    with pytest.raises(ValueError, match=r'no link is named "\*\.post" in this journal \(links: team.inbox, '):
        mail_by_link(journal, "*.post")
    with pytest.raises(ValueError, match='no link is named "team"'):
        mail_on(journal, "team")
    assert mail_by_link(Journal()) == {}


def test_a_run_ends_with_the_last_thing_that_its_journal_mentions():
    assert run_end(Journal()) == 0
    assert run_end(made_up([(5, 9, 0, 1)])) == 9
    assert run_end(made_up([(5, 9, 0, 1)], under_way=[(12, 0, 2)])) == 12
    assert run_end(made_up([(5, 9, 0, 1)], lost=[(12, 0, 2)])) == 12
    assert run_end(made_up([(5, 9, 0, 1)], incidents=[(15, "crashed", None)])) == 15
    result = run(clerk("alex", learn_time="200ms"), tasks=3)
    assert run_end(result.journal) == result.time == result.journal.work["alex"][-1][2]
    journal = made_up([(5, 9, 0, 1)])
    journal.losses.append((20, 1, 0.0))
    assert run_end(journal) == 20


def test_a_copy_that_would_have_been_sent_after_the_end_and_was_lost_does_not_lengthen_the_run():
    assert run_end(made_up([(5, 9, 0, 1, mark(1))], lost=[(50, 0, 1, mark(1, copy=1))])) == 9


def test_incidents_are_found_by_desk_and_kind_with_the_task_and_the_time():
    happened = [(3, "crashed", None), (3, "forgotten", 8), (4, "forgotten", "rice"), (5, "stray", 8), (6, "back", None)]
    journal = made_up([(0, 1, INBOX, 8), (0, 2, INBOX, "rice")], incidents=happened)
    tasks, times = incidents(journal, "alex", "forgotten")
    assert ([journal.task_id(task) for task in tasks], times.tolist()) == ([8, "rice"], [3, 4])
    assert [column.tolist() for column in incidents(journal, "alex", "stray", "forgotten")][1] == [3, 4, 5]
    assert [column.tolist() for column in incidents(journal, "bo", "stray")] == [[], []]


def test_an_incident_about_a_task_without_any_mail_is_left_out():
    journal = made_up([(0, 1, INBOX, 8)], incidents=[(3, "forgotten", "tea")])
    assert [column.tolist() for column in incidents(journal, "alex", "forgotten")] == [[], []]
