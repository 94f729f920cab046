from hypothesis import given
from hypothesis import strategies as st

from office.desks import ALARM, FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, OUTSIDE, WorkerDesk
from tests.desks.small_office import NAMES, SmallOffice, Wordy, manager_of, orders

teams = st.integers(1, 5)


@given(st.integers(0, 50))
def test_no_two_channels_at_a_desk_have_one_number(members):
    own = [INBOX, OUTBOX, FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW]
    numbers = [ALARM, OUTSIDE, *own, *(channel.of_member(k) for k in range(members) for channel in own)]
    assert len(set(numbers)) == len(numbers)


@given(teams, st.data())
def test_a_manager_reads_what_a_member_sends_and_sends_what_it_reads(members, data):
    k = data.draw(st.integers(0, members - 1))
    desk = manager_of(members, allocate=lambda task_id, inputs, books: k)
    assert desk.read(INBOX, 3, "table") == [(INBOX.of_member(k), 3, "table")]
    assert desk.read(OUTBOX.of_member(k), 3, "estimate") == [(OUTBOX, 3, ("estimate",))]
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [
        (FEEDBACK_FROM_ABOVE.of_member(k), 3, ("bolder", "estimate"))
    ]
    assert desk.read(FEEDBACK_TO_BELOW.of_member(k), 3, "a better table") == [(FEEDBACK_TO_BELOW, 3, "a better table")]


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
    by_the_manager = {OUTBOX, FEEDBACK_TO_BELOW, *office.to_members}
    for desk, (channel, task_id, _) in posted:
        assert channel in ((OUTBOX, FEEDBACK_TO_BELOW) if isinstance(desk, WorkerDesk) else by_the_manager)
        assert task_id in ("first", 2)


def test_desks_have_a_name_and_a_number_of_tasks_pending():
    for desk in (WorkerDesk("alex", Wordy("alex")), manager_of(2, name="alex")):
        assert (desk.name, desk.pending) == ("alex", 0)
        desk.read(INBOX, 1, "table")
        assert desk.pending == 1
        assert "alex" in repr(desk)
        assert "1" in repr(desk)
