"""What the numbers ought to be, worked out the slow way; and what to feed to the workers."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from office.work import LinearTotal

few, some = st.integers(0, 4), st.integers(1, 4)
numbers = st.floats(-10, 10, allow_subnormal=False)


def arrays_of(*shape):
    return arrays(np.float64, shape, elements=numbers)


@st.composite
def tables(draw, rows=few, columns=some):
    return draw(arrays_of(draw(rows), draw(columns)))


@st.composite
def answers(draw, members=some):
    """Answers of several members to one task: numbers, or arrays of one shape."""
    count, shape = draw(members), draw(st.sampled_from([(), (1,), (3,), (2, 3)]))
    several = draw(arrays_of(count, *shape))
    return [answer if shape else float(answer) for answer in several]


def ones_like(output):
    return np.ones(output.shape) if isinstance(output, np.ndarray) else 1.0


def slope(function, at, along, width=1e-4):
    """How fast a number changes from `at` in the direction `along`, by a central difference."""
    return (function(at + width * along) - function(at - width * along)) / (2 * width)


def gradient(function, at):
    """The slope of a number along every entry of `at`."""
    result = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        along = np.zeros_like(at)
        along[index] = 1.0
        result[index] = slope(function, at, along)
    return result


def bits(value):
    """What is in it, to the last bit."""
    return np.asarray(value).tobytes()


def snapshot(worker):
    """Everything about a linear worker that learning may change."""
    return bits(worker.weights), bits(worker.bias), worker.updates, worker.heard


def deaf_team(count, columns=3):
    """Workers who answer but, with a rate of zero, never change: for comparing runs."""
    return [LinearTotal.drawn(columns, rule=0.0, seed=seed) for seed in range(count)]


class Recorder:
    """A worker for routing: answers with its own number and keeps every feedback it hears."""

    def __init__(self, output, re_inputs):
        self.output, self.re_inputs, self.heard = output, re_inputs, []

    def __call__(self, _inputs):
        def handle_feedback(feedback):
            self.heard.append(feedback)
            return self.re_inputs

        return self.output, handle_feedback
