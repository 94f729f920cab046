"""Many offices on all cores: one run for each point and seed, kept as they finish."""

from office.engines.grids.grid import grid
from office.engines.grids.grid_files import read_grid
from office.engines.grids.points import every_point

__all__ = ["every_point", "grid", "read_grid"]
