"""Networks: actors of your own, tasks of trio with a mailbox each, whose mail is late in virtual time.

An office knows what its desks are; a network knows nothing but names. In the field: a simulated network under test.
"""

from office.networks.mailbox import Mailbox
from office.networks.network import Network, network_clock, open_network

__all__ = ["Mailbox", "Network", "network_clock", "open_network"]
