"""A failing order as a test to paste."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from office.engines import EVERY, REPEAT, Client, read_order
from office.testing.claims import as_composed, checks_hold, everything_came
from office.testing.setting import Failure, Setting

__all__ = ["paste_ready"]

OURS = (as_composed, checks_hold, everything_came)
WORDS = (str, int, float, bytes, type(None))


def paste_ready(setting: Setting, failure: Failure) -> str:
    """The text of a test that fails in this order, and passes once the office is right."""
    names = Names()
    order = failure.order
    client = client_text(setting.client, names)
    chart = names.of(setting.make_chart, "make_chart")
    looks = checks_of_a_run(failure, names) if all(fate != REPEAT for _, fate in read_order(order)) else None
    if looks is None:
        made = (
            f"lambda: {names.testing('without')}({chart}(), {listed(setting.left_out)})" if setting.left_out else chart
        )
        run = f"    outcome = {names.testing('replay')}({made}, client, {order!r}{settings_text(setting)})"
        lines = [run, "    assert outcome.error is None", *checks_of_an_outcome(failure, names)]
    else:
        made = f"{chart}()"
        if setting.left_out:
            made = f"{names.testing('without')}({made}, {listed(setting.left_out)})"
        simulate = names.office("simulate_in_trio")
        lines = [f"    run = await {simulate}({made}, client, order={order!r}{settings_text(setting)})", *looks]
    what = failure.what.splitlines()[0].replace("\\", "\\\\").replace('"""', "'''")
    name = "".join(letter if letter.isalnum() else "_" for letter in order.replace("-", "lost").replace("+", "twice"))
    body = [
        "@pytest.mark.trio",
        f"async def test_order_{name}():",
        f'    """{what}"""',
        f"    client = {client}",
        *lines,
    ]
    return "\n".join([*names.imports(), "", "", *body]) + "\n"


def checks_of_a_run(failure: Failure, names: Names) -> list[str] | None:
    """What is to hold of the `Run` of a simulation, as lines; None where that does not tell."""
    outcome, claim = failure.outcome, failure.claim
    came = f"    {names.testing('everything_came')}(run)"
    if claim is checks_hold:
        return [f"    {names.testing('checks_hold')}(run)"]
    if claim is as_composed and not outcome.learning:
        expected = {task_id: outcome.composed(task_id) for task_id in sorted(outcome.feedback_below)}
        bodies = {task_id: (one.output, one.re_inputs) for task_id, one in expected.items()}
        if all(isinstance(body, WORDS) for two in bodies.values() for body in two):
            outputs = {task_id: output for task_id, (output, _) in bodies.items()}
            feedback = {task_id: re_inputs for task_id, (_, re_inputs) in bodies.items()}
            return [f"    assert run.outputs == {outputs!r}", f"    assert run.feedback_below == {feedback!r}"]
    if claim is everything_came or isinstance(claim, type):
        return [came]
    names.forget("everything_came")
    return None


def checks_of_an_outcome(failure: Failure, names: Names) -> list[str]:
    """What is to hold of an `Outcome`, as lines."""
    claim = failure.claim
    if isinstance(claim, type):
        return []
    name = names.testing(claim.__name__) if claim in OURS else names.of(claim, claim.__name__)
    return [f"    {name}(outcome)"] if claim in OURS else [f"    assert {name}(outcome) is not False"]


def client_text(client: Client, names: Names) -> str:
    """A client as it is written."""
    tasks = ", ".join(f"({literal(inputs, names)}, {literal(target, names)})" for inputs, target in client.tasks)
    feedback = names.of(client.feedback, "feedback")
    more = ""
    if client.in_flight is not None:
        more += f", in_flight={client.in_flight}"
    if client.waits_for_all:
        more += ", waits_for_all=True"
    if repr(client.replies).startswith(("newest_first", "random_pick")):
        names.office(repr(client.replies).partition("(")[0])
        more += f", replies={client.replies!r}"
    return f"{names.office('Client')}([{tasks}], {feedback}{more})"


def settings_text(setting: Setting) -> str:
    """What else there is to say about the mail, as keyword arguments."""
    late = "" if setting.late == EVERY else f", late={setting.late!r}"
    return late + (f", seed={setting.seed}" if setting.seed else "")


def literal(body: Any, names: Names) -> str:
    """A body as it is written."""
    if isinstance(body, np.ndarray):
        names.numpy = True
        return f"np.array({body.tolist()!r}, dtype={body.dtype.name!r})"
    return repr(body.item() if isinstance(body, np.generic) else body)


def listed(names: tuple[str, ...]) -> str:
    """Arguments, one after another."""
    return ", ".join(map(repr, names))


class Names:
    """The names that a test uses, and where they come from."""

    def __init__(self) -> None:
        self.numpy = False
        self.modules: dict[str, set[str]] = {"office": set(), "office.testing": set()}
        self.unknown: set[str] = set()

    def office(self, name: str) -> str:
        """A name of ours."""
        self.modules["office"].add(name)
        return name

    def testing(self, name: str) -> str:
        """A name of ours, for tests."""
        self.modules["office.testing"].add(name)
        return name

    def forget(self, name: str) -> None:
        """A name for tests that is not used after all."""
        self.modules["office.testing"].discard(name)

    def of(self, thing: Callable[..., Any], otherwise: str) -> str:
        """The user's own name for a function; where it has none in its module, one for him to see to."""
        module, name = getattr(thing, "__module__", ""), getattr(thing, "__qualname__", "")
        if module == "__main__" or getattr(sys.modules.get(module), name, None) is not thing:
            self.unknown.add(otherwise)
            return otherwise
        self.modules.setdefault(module, set()).add(name)
        return name

    def imports(self) -> list[str]:
        """The lines that a test begins with."""
        lines = ["import numpy as np"] * self.numpy + ["import pytest"]
        for module, names in self.modules.items():
            if names:
                lines.append(f"from {module} import {', '.join(sorted(names))}")
        return lines + [f"# {' and '.join(sorted(self.unknown))}: as they were explored"] * bool(self.unknown)
