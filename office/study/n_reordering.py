"""n-reordering: how many arrivals in a row, just before, were ahead of their turn. RFC 4737, sections 5.1 to 5.4.

A TCP sender that takes n duplicate acknowledgements for a loss (usually 3) sends an n-reordered message again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from office.study.sequences import Whole, first_copies, spread, whole_numbers

__all__ = ["degree_of_n_reordering", "n_reordering"]

NOBODY = np.iinfo(np.int64).max


def n_reordering(sequence: ArrayLike) -> Whole:
    """The greatest n for which each arrival is n-reordered; 0 where it is not n-reordered at all.

    `(arrivals,)` whole numbers in order of arrival -> `(arrivals,)` arrivals.

    The arrival at place i is n-reordered if all of the n just before it have greater numbers (RFC 4737, section 5.3,
    definition 1); it is then n′-reordered for every n′ < n too. A reordered arrival need not be n-reordered.
    Later copies are passed over, as if they had not arrived.
    """
    numbers = whole_numbers(sequence)
    first = first_copies(numbers)
    copies = numbers[first]
    late = np.flatnonzero(copies[1:] < copies[:-1]) + 1
    found = np.zeros(len(copies), dtype=np.int64)
    found[late] = late - 1 - latest_smaller(copies, late)
    return spread(found, first, len(numbers))


def degree_of_n_reordering(sequence: ArrayLike, n: int) -> float:
    """The share of arrivals that are n-reordered, m/l (RFC 4737, section 5.3, definition 2); NaN of no arrivals.

    For n = 1 it is the degree of monotonic reordering. The RFC lets later copies count in l; here only first copies do,
    as everywhere else.
    """
    if n < 1:
        raise ValueError(f"n-reordering is for n from 1, not {n}")
    numbers = whole_numbers(sequence)
    arrivals = len(first_copies(numbers))
    return int(np.count_nonzero(n_reordering(numbers) >= n)) / arrivals if arrivals else float("nan")


def latest_smaller(values: Whole, at: Whole) -> Whole:
    """`(n,)` values and `(k,)` places -> `(k,)` the last place before each with a smaller value; -1 where none is.

    Up a tree of minima until there is a smaller value to the left, and down again to the last such one: O(n log n).
    """
    tree = [values]
    while len(tree[-1]) > 1:
        pairs = np.concatenate([tree[-1], [NOBODY] * (len(tree[-1]) % 2)]).reshape(-1, 2)
        tree.append(pairs.min(axis=1))
    sought, node = values[at], at.copy()
    turned = np.full(len(at), -1)
    for level, minima in enumerate(tree):
        turns = (turned < 0) & (node % 2 == 1)
        turns[turns] = minima[node[turns] - 1] < sought[turns]
        turned[turns] = level
        node[turns] -= 1
        node[turned < 0] //= 2
    for level in range(len(tree) - 1, 0, -1):
        goes = turned >= level
        right = 2 * node[goes] + 1  # is there: what has something to its right is a whole tree
        node[goes] = np.where(tree[level - 1][right] < sought[goes], right, right - 1)
    return np.where(turned < 0, -1, node)
