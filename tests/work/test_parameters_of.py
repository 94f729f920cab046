from functools import partial

import numpy as np
import pytest

from office import Chain, Team, Worker
from office.work import (
    Affine,
    Linear,
    Maxout,
    Parameters,
    combine_by_addition,
    combine_by_maximum,
    examiner,
    in_sequence,
    parameters_of,
    relu,
    residual,
    squared_error,
    with_flatten,
    with_rows,
    with_shuffled,
)

ONE, OTHER, THIRD = (Affine.drawn(2, 2, seed=seed) for seed in range(3))
ITS, OTHERS, THIRDS = (worker.parameters for worker in (ONE, OTHER, THIRD))


class Holder:
    """Somebody's own estimator, made of others."""

    def __init__(self):
        self.first, self.rest, self.itself = ONE, {"second": [OTHER]}, self

    def estimate(self, inputs):
        return self.first(inputs)

    __call__ = estimate


def estimate(worker, inputs, *, also=None):
    return worker(inputs)


def by_name(inputs):
    """What a function finds by a global name is no part of it."""
    return ONE(inputs)


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (ONE, [ITS]),
        (ITS, [ITS]),
        (relu, []),
        (examiner(squared_error), []),
        ("words", []),
        (in_sequence(ONE, relu, OTHER), [ITS, OTHERS]),
        (in_sequence(OTHER, ONE), [OTHERS, ITS]),
        (combine_by_addition([ONE, combine_by_maximum([OTHER, THIRD])]), [ITS, OTHERS, THIRDS]),
        (combine_by_addition([ONE, OTHER, ONE]), [ITS, OTHERS]),
        *[(wrap(ONE), [ITS]) for wrap in (residual, with_rows, with_flatten, with_shuffled)],
        (by_name, []),
        (partial(estimate, ONE, also=[OTHER]), [ITS, OTHERS]),
        (Holder(), [ITS, OTHERS]),
        (Holder().estimate, [ITS, OTHERS]),
        ({"a": (ONE, [OTHER])}, [ITS, OTHERS]),
        (Worker(ONE, "one"), [ITS]),
        (Team([Worker(ONE, "one"), Chain([Worker(OTHER, "other"), Worker(THIRD, "third")])]), [ITS, OTHERS, THIRDS]),
        (Holder, []),
        (np, []),
    ],
)
def test_all_the_parameters_are_found_each_once_and_in_the_order_of_the_chart(estimator, expected):
    result = parameters_of(estimator)
    assert [id(it) for it in result] == [id(it) for it in expected]


def test_a_thousand_layers_deep_is_not_too_deep():
    worker = ONE
    for _ in range(1000):
        worker = residual(worker)
    assert parameters_of(worker) == [ITS]


def test_every_kind_of_weighing_worker_has_them():
    for worker in (Linear.drawn(2), Affine.drawn(2, 2), Maxout.drawn(2, 2)):
        assert parameters_of(worker) == [worker.parameters]
        assert isinstance(worker.parameters, Parameters)
