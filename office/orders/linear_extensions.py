"""How many orders are the same as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

__all__ = ["linear_extensions"]


MOST = 4_000


def linear_extensions(pasts: Sequence[int], most: int = MOST) -> int | None:
    """In how many orders so many steps can be taken, where `pasts[k]` has a bit for each that must come before step k.

    It counts the ways to each set of steps that can be taken first; None where there are more than `most` such sets of
    one size, since these grow faster than anybody can wait for. In the field: the linear extensions of a partial order.
    """
    if all(past == (1 << step) - 1 for step, past in enumerate(pasts)):
        return 1  # each step comes after all before it, as at a single desk
    ways = Counter({0: 1})
    for _ in pasts:
        longer: Counter[int] = Counter()
        for taken, count in ways.items():
            for step, past in enumerate(pasts):
                if not taken >> step & 1 and not past & ~taken:
                    longer[taken | 1 << step] += count
        if len(longer) > most:
            return None
        ways = longer
    return sum(ways.values())
