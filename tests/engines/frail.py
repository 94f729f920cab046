"""Offices in which desks answer or learn so many times only, and the people above speak so often, and then fail."""

from itertools import count

from hypothesis import strategies as st

from office.testing.recipes import nudge
from tests.engines.building import estimator_of, office_of

PARTS = "answer", "reply"


class Trouble(Exception):
    """What goes wrong."""


class Frail:
    """An estimator that fails when it has answered, or heard feedback, so many times."""

    def __init__(self, estimator, part, after, error=Trouble):
        self.estimator, self.part, self.left, self.error = estimator, part, after, error

    def count(self, part):
        if part == self.part:
            self.left -= 1
            if self.left < 0:
                raise self.error(part)

    def __call__(self, inputs):
        self.count("answer")
        output, callback = self.estimator(inputs)

        def handle_feedback(feedback):
            self.count("reply")
            return callback(feedback)

        return output, handle_feedback


def frail_feedback(after, error=Trouble):
    """What the people above say, until they have spoken so often; None: for ever."""
    left = count() if after is None else iter(range(after))

    def feedback(output, target):
        if next(left, None) is None:
            raise error("said")
        return nudge(output, target)

    return feedback


def frail_office(data, frail, client_fails, error=Trouble, **options):
    """Run an office from plain data in which desks and the client fail: the run and the estimators, or the error."""
    places = count()

    def frail_estimator(kind, number, name):
        place, estimator = next(places), estimator_of(kind, number, name)
        return Frail(estimator, *frail[place], error) if place in frail else estimator

    try:
        return office_of(data, make_estimator=frail_estimator, feedback=frail_feedback(client_fails, error), **options)
    except error as raised:
        return raised, None


frailties = st.dictionaries(st.integers(0, 5), st.tuples(st.sampled_from(PARTS), st.integers(0, 6)), max_size=4)
"""By the place of an estimator in the chart: which part of it fails, and after how many times."""
client_frailties = st.none() | st.integers(0, 6)
