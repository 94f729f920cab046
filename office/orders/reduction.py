"""Partial-order reduction: of all orders that differ only in what touches nothing in common, one is run.

Dynamic partial-order reduction with source sets and sleep sets: Abdulla, Aronis, Jonsson and Sagonas, *Optimal Dynamic
Partial Order Reduction* (POPL 2014), algorithm 1. A process of theirs is a message here, and its one step is its
arrival, with all that happens at once after it. What it touches is known when it has arrived.

With a limit of overtakings one order may be allowed where the one that a race points to is not. So all that is awake is
tried then, and sleep sets alone reduce. And orders are the same only if as many are overtaken in both: so what is sent
on a link touches the link, since it decides who was sent first, and so does what arrives there or is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from office.engines.delivery_order import Choice
from office.mail import DELIVER, LOSE, Fate
from office.orders.dependence import Dependence
from office.orders.repeating import not_repeated
from office.orders.settings import SearchSettings
from office.orders.untimed_office import Message

__all__ = ["Reduction", "linear_extensions"]

MessageKey: TypeAlias = tuple[int, int]
"""Its link and its mark there, which are the same in whatever order things happen elsewhere."""
Happening: TypeAlias = tuple[MessageKey, Fate]
"""A message, and what becomes of it."""


class Step:
    """One step of the order that is being tried: what could happen there, and what has been tried.

    Args:
        pending: the messages that could arrive.
        fates: what may become of each.
        asleep: what leads to nothing new, and what it touches.
        overtakings: how many there have been before.
        limit: how many overtakings there may be; None for any number.
    """

    def __init__(
        self,
        pending: Sequence[Message],
        fates: Sequence[Fate],
        asleep: dict[Happening, int],
        overtakings: int,
        limit: int | None,
    ) -> None:
        self.messages = [(entry[1], entry[2]) for entry in pending]
        self.made = [entry[0] for entry in pending]
        """When each was sent, or a repeat was made of another: the number of late messages that had arrived by then."""
        self.fates_of: dict[MessageKey, list[Fate]] = {}
        """What may become of each message that leads to anything new."""
        self.asleep = asleep
        """What leads to nothing new here, and what it touches."""
        self.overtakings = overtakings
        """How many there have been before."""
        self.to_try: list[MessageKey] = []
        """Messages that are to be tried, the first of them now."""
        self.tried: dict[Happening, int] = {}
        """What has been tried, and what it touches."""
        self.touches = 0
        """The parts of the office that are touched at this step."""
        self.past = 0
        """The steps that come before this one in every order that is the same as this, and itself: a bit each."""
        for message in self.messages:
            may_arrive = limit is None or self.overtaken_by(message) <= limit
            awake = [
                fate for fate in fates if (may_arrive or fate == LOSE) and (not asleep or (message, fate) not in asleep)
            ]
            if awake:
                self.fates_of[message] = awake

    @property
    def message(self) -> MessageKey:
        """The one that is being tried."""
        return self.to_try[0]

    @property
    def fate(self) -> Fate:
        """What becomes of it."""
        return self.fates_of[self.to_try[0]][0]

    @property
    def choice(self) -> Choice:
        """The message that is being tried, as a choice."""
        return self.messages.index(self.message), self.fate

    def overtaken_by(self, message: MessageKey) -> int:
        """How many messages have been overtaken when this one has arrived, too."""
        link, mark = message
        return self.overtakings + sum(on == link and earlier < mark for on, earlier in self.messages)

    def covers(self, other: Step) -> bool:
        """Whether what happens at another step is tried here, has been tried, or leads to nothing new."""
        happening = other.message, other.fate
        return other.message in self.to_try or happening in self.tried or happening in self.asleep

    def next(self) -> bool:
        """Turn to the next fate of the message, or to the next message; False if there is none to try."""
        self.tried[self.message, self.fate] = self.touches
        fates = self.fates_of[self.message]
        del fates[0]
        if not fates:
            self.to_try.pop(0)
        return bool(self.to_try)


class Reduction:
    """Orders one after another, so that each order that is not run is the same as one that is.

    Args:
        settings: what may become of messages.
        dependence: which parts of the office arrivals touch, a bit each. Without it everything touches everything, and
            so nothing is left out.
    """

    def __init__(self, settings: SearchSettings, dependence: Dependence | None) -> None:
        self.settings = settings
        self.loses_or_repeats = bool(settings.losses or settings.repeats)
        self.dependence = dependence
        self.tries_all = dependence is None or settings.overtakings is not None
        self.begins_with: Sequence[Choice] = ()
        """The choices with which the next run begins; after them it is to ask."""
        self.steps: list[Step] = []
        self.looked_at = 0
        """So many of the steps have been looked at for what they touch."""
        self.is_turned = False
        """Whether the last step is to be taken once more, in another way than before."""
        self.arrivals: list[int] = []
        """Of those, the ones at which something arrived."""
        self.trail: Sequence[Message] = ()
        """All messages that have arrived in this run, in order."""

    def begin(self, trail: Sequence[Message]) -> Sequence[Choice]:
        """A run begins, whose messages go to this trail as they arrive: the choices with which it is to begin."""
        self.trail = trail
        return self.begins_with

    def choose(self, pending: Sequence[Message]) -> Choice | None:
        """A choice at a step that is new; None where all that is to come has been seen in other orders.

        Raises `BadChart` where something else is pending than when the same choices were made before.
        """
        if self.is_turned:
            self.is_turned = False
            if [(entry[1], entry[2]) for entry in pending] != self.steps[-1].messages:
                raise not_repeated()
            return self.steps[-1].choice
        self.look_at_steps(pending)
        last, limit = self.steps[-1] if self.steps else None, self.settings.overtakings
        asleep, overtakings = {}, 0
        if last is not None:
            message, touched = last.message, last.touches
            asleep = {
                happening: bits
                for happening, bits in (last.asleep | last.tried).items()
                if not bits & touched and happening[0] != message
            }
            if limit is not None:
                overtakings = last.overtakings if last.fate == LOSE else last.overtaken_by(message)
        step = Step(pending, self._fates(), asleep, overtakings, limit)
        if not step.fates_of:
            return None
        awake = [*step.fates_of]
        step.to_try = awake if self.tries_all else awake[:1]
        self.steps.append(step)
        return step.choice

    def next_run(self, choices: Sequence[Choice]) -> bool:
        """Turn to the next order after the one with these choices; False if there is none."""
        if self.is_turned:  # the run ended before it came to what is new
            raise not_repeated()
        self.look_at_steps()
        steps = self.steps
        while steps and not steps[-1].next():
            steps.pop()
        if not steps:
            return False
        self.begins_with, self.is_turned = choices[: len(steps) - 1], True
        self.looked_at = len(steps) - 1
        while self.arrivals and self.arrivals[-1] >= self.looked_at:
            self.arrivals.pop()
        return True

    def _fates(self) -> list[Fate]:
        """What may become of a message, after the steps before."""
        return self.settings.fates([step.fate for step in self.steps]) if self.loses_or_repeats else [DELIVER]

    def look_at_steps(self, pending: Sequence[Message] = ()) -> None:
        """See what the newest steps have touched, and which races there were; `pending` is what is under way now."""
        for number in range(self.looked_at, len(self.steps)):
            step = self.steps[number]
            if step.fate != LOSE:
                self.arrivals.append(number)
            step.touches = self._touched(step, pending)
            self._find_races(number)
        self.looked_at = len(self.steps)

    def _touched(self, step: Step, pending: Sequence[Message]) -> int:
        """The parts of the office that are touched at the step that was taken last."""
        if self.dependence is None:
            return -1
        is_lost, time = step.fate == LOSE, len(self.arrivals)
        touched = 0 if is_lost else self.dependence.of(arrivals_at(time, self.trail))
        if self.settings.overtakings is not None:
            sent = () if is_lost else (entry[1] for entry in pending if entry[0] == time)
            touched |= self.dependence.of_links(step.message[0], sent)
        return touched

    def _find_races(self, number: int) -> None:
        """Steps that touch what this one touches, though none of them had to come before it."""
        steps = self.steps
        step = steps[number]
        made = step.made[step.messages.index(step.message)]
        past = steps[self.arrivals[made - 1]].past if made else 0
        touches = step.touches
        for other in range(number - 1, -1, -1):
            if not past >> other & 1 and steps[other].touches & touches:
                if not self.tries_all:
                    self._turn_round(other, number, past)
                past |= steps[other].past
        step.past = past | 1 << number

    def _turn_round(self, earlier: int, later: int, past: int) -> None:
        """See to it that what came later is tried before what came earlier; `past` is what it needs besides."""
        steps = self.steps
        without = [number for number in range(earlier + 1, later) if not steps[number].past >> earlier & 1]
        moved = sum(1 << number for number in without)
        firsts = [number for number in without if not steps[number].past & moved & ~(1 << number)]
        if not past & moved:
            firsts.append(later)
        step = steps[earlier]
        if not any(step.covers(steps[number]) for number in firsts):
            step.to_try.append(steps[firsts[0]].message)

    def orders_like_this(self) -> int | None:
        """How many orders are the same as the one that was run last, and itself; None where they are too many."""
        self.look_at_steps()
        return linear_extensions([step.past & ~(1 << number) for number, step in enumerate(self.steps)])


def arrivals_at(time: int, trail: Sequence[Message]) -> list[Message]:
    """The late message that arrived at a time not long ago, and what arrived at once after it."""
    first = len(trail)
    while first and trail[first - 1][0] >= time:
        first -= 1
    return [entry for entry in trail[first:] if entry[0] == time]


MAX_SETS = 4_000


def linear_extensions(pasts: Sequence[int], max_sets: int = MAX_SETS) -> int | None:
    """In how many orders so many steps can be taken, where `pasts[k]` has a bit for each that must come before step k.

    It counts the ways to each set of steps that can be taken first. None where there are more than `max_sets` such sets
    of one size, since their number grows beyond all bounds. In the field: the linear extensions of a partial order.
    """
    if all(past == (1 << step) - 1 for step, past in enumerate(pasts)):
        return 1  # each step comes after all before it, as at a single desk
    ways = Counter({0: 1})
    for _ in pasts:
        longer: Counter[int] = Counter()
        for taken, count in ways.items():
            for step, past in enumerate(pasts):
                if not taken >> step & 1 and not past & ~taken:
                    longer[taken | 1 << step] += count
        if len(longer) > max_sets:
            return None
        ways = longer
    return sum(ways.values())
