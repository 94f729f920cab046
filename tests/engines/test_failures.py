"""Of several desks that fail, the one that fails first is told of, however far ahead the others were."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Client, Team, Worker, every, everyone, simulate
from office.testing.recipes import chart_of, nudge
from tests.engines.building import among, client_of, estimator_of, links_of
from tests.engines.offices import SLOW_MAIL, offices
from tests.tiers import examples

PARTS = "answer", "reply"


class Trouble(Exception):
    """What goes wrong."""


class Frail:
    """An estimator that fails when it has answered, or heard feedback, so many times."""

    def __init__(self, estimator, part, after):
        self.estimator, self.part, self.left = estimator, part, after

    def count(self, part):
        if part == self.part:
            self.left -= 1
            if self.left < 0:
                raise Trouble(part)

    def __call__(self, inputs):
        self.count("answer")
        output, callback = self.estimator(inputs)

        def handle_feedback(feedback):
            self.count("reply")
            return callback(feedback)

        return output, handle_feedback


class FrailClient:
    """Feedback, and tasks, that fail when there have been so many."""

    def __init__(self, feedback, after):
        self.feedback, self.left = feedback, after

    def __call__(self, output, target):
        self.left -= 1
        if self.left < 0:
            raise Trouble("said")
        return self.feedback(output, target)


def outcome(data, frail, client_fails, **options):
    """What a run came to: the error, with all that it says."""
    places = count()

    def frail_estimator(kind, number, name):
        place, estimator = next(places), estimator_of(kind, number, name)
        return Frail(estimator, *frail[place]) if place in frail else estimator

    client = client_of(data["client"])
    if client_fails is not None:
        client = replace(client, feedback=FrailClient(client.feedback, client_fails))
    mail = among(links_of(data["chart"]), *data["mail"])
    try:
        run = simulate(
            chart_of(data["chart"], frail_estimator),
            client,
            mail=mail,
            seed=data["seed"],
            until=data["until"],
            **options,
        )
    except Exception as error:  # noqa: BLE001
        return type(error), str(error), getattr(error, "__notes__", ())
    return run.journal.to_bytes()


frailties = st.dictionaries(st.integers(0, 5), st.tuples(st.sampled_from(PARTS), st.integers(0, 6)), max_size=4)
"""By the place of an estimator in the chart: which part of it fails, and after how many times."""


@given(offices(conditions=SLOW_MAIL), frailties, st.none() | st.integers(0, 6))
@settings(max_examples=examples(200))
def test_the_first_failure_of_all_is_raised_whether_desks_work_side_by_side_or_not(data, frail, client_fails):
    side_by_side, one_by_one = (outcome(data, frail, client_fails, lookahead=lookahead) for lookahead in (True, False))
    assert side_by_side == one_by_one


AT_ONCE, SETTLING, SLOW = {}, {"max_pending": 9}, {"answer_time": "5ms"}


@pytest.mark.parametrize(
    ("paces", "tasks_before", "said_before", "first"),
    [
        ([SETTLING, AT_ONCE], [0, 0], None, "bo"),  # what waits till all is in comes after what arrives
        ([AT_ONCE, SLOW], [1, 0], None, "bo"),  # a timer comes before what arrives
        ([AT_ONCE, SETTLING], [2, 9], 0, "client"),  # whose link has a lower place than those of the team
        ([SETTLING, AT_ONCE], [2, 9], 0, "client"),
        ([SLOW, AT_ONCE], [2, 9], 0, "alex"),
    ],
)
def test_at_one_instant_timers_come_first_then_arrivals_by_link_then_who_waits_for_its_end(
    paces, tasks_before, said_before, first
):
    def error(*, lookahead):
        crew = [
            Worker(Frail(lambda inputs: (inputs, lambda feedback: feedback), "answer", before), name, **pace)
            for name, before, pace in zip(["alex", "bo"], tasks_before, paces, strict=True)
        ]
        feedback = nudge if said_before is None else FrailClient(nudge, said_before)
        client = Client([(1.0, 0.0)] * 9, feedback, arrivals=every("5ms"))
        with pytest.raises(Trouble) as failed:
            simulate(Team(crew, "team", allocate=everyone), client, mail="delay 5ms", lookahead=lookahead)
        return failed.value.__notes__

    assert error(lookahead=True) == error(lookahead=False)
    assert first in error(lookahead=True)[0]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("mail", SLOW_MAIL)
@pytest.mark.parametrize("pace", [{}, {"answer_time": "2ms", "reply_time": "1ms 1ms"}])
def test_of_a_busy_team_that_fails_at_every_desk_the_first_failure_is_raised(mail, pace):
    members = [("worker", "table", number, pace if number == 1 else {}) for number in range(4)]
    chart = "chain", True, [("team", "everyone", "addition", members, None), ("worker", "total", 9, {})]
    arrivals = [["every", "2ms"], ["all at once"], ["poisson", 400]]
    differing, errors = [], set()
    for seed in range(20):
        rng = np.random.default_rng(seed)
        client = {"tasks": 12, "in_flight": 5, "arrivals": arrivals[seed % 3], "replies": ["after", "3ms"]}
        data = {"chart": chart, "mail": (mail, ()), "client": client, "seed": seed, "until": None}
        frail = {place: (PARTS[rng.integers(2)], int(rng.integers(4))) for place in range(5)}
        fails = int(rng.integers(6)) if seed % 2 else None
        side_by_side, one_by_one = (outcome(data, frail, fails, lookahead=lookahead) for lookahead in (True, False))
        errors.add(one_by_one[2][0])
        differing += [seed] * (side_by_side != one_by_one)
    assert differing == []
    assert len(errors) > 5
