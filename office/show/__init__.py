"""Pictures of what the study found."""

from office.show.lines import draw_lines
from office.show.page import replay_page, write_replay_page

__all__ = ["draw_lines", "replay_page", "write_replay_page"]
