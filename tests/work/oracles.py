"""What the numbers ought to be, worked out the slow way; and what to feed to the workers."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from office.work import NO_FEEDBACK, SGD, LinearTotal, Once, Rule, give_feedback, parameters_of

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


def gradient(function, at, width=1e-4):
    """The slope of a number along every entry of `at`."""
    result = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        along = np.zeros_like(at)
        along[index] = 1.0
        result[index] = slope(function, at, along, width)
    return result


def bits(value):
    """What is in it, to the last bit."""
    return np.asarray(value).tobytes()


def snapshot(worker):
    """Everything about a linear worker that learning may change."""
    return bits(worker.weights), bits(worker.bias), worker.updates, worker.heard


def state_of(estimator):
    """Everything about all the weights behind an estimator that learning may change."""
    return [([bits(array) for array in it.arrays], it.updates, it.heard) for it in parameters_of(estimator)]


def memory_of(rule):
    """Everything that a rule and those within it remember, to the last bit."""
    memory = {}
    for name, value in vars(rule).items():
        if isinstance(value, Rule):
            memory[name] = memory_of(value)
        elif not callable(value):
            memory[name] = repr(value) if isinstance(value, tuple) else bits(value)
    return memory


class Recording(SGD):
    """Plain descent that keeps what it was told: gradient, weights, which feedback."""

    def __init__(self, rate=0.1):
        super().__init__(rate)
        self.steps_taken = []

    def step(self, gradient, weights, heard):
        self.steps_taken.append((gradient, weights, heard))
        return super().step(gradient, weights, heard)


def deaf_team(count, columns=3):
    """Workers that answer but, with a rate of zero, never change: for comparing runs."""
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


def with_target(worker):
    """The same worker, given `(inputs, target)`: it passes the target on beside its answer, to an `examiner`."""

    def estimate(pair):
        inputs, target = pair
        output, callback = worker(inputs)

        def handle_feedback(re_pair):
            re_output, _ = re_pair
            return give_feedback(callback, re_output), NO_FEEDBACK

        return (output, target), Once(handle_feedback, None, hear_nothing=lambda: give_feedback(callback, NO_FEEDBACK))

    return estimate


# Bodies of any form: a number, an array, a list of them, or a pair of an output and its target, of which nothing
# is to be said about the second.


def leaves(body):
    """The numbers and arrays that a body is made of, from left to right."""
    if isinstance(body, (list, tuple)):
        return [leaf for part in body for leaf in leaves(part)]
    return [] if body is NO_FEEDBACK else [body]


def outline(body):
    """The form of a body: where there are lists and pairs, and the types, shapes and dtypes in them."""
    if isinstance(body, (list, tuple)):
        return type(body), [outline(part) for part in body]
    return (body.shape, body.dtype) if isinstance(body, np.ndarray) else type(body)


def about(inputs):
    """What feedback on such inputs is about: all of them, or the first of a pair."""
    return (inputs[0], NO_FEEDBACK) if isinstance(inputs, tuple) else inputs


def flat(body):
    """All the numbers of a body in one row."""
    return np.concatenate([np.ravel(leaf) for leaf in leaves(body)])


def refilled(body, row):
    """A body of the same form with these numbers in it; of a pair the second stays."""
    if isinstance(body, tuple):
        return refilled(body[0], row), body[1]
    if isinstance(body, list):
        ends = np.cumsum([np.size(part) for part in body])
        return [refilled(part, row[end - np.size(part) : end]) for part, end in zip(body, ends, strict=True)]
    return row.reshape(body.shape).astype(body.dtype) if isinstance(body, np.ndarray) else float(row[0])


def some_like(body, seed):
    """A body of the same form with numbers from N(0, 1) in it."""
    return refilled(body, np.random.default_rng(seed).normal(size=flat(about(body)).size))


def inner(first, other):
    """The inner product of two bodies of one form."""
    return float(np.dot(flat(first), flat(other)))
