"""The journal says of each message the one whose handling sent it: compared with what desks write down themselves."""

from collections import Counter
from contextlib import contextmanager

import numpy as np
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from office import (
    Chain,
    Client,
    Team,
    Worker,
    after,
    every,
    in_turn,
    newest_first,
    open_office,
    random_pick,
    recorded,
    simulate,
)
from office.desks import ALARM, OUTSIDE, Channel, ManagerDesk, WorkerDesk
from tests.engines.building import office_of
from tests.engines.offices import EITHER, offices, troubled_offices

ROUGH = [
    "delay 5ms 3ms loss 10% duplicate 20% corrupt 10%",
    "delay 5ms 5ms distribution exponential loss 5%",
    "loss 5% duplicate 20%",
    "delay 10ms 2ms reorder 30%",
    "delay 5ms",
    "",
]


def links_by_desk(links):
    """For each desk the links that it reads and those that it sends on, by the numbers of its channels."""
    reads, sends = {}, {}
    members = Counter()
    for link in links:
        for desk, channel, own, table in (
            (link.reader, link.read_on, ("inbox", "feedback_from_above"), reads),
            (link.sender, link.sent_on, ("outbox", "feedback_to_below"), sends),
        ):
            number = Channel[channel.upper()]
            if channel not in own:  # the links of members stand in the order of the team
                number = number.of_member(members[desk, channel])
                members[desk, channel] += 1
            table[desk, number] = link.name
    return reads, sends


def names_of(journal):
    """The (link, task) of each message."""
    mail, names = journal.mail, journal.link_names
    return [(names[link], journal.task_id(task)) for link, task in zip(mail.link, mail.task.tolist(), strict=True)]


class Desks:
    """What desks write down by themselves: about which task and on which channel was the letter that each handled.

    In an office without reused task IDs there is one message a link and task, copies apart.
    """

    def __init__(self):
        self.rows = []
        """(desk, channel, task) of a letter sent, and of the letter handled; None for an alarm."""

    def read(self, original):
        def read(desk, channel, task_id, body):
            handled = None if channel == ALARM else (desk.name, channel, task_id)
            return [self.note(desk, letter, handled) for letter in original(desk, channel, task_id, body)]

        return read

    def note(self, desk, letter, handled):
        out, about, body = letter
        if out != OUTSIDE:
            self.rows.append(((desk.name, out, about), handled))
            return letter
        awaitable, make_letters = body
        return out, about, (awaitable, lambda came: [self.note(desk, letter, handled) for letter in make_letters(came)])

    @contextmanager
    def writing(self):
        with pytest.MonkeyPatch.context() as patch:
            for kind in (WorkerDesk, ManagerDesk):
                patch.setattr(kind, "read", self.read(kind.read))
            yield

    def causes(self, links):
        """For each (link, task) of a message sent, the (link, task) of its cause; None where it has none."""
        reads, sends = links_by_desk(links)
        return {
            (sends[desk, out], about): handled and (reads[handled[:2]], handled[2])
            for (desk, out, about), handled in self.rows
        }


def check(journal, desks):
    """Every message has the cause that its sender wrote down; the client's reply, the result about its task."""
    mail, links = journal.mail, journal.links
    expected, read, row_of_cause = desks.causes(links), mail.read, mail.cause_row
    names = [
        (links[link].name, journal.task_id(task)) for link, task in zip(mail.link, mail.task.tolist(), strict=True)
    ]
    outbox = next(link.name for link in links if link.reader == "client" and link.read_on == "outbox")
    for row, (link, task) in enumerate(names):
        ends, cause = links[mail.link[row]], int(row_of_cause[row])
        if ends.sender == "client":
            wanted = None if ends.sent_on == "inbox" else (outbox, task)
        else:
            wanted = expected[link, task]
        assert (names[cause] if cause >= 0 else None) == wanted
        assert (cause >= 0) == (mail.cause[row] != 0)
        if wanted is not None:
            assert read[cause]
            assert mail.mark[cause] > 0
            assert links[mail.link[cause]].reader == ends.sender
            original = mail.mark[row] == mail.number[row] * 64
            assert not original or mail.arrived[cause] <= mail.sent[row]
    for rows in same_message(mail).values():
        assert len({int(mail.cause[row]) for row in rows}) == 1  # copies and retransmissions have their original's


def same_message(mail):
    rows = {}
    for row, key in enumerate(zip(mail.link.tolist(), mail.number.tolist(), strict=True)):
        rows.setdefault(key, []).append(row)
    return rows


def run_and_check(data, **changes):
    desks = Desks()
    with desks.writing():
        run, _ = office_of(data, **changes)
    if not isinstance(run, str):
        check(run.journal, desks)


