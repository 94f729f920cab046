"""One run of an office without time: its desks read letters in the order that a function chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Any

from office.desks import Chart, Letter
from office.engines.client import Client
from office.engines.delivery_order import EVERY, REPEAT, Choice, Choices, Late
from office.journal import ONE_COPY, ONE_MORE
from office.mail import LOSE
from office.orders.outcome import Outcome
from office.orders.untimed_office import Message, UntimedOffice

__all__ = ["replay", "run"]


def run(
    outcome: Outcome, choose: Callable[[Sequence[Message]], Choice | None], begins_with: Sequence[Choice] = ()
) -> Outcome:
    """Run an office once, and keep in a new `outcome` what comes of it.

    The time is the number of late messages that have arrived, in ns: as in `simulate(order=…)`, with which it agrees
    in every entry of the journal. An exception at a desk is part of the outcome, and the run goes on without the
    message; where it refuses a repeat, that is only counted.

    Args:
        outcome: a new one of the office that is to run.
        choose: chooses the next of the late messages, the oldest first, and its fate; None breaks the run off.
        begins_with: the first choices, before `choose` is called.
    """
    office, client = outcome.office, outcome.client
    reads = [desk.read for desk in outcome.desks]
    receivers, ports, sends, is_late = office.receivers, office.ports, office.sends, office.is_late
    pending, trail, choices = outcome.under_way, outcome.trail, outcome.choices
    chosen = iter(begins_with)
    soon: list[Message] = []
    marks = [0] * len(ports)
    now, seat = 0, 0
    entry: Message | None = None
    letters: list[Letter] = client.begin()
    while True:
        ways = sends[seat]
        try:
            for out, task_id, body in letters:
                link = ways[out]
                marks[link] = mark = marks[link] + ONE_MORE
                if is_late[link]:
                    pending.append((now, link, mark, now, task_id, body, entry))
                else:
                    heappush(soon, (now, link, mark, now, task_id, body, entry))
        except Exception as error:  # noqa: BLE001  a desk of the user's own returned what are no letters
            error.add_note(f"{office.desks[seat]}: what it returned about task {trail[-1][4]!r} is to be letters")
            outcome.note(error, is_repeat=False)
        if soon:
            entry = heappop(soon)
            _, link, mark, _, task_id, body, _ = entry
        elif pending:
            choice = next(chosen, None) or choose(pending)
            if choice is None:
                outcome.broken_off = True
                return outcome
            choices.append(choice)
            place, fate = choice
            _, link, mark, sent, task_id, body, cause = entry = pending.pop(place)
            if fate == LOSE:
                outcome.lost.append(entry)
                letters = []
                continue
            client.now = now = now + 1
            if fate == REPEAT:
                pending.append((now, link, mark + ONE_COPY, sent, task_id, body, cause))
            entry = now, link, mark, sent, task_id, body, cause
        else:
            return outcome
        trail.append(entry)
        seat = receivers[link]
        try:
            letters = reads[seat](ports[link], task_id, body)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what came of this order
            letters = []
            outcome.note(error, is_repeat=bool(mark % ONE_MORE))


def replay(
    make_chart: Callable[[], Chart | Any],
    client: Client,
    order: str,
    *,
    seed: int = 0,
    late: Late = EVERY,
) -> Outcome:
    """Run an office once more in a given delivery order, without trio: what came of it.

    An exception at a desk is in `Outcome.error`, and not raised. Raises `BadOrder` where the order does not fit.

    Args:
        make_chart: makes the chart.
        client: the client, as for `explore`.
        order: the choices, as text (``"0.2.1"``), such as `Outcome.order` and `Counterexample.order`.
        seed: what is drawn at random is drawn from it.
        late: the links, by name or pattern, on which the order chooses.
    """
    return run(Outcome(UntimedOffice(make_chart, client, seed=seed, late=late)), Choices(order))
