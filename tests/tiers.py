"""Two tiers of tests: a sample of the random cases, which the README's command runs, and all of them (`--thorough`).

Examples are drawn the same way in every run: a test that fails fails again.
"""

from hypothesis import settings

__all__ = ["examples", "load_profile"]

ALL, SAMPLE = 60, 15
"""So many examples a random test has, unless it says otherwise."""


def load_profile(*, thorough):
    """Have tests that are collected from now on draw so many examples."""
    number = ALL if thorough else SAMPLE
    settings.register_profile("office", derandomize=True, deadline=None, max_examples=number, database=None)
    settings.load_profile("office")


def examples(number):
    """So many examples in the thorough tier, and in the other its share of them."""
    return max(2, number * settings().max_examples // ALL)
