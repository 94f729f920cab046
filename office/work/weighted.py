"""What all workers that weigh have in common: weights, a bias, and parameters that count their updates."""

from __future__ import annotations

from typing import Any

from office.errors import NotANumber
from office.work.arrays import has_nan
from office.work.parameters import Parameters

__all__ = ["Weighted", "refuse_nan"]


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


def refuse_nan(inputs: Any) -> None:
    """Raise `NotANumber` if the inputs are to blame for a NaN in the output.

    Asked only once there is one, which every NaN in the inputs makes. Weights that have diverged do so as well, and
    that is no fault of the inputs.
    """
    if has_nan(inputs):
        raise NotANumber("inputs", " have a NaN in them")
