"""The office's pytest plugin: as much of it as every run of pytest imports, which is nothing but pytest.

It stands outside the package, as Hypothesis's plugin does: pytest imports its plugins in every run, before coverage
is measured, and `office` takes a while and is what some people measure. What does the work is imported when a test
asks for it: `office.testing.delivery_orders` for the marker, `offices` and `networks` beside it for the fixtures.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from office.testing.networks import NewNetwork
    from office.testing.offices import NewOffice

MARKER = (
    "delivery_orders(orders, *, late='*', losses=0, repeats=0, timeouts=0, seed=0, max_runs=10_000): "
    'run the test, with fresh fixtures, under so many delivery orders of its mail, or under "all" of them'
)
NEVER_CAME = pytest.StashKey[list[str]]()
"""What the offices of a test have left pending."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The order that a report names is run again by it."""
    parser.getgroup("office").addoption(
        "--delivery-order",
        metavar="ORDER",
        help="run tests with the marker delivery_orders in this order alone, such as 0.2.1",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The marker is known."""
    config.addinivalue_line("markers", MARKER)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Register the hooks that run tests with the marker, if there are such tests."""
    marked = [item for item in items if item.get_closest_marker("delivery_orders")]
    if marked:
        from office.testing.delivery_orders import DeliveryOrders  # noqa: PLC0415  only now is it needed

        config.pluginmanager.register(DeliveryOrders(config, marked), "office delivery orders")


@pytest.fixture
async def new_office(request: pytest.FixtureRequest) -> AsyncIterator[NewOffice]:
    """Opens offices that stay open till the test ends: ``office = await new_office(chart)``, options as `open_office`.

    They are closed one after another, the newest first; a test that passes but leaves feedback pending in one of them
    fails with `FeedbackNeverCame`, which lists the tasks, unless it was opened with ``leave_pending=True``. What goes
    wrong at a desk, or a `Deadlock`, ends the test; to expect such a thing, open the office in a block, with
    `open_office`.
    """
    from office.testing.offices import offices_of_a_test  # noqa: PLC0415  only now is it needed

    never_came: list[str] = []
    request.node.stash[NEVER_CAME] = never_came
    async with offices_of_a_test(never_came) as new:
        yield new


@pytest.fixture
def new_network() -> NewNetwork:
    """Opens networks: ``async with new_network(mail="delay 20ms 5ms") as network``, options as `open_network`.

    It is a clock, too, by which pytest-trio runs the test: `trio.sleep` and trio's deadlines take virtual time.
    """
    from office.testing.networks import NewNetwork  # noqa: PLC0415  only now is it needed

    return NewNetwork()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Feedback that never came is an error of a test that has no other."""
    came_of_it = yield
    never_came = pyfuncitem.stash.get(NEVER_CAME, [])
    if never_came:
        pytest.fail("FeedbackNeverCame: " + "\n".join(reversed(never_came)), pytrace=False)
    return came_of_it


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many orders each test was run in."""
    lines = [
        f"{report.nodeid}: {value}"
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "delivery orders"
    ]
    if lines and terminalreporter.verbosity >= 0:
        terminalreporter.section("delivery orders")
        for line in lines:
            terminalreporter.line(line)
