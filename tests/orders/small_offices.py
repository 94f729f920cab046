"""Small offices for exploring, whose every word tells what the worker has heard before it, in which order."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from office import Chain, Client, Team, Worker, everyone, in_turn, least_busy


class Diary:
    """Words that depend on all that was said to this worker before."""

    def __init__(self):
        self.so_far = 0

    def write(self, *words):
        self.so_far = hash((self.so_far, *words)) % 10**6
        return f"{self.so_far}"

    def __call__(self, task):
        return self.write(task), lambda feedback: self.write("re", feedback)


def worker(name):
    return Worker(Diary(), name)


def side_by_side(outputs):
    """Every answer, and to each member what is said of all."""
    return "+".join(map(str, outputs)), lambda feedback: [f"{feedback}/{place}" for place in range(len(outputs))]


def say(output, target):
    return float(len(output)), f"re {output}"


def words(tasks, **client):
    return Client([(f"task {number}", None) for number in range(tasks)], say, **client)


CHARTS = {
    "worker": lambda: worker("alex"),
    "chain": lambda: Chain([worker("alex"), worker("bo")]),
    "in turn": lambda: Team([worker("alex"), worker("bo")], allocate=in_turn),
    "least busy": lambda: Team([worker("alex"), worker("bo")], allocate=least_busy),
    "alone": lambda: Team([worker("alex")]),
    "in and in": lambda: Team([Team([worker("alex"), worker("bo")], "inner", allocate=in_turn)], allocate=everyone),
    "chain in turn": lambda: Chain([worker("low"), Team([worker("alex"), worker("bo")], allocate=in_turn)]),
}
LATE = (
    "*",
    "*.inbox",
    "*.feedback_from_above",
    ("*.inbox", "*.feedback_from_above"),
    ("*.outbox", "*.feedback_to_below"),
)


@dataclass(frozen=True)
class Small:
    """An office, and how many tasks it has."""

    name: str
    make_chart: Callable
    client: Client
    late: str | tuple[str, ...]


small_offices = st.builds(
    lambda name, tasks, in_flight, late: Small(name, CHARTS[name], words(tasks, in_flight=in_flight), late),
    st.sampled_from(sorted(CHARTS)), st.integers(1, 3), st.sampled_from([None, 1, 2]), st.sampled_from(LATE),
)  # fmt: skip
