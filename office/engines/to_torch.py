"""An office inside a PyTorch model: the chart as a function of PyTorch's autograd."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np

from office.desks import Chart
from office.engines.composition import compose
from office.errors import AlreadyAnswered
from office.extras import need
from office.work import NO_FEEDBACK, parameters_of

__all__ = ["to_torch"]


def to_torch(chart: Chart, seed: int = 0) -> Callable[[Any], Any]:
    """A function `tensor -> tensor` that does what the chart does; `backward` through it gives the workers feedback.

    The workers learn by their own rules while PyTorch's `backward` runs, whether or not the tensor given requires a
    gradient; there are no weights for a PyTorch optimizer to step. Tensors are on the CPU.

    A second `backward` through one answer (`retain_graph=True`, as `torch.autograd.gradcheck` does) gives the same
    gradient from the weights of that answer, and teaches nothing more. Where that cannot be had, since a worker's
    answer changes by more than its `Parameters` (dropout; an estimator that learns in a way of its own), it raises
    `AlreadyAnswered`. There is no gradient of the gradient: PyTorch says so where one is asked for. Needs the extra
    `torch`; raises `ModuleNotFoundError` without. In the field: a `torch.autograd.Function`.
    """
    torch = need("torch", "to_torch", "torch")
    estimator, learners = compose(chart, seed), parameters_of(chart)

    class Office(torch.autograd.Function):  # type: ignore[misc,name-defined]
        @staticmethod
        def forward(context: Any, inputs: Any, _anchor: Any) -> Any:
            context.inputs = inputs.detach().numpy().copy()
            context.weights = [learner.arrays for learner in learners]
            context.output, context.callback = estimator(context.inputs)
            return torch.tensor(np.array(context.output), dtype=inputs.dtype)

        @staticmethod
        @torch.autograd.function.once_differentiable  # type: ignore[untyped-decorator]
        def backward(context: Any, re_output: Any) -> tuple[Any, None]:
            feedback = re_output.numpy().astype(np.asarray(context.output).dtype)
            callback, context.callback = context.callback, None
            re_inputs = again(context, feedback) if callback is None else callback(feedback)
            if re_inputs is NO_FEEDBACK:
                return torch.zeros(context.inputs.shape, dtype=re_output.dtype), None
            return torch.tensor(np.array(re_inputs), dtype=re_output.dtype), None

    def again(context: Any, feedback: Any) -> Any:
        with ExitStack() as stack:
            for learner, arrays in zip(learners, context.weights, strict=True):
                stack.enter_context(learner.instead(arrays))
            output, callback = estimator(context.inputs)
            if np.asarray(output).tobytes() != np.asarray(context.output).tobytes():
                raise AlreadyAnswered("second feedback", ", and the answer cannot be had again: it has changed")
            return callback(feedback)

    # Without something that requires a gradient PyTorch would not come back for feedback.
    anchor = torch.zeros((), requires_grad=True)
    return lambda inputs: Office.apply(inputs, anchor)
