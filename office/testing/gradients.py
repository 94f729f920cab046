"""Are the feedback on the inputs and the gradients of the weights right? A comparison with finite differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from office.desks import Chain, Chart, Team, Worker, workers
from office.engines import compose
from office.errors import WrongGradient
from office.testing.nested import flat, mapped, paired
from office.testing.slopes import Slopes, precision, slopes_of
from office.work import NO_FEEDBACK, Estimator, Parameters, parameters_of

__all__ = ["GradientReport", "PartReport", "check_gradients"]

TOLERANCE = {4: 1e-2, 8: 1e-6}


@dataclass(frozen=True)
class PartReport:
    """The check of one array: of the inputs, or of weights."""

    name: str
    shape: tuple[int, ...]
    checked: int
    """How many of its entries were compared."""
    kinks: int
    """How many were not, since the slope differs from one side to the other there: at a tie, or at a cut-off."""
    error: float
    """The largest difference, in units of the largest slope, or of 1 where that is less."""
    worst: tuple[int, ...]
    """Where that is."""
    returned: float
    """What the estimator returns there."""
    measured: float
    """The finite difference there."""
    tolerance: float


@dataclass(frozen=True)
class GradientReport:
    """What `check_gradients` returns: `print` it."""

    parts: Sequence[PartReport]

    @property
    def holds(self) -> bool:
        """Whether every part is within its tolerance."""
        return all(part.error <= part.tolerance for part in self.parts)

    def __str__(self) -> str:
        rows = [("", "shape", "checked", "kinks", "error", "at", "returned", "measured", "")]
        for part in self.parts:
            numbers = f"{part.error:.1e}", str(part.worst), f"{part.returned:.6g}", f"{part.measured:.6g}"
            verdict = "" if part.error <= part.tolerance else f"wrong: more than {part.tolerance:.0e}"
            rows.append((part.name, str(part.shape), str(part.checked), str(part.kinks), *numbers, verdict))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(f"{word:{width}}" for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )


def check_gradients(
    estimator: Estimator | Chart, inputs: Any, *, tolerance: float | None = None, entries: int = 200, seed: int = 0
) -> GradientReport:
    """Compare the feedback of an estimator (or a chart) on its inputs, and the gradients of its weights, with slopes.

    The output gets a random feedback. Then each entry of the inputs and the weights is moved a little to both sides.
    Weights are checked where they are `Parameters`, and do not learn; an estimator that learns in a way of its own
    learns once. In the field: a gradient check.

    Args:
        estimator: what is checked.
        inputs: an array, a number, or a list of them; for a combination, the list of its members' outputs.
        tolerance: the largest error that is allowed, relative to the largest slope. None: 1e-6 for float64, and 0.01
            for float32.
        entries: how many entries of each array are moved at most.
        seed: decides which they are, and the feedback.

    Returns:
        The report.

    Raises:
        WrongGradient: with the report, where it does not hold.
        ValueError: for an estimator that does not answer the same twice (dropout while training, a temperature that
            falls).
    """
    answer = compose(estimator) if isinstance(estimator, (Worker, Team, Chain)) else estimator
    rng = np.random.default_rng(seed)
    owners = dict(_named_parameters(estimator))
    with ExitStack() as at_rest:
        heard = {name: at_rest.enter_context(owner.instead(owner.arrays)) for name, owner in owners.items()}
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
        measured += [(name, slopes_of(by_weights(owner), owner.arrays, entries, rng)) for name, owner in owners.items()]
        returned = [(inputs, answer(inputs)[1](re_output))]
        returned += [(owner.arrays, heard[name][0] if heard[name] else NO_FEEDBACK) for name, owner in owners.items()]
    report = GradientReport([
        _part_report(name, slopes, feedback, tolerance)
        for (name, several), pair in zip(measured, returned, strict=True)
        for slopes, feedback in zip(several, _on_floats(*pair), strict=True)
    ])  # fmt: skip
    if not report.holds:
        raise WrongGradient(f"it returns what is not the gradient\n{report}")
    return report


def _on_floats(body: Any, feedback: Any) -> list[Any]:
    return [re_part for _, part, re_part in paired(body, feedback) if np.asarray(part).dtype.kind == "f"]


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
    returned = np.ravel(feedback).astype(np.float64)[entries]
    errors = np.abs(returned - measured) / max(1.0, np.abs(measured).max(initial=0.0))
    worst = int(errors.argmax()) if errors.size else None
    shape = np.shape(slopes.part)
    return PartReport(
        name=f"{name}{slopes.where}",
        shape=shape,
        checked=len(entries),
        kinks=int(np.count_nonzero(~smooth)),
        error=0.0 if worst is None else float(errors[worst]),
        worst=() if worst is None else tuple(map(int, np.unravel_index(int(entries[worst]), shape))),
        returned=float("nan") if worst is None else float(returned[worst]),
        measured=float("nan") if worst is None else float(measured[worst]),
        tolerance=TOLERANCE[precision(slopes.part)] if tolerance is None else tolerance,
    )
