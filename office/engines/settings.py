"""The settings of a run, written once: what `simulate` and `open_office` take as keywords, and the journal's head says.

`RunKeywords` names the keywords and their types, for type checkers; `RunSettings` has the values, the defaults and
what each is for. `takes` puts both together in the signature of a function.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from fnmatch import fnmatchcase
from inspect import Parameter, signature
from typing import Any, Literal, NamedTuple, TypeAlias, TypedDict, TypeVar, get_args

from office.counts import is_count, plain
from office.desks import AT_ONCE, Pace
from office.engines.delivery_order import EVERY, Late, Taken, late_links, order_in_force
from office.engines.fault_clock import DeskFaults
from office.engines.faults import Fault, cuts, setbacks
from office.engines.floor_plan import FloorPlan
from office.errors import BadConditions, BadFault, BadOrder, BadTime
from office.mail import IN_AN_INSTANT, Choose, Conditions, Delay, Escapes, conditions, delay
from office.times import Time, nanoseconds

__all__ = [
    "ByName",
    "LinkSettings",
    "OfficeKeywords",
    "OfficeSettings",
    "RunKeywords",
    "RunSettings",
    "settings_of",
    "takes",
]

Setting = TypeVar("Setting")
Settings = TypeVar("Settings", bound="OfficeSettings")
Function = TypeVar("Function", bound=Callable[..., Any])
ByName: TypeAlias = Setting | Mapping[str, Setting]
"""One setting for every link (or desk), or by its name or a pattern (``*.inbox``), of which the last that fits
counts."""
WORDS = "delay", "loss", "duplicate", "corrupt", "reorder", "rate", "slot", "limit"
"""What mail conditions begin with."""
Delivery: TypeAlias = Literal["at most once", "at least once"]
OnDivergence: TypeAlias = Literal["raise", "stop"]
Tasks: TypeAlias = Literal["trio", "stepped"]


class OfficeKeywords(TypedDict, total=False):
    """The keywords of `open_office` and `simulate`: see `OfficeSettings`."""

    mail: ByName[str | Conditions]
    delivery: ByName[Delivery]
    faults: Iterable[Fault]
    expire: ByName[Time | None]
    seed: int
    capacity: ByName[int | None]
    in_an_instant: int
    order: str | Choose | None
    late: Late
    escapes: Escapes


class RunKeywords(OfficeKeywords, total=False):
    """The keywords of `simulate`: see `RunSettings`."""

    until: Time | None
    snapshots: Time | None
    fresh_gradients: bool
    lookahead: bool
    on_divergence: OnDivergence
    tasks: Tasks


class LinkSettings(NamedTuple):
    """What holds for one link."""

    conditions: Conditions
    at_least_once: bool
    capacity: int | None
    cut: Sequence[tuple[int, int]]
    """From when to when (ns) everything is lost."""


@dataclass(frozen=True, kw_only=True)
class OfficeSettings:
    """What an office goes by. Raises `BadConditions`, `BadFault` or `BadTime` for what is no such setting."""

    mail: ByName[str | Conditions] = ""
    """Conditions in tc-netem's words (``"delay 20ms 5ms loss 1%"``), for every link or by link name or pattern."""
    delivery: ByName[Delivery] = "at most once"
    """With "at least once" a message that is not acknowledged is sent again, and repeats are recognised; likewise."""
    faults: Iterable[Fault] = ()
    """A timetable of `Stall`, `Crash` and `Partition`."""
    expire: ByName[Time | None] = None
    """How long a desk waits for the next word about a task before it gives the task up; for every desk, or by desk name
    or pattern. None: for ever."""
    seed: int = 0
    """Everything that is drawn at random is drawn from it."""
    capacity: ByName[int | None] = None
    """How many messages a link holds at most, for every link or by link name or pattern. None: any number."""
    in_an_instant: int = IN_AN_INSTANT
    """How many events there may be in one instant of virtual time before it counts as standing still."""
    order: str | Choose | None = None
    """The order of delivery, as a choice string (``"0.2.1"``) or as a function that chooses. None: by arrival."""
    late: Late = EVERY
    """The links, by name or pattern, on which `order` chooses; on all others messages arrive at once."""
    escapes: Escapes = "refuse"
    """What becomes of asynchronous code that waits for anything outside virtual time: "refuse" or "wait"."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "faults", tuple(self.faults))
        for name in ("expire", "seed", "capacity", "in_an_instant", "until", "snapshots"):
            if name in vars(self):
                object.__setattr__(self, name, _plain(getattr(self, name)))

    def of_links(self, plan: FloorPlan) -> dict[str, LinkSettings]:
        """What holds for each link of an office. Raises `BadConditions` for a pattern that names none."""
        names = [way.name for way in plan.ways]
        mail = by_name(self.mail, names, "", conditions)
        at_least_once = by_name(self.delivery, names, "at most once", checked_delivery)
        capacity = by_name(self.capacity, names, None, checked_capacity)
        cut = cuts(tuple(self.faults), plan)
        return {name: LinkSettings(mail[name], at_least_once[name], capacity[name], cut[name]) for name in names}

    def of_desks(self, plan: FloorPlan) -> dict[str, DeskFaults]:
        """What is to befall each desk of an office, and how long it waits. Raises `BadFault`."""
        expire = by_name(self.expire, [post.desk.name for post in plan.posts], None, checked_expiry, "desk")
        return {
            name: DeskFaults(tuple(rows), expire[name]) for name, rows in setbacks(tuple(self.faults), plan).items()
        }

    def choice(self, links: Mapping[str, LinkSettings]) -> tuple[Taken | None, frozenset[int]]:
        """The choice of the order of delivery, if there is one, and the places of the links on which it chooses.

        Raises `BadOrder` where there are mail conditions besides.
        """
        names = list(links)
        taken, late = order_in_force(self.order, self.late, names)
        if taken is None:
            return None, frozenset()
        if any(link.conditions != Conditions() or link.at_least_once for link in links.values()):
            raise BadOrder("where the order of delivery is chosen there are no mail conditions, and no delivery again")
        return taken, late_links(late, names)

    def written(self, plan: FloorPlan, chosen_on: Collection[int] = (), patience: Time | None = None) -> dict[str, Any]:
        """The settings as the head of a journal has them: text that is the same in any process.

        What is as usual is left out, and so is what makes no difference to the journal.

        Args:
            plan: the desks and links of the office.
            chosen_on: the places of the links whose messages arrive in an order of choice, under no conditions.
            patience: that of the client.
        """
        links, desks = self.of_links(plan), self.of_desks(plan)
        unusual = {
            "delivery": {name: "at least once" for name, link in links.items() if link.at_least_once},
            "capacity": {name: link.capacity for name, link in links.items() if link.capacity},
            "faults": [str(fault) for fault in self.faults],
            "expire": {name: desk.expire for name, desk in desks.items() if desk.expire},
            "paces": {post.desk.name: pace_text(post.pace) for post in plan.posts if post.pace != AT_ONCE},
            "patience": None if patience is None else nanoseconds(patience),
            "until": self.end,
        }
        mail = {name: str(links[name].conditions) for place, name in enumerate(links) if place not in chosen_on}
        return {"seed": self.seed, "mail": mail} | {
            name: value for name, value in unusual.items() if value or value == 0
        }

    @property
    def end(self) -> int | None:
        """The virtual time, in ns, at which the run ends; None: when nothing more happens."""
        return None


@dataclass(frozen=True, kw_only=True)
class RunSettings(OfficeSettings):
    """What a run goes by."""

    until: Time | None = None
    """The virtual time at which the run ends. None: when nothing more happens."""
    snapshots: Time | None = None
    """How long from one snapshot of all weights to the next, in virtual time. None: no snapshots."""
    fresh_gradients: bool = False
    """Compare each gradient with the one that the same task would give with today's weights."""
    lookahead: bool = True
    """Let desks work side by side as far as the least delay of the mail allows. The journal is the same without."""
    on_divergence: OnDivergence = "raise"
    """What becomes of a run that comes to a NaN, an infinity or an overflow: "raise" the error, or "stop" there. One
    that may stop has no lookahead."""
    tasks: Tasks = "trio"
    """Who resumes a desk that has its turn: "trio", each desk being a task of trio's, or the mailroom ("stepped")."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.on_divergence not in get_args(OnDivergence):
            raise BadConditions(f'on_divergence is "raise" or "stop", not {self.on_divergence!r}')
        if self.tasks not in get_args(Tasks):
            raise BadConditions(f'tasks is "trio" or "stepped", not {self.tasks!r}')
        _ = self.end, self.between_snapshots

    @property
    def end(self) -> int | None:
        """The virtual time, in ns, at which the run ends; None: when nothing more happens."""
        return None if self.until is None else nanoseconds(self.until)

    def written(self, plan: FloorPlan, chosen_on: Collection[int] = (), patience: Time | None = None) -> dict[str, Any]:
        """The settings as the head of a journal has them: as those of the office, and whether the run may diverge.

        Args:
            plan: the desks and links of the office.
            chosen_on: the places of the links whose messages arrive in an order of choice, under no conditions.
            patience: that of the client.
        """
        may_diverge = {"on_divergence": self.on_divergence} if self.on_divergence != "raise" else {}
        return super().written(plan, chosen_on, patience) | may_diverge

    @property
    def between_snapshots(self) -> int | None:
        """How long from one snapshot to the next, in ns. Raises `BadTime` for what is no time, and for no time."""
        if self.snapshots is None:
            return None
        try:
            time = nanoseconds(self.snapshots)
        except BadTime as error:
            raise BadTime(f"snapshots: {error}") from None
        if not time:
            raise BadTime("from one snapshot to the next a while passes: snapshots is a time above zero, or None")
        return time


def settings_of(kind: type[Settings], keywords: Mapping[str, Any], user: str) -> Settings:
    """The settings with these keywords. Raises `TypeError` for one that there is not, and says what may be meant.

    Args:
        kind: `OfficeSettings` or `RunSettings`.
        keywords: what was given.
        user: the function that it was given to.
    """
    names = [field.name for field in fields(kind)]
    for name, value in keywords.items():
        if name not in names:
            near = get_close_matches(name, names, 1)
            advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            if name in WORDS:
                advice = f'mail conditions are one text: mail="{name} {value}{"ms" * isinstance(value, int)}"'
            raise TypeError(f"{user} has no setting {name!r}:\n{advice}")
    return kind(**keywords)


def takes(settings: type[Any]) -> Callable[[Function], Function]:
    """Write settings out in the signature of a function that takes them as ``**settings``.

    `help`, notebooks and documentation then show each by name, with its default.
    """

    def write_out(function: Function) -> Function:
        whole = signature(function)
        kept = [parameter for parameter in whole.parameters.values() if parameter.kind is not Parameter.VAR_KEYWORD]
        added = [
            Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=field.type)
            for field in fields(settings)
        ]
        vars(function)["__signature__"] = whole.replace(parameters=[*kept, *added])
        return function

    return write_out


def _plain(setting: Any) -> Any:
    if isinstance(setting, Mapping):
        return {pattern: plain(value) for pattern, value in setting.items()}
    return plain(setting)


def by_name(
    setting: ByName[Any], names: list[str], default: Any, read: Callable[[Any], Setting], what: str = "link"
) -> dict[str, Setting]:
    """The setting of each link or desk. Raises `BadConditions` for a pattern that names none.

    Args:
        setting: one for all, or one for each name or pattern.
        names: the links, or the desks.
        default: the setting of what no pattern names.
        read: checks a setting and turns it into the value that is wanted.
        what: "link" or "desk", for the error.
    """
    if not isinstance(setting, Mapping):
        return dict.fromkeys(names, read(setting))
    values = dict.fromkeys(names, read(default))
    for pattern, value in setting.items():
        fitting = [name for name in names if fnmatchcase(name, pattern)]
        if not fitting:
            some = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
            raise BadConditions(f'"{pattern}" names no {what} ({what}s: {some})')
        values |= dict.fromkeys(fitting, read(value))
    return values


def checked_capacity(capacity: int | None) -> int | None:
    """How many messages a link holds. Raises `BadConditions`."""
    if capacity is not None and not is_count(capacity):
        raise BadConditions(f"a link holds a whole number of messages from 1, or None for any, not {capacity!r}")
    return capacity


def checked_delivery(delivery: Delivery) -> bool:
    """Whether what is not acknowledged is sent again. Raises `BadConditions`."""
    if delivery not in ("at most once", "at least once"):
        raise BadConditions(f'delivery is "at most once" or "at least once", not {delivery!r}')
    return delivery == "at least once"


def checked_expiry(expire: Time | None) -> int | None:
    """How long a desk waits, in ns. Raises `BadFault`."""
    if expire is not None and not nanoseconds(expire):
        raise BadFault("a desk waits for a while before it gives a task up: expire is a time above zero, or None")
    return None if expire is None else nanoseconds(expire)


def pace_text(pace: Pace) -> str:
    """The pace of a desk, in words: ``"answer 10ms, feedback first"``. Raises `BadTime` or `BadConditions`."""
    times = ("answer", pace.answer_time), ("reply", pace.reply_time), ("learn", pace.learn_time)
    words = [f"{kind} {delay(time)}" for kind, time in times if delay(time) != Delay()]
    words += [pace.prefers] * (pace.prefers != AT_ONCE.prefers)
    return ", ".join(words + [f"at most {pace.max_pending} pending"] * (pace.max_pending is not None))
