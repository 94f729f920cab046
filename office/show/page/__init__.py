"""The replay page: a run as one file of HTML that needs nothing else, drawn from its journal alone."""

from office.show.page.page import replay_page, write_replay_page

__all__ = ["replay_page", "write_replay_page"]
