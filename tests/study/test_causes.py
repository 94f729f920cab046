"""Which letter a message follows from, against a search by the names of links, and against the path of a lone task."""

import numpy as np
import pytest
from hypothesis import given, settings

from office import Chain, Team, in_turn
from office.study.causes import NOTHING, answered
from office.study.ends import ends
from tests.engines.building import office_of
from tests.engines.offices import ANY_MAIL, offices, troubled_offices
from tests.study.journals import ROUGH, clerk, run


def follows(journal):
    mail = journal.mail
    return answered(mail, ends(journal), mail.read)


def by_search(journal):
    """The same, message by message: of what the sender had read by then, the last that leads to such a message."""
    mail, there = journal.mail, ends(journal)
    read, copies, came, sent = (column.tolist() for column in (mail.read, mail.copy, mail.arrived, mail.sent))
    links, tasks = mail.link.tolist(), mail.task.tolist()
    sender, reader = there.sender.tolist(), there.reader.tolist()
    bosses = {
        desk for link in range(len(journal.links)) for desk, own in ((sender[link], owns(there, link, "sends")),
        (reader[link], owns(there, link, "reads"))) if not own
    }  # fmt: skip
    found = [NOTHING] * len(links)
    for row, link in enumerate(links):
        if copies[row]:
            continue
        leads = leading(there, link, sender[link] in bosses)
        for letter in range(len(links) - 1, -1, -1):
            if (
                read[letter] and tasks[letter] == tasks[row] and reader[links[letter]] == sender[link]
                and came[letter] <= sent[row] and (letter < row or came[row] != sent[row])
                and channel(there, links[letter], "reads") == leads
            ):  # fmt: skip
                found[row] = letter
                break
    return found


def owns(there, link, how):
    channels = (there.outbox, there.feedback_to_below) if how == "sends" else (there.inbox, there.feedback_from_above)
    return any(column[link] >= 0 for column in channels)


def channel(there, link, how):
    """What a link is to the desk at its end: a channel of its own, or of a member of its team."""
    if how == "reads":
        return (
            "task" if there.inbox[link] >= 0 else "feedback" if there.feedback_from_above[link] >= 0
            else "answer" if there.outbox[link] >= 0 else "feedback to below"
        )  # fmt: skip
    return (
        "answer" if there.outbox[link] >= 0 else "feedback to below" if there.feedback_to_below[link] >= 0
        else "task" if there.inbox[link] >= 0 else "feedback"
    )  # fmt: skip


def leading(there, link, is_boss):
    what = channel(there, link, "sends")
    if there.sender[link] < 0:
        return "answer" if what == "feedback" else "task"
    return {"answer": "answer" if is_boss else "task", "feedback to below": what if is_boss else "feedback"}.get(
        what, what
    )


@given(offices(conditions=[*ROUGH, *ANY_MAIL]))
@settings(max_examples=30)
def test_what_a_message_follows_from_is_the_last_letter_that_leads_to_such_a_message(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        assert follows(came.journal).tolist() == by_search(came.journal)


@given(troubled_offices(conditions=ROUGH))
@settings(max_examples=15)
def test_so_it_is_whatever_befalls_the_desks(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        assert follows(came.journal).tolist() == by_search(came.journal)


@pytest.mark.parametrize(
    "chart",
    [
        clerk("alex"),
        Chain([clerk("low"), clerk("top")]),
        Team([clerk("alex"), clerk("bo")], "team", allocate=in_turn),
        Team([Team([clerk("alex")], "inner", allocate=in_turn)], "outer", allocate=in_turn),
    ],
)
def test_where_one_desk_at_a_time_has_the_task_each_message_follows_from_the_one_before(chart):
    journal = run(chart, tasks=3, in_flight=1).journal
    mail, found = journal.mail, follows(journal)
    for task in range(3):
        rows = np.flatnonzero(mail.task == task)
        assert found[rows].tolist() == [NOTHING, *rows[:-1].tolist()]


def test_of_answers_that_are_waited_for_the_last_leads_on():
    journal = run(Team([clerk("alex"), clerk("bo"), clerk("casey")], "team"), tasks=20).journal
    mail, found = journal.mail, follows(journal)
    names = np.array(journal.link_names)[mail.link]
    for task in range(20):
        of_it = mail.task == task
        answers = np.flatnonzero(of_it & np.char.endswith(names, ".outbox") & np.char.startswith(names, "team/"))
        joint = np.flatnonzero(of_it & (names == "team.outbox"))
        assert found[joint].tolist() == [answers[-1]]
