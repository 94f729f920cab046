"""What theory says, to compare a run with: closed forms and recurrences. No run and no journal is needed.

A number here goes by the name it has in its paper, so that it can be compared with other people's.
"""

from office.theory.late_orders import order_limit, random_pick_limit, worst_order
from office.theory.late_rules import LateRule, heavy_ball, nesterov, scaled, spike_compensation, weight_prediction
from office.theory.queues import md1_wait, mg_infinity_in_flight, mm1_in_system, mm1_number, mm1_time
from office.theory.reordering import exponential_reordered_ratio, poisson_reordered_ratio
from office.theory.stability import fastest_rate, spectral_radius, stability_limit

__all__ = [
    "LateRule",
    "exponential_reordered_ratio",
    "fastest_rate",
    "heavy_ball",
    "md1_wait",
    "mg_infinity_in_flight",
    "mm1_in_system",
    "mm1_number",
    "mm1_time",
    "nesterov",
    "order_limit",
    "poisson_reordered_ratio",
    "random_pick_limit",
    "scaled",
    "spectral_radius",
    "spike_compensation",
    "stability_limit",
    "weight_prediction",
    "worst_order",
]
