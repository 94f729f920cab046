import numpy as np
import pytest

from office.errors import BrokenContract
from office.testing import check_contract

INPUTS, RE_OUTPUT = np.arange(6.0).reshape(2, 3), np.ones(2)


class Weigher:
    """An estimator of a user's own, right in everything but what a test breaks."""

    def __init__(self):
        self.weights = np.array([1.0, 2.0, 3.0])

    def __call__(self, inputs):
        weights = self.weights

        def handle_feedback(re_output):
            self.weights = self.weights - 0.1 * (re_output @ inputs)
            return np.outer(re_output, weights)

        return inputs @ weights, handle_feedback


class LearnsInPlace(Weigher):
    def __call__(self, inputs):
        def handle_feedback(re_output):
            re_inputs = np.outer(re_output, self.weights)
            self.weights -= 0.1 * (re_output @ inputs)
            return re_inputs

        return inputs @ self.weights, handle_feedback


class WritesIntoTheFeedback(Weigher):
    def __call__(self, inputs):
        output, callback = super().__call__(inputs)

        def handle_feedback(re_output):
            re_output *= 2.0
            return callback(re_output)

        return output, handle_feedback


class HandsOutItsNotes(Weigher):
    def __call__(self, inputs):
        output, callback = super().__call__(inputs)
        return output, lambda re_output: callback(re_output * (output > 10.0) + re_output)


class OneBufferForAll(Weigher):
    buffer = np.zeros((2, 3))

    def __call__(self, inputs):
        output, callback = super().__call__(inputs)

        def handle_feedback(re_output):
            self.buffer[:] = callback(re_output)
            return self.buffer

        return output, handle_feedback


class SameOutputArray(Weigher):
    output = np.zeros(2)

    def __call__(self, inputs):
        output, callback = super().__call__(inputs)
        self.output[:] = output

        def handle_feedback(re_output):
            self.output[:] = 0.0
            return callback(re_output)

        return self.output, handle_feedback


class Forgetful(Weigher):
    def __call__(self, inputs):
        output, callback = super().__call__(inputs)
        return output, lambda re_output: callback(re_output)[:1]


class WholeNumbers(Weigher):
    def __call__(self, inputs):
        output, callback = super().__call__(inputs)
        return output, lambda re_output: np.rint(callback(re_output)).astype(int)


class Restless(Weigher):
    answers = 0

    def __call__(self, inputs):
        output, callback = super().__call__(inputs)
        self.answers += 1
        return output + self.answers, callback


def test_a_right_estimator_passes():
    check_contract(Weigher(), INPUTS, RE_OUTPUT)


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (LearnsInPlace(), "late feedback comes back otherwise than prompt feedback"),
        (WritesIntoTheFeedback(), "what it was given is changed in place"),
        (HandsOutItsNotes(), "late feedback comes back otherwise"),
        (OneBufferForAll(), "earlier feedback on the inputs is changed by a later one"),
        (SameOutputArray(), "an earlier output is changed by later feedback"),
        (Forgetful(), r"feedback has shape \(1, 3\), where \(2, 3\) was expected"),
        (WholeNumbers(), "has dtype int64, and no real floating one"),
        (Restless(), "answers differently when asked again"),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_a_breach_is_named_in_words(estimator, words):
    with pytest.raises(BrokenContract, match=words):
        check_contract(estimator, INPUTS.copy(), RE_OUTPUT.copy())
