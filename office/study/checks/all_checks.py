"""All checks together."""

from __future__ import annotations

from collections.abc import Callable

from office.journal import Journal
from office.study.checks.check import Check
from office.study.checks.desks import (
    answers,
    causes,
    downtime,
    incidents,
    one_thing_at_a_time,
    passing_down,
    the_desks_balance,
)
from office.study.checks.learning import feedback, learning, what_was_said
from office.study.checks.mail import numbers, order, overtaking, the_mail_balances, times
from office.study.checks.managers import handing_out, joins
from office.study.journal_index import JournalIndex

__all__ = ["check", "checked"]

ALL: tuple[Callable[[JournalIndex], Check], ...] = (
    order,
    times,
    overtaking,
    numbers,
    the_mail_balances,
    causes,
    answers,
    handing_out,
    joins,
    feedback,
    passing_down,
    the_desks_balance,
    what_was_said,
    one_thing_at_a_time,
    incidents,
    downtime,
    learning,
)


def check(journal: Journal) -> list[Check]:
    """The invariants that a journal breaks, with the entries that break them: nothing, if a run of ours wrote it.

    In the field: a trace checker.
    """
    return [check for check in checked(journal) if not check.holds]


def checked(journal: Journal) -> list[Check]:
    """Every invariant, kept or broken, with how much was looked at."""
    index = JournalIndex(journal)
    return [look(index) for look in ALL]
