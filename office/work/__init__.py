"""What workers do: estimators, how their answers are combined, and what is made of the feedback.

numpy only, and synchronous. Every worker here is a callable `inputs -> (output, handle_feedback)`, and so is
every team of them; read `protocols`, `contract` and `linear` first, then `combining` and the combinations;
`parameters` and `rules` say how workers learn.
"""

from __future__ import annotations

from office.work.adapters import from_jax, from_thinc, from_torch
from office.work.addition import addition, combine_by_addition
from office.work.affine import Affine
from office.work.average import average, combine_by_average
from office.work.combining import add_up, combine
from office.work.concatenation import combine_by_concatenation, concatenation
from office.work.contract import NO_FEEDBACK, Once, as_answer, as_combined, give_feedback, share_out
from office.work.cross_entropy import softmax_cross_entropy
from office.work.dropout import Dropout
from office.work.flatten import with_flatten
from office.work.linear import Linear, LinearTotal
from office.work.losses import as_loss, examiner, half_squared_error, squared_error
from office.work.maximum import combine_by_maximum, maximum
from office.work.maxout import Maxout
from office.work.parameters import Notes, Parameters, Policy
from office.work.parameters_of import parameters_of
from office.work.protocols import Array, Array1d, Array2d, AsyncEstimator, Callback, Combination, Estimator
from office.work.relu import relu
from office.work.reshaping import reshape, with_rows
from office.work.residual import identity, residual
from office.work.root_mean_square import root_mean_square
from office.work.rules import (
    SGD,
    Accumulate,
    Adam,
    Around,
    AsyncNesterov,
    DelayCompensation,
    Discard,
    DiscrepancyCorrection,
    GapAware,
    Heard,
    Momentum,
    Muon,
    RateDecay,
    RateRescheduling,
    Rule,
    Scaled,
    SpikeCompensation,
    StalenessAware,
    StalenessHinge,
    StalenessPolynomial,
    WeightAverage,
    WeightPrediction,
)
from office.work.schedules import Schedule, cosine_schedule, linear_schedule
from office.work.sequence import in_sequence
from office.work.shuffled import with_shuffled
from office.work.soft_maximum import combine_by_soft_maximum, soft_maximum
from office.work.softmax import softmax

__all__ = [
    "NO_FEEDBACK",
    "SGD",
    "Accumulate",
    "Adam",
    "Affine",
    "Around",
    "Array",
    "Array1d",
    "Array2d",
    "AsyncEstimator",
    "AsyncNesterov",
    "Callback",
    "Combination",
    "DelayCompensation",
    "Discard",
    "DiscrepancyCorrection",
    "Dropout",
    "Estimator",
    "GapAware",
    "Heard",
    "Linear",
    "LinearTotal",
    "Maxout",
    "Momentum",
    "Muon",
    "Notes",
    "Once",
    "Parameters",
    "Policy",
    "RateDecay",
    "RateRescheduling",
    "Rule",
    "Scaled",
    "Schedule",
    "SpikeCompensation",
    "StalenessAware",
    "StalenessHinge",
    "StalenessPolynomial",
    "WeightAverage",
    "WeightPrediction",
    "add_up",
    "addition",
    "as_answer",
    "as_combined",
    "as_loss",
    "average",
    "combine",
    "combine_by_addition",
    "combine_by_average",
    "combine_by_concatenation",
    "combine_by_maximum",
    "combine_by_soft_maximum",
    "concatenation",
    "cosine_schedule",
    "examiner",
    "from_jax",
    "from_thinc",
    "from_torch",
    "give_feedback",
    "half_squared_error",
    "identity",
    "in_sequence",
    "linear_schedule",
    "maximum",
    "parameters_of",
    "relu",
    "reshape",
    "residual",
    "root_mean_square",
    "share_out",
    "soft_maximum",
    "softmax",
    "softmax_cross_entropy",
    "squared_error",
    "with_flatten",
    "with_rows",
    "with_shuffled",
]
