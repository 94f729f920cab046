"""Journals of real runs of every kind of office, and every kind of small lie about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import numpy as np

from office import (
    Accumulate,
    Chain,
    Client,
    Crash,
    Discard,
    Journal,
    Linear,
    Partition,
    Stall,
    Team,
    Worker,
    after,
    every,
    in_turn,
    newest_first,
    poisson,
    simulate,
    squared_error,
)
from office.journal import MARK_BITS, NO_CAUSE, Incident, IncidentKind, Loss
from tests.study.checks.doctoring import ARRIVED, LINK, MARK, SENT, TASK, Doctored
from tests.study.journals import clerk, learner

CAUSE = 5
ONE_MORE, ONE_COPY, DAMAGED = 64, 2, 1
JITTER, FIXED, ROUGH = "delay 10ms 4ms", "delay 10ms", "delay 10ms 4ms loss 10% duplicate 10% corrupt 5%"


def _run(
    chart: Any, mail: Any = JITTER, tasks: int = 24, until: Any = None, more: Any = None, **client: Any
) -> Journal:
    client = {"arrivals": every("3ms")} | client
    people = Client([(1.0, None)] * tasks, lambda output, target: (0.0, 1.0), keep=False, **client)
    return simulate(chart, people, mail=mail, seed=1, until=until, **more or {}).journal


def _learning(rule: Any, mail: Any = JITTER, chart: Any = None, **client: Any) -> Journal:
    client = {"arrivals": every("3ms")} | client
    tasks = [(np.array([[1.0, task % 3]]), np.array([1.0])) for task in range(24)]
    made = chart or Worker(Linear([0.5, 0.1], 0.0, rule=rule), "alex")
    return simulate(made, Client(tasks, squared_error, keep=False, **client), mail=mail, seed=1).journal


def _shared() -> Journal:
    weights = Linear([0.5, 0.1], 0.0, rule=0.01)
    return _learning(0.01, chart=Team([Worker(weights, "alex"), Worker(weights, "bo")], "team", allocate=in_turn))


def _nested() -> Team:
    inner = Team([clerk("cy"), clerk("di")], "inner", allocate=in_turn)
    return Team([Chain([clerk("low"), clerk("top")], "chain"), inner, clerk("bo")], "team")


def _troubled(**more: Any) -> Journal:
    faults = [Crash("team/bo", "41ms", "7ms"), Stall("team/alex", "33ms", "9ms"), Partition("team/bo", "70ms", "5ms")]
    team = Team([learner("alex"), clerk("bo")], "team")
    return _run(team, ROUGH, 40, patience="150ms", more={"faults": faults, "expire": "60ms"} | more)


OFFICES: dict[str, Callable[[], Journal]] = {
    "one desk": lambda: _run(clerk("alex")),
    "a team": lambda: _run(Team([clerk("alex"), clerk("bo")], "team")),
    "nested": lambda: _run(_nested(), FIXED),
    "no delay": lambda: _run(_nested(), "", in_flight=3),
    "learning": lambda: _learning(0.01),
    "a chain that learns": lambda: _run(Chain([learner("low"), learner("top")])),
    "accumulating": lambda: _learning(Accumulate(0.01, 3)),
    "discarding": lambda: _learning(Discard(0.01, 2)),
    "shared weights": _shared,
    "rough": lambda: _run(Team([learner("alex"), clerk("bo")], "team"), ROUGH, 40, patience="200ms"),
    "sure": lambda: _run(Team([learner("alex"), clerk("bo")], "team"), ROUGH, more={"delivery": "at least once"}),
    "faults": _troubled,
    "faults, sure": lambda: _troubled(delivery="at least once"),
    "capacity": lambda: _run(Team([clerk("alex"), clerk("bo")], "team"), FIXED, in_flight=3, more={"capacity": 3}),
    "paces": lambda: _run(
        Team([learner("alex", answer_time="2ms", reply_time="1ms", learn_time="1ms"),
              clerk("bo", answer_time="2ms 1ms", prefers="feedback first")], "team")
    ),
    "at most two pending": lambda: _run(learner("alex", answer_time="1ms", max_pending=2), FIXED),
    "until": lambda: _run(Team([learner("alex", answer_time="1ms"), clerk("bo")], "team"), JITTER, until="55ms"),
    "rate": lambda: _run(clerk("alex"), "delay 5ms rate 100kbit"),
    "newest first": lambda: _run(learner("alex"), replies=newest_first(4)),
    "in rounds": lambda: _run(clerk("alex"), in_flight=4, waits_for_all=True, replies=after("5ms 2ms")),
    "poisson": lambda: _run(clerk("alex"), arrivals=poisson(300)),
    "own order": lambda: _run(clerk("alex"), "", 6, arrivals=every(0), more={"order": "0.2.1"}),
}  # fmt: skip


@cache
def journal_of(office: str) -> Journal:
    """The journal of one of `OFFICES`."""
    return OFFICES[office]()


@dataclass
class Mutant:
    """A journal with one lie in it."""

    kind: str
    """What was changed: a table, and how."""
    row: Any
    """Which row it was, for whoever looks."""
    journal: Journal
    excuse: str = ""
    """Why nobody can know; nothing where the rest of the journal says otherwise."""


Change = Callable[[Doctored, Random], Any]
"""Changes a draft in one place, and returns what stood there; None where there is nothing to change."""
STEPS = 1, 1000, 1_000_000, 7_000_000, 50_000_000
"""Times are shifted by one of these, in ns."""


def _fate(message: list[Any]) -> str:
    if message[ARRIVED] >= 0:
        return "mail"
    return "lost" if message[MARK] < 0 else "in flight"


def _shifted(time: int, random: Random) -> int:
    return max(0, time + random.choice([-1, 1]) * random.choice(STEPS))


def _other(random: Random, value: Any, values: Any) -> Any:
    others = sorted({each for each in values if each != value}, key=repr)
    return random.choice(others) if others else value


def _message(column: int, change: Callable[[Doctored, list[Any], Random], Any], *fates: str) -> Change:
    """Another value in one column of a message; in order of arrival again, where that is another."""

    def mutate(draft: Doctored, random: Random) -> Any:
        rows = [message for message in draft.rows if _fate(message) in (fates or ("mail",))]
        if not rows:
            return None
        message = random.choice(rows)
        before = list(message)
        message[column] = change(draft, message, random)
        if message == before or (message[ARRIVED] >= 0 and message[ARRIVED] < message[SENT]):
            return None
        if column in (ARRIVED, LINK, MARK) or (column == SENT and before[MARK] < 0):
            draft.in_order()
        return before

    return mutate


def _whole_message(change: Callable[[list[Any], int], None], *fates: str) -> Change:
    """One row of the mail taken out, or put in, or moved."""

    def mutate(draft: Doctored, random: Random) -> Any:
        places = [place for place, message in enumerate(draft.rows) if _fate(message) in fates]
        if not places:
            return None
        place = random.choice(places)
        before = list(draft.rows[place])
        rows = list(draft.rows)
        change(draft.rows, place)
        return None if draft.rows == rows else before

    return mutate


def _swap(rows: list[Any], place: int) -> None:
    if place + 1 < len(rows):
        rows[place], rows[place + 1] = rows[place + 1], rows[place]


def _drop(rows: list[Any], place: int) -> None:
    del rows[place]


def _double(rows: list[Any], place: int) -> None:
    rows.insert(place, deepcopy(rows[place]))


def _becomes(fate: str) -> Callable[[list[Any], int], None]:
    def change(rows: list[Any], place: int) -> None:
        message = rows.pop(place)
        mark = abs(message[MARK]) & ~DAMAGED
        rows.append(
            [message[SENT], -1, message[LINK], message[TASK], -mark if fate == "lost" else mark, message[CAUSE]]
        )
        rows.sort(key=_place)

    return change


def _place(message: list[Any]) -> tuple[int, ...]:
    sent, arrived, link, _, mark, _ = message
    if arrived >= 0:
        return 0, 0, 0, 0
    return (2, sent, link, -mark) if mark < 0 else (1, 0, 0, 0)


def _tables(draft: Doctored, table: str) -> list[list[Any]]:
    """The lists of rows of a table that is not the mail, one a desk, without those that are empty."""
    rows = getattr(draft, table)
    return [each for each in ([rows] if table == "losses" else rows.values()) if each]


def _row(table: str, change: Callable[[list[Any], int], None]) -> Change:
    """One row of another table taken out, put in, or moved."""

    def mutate(draft: Doctored, random: Random) -> Any:
        tables = _tables(draft, table)
        if not tables:
            return None
        rows = random.choice(tables)
        place = random.randrange(len(rows))
        before, all_before = rows[place], list(rows)
        change(rows, place)
        return None if rows == all_before else before

    return mutate


def _all_rows(table: str, *, of_each_desk: bool) -> Change:
    def mutate(draft: Doctored, random: Random) -> Any:
        tables = _tables(draft, table)
        if not tables:
            return None
        for rows in tables if of_each_desk else [random.choice(tables)]:
            rows.clear()
        return table

    return mutate


def _cell(table: str, field: str, change: Callable[[Doctored, Any, Random], Any], *, sort: bool = False) -> Change:
    """Another value in one cell of another table; sorted by time again, if that is asked for."""

    def mutate(draft: Doctored, random: Random) -> Any:
        tables = _tables(draft, table)
        if not tables:
            return None
        rows = random.choice(tables)
        place = random.randrange(len(rows))
        before = rows[place]
        after_ = before._replace(**{field: change(draft, before, random)})
        if after_ == before or getattr(after_, "begin", 0) > getattr(after_, "end", 0):
            return None
        rows[place] = after_
        if sort:
            rows.sort(key=lambda row: getattr(row, field))
        return before

    return mutate


def _some_task(draft: Doctored, task: Any, random: Random) -> Any:
    return _other(random, task, [message[TASK] for message in draft.rows])


def _another_cause(draft: Doctored, message: list[Any], random: Random) -> int:
    causes = [each[LINK] << MARK_BITS | abs(each[MARK]) for each in draft.rows if each[TASK] == message[TASK]]
    return _other(random, message[CAUSE], causes) if random.random() < 0.7 else NO_CAUSE


def _another_mark(_draft: Doctored, message: list[Any], random: Random) -> int:
    sign = -1 if message[MARK] < 0 else 1
    return sign * max(ONE_MORE, abs(message[MARK]) + random.choice([-1, 1]) * ONE_MORE)


def _another_copy(_draft: Doctored, message: list[Any], _random: Random) -> int:
    return int(message[MARK]) + ONE_COPY * (1 if message[MARK] > 0 else -1)


def _damaged(_draft: Doctored, message: list[Any], _random: Random) -> int:
    return int(message[MARK]) ^ DAMAGED


def _invented(draft: Doctored, random: Random) -> Any:
    """An incident that never happened."""
    desk = random.choice(draft.desks[1:])
    time = random.choice([message[ARRIVED] for message in draft.rows if message[ARRIVED] >= 0])
    kind = random.choice(list(IncidentKind))
    is_of_desk = kind in (IncidentKind.STALLED, IncidentKind.CRASHED, IncidentKind.BACK)
    row = Incident(time, kind, None if is_of_desk else _some_task(draft, None, random))
    rows = draft.incidents.setdefault(desk, [])
    rows.append(row)
    rows.sort(key=lambda incident: incident.time)
    return row


def _every_staleness_zero(draft: Doctored, _random: Random) -> Any:
    before = deepcopy(draft.learnt)
    for rows in draft.learnt.values():
        rows[:] = [row._replace(staleness=0) for row in rows]
    return None if draft.learnt == before else "all"


def _a_loss_more(draft: Doctored, random: Random) -> Any:
    if not draft.losses:
        return None
    row = draft.losses[random.randrange(len(draft.losses))]
    draft.losses.insert(draft.losses.index(row), Loss(row.time, _some_task(draft, row.task_id, random), row.loss))
    return row


def _end(draft: Doctored, random: Random) -> Any:
    before = draft.end
    draft.end = _shifted(before, random)
    return None if draft.end == before else before


def _setting(name: str, change: Callable[[Doctored, Any, Random], Any]) -> Change:
    def mutate(draft: Doctored, random: Random) -> Any:
        settings = draft.head["settings"]
        if not settings.get(name):
            return None
        before = deepcopy(settings[name])
        settings[name] = change(draft, settings[name], random)
        return None if settings[name] == before else before

    return mutate


def _mail_setting(_draft: Doctored, mail: dict[str, str], random: Random) -> dict[str, str]:
    words = random.choice(["delay 3ms", "delay 10ms", "delay 50ms 1ms", "delay 10ms 1ms", "delay 0ns"])
    return mail | {random.choice(list(mail)): words}


def _one_less(_draft: Doctored, setting: Any, random: Random) -> Any:
    gone = random.choice([*setting] if isinstance(setting, dict) else range(len(setting)))
    if isinstance(setting, dict):
        return {name: value for name, value in setting.items() if name != gone}
    return [value for place, value in enumerate(setting) if place != gone]


def _another_time(_draft: Doctored, setting: Any, random: Random) -> Any:
    if isinstance(setting, dict):
        name = random.choice([*setting])
        return setting | {name: _shifted(setting[name], random)}
    return _shifted(setting, random)


def _another_pace(_draft: Doctored, setting: dict[str, str], random: Random) -> dict[str, str]:
    name = random.choice([*setting])
    return setting | {name: random.choice(["answer 7ms", "reply 2ms", "answer 1ms, reply 9ms"])}


def _less_room(_draft: Doctored, setting: dict[str, int], random: Random) -> dict[str, int]:
    name = random.choice([*setting])
    return setting | {name: setting[name] - 1 or 1}


def _time(column: int) -> Callable[[Doctored, list[Any], Random], int]:
    return lambda _draft, message, random: _shifted(message[column], random)


def _shifted_cell(field: str) -> Callable[[Doctored, Any, Random], int]:
    return lambda _draft, row, random: _shifted(getattr(row, field), random)


def _task_of_cell(draft: Doctored, row: Any, random: Random) -> Any:
    return _some_task(draft, row.task_id, random)


UNREAD = "lost", "in flight"
CHANGES: dict[str, Change] = {
    "mail: dropped": _whole_message(_drop, "mail"),
    "mail: doubled": _whole_message(_double, "mail"),
    "mail: two swapped": _whole_message(_swap, "mail"),
    "mail: lost instead": _whole_message(_becomes("lost"), "mail"),
    "mail: in flight instead": _whole_message(_becomes("in flight"), "mail"),
    "mail: sent": _message(SENT, _time(SENT)),
    "mail: arrived": _message(ARRIVED, _time(ARRIVED)),
    "mail: link": _message(LINK, lambda draft, row, random: _other(random, row[LINK], range(len(draft.links)))),
    "mail: task": _message(TASK, lambda draft, row, random: _some_task(draft, row[TASK], random)),
    "mail: number": _message(MARK, _another_mark),
    "mail: copy": _message(MARK, _another_copy),
    "mail: damaged": _message(MARK, _damaged),
    "mail: cause": _message(CAUSE, _another_cause),
    "unread: dropped": _whole_message(_drop, *UNREAD),
    "unread: doubled": _whole_message(_double, *UNREAD),
    "unread: lost instead": _whole_message(_becomes("lost"), "in flight"),
    "unread: in flight instead": _whole_message(_becomes("in flight"), "lost"),
    "unread: sent": _message(SENT, _time(SENT), *UNREAD),
    "unread: task": _message(TASK, lambda draft, row, random: _some_task(draft, row[TASK], random), *UNREAD),
    "unread: link": _message(
        LINK, lambda draft, row, random: _other(random, row[LINK], range(len(draft.links))), *UNREAD
    ),
    "unread: number": _message(MARK, _another_mark, *UNREAD),
    "unread: copy": _message(MARK, _another_copy, *UNREAD),
    "unread: cause": _message(CAUSE, _another_cause, *UNREAD),
    **{f"{table}: dropped": _row(table, _drop) for table in ("losses", "work", "incidents", "learnt")},
    **{f"{table}: doubled": _row(table, _double) for table in ("losses", "work", "incidents", "learnt")},
    **{f"{table}: two swapped": _row(table, _swap) for table in ("losses", "work", "incidents", "learnt")},
    **{
        f"{table}: all gone": _all_rows(table, of_each_desk=True) for table in ("losses", "work", "incidents", "learnt")
    },
    **{f"{table}: a desk's gone": _all_rows(table, of_each_desk=False) for table in ("work", "incidents", "learnt")},
    **{
        f"{table}: time": _cell(table, "time", _shifted_cell("time"), sort=True)
        for table in ("losses", "incidents", "learnt")
    },
    **{f"{table}: task": _cell(table, "task_id", _task_of_cell) for table in ("losses", "work", "incidents", "learnt")},
    "losses: one more": _a_loss_more,
    "work: begin": _cell("work", "begin", _shifted_cell("begin")),
    "work: end": _cell("work", "end", _shifted_cell("end")),
    "incidents: kind": _cell("incidents", "kind", lambda _draft, row, random: _other(random, row.kind, IncidentKind)),
    "incidents: invented": _invented,
    "learnt: staleness": _cell(
        "learnt", "staleness", lambda _d, row, random: max(0, row.staleness + random.choice([-1, 1, 3]))
    ),
    "learnt: every staleness 0": _every_staleness_zero,
    "learnt: updates": _cell(
        "learnt", "updates", lambda _d, row, random: max(0, row.updates + random.choice([-1, 1, 5]))
    ),
    "end: earlier or later": _end,
    "settings: mail": _setting("mail", _mail_setting),
    "settings: patience": _setting("patience", _another_time),
    "settings: expire": _setting("expire", _another_time),
    "settings: until": _setting("until", _another_time),
    "settings: a fault less": _setting("faults", _one_less),
    "settings: another pace": _setting("paces", _another_pace),
    "settings: a pace less": _setting("paces", _one_less),
    "settings: less room": _setting("capacity", _less_room),
    "settings: delivery": _setting("delivery", _one_less),
}


def mutants(kind: str, *, each: int = 8, seed: int = 0) -> Iterator[tuple[str, Mutant]]:
    """Mutants of one kind: so many of each office where there is something to change, with the office's name."""
    for office in OFFICES:
        random = Random(f"{kind} {office} {seed}")  # noqa: S311  nothing is secret here
        for _ in range(each):
            draft = Doctored(journal_of(office))
            before = CHANGES[kind](draft, random)
            if before is not None:
                yield office, Mutant(kind, before, draft.journal)
