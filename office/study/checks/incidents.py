"""Whether what befell desks could befall them then: stalls and crashes, strays, what was waited for in vain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from office.journal import IncidentKind
from office.study.checks.check import Check, finding
from office.study.desk_settings import Setback, setbacks
from office.study.ends import OUTSIDE
from office.study.handling import Handling
from office.study.journal_index import JournalIndex
from office.study.matching import Moments, among, first, together, unmatched
from office.study.sequences import Whole
from office.times import NEVER

__all__ = ["EXPIRED", "downtime", "incidents", "strays", "timetable", "waiting"]

EXPIRED = IncidentKind.FEEDBACK_EXPIRED, IncidentKind.RESULTS_EXPIRED, IncidentKind.REPLIES_EXPIRED
GIVEN_UP = IncidentKind.FORGOTTEN, *EXPIRED


def incidents(index: Handling) -> Check:
    """Look whether each incident has what it needs before it: an entry to expire, a crash to forget in, and so on."""
    ends = index.ends
    (_, tasks), (_, answers), (_, feedback) = (
        index.read_on(ends.inbox), index.sent_on(ends.outbox), index.read_on(ends.feedback_from_above)
    )  # fmt: skip
    from_table, taken = index.incidents(IncidentKind.FORGOTTEN, IncidentKind.FEEDBACK_EXPIRED)
    results, unanswered = index.incidents(IncidentKind.RESULTS_EXPIRED)
    replies, unfinished = index.incidents(IncidentKind.REPLIES_EXPIRED)
    strays, astray = index.incidents(IncidentKind.STRAY)
    heard = together(feedback, taken, unanswered)
    rows = index.incident_rows
    return finding(
        "incidents",
        "what expires or is forgotten was there, a stray is about such a task, and who is down comes back first",
        {"incidents": len(rows), "strays": len(strays)},
        (from_table[unmatched(answers, taken)], "there was no answer in this desk's table"),
        (results[unmatched(tasks, unanswered)], "this desk had not been given that task"),
        (replies[unmatched(heard, unfinished)], "this desk had heard no feedback on that task"),
        (
            strays[first(index.incidents(*GIVEN_UP)[1], astray.keys) > astray.times],
            "nothing of that task had been let go",
        ),
        (_out_of_turn(index), "it does not follow from what befell this desk before"),
        table="incidents",
    )


def _out_of_turn(index: Handling) -> Whole:
    """Incidents that stand before an earlier one; or befell a desk that was down, or back from being up."""
    rows = []
    desk_before, last, down = -1, 0, ""
    for row, desk, time, what, _ in index.incident_rows:
        if desk != desk_before:
            desk_before, last, down = desk, 0, ""
        fits: dict[str, bool] = {IncidentKind.BACK: bool(down), IncidentKind.FORGOTTEN: down == IncidentKind.CRASHED}
        if time < last or not fits.get(what, not down):
            rows.append(row)
        if what in (IncidentKind.STALLED, IncidentKind.CRASHED, IncidentKind.BACK):
            down = "" if what == IncidentKind.BACK else what
        last = time
    return np.array(rows, dtype=np.int64)


def downtime(index: JournalIndex) -> Check:
    """Look whether no desk sent anything after it stalled or crashed, and before it was back."""
    desk, begin, end = index.times_down
    sent = np.flatnonzero((index.sender != OUTSIDE) & index.original)
    sender, time = index.sender[sent], index.mail.sent[sent]
    # A desk and a time in one number, in order of desks and then of time.
    moments = np.unique(np.concatenate([begin, time]), return_inverse=True)[1]
    down, when = desk * len(moments) + moments[: len(desk)], sender * len(moments) + moments[len(desk) :]
    last = np.searchsorted(down, when, side="left") - 1  # without any, it is the fence at the end
    is_down = (np.append(desk, OUTSIDE)[last] == sender) & (time < np.append(end, 0)[last])
    return finding(
        "downtime",
        "a desk sends nothing between stalling or crashing and being back",
        {"times down": len(desk), "messages": len(sent)},
        (sent[is_down], "its sender was down"),
    )


SETBACKS = IncidentKind.STALLED, IncidentKind.CRASHED, IncidentKind.BACK


def timetable(index: Handling) -> Check:
    """Look whether desks stalled, crashed and came back as the settings have it, and at no other time.

    A desk that takes its time, or waits for room on its links, is befallen when it is done with what it has in hand.
    Then, and where the run diverged or is not over, only what cannot be is named. What is missing is named by the
    message at its time.
    """
    planned, end = setbacks(index.journal), index.done_by
    wrong, missing = [], []
    arrived = index.mail.arrived[index.came]
    for desk, name in enumerate(index.journal.desks):
        rows = [row for row in index.incident_rows if row[1] == desk and row[3] in SETBACKS]
        due = _course(planned.get(name, ()))
        if index.has_pace[desk] or index.may_block[desk] or not index.is_whole:
            kinds = [kind for _, kind in due]
            fits = [
                place < len(due) and row[3] == kinds[place] and row[2] >= due[place][0]
                for place, row in enumerate(rows)
            ]
            wrong += [row[0] for row, right in zip(rows, fits, strict=True) if not right]
            continue
        happened = {(row[2], row[3]) for row in rows}
        wrong += [row[0] for row in rows if (row[2], row[3]) not in due]
        missing += [time for time, kind in due if time <= end and (time, kind) not in happened]
    looked_at = {"planned": sum(map(len, planned.values()))}
    if not index.tells_settings:
        wrong, missing = [], []
    at = np.minimum(np.searchsorted(arrived, np.array(missing, dtype=np.int64)), len(index.mail.sent) - 1)
    return finding(
        "timetable",
        "desks stall, crash and come back as planned",
        looked_at,
        (np.array(wrong, dtype=np.int64), "nothing of that kind was planned for then"),
        *([(at[at >= 0], "by then something was to befall a desk")] if missing else []),
        table="incidents" if not missing else "mail",
    )


def _course(planned: Sequence[Setback]) -> list[tuple[int, IncidentKind]]:
    """What befalls a desk that takes no time, at the earliest: each setback when it is over the one before."""
    course, now = [], 0
    for at, lasts, kind in planned:
        now = max(now, at)
        course.append((now, kind))
        now = max(now, at + lasts)
        course.append((now, IncidentKind.BACK))
    return course


def waiting(index: Handling) -> Check:
    """Look whether desks gave tasks up when they had waited for so long as the settings say, and of their own kind.

    The time runs from the last letter about the task, or from when the desk waited no longer for something else of it.
    One that was down or busy then gives up when it is not. Only workers forget; only managers wait for results and
    replies; a desk without a time to wait gives nothing up.
    """
    journal, expire = index.journal, index.journal.settings.get("expire", {})
    rows = [row for row in index.incident_rows if index.tells_settings]
    boss = index.is_manager
    wrong_kind = [
        row for row, desk, _, what, task in rows
        if (what in OF_MANAGERS and not boss[desk]) or (what in OF_WORKERS and boss[desk])
        or (task is None) != (what in SETBACKS) or (what in EXPIRED and journal.desks[desk] not in expire)
    ]  # fmt: skip
    place, moments = index.incidents(*EXPIRED) if rows else (np.arange(0), Moments(np.arange(0), np.arange(0)))
    desk = moments.keys // max(index.tasks, 1) - 1
    patience = np.array([expire.get(name, 0) for name in journal.desks], dtype=np.int64)[desk]
    letters = np.flatnonzero(index.handled < NEVER)
    # That it gives one thing up is a word about the task, too: it may then wait for another.
    words = together(Moments(index.key(index.reader[letters], letters), index.handled[letters]), moments)
    since = moments.times - patience
    exact = among(Moments(moments.keys, since), words)
    # One that was down when its time was over gives up as it comes back.
    _, _, back = index.times_down
    later = np.isin(moments.times, back) & (first(words, moments.keys) < since)
    prompt = index.is_prompt[desk]
    return finding(
        "waiting",
        "a desk gives a task up when it has heard nothing of it for so long as it waits",
        {"incidents": len(rows), "given up": len(place)},
        (np.array(wrong_kind, dtype=np.int64), "that cannot befall this desk, or not over a task, or not without"),
        (place[prompt & ~exact & ~later], "its last letter on that task had come at another time"),
        table="incidents",
    )


OF_MANAGERS = IncidentKind.RESULTS_EXPIRED, IncidentKind.REPLIES_EXPIRED
OF_WORKERS = IncidentKind.CRASHED, IncidentKind.FORGOTTEN


def strays(index: Handling) -> Check:
    """Look whether each stray is a letter that was read then, about a task let go; and whether each such letter is one.

    A letter is surely a stray where it is a member's result that is answered with feedback at once, or feedback on what
    a desk had given up or forgotten and has not answered again since.
    """
    row, astray = index.incidents(IncidentKind.STRAY)
    letters = np.flatnonzero(index.handled < NEVER)
    read = Moments(index.key(index.reader[letters], letters), index.handled[letters])
    desk = astray.keys // max(index.tasks, 1) - 1
    unread = ~among(astray, read) & index.is_prompt[desk] & index.tells_settings
    tells = index.effects(index.is_told) > 0
    surely = np.flatnonzero(index.brings_result & tells & index.must_be_handled & index.tells_settings)
    missing = surely[~among(Moments(index.key(index.reader[surely], surely), index.handled[surely]), astray)]
    missing = missing[index.is_prompt[index.reader[missing]]]
    return finding(
        "strays",
        "each stray is a letter that was read then",
        {"strays": len(row)},
        (row[unread], "no letter about that task was read then") if not len(missing) else (missing, "it was a stray"),
        table="mail" if len(missing) else "incidents",
    )
