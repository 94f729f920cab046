"""Pictures of what the study found, and traces for other people's viewers."""

from office.show.check_text import check_findings, check_table
from office.show.journal_diff import Parting, partings
from office.show.life_text import life_table, life_title
from office.show.lines import draw_lines
from office.show.mermaid_diagram import MERMAID_LIMIT, mermaid_diagram
from office.show.names import left_out
from office.show.page import MOST_MESSAGES, replay_page, write_replay_page
from office.show.plots import PLOTS, Drawn, Plot, draw_plots
from office.show.reordering_text import link_table, reordering_tables
from office.show.svg_diagram import svg_diagram
from office.show.table import Table
from office.show.text_diagram import text_diagram
from office.show.trace_file import trace_lines, write_trace

__all__ = [
    "MERMAID_LIMIT",
    "MOST_MESSAGES",
    "PLOTS",
    "Drawn",
    "Parting",
    "Plot",
    "Table",
    "check_findings",
    "check_table",
    "draw_lines",
    "draw_plots",
    "left_out",
    "life_table",
    "life_title",
    "link_table",
    "mermaid_diagram",
    "partings",
    "reordering_tables",
    "replay_page",
    "svg_diagram",
    "text_diagram",
    "trace_lines",
    "write_replay_page",
    "write_trace",
]
