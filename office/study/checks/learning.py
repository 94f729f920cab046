"""Whether feedback reached the desk that did the task, and the client and desks learnt from what had come."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from office.journal import IncidentKind, Learnt, Steps
from office.study.checks.check import Check, finding
from office.study.ends import OUTSIDE
from office.study.handling import Handling
from office.study.journal_index import NO_TASK, Flags, JournalIndex
from office.study.matching import Moments, among, in_order, unmatched
from office.study.sequences import Whole
from office.times import NEVER

__all__ = ["feedback", "learning", "learnt_there"]

STEADY = {"SGD", "Momentum", "Adam", "Muon", "RateDecay", "StalenessAware", "StalenessPolynomial", "StalenessHinge"}
STEADY |= {"RateRescheduling", "DelayCompensation", "GapAware", "DiscrepancyCorrection", "WeightPrediction"}
STEADY |= {"SpikeCompensation", "AsyncNesterov", "WeightAverage"}
"""Rules that take a step for each feedback. `Discard` and rules of users' own may take none."""


def learning(index: Handling) -> Check:
    """Look whether a desk learns only from feedback, as it passes it down, and whether its updates only ever grow.

    A feedback is so late as there are updates before it that there had not been before the answer; those are the ones
    that the next row after the answer tells. Whoever learns from each feedback once, and shares no weights, makes one
    update a row at most, and just one where its rule takes each step. How often a desk has learnt in all is told at the
    end; a desk that learns otherwise may have weights that others move too, or may learn several times from one
    feedback, and then updates only do not fall.
    """
    rows = learnt_rows(index)
    desk, time, late, updates = rows.desk, rows.time, rows.staleness, rows.updates
    _, came = index.read_on(index.ends.feedback_from_above)
    _, passed = index.sent_on(index.ends.feedback_to_below)
    moments = Moments(rows.key, time)
    too_soon = unmatched(came, moments)
    waits = index.may_block[desk]
    unsaid = ~among(moments, passed) & ~waits & index.tells_settings
    same = np.diff(desk) == 0
    goes_back = np.flatnonzero(same & ((np.diff(updates) < 0) | (np.diff(time) < 0))) + 1
    regular = rows.is_regular
    step = np.diff(updates)
    skips = np.flatnonzero(same & regular[1:] & ((step > 1) | ((step == 0) & rows.takes_each_step[1:]))) + 1
    least, largest = _versions(index, rows)
    return finding(
        "learning",
        "a desk learns from feedback that came, as late as it has updates since, and neither they nor time go back",
        {"feedbacks learnt from": len(desk), "desks": len(np.unique(desk))},
        (np.flatnonzero(too_soon), "no feedback on this task had come, or not that often"),
        (np.flatnonzero(unsaid), "no feedback to below on this task was sent then"),
        (np.flatnonzero(late > updates), "it is later than there had been updates"),
        (goes_back, "it stands after what was learnt later, or after more updates"),
        (skips, "there is not one update from the row before it to it"),
        (
            np.flatnonzero((updates - late < least) | (updates - late > largest)),
            "there had been another number of updates",
        ),
        table="learnt",
    )


def feedback(index: JournalIndex) -> Check:
    """Look whether each feedback read from above is on an answer its desk had sent, and each answer has one at most.

    So it is for strays too, which come when a desk has forgotten its answer, or given it up.
    """
    answered, sent = index.sent_on(index.ends.outbox)
    rows, heard = index.read_on(index.ends.feedback_from_above)
    strays = index.incidents(IncidentKind.STRAY)[0]
    unanswered = unmatched(sent, heard)
    return finding(
        "feedback",
        "feedback reaches whoever has answered the task, and each answer has one at most",
        {"feedbacks": len(rows), "answers": len(answered), "strays": len(strays)},
        (rows[unanswered], "its reader had not answered that task, or had had the feedback on it"),
    )


class LearntRows(NamedTuple):
    """The table of what desks learnt as columns, desk after desk."""

    desk: Whole
    task: Whole
    time: Whole
    staleness: Whole
    updates: Whole
    key: Whole
    """The desk and the task, as in `JournalIndex.key`; `NO_TASK` where no message is about that task."""
    is_regular: Flags
    """Whether the desk's weights change only by what it learns, once a feedback."""
    takes_each_step: Flags
    """Whether its rule takes a step for each feedback."""


def learnt_rows(index: JournalIndex) -> LearntRows:
    """The rows of that table."""
    journal = index.journal
    table = [(desk, entry) for desk, name in enumerate(journal.desks) for entry in journal.learnt.get(name, ())]
    task = index.places([entry.task_id for _, entry in table])
    columns = np.array([(desk, row.time, row.staleness, row.updates) for desk, row in table], dtype=np.int64)
    desk, time, staleness, updates = columns.reshape(-1, 4).T
    key = np.where(task == NO_TASK, NO_TASK, (desk + 1) * index.tasks + task)
    alone = regular_desks(index)
    regular = np.array([name in alone for name in journal.desks], dtype=bool)
    each = np.array([_takes_each_step(journal.weights.get(name, ())) for name in journal.desks], dtype=bool)
    return LearntRows(desk, task, time, staleness, updates, key, regular[desk], each[desk])


