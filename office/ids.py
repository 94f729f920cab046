"""What tells tasks apart, and the name of the client."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["CLIENT", "TaskID"]

TaskID: TypeAlias = int | str
"""What tells one task from another. In the field: the index of an example or a microbatch."""

CLIENT = "client"
"""The name that the people outside the chart go by: those below, and those above. No desk may have it."""
