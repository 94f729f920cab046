"""Pictures of what the study found."""

from office.show.lines import draw_lines
from office.show.mermaid_diagram import mermaid_diagram
from office.show.svg_diagram import svg_diagram
from office.show.text_diagram import text_diagram
from office.show.trace_file import trace_lines, write_trace

__all__ = ["draw_lines", "mermaid_diagram", "svg_diagram", "text_diagram", "trace_lines", "write_trace"]
