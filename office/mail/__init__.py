"""How messages travel: links, trays, and the mailroom that puts everything in order, in virtual time.

The only room that touches trio's low level. It knows no desks. What happens to a message on its way is in `mail.netem`.
"""

from office.mail.chosen_order import DELIVER, LOSE, REPEAT, Choose, Fate, is_timer
from office.mail.escapes import Escapes
from office.mail.front_door import FrontDoor, OfficeReceiveChannel, OfficeSendChannel
from office.mail.in_trio import check_in_trio, in_trio
from office.mail.link import BoundedLink, Incoming, Link, one_tray
from office.mail.mailroom import IN_AN_INSTANT, Mailroom
from office.mail.netem import Conditions, Delay, conditions, delay, stream, trace
from office.mail.network_clock import NetworkClock, clock_in_use, repeatable_schedule
from office.mail.network_door import NetworkDoor, Parcel
from office.mail.stepped import Stepper
from office.mail.tray import Tray

__all__ = [
    "DELIVER",
    "IN_AN_INSTANT",
    "LOSE",
    "REPEAT",
    "BoundedLink",
    "Choose",
    "Conditions",
    "Delay",
    "Escapes",
    "Fate",
    "FrontDoor",
    "Incoming",
    "Link",
    "Mailroom",
    "NetworkClock",
    "NetworkDoor",
    "OfficeReceiveChannel",
    "OfficeSendChannel",
    "Parcel",
    "Stepper",
    "Tray",
    "check_in_trio",
    "clock_in_use",
    "conditions",
    "delay",
    "in_trio",
    "is_timer",
    "one_tray",
    "repeatable_schedule",
    "stream",
    "trace",
]
