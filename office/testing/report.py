"""What a gradient check found, for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["GradientReport", "PartReport"]


@dataclass(frozen=True)
class PartReport:
    """What was found of one array: of the inputs, or of weights."""

    name: str
    shape: tuple[int, ...]
    checked: int
    """How many of its entries were compared."""
    kinks: int
    """How many were not, since the slope differs from one side to the other there: at a tie, or at a cut-off."""
    error: float
    """The largest difference, in units of the largest slope, or of 1 where that is less."""
    worst: tuple[int, ...]
    """Where that is."""
    said: float
    """What the estimator says there."""
    measured: float
    """What the finite difference says there."""
    tolerance: float


@dataclass(frozen=True)
class GradientReport:
    """What `check_gradients` found, for people: `print` it."""

    parts: Sequence[PartReport]

    @property
    def holds(self) -> bool:
        """Whether every part is within its tolerance."""
        return all(part.error <= part.tolerance for part in self.parts)

    def __str__(self) -> str:
        rows = [("", "shape", "checked", "kinks", "error", "at", "said", "measured", "")]
        for part in self.parts:
            numbers = f"{part.error:.1e}", str(part.worst), f"{part.said:.6g}", f"{part.measured:.6g}"
            verdict = "" if part.error <= part.tolerance else f"wrong: more than {part.tolerance:.0e}"
            rows.append((part.name, str(part.shape), str(part.checked), str(part.kinks), *numbers, verdict))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(f"{word:{width}}" for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )
