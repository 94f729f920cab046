"""An office: a chart's desks in their places, with trays, links and a mailroom; and who works there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeAlias, TypeVar

import numpy as np

from office.desks import Chart, TaskID, Worker, workers
from office.engines.floor_plan import CLIENT, Channels, FloorPlan, Post
from office.engines.handle_work import handle_work
from office.engines.own_pace import service_times
from office.errors import AlreadyAnswered, BadConditions, Deadlock, UnknownTask
from office.journal import Journal
from office.mail import IN_AN_INSTANT, BoundedLink, Conditions, Mailroom, Tray, conditions, nanoseconds, time_text

__all__ = ["ByLink", "Office"]

Setting = TypeVar("Setting")
ByLink: TypeAlias = Setting | Mapping[str, Setting]
"""One setting for every link, or settings by link name or pattern (``*.inbox``), of which the last that fits counts."""


class Office:
    """Everything in its place, and the mailroom open. Raises `BadChart`, `BadConditions` or `BadTime`."""

    def __init__(
        self,
        chart: Chart | Any,
        *,
        mail: ByLink[str | Conditions] = "",
        capacity: ByLink[int | None] = None,
        seed: int = 0,
        until: int | str | None = None,
        lookahead: bool = True,
        in_an_instant: int = IN_AN_INSTANT,
        when_quiet: Callable[[], Tray | None],
    ) -> None:
        self.chart: Chart = chart if not callable(chart) else Worker(chart)
        self.plan = FloorPlan(self.chart, seed)
        self.until = None if until is None else nanoseconds(until)
        for post in self.plan.posts:
            service_times(post.pace)  # read now, so that a bad one is refused before anything runs
        names = [way.name for way in self.plan.ways]
        weather = by_link(mail, names, "", conditions)
        bounds = by_link(capacity, names, None, _checked_capacity)
        self.journal = Journal(seed=seed, mail={name: str(weather[name]) for name in names})
        self.room = Mailroom(seed, self.journal, when_quiet)
        self.trays = {name: self.room.tray(name) for name in (CLIENT, *(post.desk.name for post in self.plan.posts))}
        self.sending, self.receiving = {}, {}
        for way in self.plan.ways:
            sender, receiver = self.trays[way.sender], self.trays[way.receiver]
            self.sending[way.name], self.receiving[way.name] = self.room.link(
                way.name, sender, receiver, weather[way.name], bounds[way.name]
            )
        estimators = [id(worker.estimator) for worker in workers(self.chart)]
        shared = len(set(estimators)) < len(estimators)
        self.room.open(lookahead=lookahead and not shared, until=self.until, in_an_instant=in_an_instant)

    @property
    def now(self) -> int:
        """Virtual time, in ns: that of whoever is furthest on."""
        return max(tray.now for tray in self.trays.values())

    @property
    def client_tray(self) -> Tray:
        """The tray of whoever is outside."""
        return self.trays[CLIENT]

    @property
    def front(self) -> Channels:
        """The channels of the whole office, from the ends that the client has in hand."""
        return self._outside(self.plan.front)

    def _outside(self, ways: Channels) -> Channels:
        return Channels(
            self.sending[ways.inbox.name],
            self.receiving[ways.outbox.name],
            self.sending[ways.feedback_from_above.name],
            self.receiving[ways.feedback_to_below.name],
        )

    async def staff(self, post: Post) -> None:
        """Sit at a desk until the office closes. What goes wrong there says where and when it did."""
        inbox, outbox, feedback_from_above, feedback_to_below = post.own
        team = [self._outside(ways) for ways in post.team]
        tray = self.trays[post.desk.name]
        try:
            await handle_work(
                post.desk,
                self.receiving[inbox.name],
                self.sending[outbox.name],
                self.receiving[feedback_from_above.name],
                self.sending[feedback_to_below.name],
                team,
                post.pace,
            )
        except Exception as error:  # noqa: BLE001  whatever it is gets its note, and goes on
            told = self._answered_before(post, error) or error
            told.add_note(f"at {time_text(tray.now)} of virtual time")
            raise told from error.__cause__

    def _answered_before(self, post: Post, error: Exception) -> AlreadyAnswered | None:
        """A desk forgets a task once it is answered; the journal knows whether and when that was."""
        if not (isinstance(error, UnknownTask) and error.subject == "feedback" and error.task_id is not None):
            return None
        now, task_id = self.trays[post.desk.name].now, error.task_id
        heard = self._arrivals(self.sending[post.own.feedback_from_above.name].rank, task_id, now)
        if len(heard) < 2:
            return None
        who, when = post.desk.name, heard[0]
        for ways in post.team:
            told = self.sending[ways.feedback_from_above.name]
            for time in self._arrivals(told.rank, task_id, now):
                if time >= when:
                    who, when = told.receiver.name.removeprefix(f"{post.desk.name}/"), time
        second = AlreadyAnswered("second feedback", f"; {who} heard the first at {time_text(when)}")
        second.at(post.desk.name, task_id)
        return second

    def _arrivals(self, link: int, task_id: TaskID, until: int) -> list[int]:
        """When messages about a task arrived on a link, up to a time."""
        mail = self.journal.mail
        task = np.array([self.journal.task_id(code) == task_id for code in mail.task.tolist()], dtype=bool)
        times = mail.arrived[task & (mail.link == link)]
        return [int(time) for time in times if 0 <= time <= until]

    def deadlock(self, client: str = "") -> Deadlock:
        """The error that says who waits for whom; `client` is what whoever is outside waits for."""
        lines: list[tuple[str, str]] = []
        for link in self.room.links:
            if isinstance(link, BoundedLink) and link.waiting:
                full = f"{link.name} is full ({link.held} of {link.capacity})"
                lines.append((link.sender.name, f"waits to send: {full}"))
                if link.receiver is self.client_tray:
                    lines.append((CLIENT, f"is not reading {link.name}"))
        lines += [(tray.name, tray.excuse) for tray in self.trays.values() if tray.excuse]
        if client:
            lines.append((CLIENT, f"waits for {client}"))
        width = max((len(who) for who, _ in lines), default=0)
        told = [f"{who:{width}} {what}" for who, what in lines]
        return Deadlock("\n  ".join([f"everybody is waiting at {time_text(self.now)}", *told]))


def by_link(
    setting: ByLink[Any], names: list[str], otherwise: Any, read: Callable[[Any], Setting]
) -> dict[str, Setting]:
    """The setting of each link. Raises `BadConditions` for a pattern that names no link."""
    if not isinstance(setting, Mapping):
        return dict.fromkeys(names, read(setting))
    found = dict.fromkeys(names, read(otherwise))
    for pattern, one in setting.items():
        fitting = [name for name in names if fnmatchcase(name, pattern)]
        if not fitting:
            some = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
            raise BadConditions(f'"{pattern}" names no link (links: {some})')
        found |= dict.fromkeys(fitting, read(one))
    return found


def _checked_capacity(capacity: int | None) -> int | None:
    if capacity is not None and (not isinstance(capacity, int) or capacity < 1):
        raise BadConditions(f"a link holds a whole number of messages from 1, or None for any, not {capacity!r}")
    return capacity
