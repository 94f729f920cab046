"""What becomes of weights when feedback comes: one rule a file, each with its formula and where it is from.

A rule of one's own is a `Rule` with a `step`; see there.
"""

from __future__ import annotations

from office.work.rules.adam import Adam
from office.work.rules.momentum import Momentum
from office.work.rules.rule import Rule, as_rule
from office.work.rules.sgd import SGD

__all__ = ["SGD", "Adam", "Momentum", "Rule", "as_rule"]
