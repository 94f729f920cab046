"""All checks together."""

from __future__ import annotations

from collections.abc import Callable

from office.journal import Journal
from office.study.checks.answers import answers
from office.study.checks.causes import causes
from office.study.checks.desk_books import the_desks_balance
from office.study.checks.downtime import downtime
from office.study.checks.feedback import feedback
from office.study.checks.finding import Check
from office.study.checks.handing_out import handing_out
from office.study.checks.incidents import incidents
from office.study.checks.joins import joins
from office.study.checks.learning import learning
from office.study.checks.mail_books import the_mail_balances
from office.study.checks.numbers import numbers
from office.study.checks.order import order
from office.study.checks.overtaking import overtaking
from office.study.checks.passing_down import passing_down
from office.study.checks.said import what_was_said
from office.study.checks.times import times
from office.study.checks.work import one_thing_at_a_time
from office.study.evidence import Evidence

__all__ = ["check", "checked"]

ALL: tuple[Callable[[Evidence], Check], ...] = (
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

    Raises `ValueError` where a desk lacks one of its four links. In the field: a trace checker.
    """
    return [one for one in checked(journal) if not one.holds]


def checked(journal: Journal) -> list[Check]:
    """Every invariant, kept or broken, with how much was looked at. Raises `ValueError` as `check` does."""
    evidence = Evidence(journal)
    return [look(evidence) for look in ALL]
