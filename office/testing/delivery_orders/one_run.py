"""One run of a test in one order: setup, call and teardown, and what came of it."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import pytest
from _pytest.runner import runtestprotocol  # pytest has no public way to run a test twice with fresh fixtures

from office.engines import Late, Taken, under_orders
from office.orders.causes import Cause, causes, leaves
from office.orders.follower import Follower

__all__ = ["OneRun", "RunFailure"]


class RunFailure(NamedTuple):
    """In which phase a test failed, and with what."""

    when: str
    causes: frozenset[Cause]

    def __str__(self) -> str:
        return f"{', '.join(sorted(map(str, self.causes)))}, in its {self.when}"


Call: TypeAlias = "pytest.CallInfo[Any]"


class OneRun:
    """One run of a test, in which the mail of all its offices arrives as a follower chooses.

    Args:
        item: the test.
        follower: chooses the messages.
        late: the links on which it chooses.
        timeouts: how many timers may ring before messages that are under way.
    """

    def __init__(self, item: pytest.Item, follower: Follower, late: Late, timeouts: int = 0) -> None:
        self.item = item
        self.follower = follower
        self.late = late
        self.timeouts = timeouts
        self.offices: list[Taken] = []
        """What was chosen, office by office."""
        self.failure: RunFailure | None = None
        """The first that went wrong."""
        self.skipped = False

    def rehearse(self) -> None:
        """Run it without a report. Fixtures of wider scope than the test stay set up."""
        self._run(log=False, nextitem=self.item.parent)

    def perform(self, nextitem: pytest.Item | None) -> None:
        """Run it, and let all plugins hear the reports."""
        self._run(log=True, nextitem=nextitem)

    def _run(self, *, log: bool, nextitem: Any) -> None:
        begin_afresh(self.item)
        properties = list(self.item.user_properties)
        with under_orders(self.follower, late=self.late, timeouts=self.timeouts) as self.offices:
            runtestprotocol(self.item, log=log, nextitem=nextitem)
        self.item.user_properties[:] = properties

    def note(self, report: pytest.TestReport, call: Call) -> None:
        """See what came of one phase. Raises an interrupt that came of it, in whatever groups: it is no failure."""
        if call.excinfo is None:
            return
        for error in leaves(call.excinfo.value):
            if isinstance(error, (KeyboardInterrupt, pytest.exit.Exception)):
                raise error
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped = True
        elif self.failure is None:
            self.failure = RunFailure(call.when, frozenset(causes(call.excinfo.value)))


def begin_afresh(item: pytest.Item) -> None:
    """An item as it was when it was collected: without the instance of its class, its wrapping, its captured output."""
    if isinstance(item, pytest.Function):
        vars(item).pop("_instance", None)
        item.obj = None  # it is looked up again
    item._report_sections.clear()  # noqa: SLF001  else each run would show the output of all before it
