"""The replay page: a run as one file of HTML that needs nothing else, drawn from its journal alone."""

from office.show.page.page import replay_page, write_replay_page
from office.show.page.stretches import MOST_MESSAGES

__all__ = ["MOST_MESSAGES", "replay_page", "write_replay_page"]
