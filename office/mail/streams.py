"""Random numbers: every use has a stream of its own, known by its name.

So nothing that is turned on or off for one link moves a draw of another, and no stream depends on the order in
which streams are made, on hashing, or on what other libraries do to the global generators.
"""

from __future__ import annotations

import hashlib

import numpy as np

from office.counts import is_count

__all__ = ["stream"]


def stream(seed: int, *names: str) -> np.random.Generator:
    """The random generator that `names` (a link and an impairment, say) have under `seed`, a whole number from 0."""
    if not is_count(seed, 0):
        raise ValueError(f"a seed is a whole number from 0, not {seed!r}")
    key = hashlib.sha256("\0".join(names).encode()).digest()
    words = np.frombuffer(key, dtype="<u4").tolist()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
