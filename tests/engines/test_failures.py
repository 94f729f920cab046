"""Of several desks that fail, the one that fails first is told of, however far ahead the others were."""

import numpy as np
import pytest
from hypothesis import given, settings

from office import Client, Team, Worker, every, everyone, simulate
from tests.engines.building import all_of_it
from tests.engines.frail import (
    PARTS,
    Frail,
    Trouble,
    client_frailties,
    frail_feedback,
    frail_office,
    frailties,
)
from tests.engines.offices import SLOW_MAIL, offices
from tests.tiers import examples


def outcome(*office, **options):
    """What a run came to: the error, with all that it says."""
    run, _ = frail_office(*office, **options)
    return (str(run), run.__notes__) if isinstance(run, Trouble) else all_of_it(run, [])


@given(offices(conditions=SLOW_MAIL), frailties, client_frailties)
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
        feedback = frail_feedback(said_before)
        client = Client([(1.0, 0.0)] * 9, feedback, arrivals=every("5ms"))
        with pytest.raises(Trouble) as failed:
            simulate(Team(crew, "team", allocate=everyone), client, mail="delay 5ms", lookahead=lookahead)
        return failed.value.__notes__

    assert error(lookahead=True) == error(lookahead=False)
    assert first in error(lookahead=True)[0]


@pytest.mark.unwatched
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
        errors.add(one_by_one[1][0])
        differing += [seed] * (side_by_side != one_by_one)
    assert differing == []
    assert len(errors) > 5
