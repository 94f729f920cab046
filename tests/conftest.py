"""Which tests are run in which tier. What takes long is run first, and not watched.

Coverage is of chosen examples. To watch random ones, too, takes twice the time, and a line that only chance comes to is
as good as not covered.
"""

import os
import signal
import sys
from collections import Counter

import pytest
from hypothesis import is_hypothesis_test

from tests.tiers import load_profile


def pytest_addoption(parser):
    parser.addoption("--thorough", action="store_true", help="full scenarios, and all the random cases")


def pytest_configure(config):
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background: then no child would hear of one
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each of some hundred processes would compile all it imports
    load_profile(thorough=config.getoption("thorough"))


def pytest_collection_modifyitems(config, items):
    if not config.getoption("thorough"):
        left_out = set(not_in_the_sample(items))
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if is_hypothesis_test(item.function):
            item.add_marker(pytest.mark.unwatched)
    items.sort(key=lambda item: item.path.parent.name != "scenarios")


def not_in_the_sample(items):
    """Tests that are thorough; and of a test that is sampled, all cases but every so many."""
    seen = Counter()
    for item in items:
        sampled = item.get_closest_marker("sampled")
        if item.get_closest_marker("thorough") is not None:
            yield item
        elif sampled is not None:
            if seen[item.path, item.originalname] % sampled.args[0]:
                yield item
            seen[item.path, item.originalname] += 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Let coverage not watch while such a test and its fixtures are run."""
    watch = sys.gettrace()
    if item.get_closest_marker("unwatched"):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(watch)
