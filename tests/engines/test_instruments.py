"""Instruments hear what happens at each desk, in the desk's own order, and change nothing."""

import numpy as np
import pytest

from office import NO_FEEDBACK, Chain, Client, Linear, Team, Worker, average, every, in_turn, open_office, simulate
from office.desks import WorkerDesk
from office.engines import Instrument, Progress, watching
from office.engines.instruments import WatchedDesk, worker_desk

MAIL = "delay 10ms 9ms"


class Diary(Instrument):
    """Every hook, in order, in words."""

    def __init__(self):
        self.lines = []

    def begin(self, run):
        self.lines.append("begin")

    def end(self, run, error):
        self.lines.append(f"end {type(error).__name__}")

    def on_submit(self, task_id, inputs, target):
        self.lines.append(f"client submits {task_id}: {inputs}, {target}")

    def on_assign(self, manager, task_id, members):
        self.lines.append(f"{manager} assigns {task_id} to {members}")

    def on_task(self, desk, task_id, inputs):
        self.lines.append(f"{desk.name} does {task_id}: {inputs}")

    def before_feedback(self, desk, task_id, feedback):
        self.lines.append(f"{desk.name} hears of {task_id}: {feedback}")

    def after_feedback(self, desk, task_id, feedback, re_inputs):
        self.lines.append(f"{desk.name} has heard {feedback} of {task_id}: {re_inputs}")


def clerk(name):
    def estimate(inputs):
        return f"{inputs}, says {name}", lambda feedback: f"{feedback} to {name}"

    return Worker(estimate, name)


def submit(tasks, **client):
    return Client(tasks, lambda output, _target: (0.0, f"re {output}"), **client)


def learners():
    team = [Worker(Linear(np.zeros(2), 0.0, 0.01), name) for name in ("alex", "bo")]
    return Chain([Team(team, "team", combine=average), Worker(lambda total: (total, lambda feedback: feedback), "top")])


def learning_client():
    rng = np.random.default_rng(0)
    tasks = [(rng.normal(size=(3, 2)), rng.normal(size=3)) for _ in range(20)]
    return Client(tasks, lambda output, target: (0.0, output - target), arrivals=every("3ms"))


def test_each_hook_is_called_where_the_event_is():
    diary = Diary()
    with watching(diary):
        simulate(Team([clerk("alex"), clerk("bo")], "team", allocate=in_turn), submit([("plan", "yes")]))
    assert diary.lines == [
        "begin",
        "client submits 0: plan, yes",
        "team assigns 0 to (0,)",
        "team/alex does 0: plan",
        "team/alex hears of 0: re plan, says alex",
        "team/alex has heard re plan, says alex of 0: re plan, says alex to alex",
        "end NoneType",
    ]


def test_only_runs_that_begin_under_it_are_watched():
    diary = Diary()
    simulate(clerk("alex"), submit([("plan", None)]))
    with watching(diary):
        pass
    simulate(clerk("alex"), submit([("plan", None)]))
    assert diary.lines == []


def test_instruments_add_up_where_they_are_nested():
    outer, inner = Diary(), Diary()
    with watching(outer):
        simulate(clerk("alex"), submit([]))
        with watching(inner):
            simulate(clerk("alex"), submit([]))
    assert (outer.lines, inner.lines) == (["begin", "end NoneType"] * 2, ["begin", "end NoneType"])


def test_a_run_that_is_watched_has_the_same_journal():
    runs = [simulate(learners(), learning_client(), mail=MAIL)]
    with watching(Diary()):
        runs.append(simulate(learners(), learning_client(), mail=MAIL))
    assert runs[0].journal.to_bytes() == runs[1].journal.to_bytes()
    assert runs[0].journal.learnt["team/alex"]


def test_a_desk_with_weights_says_what_it_has_just_learnt_from():
    rows = []

    class Sizes(Instrument):
        def after_feedback(self, desk, task_id, feedback, re_inputs):
            if desk.learners:
                sizes = [[np.shape(array) for array in arrays] for arrays in desk.gradients]
                rows.append((desk.clock.now, task_id, desk.heard.staleness, sizes))

    with watching(Sizes()):
        journal = simulate(Worker(Linear(np.zeros(2), 0.0, 0.01), "alex"), learning_client(), mail=MAIL).journal
    assert rows == [(row.time, row.task_id, row.staleness, [[(2,), ()]]) for row in journal.learnt["alex"]]


def test_a_task_that_is_given_up_is_announced_as_one_without_feedback():
    diary = Diary()
    with watching(diary):
        simulate(clerk("alex"), submit([("plan", None)], patience="1s"), mail={"*.feedback_from_above": "loss 100%"},
                 expire="50ms")  # fmt: skip
    assert [line for line in diary.lines if "hear" in line] == [f"alex hears of 0: {NO_FEEDBACK}"]


def test_an_instrument_hears_of_the_error_that_ends_a_run():
    def fail(_inputs):
        raise ZeroDivisionError

    diary = Diary()
    with watching(diary), pytest.raises(ZeroDivisionError):
        simulate(Worker(fail, "alex"), submit([("plan", None)]))
    assert diary.lines[-1] == "end ZeroDivisionError"


def test_what_a_hook_raises_is_raised_at_its_desk():
    class Strict(Instrument):
        def on_task(self, desk, task_id, inputs):
            raise ValueError(f"no {inputs}")

    with watching(Strict()), pytest.raises(ValueError, match="no plan") as caught:
        simulate(clerk("alex"), submit([("plan", None)]))
    assert "alex" in "".join(caught.value.__notes__)


async def test_an_open_office_is_watched_too():
    diary = Diary()
    with watching(diary):
        async with open_office(clerk("alex")) as office:
            await office.inbox.send((1, "plan"))
            await office.outbox.receive()
            await office.feedback_from_above.send((1, "bolder"))
            await office.feedback_to_below.receive()
    assert diary.lines == [
        "begin",
        "alex does 1: plan",
        "alex hears of 1: bolder",
        "alex has heard bolder of 1: bolder to alex",
        "end NoneType",
    ]


def test_a_worker_without_weights_has_a_plain_desk_unless_it_is_watched():
    assert type(worker_desk("alex", clerk("alex").estimator)) is WorkerDesk
    assert type(worker_desk("alex", clerk("alex").estimator, watched=True)) is WatchedDesk


def test_progress_costs_a_desk_nothing(monkeypatch):
    desks = []

    def note(*who, **options):
        desks.append(worker_desk(*who, **options))
        return desks[-1]

    monkeypatch.setattr("office.engines.workplace.worker_desk", note)
    with watching(Progress()):
        simulate(clerk("alex"), submit([]))
    assert list(map(type, desks)) == [WorkerDesk]
