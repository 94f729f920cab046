"""Every delivery order of a small office: `explore` runs them all, and shows the smallest in which a claim fails.

`Orders` runs them one by one; `replay` runs one of them once more.
"""

from office.orders.claims import as_composed, checks_hold, everything_came
from office.orders.counterexample import Counterexample
from office.orders.exploration import Exploration, explore
from office.orders.orders import Orders
from office.orders.outcome import Outcome
from office.orders.untimed_run import replay
from office.orders.without import without

__all__ = [
    "Counterexample",
    "Exploration",
    "Orders",
    "Outcome",
    "as_composed",
    "checks_hold",
    "everything_came",
    "explore",
    "replay",
    "without",
]
