"""For users' own tests: is a gradient right, does an estimator keep to the contract, and does an office in every order?

`practice` has wrong managers, which these find out; `strategies` is for Hypothesis. The pytest plugin brings the marker
`delivery_orders` and the fixture `new_office`.
"""

from office.engines import Orders, Outcome, replay
from office.testing.claims import as_composed, checks_hold, everything_came
from office.testing.contract import check_contract
from office.testing.counterexample import Counterexample
from office.testing.deadlocks import raises_deadlock
from office.testing.exploring import Exploration, explore
from office.testing.gradients import check_gradients
from office.testing.report import GradientReport, PartReport
from office.testing.without import without

__all__ = [
    "Counterexample",
    "Exploration",
    "GradientReport",
    "Orders",
    "Outcome",
    "PartReport",
    "as_composed",
    "check_contract",
    "check_gradients",
    "checks_hold",
    "everything_came",
    "explore",
    "raises_deadlock",
    "replay",
    "without",
]
