"""An office: a chart's desks in their places, with trays, links and a mailroom; and who works there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from office.desks import Chart, ManagerDesk, Worker, WorkerDesk, workers
from office.engines.delivery_order import EVERY, Late, chosen, late_links
from office.engines.diagnoses import answered_before, deadlock
from office.engines.fault_clock import DeskFaults
from office.engines.faults import Fault, cuts, setbacks
from office.engines.floor_plan import Channels, FloorPlan, Post
from office.engines.fresh_gradients import FreshGradients
from office.engines.handle_work import handle_work
from office.engines.learning_desk import LearningDesk
from office.engines.own_pace import service_times
from office.engines.settings import ByName, Delivery, at_least_once, by_name, checked_capacity, checked_expiry
from office.errors import BadOrder, Deadlock
from office.ids import CLIENT
from office.journal import Journal
from office.mail import IN_AN_INSTANT, Choose, Conditions, Escapes, Mailroom, Tray, conditions
from office.times import Time, nanoseconds, time_text
from office.work import parameters_of

__all__ = ["Workplace"]


class Workplace:
    """Everything in its place, and the mailroom open. Raises `BadChart`, `BadConditions`, `BadFault` or `BadTime`."""

    def __init__(
        self,
        chart: Chart | Any,
        *,
        mail: ByName[str | Conditions] = "",
        delivery: ByName[Delivery] = "at most once",
        capacity: ByName[int | None] = None,
        faults: Iterable[Fault] = (),
        expire: ByName[Time | None] = None,
        seed: int = 0,
        until: int | str | None = None,
        lookahead: bool = True,
        in_an_instant: int = IN_AN_INSTANT,
        order: str | Choose | None = None,
        late: Late = EVERY,
        escapes: Escapes = "refuse",
        when_quiet: Callable[[], Tray | None],
    ) -> None:
        self.chart: Chart = chart if not callable(chart) else Worker(chart)
        self.plan = FloorPlan(self.chart, seed)
        faults = tuple(faults)
        self.until = None if until is None else nanoseconds(until)
        for post in self.plan.posts:
            service_times(post.pace)  # read now, so that a bad one is refused before anything runs
        names = [way.name for way in self.plan.ways]
        weather = by_name(mail, names, "", conditions)
        surely = by_name(delivery, names, "at most once", at_least_once)
        bounds = by_name(capacity, names, None, checked_capacity)
        cut = cuts(faults, self.plan)
        self.faults = self._faults(faults, expire)
        self.order, late = chosen(order, late, names)
        if self.order is not None and not (set(weather.values()) <= {Conditions()} and not any(surely.values())):
            raise BadOrder("where the order of delivery is chosen there are no mail conditions, and no delivery again")
        in_any_order = frozenset() if self.order is None else late_links(late, names)
        known = {name: str(weather[name]) for place, name in enumerate(names) if place not in in_any_order}
        self.journal = Journal(seed=seed, mail=known)
        self._put_into_head("delivery", {name: "at least once" for name in names if surely[name]})
        self._put_into_head("faults", [str(fault) for fault in faults])
        self._put_into_head("expire", {name: one.expire for name, one in self.faults.items() if one.expire})
        self.room = Mailroom(seed, self.journal, when_quiet)
        self.learning = [post.desk for post in self.plan.posts if isinstance(post.desk, LearningDesk)]
        """The desks whose workers have weights."""
        self._put_into_head("weights", {desk.name: desk.weight_bytes for desk in self.learning})
        self._let_workers_wait(may_wait=True)
        self.journal.learnt = {desk.name: desk.learnt for desk in self.learning}
        self.trays = {name: self.room.tray(name) for name in (CLIENT, *(post.desk.name for post in self.plan.posts))}
        for desk in self.learning:
            desk.clock = partial(getattr, self.trays[desk.name], "now")
        self.sending, self.receiving = {}, {}
        for way in self.plan.ways:
            sender, receiver = self.trays[way.sender], self.trays[way.receiver]
            self.sending[way.name], self.receiving[way.name] = self.room.link(
                way.name, sender, receiver, weather[way.name], bounds[way.name],
                at_least_once=surely[way.name], cut=cut[way.name],
            )  # fmt: skip
        estimators = [worker.estimator for worker in workers(self.chart)]
        shares = [id(share) for estimator in estimators for share in (estimator, *parameters_of(estimator))]
        shared = len(set(shares)) < len(shares)
        self.room.open(
            lookahead=lookahead and not shared, until=self.until, in_an_instant=in_an_instant,
            choose=self.order, late=in_any_order, escapes=escapes,
        )  # fmt: skip

    def _faults(self, faults: Sequence[Fault], expire: ByName[Time | None]) -> dict[str, DeskFaults]:
        """What befalls each desk."""
        names = [post.desk.name for post in self.plan.posts]
        until = by_name(expire, names, None, checked_expiry, "desk")
        return {name: DeskFaults(tuple(rows), until[name]) for name, rows in setbacks(faults, self.plan).items()}

    def _let_workers_wait(self, *, may_wait: bool) -> None:
        """Say whether what workers return may be something to await."""
        for post in self.plan.posts:
            if isinstance(post.desk, WorkerDesk):
                post.desk.may_wait = may_wait

    def _put_into_head(self, what: str, said: Any) -> None:
        """Say in the journal's head what is not as usual."""
        if said:
            self.journal.head[what] = said

    def close_books(self) -> None:
        """The run is over: write down what is still on its way, and the order of delivery, if it was chosen."""
        if self.order is not None:
            self.journal.head["order"] = str(self.order)
        self.room.close_books()

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

    def compare_gradients(self, feedback: Callable[[Any, Any], Any]) -> FreshGradients:
        """Have every desk with weights compare the gradients that it hears with those of today's weights."""
        managers = [post.desk for post in self.plan.posts if isinstance(post.desk, ManagerDesk)]
        learners = list({id(one): one for desk in self.learning for one in desk.learners}.values())
        oracle = FreshGradients(self.chart, managers, learners, feedback)
        self._let_workers_wait(may_wait=False)  # nor could the oracle
        for desk in self.learning:
            desk.fresh_gradients = oracle
        return oracle

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
                self.faults[post.desk.name],
            )
        except Exception as error:  # noqa: BLE001  whatever it is gets its note, and goes on
            told = answered_before(self, post, error) or error
            told.add_note(f"at {time_text(tray.now)} of virtual time")
            raise told from error.__cause__

    def deadlock(self, client: str = "") -> Deadlock:
        """The error that says who waits for whom; `client` is what whoever is outside waits for."""
        return deadlock(self, client)
