"""The paths of tasks from one thing that a desk did to the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from office.journal import Mail
from office.study.event_order import NOTHING
from office.study.journal_index import Flags
from office.study.sequences import Whole

__all__ = ["Steps", "steps"]


class Steps(NamedTuple):
    """Where paths lead, in the order of the pieces.

    A path leads on from the reading of a letter to the first message that follows from it. Each other message that
    follows from it begins a path of its own; so does what follows from none. Of several letters that a desk waits for,
    the path of the last leads on, and those of the others end.
    """

    piece: Whole
    """`(steps,)` places among the pieces."""
    path: Whole
    """`(steps,)` which path, from 0, in the order in which they begin."""
    is_first: Flags
    """`(steps,)` whether the path begins there."""
    is_last: Flags
    """`(steps,)` whether it ends there."""


def steps(mail: Mail, sent: Whole, follows: Whole, spoken_in: Whole, reading: Whole) -> Steps:
    """The steps of all paths of at least two.

    Args:
        mail: The journal's mail.
        sent: `(originals,)` their rows, in order of sending.
        follows: `(rows,)` as `Mail.cause_row` has it.
        spoken_in: `(originals,)` in which piece each was sent.
        reading: `(rows,)` in which piece each was read; -1 for none.
    """
    original = _originals(mail, sent)
    letter = follows[sent]
    order = np.argsort(letter, kind="stable")
    goes_on = np.zeros(len(sent), dtype=bool)
    goes_on[order] = (letter[order] != NOTHING) & (np.diff(letter[order], prepend=NOTHING) != 0)

    path, length = np.arange(len(sent)), goes_on.astype(np.int64)
    path[goes_on] = original[letter[goes_on]]
    while (path[path] != path).any():  # each turn goes twice as far back
        length, path = length + length[path], path[path]

    read = np.flatnonzero(reading != NOTHING)
    leaves = ~goes_on | (reading[letter] != spoken_in)  # else it is said on reading the letter, in one piece
    piece = np.concatenate([spoken_in[leaves], reading[read]])
    of_path = np.concatenate([path[leaves], path[original[read]]])
    along = np.concatenate([2 * length[leaves], 2 * length[original[read]] + 1])
    order = np.lexsort((along, of_path))
    piece, of_path = piece[order], of_path[order]
    is_first = np.diff(of_path, prepend=NOTHING) != 0
    is_last = np.diff(of_path, append=NOTHING) != 0
    counts = ~(is_first & is_last)
    piece, is_first, is_last = piece[counts], is_first[counts], is_last[counts]

    began = np.argsort(piece[is_first], kind="stable")
    number = np.argsort(began)[np.cumsum(is_first) - 1]
    order = np.lexsort((number, piece))
    return Steps(piece[order], number[order], is_first[order], is_last[order])


def _originals(mail: Mail, sent: Whole) -> Whole:
    """`(rows,)`: of which original each is a copy, as a place in `sent`."""
    key = mail.link * (int(mail.number.max(initial=0)) + 1) + mail.number
    order = np.argsort(key[sent])
    places = np.searchsorted(key[sent][order], key)
    original = np.append(order, 0)[places]
    if (places == len(sent)).any() or (key[sent][original] != key).any():
        raise ValueError("there is a copy of a message in this journal that is not there itself")
    return original
