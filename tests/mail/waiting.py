"""For tests of tasks that wait: at which line they ought to, and an end to those that would wait for ever."""

import inspect
import threading
from contextlib import contextmanager

import trio


def line_of(function, text):
    """The file and the line at which a function says something."""
    lines, first = inspect.getsourcelines(function)
    (place,) = [number for number, line in enumerate(lines) if text in line]
    return inspect.getsourcefile(function), first + place


@contextmanager
def a_second_at_most():
    """What hangs in here fails. It has no deadline of trio: where there is one, no task waits for ever."""
    with trio.CancelScope() as scope:
        token = trio.lowlevel.current_trio_token()
        timer = threading.Timer(1, lambda: token.run_sync_soon(scope.cancel))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
    assert not scope.cancelled_caught
