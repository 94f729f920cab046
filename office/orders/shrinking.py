"""The smallest order that fails: fewest tasks, then desks, losses, repeats, overtakings; then the smallest choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from office.engines import OLDEST, REPEAT, Choice, order_text, read_order
from office.mail import DELIVER, LOSE, Fate
from office.orders.claims import is_ours
from office.orders.counterexample import Counterexample
from office.orders.outcome import Outcome
from office.orders.setting import Failure, Setting
from office.orders.without import members_of

__all__ = ["smallest"]

RUNS = 20_000
"""So many orders of smaller offices are run in search of one that fails; and so many with fewer losses, and so on."""


def smallest(setting: Setting, failure: Failure) -> Counterexample:
    """The smallest way to fail as this order does: by the same claim, or with the same kind of error.

    All orders of all smaller offices are looked through, as far as 20,000 runs go: so what is left cannot be left out,
    no task, no desk, no loss, no repeat and no overtaking.
    """
    setting, failure = _smallest_office(setting, failure)
    setting, failure = _fewest(setting, failure, "losses", _fates(failure, LOSE))
    setting, failure = _fewest(setting, failure, "repeats", _fates(failure, REPEAT))
    _, failure = _fewest(setting, failure, "overtakings", overtakings(failure.outcome))
    failure = _smallest_choices(setting, failure)
    return Counterexample(setting, failure, overtakings(failure.outcome))


def overtakings(outcome: Outcome) -> int:
    """How many pairs of messages on one link arrived in another order than they were sent in."""
    came = [(entry[1], entry[2]) for entry in outcome.trail]
    return sum(one[0] == other[0] and one[1] > other[1] for one, other in combinations(came, 2))


class Search:
    """Looks for the same failure elsewhere, as long as there are runs left.

    A claim of the user's may be about all the tasks, or about a desk. So where it holds of the office when the oldest
    message comes first, always, it must hold of a smaller one then, too: else it asks for what has been left out.
    """

    def __init__(self, like: Failure, *, holds_in_order: bool = False) -> None:
        self.like = like
        self.holds_in_order = holds_in_order
        self.left = RUNS

    def first_failure(self, setting: Setting) -> Failure | None:
        """The first order that fails in the same way, if one does."""
        try:
            if self.holds_in_order and setting.failure(setting.replay("0")) is not None:
                return None
            for outcome in setting.orders():
                self.left -= 1
                failure = setting.failure(outcome)
                if failure is not None and failure.claim is self.like.claim:
                    return failure
                if self.left <= 0:
                    break
        except Exception:  # noqa: BLE001  there may be no such office, or none of which the claim can be asked
            return None
        return None


def _smallest_office(setting: Setting, failure: Failure) -> tuple[Setting, Failure]:
    """The office with the fewest tasks, and of these the fewest desks, that fails in the same way."""
    tasks = [task for _, task in failure.outcome.office.tasks]
    setting = setting.with_tasks(tasks)
    claim = failure.claim
    by_order = not (isinstance(claim, type) or is_ours(claim)) and setting.failure(setting.replay("0")) is None
    search = Search(failure, holds_in_order=by_order)
    for number in range(1, len(tasks) + 1):
        for left_out in _from_fewest_desks(list(members_of(setting.chart()))):
            for kept in combinations(tasks, number):
                if len(kept) == len(tasks) and not left_out:
                    continue  # that is where it was found
                if search.left <= 0:
                    return setting, failure
                smaller = setting.with_tasks(kept).leaving_out(*left_out)
                found = search.first_failure(smaller)
                if found is not None:
                    return smaller, found
    return setting, failure


def _from_fewest_desks(members: list[str]) -> Iterator[list[str]]:
    """Whom to leave out, with all that is under him, so that few are kept, then more, then all."""
    above = {one: [other for other in members if one.startswith(f"{other}/")] for one in members}
    for number in range(len(members) + 1):
        for several in combinations(members, number):
            kept = {*several}
            if all(kept.issuperset(above[one]) for one in several):
                yield [one for one in members if one not in kept and kept.issuperset(above[one])]


def _fewest(setting: Setting, failure: Failure, what: str, number: int) -> tuple[Setting, Failure]:
    """The same failure where the mail may do as little as can be of what it has done so many times, and where it is."""
    search = Search(failure)
    for most in range(number):
        less = _limited(setting, **{what: most})
        found = search.first_failure(less) if search.left > 0 else None
        if found is not None:
            return less, found
    return _limited(setting, **{what: number}), failure


def _limited(setting: Setting, **limits: Any) -> Setting:
    return replace(setting, **limits)


def _fates(failure: Failure, fate: Fate) -> int:
    """How many messages are lost, or are repeated."""
    return sum(its == fate for _, its in read_order(failure.order))


def _smallest_choices(setting: Setting, failure: Failure) -> Failure:
    """The same failure with older messages first, wherever that makes no difference to it."""
    most = overtakings(failure.outcome)
    better: Failure | None = failure
    while better is not None:
        failure, better = better, None
        for order in _smaller(read_order(failure.order)):
            found = _again(setting, failure, order)
            if found is not None and overtakings(found.outcome) <= most:
                better = found
                break
    return failure


def _again(setting: Setting, failure: Failure, order: str) -> Failure | None:
    """The same failure in another order of the same office, if it fails there in the same way."""
    try:
        found = setting.failure(setting.replay(order))
    except Exception:  # noqa: BLE001  there may be no such order, or the claim cannot be asked of it
        return None
    return found if found is not None and found.claim is failure.claim else None


def _smaller(choices: list[Choice]) -> Iterator[str]:
    """Orders that pass over fewer messages somewhere, or lose or repeat fewer."""
    for step in range(len(choices)):
        if any(choice != OLDEST for choice in choices[step:]):
            yield order_text(choices[:step])
    for step, (place, fate) in enumerate(choices):
        for less in [(earlier, fate) for earlier in range(place)] + [(place, DELIVER)] * (fate != DELIVER):
            yield order_text([*choices[:step], less, *choices[step + 1 :]])
