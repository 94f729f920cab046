"""Cells for the tests: they stand at the top of a file, and need little to be loaded."""

import math
import os
import signal
import time

import numpy as np

from office import Client, Linear, Worker, every, every_point, simulate, squared_error
from office.errors import NotANumber

POINTS = every_point(rate=[0.01, 1 / 30], mail=["", "delay 20ms 5ms"])


def late(*, seed, rate, mail):
    """A small office."""
    rows = np.random.default_rng(seed).normal(size=(20, 3))
    alex = Linear(np.zeros(3), 0.0, rate)
    client = Client([(rows, rows.sum(1))], squared_error, epochs=30, arrivals=every("10ms"))
    losses = simulate(Worker(alex, "alex"), client, mail=mail, seed=seed).losses
    return {"loss": losses[-1], "halved": (int((losses < losses[0] / 2).sum()), len(losses))}


def surroundings(*, seed):
    """What its process finds in its environment; it says something, and is interrupted from the keyboard."""
    signal.raise_signal(signal.SIGINT)
    os.write(1, b"said aloud\n")
    names = "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONHASHSEED"
    return {name: float(os.environ[name]) for name in names}


def divides(*, seed, by):
    """Fails for some."""
    return {"quotient": seed / by}


def stays(*, seed, seconds):
    """Takes a while, unless the seed is 0."""
    time.sleep(seconds if seed else 0)
    return {"took": seconds}


def ends(*, seed, how):
    """Takes its process with it, if its seed is 1."""
    if seed == 1 and how == "exit":
        os._exit(3)
    if seed == 1:
        os.kill(os.getpid(), getattr(signal, how))
    time.sleep(0.0 if seed == 0 else 60.0)
    return {"number": seed}


def diverges(*, seed, rate):
    """A small office, which diverges if the rate is too large; and a desk that overflows, and a loss that is none."""
    if rate == "overflow":
        math.exp(1000.0)
    if rate == "in a group":
        raise ExceptionGroup("of an office that is open", [NotANumber("feedback", " is NaN")])
    if rate == "infinite":
        return {"loss": math.inf}
    rows = np.random.default_rng(seed).normal(size=(20, 3))
    client = Client([(rows, rows.sum(1))], squared_error, epochs=400, in_flight=1)
    with np.errstate(all="ignore"):
        run = simulate(Worker(Linear(np.zeros(3), 0.0, rate), "alex"), client, mail="delay 5ms", seed=seed)
    return {"loss": run.losses[-1]}


def fickle(*, seed):
    """Returns now this name, now that."""
    return {"even" if seed % 2 == 0 else "odd": seed}


class Nameless(Exception):
    """An exception that cannot be made again from what it says."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


def breaks(*, seed):
    raise Nameless(1, 2)
