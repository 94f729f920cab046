"""Listen to every worker at first: from the average to the loudest, by temperature.

Under a plain maximum, a worker that is never the loudest never learns, and most teams stay stuck that way. Here each
worker hears the feedback in proportion to how loud it was. Hot, that is the average; cold, it is the maximum; cooled
slowly, the workers find their specialities before only the loudest is heard.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from office.errors import NotANumber
from office.work.arrays import Shape, as_numbers, form_of, has_nan, sealed
from office.work.average import average
from office.work.combining import combine
from office.work.contract import Once
from office.work.maximum import maximum
from office.work.protocols import Callback, Combination, Estimator
from office.work.schedules import Schedule, as_schedule

__all__ = ["combine_by_soft_maximum", "soft_maximum"]


def soft_maximum(temperature: float | Schedule) -> Combination:
    """A combination that gives the log-mean-exp of the answers, T·log(mean(exp(o/T))).

    Its exact gradient is the softmax of o/T, and that is each member's share of the feedback. `temperature`
    is in the unit of the answers: 0 is exactly `maximum`, `math.inf` exactly `average`. It may be a schedule
    of the number of tasks that this one combination has combined before; each task is noted with its own, so late
    feedback is shared out at the temperature of its task. Answers are numbers or arrays of one shape; one alone passes
    as it is, words too. Make one for each team: the count is its own.

    Raises `ValueError` for a negative temperature or a NaN (at once for a number, a schedule's when it comes
    up), and what `maximum` raises. In the field: a smooth maximum, log-sum-exp less T·log n.
    """
    return _SoftMaximum(as_schedule(temperature, "the temperature", largest=math.inf))


class _SoftMaximum:
    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.combined = 0
        """How many tasks it has combined."""

    def __call__(self, outputs: Sequence[Any], /) -> tuple[Any, Callback]:
        answer = _soften(outputs, self.schedule(self.combined))
        self.combined += 1
        return answer


def combine_by_soft_maximum(estimators: Sequence[Estimator], temperature: float | Schedule) -> Estimator:
    """A team that answers with the soft maximum of its members' answers; see `soft_maximum`.

    Raises `BadChart` if it is empty, `ValueError` for a negative temperature or a NaN.
    """
    return combine(estimators, soft_maximum(temperature))


def _soften(outputs: Sequence[Any], temperature: float) -> tuple[Any, Callback]:
    if temperature == 0 or (len(outputs) == 1 and form_of(outputs[0])[0] is None):
        return maximum(outputs)
    outputs, shape = as_numbers(outputs, "answers")
    if any(map(has_nan if shape else math.isnan, outputs)):
        raise NotANumber("answers", " have a NaN among them")
    if temperature == math.inf:
        return average(outputs)
    return _soft_array(outputs, temperature, shape) if shape else _soft_number(outputs, temperature)


# Both below measure how far each answer is under the loudest, in temperatures, so that nothing overflows
# (and an infinite answer is no distance from itself). expm1 and log1p keep the digits where it is hot and
# all distances are nearly zero: there exp would round them away.


def _soft_number(outputs: Sequence[Any], temperature: float) -> tuple[float, Callback]:
    loudest = float(max(outputs))
    under = [0.0 if output == loudest else (float(output) - loudest) / temperature for output in outputs]
    log_mean = math.log1p(sum(map(math.expm1, under)) / len(under))

    def handle_feedback(re_output: Any) -> list[Any]:
        return [re_output * (math.exp(distance - log_mean) / len(under)) for distance in under]

    return loudest + temperature * log_mean, Once(handle_feedback, ())


def _soft_array(outputs: Sequence[Any], temperature: float, shape: Shape) -> tuple[Any, Callback]:
    answers = np.array(outputs)
    limits = np.finfo(answers.dtype)
    temperature = min(max(temperature, float(limits.tiny)), float(limits.max) / 1e4)  # in the dtype of the answers
    loudest, under = answers.max(axis=0), np.zeros_like(answers)
    with np.errstate(over="ignore"):  # a distance of infinity is right: that answer is not heard
        np.subtract(answers, loudest, out=under, where=answers != loudest)
        under /= temperature
    # Member by member: numpy's own sum would choose its order by the shape, see `Linear`.
    log_mean = np.log1p(sum(np.expm1(under)) / len(under))

    def handle_feedback(re_output: Any) -> list[Any]:
        return [sealed(re_output * share) for share in np.exp(under - log_mean) / len(under)]

    return sealed(loudest + temperature * log_mean), Once(handle_feedback, shape, answers.dtype)
