"""From plain data to an office: what a test draws, prints or passes to another process can be built afresh, any time.

A chart as data is as in `office.testing.recipes`; what else there is of an office is in a dict of plain data, see
`office_of`.
"""

import hashlib
import math

import numpy as np

from office import Client, Crash, Linear, LinearTotal, Partition, Stall, simulate
from office.desks import WorkerDesk, workers
from office.engines.floor_plan import FloorPlan
from office.errors import Deadlock
from office.testing.recipes import COLUMNS, chart_of, client_options, nudge, tables
from office.work import NO_FEEDBACK, Once

RATE = 0.05


class Layer:
    """A table to a table of the same shape, which learns in its callback and says the truth about its answer."""

    def __init__(self, weights):
        self.weights = weights

    def __call__(self, inputs):
        weights = self.weights

        def handle_feedback(re_output):
            self.weights = self.weights - RATE * (inputs.T @ re_output)
            return re_output @ weights.T

        output = inputs @ weights
        return output, Once(handle_feedback, output.shape)


def estimator_of(kind, number, name=""):
    """A worker with weights of its own: a table to a ``table``, to one number a ``row``, or to a ``total``."""
    if kind == "table":
        return Layer(np.random.default_rng(number).normal(0.0, 0.7, (COLUMNS, COLUMNS)))
    return (Linear if kind == "row" else LinearTotal).drawn(COLUMNS, scale=0.7, rule=RATE, seed=number)


def fresh(data, make_estimator=estimator_of):
    """A chart and its estimators, from left to right, as they are before any feedback."""
    chart = chart_of(data, make_estimator)
    return chart, [worker.estimator for worker in workers(chart)]


def client_of(data, feedback=nudge, **more):
    """A client from plain data."""
    options = client_options(data) | more
    return Client(tables(options.pop("tasks")), feedback, **options)


def links_of(data):
    """The names of all the links of a chart."""
    return [way.name for way in FloorPlan(fresh(data)[0], 0).ways]


def by_name(data, everywhere, places):
    """A setting for every link of a chart, and others for some, which are given by their places among the links."""
    return among(links_of(data), everywhere, places)


def among(links, everywhere, places):
    return {"*": everywhere} | {links[place % len(links)]: setting for place, setting in places}


FAULTS = {"stall": Stall, "crash": Crash, "partition": Partition}


def faults_of(rows, chart):
    """Faults from ``(kind, place, at, lasts)``: they befall the desk at that place, or the next worker for a crash."""
    posts = FloorPlan(fresh(chart)[0], 0).posts
    crew = [post.desk.name for post in posts if isinstance(post.desk, WorkerDesk)]
    desks = [post.desk.name for post in posts]
    return [
        FAULTS[kind]((crew if kind == "crash" else desks)[place % len(crew if kind == "crash" else desks)], at, lasts)
        for kind, place, at, lasts in rows
    ]


def office_of(data, run=simulate, make_estimator=estimator_of, feedback=nudge, **changes):
    """`run` a whole office from plain data, with a fresh chart: what came of it, and the estimators.

    Somebody who waits for ever may come of it too: then it is the words of the `Deadlock`.
    """
    chart, estimators = fresh(data["chart"], make_estimator)
    links = links_of(data["chart"])
    options = {
        "mail": among(links, *data["mail"]),
        "capacity": among(links, *data.get("capacity", (None, ()))),
        "seed": data["seed"],
        "until": data.get("until"),
        "delivery": among(links, *data.get("delivery", ("at most once", ()))),
        "faults": faults_of(data.get("faults", ()), data["chart"]),
        "expire": data.get("expire"),
    }
    try:
        return run(chart, client_of(data["client"], feedback), **options | changes), estimators
    except Deadlock as deadlock:
        return str(deadlock), estimators


def all_of_it(came_of_it, estimators):
    """Every bit of what came of an office, journal and weights."""
    weights = bits([[worker.weights, getattr(worker, "bias", 0.0)] for worker in estimators])
    if isinstance(came_of_it, str):
        return came_of_it, weights
    run = came_of_it
    return (
        run.journal.to_bytes().decode(),
        bits([run.losses, run.outputs, run.feedback_below]),
        weights,
        run.time,
        sorted(run.given_up),
        run.pending,
        run.tables,
        run.strays,
    )


def bits(value):
    """What is in it, to the last bit, with what shape and of what type."""
    if isinstance(value, dict):
        return [(key, bits(value[key])) for key in sorted(value)]
    if isinstance(value, (list, tuple)):
        return [bits(each) for each in value]
    if value is NO_FEEDBACK:
        return "NO_FEEDBACK"
    array = np.asarray(value)
    assert array.dtype != object
    return array.dtype.str, array.shape, array.tobytes().hex()


def digest(data):
    """A short name for all that came of an office."""
    return hashlib.sha256(repr(all_of_it(*office_of(data))).encode()).hexdigest()


def within_standard_errors(measured, expected, batches=40, errors=4.0):
    """Whether the mean of a sequence is as expected, by the method of batch means."""
    means = np.array([batch.mean() for batch in np.array_split(measured, batches)])
    return abs(means.mean() - expected) < errors * means.std(ddof=1) / math.sqrt(batches)
