"""With the weights held, feedback may come in any order: what is learnt from it, summed task by task, is the same."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import (
    Chain,
    Client,
    Team,
    Worker,
    addition,
    average,
    maximum,
    newest_first,
    open_office,
    random_pick,
    simulate,
    soft_maximum,
)
from office.work import Once
from tests.engines.building import bits, nudge
from tests.engines.offices import ANY_MAIL

TASKS = 4
COLUMNS = 3


class Holding:
    """Holds its weights and keeps its gradients, by task: every table says in its corner which task it is."""

    def __init__(self, number, *, total):
        self.weights = np.random.default_rng(number).normal(size=(COLUMNS, COLUMNS))
        self.weights[:, 0] = [1.0, 0.0, 0.0]  # the corner is passed on as it is
        self.total = total
        self.gradients = {}

    def __call__(self, inputs):
        task = int(inputs[0, 0])
        rows = output = inputs @ self.weights

        def handle_feedback(re_output):
            assert task not in self.gradients
            table = np.full(rows.shape, re_output) if self.total else re_output
            self.gradients[task] = inputs.T @ table
            return table @ self.weights.T

        answer, shape = (float(output.sum()), ()) if self.total else (output, rows.shape)
        return answer, Once(handle_feedback, shape)

    def sum(self):
        """The gradients added up in the order of the tasks, whenever they came."""
        return sum((self.gradients[task] for task in sorted(self.gradients)), start=np.zeros((COLUMNS, COLUMNS)))


def table(task):
    inputs = np.random.default_rng(task).normal(size=(2, COLUMNS))
    inputs[0, 0] = task
    return inputs


def deep(combine):
    """A chain in a team in a team, and all who work there."""
    alex, bo, casey, dani = (Holding(number, total=number != 0) for number in range(4))
    front = Team([Worker(casey, "casey"), Worker(dani, "dani")], "front", combine=combine)
    members = [Chain([Worker(alex, "alex"), Worker(bo, "bo")]), front]
    return Team(members, "estimates", combine=combine), (alex, bo, casey, dani)


CHARTS = {
    "addition": lambda: deep(addition),
    "average": lambda: deep(average),
    "maximum": lambda: deep(maximum),
    "soft maximum": lambda: deep(soft_maximum(0.5)),
}
FEEDBACK = {task: 0.1 + 0.3**task for task in range(TASKS)}


async def learnt(chart, workers, order):
    """The sums of gradients, and what is said of the inputs, when the feedback is given in some order."""
    async with open_office(chart) as office:
        for task in range(TASKS):
            await office.inbox.send((task, table(task)))
        for _ in range(TASKS):
            await office.outbox.receive()
        for task in order:
            await office.feedback_from_above.send((task, FEEDBACK[task]))
        below = dict([await office.feedback_to_below.receive() for _ in range(TASKS)])
    return bits([worker.sum() for worker in workers]), bits(below)


@pytest.mark.unwatched
@pytest.mark.parametrize("name", CHARTS)
async def test_feedback_on_four_tasks_teaches_the_same_in_all_of_its_orders(name):
    seen = [await learnt(*CHARTS[name](), order) for order in permutations(range(TASKS))]
    assert len(seen) == 24
    assert all(each == seen[0] for each in seen)


async def test_feedback_comes_below_in_the_order_in_which_it_is_given():
    for order in permutations(range(TASKS)):
        chart, _ = deep(addition)
        async with open_office(chart) as office:
            for task in range(TASKS):
                await office.inbox.send((task, table(task)))
                await office.outbox.receive()
            for task in order:
                await office.feedback_from_above.send((task, 1.0))
            assert [(await office.feedback_to_below.receive())[0] for _ in order] == list(order)


REPLIES = {"newest first": newest_first(3), "random pick": random_pick(4)}


@given(
    st.sampled_from(list(CHARTS)),
    st.sampled_from([mail for mail in ANY_MAIL if mail]),
    st.sampled_from(list(REPLIES)),
    st.integers(0, 2**64),
)
def test_whatever_the_mail_does_it_teaches_the_same(name, mail, replies, seed):
    tasks = [(table(task), 1.0 - task) for task in range(9)]

    def all_learnt(**options):
        chart, workers = CHARTS[name]()
        run = simulate(chart, options.pop("client"), **options)
        return bits([worker.sum() for worker in workers]), bits(run.feedback_below), bits(run.losses)

    late = all_learnt(client=Client(tasks, nudge, replies=REPLIES[replies]), mail=mail, seed=seed)
    assert late == all_learnt(client=Client(tasks, nudge, in_flight=1))


@pytest.mark.parametrize("seed", range(3))
def test_the_orders_are_really_different(seed):
    """Else the law above would say nothing."""
    heard = []

    def worker(inputs):
        return inputs, heard.append

    client = Client([(task, None) for task in range(9)], lambda output, target: (0.0, output), replies=random_pick(4))
    simulate(Worker(worker, "alex"), client, mail="delay 9ms 9ms", seed=seed)
    assert sorted(heard) == list(range(9)) != heard
