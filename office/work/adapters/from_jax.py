"""A JAX function as a worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from office.extras import need
from office.work.adapters.foreign import Backward, Foreign
from office.work.contract import NO_FEEDBACK
from office.work.parameters import Policy
from office.work.rules import Rule
from office.work.schedules import Schedule

__all__ = ["from_jax"]


def from_jax(
    function: Callable[[Any, Any], Any],
    params: Any,
    rule: Rule | Schedule | float = 0.1,
    *,
    jit: bool = True,
    policy: Policy = "stash",
) -> Foreign:
    """A worker that answers with `function(params, inputs)`, and learns by `rule`; today's params are its `model`.

    `params` is a tree of arrays, which stays as it is; `worker.model` is a tree like it with the weights of today. One
    array in, one out; whole numbers have no feedback. With `jit` the function is compiled once for each shape of the
    inputs, as `jax.jit` would. JAX computes in float32 unless `jax_enable_x64` is set, and turns float64 into it.

    What `jax.vjp` returns holds what it needs of the weights that gave the answer, so late feedback fits the contract
    as it is. It may be called any number of times; this worker refuses a second time, by `AlreadyAnswered`. Needs the
    extra `jax`; raises `ModuleNotFoundError` without.

    Args:
        function: `(params, inputs) -> output`.
        params: A tree of arrays, which stays as it is.
        rule: An update rule, or the rate of plain `SGD`.
        jit: Whether to compile the function once for each shape of the inputs, as `jax.jit` does.
        policy: Whose weights a late callback differentiates; see `Parameters`.
    """
    jax = need("jax", "from_jax", "jax")
    compiled = jax.jit if jit else lambda plain: plain
    leaves, tree = jax.tree_util.tree_flatten(params)
    run = compiled(lambda weights, inputs: jax.vjp(function, jax.tree_util.tree_unflatten(tree, weights), inputs))
    run_back = compiled(lambda pull_back, re_output: pull_back(re_output))

    def answer(weights: tuple[Any, ...], inputs: Any, _number: int) -> tuple[Any, Backward]:
        output, pull_back = run(list(weights), inputs)

        def backward(re_output: Any) -> tuple[Any, list[Any]]:
            re_params, re_inputs = run_back(pull_back, re_output)
            re_array = np.array(re_inputs) if inputs.dtype.kind == "f" else NO_FEEDBACK
            return re_array, [np.array(gradient) for gradient in jax.tree_util.tree_leaves(re_params)]

        return np.array(output) if isinstance(output, jax.Array) else output, backward

    def put_back(weights: tuple[Any, ...]) -> None:
        worker.model = jax.tree_util.tree_unflatten(tree, weights)

    remake = partial(from_jax, function, params, jit=jit, policy=policy)
    worker = Foreign(params, leaves, answer, put_back, remake, rule, policy)
    return worker
