"""A PyTorch module as a worker."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from office.counts import seed_from
from office.extras import need
from office.work.adapters.foreign import Backward, Foreign, for_each_version
from office.work.contract import NO_FEEDBACK
from office.work.parameters import Policy
from office.work.rules import Rule
from office.work.schedules import Schedule

__all__ = ["from_torch"]


def from_torch(
    module: Any,
    rule: Rule | Schedule | float = 0.1,
    *,
    seed: int = 0,
    policy: Policy = "stash",
) -> Foreign:
    """A worker that answers as `module` does, and learns by `rule`; each step is written into the module, too.

    One array in, one out: floats come in the dtype of the module's parameters; whole numbers (for an embedding) stay
    what they are, and have no feedback. Weights that do not require a gradient stay as they are. What the module
    draws at random, each answer draws from `seed` and its own number, and PyTorch's own generator is left alone.

    PyTorch keeps one set of weights, which a step changes in place: there, `backward` after a step raises, or takes
    the wrong weights. Here every answer has tensors of its own version, so late feedback speaks of the weights that
    gave the answer. PyTorch refuses a second `backward` (its graph is gone), and so does this worker, by
    `AlreadyAnswered`. Needs the extra `torch`; raises `ModuleNotFoundError` without.

    Args:
        module: A PyTorch module.
        rule: An update rule, or the rate of plain `SGD`.
        seed: For what the model draws at random.
        policy: Whose weights a late callback differentiates; see `Parameters`.
    """
    torch = need("torch", "from_torch", "torch")
    seed = seed_from(seed)
    ours = {name: tensor for name, tensor in module.named_parameters() if tensor.requires_grad}
    dtype = next((tensor.dtype for tensor in module.parameters()), None)

    @for_each_version
    def tensors_of(weights: tuple[Any, ...]) -> dict[str, Any]:
        return {name: torch.tensor(array, requires_grad=True) for name, array in zip(ours, weights, strict=True)}

    def answer(weights: tuple[Any, ...], inputs: Any, number: int) -> tuple[Any, Backward]:
        given = torch.from_numpy(inputs)
        if given.is_floating_point():
            given = given.to(dtype).requires_grad_()
        tensors = tensors_of(weights)
        with torch.enable_grad(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(np.random.SeedSequence([seed, number]).generate_state(1)[0]))
            output = torch.func.functional_call(module, tensors, (given,))

        def backward(re_output: Any) -> tuple[Any, list[Any]]:
            leaves = [*tensors.values(), *([given] if given.requires_grad else [])]
            gradients = torch.autograd.grad(output, leaves, torch.from_numpy(re_output), allow_unused=True)
            arrays = [
                torch.zeros_like(leaf).numpy() if gradient is None else gradient.numpy().copy()
                for leaf, gradient in zip(leaves, gradients, strict=True)
            ]
            return (arrays.pop() if given.requires_grad else NO_FEEDBACK), arrays

        return output.detach().numpy().copy() if isinstance(output, torch.Tensor) else output, backward

    def put_back(weights: tuple[Any, ...]) -> None:
        with torch.no_grad():
            for tensor, array in zip(ours.values(), weights, strict=True):
                tensor.copy_(torch.tensor(array))

    weights = [tensor.detach().numpy() for tensor in ours.values()]
    return Foreign(
        module, weights, answer, put_back, partial(from_torch, module, seed=seed, policy=policy), rule, policy
    )
