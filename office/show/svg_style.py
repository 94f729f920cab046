"""How a Lamport diagram in SVG looks, in light and dark, and what its signs mean.

The two colours are told apart by everybody (blue and orange of M. Okabe and K. Ito, *Color Universal Design*, darker on
white), and no sign is told by its colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from office.show.names import left_out
from office.study import Diagram

__all__ = ["CLASSES", "FEEDBACK", "STYLE", "legend"]

FEEDBACK = "feedback_from_above", "feedback_to_below"
CLASSES = {"read": "read", "repeat": "repeat", "damaged": "damaged", "lost": "lost", "on its way": "under-way"}
MEANINGS = {
    "repeat": "a repeat, which nobody reads",
    "damaged": "damaged on the way, and not read",
    "lost": "lost",
    "on its way": "still on its way at the end",
}

STYLE = """
.lamport { font: 11px system-ui, sans-serif; --paper: #fff; --ink: #1b1f24; --faint: #646b75; --line: #cdd2d8;
  --work: #0072b2; --feedback: #b34700; }
@media (prefers-color-scheme: dark) { .lamport { --paper: #14171a; --ink: #e8eaed; --faint: #9aa3ad; --line: #434a52;
  --work: #56b4e9; --feedback: #e69f00; } }
.lamport .paper { fill: var(--paper); }
.lamport text { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px;
  stroke-linejoin: round; }
.lamport .name { font-weight: 600; font-size: 12px; text-anchor: middle; }
.lamport .time { fill: var(--faint); text-anchor: end; }
.lamport .to-left { text-anchor: end; }
.lamport .life { stroke: var(--line); stroke-width: 1.5; }
.lamport .arrow { color: var(--work); }
.lamport .feedback { color: var(--feedback); }
.lamport .arrow line, .lamport .arrow path { stroke: currentColor; stroke-width: 1.3; fill: currentColor; }
.lamport .overtaken line { stroke-width: 3; }
.lamport .repeat line { stroke-dasharray: 1 4; stroke-linecap: round; }
.lamport .damaged line { stroke-dasharray: 8 3 2 3; }
.lamport .lost line, .lamport .under-way line { stroke-dasharray: 5 4; }
.lamport .repeat path { fill: var(--paper); }
.lamport .damaged path, .lamport .lost path { stroke-width: 2; }
.lamport .ring { fill: none; stroke: var(--ink); stroke-width: 1.3; }
"""


def legend(drawn: Diagram) -> Iterator[tuple[str, str]]:
    """What is to be said below a diagram, a line each: the fate or kind whose sign stands before it, and the words."""
    arrows = drawn.arrows
    if any(arrow.channel not in FEEDBACK for arrow in arrows):
        yield "read", "a task, or what came of it"
    if any(arrow.channel in FEEDBACK for arrow in arrows):
        yield "feedback", "feedback"
    if any(arrow.overtakes for arrow in arrows):
        yield "overtaken", "overtaken: the ring is where a message of that link, sent later, gets ahead"
    for fate, meaning in MEANINGS.items():
        if any(arrow.fate == fate for arrow in arrows):
            yield fate, meaning
    if not arrows:
        yield "", "no messages"
    if drawn.left_out:
        yield "", left_out(drawn)
