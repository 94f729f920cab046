"""What all workers that weigh have in common: weights, a bias, and parameters that count their updates."""

from __future__ import annotations

from typing import Any

import numpy as np

from office.errors import NotANumber
from office.work.arrays import all_finite
from office.work.parameters import Parameters

__all__ = ["Weighted", "not_finite"]


class Weighted:
    """Weights and bias, read-only and replaced by every step."""

    parameters: Parameters

    @property
    def weights(self) -> Any:
        """Today's weights."""
        return self.parameters.arrays[0]

    @property
    def bias(self) -> Any:
        """Today's bias."""
        return self.parameters.arrays[1]

    @property
    def updates(self) -> int:
        """How many steps the weights have taken."""
        return self.parameters.updates

    @property
    def heard(self) -> int:
        """How many tasks have had their feedback, or word that there is none."""
        return self.parameters.heard

    def __repr__(self) -> str:
        return f"<{type(self).__name__} with weights {self.weights.shape}: {self.updates} updates>"


def not_finite(inputs: Any) -> NotANumber:
    """What is wrong with an output that has a NaN or an infinity in it, as all that come of such inputs have."""
    if all_finite(inputs):
        return NotANumber("output", " has a NaN or an infinity in it: the inputs or the weights are too large")
    return NotANumber("inputs", f" have {'a NaN' if np.isnan(inputs).any() else 'an infinity'} in them")
