"""The same examples in every run: a test that fails fails again."""

from hypothesis import settings

settings.register_profile("engines", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("engines")
