"""A manager, a team and a bag of mail that may be emptied in any order; and what to look at afterwards."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from hypothesis import strategies as st

from office.desks import FEEDBACK_FROM_ABOVE, INBOX, OUTBOX, ManagerDesk, WorkerDesk, everyone
from office.work import Once

NAMES = ["alex", "bo", "casey", "dani", "ely"]

orders = st.binary(max_size=120)
"""Which letter of the bag is next, again and again; when there is no more to say, the one that waits longest."""


def chorus(outputs):
    """All the answers side by side; each member hears the feedback and its own answer, which it is about."""
    answers = tuple(outputs)
    return answers, lambda feedback: [(feedback, answer) for answer in answers]


class Wordy:
    """Answers in words, keeps all the feedback it hears, and says its own number about the inputs."""

    def __init__(self, name, number=0.0):
        self.name, self.number, self.asked, self.heard = name, number, [], []

    def __call__(self, inputs):
        self.asked.append(inputs)

        def handle_feedback(feedback):
            self.heard.append(feedback)
            return self.number

        return f"{self.name} on {inputs}", handle_feedback


def manager_of(members, allocate=everyone, combine=chorus, name="estimates", seed=0, desk=ManagerDesk):
    """The manager's desk alone; the team is a number of names, or the names themselves."""
    names = NAMES[:members] if isinstance(members, int) else members
    return desk(name, names, allocate, combine, np.random.default_rng(seed))


class SmallOffice:
    """One team, whose mail is in a bag; the people above reply to each result with `reply(task_id, output)`."""

    def __init__(
        self,
        estimators,
        reply=lambda task_id, output: f"re {task_id}",
        worker_desk=WorkerDesk,
        **manager,
    ):
        names = NAMES[: len(estimators)]
        self.manager = manager_of(names, **manager)
        self.members = [worker_desk(f"estimates/{name}", at) for name, at in zip(names, estimators, strict=True)]
        self.to_members = {
            channel.of_member(k): (desk, channel)
            for k, desk in enumerate(self.members) for channel in (INBOX, FEEDBACK_FROM_ABOVE)
        }  # fmt: skip
        self.reply = reply
        self.bag = []
        self.results, self.below, self.order = {}, {}, []

    def submit(self, task_id, inputs):
        self.bag.append((self.manager, INBOX, task_id, inputs))

    def deliver(self, place):
        desk, channel, task_id, body = self.bag.pop(place)
        for letter in desk.read(channel, task_id, body):
            self.post(desk, *letter)

    def post(self, desk, channel, task_id, body):
        if desk is not self.manager:
            self.bag.append((self.manager, channel.of_member(self.members.index(desk)), task_id, body))
        elif channel in self.to_members:
            self.bag.append((*self.to_members[channel], task_id, body))
        elif channel == OUTBOX:
            assert task_id not in self.results
            self.results[task_id] = body
            self.order.append(task_id)
            self.bag.append((self.manager, FEEDBACK_FROM_ABOVE, task_id, self.reply(task_id, body)))
        else:
            assert task_id not in self.below
            self.below[task_id] = body

    def run(self, order, before_each=lambda office: None):
        picks = iter(order)
        while self.bag:
            before_each(self)
            self.deliver(next(picks, 0) % len(self.bag))

    @property
    def pending(self):
        return [desk.pending for desk in [self.manager, *self.members]]


def state(thing):
    """Everything that a desk knows, in a form that can be compared; what is no part of it goes by its id."""
    if isinstance(thing, np.random.Generator):
        return str(thing.bit_generator.state)
    if isinstance(thing, np.ndarray):
        return thing.dtype, thing.shape, thing.tobytes()
    if isinstance(thing, Once):
        return id(thing), repr(thing)
    inside = []
    if isinstance(thing, Mapping):
        inside = [(key, state(value)) for key, value in thing.items()]
    elif isinstance(thing, (Sequence, AbstractSet)) and not isinstance(thing, str):
        inside = [state(value) for value in thing]
    elif not type(thing).__module__.startswith("office.desks"):
        return thing if isinstance(thing, (str, int, float)) else id(thing)
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    held = {name: getattr(thing, name) for name in slots if hasattr(thing, name)} | getattr(thing, "__dict__", {})
    return type(thing).__name__, inside, sorted((name, state(value)) for name, value in held.items())


def size(thing):
    """How many things a desk keeps, one in another."""
    return sum(map(size, thing)) if isinstance(thing, (tuple, list)) else 1
