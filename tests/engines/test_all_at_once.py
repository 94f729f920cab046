import warnings

import numpy as np
import pytest

from office import Affine, Client, Linear, Team, Worker, all_at_once, average, simulate, softmax_cross_entropy
from office.errors import AllAtOnce
from office.work import squared_error

TABLES = np.random.default_rng(0).normal(size=(300, 4, 2))
TASKS = [(table, table @ [1.0, 2.0]) for table in TABLES]


def crew():
    return Team(
        [Worker(Linear.drawn(2, 1e-5, seed), name) for seed, name in enumerate(("alex", "bo"))], combine=average
    )


def test_a_client_that_says_nothing_of_tasks_in_flight_is_told_how_late_feedback_came_and_what_to_write():
    with pytest.warns(AllAtOnce) as caught:
        simulate(crew(), Client(TASKS, squared_error), mail="delay 5ms")
    assert str(caught[0].message) == (
        "all tasks were submitted at once, and team/alex learnt from feedback up to 299 updates late.\n"
        "Client(…, in_flight=1) trains as usual, one task after another; in_flight=N has so many under way;\n"
        "arrivals=all_at_once() says that it is meant so"
    )


def test_so_it_is_with_layers_and_losses_of_any_kind():
    labels = [(table, np.arange(4) % 2) for table in TABLES]
    with pytest.warns(AllAtOnce, match="affine learnt from feedback up to 299 updates late"):
        simulate(Worker(Affine.drawn(2, 2, 1e-3)), Client(labels, softmax_cross_entropy))


@pytest.mark.parametrize(
    "options",
    [{"in_flight": 1}, {"in_flight": 200}, {"arrivals": all_at_once()}, {"arrivals": [0] * 300}],
    ids=["one", "many", "at once", "times"],
)
def test_who_says_it_is_not_warned(options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulate(crew(), Client(TASKS, squared_error, **options), mail="delay 5ms")


def test_a_few_tasks_and_workers_that_do_not_learn_are_no_cause_to_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulate(crew(), Client(TASKS[:31], squared_error))
        simulate(Worker(lambda table: (table, lambda feedback: feedback), "alex"), Client(TASKS, lambda *_: (0.0, 0)))
