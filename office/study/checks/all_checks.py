"""All checks together."""

from __future__ import annotations

from collections.abc import Callable

from office.journal import Journal
from office.study.checks.check import Check
from office.study.checks.client import losses_there, what_was_said
from office.study.checks.desks import answers, causes, causes_between_actors, passing_down, the_desks_balance
from office.study.checks.end import the_end
from office.study.checks.following import kinds_of_causes, promptness, what_follows
from office.study.checks.incidents import downtime, incidents, strays, timetable, waiting
from office.study.checks.learning import feedback, learning, learnt_there
from office.study.checks.mail import fates, numbers, order, overtaking, room, the_mail_balances, times
from office.study.checks.managers import handing_out, joins
from office.study.checks.work import one_thing_at_a_time, pace, work_there
from office.study.handling import Handling

__all__ = ["check", "checked"]

ALL: tuple[Callable[[Handling], Check], ...] = (
    order,
    times,
    overtaking,
    numbers,
    fates,
    room,
    the_mail_balances,
    causes,
    kinds_of_causes,
    what_follows,
    promptness,
    answers,
    handing_out,
    joins,
    feedback,
    passing_down,
    the_desks_balance,
    what_was_said,
    losses_there,
    one_thing_at_a_time,
    pace,
    work_there,
    incidents,
    timetable,
    waiting,
    strays,
    downtime,
    learning,
    learnt_there,
    the_end,
)

BETWEEN_ACTORS = (order, times, overtaking, numbers, fates, room, the_mail_balances, causes_between_actors, the_end)
"""Those for a network, where there are no desks."""


def check(journal: Journal) -> list[Check]:
    """The invariants that a journal breaks, with the entries that break them: nothing, if a run of ours wrote it.

    In the field: a trace checker.
    """
    return [check for check in checked(journal) if not check.holds]


def checked(journal: Journal) -> list[Check]:
    """Every invariant, kept or broken, with how much was looked at."""
    index = Handling(journal)
    is_network = bool(journal.links) and not any(link.sent_on or link.read_on for link in journal.links)
    return [look(index) for look in (BETWEEN_ACTORS if is_network else ALL)]
