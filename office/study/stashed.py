"""What it costs to keep the weights of every answer until its feedback has come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from office.journal import Journal
from office.study.sequences import Whole
from office.study.staleness import learnt_at

__all__ = ["Stashed", "stashed"]


@dataclass(frozen=True)
class Stashed:
    """The old weights that a desk keeps, feedback by feedback."""

    versions: Whole
    """`(feedbacks,)`: as each came, how many versions besides today's were kept, those that it was about among them."""
    version_bytes: int
    """What one of them takes."""

    @property
    def peak_bytes(self) -> int:
        """The most memory that they ever took."""
        return int(self.versions.max(initial=0)) * self.version_bytes

    @property
    def mean_bytes(self) -> float:
        """The memory that they took on average over the feedbacks; 0 where none came."""
        return float(self.versions.mean()) * self.version_bytes if len(self.versions) else 0.0


def stashed(journal: Journal, desk: str) -> Stashed:
    """How many versions of its weights a desk keeps for late feedback, under the policy `stash`.

    A version is kept from the update after it until the last feedback on an answer that was given with it. One that no
    feedback came for is not counted. Raises `ValueError` where the desk has no weights. In the field: the memory of
    weight stashing, as in D. Narayanan et al., *PipeDream* (2019).
    """
    late, updates = learnt_at(journal, desk)
    last = np.zeros(int(updates.max(initial=0)) + 1, dtype=np.int64)
    np.maximum.at(last, updates - late, updates)
    old = np.arange(len(last))
    kept = np.zeros(len(last) + 1, dtype=np.int64)
    used = last > old
    kept[old[used] + 1] += 1
    np.subtract.at(kept, last[used] + 1, 1)
    return Stashed(np.cumsum(kept)[updates], journal.head["weights"][desk])
