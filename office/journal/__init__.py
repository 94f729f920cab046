"""What happened in a run: append-only tables, in one canonical order, and the file they are kept in.

The product of a run. Pictures, measures and checks read nothing else. In the field: the trace.
"""

from office.journal.journal import Journal
from office.journal.mail import (
    COPIES,
    DAMAGED,
    LARGEST_MARK,
    MARK_BITS,
    NO_CAUSE,
    ONE_COPY,
    ONE_MORE,
    Columns,
    Entry,
    Mail,
    copy_number,
    link_and_mark,
    message_number,
)
from office.journal.tables import BY_DESK, Divergence, Incident, IncidentKind, Learnt, LinkEnds, Loss, Steps, Work

__all__ = [
    "BY_DESK",
    "COPIES",
    "DAMAGED",
    "LARGEST_MARK",
    "MARK_BITS",
    "NO_CAUSE",
    "ONE_COPY",
    "ONE_MORE",
    "Columns",
    "Divergence",
    "Entry",
    "Incident",
    "IncidentKind",
    "Journal",
    "Learnt",
    "LinkEnds",
    "Loss",
    "Mail",
    "Steps",
    "Work",
    "copy_number",
    "link_and_mark",
    "message_number",
]
