"""An office: a chart's desks in their places, with trays, links and a mailroom; and who works there."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import trio

from office.desks import Chart, ManagerDesk, as_chart, workers
from office.engines.diagnoses import answered_before, deadlock
from office.engines.floor_plan import Channels, FloorPlan, Post
from office.engines.handle_work import handle_work
from office.engines.instruments import Instrument, WatchedDesk, hooks, watching_now, worker_desk
from office.engines.settings import OfficeSettings
from office.errors import Deadlock, as_raised
from office.ids import CLIENT
from office.journal import Divergence, Journal
from office.mail import Incoming, Link, Mailroom, Tray
from office.times import Time, time_text
from office.work import parameters_of

__all__ = ["Workplace"]


class Workplace:
    """A chart's desks in their places, with trays, links and a mailroom that is open.

    Raises `BadChart`, `BadConditions`, `BadFault`, `BadOrder` or `BadTime`.

    Args:
        chart: what is to be run: a chart, or a bare estimator.
        settings: those of the office, or of the run.
        when_quiet: is called when nothing more will happen by itself; may return a tray that goes on.
        lookahead: whether desks may work side by side as far as the least delay of the mail allows.
        patience: that of the client, for the journal.
        may_wait: whether estimators and callbacks may be asynchronous.
        make_tray: makes a desk's tray, if it is not to be a usual one.
    """

    def __init__(
        self,
        chart: Chart | Any,
        settings: OfficeSettings,
        when_quiet: Callable[[], Tray | None],
        *,
        lookahead: bool = False,
        patience: Time | None = None,
        may_wait: bool = True,
        make_tray: Callable[[str, int, int, Journal], Tray] = Tray,
    ) -> None:
        self.chart = as_chart(chart)
        self.until = settings.end
        watched = any(hooks(watching_now(), name) for name in ("on_task", "before_feedback", "after_feedback"))
        self.plan = FloorPlan(self.chart, settings.seed, partial(worker_desk, may_wait=may_wait, watched=watched))
        links = settings.of_links(self.plan)
        self.faults = settings.of_desks(self.plan)
        self.order, chosen_on = settings.choice(links)
        self.journal = Journal(settings=settings.written(self.plan, chosen_on, patience))
        self.room = Mailroom(settings.seed, self.journal, when_quiet, make_tray)
        self.trays = {name: self.room.tray(name) for name in (CLIENT, *(post.desk.name for post in self.plan.posts))}
        self.sending: dict[str, Link] = {}
        self.receiving: dict[str, Incoming] = {}
        for way in self.plan.ways:
            link = links[way.name]
            self.sending[way.name], self.receiving[way.name] = self.room.link(
                way.ends, link.conditions, link.capacity, at_least_once=link.at_least_once, cut=link.cut
            )  # fmt: skip
        self.learning = [desk for desk in self._watched_desks if desk.learners]
        """The desks whose workers have weights."""
        if self.learning:
            self.journal.head["weights"] = {desk.name: desk.weights for desk in self.learning}
        self.journal.learnt |= {desk.name: desk.learnt for desk in self.learning}
        self.watch()
        self.room.open(
            lookahead=lookahead and not shares_something(self.chart), until=self.until,
            in_an_instant=settings.in_an_instant, choose=self.order, late=chosen_on,
            timeouts=0 if self.order is None else self.order.timeouts, escapes=settings.escapes,
        )  # fmt: skip

    @property
    def _watched_desks(self) -> list[WatchedDesk]:
        return [post.desk for post in self.plan.posts if isinstance(post.desk, WatchedDesk)]

    def watch(self, *instruments: Instrument) -> None:
        """Have desks call the hooks of these instruments: all workers that are watched, and all managers."""
        for desk in self._watched_desks:
            desk.watch(instruments, self.trays[desk.name])
        for post in self.plan.posts:
            if isinstance(post.desk, ManagerDesk):
                for on_assign in hooks(instruments, "on_assign"):
                    post.desk.books.watch(partial(on_assign, post.desk.name))

    def close_books(self, diverged: Divergence | None = None) -> None:
        """The run is over: write down what is still on its way, and the order of delivery, if it was chosen.

        `diverged` says where the run diverged, if that ended it.
        """
        if self.order is not None:
            self.journal.order = str(self.order)
        self.journal.diverged = diverged
        self.journal.steps = {desk.name: desk.steps(len(self.journal.learnt[desk.name])) for desk in self.learning}
        self.room.close_books(None if diverged is None else diverged.time)

    def journal_so_far(self) -> Journal:
        """The journal of a run that is broken off, until the last time at which all has happened that was to."""
        if self.order is not None:
            self.journal.order = str(self.order)
        return self.journal.until(self.room.agenda.happened, self.room.agenda.in_flight())

    @property
    def now(self) -> int:
        """Virtual time, in ns: that of the tray that is furthest on."""
        return max(tray.now for tray in self.trays.values())

    @property
    def client_tray(self) -> Tray:
        """The tray of the client, or of those outside."""
        return self.trays[CLIENT]

    @property
    def front(self) -> Channels:
        """The channels of the whole office, from the ends that the client has in hand."""
        return self._outside(self.plan.front)

    def _inside(self, ways: Channels) -> Channels:
        """The ends that the desk itself has in hand."""
        return Channels(
            self.receiving[ways.inbox.name],
            self.sending[ways.outbox.name],
            self.receiving[ways.feedback_from_above.name],
            self.sending[ways.feedback_to_below.name],
        )

    def _outside(self, ways: Channels) -> Channels:
        """The other ends, which the boss has in hand."""
        return Channels(
            self.sending[ways.inbox.name],
            self.receiving[ways.outbox.name],
            self.sending[ways.feedback_from_above.name],
            self.receiving[ways.feedback_to_below.name],
        )

    def task_of(self, post: Post) -> Callable[[], Coroutine[Any, Any, None]]:
        """What sits at a desk until the office closes: `handle_work`, with the desk's channels in hand."""
        own, team = self._inside(post.own), [self._outside(ways) for ways in post.team]
        return partial(handle_work, post.desk, *own, team, post.pace, self.faults[post.desk.name])

    async def staff(self, post: Post) -> None:
        """Sit at a desk until the office closes. What goes wrong there says where and when it did."""
        try:
            await self.task_of(post)()
        except trio.Cancelled:
            raise
        except BaseException as error:  # noqa: BLE001  whatever it is gets its note, and goes on
            raise self.explained(error, self.trays[post.desk.name]) from as_raised(error).__cause__

    def explained(self, raised: BaseException, tray: Tray) -> BaseException:
        """What to raise for an error at the desk with this tray: it, or a clearer one, with a note of the time."""
        error = better = as_raised(raised)
        for post in self.plan.posts:
            if post.desk.name == tray.name:
                better = answered_before(error, post, self.sending, self.journal, tray.now) or error
        better.__cause__ = error.__cause__
        better.add_note(f"at {time_text(tray.now)} of virtual time")
        return better

    def deadlock(self, client: str = "") -> Deadlock:
        """The error that says which desk waits for which; `client` is what the client waits for."""
        return deadlock(self.room, self.client_tray, client)


def shares_something(chart: Chart) -> bool:
    """Whether two workers of a chart have one estimator, or weights in common."""
    estimators = [worker.estimator for worker in workers(chart)]
    parts = [id(part) for estimator in estimators for part in (estimator, *parameters_of(estimator))]
    return len(set(parts)) < len(parts)
