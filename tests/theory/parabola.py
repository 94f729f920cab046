"""An office that descends a parabola, many steps at a time, and the smallest step at which it no longer comes down."""

import numpy as np

from office import SGD, Client, Linear, Worker, simulate

ONE_BY_ONE = {"alex.feedback_from_above": "rate 1mbit"}
"""A narrow link: feedback that is said at once arrives one after another, and each makes room for a new task."""


def feedback_on_parabolas(steps):
    """Feedback λw on an answer w, the slope of ½λw²: a curvature λ for each copy of the worker, a step at rate 1."""
    return lambda answer, _target: (0.0, steps[:, None] * answer)


def descend(steps, tasks, mail="", rule=None, until=None, **client):
    """Let a worker learn, a copy of it for each step: the run, and `(tasks, steps)`, its answer to each task.

    Its project has nothing in it, so that its bias, 1 at first, is its whole answer.
    """
    copies = Linear(np.zeros((len(steps), 1)), np.ones(len(steps)), SGD(1.0) if rule is None else rule)
    project = np.zeros((1, 1))
    people = Client([(project, None)] * tasks, feedback_on_parabolas(steps), **client)
    run = simulate(Worker(copies, "alex"), people, mail=mail, until=until)
    return run, np.array([run.outputs[task][:, 0] for task in range(tasks)])


def crossing(steps, excess):
    """The step at which something that is not above zero first comes to be, between two of those tried."""
    after = int(np.flatnonzero(excess > 0)[0])
    share = -excess[after - 1] / (excess[after] - excess[after - 1])
    return float(steps[after - 1] + share * (steps[after] - steps[after - 1]))


def measured_limit(low, high, tasks, **office):
    """The smallest step with which the answers of the last third of the tasks are larger than those of the second."""
    steps = np.geomspace(low, high, 300)
    _, answers = descend(steps, tasks, **office)
    _, second, last = np.square(answers[: tasks // 3 * 3]).reshape(3, -1, len(steps)).sum(1)
    return crossing(steps, np.log(last + 1e-290) - np.log(second + 1e-290))


def limit_of_swings(steps, answers):
    """The smallest step whose answers, of `(tasks, steps)`, swing more widely at the end than after two thirds.

    Of w(t) = rᵗ cos(ωt + φ) it is w(t) w(t + 2) − w(t + 1)² = −r²ᵗ⁺² sin²ω that is compared. It has no ups and downs of
    its own, and so is exact where sums of squares are not yet. In the field: a Casoratian.
    """
    widths = np.log(np.abs(answers[:-2] * answers[2:] - answers[1:-1] ** 2) + 1e-290)
    return crossing(steps, widths[-1] - widths[2 * len(widths) // 3])
