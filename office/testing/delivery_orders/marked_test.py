"""A test in all its delivery orders: rehearsals first, then the performance that is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from office.engines import Choice, order_text
from office.orders.arrivals import arrivals
from office.orders.follower import Follower, first_difference
from office.orders.searches import EverySearch, RandomSearch
from office.orders.smaller import make_smaller
from office.testing.delivery_orders.marker import Marker
from office.testing.delivery_orders.one_run import Call, OneRun, RunFailure
from office.testing.delivery_orders.report_text import NO_OFFICE, again, different_again, too_many

__all__ = ["MarkedTest"]

RUNS_TO_MAKE_SMALLER = 200


@dataclass
class Expected:
    """What the performance is to be like, as the rehearsals were."""

    choices: Sequence[Choice]
    counts: Sequence[int] | None = None
    """How many messages there were to choose from, step by step; None where that is unknown."""
    failure: RunFailure | None = None
    trouble: str = ""
    """Why the test is to fail in any case, in words."""
    summary: str = ""
    """What came of the rehearsals, in words."""


class MarkedTest:
    """One test, and what its marker asks for.

    Args:
        item: the test.
        marker: what its marker asks for.
        alone: the one order that it is to be run in, if the command line names one.
    """

    def __init__(self, item: pytest.Item, marker: Marker, alone: list[Choice] | None) -> None:
        self.item = item
        self.marker = marker
        self.alone = alone
        self.now: OneRun
        self.expected: Expected | None = None
        """Known once the rehearsals are over."""
        self.seconds = 0.0

    def run(self, nextitem: pytest.Item | None) -> None:
        """Rehearse, then perform."""
        expected = self._rehearse() if self.alone is None else Expected(self.alone)
        self.expected = expected
        self.now = OneRun(self.item, Follower(expected.choices), self.marker.late, self.marker.timeouts)
        self.now.perform(nextitem)

    def note(self, report: pytest.TestReport, call: Call) -> None:
        """See what came of one phase; complete the report of the performance."""
        self.now.note(report, call)
        if self.expected is None:
            self.seconds += call.duration
            return
        if report.when == "call":
            report.duration += self.seconds
        if report.when == self._deciding_phase and not self.now.skipped:
            self._judge(report)

    @property
    def _deciding_phase(self) -> str:
        """The phase after which it is known whether the performance was as expected."""
        failure = self.now.failure or (self.expected and self.expected.failure)
        return failure.when if failure else "call"

    def _try(self, choices: Sequence[Choice] | Follower) -> OneRun:
        follower = choices if isinstance(choices, Follower) else Follower(choices)
        self.now = OneRun(self.item, follower, self.marker.late, self.marker.timeouts)
        self.now.rehearse()
        return self.now

    def _rehearse(self) -> Expected:
        """Run the test in one order after another, till it fails or there are no more."""
        search = self.marker.search()
        different: set[str] = set()
        orders, skipped = 0, 0
        passed: OneRun | None = None
        for follower in search:
            run = self._try(follower)
            if run.failure is not None:
                return self._smallest(run, orders + skipped + 1)
            if not follower.choices:
                return Expected(())
            if run.skipped:
                skipped += 1
                continue
            orders, passed = orders + 1, run
            different.add(order_text(follower.choices))
        shown = (passed or run).follower
        expected = Expected(shown.choices, shown.counts)
        if search.differs:
            expected.trouble = different_again(order_text(follower.order), search.differs)
        elif isinstance(search, EverySearch) and not search.complete and self.marker.max_runs is None:
            expected.trouble = too_many(orders)
        expected.summary = how_many(orders, len(different), skipped, search)
        return expected

    def _smallest(self, failed: OneRun, orders: int) -> Expected:
        """The order that failed, or a smaller one that fails in the same way."""
        runs = {order_text(failed.follower.choices): failed}

        def fails(choices: Sequence[Choice]) -> Sequence[Choice] | None:
            run = self._try(choices)
            if run.failure != failed.failure:
                return None
            taken = run.follower.choices
            runs[order_text(taken)] = run
            return taken

        max_runs = 0 if self.item.config.getoption("usepdb", default=False) else RUNS_TO_MAKE_SMALLER
        smallest = order_text(make_smaller(failed.follower.choices, fails, max_runs))
        run, first = runs[smallest], order_text(failed.follower.choices)
        summary = f"fails in order {smallest}, found in run {orders}"
        if smallest != first:
            summary += f" as {first} and made smaller"
        return Expected(run.follower.choices, run.follower.counts, run.failure, summary=summary)

    def _summary(self) -> str:
        assert self.expected is not None
        order = order_text(self.expected.choices)
        return self.expected.summary or f"order {order}{' alone' if self.alone is not None else ''}"

    def _judge(self, report: pytest.TestReport) -> None:
        """Put delivery orders into the report; a performance that is not as it was rehearsed fails."""
        assert self.expected is not None
        trouble = self._trouble(self.expected)
        order = order_text(self.now.follower.choices)
        if self.now.failure is not None:
            lines = [self._summary(), *arrivals(self.now.offices), "", again(self.item.nodeid, order)]
            tell(report, "\n".join(lines))
        if not trouble:
            report.user_properties.append(("delivery orders", self._summary()))
        elif self.now.failure is not None:
            tell(report, trouble)
        else:
            report.outcome, report.longrepr = "failed", trouble

    def _trouble(self, expected: Expected) -> str:
        """What is wrong besides the failure itself, in words."""
        now, follower = self.now, self.now.follower
        if now.failure is None and not follower.choices:
            return NO_OFFICE
        if self.alone is not None:
            misfit = follower.misfit
            return f"delivery order {order_text(self.alone)} does not fit this test: {misfit}" if misfit else ""
        if expected.trouble:
            return expected.trouble
        how = ""
        if expected.counts is not None:
            how = first_difference(follower.counts, earlier=expected.counts)
        if now.failure != expected.failure:
            how = f"{came_to(expected.failure)}, and in another run {came_to(now.failure)}"
        return different_again(order_text(expected.choices), how) if how else ""


def tell(report: pytest.TestReport, words: str) -> None:
    """Put words into the report of a failure."""
    add = getattr(report.longrepr, "addsection", None)
    if add is None:
        report.sections.append(("delivery order", words))
    else:
        add("delivery order", words)


def came_to(failure: RunFailure | None) -> str:
    """What came of a run, in words."""
    return "it passed" if failure is None else f"it failed with {failure}"


def how_many(orders: int, different: int, skipped: int, search: EverySearch | RandomSearch) -> str:
    """How many orders a test passed in.

    Args:
        orders: in how many it passed.
        different: how many of these are different.
        skipped: in how many it was skipped.
        search: the search that is over.
    """
    if search.complete and orders == 1 and not skipped:
        return "passes in the only order there is"
    if isinstance(search, RandomSearch):
        passes = f"passes in {orders:,} orders at random, {different:,} of them different"
    elif search.complete and not skipped:
        passes = f"passes in all {orders:,} orders"
    else:
        passes = f"passes in {orders:,} orders" + ("" if search.complete else " of more")
    return passes + (f", and is skipped in {skipped:,} others" if skipped else "")
