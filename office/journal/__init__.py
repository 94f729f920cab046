"""What happened: append-only columns, in one canonical order, and the file they are kept in.

The product of a run. Pictures, measures and checks read nothing else. In the field: the trace.
"""

from office.journal.columns import Columns, Entry
from office.journal.files import BY_DESK
from office.journal.journal import Journal
from office.journal.learnt import Learnt
from office.journal.links import LinkEnds
from office.journal.mail import COPIES, DAMAGED, MARK_BITS, NO_CAUSE, ONE_COPY, ONE_MORE, Mail

__all__ = [
    "BY_DESK",
    "COPIES",
    "DAMAGED",
    "MARK_BITS",
    "NO_CAUSE",
    "ONE_COPY",
    "ONE_MORE",
    "Columns",
    "Entry",
    "Journal",
    "Learnt",
    "LinkEnds",
    "Mail",
]
