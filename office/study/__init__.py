"""What a journal says, and what the cells of a grid do: pure functions of them. No engine is needed to read one.

A number here goes by the name it has in its standard or paper, so that it can be compared with other people's.
"""

from office.study.bins import Bins, TimeBins, binned, binned_over_time, medians
from office.study.books import DeskBook, MailBook, desk_books, mail_books
from office.study.buffer_density import buffer_occupancy, reorder_buffer_density
from office.study.channels import Channels, channels, desks
from office.study.checks import Check, check, check_table, checked
from office.study.columns import LinkMail, mail_by_link, mail_on, run_end, sequence_numbers
from office.study.density import Density, density
from office.study.diagram import Arrow, Diagram, Event, diagram
from office.study.ends import OUTSIDE, Ends, ends
from office.study.extents import extents, late_times, reordered, reordered_ratio
from office.study.feedback_sizes import FeedbackSizes, feedback_sizes
from office.study.gaps import discontinuities, gap_times, gaps
from office.study.latency import Latency, latencies, latency
from office.study.learning_curve import LearningCurve, learning_curve
from office.study.life import Hop, Life, fate_of
from office.study.little import Little, little
from office.study.n_reordering import degree_of_n_reordering, n_reordering
from office.study.occupancy import Occupancy, occupancy
from office.study.overtakings import overtaken
from office.study.parting import Parting, partings
from office.study.paths import Steps
from office.study.pieces import KINDS, Pieces, pieces
from office.study.reorder_density import displacements, reorder_density
from office.study.reordering import Reordering, reordering, reordering_by_link
from office.study.runs import Runs, reordering_free_runs
from office.study.staleness import Heard, heard, learners, staleness
from office.study.stashed import Stashed, stashed
from office.study.stays import Stays, at_desk, in_office, in_table, on_link
from office.study.tables import Table
from office.study.telling import link_table
from office.study.trays import in_tray
from office.study.utilisation import utilisation
from office.study.why import find_task, why

__all__ = [
    "KINDS",
    "OUTSIDE",
    "Arrow",
    "Bins",
    "Channels",
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
    "Parting",
    "Pieces",
    "Reordering",
    "Runs",
    "Stashed",
    "Stays",
    "Steps",
    "Table",
    "TimeBins",
    "at_desk",
    "binned",
    "binned_over_time",
    "buffer_occupancy",
    "channels",
    "check",
    "check_table",
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
    "latencies",
    "latency",
    "learners",
    "learning_curve",
    "link_table",
    "little",
    "mail_books",
    "mail_by_link",
    "mail_on",
    "medians",
    "n_reordering",
    "occupancy",
    "on_link",
    "overtaken",
    "partings",
    "pieces",
    "reorder_buffer_density",
    "reorder_density",
    "reordered",
    "reordered_ratio",
    "reordering",
    "reordering_by_link",
    "reordering_free_runs",
    "run_end",
    "sequence_numbers",
    "staleness",
    "stashed",
    "utilisation",
    "why",
]
