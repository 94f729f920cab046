"""What workers do: estimators, how their answers are combined, and what is made of the feedback.

numpy only, and synchronous. Every worker here is a callable `inputs -> (output, handle_feedback)`, and so is
every team of them; read `protocols`, `contract` and `linear` first, then `combining` and the combinations.
"""

from __future__ import annotations

from office.work.addition import addition, combine_by_addition
from office.work.average import average, combine_by_average
from office.work.combining import add_up, combine
from office.work.contract import Once, give_feedback, share_out
from office.work.flatten import with_flatten
from office.work.linear import Linear, LinearTotal
from office.work.losses import half_squared_error, squared_error
from office.work.maximum import combine_by_maximum, maximum
from office.work.no_feedback import NO_FEEDBACK, NoFeedback
from office.work.protocols import Array, Array1d, Array2d, Callback, Combination, Estimator, TaskID
from office.work.schedules import Schedule, linear_schedule
from office.work.shuffled import with_shuffled
from office.work.soft_maximum import combine_by_soft_maximum, soft_maximum

__all__ = [
    "NO_FEEDBACK",
    "Array",
    "Array1d",
    "Array2d",
    "Callback",
    "Combination",
    "Estimator",
    "Linear",
    "LinearTotal",
    "NoFeedback",
    "Once",
    "Schedule",
    "TaskID",
    "add_up",
    "addition",
    "average",
    "combine",
    "combine_by_addition",
    "combine_by_average",
    "combine_by_maximum",
    "combine_by_soft_maximum",
    "give_feedback",
    "half_squared_error",
    "linear_schedule",
    "maximum",
    "share_out",
    "soft_maximum",
    "squared_error",
    "with_flatten",
    "with_shuffled",
]
