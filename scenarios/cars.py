"""Miles per gallon of 392 cars, learnt by mail.

Covers: Team, average, maximum, LinearTotal, linear_schedule, Client, simulate, compose, staleness, reordered_ratio.
Scenario: eight workers estimate every car, and the loudest is heard, or else their average. A car comes in every few
milliseconds, whether or not the feedback on the last ones is back, and letters overtake one another on their way.
Ten-fold cross-validated R² of five teams, beside linear regression and gradient boosting on the same folds.
"""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from site import addsitedir
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from office import (
    Client,
    LinearTotal,
    Team,
    Worker,
    average,
    compose,
    every,
    half_squared_error,
    linear_schedule,
    maximum,
    simulate,
)
from office.study import reordered_ratio, staleness

WORKERS = ["alex", "bo", "casey", "dani", "ely", "fei", "gil", "hana"]
TEAMS = {"average": 1, "maximum": 5}  # averages all end at the same weights, so one will do
EPOCHS = 30
SCALE = 0.1  # standard deviation of the first weights; columns and targets have standard deviation 1
RATE = 0.03  # at first; then it falls to nothing, in a straight line
GAP = "6500us"  # between one car and the next
MAIL = "delay 10ms 5ms distribution exponential"  # of every link: the mean, and the standard deviation
FOLDS, FOLDS_SEED = 10, 1  # the folds are the same for everybody, whatever the seed of the run
CLAIM = 0.87  # the R² that maximum teams reach

Array = NDArray[np.float64]
Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


class Trained(NamedTuple):
    """What came of one team on one fold."""

    estimates: Array
    """`(cars left out,)` miles per gallon."""
    lateness: NDArray[np.int64]
    """`(feedbacks,)` updates: how late feedback reached alex's desk."""
    reordered: float
    """The share of the feedback to the team that came out of order."""
    curve: Array
    """`(epochs, 3)`: mean error in miles per gallon, mean size of the feedback from above and of that to below."""


@cache
def cars() -> tuple[Array, Array, list[Fold]]:
    """Return what is known of each car `(cars, 8)`, its miles per gallon `(cars,)`, and the folds: (train, test) rows."""
    from sklearn.model_selection import KFold
    from vega_datasets import data

    rows = [row for row in json.loads(data.cars.raw()) if row["Miles_per_Gallon"] and row["Horsepower"]]
    names = "Cylinders", "Displacement", "Horsepower", "Weight_in_lbs", "Acceleration"
    known = [
        [*(row[name] for name in names), int(row["Year"][:4]), row["Origin"] == "Europe", row["Origin"] == "Japan"]
        for row in rows
    ]
    folds = KFold(FOLDS, shuffle=True, random_state=FOLDS_SEED).split(known)
    return np.array(known, dtype=np.float64), np.array([row["Miles_per_Gallon"] for row in rows]), list(folds)


def train(kind: str, number: int, fold: int, seed: int, mail: str, journal: Path | None = None) -> Trained:
    """Let one team learn from all the cars but one fold's, by mail, and estimate those."""
    known, targets, folds = cars()
    rows, left_out = folds[fold]
    known = (known - known[rows].mean(axis=0)) / known[rows].std(axis=0)
    middle, unit = targets[rows].mean(), targets[rows].std()
    rate = linear_schedule(RATE, 0.0, EPOCHS * len(rows))
    team = Team(
        [Worker(LinearTotal.drawn(8, SCALE, rate, [seed, number, fold, place]), name)
         for place, name in enumerate(WORKERS)],
        combine={"average": average, "maximum": maximum}[kind],
    )  # fmt: skip
    client = Client(
        [(known[[row]], float((targets[row] - middle) / unit)) for row in rows],
        feedback=half_squared_error,
        arrivals=every(GAP),
        epochs=EPOCHS,
        shuffle=True,
    )
    run = simulate(team, client, mail=mail, seed=[seed, number, fold])
    if journal is not None:
        run.journal.save(journal)
    sizes = np.sqrt(2.0 * run.losses)  # half the squared feedback is what was said to be the loss
    below = [float(np.linalg.norm(run.feedback_below[task])) for task in range(len(sizes))]
    box, came = run.journal.links.index("team.feedback_from_above"), run.journal.mail
    estimate = compose(team)
    return Trained(
        np.array([estimate(known[[row]])[0] for row in left_out]) * unit + middle,
        staleness(run.journal, "team/alex"),
        reordered_ratio(came.task[(came.link == box) & (came.arrived >= 0)]),
        np.column_stack([sizes * unit, sizes, below]).reshape(EPOCHS, -1, 3).mean(axis=1),
    )
