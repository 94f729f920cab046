"""Does the order of the rows matter? Shuffle them on the way in, and put everything back on the way out."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from office.work.arrays import as_table, row_by_row, sealed
from office.work.contract import NO_FEEDBACK, Once, give_feedback
from office.work.protocols import Array2d, Callback, Estimator
from office.work.real_numbers import random_from

__all__ = ["with_shuffled"]


def with_shuffled(worker: Estimator, seed: Any = 0) -> Estimator:
    """The same worker, given the rows of every table in another order, which it does not notice.

    Outputs and feedback come back in the order of the table given; where the order of rows does not matter to the
    worker, nothing has changed. `worker` must answer `inputs: (rows, columns) float` with one number
    (or one array) a row. Each task has an order of its own, from `numpy.random.default_rng(seed)`.

    Raises `WrongType` or `WrongShape` for what is no table, and `WrongShape` if the worker does not answer
    row by row. In the field: a test of permutation equivariance.
    """
    return partial(_shuffled, worker, random_from(seed))


def _shuffled(worker: Estimator, generator: np.random.Generator, inputs: Array2d, /) -> tuple[Any, Callback]:
    table = as_table(inputs)
    order = generator.permutation(len(table))
    back = np.argsort(order)
    shuffled_output, callback = worker(sealed(table[order]))
    output = row_by_row(shuffled_output, len(table))[back]

    def handle_feedback(re_output: Any) -> Any:
        re_inputs = give_feedback(callback, sealed(re_output[order]))
        return re_inputs if re_inputs is NO_FEEDBACK else sealed(re_inputs[back])

    return sealed(output), Once(
        handle_feedback, output.shape, output.dtype, lambda: give_feedback(callback, NO_FEEDBACK)
    )
