"""Delivery orders in the reports of pytest, in words."""

from __future__ import annotations

import shlex

__all__ = ["NO_OFFICE", "again", "different_again", "too_many"]

NO_OFFICE = (
    "this test is to run in other delivery orders, but there is no message that could come in another order: it opens "
    "no office, or only such as have an order of their own, or no late link has any mail"
)


def too_many(orders: int) -> str:
    """There are more orders than were run."""
    return (
        f"it passed in {orders:,} delivery orders, and there are more: say max_runs=… to be content with fewer than "
        'all, or a number instead of "all" for so many at random'
    )


def different_again(order: str, how: str) -> str:
    """A test that does not do the same twice."""
    return (
        f"this test does not do the same again when it is run in the same delivery order ({order}): {how}.\n"
        "What does it take from chance, from a real clock, or from an earlier run (a chart or a fixture that outlives "
        "the test)? Do two tasks use one channel of an office?"
    )


def again(nodeid: str, order: str) -> str:
    """The line that runs a test in one order alone."""
    return f"pytest {shlex.quote(nodeid)} --delivery-order={order}"
