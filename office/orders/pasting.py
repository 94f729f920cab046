"""A failing order as a test to paste."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from typing import Any

from office.engines import EVERY, REPEAT, Client, at_once, read_order
from office.orders.case import Case, Failure
from office.orders.claims import as_composed, checks_hold, everything_came, is_ours, name_of
from office.orders.python_text import Names, literal

__all__ = ["paste_ready"]

WORDS = str, bytes, int, bool, type(None)
"""Bodies that are the same, or are not: no sums that may be added up in another order."""
EACH_ALONE: Any = at_once()
WIDE = 90


def paste_ready(case: Case, failure: Failure) -> str:
    """The text of a test that fails in this order, and passes once the office is right.

    It runs the office in trio, if the failure shows in the run; else without, by `replay`. It imports what it uses from
    where that was defined. Below the imports a comment names what has no name there.
    """
    names = Names()
    chart = names.of(case.make_chart, "make_chart")
    client = _client_text(case.client, names)
    looks = None
    if all(fate != REPEAT for _, fate in read_order(failure.order)):
        looks = _checks_of_a_run(case, failure, names)
    if looks is None:
        if case.left_out:
            chart = f"lambda: {names.orders('without')}({chart}(), {_listed(case.left_out)})"
        lines = [
            f"    outcome = {names.orders('replay')}({chart}, client, {failure.order!r}{_settings_text(case)})",
            "    assert outcome.error is None",
            *_checks_of_an_outcome(failure, names),
        ]
    else:
        made = f"{names.orders('without')}({chart}(), {_listed(case.left_out)})" if case.left_out else f"{chart}()"
        run = f"await {names.office('simulate_in_trio')}({made}, client, order={failure.order!r}{_settings_text(case)})"
        lines = [f"    {'run = ' if looks else ''}{run}", *looks]
    if looks is not None:
        names.pytest = True
    body = [
        *["@pytest.mark.trio"] * (looks is not None),
        f"{'' if looks is None else 'async '}def test_order_{order_name(failure.order)}():",
        f"    {_docstring(failure.reason)}",
        f"    client = {client}",
        *lines,
    ]
    return "\n".join([*names.imports(), "", "", *body]) + "\n"


def _checks_of_a_run(case: Case, failure: Failure, names: Names) -> list[str] | None:
    """What is to hold of the `Run` of a simulation, as lines; None where the failure does not show in it."""
    claim = failure.claim
    if claim is checks_hold:
        return [f"    {names.orders('checks_hold')}(run)"]
    if claim is as_composed:
        return _checks_of_words(failure)
    if claim is everything_came or (isinstance(claim, type) and everything_came in case.claims):
        return [f"    {names.orders('everything_came')}(run)"]
    return [] if isinstance(claim, type) else None  # an error at a desk comes out of the run


def _checks_of_words(failure: Failure) -> list[str] | None:
    """That results and feedback are the composed chart's, where all are words, and depend on no weights."""
    outcome = failure.outcome
    try:
        composed = {task_id: outcome.composed(task_id) for task_id in sorted(outcome.outputs, key=str)}
    except Exception:  # noqa: BLE001  a result came before all its members had done it, or an estimator raises
        return None
    outputs = {task_id: task.output for task_id, task in composed.items()}
    feedback = {task_id: task.re_inputs for task_id, task in composed.items() if task_id in outcome.feedback_below}
    if outcome.learning or not all(type(body) in WORDS for body in (*outputs.values(), *feedback.values())):
        return None
    lines = []
    for what, bodies in (("outputs", outputs), ("feedback_below", feedback)):
        if len(bodies) == len(outcome.office.tasks):
            lines.append(f"    assert run.{what} == {bodies!r}")
        else:  # in the right office more of them may come
            lines += [f"    assert run.{what}[{task_id!r}] == {body!r}" for task_id, body in bodies.items()]
    return lines


def _checks_of_an_outcome(failure: Failure, names: Names) -> list[str]:
    """What is to hold of an `Outcome`, as lines."""
    claim = failure.claim
    if isinstance(claim, type):
        return []
    if is_ours(claim):
        return [f"    {names.orders(name_of(claim))}(outcome)"]
    return [f"    assert {names.of(claim, 'claim')}(outcome) in (None, True)"]


def _client_text(client: Client, names: Names) -> str:
    """A client as it is written."""
    tasks = [f"({literal(inputs, names)}, {literal(target, names)})" for inputs, target in client.tasks]
    line = f"[{', '.join(tasks)}]"
    if len(line) > WIDE:
        line = "\n".join(["[", *(f"        {task}," for task in tasks), "    ]"])
    more = "" if client.in_flight is None else f", in_flight={client.in_flight}"
    if client.waits_for_all:
        more += ", waits_for_all=True"
    if getattr(client.replies, "func", None) is not EACH_ALONE.func:
        more += f", replies={_replies_text(client.replies, names)}"
    return f"{names.office('Client')}({line}, {names.of(client.feedback, 'feedback')}{more})"


def _replies_text(replies: Callable[..., Any], names: Names) -> str:
    """The people above as they are written."""
    kind, _, _ = repr(replies).partition("(")
    if kind not in ("newest_first", "random_pick"):
        return names.of(replies, "replies")
    names.office(kind)
    return repr(replies)


def _settings_text(case: Case) -> str:
    """The other settings of the search that are not as usual, as keyword arguments."""
    late = "" if case.settings.late == EVERY else f", late={case.settings.late!r}"
    return late + (f", seed={case.settings.seed}" if case.settings.seed else "")


def order_name(order: str) -> str:
    """An order as part of a name."""
    return order.replace("-", "lost").replace("+", "twice").replace(".", "_")


def _docstring(what: str) -> str:
    """What is wrong, on one line, between quotes."""
    text = textwrap.shorten(what, WIDE, placeholder=" …")
    return f'"""{json.dumps(text, ensure_ascii=False)[1:-1]}"""'.encode("utf-8", "backslashreplace").decode()


def _listed(names: tuple[str, ...]) -> str:
    """Arguments, one after another."""
    return ", ".join(map(repr, names))
