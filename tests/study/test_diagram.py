"""What a diagram has, against the journal, its reordering and the lives of its tasks."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.study import diagram, reordering_by_link, why
from tests.engines.building import office_of
from tests.engines.offices import ANY_MAIL, EITHER, offices, troubled_offices
from tests.study.journals import INBOX, OUTBOX, ROUGH, clerk, made_up, mark, run
from tests.tiers import examples


def whole(journal):
    return diagram(journal, limit=None)


def rows_of(journal):
    return Counter(
        (sent, None if arrived < 0 else arrived, journal.links[link].name, task, abs(mark) // 64, abs(mark) % 64 // 2)
        for sent, arrived, link, task, mark, _ in zip(*(column.tolist() for column in journal.mail), strict=True)
    )


def arrows_of(drawing):
    return Counter(
        (arrow.sent, arrow.arrived, arrow.link, arrow.task, arrow.message, arrow.copy) for arrow in drawing.arrows
    )


def check_overtakings(journal):
    """Those that are overtaken are those that RFC 4737 calls reordered; pairs are told from both sides."""
    drawing = whole(journal)
    overtaken = Counter(arrow.link for arrow in drawing.arrows if arrow.overtaken_by)
    measured = reordering_by_link(journal)
    assert {link: overtaken[link] for link in measured} == {link: order.reordered for link, order in measured.items()}
    pairs = {(arrow.number, late) for arrow in drawing.arrows for late in arrow.overtakes}
    assert pairs == {(early, arrow.number) for arrow in drawing.arrows for early in arrow.overtaken_by}
    for early, late in pairs:
        arrow, other = drawing.arrows[early - 1], drawing.arrows[late - 1]
        assert (arrow.link, arrow.fate, other.fate) == (other.link, "read", "read")
        assert arrow.message > other.message


@given(offices(conditions=[*ROUGH, *ANY_MAIL]))
@settings(max_examples=examples(30))
def test_each_message_is_one_arrow_and_what_is_overtaken_is_what_is_reordered(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        journal = came.journal
        assert arrows_of(whole(journal)) == rows_of(journal)
        check_overtakings(journal)


@given(troubled_offices(conditions=ROUGH, delivery=EITHER))
@settings(max_examples=examples(15))
def test_so_it_is_where_mail_is_sent_again_and_desks_are_in_trouble(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        assert arrows_of(whole(came.journal)) == rows_of(came.journal)
        check_overtakings(came.journal)


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)))
def test_crossings_are_the_inversions_of_the_order_of_arrival(order, lost):
    rows = [(number, 10 + order.index(number), INBOX, number) for number in range(8) if number not in lost]
    drawing = whole(
        made_up(sorted(rows, key=lambda row: row[1]), lost=[(number, INBOX, number) for number in sorted(lost)])
    )
    came = [number for number in order if number not in lost]
    inversions = sum(early > late for place, early in enumerate(came) for late in came[place:])
    assert sum(len(arrow.overtakes) for arrow in drawing.arrows) == inversions


def test_fates_and_ends_are_those_that_a_task_s_life_has():
    journal = run(clerk("alex"), mail="delay 10ms 9ms corrupt 20% duplicate 40% loss 10%", until="60ms").journal
    drawing = whole(journal)
    assert len({arrow.fate for arrow in drawing.arrows}) == 5
    for task in {arrow.task for arrow in drawing.arrows}:
        text = Counter(
            (hop.link, hop.number, hop.copy, hop.fate, hop.sender, hop.reader) for hop in why(journal, task).hops
        )
        assert text == Counter(
            (arrow.link, arrow.message, arrow.copy, arrow.fate,
             drawing.desks[arrow.sender], drawing.desks[arrow.reader])
            for arrow in drawing.arrows if arrow.task == task
        )  # fmt: skip


def test_a_message_that_was_sent_again_is_overtaken_where_its_first_readable_copy_comes_late():
    rows = [(1, 2, INBOX, 8, mark(2)), (9, 10, INBOX, 7, mark(1, copy=1)), (1, 12, INBOX, 8, mark(2, copy=1))]
    journal = made_up(rows, lost=[(0, INBOX, 7, mark(1))])
    drawing = whole(journal)
    assert [(arrow.task, arrow.fate) for arrow in drawing.arrows] == [
        (7, "lost"),
        (8, "read"),
        (8, "repeat"),
        (7, "read"),
    ]
    assert [arrow.overtaken_by for arrow in drawing.arrows] == [(), (), (), (2,)]
    check_overtakings(journal)


SPAN = made_up([(0, 5, INBOX, "a"), (4, 9, INBOX, "b"), (9, 20, OUTBOX, "a"), (12, 15, OUTBOX, "b")],
               under_way=[(3, INBOX, "c")], lost=[(6, INBOX, "d")])  # fmt: skip


@pytest.mark.parametrize(
    ("begin", "end", "tasks", "drawn"),
    [
        (None, None, (), "a c b d a b"),
        (None, 3, (), "a c"),
        (4, 5, (), "a b"),
        (6, 8, (), "d"),
        (9, 9, (), "b a"),
        (16, None, (), "a"),
        (21, None, (), ""),
        (None, None, ("a",), "a a"),
        (5, None, ("a", "d"), "a d a"),
        (None, None, ("nobody's",), ""),
    ],
)
def test_drawn_is_what_was_sent_or_arrived_in_the_span_and_is_about_the_tasks(begin, end, tasks, drawn):
    drawing = diagram(SPAN, begin, end, tasks)
    assert [arrow.task for arrow in drawing.arrows] == drawn.split()
    assert [arrow.number for arrow in drawing.arrows] == list(range(1, len(drawing.arrows) + 1))
    assert len(drawing.events) == sum(1 + (arrow.arrived is not None) for arrow in drawing.arrows)


def test_of_too_many_the_first_are_drawn_and_the_rest_is_counted():
    journal = run(clerk("alex")).journal
    drawing = diagram(journal, limit=30)
    assert (len(drawing.arrows), drawing.left_out) == (30, len(journal) - 30)
    assert drawing.arrows[-1].sent <= min(arrow.sent for arrow in whole(journal).arrows[30:])
    assert all(late <= 30 for arrow in drawing.arrows for late in arrow.overtakes + arrow.overtaken_by)
    assert (whole(journal).left_out, diagram(made_up([])).arrows) == (0, ())


def test_who_has_no_mail_has_no_lifeline_and_the_client_s_comes_first():
    journal = run().journal
    assert whole(journal).desks == ("client", "team", "team/alex", "team/bo")
    submitting = diagram(journal, 0, 0)
    assert (submitting.desks, submitting.arrows[0].sender) == (("client", "team"), 0)


def test_a_link_of_nobody_cannot_be_drawn():
    with pytest.raises(ValueError, match=r'link "nobody\.inbox" is no channel of any desk'):
        diagram(made_up([(0, 1, 4, 1)], links=[*SPAN.link_names, "nobody.inbox"]))
