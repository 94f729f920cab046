"""For users' own tests: is a gradient right, and does an estimator keep to the contract?"""

from office.testing.contract import check_contract
from office.testing.gradients import check_gradients
from office.testing.report import GradientReport, PartReport

__all__ = ["GradientReport", "PartReport", "check_contract", "check_gradients"]
