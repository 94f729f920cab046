"""Is what an estimator says about its inputs, and what it learns from, really the gradient? By finite differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np

from office.desks import Chain, Chart, Team, Worker, workers
from office.engines import compose
from office.errors import WrongGradient
from office.testing.nested import flat, mapped, paired
from office.testing.report import GradientReport, PartReport
from office.testing.slopes import Slopes, precision, slopes_of
from office.work import NO_FEEDBACK, Estimator, Parameters, parameters_of

__all__ = ["check_gradients"]

TOLERANCE = {4: 1e-2, 8: 1e-6}


def check_gradients(
    estimator: Estimator | Chart, inputs: Any, *, tolerance: float | None = None, entries: int = 200, seed: int = 0
) -> GradientReport:
    """Compare what an estimator (or a chart) says about its inputs, and the gradients of its weights, with slopes.

    A random feedback is given on the output for `inputs`: an array, a number, or a list of them; a combination takes
    the list of its members' outputs. Then each entry is moved a little to both sides: of each array `entries` at most,
    drawn by `seed`. Weights are looked at where they are `Parameters`, and do not learn; an estimator that learns in a
    way of its own learns once. `tolerance` is 1e-6 for float64, and 0.01 for float32, unless given.

    Returns the report; raises `WrongGradient` with it where it does not hold, and `ValueError` for an estimator that
    does not answer the same twice (dropout while training, a temperature that falls). In the field: a gradient check.
    """
    answer = compose(estimator) if isinstance(estimator, (Worker, Team, Chain)) else estimator
    rng = np.random.default_rng(seed)
    owners = dict(_named_parameters(estimator))
    with ExitStack() as at_rest:
        told = {name: at_rest.enter_context(one.instead(one.arrays)) for name, one in owners.items()}
        output = answer(inputs)[0]
        if not np.array_equal(flat(output), flat(answer(inputs)[0]), equal_nan=True):
            raise ValueError("it answers differently when asked again, so there is no slope to measure")
        re_output = mapped(output, lambda part: _random_like(part, rng))
        weights = flat(re_output)

        def by_inputs(new: Any) -> float:
            return float(flat(answer(new)[0]) @ weights)

        def by_weights(parameters: Parameters) -> Callable[[Any], float]:
            def answer_with(new: Any) -> float:
                with parameters.instead(new):
                    return by_inputs(inputs)

            return answer_with

        # The slopes first: an estimator that learns in a way of its own does so in its callback.
        measured = [("inputs", slopes_of(by_inputs, inputs, entries, rng))]
        measured += [(name, slopes_of(by_weights(one), one.arrays, entries, rng)) for name, one in owners.items()]
        said = [(inputs, answer(inputs)[1](re_output))]
        said += [(one.arrays, told[name][0] if told[name] else NO_FEEDBACK) for name, one in owners.items()]
    report = GradientReport([
        _part_report(name, slopes, feedback, tolerance)
        for (name, several), pair in zip(measured, said, strict=True)
        for slopes, feedback in zip(several, _on_floats(*pair), strict=True)
    ])  # fmt: skip
    if not report.holds:
        raise WrongGradient(f"what is said is not the gradient\n{report}")
    return report


def _on_floats(body: Any, feedback: Any) -> list[Any]:
    return [said for _, part, said in paired(body, feedback) if np.asarray(part).dtype.kind == "f"]


def _named_parameters(estimator: Estimator | Chart) -> Iterator[tuple[str, Parameters]]:
    if isinstance(estimator, (Worker, Team, Chain)):
        owners = [(f"{worker.name}, ", parameters_of(worker.estimator)) for worker in workers(estimator)]
    else:
        owners = [("", parameters_of(estimator))]
    for owner, several in owners:
        for place, parameters in enumerate(several):
            yield f"{owner}weights" + (f" {place}" if len(several) > 1 else ""), parameters


def _random_like(part: Any, rng: np.random.Generator) -> Any:
    if not np.ndim(part):
        return float(rng.normal())
    return rng.normal(size=np.shape(part)).astype(part.dtype)


def _part_report(name: str, slopes: Slopes, feedback: Any, tolerance: float | None) -> PartReport:
    smooth = ~np.isnan(slopes.values)
    entries, measured = slopes.entries[smooth], slopes.values[smooth]
    said = np.ravel(feedback).astype(np.float64)[entries]
    errors = np.abs(said - measured) / max(1.0, np.abs(measured).max(initial=0.0))
    worst = int(errors.argmax()) if errors.size else None
    shape = np.shape(slopes.part)
    return PartReport(
        name=f"{name}{slopes.where}",
        shape=shape,
        checked=len(entries),
        kinks=int(np.count_nonzero(~smooth)),
        error=0.0 if worst is None else float(errors[worst]),
        worst=() if worst is None else tuple(map(int, np.unravel_index(int(entries[worst]), shape))),
        said=float("nan") if worst is None else float(said[worst]),
        measured=float("nan") if worst is None else float(measured[worst]),
        tolerance=TOLERANCE[precision(slopes.part)] if tolerance is None else tolerance,
    )
