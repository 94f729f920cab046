"""Pictures of what the study found, and traces for other people's viewers."""

from office.show.lines import draw_lines
from office.show.mermaid_diagram import MERMAID_LIMIT, mermaid_diagram
from office.show.names import left_out
from office.show.page import MOST_MESSAGES, replay_page, write_replay_page
from office.show.plots import PLOTS, Drawn, Plot, draw_plots
from office.show.svg_diagram import svg_diagram
from office.show.text_diagram import text_diagram
from office.show.trace_file import trace_lines, write_trace

__all__ = [
    "MERMAID_LIMIT",
    "MOST_MESSAGES",
    "PLOTS",
    "Drawn",
    "Plot",
    "draw_lines",
    "draw_plots",
    "left_out",
    "mermaid_diagram",
    "replay_page",
    "svg_diagram",
    "text_diagram",
    "trace_lines",
    "write_replay_page",
    "write_trace",
]
