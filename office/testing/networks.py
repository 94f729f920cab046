"""Networks in a test, by whose time the test runs."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from office.mail import NetworkClock
from office.networks import Network, open_network

__all__ = ["NewNetwork"]


class NewNetwork(NetworkClock):
    """As `open_network`, and the clock of the run."""

    def __call__(self, **settings: Any) -> AbstractAsyncContextManager[Network]:
        """Open a network."""
        return open_network(**settings)
