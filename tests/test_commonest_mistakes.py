"""What a newcomer gets wrong most often: each error fits in five lines, and says what to do."""

import asyncio
import traceback

import numpy as np
import pytest
import trio

from office import (
    Adam,
    Chain,
    Client,
    Linear,
    Team,
    Worker,
    by,
    every,
    newest_first,
    open_office,
    simulate,
    simulate_in_trio,
    squared_error,
)

TASKS = [(np.ones((3, 2)), np.ones(3))]


def echo(inputs):
    return inputs, lambda feedback: feedback


def run(estimator=None, feedback=squared_error, tasks=TASKS, **settings):
    return simulate(Worker(estimator or Linear.drawn(2), "alex"), Client(tasks, feedback), **settings)


def of_torch(kind, name):
    """A stand-in for something of PyTorch's, which need not be installed: by its module it is told."""
    return type(name, (), {"__module__": f"torch.{kind}", "__init__": lambda self, *_, **__: None})


def mse_loss(inputs, target, reduction="mean"):
    raise AssertionError("it is never called")


mse_loss.__module__ = "torch.nn.functional"
Tensor, Descent = of_torch("tensor", "Tensor"), of_torch("optim.sgd", "SGD")


def in_a_task_of_trio():
    async def main():
        return run()

    return trio.run(main)


def in_asyncio(work):
    return asyncio.run(work())


async def awaited():
    return await simulate_in_trio(Worker(echo, "alex"), Client(TASKS, squared_error))


async def opened():
    async with open_office(Worker(echo, "alex")):
        pass


def used_up():
    client = Client((task for task in TASKS), squared_error)
    simulate(Linear.drawn(2), client)
    return simulate(Linear.drawn(2), client)


def number(output, target):
    return float(((output - target) ** 2).mean())


