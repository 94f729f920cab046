"""Mail conditions: what happens to a message on its way, in tc-netem's words:

.. code:: text

    delay TIME [JITTER [CORRELATION]] [distribution NAME]
    loss [random] PERCENT [CORRELATION] | loss state P13 [P31 [P32 [P23 [P14]]]] | loss gemodel P [R [1-H [1-K]]]
    duplicate PERCENT [CORRELATION]      corrupt PERCENT [CORRELATION]
    reorder PERCENT [CORRELATION] [gap DISTANCE] | reorder gap DISTANCE
    rate RATE [OVERHEAD [CELL [CELLOVERHEAD]]]
    slot MIN [MAX] [packets N] [bytes N] | slot distribution NAME TIME JITTER [packets N] [bytes N]
    limit MESSAGES      seed NUMBER
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from office.errors import BadConditions
from office.mail.netem.chance import Chance
from office.mail.netem.delays import Delay
from office.mail.netem.loss import Loss, read_loss
from office.mail.netem.slots import Slots
from office.mail.netem.words import Words, quoted, rate_text
from office.times import SECOND, nanoseconds

__all__ = ["Conditions", "Reorder", "conditions", "delay"]


@dataclass(frozen=True)
class Reorder:
    """``PERCENT [CORRELATION] [gap DISTANCE]``: of every DISTANCE-th message on, this share goes at once.

    ``gap DISTANCE`` alone: every DISTANCE-th message does.
    """

    chance: Chance
    gap: int = 1

    @classmethod
    def read(cls, words: Words) -> Reorder:
        """Read the words that follow ``reorder``."""
        chance = Chance(100.0) if words.left and words.left[-1] == "gap" else Chance.read(words)
        return cls(chance, words.count() if words.is_next("gap") else 1)

    def __str__(self) -> str:
        return f"{self.chance}" + (f" gap {self.gap}" if self.gap != 1 else "")


@dataclass(frozen=True)
class Rate:
    """``RATE [OVERHEAD [CELL [CELLOVERHEAD]]]``: a message takes the time that its bytes need, after those before it.

    OVERHEAD bytes are added to each message (or taken off it). With cells, a message fills whole ones of CELL bytes,
    and CELLOVERHEAD bytes are added to each: ``rate 2mbit 0 48 5`` is ATM.
    """

    bits: int
    overhead: int = 0
    cell: int = 0
    cell_overhead: int = 0

    def time(self, size: int) -> int:
        """How long a message of so many bytes takes, in whole ns, rounded down (`packet_time_ns` in the kernel)."""
        size = max(0, size + self.overhead)
        if self.cell:
            size = -(-size // self.cell) * (self.cell + self.cell_overhead)
        return 8 * size * SECOND // self.bits

    @classmethod
    def read(cls, words: Words) -> Rate:
        """Read the words that follow ``rate``."""
        bits, others = words.rate(), [0, 0, 0]
        for place in range(3):
            if words.number_next():
                others[place] = words.whole(negative=place != 1)
        overhead, cell, cell_overhead = others
        if cell_overhead and cell + cell_overhead <= 0:
            raise words.complaint("no more bytes can be taken off a cell than it has")
        return cls(bits, overhead, cell, cell_overhead)

    def __str__(self) -> str:
        numbers = [self.overhead, self.cell, self.cell_overhead]
        while numbers and not numbers[-1]:
            numbers.pop()
        return " ".join([rate_text(self.bits), *map(str, numbers)])


@dataclass(frozen=True)
class Conditions:
    """What one link does to its messages; None for what it does not do."""

    delay: Delay = Delay()  # noqa: RUF009  it is frozen
    loss: Loss | None = None
    duplicate: Chance | None = None
    corrupt: Chance | None = None
    reorder: Reorder | None = None
    rate: Rate | None = None
    slot: Slots | None = None
    limit: int | None = None
    seed: int | None = None

    @property
    def only_delay(self) -> bool:
        """Whether messages are only delayed, each independently of the others."""
        return self == Conditions(self.delay, seed=self.seed) and not self.delay.remembers

    @property
    def least(self) -> int:
        """No message takes less than this, in ns."""
        return self.delay.least if self.reorder is None else 0

    def seed_in(self, run_seed: int) -> int:
        """The seed of the link's random numbers: its own, where it has one, and else that of the run."""
        return run_seed if self.seed is None else self.seed

    def __str__(self) -> str:
        """The same conditions as a string that `conditions` reads back, unless the delays were recorded."""
        words = [f"{field.name} {value}" for field in fields(self) if (value := getattr(self, field.name)) is not None]
        return " ".join(words[1:] if self.delay == Delay() and len(words) > 1 else words)


READERS: dict[str, Callable[[Words], Any]] = {
    "delay": Delay.read,
    "loss": read_loss,
    "duplicate": Chance.read,
    "corrupt": Chance.read,
    "reorder": Reorder.read,
    "rate": Rate.read,
    "slot": Slots.read,
    "limit": Words.count,
    "seed": Words.whole,
}


def conditions(text: str | Conditions) -> Conditions:
    """Read mail conditions such as ``"delay 20ms 5ms distribution exponential loss 1%"``; nothing at all is no delay.

    TIME is the mean and JITTER the standard deviation (for uniform: the half-width). Raises `BadConditions`, which
    quotes the word that cannot be read.
    """
    if isinstance(text, Conditions):
        return text
    if not isinstance(text, str):
        raise BadConditions(f'mail conditions are a string, not {text!r} (write "delay 20ms")')
    words = Words(text)
    values: dict[str, Any] = {}
    for word in words:
        if word not in READERS:
            advice = f"; write it {word.replace('=', ' ')}" if word.partition("=")[0] in READERS else ""
            advice = "; write 1% in one word" if word == "%" else advice
            raise words.complaint(f"unknown word {quoted(word)} (known: {', '.join(READERS)}){advice}")
        if word in values:
            raise words.complaint(f"{quoted(word)} stands there twice")
        values[word] = READERS[word](words)
    if "reorder" in values and not values.get("delay", Delay()).time:
        raise words.complaint("reorder needs a delay: nothing overtakes what takes no time")
    return Conditions(**values)


def delay(text: str | int) -> Delay:
    """Read how long something takes: ``"10ms"``, ``"10ms 2ms distribution normal"``, or an int of nanoseconds."""
    if isinstance(text, str) and " " in text.strip():
        read = conditions(f"delay {text}")
        if not read.only_delay:
            raise BadConditions(f'"{text}": how long something takes is TIME [JITTER] [distribution NAME]')
        return read.delay
    return Delay(nanoseconds(text))
