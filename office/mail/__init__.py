"""How messages travel: virtual time, conditions, links, and the mailroom that puts everything in order.

The only room that touches trio's low level. It knows no desks.
"""

from office.mail.chosen_order import DELIVER, LOSE, Choose, Fate
from office.mail.escapes import Escapes
from office.mail.front_door import FrontDoor, OfficeReceiveChannel, OfficeSendChannel
from office.mail.link import BoundedLink, Incoming, Link, Message, one_tray
from office.mail.mailroom import IN_AN_INSTANT, Mailroom
from office.mail.netem import Conditions, Delay, conditions, delay, stream, trace
from office.mail.tray import Tray

__all__ = [
    "DELIVER",
    "IN_AN_INSTANT",
    "LOSE",
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
    "Message",
    "OfficeReceiveChannel",
    "OfficeSendChannel",
    "Tray",
    "conditions",
    "delay",
    "one_tray",
    "stream",
    "trace",
]