MISTAKES = {
    "an estimator returns nothing": (
        lambda: run(lambda inputs: None),
        [
            "WrongType: alex: the answer for task 0 is None, and no pair (output, handle_feedback):",
            "return the output and the function that takes its feedback",
            "at 0 s of virtual time",
        ],
    ),
    "an estimator returns the output alone": (
        lambda: run(lambda inputs: inputs.sum(axis=1)),
        [
            (
                "WrongType: alex: the answer for task 0 is an ndarray of shape (3,), and no pair (output, "
                "handle_feedback):"
            ),
            "return the output and the function that takes its feedback",
            "at 0 s of virtual time",
        ],
    ),
    "an estimator returns three things": (
        lambda: run(lambda inputs: (1.0, echo, 3)),
        [
            "WrongType: alex: the answer for task 0 is a tuple of 3, and no pair (output, handle_feedback):",
            "return the output and the function that takes its feedback",
            "at 0 s of virtual time",
        ],
    ),
    "an estimator is a generator": (
        lambda: run(lambda inputs: (yield inputs)),
        [
            "WrongType: alex: the answer for task 0 is a generator, and no pair (output, handle_feedback):",
            "return the output and the function that takes its feedback",
            "at 0 s of virtual time",
        ],
    ),
    "an estimator forgets the callback": (
        lambda: run(lambda inputs: (1.0, None)),
        [
            "WrongType: alex: the answer for task 0 has None for its callback:",
            "return the output and the function that takes its feedback",
            "at 0 s of virtual time",
        ],
    ),
    "an estimator puts the callback first": (
        lambda: run(lambda inputs: (lambda feedback: feedback, 1.0)),
        [
            ("WrongType: alex: the answer for task 0 has a float for its callback (the two are the wrong way round):"),
            "return the output and the function that takes its feedback",
            "at 0 s of virtual time",
        ],
    ),
    "a callback returns nothing": (
        lambda: simulate(
            Chain([Worker(Linear.drawn(2), "alex"), Worker(lambda inputs: (inputs, lambda feedback: None), "bo")]),
            Client(TASKS, squared_error),
        ),
        [
            "WrongType: alex: feedback for task 0 is None: whoever gave it returned nothing:",
            "return the feedback on the inputs from a callback, or NO_FEEDBACK if there is none",
            "at 0 s of virtual time",
        ],
    ),
    "feedback returns the loss alone": (
        lambda: run(feedback=number),
        [
            "WrongType: client: what feedback returned for task 0 is a float, and no pair (loss, re_output):",
            "return the loss and its gradient with respect to the output, as `squared_error` does",
            "at 0 s of virtual time",
        ],
    ),
    "feedback returns the gradient alone": (
        lambda: run(feedback=lambda output, target: output - target),
        [
            (
                "WrongType: client: what feedback returned for task 0 is an ndarray of shape (3,), and no "
                "pair (loss, re_output):"
            ),
            "return the loss and its gradient with respect to the output, as `squared_error` does",
            "at 0 s of virtual time",
        ],
    ),
    "feedback returns nothing": (
        lambda: run(feedback=lambda output, target: None),
        [
            "WrongType: client: what feedback returned for task 0 is None, and no pair (loss, re_output):",
            "return the loss and its gradient with respect to the output, as `squared_error` does",
            "at 0 s of virtual time",
        ],
    ),
    "feedback returns a tensor": (
        lambda: run(feedback=lambda output, target: Tensor()),
        [
            (
                "WrongType: client: what feedback returned for task 0 is a Tensor of torch, and no pair "
                "(loss, re_output):"
            ),
            "return the loss and its gradient with respect to the output, as `squared_error` does",
            "(a float and a numpy array: loss.item() and output.grad.numpy())",
            "at 0 s of virtual time",
        ],
    ),
    "feedback is PyTorch's": (
        lambda: run(feedback=mse_loss),
        [
            (
                "BadClient: feedback is a function (output, target) -> (loss, re_output) of arrays, not a "
                "function (mse_loss) of torch:"
            ),
            "write squared_error, softmax_cross_entropy, or a function of your own",
        ],
    ),
    "feedback is a class": (
        lambda: run(feedback=Descent),
        [
            (
                "BadClient: feedback is a function (output, target) -> (loss, re_output) of arrays, not "
                "the class SGD of torch:"
            ),
            "write squared_error, softmax_cross_entropy, or a function of your own",
        ],
    ),
    "feedback is a name": (
        lambda: run(feedback="mse"),
        [
            "BadClient: feedback is a function (output, target) -> (loss, re_output) of arrays, not 'mse':",
            "write squared_error, softmax_cross_entropy, or a function of your own",
        ],
    ),
    "a rule is an optimizer class": (
        lambda: Linear.drawn(2, Descent),
        [
            "TypeError: a rule is one of the office's, or a learning rate, not the class SGD of torch:",
            "write Momentum(0.1), Adam(0.001), or a rate such as 0.1",
        ],
    ),
    "a rule is an optimizer": (
        lambda: Linear.drawn(2, Descent([])),
        [
            "TypeError: a rule is one of the office's, or a learning rate, not a SGD of torch:",
            "write Momentum(0.1), Adam(0.001), or a rate such as 0.1",
        ],
    ),
    "a rule is a class": (
        lambda: Linear.drawn(2, Adam),
        ["TypeError: a rule is one of the office's, or a learning rate, not the class Adam:", "write Adam()"],
    ),
    "a rule is a name": (
        lambda: Linear.drawn(2, "adam"),
        [
            "TypeError: a rule is one of the office's, or a learning rate, not 'adam':",
            "write Momentum(0.1), Adam(0.001), or a rate such as 0.1",
        ],
    ),
    "a rule is a dict": (
        lambda: Linear.drawn(2, {"lr": 0.1}),
        [
            "TypeError: a rule is one of the office's, or a learning rate, not a dict:",
            "write Momentum(0.1), Adam(0.001), or a rate such as 0.1",
        ],
    ),
    "by has a function of one argument": (
        lambda: by(lambda task: 0),
        [("BadChart: by(…) takes a function of two arguments, (task_id, inputs) -> member, not a function (<lambda>)")],
    ),
    "allocate is a name": (
        lambda: Team([Worker(echo, "alex")], allocate="in_turn"),
        ["BadChart: allocate is a function such as in_turn, least_busy or by(function), not 'in_turn'"],
    ),
    "combine is a name": (
        lambda: Team([Worker(echo, "alex")], combine="max"),
        ["BadChart: combine is a function such as addition, average or maximum, not 'max'"],
    ),
    "combine is numpy's": (
        lambda: simulate(
            Team([Worker(echo, "alex"), Worker(echo, "bo")], combine=np.mean), Client(TASKS, squared_error)
        ),
        [
            (
                "WrongType: team: the combination's answer for task 0 is a float64, and no pair (output, "
                "handle_feedback):"
            ),
            "return the output and the function that shares out its feedback, as `maximum` does",
            "at 0 s of virtual time",
        ],
    ),
    "an estimator is a class": (
        lambda: Worker(Linear, "alex"),
        [
            "BadChart: a worker needs an estimator, inputs -> (output, handle_feedback), not the class Linear:",
            "make one, Linear(…)",
        ],
    ),
    "a worker's name comes first": (
        lambda: Worker("alex", echo),
        [
            "BadChart: a worker needs an estimator, inputs -> (output, handle_feedback), not 'alex':",
            "the estimator comes first: Worker(…, 'alex')",
        ],
    ),
    "a worker of a worker": (
        lambda: Worker(Worker(echo, "alex"), "bo"),
        [
            "BadChart: a worker needs an estimator, inputs -> (output, handle_feedback), not a Worker:",
            "that is a chart already: use it as it is",
        ],
    ),
    "a chart is a list": (
        lambda: simulate([Worker(echo, "alex"), Worker(echo, "bo")], Client(TASKS, squared_error)),
        [
            "BadChart: a chart is a Worker, a Team or a Chain, not a list of 2:",
            "write Team([…]) if all get a task, Chain([…]) if one passes it to the next",
        ],
    ),
    "a chart is nothing": (
        lambda: simulate(None, Client(TASKS, squared_error)),
        ["BadChart: a chart is a Worker, a Team or a Chain, not None"],
    ),
    "chart and client are the wrong way round": (
        lambda: simulate(Client(TASKS, squared_error), Worker(echo, "alex")),
        ["BadClient: what runs is a chart, and then a client, not a Worker:", "write Client(tasks, feedback)"],
    ),
    "a client is a list of tasks": (
        lambda: simulate(Linear.drawn(2), TASKS),
        ["BadClient: what runs is a chart, and then a client, not a list of 1:", "write Client(tasks, feedback)"],
    ),
    "two desks have one name": (
        lambda: Team([Worker(echo, "alex"), Worker(echo, "alex")]),
        ["BadChart: team team has two members named 'alex'"],
    ),
    "members are not in a list": (
        lambda: Team(echo),
        ["BadChart: team team needs a list of members, not a function (echo):", "write [first, second]"],
    ),
    "simulate in a task of trio": (
        in_a_task_of_trio,
        [
            "RuntimeError: simulate starts trio, and trio runs here already:",
            "write `await simulate_in_trio(chart, client, …)`",
        ],
    ),
    "simulate_in_trio in asyncio": (
        lambda: in_asyncio(awaited),
        [
            "RuntimeError: simulate_in_trio runs in trio, and trio does not run here:",
            'call simulate(…), or in a notebook say "%autoawait trio" first',
        ],
    ),
    "open_office in asyncio": (
        lambda: in_asyncio(opened),
        [
            "RuntimeError: open_office runs in trio, and trio does not run here:",
            "use trio.run(main), or in a notebook say `%autoawait trio` first",
        ],
    ),
    "a space before the unit": (
        lambda: run(mail="delay 20 ms"),
        ['BadConditions: "delay 20 ms": write "20ms", without the space'],
    ),
    "no unit": (
        lambda: run(mail="delay 20"),
        ['BadConditions: "delay 20": "20" has no unit: write "20ms", or another of s, ms, us, ns, in one word'],
    ),
    "a space in a time": (
        lambda: every("20 ms"),
        ['BadTime: "20 ms" is no time: write without the space, "20ms" (s, ms, us, ns)'],
    ),
    "delay is a keyword": (
        lambda: run(delay=20),
        ["TypeError: simulate has no setting 'delay':", 'mail conditions are one text: mail="delay 20ms"'],
    ),
    "a misspelt setting": (
        lambda: run(sed=3),
        ["TypeError: simulate has no setting 'sed':", "did you mean seed?"],
    ),
    "a time in seconds": (
        lambda: every(0.02),
        ['BadTime: 0.02 is no time: write an int of nanoseconds, or "20ms" (s, ms, us, ns)'],
    ),
    "a seed is text": (
        lambda: run(seed="1"),
        ["ValueError: a seed is a whole number from 0, not '1'"],
    ),
    "arrivals is not called": (
        lambda: Client(TASKS, squared_error, arrivals=every),
        ["BadClient: arrivals is the function every itself:", "call it, every(…)"],
    ),
    "arrivals is a time": (
        lambda: Client(TASKS, squared_error, arrivals="10ms"),
        ["BadClient: arrivals are all_at_once(), every(\"10ms\"), poisson(100), or times, not '10ms'"],
    ),
    "replies is not called": (
        lambda: Client(TASKS, squared_error, replies=newest_first),
        ["BadClient: replies is the function newest_first itself:", "call it, newest_first(…)"],
    ),
    "a generator is used up": (
        used_up,
        ["BadClient: there are no tasks: a generator makes them only once, and has done so:", "pass a list"],
    ),
    "inputs are wider than the weights": (
        lambda: run(tasks=[(np.ones((3, 4)), np.ones(3))]),
        ["WrongShape: alex: inputs for task 0 have 4 columns, where 2 are asked for", "at 0 s of virtual time"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_has_an_error_of_at_most_five_lines_that_says_what_to_do(mistake):
    make, text = MISTAKES[mistake]
    with pytest.raises(Exception) as raised:
        make()
    lines = "".join(traceback.format_exception_only(raised.value)).removeprefix("office.errors.").splitlines()
    assert lines == text
    assert len(lines) <= 5
