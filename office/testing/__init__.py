"""For users' own tests: is a gradient right, does an estimator keep to the contract, and does an office deadlock?

`practice` has wrong managers, for proof that checks can fail; `strategies` is for Hypothesis. The pytest plugin brings
the marker `delivery_orders`, which `try_orders` is outside pytest, and the fixtures `new_office` and `new_network`.
"""

from office.testing.contract import check_contract
from office.testing.deadlocks import raises_deadlock
from office.testing.gradients import GradientReport, PartReport, check_gradients
from office.testing.trying import Tried, try_orders

__all__ = [
    "GradientReport",
    "PartReport",
    "Tried",
    "check_contract",
    "check_gradients",
    "raises_deadlock",
    "try_orders",
]
