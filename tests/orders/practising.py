"""Small offices for wrong managers: what makes each of their mistakes show."""

from functools import partial

import numpy as np

from office import Client, Linear, LinearTotal, Team, Worker, in_turn, maximum, squared_error
from office.desks import ManagerDesk

TABLE = np.array([[1.0, 2.0], [3.0, -1.0]])
WORDS = Client([("a", 0), ("b", 0), ("c", 0)], lambda output, _: (0.0, f"re {output}"))
TOTALS = Client([(TABLE, 1.0), (TABLE + 0.3, 2.0)], squared_error)
ROWS = Client([(TABLE, np.array([1.0, 2.0])), (TABLE + 1.0, np.array([1.0, 2.0]))], squared_error)


def estimator(name):
    return lambda task: (f"{name}({task})", lambda feedback: f"{name} hears {feedback}")


def words(manager=ManagerDesk):
    return Team([Worker(estimator(name), name) for name in ("alex", "bo")], "team", allocate=in_turn, manager=manager)


def rows(manager=ManagerDesk, policy="stash"):
    members = [Worker(Linear(weights, 0.1, policy=policy), name) for name, weights in WEIGHTS.items()]
    return Team(members, "team", combine=maximum, manager=manager)


def totals(manager=ManagerDesk):
    members = [Worker(LinearTotal(weights, 0.1), name) for name, weights in WEIGHTS.items()]
    return Team(members, "team", combine=maximum, manager=manager)


def three(manager=ManagerDesk):
    weights = WEIGHTS | {"cy": [0.7, 0.13]}
    return Team([Worker(LinearTotal(each, 0.1), name) for name, each in weights.items()], "team", manager=manager)


WEIGHTS = {"alex": [1.1, 0.5], "bo": [0.37, 2.3]}


def with_manager(make_chart, manager):
    return partial(make_chart, manager)
