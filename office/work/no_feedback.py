"""The word for "nobody has anything to say about this task", which is a message too."""

from __future__ import annotations

import enum
from typing import Final, Literal, TypeAlias

__all__ = ["NO_FEEDBACK", "NoFeedback"]


class NoFeedback(enum.Enum):
    """The type of `NO_FEEDBACK`, its one member."""

    NO_FEEDBACK = "no feedback"

    def __repr__(self) -> str:
        return "NO_FEEDBACK"


NO_FEEDBACK: Final = NoFeedback.NO_FEEDBACK
"""Said in the place of feedback to whoever is not concerned: an answer that was not chosen by a maximum.

Its hearer drops the notes it took for the task, learns nothing, and passes the word down.
In the field: a gradient that is zero by structure, so that nothing need be computed.
"""

IsNoFeedback: TypeAlias = Literal[NoFeedback.NO_FEEDBACK]
