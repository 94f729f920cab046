"""A Thinc model as a worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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

__all__ = ["from_thinc"]


def from_thinc(
    model: Any,
    rule: Rule | Schedule | float = 0.1,
    *,
    seed: int = 0,
    policy: Policy = "stash",
) -> Foreign:
    """A worker that answers as `model.begin_update` does, and learns by `rule`; each step is set in the model, too.

    One array in, one out: floats come as float32, whole numbers stay what they are and have no feedback. The model
    must be initialized. What it draws at random, each answer draws from `seed` and its own number.

    A Thinc callback that comes late takes whatever weights its layer looks up then, adds its gradient to those of all
    the others, and does so again when called again. Here the model has the weights of the answer back while its
    callback runs, each gradient is taken out and goes to `rule`, and a second call is refused by `AlreadyAnswered`.
    Some of Thinc's layers write into what they are given (`add`, for one): they get copies. Raises `ValueError` for a
    model that is not initialized, or that wraps another library's (see `from_torch`). Needs the extra `thinc`; raises
    `ModuleNotFoundError` without.

    Args:
        model: An initialized Thinc model.
        rule: An update rule, or the rate of plain `SGD`.
        seed: For what the model draws at random.
        policy: Whose weights a late callback differentiates; see `Parameters`.
    """
    need("thinc", "from_thinc", "thinc")
    seed = seed_from(seed)
    shelf = _Shelf(model)

    def answer(weights: tuple[Any, ...], inputs: Any, number: int) -> tuple[Any, Backward]:
        version, whole_numbers = shelf.copies_of(weights), inputs.dtype.kind != "f"
        shelf.put(version)
        with _drawn_from(seed, number):
            output, backprop = model.begin_update(inputs if whole_numbers else inputs.astype(np.float32))

        def backward(re_output: Any) -> tuple[Any, list[Any]]:
            today = shelf.weights
            shelf.put(version)
            try:
                re_inputs = backprop(re_output)
                return NO_FEEDBACK if whole_numbers else np.array(re_inputs), shelf.take_gradients()
            finally:
                shelf.put(today)

        return np.array(output) if isinstance(output, np.ndarray) else output, backward

    def put_back(weights: tuple[Any, ...]) -> None:
        shelf.put(shelf.copies_of(weights))

    return Foreign(
        model, shelf.weights, answer, put_back, partial(from_thinc, model, seed=seed, policy=policy), rule, policy
    )


class _Shelf:
    """Where a Thinc model has its weights and its gradients: by node and name."""

    def __init__(self, model: Any) -> None:
        if any(node.shims for node in model.walk()):
            raise ValueError(f"{model.name} wraps another library's model, whose weights Thinc does not show")
        self.places = [(node, name) for node in model.walk() for name in node.param_names]
        missing = [f"{node.name}.{name}" for node, name in self.places if not node.has_param(name)]
        if missing:
            raise ValueError(f"{model.name} is not initialized: no {', '.join(missing)}")
        self.take_gradients()  # whatever was left there
        # Thinc's own kernels want arrays that can be written to.
        self.copies_of = for_each_version(lambda weights: [np.array(array) for array in weights])

    @property
    def weights(self) -> list[Any]:
        return [node.get_param(name) for node, name in self.places]

    def put(self, weights: list[Any]) -> None:
        for (node, name), array in zip(self.places, weights, strict=True):
            node.set_param(name, array)

    def take_gradients(self) -> list[Any]:
        taken = []
        for node, name in self.places:
            nothing = np.zeros_like(node.get_param(name))
            taken.append(np.array(node.get_grad(name)) if node.has_grad(name) else nothing)
            node.set_grad(name, nothing)
        return taken


@contextmanager
def _drawn_from(seed: int, number: int) -> Iterator[None]:
    """While this lasts, numpy's global generator, from which Thinc draws, starts here; then it goes on as before."""
    before = np.random.get_state()  # noqa: NPY002  Thinc uses no other
    np.random.seed(np.random.SeedSequence([seed, number]).generate_state(4))  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
