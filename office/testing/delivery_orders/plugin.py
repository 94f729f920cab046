"""The hooks: a marked test is rehearsed in one order after another, and reported in the last."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import pytest

from office.engines import Choice, read_order
from office.errors import BadOrder
from office.testing.delivery_orders.marked_test import MarkedTest
from office.testing.delivery_orders.marker import marker_of
from office.testing.delivery_orders.one_run import Call

__all__ = ["DeliveryOrders"]


class DeliveryOrders:
    """Registered where there are marked tests. Raises `pytest.UsageError` for what a marker cannot ask for."""

    def __init__(self, config: pytest.Config, marked: Sequence[pytest.Item]) -> None:
        for item in marked:
            marker_of(item)
        self.alone = chosen_order(config.getoption("--delivery-order"))
        self.test: MarkedTest | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """Run a marked test in all the orders that it is to be run in."""
        marker = marker_of(item)
        if marker is None:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        self.test = MarkedTest(item, marker, self.alone)
        try:
            self.test.run(nextitem)
        finally:
            self.test = None
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: Call) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What came of a phase, before anybody hears of it."""
        report = yield
        if self.test is not None:
            self.test.note(report, call)
        return report


def chosen_order(text: str | None) -> list[Choice] | None:
    """The order that the command line asks for."""
    if text is None:
        return None
    try:
        return read_order(text)
    except BadOrder as error:
        raise pytest.UsageError(f"--delivery-order: {error}") from None
