"""Miles per gallon of 392 cars, learnt by mail.

Covers: Team, average, maximum, LinearTotal, linear_schedule, Client, simulate, staleness, reordered_ratio.
Scenario: eight workers estimate each car; the loudest is heard, or else the average. A car comes in every few
milliseconds whether or not the last one's feedback is back, and letters overtake each other on their way. Ten-fold
cross-validated R² of five such teams, beside linear regression and gradient boosting on the same folds.
"""

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from site import addsitedir
from statistics import fmean, median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from office import Client, LinearTotal, Run, Team, Worker, average, every, half_squared_error, linear_schedule, maximum
from office import simulate as run_office
from office.study import reordered_ratio, staleness

WORKERS = ["alex", "bo", "casey", "dani", "ely", "fei", "gil", "hana"]
COMBINATIONS = {"maximum": maximum, "average": average}
TEAMS = 5  # of each kind that has more than one fixed point, each with weights of its own
FOLDS, FOLDS_SEED = 10, 1  # the same folds for everybody
EPOCHS = 30
SCALE = 0.1  # standard deviation of the first weights; columns and targets have standard deviation 1
RATE = 0.03  # the learning rate at first; it falls to nothing, in a straight line
MAIL = "delay 10ms 5ms distribution exponential"  # mean and standard deviation of each link's delay
GAP = "6500us"  # between one car and the next
CLAIM = 0.87  # R² that the maximum team reaches, at least

Array = NDArray[np.float64]


class Trained(NamedTuple):
    """What came of one team on one fold."""

    estimates: Array
    """`(cars left out,)`, in miles per gallon."""
    lateness: float
    latest: int
    """Updates between alex's answers and the feedback on them: the mean, and the most."""
    reordered: float
    """The share of the feedback to the team that came out of order."""
    curve: Array
    """`(epochs, 3)`: mean size of the error in miles per gallon, of the feedback, and of the feedback to below."""


@cache
def cars() -> tuple[Array, Array, list[tuple[NDArray[np.intp], NDArray[np.intp]]]]:
    """What is known of each car `(cars, 8)`, its miles per gallon `(cars,)`, and the folds as (train, test) rows."""
    from sklearn.model_selection import KFold
    from vega_datasets import data

    table = data.cars().dropna(subset=["Miles_per_Gallon", "Horsepower"])
    columns = [table[name] for name in ("Cylinders", "Displacement", "Horsepower", "Weight_in_lbs", "Acceleration")]
    columns += [table.Year.dt.year, table.Origin == "Europe", table.Origin == "Japan"]
    known = np.column_stack(columns).astype(np.float64)
    folds = KFold(FOLDS, shuffle=True, random_state=FOLDS_SEED).split(known)
    return known, table.Miles_per_Gallon.to_numpy(), list(folds)
