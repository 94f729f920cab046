"""California and renewables: the average cannot, the maximum can, and cooling makes sure that it does.

Covers: average, maximum, soft_maximum, linear_schedule, Linear with many copies, compose, simulate, late feedback.
Scenario: four kinds of project, of which the one with both columns costs less than the columns suggest. A thousand
teams learn side by side from first weights of their own; exact is a team whose four answers are right to $0.01m.
"""

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office import Client, Linear, Team, Worker, average, compose, linear_schedule, maximum, simulate, soft_maximum
from office.work import Combination

PROJECTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])  # in California, renewable
TARGETS = np.array([1.0, 5.0, 8.0, 10.0])  # millions of dollars
TEAMS = 1000
SCALES = (0.1, 1.0, 5.0)  # standard deviations of the first weights
STEPS = 3000  # all four projects in each
TASKS = 12_000  # one project in each
RATE, HOT, COOLING = 0.5, 30.0, 0.8  # the temperature (in $1m) falls in a straight line, over so much of the time
LATE = 8  # updates
BY_MAIL = 10  # teams
MAIL = "delay 20ms 5ms"  # of every link, give or take

Array = NDArray[np.float64]


def drawn(workers: int, seed: int, scales: tuple[float, ...] = SCALES) -> Array:
    """Draw first weights and biases: `(workers, scales, teams, 3)`."""
    normal = np.random.default_rng(seed).standard_normal((workers, 1, TEAMS, 3))
    return normal * np.reshape(scales, (-1, 1, 1))


def chart(weights: Array, combine: Combination, rate: float) -> Team:
    """Make a chart in which every worker has as many copies, each for itself, as there are teams."""
    members = [Worker(Linear(one[..., :2], one[..., 2], rate), f"w{place}") for place, one in enumerate(weights)]
    return Team(members, combine=combine)


def cooled(steps: int) -> Combination:
    """Cool down from nearly the average to the plain maximum."""
    return soft_maximum(linear_schedule(HOT, 0.0, round(COOLING * steps)))


def feedback(output: Array, target: Array) -> tuple[float, Array]:
    """Mean squared error over the projects of one task, and its gradient, each team's own: `(..., rows)`."""
    difference = output - target
    return float(np.mean(difference**2)), difference * (2.0 / np.shape(target)[-1])


def learn(team: Team, tasks: Iterator[list[int]], late: int = 0) -> Array:
    """Hand out each task, hear of it so many updates later; mean sizes of feedback from above and to below, by task."""
    estimate, sizes = compose(team), []
    pending: deque[tuple[Any, Array]] = deque()
    for rows in tasks:
        output, handle_feedback = estimate(PROJECTS[rows])
        pending.append((handle_feedback, feedback(output, TARGETS[rows])[1]))
        if len(pending) > late:
            hear, re_output = pending.popleft()
            sizes.append([np.abs(re_output).mean(), np.abs(hear(re_output)).mean()])
    return np.array(sizes)


def all_rows(steps: int) -> Iterator[list[int]]:
    """All four projects in every task."""
    return iter([[0, 1, 2, 3]] * steps)


def one_by_one(tasks: int, seed: int) -> Iterator[list[int]]:
    """One project a task, in a new order every four."""
    generator = np.random.default_rng(seed)
    for _ in range(tasks // 4):
        for row in generator.permutation(4).tolist():
            yield [row]


def answers(weights: Array) -> Array:
    """What everybody says of the four projects: `(workers, scales, teams, 4)`."""
    return weights[..., :2] @ PROJECTS.T + weights[..., 2:]


def weights_of(team: Team) -> Array:
    """Weights and biases as they are now, in the shape in which they were drawn."""
    estimators: list[Any] = [member.estimator for member in team.members if isinstance(member, Worker)]
    return np.stack([np.concatenate([one.weights, one.bias[..., None]], axis=-1) for one in estimators])


def exact(team: Team) -> list[float]:
    """The share of teams, in percent, that have every answer right: one number a scale."""
    error = np.abs(answers(weights_of(team)).max(axis=0) - TARGETS).max(axis=-1)
    return [float(share) for share in 100.0 * np.mean(error < 0.01, axis=-1)]


def by_mail(first: Array, mail: str, seed: int, journal: Path | None) -> Array:
    """Train one cooled team by mail, one task in flight: its weights, `(workers, 1, 1, 3)`."""
    team = chart(first, cooled(STEPS), RATE)
    client = Client([(PROJECTS, TARGETS)] * STEPS, feedback, in_flight=1, keep=False)
    run = simulate(team, client, mail=mail, seed=seed)
    if journal is not None:
        run.journal.save(journal)
    return weights_of(team)


def main(seed: int = 0, mail: str | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Train every kind of team; print what the teams answer, how many are exact, and how the corrections shrink."""
    first, eight = drawn(2, seed), drawn(8, seed, (5.0,))
    teams = {
        "average of two": chart(first, average, RATE),
        "maximum of two": chart(first, maximum, 4 * 0.05),
        "maximum of eight": chart(eight, maximum, 4 * 0.05),
        "cooled maximum of two": chart(first, cooled(STEPS), RATE),
        "  one project at a time": chart(first, cooled(TASKS), 0.1),
        f"  and {LATE} updates late": chart(first, cooled(TASKS), 0.1),
    }
