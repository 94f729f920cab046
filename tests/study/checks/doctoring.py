"""Journals of real runs, and ways to change what stands in them."""

from copy import deepcopy
from functools import cache

from office import Client, Crash, Journal, Stall, Team, after, every, simulate
from office.study.checks import check
from tests.study.journals import clerk, learner

SENT, ARRIVED, LINK, TASK, MARK = range(5)
ONE_MORE = 64
MS = 1_000_000


@cache
def _run():
    team = Team([learner("alex", answer_time="1ms"), clerk("bo")], "team")
    mail = {
        "*": "delay 10ms",
        "team.outbox": "delay 10ms loss 15%",
        "team/alex.outbox": "delay 10ms loss 5%",
        "team/bo.outbox": "delay 10ms duplicate 20%",
        "team/*.feedback_to_below": "delay 10ms loss 20%",
        "team/*.feedback_from_above": "delay 10ms loss 5%",
        "team/*.inbox": "delay 10ms loss 5%",
    }
    client = Client(
        [(1.0, None)] * 60,
        lambda output, target: (0.5, 1.0),
        arrivals=every("3ms"),
        replies=after("5ms"),
        patience="1s",
    )
    faults = [Crash("team/bo", "60ms", "4ms"), Stall("team/alex", "85ms", "5ms")]
    return simulate(team, client, mail=mail, faults=faults, expire={"team": "70ms"}, until="170ms", seed=1).journal


class Broken(dict):
    """The checks that fail: ``broken >= {name: rows}`` where that check is among them, and names just these rows."""

    def __ge__(self, others):
        return all(self.get(name) == rows for name, rows in others.items())


class Doctored:
    """A copy of a journal, whose mail is a list of rows that may be changed; `journal` is what they then come to."""

    def __init__(self, journal=None):
        journal = _run() if journal is None else journal
        self.head, self.links, self.desks = deepcopy(journal.head), list(journal.links), list(journal.desks)
        self.rows = _rows(journal)
        self.end, self.order, self.diverged = journal.end, journal.order, journal.diverged
        self.steps = dict(journal.steps)
        self.losses, self.work, self.incidents, self.learnt = (
            deepcopy(each) for each in (journal.losses, journal.work, journal.incidents, journal.learnt)
        )

    def on(self, link, fate=None):
        """Where the rows of a link stand, of one fate if it is told: "came", "lost", "under way", "copy"."""
        rows = [row for row, message in enumerate(self.rows) if self.links[message[LINK]].name == link]
        return [row for row in rows if FATES[fate](self.rows[row])]

    def about(self, task, link):
        """The row of the message about a task that came on a link."""
        return next(row for row in self.on(link, "came") if self.rows[row][TASK] == task)

    def tasks(self, link, fate="came"):
        """The tasks of those rows."""
        return [self.rows[row][TASK] for row in self.on(link, fate)]

    @property
    def befallen(self):
        """The tasks over which something befell somebody."""
        return {task for rows in self.incidents.values() for _, _, task in rows}

    def work_on(self, desk, task):
        """The rows of the work on a task, for the first desk that works."""
        assert list(self.work) == [desk] or not any(self.work[other] for other in self.work if other != desk)
        return [row for row, (about, _, _) in enumerate(self.work[desk]) if about == task]

    @property
    def broken(self):
        """The checks that fail, and which rows they name."""
        return Broken({finding.name: [entry.row for entry in finding.entries] for finding in check(self.journal)})

    def in_order(self):
        """Put the rows back in order."""
        self.rows.sort(key=_place)

    def check(self, name):
        """What the check of this name says."""
        return next(finding for finding in check(self.journal) if finding.name == name)

    @property
    def journal(self):
        journal = Journal(**self.head)
        journal.links, journal.desks = self.links, self.desks
        if self.rows:
            journal.columns.extend(*zip(*self.rows, strict=True))
        journal.losses, journal.work, journal.incidents = self.losses, self.work, self.incidents
        journal.learnt = self.learnt
        journal.end, journal.order, journal.diverged = self.end, self.order, self.diverged
        journal.steps = self.steps
        return journal


FATES = {
    None: lambda message: True,
    "came": lambda message: message[ARRIVED] >= 0,
    "lost": lambda message: message[MARK] < 0,
    "under way": lambda message: message[ARRIVED] < 0 < message[MARK],
    "copy": lambda message: abs(message[MARK]) % ONE_MORE >= 2,
}


def _rows(journal):
    sent, arrived, link, task, mark, cause = (column.tolist() for column in journal.mail)
    tasks = map(journal.task_id, task)
    return [list(row) for row in zip(sent, arrived, link, tasks, mark, cause, strict=True)]


def _place(message):
    sent, arrived, link, _, mark, _ = message
    if arrived >= 0:
        return 0, arrived, link, mark
    return (2, sent, link, -mark) if mark < 0 else (1, 0, 0, 0)
