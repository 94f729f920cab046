"""Pictures of what the study found."""

from office.show.lines import draw_lines
from office.show.plots import PLOTS, Drawn, Plot, draw_plots

__all__ = ["PLOTS", "Drawn", "Plot", "draw_lines", "draw_plots"]
