"""A delivery order as text: at each step, how many older messages the one that arrives has passed over.

``"0"``: the oldest message under way arrives first, always. ``"0.2.1"``: first the oldest, then the third oldest of
those under way, then the second oldest; after that, always the oldest. ``"1-"``: the second oldest is lost. ``"1+"``:
it arrives, and will come once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from office.errors import BadOrder
from office.ids import TaskID
from office.mail import DELIVER, REPEAT, Choose, Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "EVERY",
    "OLDEST",
    "REPEAT",
    "Choice",
    "Choices",
    "Late",
    "Taken",
    "late_links",
    "order_in_force",
    "order_text",
    "read_order",
    "under_orders",
]

Choice: TypeAlias = tuple[int, Fate]
"""The place of a message among those under way, the oldest first, and what becomes of it."""
OLDEST: Choice = 0, DELIVER

Late: TypeAlias = str | Sequence[str]
"""Links by name or pattern."""
EVERY = "*"

_CHOICE = re.compile(r"([0-9]{1,9})([-+]?)")


def read_order(text: str) -> list[Choice]:
    """The choices that a text stands for. Raises `BadOrder`, which quotes what is none."""
    choices = []
    for word in text.split("."):
        match = _CHOICE.fullmatch(word)
        if match is None:
            raise BadOrder(f'"{text}": {word!r} is no choice (such as 2, or 2- for a loss, or 2+ for a repeat)')
        choices.append((int(match[1]), match[2]))
    return choices


def order_text(choices: Iterable[Choice]) -> str:
    """The text for these choices; where it ends, the oldest message comes first."""
    words = [f"{place}{fate}" for place, fate in choices]
    while words and words[-1] == "0":
        words.pop()
    return ".".join(words or ["0"])


class Choices:
    """A choice of messages as an order says. Raises `BadOrder` where there are not so many messages to choose from."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.choices = read_order(order)
        self.step = 0

    def __call__(self, pending: Sequence[Any]) -> Choice:
        """The next choice."""
        step = self.step
        self.step += 1
        if step >= len(self.choices):
            return OLDEST
        choice = self.choices[step]
        if choice[0] >= len(pending):
            under_way = f"{len(pending)} {'message is' if len(pending) == 1 else 'messages are'} under way"
            raise BadOrder(f'"{self.order}": step {step + 1} passes over {choice[0]}, and only {under_way}')
        return choice


def late_links(late: Late, names: Sequence[str]) -> frozenset[int]:
    """The places of the links that these patterns name. Raises `BadOrder` for one that names none."""
    late_ones: set[int] = set()
    for pattern in [late] if isinstance(late, str) else late:
        fitting = {place for place, name in enumerate(names) if fnmatchcase(name, pattern)}
        if not fitting:
            raise BadOrder(f'"{pattern}" names no link (links: {", ".join(names)})')
        late_ones |= fitting
    return frozenset(late_ones)


class Taken:
    """A choice of messages for the mail of one office, which keeps the choices that it takes.

    Args:
        choose: what chooses.
        links: the names of the office's links.
        timeouts: how many timers may ring before messages that are under way.
    """

    def __init__(self, choose: Choose, links: Sequence[str] = (), timeouts: int = 0) -> None:
        self.choose = choose
        self.links = links
        self.timeouts = timeouts
        self.are_tasks = True
        """Whether its messages are about tasks; those of a network are what they say."""
        self.choices: list[Choice] = []
        self.messages: list[tuple[int, TaskID]] = []
        """For each choice the message that it is about: its link, by place, and its task; or a timer, with no link."""

    def __call__(self, pending: Sequence[Any]) -> Choice:
        """The next choice."""
        choice = self.choose(pending)
        self.choices.append(choice)
        entry = pending[choice[0]]
        self.messages.append((entry[1], entry[4]))
        return choice

    def __str__(self) -> str:
        return order_text(self.choices)


class _Orders(NamedTuple):
    choose: Choose
    late: Late
    timeouts: int
    taken: list[Taken]


_AMBIENT: ContextVar[_Orders | None] = ContextVar("delivery order", default=None)


@contextmanager
def under_orders(choose: Choose, *, late: Late = EVERY, timeouts: int = 0) -> Iterator[list[Taken]]:
    """While this lasts, the mail of every office that is opened, and that has no order of its own, arrives as chosen.

    The choices that are taken are in the list, office by office.

    Args:
        choose: chooses the next message.
        late: the links on which it chooses, for offices that name none themselves.
        timeouts: how many timers of an office may ring before messages that are under way, if they are chosen.
    """
    taken: list[Taken] = []
    token = _AMBIENT.set(_Orders(choose, late, timeouts, taken))
    try:
        yield taken
    finally:
        _AMBIENT.reset(token)


def order_in_force(order: str | Choose | None, late: Late, links: Sequence[str]) -> tuple[Taken | None, Late]:
    """The order of an office's mail, if it has one: its own, or that of `under_orders`; and on which links.

    Args:
        order: the office's own order, as text or as a function that chooses.
        late: the links on which it chooses, by name or pattern.
        links: the names of all its links.
    """
    if order is not None:
        return Taken(Choices(order) if isinstance(order, str) else order, links), late
    orders = _AMBIENT.get()
    if orders is None:
        return None, late
    orders.taken.append(Taken(orders.choose, links, orders.timeouts))
    return orders.taken[-1], orders.late if late == EVERY else late
