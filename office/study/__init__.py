"""What a journal says: pure functions of it. No engine is needed to read one.

A number here goes by the name it has in its standard or paper, so that it can be compared with other people's.
"""

from office.study.reordering import extents, reordered, reordered_ratio
from office.study.staleness import staleness

__all__ = ["extents", "reordered", "reordered_ratio", "staleness"]
