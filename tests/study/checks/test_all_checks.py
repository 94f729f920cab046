"""Every check holds for every run of ours, whatever the office, its mail and its troubles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Journal
from office.study.checks import check, checked
from tests.engines.building import office_of
from tests.engines.offices import offices, troubled_offices
from tests.study.checks.doctoring import Doctored
from tests.tiers import examples

ROUGH = [
    "delay 5ms 3ms loss 10%",
    "delay 5ms 3ms 50% duplicate 30% 20%",
    "delay 5ms corrupt 10% duplicate 10%",
    "delay 10ms 2ms reorder 30% 50% gap 2",
    "loss state 5% 60% 10% 50% 1%",
    "delay 5ms 5ms distribution exponential loss 30% duplicate 10%",
    "delay 5ms",
    "delay 2ns 1ns",
    "",
]
CROWDED = [
    "delay 3ms rate 100kbit limit 3",
    "delay 3ms 3ms rate 100kbit duplicate 20%",
    "delay 2ms slot 3ms 5ms packets 2",
]
CROWDED += ["delay 5ms 5ms slot 3ms", *ROUGH]


MISSING = "damaged", "to what was given up"
"""Of this that journal has nothing."""


def text(came_of_it):
    """What checks say of the journal of an office; nothing of one that came to a deadlock."""
    return [] if isinstance(came_of_it, str) else list(map(str, check(came_of_it.journal)))


@given(offices(capacities=(None, None, 1, 2)))
@settings(max_examples=examples(25))
def test_every_check_holds_for_the_journal_of_any_office(data):
    assert text(office_of(data)[0]) == []


@given(offices(conditions=CROWDED))
@settings(max_examples=examples(25))
def test_every_check_holds_under_rough_mail_wherever_the_run_ends(data):
    assert text(office_of(data)[0]) == []


@given(troubled_offices(CROWDED))
@settings(max_examples=examples(25))
def test_every_check_holds_whatever_befalls_the_desks(data):
    assert text(office_of(data)[0]) == []


@given(troubled_offices(ROUGH), st.sampled_from(["*.inbox", "*.feedback_from_above", "*"]))
@settings(max_examples=examples(25))
def test_every_check_holds_where_mail_is_sent_again(data, links):
    assert text(office_of(data, delivery={links: "at least once"})[0]) == []


@pytest.mark.parametrize("journal", [Journal(), Journal(settings={"mail": {"alex.inbox": "delay 5ms"}})])
def test_every_check_holds_for_an_empty_journal(journal):
    assert all(finding.holds for finding in checked(journal))


def test_the_checks_look_at_everything_that_a_journal_with_all_kinds_of_entries_has():
    looked = checked(Doctored().journal)
    assert len({finding.name for finding in looked}) == len(looked)
    counts = [item for finding in looked if finding.name != "room" for item in finding.looked_at.items()]
    assert all(number > 0 for what, number in counts if what not in MISSING)
