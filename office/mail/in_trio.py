"""Whether trio runs here: what must be known before its parts are used."""

from __future__ import annotations

import trio

__all__ = ["check_in_trio", "in_trio"]


def in_trio() -> bool:
    """Whether this is a task of trio."""
    try:
        trio.lowlevel.current_task()
    except RuntimeError:
        return False
    except AttributeError:  # what trio 0.35 raises in a task of asyncio
        return False
    return True


def check_in_trio(user: str, advice: str) -> None:
    """Raise `RuntimeError` for what needs trio where another event loop runs.

    Args:
        user: what needs it.
        advice: what to do instead.
    """
    if not in_trio():
        raise RuntimeError(f"{user} runs in trio, and trio does not run here:\n{advice}")
