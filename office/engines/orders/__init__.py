"""Every delivery order of a small office: choices as text, an office without time, the search through all orders."""

from office.engines.orders.choices import (
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
from office.engines.orders.every_order import EveryOrder
from office.engines.orders.orders import Orders
from office.engines.orders.outcome import Outcome
from office.engines.orders.rehearsal import replay

__all__ = [
    "EVERY",
    "OLDEST",
    "REPEAT",
    "Choice",
    "EveryOrder",
    "Late",
    "Orders",
    "Outcome",
    "Taken",
    "order_text",
    "read_order",
    "replay",
    "under_orders",
]
