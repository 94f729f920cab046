"""A failing order made smaller: fewer messages passed over, and not so many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from office.engines import OLDEST, Choice

__all__ = ["make_smaller"]


def make_smaller(
    choices: Sequence[Choice], fails: Callable[[Sequence[Choice]], Sequence[Choice] | None], max_runs: int
) -> list[Choice]:
    """The smallest choices that fail as these do, as far as so many runs show it.

    Half of the choices are taken back at once, then a quarter, and so on to each by itself; then they are lowered. In
    the field: delta debugging.

    Args:
        choices: those that fail.
        fails: runs a test under other choices, and returns those that were taken if it fails in the same way, or None.
        max_runs: how often it is called at most.
    """
    best = [without_end(choices)]
    for candidate in islice(candidates(best), max_runs):
        taken = fails(candidate)
        if taken is not None and size(taken) < size(best[-1]):
            best.append(without_end(taken))
    return best[-1]


def candidates(best: Sequence[list[Choice]]) -> Iterator[list[Choice]]:
    """Choices to try, each made from the best that there are by then: blocks taken back, then single ones lowered."""
    width = len(best[-1])
    while width:
        for end in range(len(best[-1]), 0, -width):
            now, start = best[-1], max(end - width, 0)
            block = now[start:end]
            if any(choice != OLDEST for choice in block):
                yield [*now[:start], *[OLDEST] * len(block), *now[end:]]
        width //= 2
    for step in range(len(best[-1]) - 1, -1, -1):
        less = 1
        while step < len(best[-1]) and less < best[-1][step][0]:
            now = best[-1]
            yield [*now[:step], (less, now[step][1]), *now[step + 1 :]]
            less += 1


def without_end(choices: Sequence[Choice]) -> list[Choice]:
    """The same order without what comes oldest first at its end."""
    kept = list(choices)
    while kept and kept[-1] == OLDEST:
        kept.pop()
    return kept


def size(choices: Sequence[Choice]) -> tuple[int, int, list[Choice]]:
    """What is smaller: fewer messages that are not the oldest, then an earlier end, then less passed over."""
    kept = without_end(choices)
    return sum(choice != OLDEST for choice in kept), len(kept), kept
