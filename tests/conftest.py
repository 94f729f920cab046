"""The same examples in every run: a test that fails fails again. And what takes long is run first, and not watched.

Coverage is of the examples that somebody chose. To watch whatever is drawn, too, takes twice the time, and a line that
only chance comes to is as good as not covered.
"""

import sys

import pytest
from hypothesis import is_hypothesis_test, settings

settings.register_profile("office", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("office")


def pytest_collection_modifyitems(items):
    for item in items:
        if is_hypothesis_test(item.function):
            item.add_marker(pytest.mark.unwatched)
    items.sort(key=lambda item: item.path.parent.name != "scenarios")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Let nobody watch while such a test and its fixtures are run."""
    watch = sys.gettrace()
    if item.get_closest_marker("unwatched"):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(watch)
