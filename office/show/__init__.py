"""Pictures of what the study found."""

from office.show.lines import draw_lines

__all__ = ["draw_lines"]
