"""Two tiers of tests: a sample of the random cases, which the README's command runs, and all of them (`--thorough`).

Examples are drawn the same way in every run: a test that fails fails again.
"""

from hypothesis import settings

__all__ = ["examples", "is_thorough", "load_profile"]

ALL, SAMPLE = 60, 6
"""So many examples a random test has, unless it says otherwise."""
FEW = 3
"""No test that has as many has fewer in the sample."""


def load_profile(*, thorough):
    """Have tests that are collected from now on draw so many examples."""
    number = ALL if thorough else SAMPLE
    settings.register_profile("office", derandomize=True, deadline=None, max_examples=number, database=None)
    settings.load_profile("office")


def examples(number):
    """So many examples in the thorough tier, and in the other its share of them, or a few."""
    share = number * settings().max_examples // ALL
    return max(share, min(number, FEW))


def is_thorough():
    """Whether the tests that are collected are all of them."""
    return settings().max_examples == ALL
