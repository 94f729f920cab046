"""Ways of running an organisation chart, and `handle_work`, the task of every desk."""

from office.engines.arrivals import all_at_once, every, poisson
from office.engines.client import Client
from office.engines.composition import compose
from office.engines.delivery_order import (
    EVERY,
    OLDEST,
    REPEAT,
    Choice,
    Late,
    Taken,
    order_text,
    read_order,
    under_orders,
)
from office.engines.faults import Crash, Partition, Stall
from office.engines.front_desk import OpenOffice, open_office
from office.engines.handle_work import handle_work
from office.engines.instruments import Glimpse, Instrument, watching
from office.engines.lateness import late_by
from office.engines.progress import BrokenOff, Progress
from office.engines.replies import after, at_once, newest_first, random_pick, recorded
from office.engines.saved_weights import load_weights, save_weights
from office.engines.simulation import Run, simulate, simulate_in_trio
from office.engines.snapshots import Snapshot
from office.engines.to_torch import to_torch

__all__ = [
    "EVERY",
    "OLDEST",
    "REPEAT",
    "BrokenOff",
    "Choice",
    "Client",
    "Crash",
    "Glimpse",
    "Instrument",
    "Late",
    "OpenOffice",
    "Partition",
    "Progress",
    "Run",
    "Snapshot",
    "Stall",
    "Taken",
    "after",
    "all_at_once",
    "at_once",
    "compose",
    "every",
    "handle_work",
    "late_by",
    "load_weights",
    "newest_first",
    "open_office",
    "order_text",
    "poisson",
    "random_pick",
    "read_order",
    "recorded",
    "save_weights",
    "simulate",
    "simulate_in_trio",
    "to_torch",
    "under_orders",
    "watching",
]
