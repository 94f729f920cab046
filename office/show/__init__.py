"""Pictures of what the study found."""

from office.show.lines import draw_lines
from office.show.page import MOST_MESSAGES, replay_page, write_replay_page

__all__ = ["MOST_MESSAGES", "draw_lines", "replay_page", "write_replay_page"]
