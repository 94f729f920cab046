"""A thousand random offices: chart, mail, faults, delivery, client and seed. In each, all that must be true is true."""

from hypothesis import given, settings
from hypothesis import strategies as st

from office.study import check
from office.testing.strategies import mail_conditions
from tests.engines.building import office_of
from tests.engines.offices import EITHER, troubled_offices
from tests.tiers import examples

ROUGH = mail_conditions("delay", "loss", "duplicate", "corrupt", "reorder", longest="10ms")
ANY = mail_conditions(longest="10ms")


@given(st.one_of(troubled_offices(ROUGH, EITHER, max_tasks=6), troubled_offices(ANY, max_tasks=6)))
@settings(max_examples=examples(1000))
def test_a_thousand_offices_run_to_their_end_with_every_check_passing(data):
    run, estimators = office_of(data)
    assert check(run.journal) == []
    tasks = data["client"]["tasks"] * data["client"]["epochs"]
    assert set(run.feedback_below) | run.given_up == set(range(tasks))
    learnt = [worker.parameters for worker in estimators if hasattr(worker, "parameters")]
    assert all(parameters.heard <= parameters.answered for parameters in learnt)
