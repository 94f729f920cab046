"""A thousand random offices: chart, mail, faults, delivery, client and seed. In each, all that must be true is true."""

from hypothesis import given, settings
from hypothesis import strategies as st

from office.study import check
from tests.engines.building import office_of
from tests.engines.offices import EITHER, troubled_offices

SLOW = ["delay 5ms 3ms rate 1mbit limit 5", "delay 2ms slot 3ms 5ms packets 2"]
ROUGH = [
    "delay 5ms 3ms loss 10%",
    "delay 5ms 3ms 50% duplicate 30% 20%",
    "delay 5ms corrupt 10% duplicate 10%",
    "delay 10ms 2ms reorder 30% 50% gap 2",
    "delay 5ms 4ms distribution paretonormal loss gemodel 5% 40% 80% 1%",
    "loss state 5% 60% 10% 50% 1%",
    "delay 10ms 5ms distribution exponential loss 30% duplicate 10%",
    "delay 5ms",
    "",
]


@given(st.one_of(troubled_offices(ROUGH, EITHER, most=6), troubled_offices(ROUGH + SLOW, most=6)))
@settings(max_examples=1000)
def test_a_thousand_offices_run_to_their_end_with_every_check_passing(data):
    run, estimators = office_of(data)
    assert check(run.journal) == []
    tasks = data["client"]["tasks"] * data["client"]["epochs"]
    assert set(run.feedback_below) | run.given_up == set(range(tasks))
    learnt = [worker.parameters for worker in estimators if hasattr(worker, "parameters")]
    assert all(one.heard <= one.answered for one in learnt)
