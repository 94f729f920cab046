"""What a journal says: pure functions of it. No engine is needed to read one.

A number here goes by the name it has in its standard or paper, so that it can be compared with other people's.

A function takes the journal, then the desk or the link by name, then what may be left out, and returns an array or a
frozen record of arrays and numbers: times are whole nanoseconds, averages and shares are floats. What looks at several
links or desks takes a pattern and returns a dict by name: `reordering(journal, link)`, `reordering_by_link(journal,
pattern)`. Metrics of a sequence of numbers, which need no journal, take the sequence: `extents([1, 3, 2])`.
"""

from office.study.bins import Bins, TimeBins, binned, binned_over_time, medians
from office.study.books import DeskBook, MailBook, desk_books, mail_books
from office.study.checks import Check, check, checked
from office.study.diagram import Arrow, Diagram, Event, diagram
from office.study.ends import OUTSIDE, Ends, desks, ends
from office.study.latency import Latency, latency, latency_by_link
from office.study.learning import FeedbackSizes, LearningCurve, feedback_sizes, learning_curve
from office.study.life import Hop, Life, fate_of, find_task, why
from office.study.link_mail import LinkMail, mail_by_link, mail_on, run_end
from office.study.occupancy import Little, Occupancy, little, occupancy, utilisation
from office.study.reordering import Reordering, overtaken, reordering, reordering_by_link
from office.study.rfc4737 import (
    Runs,
    degree_of_n_reordering,
    discontinuities,
    extents,
    gap_times,
    gaps,
    late_times,
    n_reordering,
    reordered,
    reordered_ratio,
    reordering_free_runs,
)
from office.study.rfc5236 import (
    Density,
    buffer_occupancy,
    density,
    displacements,
    reorder_buffer_density,
    reorder_density,
)
from office.study.spans import KINDS, Pieces, pieces
from office.study.staleness import Heard, Stashed, heard, learners, staleness, stashed
from office.study.stays import Stays, at_desk, in_office, in_table, in_tray, on_link

__all__ = [
    "KINDS",
    "OUTSIDE",
    "Arrow",
    "Bins",
    "Check",
    "Density",
    "DeskBook",
    "Diagram",
    "Ends",
    "Event",
    "FeedbackSizes",
    "Heard",
    "Hop",
    "Latency",
    "LearningCurve",
    "Life",
    "LinkMail",
    "Little",
    "MailBook",
    "Occupancy",
    "Pieces",
    "Reordering",
    "Runs",
    "Stashed",
    "Stays",
    "TimeBins",
    "at_desk",
    "binned",
    "binned_over_time",
    "buffer_occupancy",
    "check",
    "checked",
    "degree_of_n_reordering",
    "density",
    "desk_books",
    "desks",
    "diagram",
    "discontinuities",
    "displacements",
    "ends",
    "extents",
    "fate_of",
    "feedback_sizes",
    "find_task",
    "gap_times",
    "gaps",
    "heard",
    "in_office",
    "in_table",
    "in_tray",
    "late_times",
    "latency",
    "latency_by_link",
    "learners",
    "learning_curve",
    "little",
    "mail_books",
    "mail_by_link",
    "mail_on",
    "medians",
    "n_reordering",
    "occupancy",
    "on_link",
    "overtaken",
    "pieces",
    "reorder_buffer_density",
    "reorder_density",
    "reordered",
    "reordered_ratio",
    "reordering",
    "reordering_by_link",
    "reordering_free_runs",
    "run_end",
    "staleness",
    "stashed",
    "utilisation",
    "why",
]