@given(offices(capacities=[None, None, 1, 2]) | troubled_offices(ROUGH, EITHER), st.booleans())
def test_each_message_has_the_cause_that_its_sender_wrote_down(data, lookahead):
    if any(limit is not None for limit in [data["capacity"][0], *(limit for _, limit in data["capacity"][1])]):
        data["mail"] = "delay 5ms", []
    run_and_check(data, lookahead=lookahead)


def echo(name, **pace):
    return Worker(lambda task: (task, lambda feedback: feedback), name, **pace)


def caused(journal):
    """(link, task) of each message, and of its cause."""
    mail = journal.mail
    names = names_of(journal)
    return {name: names[row] if row >= 0 else None for name, row in zip(names, mail.cause_row.tolist(), strict=True)}


@pytest.mark.parametrize(
    "replies", [after("30ms"), newest_first(3), random_pick(3), recorded(["9ms", "1ms", "70ms"] * 4)]
)
def test_what_the_people_above_say_later_is_caused_by_the_result_that_it_is_about(replies):
    client = Client([(1.0, None)] * 12, lambda output, target: (0.0, 1.0), arrivals=every("3ms"), replies=replies)
    causes = caused(simulate(echo("alex"), client, mail="delay 10ms 9ms").journal)
    assert len(causes) == 48
    for task in range(12):
        assert causes["alex.inbox", task] is None
        assert causes["alex.outbox", task] == ("alex.inbox", task)
        assert causes["alex.feedback_from_above", task] == ("alex.outbox", task)
        assert causes["alex.feedback_to_below", task] == ("alex.feedback_from_above", task)


def test_a_joined_result_is_caused_by_the_last_result_to_arrive():
    team = Team([echo("alex", answer_time="5ms"), echo("bo")], "team")
    client = Client([(1.0, None)], lambda output, target: (0.0, 1.0))
    journal = simulate(team, client).journal
    assert caused(journal)["team.outbox", 0] == ("team/alex.outbox", 0)


def test_what_a_timer_makes_a_desk_send_has_no_cause_and_what_comes_too_late_is_the_cause_of_its_own_dismissal():
    client = Client([(1.0, None)], lambda output, target: (0.0, 1.0), patience="10ms")
    journal = simulate(echo("alex"), client, mail={"alex.outbox": "delay 30ms"}, expire="50ms").journal
    assert caused(journal)["alex.feedback_from_above", 0] == ("alex.outbox", 0)
    silent = Client([(1.0, None)], lambda output, target: (0.0, 1.0))
    journal = simulate(echo("alex"), silent, mail={"alex.feedback_from_above": "delay 80ms"}, expire="50ms").journal
    assert caused(journal)["alex.feedback_to_below", 0] is None


async def test_what_a_users_own_task_sends_has_no_cause_and_what_desks_send_has_one():
    async with open_office(Chain([echo("low"), echo("top")]), mail="delay 1ms") as office:
        for task in (1, 2):
            await office.inbox.send((task, "work"))
        for _ in range(2):
            task, body = await office.outbox.receive()
            await office.feedback_from_above.send((task, f"re {body}"))
        for _ in range(2):
            await office.feedback_to_below.receive()
        journal = office.journal
    causes = caused(journal)
    for task in (1, 2):
        assert causes["low.inbox", task] is causes["top.feedback_from_above", task] is None
        assert causes["top.inbox", task] == ("low.inbox", task)
        assert causes["low.feedback_to_below", task] == ("top.feedback_to_below", task)


def test_an_asynchronous_worker_sends_because_of_the_letter_that_it_waited_over():
    async def answer(task):
        await trio.lowlevel.checkpoint()

        async def handle_feedback(feedback):
            await trio.lowlevel.checkpoint()
            return feedback

        return task, handle_feedback

    client = Client([(1.0, None)] * 3, lambda output, target: (0.0, 1.0))
    team = Team([Worker(answer, "alex"), Worker(answer, "bo")], "team", allocate=in_turn)
    causes = caused(simulate(team, client, mail="delay 1ms").journal)
    for task, name in enumerate(["alex", "bo", "alex"]):
        assert causes[f"team/{name}.outbox", task] == (f"team/{name}.inbox", task)
        assert causes[f"team/{name}.feedback_to_below", task] == (f"team/{name}.feedback_from_above", task)


def test_in_a_chosen_order_what_is_lost_has_a_cause_too():
    client = Client([(1.0, None)] * 2, lambda output, target: (0.0, 1.0))
    journal = simulate(echo("alex"), client, order="1.0.0-").journal
    mail = journal.mail
    lost = np.flatnonzero(mail.lost)
    assert len(lost) == 1
    assert caused(journal)[journal.links[mail.link[lost[0]]].name, int(mail.task[lost[0]])] is not None
