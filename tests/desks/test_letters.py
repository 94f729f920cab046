from hypothesis import given
from hypothesis import strategies as st

from office.desks import FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, WorkerDesk
from tests.desks.small_office import NAMES, SmallOffice, Wordy, manager_of, orders

teams = st.integers(1, 5)


def test_a_desk_sends_on_the_opposite_of_what_it_reads():
    assert (INBOX, OUTBOX) == (0, 0)
    assert (FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW) == (1, 1)


@given(teams, st.data())
def test_the_channels_of_member_k_are_2_and_3_and_twice_k(members, data):
    k = data.draw(st.integers(0, members - 1))
    desk = manager_of(members, allocate=lambda task_id, inputs, books: k)
    assert desk.read(INBOX, 3, "table") == [(2 + 2 * k, 3, "table")]
    assert desk.read(2 + 2 * k, 3, "estimate") == [(OUTBOX, 3, ("estimate",))]
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [(3 + 2 * k, 3, ("bolder", "estimate"))]
    assert desk.read(3 + 2 * k, 3, "a better table") == [(FEEDBACK_TO_BELOW, 3, "a better table")]


@given(teams, orders)
def test_every_letter_has_a_channel_its_task_and_a_body(members, order):
    office = SmallOffice([Wordy(name) for name in NAMES[:members]])
    posted = []

    def post(desk, *letter):
        posted.append((desk, letter))
        SmallOffice.post(office, desk, *letter)

    office.post = post
    for task_id in ("first", 2):
        office.submit(task_id, f"table {task_id}")
    office.run(order)
    assert len(posted) == 2 * (4 * members + 2)
    for desk, (channel, task_id, _) in posted:
        assert channel in range(2 if isinstance(desk, WorkerDesk) else 2 + 2 * members)
        assert task_id in ("first", 2)


def test_desks_have_a_name_and_a_number_of_tasks_pending():
    for desk in (WorkerDesk("alex", Wordy("alex")), manager_of(2, name="alex")):
        assert (desk.name, desk.pending) == ("alex", 0)
        desk.read(INBOX, 1, "table")
        assert desk.pending == 1
        assert "alex" in repr(desk)
        assert "1" in repr(desk)
