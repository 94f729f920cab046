"""Many offices on all cores: one run for each point and seed, kept as they finish; means, intervals and tables."""

from office.grids.cell import Cell, Point, Values
from office.grids.grid import grid
from office.grids.grid_files import read_grid
from office.grids.grid_text import grid_csv, grid_table
from office.grids.intervals import half_width, t_quantile
from office.grids.points import every_point
from office.grids.summaries import Estimate, Summary, chosen, differences, summaries

__all__ = [
    "Cell",
    "Estimate",
    "Point",
    "Summary",
    "Values",
    "chosen",
    "differences",
    "every_point",
    "grid",
    "grid_csv",
    "grid_table",
    "half_width",
    "read_grid",
    "summaries",
    "t_quantile",
]
