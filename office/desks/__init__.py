"""Who gets what. Pure routing: no I/O, no clock.

A desk is an ordinary object: it reads one letter, and returns the letters to send. Read `worker`, then `manager`.
"""

from office.desks.allocation import Allocation, Books, at_random, by, everyone, in_turn, least_busy
from office.desks.chart import AT_ONCE, Chain, Chart, Pace, Team, Worker, as_chart, workers
from office.desks.letters import (
    ALARM,
    FEEDBACK_FROM_ABOVE,
    FEEDBACK_TO_BELOW,
    INBOX,
    OUTBOX,
    OUTSIDE,
    Channel,
    Desk,
    Letter,
)
from office.desks.manager import ManagerDesk
from office.desks.pending import PendingTable, TableStatistics
from office.desks.worker import WorkerDesk
from office.work import NO_FEEDBACK

__all__ = [
    "ALARM",
    "AT_ONCE",
    "FEEDBACK_FROM_ABOVE",
    "FEEDBACK_TO_BELOW",
    "INBOX",
    "NO_FEEDBACK",
    "OUTBOX",
    "OUTSIDE",
    "Allocation",
    "Books",
    "Chain",
    "Channel",
    "Chart",
    "Desk",
    "Letter",
    "ManagerDesk",
    "Pace",
    "PendingTable",
    "TableStatistics",
    "Team",
    "Worker",
    "WorkerDesk",
    "as_chart",
    "at_random",
    "by",
    "everyone",
    "in_turn",
    "least_busy",
    "workers",
]
