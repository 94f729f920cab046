"""What all three agendas have in common, by hand and without trio."""

import pytest

from office.mail.chosen_order import DELIVER, ChosenOrder
from office.mail.instants import Instants
from office.mail.windows import Windows
from tests.mail.small_mailroom import SmallMailroom

OPENED = {
    Windows: {"lookahead": True},
    Instants: {"lookahead": False},
    ChosenOrder: {"choose": lambda _pending: (0, DELIVER), "late": [0]},
}


@pytest.fixture(params=OPENED, ids=lambda kind: kind.__name__)
def office(request):
    """Two readers, alex with a link to bo, who waits for mail."""
    site = SmallMailroom("alex", "bo")
    site.alex, site.bo = site.trays
    site.to_bo, _ = site.link("bo.inbox", site.alex, site.bo, "delay 5ns")
    site.open(**OPENED[request.param])
    site.agenda = site.room.agenda
    assert type(site.agenda) is request.param
    site.bo.awaits_mail = True
    return site


def test_nothing_happens_until_every_reader_has_asked_for_a_turn(office):
    office.to_bo.send((7, "table"))
    assert office.agenda.next_turn() is None
    assert [task_id for *_, task_id, _, _ in office.agenda.in_flight()] == [7]
    assert not office.bo.arrived
    assert office.agenda.next_turn() is office.bo
    assert list(office.bo.letters()) == [(0, 7, "table")]
    assert list(office.agenda.in_flight()) == []


def test_no_reader_gets_the_baton_when_the_agenda_is_closed(office):
    assert office.agenda.next_turn() is None
    office.to_bo.send((7, "table"))
    office.alex.call_at(3)
    office.agenda.close()
    assert [office.agenda.next_turn() for _ in range(3)] == [None] * 3


def test_a_timer_rings_at_its_time_and_is_gone(office):
    assert office.agenda.next_turn() is None
    office.alex.call_at(3)
    assert office.agenda.next_turn() is office.alex
    assert office.alex.timer is None
    assert office.agenda.horizon > 3


def test_when_nothing_more_can_happen_the_mailroom_is_told(office):
    assert not office.quiet.is_set()
    assert [office.agenda.next_turn() for _ in range(2)] == [None] * 2
    assert office.quiet.is_set()
