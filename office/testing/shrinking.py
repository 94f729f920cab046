"""The smallest order that fails: fewest tasks, then fewest desks, then fewest overtakings, then smallest choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice

from office.engines import OLDEST, Choice, Outcome, order_text, read_order
from office.errors import BadOrder, OfficeError
from office.mail import DELIVER
from office.testing.counterexample import Counterexample
from office.testing.setting import Failure, Setting
from office.testing.without import members_of

__all__ = ["smallest"]

RUNS = 20_000
"""So many orders of each smaller office are run in search of one that fails."""


def smallest(setting: Setting, failure: Failure) -> Counterexample:
    """The smallest way to fail as this order does: by the same claim, or with the same kind of error.

    All orders of all smaller offices are looked through, so what is left cannot be left out: each task, each desk and
    each overtaking is needed (where an office has no more than 20,000 orders).
    """
    setting, failure = _fewest_tasks(setting, failure)
    setting, failure = _fewest_desks(setting, failure)
    setting, failure = _fewest_overtakings(setting, failure)
    return Counterexample(setting, _smallest_choices(setting, failure), overtakings(failure.outcome))


def overtakings(outcome: Outcome) -> int:
    """How many pairs of messages on one link arrived in another order than they were sent in."""
    came = [(entry[1], entry[2]) for entry in outcome.trail]
    return sum(one[0] == other[0] and one[1] > other[1] for one, other in combinations(came, 2))


def _first_failure(setting: Setting, like: Failure) -> Failure | None:
    try:
        orders = setting.orders()
    except OfficeError:  # there is no such office
        return None
    for outcome in islice(orders, RUNS):
        failure = setting.failure(outcome)
        if failure is not None and failure.claim is like.claim:
            return failure
    return None


def _fewest_tasks(setting: Setting, failure: Failure) -> tuple[Setting, Failure]:
    tasks = [task for _, task in failure.outcome.rehearsal.tasks]
    for size in range(1, len(tasks)):
        for kept in combinations(tasks, size):
            smaller = setting.with_tasks(kept)
            found = _first_failure(smaller, failure)
            if found is not None:
                return smaller, found
    return setting.with_tasks(tasks), failure


def _fewest_desks(setting: Setting, failure: Failure) -> tuple[Setting, Failure]:
    tried: set[str] = set()
    while True:
        for desk in members_of(setting.chart()):
            smaller = setting.leaving_out(desk)
            found = None if desk in tried else _first_failure(smaller, failure)
            tried.add(desk)
            if found is not None:
                setting, failure = smaller, found
                break
        else:
            return setting, failure


def _fewest_overtakings(setting: Setting, failure: Failure) -> tuple[Setting, Failure]:
    for most in range(overtakings(failure.outcome)):
        found = _first_failure(replace(setting, overtakings=most), failure)
        if found is not None:
            return setting, found
    return setting, failure


def _smallest_choices(setting: Setting, failure: Failure) -> Failure:
    """The same failure with older messages first, wherever that makes no difference to it."""
    most = overtakings(failure.outcome)
    better: Failure | None = failure
    while better is not None:
        failure, better = better, None
        for order in _smaller(read_order(failure.order)):
            try:
                found = setting.failure(setting.replay(order))
            except BadOrder:
                continue
            if found is not None and found.claim is failure.claim and overtakings(found.outcome) <= most:
                better = found
                break
    return failure


def _smaller(choices: list[Choice]) -> Iterator[str]:
    """Orders that pass over fewer messages somewhere, or lose or repeat fewer."""
    for step in range(len(choices)):
        if any(choice != OLDEST for choice in choices[step:]):
            yield order_text(choices[:step])
    for step, (place, fate) in enumerate(choices):
        for less in [(earlier, fate) for earlier in range(place)] + [(place, DELIVER)] * (fate != DELIVER):
            yield order_text([*choices[:step], less, *choices[step + 1 :]])
