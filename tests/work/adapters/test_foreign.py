"""What holds of another library's model as a worker, shown with a model that needs no library."""

import numpy as np

from office.work import NO_FEEDBACK, Accumulate
from office.work.adapters import Foreign


def scale(weights, inputs, _number):
    (factor,) = weights
    return factor * inputs, lambda re_output: (factor * re_output, [np.array(np.vdot(inputs, re_output))])


def worker_of(rule):
    model = []
    worker = Foreign("scale", [np.array(1.0)], scale, lambda weights: model.append(weights[0].item()), None, rule)
    return worker, model


def test_the_model_has_the_new_weights_after_every_step():
    worker, model = worker_of(0.25)
    for _ in range(2):
        worker(np.ones(2))[1](np.ones(2))
    assert model == [0.5, 0.0]


def test_the_model_has_the_weights_of_a_step_that_no_feedback_or_a_flush_brings_about():
    worker, model = worker_of(Accumulate(0.25, 2))
    callbacks = [worker(np.ones(2))[1] for _ in range(3)]
    callbacks[0](np.ones(2))
    assert model == []
    callbacks[1](NO_FEEDBACK)
    assert model == [0.5]
    callbacks[2](np.ones(2))
    worker.parameters.flush()
    assert model == [0.5, 0.0]
