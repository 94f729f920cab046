"""The smallest order that fails: fewest tasks, then desks, losses, repeats, overtakings; then the smallest choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import cast

from office.engines import OLDEST, REPEAT, Choice, order_text, read_order
from office.mail import DELIVER, LOSE, Fate
from office.orders.case import Case, Failure
from office.orders.claims import is_ours
from office.orders.counterexample import Counterexample
from office.orders.outcome import Outcome
from office.orders.settings import SearchKeywords, SearchSettings
from office.orders.without import members_of

__all__ = ["smallest"]

RUNS = 20_000
"""So many orders of smaller offices are run in search of one that fails; and so many with fewer losses, and so on."""


def smallest(case: Case, failure: Failure) -> Counterexample:
    """The smallest way to fail as this order does: by the same claim, or with the same kind of error.

    All orders of all smaller offices are looked through, as far as 20,000 runs go: so what is left cannot be left out,
    no task, no desk, no loss, no repeat and no overtaking.
    """
    case, failure = _smallest_office(case, failure)
    case, failure = _fewest(case, failure, "losses", _fates(failure, LOSE))
    case, failure = _fewest(case, failure, "repeats", _fates(failure, REPEAT))
    _, failure = _fewest(case, failure, "overtakings", overtakings(failure.outcome))
    failure = _smallest_choices(case, failure)
    return Counterexample(case, failure, overtakings(failure.outcome))


def overtakings(outcome: Outcome) -> int:
    """How many pairs of messages on one link arrived in another order than they were sent in."""
    came = [(entry[1], entry[2]) for entry in outcome.trail]
    return sum(first[0] == then[0] and first[1] > then[1] for first, then in combinations(came, 2))


class Search:
    """Looks for the same failure elsewhere, as long as there are runs left.

    A claim of the user's may be about all the tasks, or about a desk. So where it holds of the office when the oldest
    message comes first, always, it must hold of a smaller one then, too: else it asks for what has been left out.
    """

    def __init__(self, like: Failure, *, holds_in_order: bool = False) -> None:
        self.like = like
        self.holds_in_order = holds_in_order
        self.left = RUNS

    def first_failure(self, case: Case) -> Failure | None:
        """The first order that fails in the same way, if one does."""
        try:
            if self.holds_in_order and case.failure(case.replay("0")) is not None:
                return None
            for outcome in case.orders():
                self.left -= 1
                failure = case.failure(outcome)
                if failure is not None and failure.claim is self.like.claim:
                    return failure
                if self.left <= 0:
                    break
        except Exception:  # noqa: BLE001  there may be no such office, or none of which the claim can be asked
            return None
        return None


def _smallest_office(case: Case, failure: Failure) -> tuple[Case, Failure]:
    """The office with the fewest tasks, and of these the fewest desks, that fails in the same way."""
    tasks = list(failure.outcome.office.tasks)
    case = case.with_tasks(tasks)
    claim = failure.claim
    by_order = not (isinstance(claim, type) or is_ours(claim)) and case.failure(case.replay("0")) is None
    search = Search(failure, holds_in_order=by_order)
    for number in range(1, len(tasks) + 1):
        for left_out in _from_fewest_desks(list(members_of(case.chart()))):
            for kept in combinations(tasks, number):
                if len(kept) == len(tasks) and not left_out:
                    continue  # that is where it was found
                if search.left <= 0:
                    return case, failure
                smaller = case.with_tasks(kept).leaving_out(*left_out)
                same_failure = search.first_failure(smaller)
                if same_failure is not None:
                    return smaller, same_failure
    return case, failure


def _from_fewest_desks(members: list[str]) -> Iterator[list[str]]:
    """Which desks to leave out, with all that is under them, so that few are kept, then more, then all."""
    above = {desk: [other for other in members if desk.startswith(f"{other}/")] for desk in members}
    for number in range(len(members) + 1):
        for several in combinations(members, number):
            kept = {*several}
            if all(kept.issuperset(above[desk]) for desk in several):
                yield [desk for desk in members if desk not in kept and kept.issuperset(above[desk])]


def _fewest(case: Case, failure: Failure, limit: str, number: int) -> tuple[Case, Failure]:
    """The same failure where the mail may do as little as can be of what it has done so many times, and where it is."""
    search = Search(failure)
    for fewer in range(number):
        less = _limited(case, limit, fewer)
        smaller = search.first_failure(less) if search.left > 0 else None
        if smaller is not None:
            return less, smaller
    return _limited(case, limit, number), failure


def _limited(case: Case, limit: str, number: int) -> Case:
    """The same where one of `losses`, `repeats` and `overtakings` has that limit."""
    settings = cast("SearchKeywords", {**case.settings.keywords(), limit: number})
    return replace(case, settings=SearchSettings(**settings))


def _fates(failure: Failure, fate: Fate) -> int:
    """How many messages are lost, or are repeated."""
    return sum(its == fate for _, its in read_order(failure.order))


def _smallest_choices(case: Case, failure: Failure) -> Failure:
    """The same failure with older messages first, wherever that makes no difference to it."""
    so_many = overtakings(failure.outcome)
    better: Failure | None = failure
    while better is not None:
        failure, better = better, None
        for order in _smaller(read_order(failure.order)):
            again = _again(case, failure, order)
            if again is not None and overtakings(again.outcome) <= so_many:
                better = again
                break
    return failure


def _again(case: Case, failure: Failure, order: str) -> Failure | None:
    """The same failure in another order of the same office, if it fails there in the same way."""
    try:
        again = case.failure(case.replay(order))
    except Exception:  # noqa: BLE001  there may be no such order, or the claim cannot be asked of it
        return None
    return again if again is not None and again.claim is failure.claim else None


def _smaller(choices: list[Choice]) -> Iterator[str]:
    """Orders that pass over fewer messages somewhere, or lose or repeat fewer."""
    for step in range(len(choices)):
        if any(choice != OLDEST for choice in choices[step:]):
            yield order_text(choices[:step])
    for step, (place, fate) in enumerate(choices):
        for less in [(earlier, fate) for earlier in range(place)] + [(place, DELIVER)] * (fate != DELIVER):
            yield order_text([*choices[:step], less, *choices[step + 1 :]])
