"""Journals for tests: made up row by row, or of a run."""

from functools import cache
from itertools import repeat

import numpy as np

from office import NO_FEEDBACK, Client, Journal, Parameters, Team, Worker, every, simulate
from office.journal import DAMAGED, MARK_BITS, NO_CAUSE, ONE_COPY, ONE_MORE, LinkEnds

LINKS = ["alex.inbox", "alex.outbox", "alex.feedback_from_above", "alex.feedback_to_below"]
INBOX, OUTBOX, ABOVE, BELOW = range(4)

ROUGH = [
    "delay 5ms 3ms loss 10%",
    "delay 5ms 3ms duplicate 30%",
    "delay 5ms 3ms corrupt 10% duplicate 40%",
    "delay 10ms 2ms reorder 30% 50% gap 2",
    "delay 5ms 5ms distribution exponential loss 20% duplicate 20%",
    "loss 5% duplicate 20%",
    "delay 5ms",
]
"""Mail that loses, repeats, damages and overtakes."""


def made_up(rows, links=LINKS, under_way=(), lost=(), desks=("client", "alex"), incidents=()):
    """A journal of (sent, arrived, link, task), of (sent, link, task) that never arrived, and of the same lost.

    Messages are numbered on each link in order of sending; whoever wants it otherwise says a mark with each.
    Incidents are at alex's desk: (time, what, task).
    """
    journal = Journal()
    journal.links, journal.desks = [link_ends(name) for name in links], list(desks)
    every_row = [*rows, *((sent, -1, *rest) for sent, *rest in [*under_way, *lost])]
    marks, numbers = {}, dict.fromkeys(range(len(links)), 0)
    for place in sorted(range(len(every_row)), key=lambda place: every_row[place][0]):
        link = every_row[place][2]
        numbers[link] += 1
        marks[place] = every_row[place][4] if len(every_row[place]) > 4 else ONE_MORE * numbers[link]
    entries = [
        (row[1], row[2], marks[place], row[0], row[3], None, cause_of(place, every_row, marks, links))
        for place, row in enumerate(every_row)
    ]
    arrived, on_the_way = len(rows), len(rows) + len(under_way)
    journal.record(entries[:arrived])
    for _, link, mark, sent, task, _, cause in entries[on_the_way:]:
        journal.record_lost((sent, link, mark, task, cause))
    journal.close([(place, *entry[1:]) for place, entry in enumerate(entries[arrived:on_the_way])])
    if incidents:
        journal.incidents["alex"] = list(incidents)
    return journal


def link_ends(name):
    """The ends of a link with this name, between a desk and its manager or the client."""
    desk, _, channel = name.rpartition(".")
    ends = (desk, desk.rpartition("/")[0] or "client")
    sender, reader = ends if channel in {"outbox", "feedback_to_below"} else reversed(ends)
    return LinkEnds(name, sender, reader, channel, channel)


LEADS_TO = {"outbox": "inbox", "feedback_from_above": "outbox", "feedback_to_below": "feedback_from_above"}


def cause_of(place, rows, marks, links):
    """The last message about the task that came on the channel which leads to that of a row, before it was sent."""
    sent, _, link, task, *_ = rows[place]
    desk, _, channel = links[link].rpartition(".")
    came = [
        letter for letter, row in enumerate(rows)
        if links[row[2]] == f"{desk}.{LEADS_TO.get(channel)}" and row[3] == task and 0 <= row[1] <= sent
        and not marks[letter] % ONE_COPY and (row[1] < sent or letter < place)
    ]  # fmt: skip
    return rows[came[-1]][2] << MARK_BITS | marks[came[-1]] if came else NO_CAUSE


def mark(number, copy=0, *, damaged=False):
    """The mark of a copy of the message with this number, from 1."""
    return ONE_MORE * number + ONE_COPY * copy + DAMAGED * damaged


def clerk(name, **pace):
    """A worker whose answer is the task itself."""
    return Worker(lambda task: (task, lambda feedback: feedback), name, **pace)


def learner(name, **pace):
    """A worker who answers likewise, and has one weight, which every feedback moves."""
    weights = Parameters([0.0], 1.0)

    def answer(task):
        notes = weights.answer()

        def handle_feedback(feedback):
            if feedback is NO_FEEDBACK:
                weights.hear_nothing()
            else:
                weights.learn([1.0], notes)
            return feedback

        return task, handle_feedback

    return Worker(answer, name, **pace)


def run(chart=None, mail="delay 10ms 9ms", tasks=40, seed=0, until=None, **client):
    """A run, of two clerks if nothing else is asked for."""
    chart = chart or Team([clerk("alex"), clerk("bo")], "team")
    client = {"arrivals": every("3ms")} | client
    tasks = Client([(1.0, None)] * tasks, lambda output, target: (0.0, 1.0), keep=False, **client)
    return simulate(chart, tasks, mail=mail, seed=seed, until=until)


@cache
def a_million_messages(*, rough=False):
    """Some 250,000 tasks of one desk, all of whose mail comes out of order.

    In the rough one every tenth message is repeated, a third of the repeats damaged, and a third lost.
    """
    tasks, rng = 227_000 if rough else 250_000, np.random.default_rng(0)
    begin, cause, rows = 100 * np.arange(tasks), np.full(tasks, NO_CAUSE), []
    for link in (INBOX, OUTBOX, ABOVE, BELOW):
        arrived = begin + 1 + rng.integers(0, 10_000, tasks)
        marks = ONE_MORE * (1 + np.argsort(np.argsort(begin, kind="stable")))
        rows.append(np.column_stack([begin, arrived, np.full(tasks, link), np.arange(tasks), marks, cause]))
        if rough:
            again = rows[-1][rng.random(tasks) < 0.1]
            again[:, 1] += rng.integers(0, 10_000, len(again))
            again[:, 4] += ONE_COPY
            again[::3, 4] += DAMAGED
            again[1::3, 4] *= -1
            rows.append(again)
        begin, cause = arrived, link << MARK_BITS | marks
    rows = np.concatenate(rows)
    journal = made_up([])
    sent, arrived, link, task, marks, cause = rows[rows[:, 4] > 0][
        np.lexsort(rows[rows[:, 4] > 0].T[[4, 2, 1]])
    ].T.tolist()
    journal.record(list(zip(arrived, link, marks, sent, task, repeat(None), cause, strict=False)))
    for sent, _, link, task, lost, why in rows[rows[:, 4] < 0].tolist():
        journal.record_lost((sent, link, -lost, task, why))
    journal.close([])
    return journal