def regular_desks(index: JournalIndex) -> dict[str, Steps]:
    """The desks whose weights had word of each feedback once, and of nothing else: nobody shares them."""
    journal, ends = index.journal, index.ends
    sent = np.flatnonzero(index.original & (ends.feedback_to_below != OUTSIDE)[index.mail.link])
    passed = np.bincount(index.sender[sent], minlength=len(journal.desks)).tolist()
    regular = {}
    for desk, name in enumerate(journal.desks):
        happened = journal.incidents.get(name, ())
        let_go = {row[2] for row in happened if row[1] == IncidentKind.FEEDBACK_EXPIRED}
        strays = [row for row in happened if row[1] == IncidentKind.STRAY and row[2] not in let_go]
        steps = journal.steps.get(name)
        if steps is not None and steps.heard == passed[desk] - len(strays) and not index.may_block[desk]:
            regular[name] = steps
    return regular


def learnt_there(index: Handling) -> Check:
    """Look whether there is a row for each feedback that a desk with weights has learnt from, and no more.

    How many there are in all is told at the end; where each feedback is a step, they are as many as the updates.
    """
    journal, rows = index.journal, learnt_rows(index)
    below, passed = index.sent_on(index.ends.feedback_to_below)
    learnt = Moments(rows.key, rows.time)
    absent = ~among(passed, learnt)
    sender = index.sender[below]
    regular, missing, unequal = regular_desks(index), [np.arange(0)], [np.arange(0)]
    for desk, name in enumerate(journal.desks):
        if name not in journal.steps:
            continue
        steps, number = journal.steps[name], len(journal.learnt.get(name, ()))
        updates = steps.after - steps.before
        each = name in regular and _takes_each_step(journal.weights.get(name, ()))
        own = below[sender == desk]
        if number < steps.learnt:
            missing.append(below[(sender == desk) & absent])
        wrong = (
            number > steps.learnt or (each and updates != steps.learnt) or (name in regular and updates > steps.heard)
        )
        wrong |= _is_off(journal.learnt.get(name, ()), steps, each=each)
        if wrong:
            unequal.append(own[-1:])
    return finding(
        "learnt",
        "there is a row for each feedback that a desk with weights learnt from, from the first update to the last",
        {"desks with weights": len(journal.steps), "feedbacks to below": len(below)},
        (np.concatenate(missing), "its sender learnt from that feedback, and there is no row for it"),
        (
            np.concatenate(unequal),
            "of all that its sender learnt, updates and rows are not so many as are told at the end",
        ),
    )


def _is_off(rows: Sequence[Learnt], steps: Steps, *, each: bool) -> bool:
    """Whether a desk's rows begin or end with other updates than there were."""
    if not rows:
        return False
    updates = rows[0][3], rows[-1][3]
    return (
        updates[0] < steps.before or updates[1] > steps.after or (each and updates != (steps.before, steps.after - 1))
    )


def _takes_each_step(weights: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the rule of a desk's first weights takes a step for each feedback: none of ours does not, but for two."""
    rules = re.findall(r"[A-Za-z_]\w*", weights[0]["rule"]) if weights else []
    return bool(rules) and weights[0].get("accumulate", 1) == 1 and all(rule in STEADY for rule in rules)


def _versions(index: Handling, rows: LearntRows) -> tuple[Whole, Whole]:
    """How many updates there can have been, at the least and at the most, when each row's answer was given.

    At the least as many as the last row before the answer tells, and at the most as the first after it does. What is
    learnt in the instant of the answer may be before or after it.
    """
    answers, _ = index.sent_on(index.ends.outbox)
    answers = answers[index.sender[answers] != OUTSIDE]
    desk_of_answer, when = index.sender[answers], index.mail.sent[answers]
    # The answer to each row's task: of several, the last that was sent by then.
    keys = index.key(desk_of_answer, answers)
    known, wanted = in_order(keys, when, rows.key, rows.time)
    order = np.argsort(known, kind="stable")
    place = np.searchsorted(known[order], wanted, side="right") - 1
    answer = np.append(order, 0)[place]
    has_answer = (place >= 0) & (np.append(keys, NO_TASK)[answer] == rows.key)
    since = np.where(has_answer, np.append(when, 0)[answer], -1)
    learnt, asked = in_order(rows.desk, rows.time, rows.desk, since)
    if (np.diff(learnt) < 0).any():
        has_answer[:] = False
    before = np.searchsorted(learnt, asked, side="left") - 1
    after = np.searchsorted(learnt, asked, side="right")
    of_desk = (before >= 0) & (np.append(rows.desk, NO_TASK)[before] == rows.desk)
    least = np.where(of_desk & has_answer, np.append(rows.updates, 0)[before], 0)
    is_there = after < len(rows.desk)
    after = np.minimum(after, len(rows.desk) - 1)
    same = is_there & (rows.desk[after] == rows.desk) if len(rows.desk) else is_there
    largest = np.where(same & has_answer, rows.updates[after] if len(rows.desk) else 0, NEVER)
    return least, largest
