"""A worker from elsewhere: another library answers and differentiates, the weights and the learning are ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np

from office.errors import WrongType
from office.work.arrays import has_nan, numbers_in, sealed
from office.work.contract import NO_FEEDBACK, Once
from office.work.parameters import Parameters, Policy
from office.work.protocols import Array, Callback
from office.work.rules import Rule
from office.work.schedules import Schedule
from office.work.weighted import not_finite

__all__ = ["Backward", "Foreign", "for_each_version"]

Made = TypeVar("Made")
Backward: TypeAlias = Callable[[Array], tuple[Any, Sequence[Array]]]
"""`re_output -> (re_inputs, gradients)`: whole numbers for inputs have `NO_FEEDBACK`; each array has its gradient."""


class Foreign:
    """An estimator made from another library's model. Like any of ours it keeps the callback's contract.

    Under the policy `live` (see `Parameters`) a late callback gives its answer anew with the weights of now, and
    differentiates that.

    Args:
        model: The other library's.
        weights: Its weights, as numpy's arrays.
        answer: `(weights, inputs, number) -> (output, backward)`, with arrays of numpy's throughout that are its own to
            keep; `number` is which answer it is, from 0.
        put_back: Is called with the new weights after each step, so that the model has them too.
        remake: `() -> Foreign`: makes this worker anew for a copy or a pickle, which then gets its weights and rules.
        rule: An update rule, or the rate of plain `SGD`.
        policy: Whose weights a late callback differentiates; see `Parameters`.
    """

    def __init__(
        self,
        model: Any,
        weights: Iterable[Any],
        answer: Callable[[tuple[Any, ...], Any, int], tuple[Any, Backward]],
        put_back: Callable[[tuple[Any, ...]], None],
        remake: Callable[[], Foreign],
        rule: Rule | Schedule | float,
        policy: Policy = "stash",
    ) -> None:
        self.remake = remake
        self.model = model
        self.put_back = put_back
        self.parameters: Parameters = _PutBack(weights, rule, policy, put_back)
        self._answer = answer

    def __call__(self, inputs: Any, /) -> tuple[Array, Callback]:
        """What the model says, and the callback for the feedback on it."""
        array = np.array(numbers_in(inputs))
        notes = self.parameters.answer()
        output, backward = self._answer(notes.weights, array, notes.number)
        if not isinstance(output, np.ndarray) or output.dtype.kind != "f":
            raise WrongType("output", f" of the model is a {type(output).__name__}, and no array of real numbers")
        if has_nan(output):
            raise not_finite(array)

        kept = array if self.parameters.policy == "live" else None

        def handle_feedback(re_output: Any) -> Any:
            weights, differentiated = self.parameters.differentiated(notes), backward
            if weights is not notes.weights:
                _, differentiated = self._answer(weights, kept, notes.number)
            # A model may write into what it is given, so it gets an array of its own.
            re_inputs, gradients = differentiated(np.array(re_output, output.dtype))
            self.parameters.learn(gradients, notes)
            return re_inputs if re_inputs is NO_FEEDBACK else sealed(re_inputs)

        return sealed(output), Once(handle_feedback, output.shape, output.dtype, self.parameters.hear_nothing)

    def __reduce__(self) -> tuple[Any, ...]:
        learnt = {name: value for name, value in vars(self.parameters).items() if name != "_put_back"}
        return _remade, (self.remake, learnt)

    def __repr__(self) -> str:
        return f"<{type(self.model).__name__} as a worker: {self.parameters.updates} updates>"


def _remade(remake: Callable[[], Foreign], learnt: dict[str, Any]) -> Foreign:
    worker = remake()
    worker.parameters.__setstate__(learnt)
    worker.put_back(worker.parameters.arrays)
    return worker


class _PutBack(Parameters):
    """Weights that the other library's model has too, after every step."""

    def __init__(
        self,
        weights: Iterable[Any],
        rule: Rule | Schedule | float,
        policy: Policy,
        put_back: Callable[[tuple[Any, ...]], None],
    ) -> None:
        super().__init__(weights, rule, policy=policy)
        self._put_back = put_back

    def replace(self, arrays: list[Any]) -> None:
        before = self.arrays
        super().replace(arrays)
        if self.arrays is not before:
            self._put_back(self.arrays)


def for_each_version(make: Callable[[tuple[Any, ...]], Made]) -> Callable[[tuple[Any, ...]], Made]:
    """The same function of the weights, which works once for each version, however many answers are given with it."""
    latest: list[tuple[Any, Made]] = []

    def made(weights: tuple[Any, ...]) -> Made:
        if not latest or latest[0][0] is not weights:
            latest[:] = [(weights, make(weights))]
        return latest[0][1]

    return made
