import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.mail import one_tray
from tests.mail.small_mailroom import BOTH, SmallMailroom, reads_all, rows, sends

pytestmark = pytest.mark.parametrize("lookahead", BOTH)


def in_the_middle(**mails):
    """One reader, and for each of its links a sender at the other end."""
    site = SmallMailroom("reader", *mails)
    reader, *others = site.trays
    ends = [site.link(name, tray, reader, mail) for (name, mail), tray in zip(mails.items(), others, strict=True)]
    return site, reader, others, [link for link, _ in ends], [end for _, end in ends]


def at_times(link, tray, *times):
    """Sends one letter at each of these times, named after it."""

    async def sender():
        for time in times:
            await tray.sleep_until(time)
            await link.send((time, link.name))
        await tray.mail()

    return sender


def test_receiving_from_one_link_leaves_what_is_on_others(lookahead):
    site, reader, (alex, bo), (from_alex, from_bo), ends = in_the_middle(alex="delay 10ns", bo="delay 10ns")
    heard = []

    async def reads():
        for place in (1, 1, 0, 0, 1, 0):
            letter = await ends[place].receive()
            heard.append((*letter, reader.now))
        await reads_all(reader, [])()

    senders = at_times(from_alex, alex, 1, 2, 30), at_times(from_bo, bo, 4, 15, 60)
    site.run(reads, *senders, lookahead=lookahead)
    assert heard == [
        (4, "bo", 14), (15, "bo", 25), (1, "alex", 25), (2, "alex", 25), (60, "bo", 70), (30, "alex", 70),
    ]  # fmt: skip


def test_a_channel_is_iterated_like_any_channel_of_trio(lookahead):
    site, reader, (alex, bo), links, (end, _) = in_the_middle(alex="delay 10ns", bo="delay 10ns")
    heard = []

    async def reads():
        async for letter in end:
            heard.append((letter, reader.now))  # noqa: PERF401 (it never ends)

    site.run(reads, at_times(links[0], alex, 3, 5), at_times(links[1], bo, 1, 4), lookahead=lookahead)
    assert heard == [((3, "alex"), 13), ((5, "alex"), 15)]
    assert repr(reader) == "<Tray of reader: 2 to read>"


def test_the_clock_comes_before_mail_of_the_same_instant(lookahead):
    site, reader, (alex,), (link,), _ = in_the_middle(alex="delay 10ns")
    heard = []

    async def reads():
        for due in (5, 20, 21, 40, 41):
            heard.append((due, await reader.mail_until(due), reader.now))
            if heard[-1][1]:
                heard.append(reader.take())
                heard.append(reader.now)
        await reads_all(reader, [])()

    site.run(reads, at_times(link, alex, 10, 30), lookahead=lookahead)
    assert heard == [
        (5, False, 5), (20, False, 20), (21, True, 20), (0, 10, "alex"), 20,
        (40, False, 40), (41, True, 40), (0, 30, "alex"), 40,
    ]  # fmt: skip


@given(st.lists(st.integers(0, 60), max_size=8), st.lists(st.integers(0, 80), min_size=1, max_size=8))
def test_mail_until_is_mail_exactly_where_some_arrives_before(lookahead, sent, dues):
    site, reader, (alex,), (link,), _ = in_the_middle(alex="delay 10ns")
    answers = []

    async def reads():
        for due in dues:
            is_mail = await reader.mail_until(due)
            if is_mail:
                reader.take()
            answers.append((is_mail, reader.now))
        await reads_all(reader, [])()

    site.run(reads, at_times(link, alex, *sorted(sent)), lookahead=lookahead)
    arrivals, now = sorted(time + 10 for time in sent), 0
    for due, answer in zip(dues, answers, strict=True):
        is_mail = bool(arrivals) and arrivals[0] < due
        now = max(now, arrivals.pop(0) if is_mail else due)
        assert answer == (is_mail, now)


def test_a_reader_that_sleeps_wakes_on_time_and_loses_no_mail(lookahead):
    site, reader, (alex,), (link,), _ = in_the_middle(alex="delay 10ns")
    heard = []

    async def reads():
        for time in (0, 25, 25, 7, 90):
            await reader.sleep_until(time)
            heard.append(reader.now)
        while True:
            await reader.mail()
            heard.append((reader.take()[1], reader.now))

    site.run(reads, at_times(link, alex, 0, 10, 80, 85), lookahead=lookahead)
    assert heard == [0, 25, 25, 25, 90, (0, 90), (10, 90), (80, 90), (85, 95)]


def test_a_timer_that_was_moved_rings_at_its_last_time_only(lookahead):
    site, reader, (alex,), (link,), _ = in_the_middle(alex="delay 10ns")
    heard = []

    async def reads():
        for due in (50, 90, 40, 50, 95):
            is_mail = await reader.mail_until(due)
            heard.append((is_mail, reader.now if not is_mail else reader.take()[1]))
        await reads_all(reader, [])()

    site.run(reads, at_times(link, alex, 0, 5, 70), lookahead=lookahead)
    assert heard == [(True, 0), (True, 5), (False, 40), (False, 50), (True, 70)]


def test_a_reader_that_settles_has_everything_that_arrives_by_now(lookahead):
    site, reader, (alex, bo), (from_alex, from_bo), _ = in_the_middle(alex="delay 10ns", bo="delay 30ns")
    batches = []

    async def reads():
        await reader.settle()
        while True:
            await reader.mail()
            reader.now = reader.arrived[0][0]
            await reader.settle()
            batch = []
            while reader.arrived and reader.arrived[0][0] <= reader.now:
                batch.append(reader.take()[1:])
            batches.append((reader.now, batch))

    site.run(reads, at_times(from_alex, alex, 20, 20, 25), at_times(from_bo, bo, 0, 10), lookahead=lookahead)
    assert batches == [(30, [(20, "alex"), (20, "alex"), (0, "bo")]), (35, [(25, "alex")]), (40, [(10, "bo")])]


def test_the_clock_moves_to_each_letter_as_it_is_read(lookahead):
    site, reader, (alex,), (link,), _ = in_the_middle(alex="delay 100ns")
    heard = []
    site.run(reads_all(reader, heard), at_times(link, alex, 0, 3, 50), lookahead=lookahead)
    assert [time for time, *_ in heard] == [100, 103, 150]


def test_a_reader_that_sleeps_between_two_letters_does_not_go_back_in_time(lookahead):
    site, reader, (alex,), (link,), _ = in_the_middle(alex="delay 10ns")
    clock = []

    async def reads():
        async for letters in reader:
            for _ in letters:
                clock.append(reader.now)
                await reader.sleep_until(reader.now + 10)

    site.run(reads, at_times(link, alex, 0, 0, 3, 50), lookahead=lookahead)
    assert clock == [10, 20, 30, 60]


def test_what_comes_for_a_reader_that_has_gone_home_stays_in_its_tray(lookahead):
    site, reader, (alex, bo), (from_alex, from_bo), _ = in_the_middle(alex="delay 10ns", bo="delay 10ns")

    async def goes_home():
        await reader.mail()
        reader.take()
        reader.leave()

    journal = site.run(goes_home, at_times(from_alex, alex, 0, 20), at_times(from_bo, bo, 30), lookahead=lookahead)
    assert [arrived for *_, arrived in rows(journal)] == [10, 30, 40]
    assert len(reader.arrived) == 2


def test_mail_bears_the_number_of_its_channel(lookahead):
    site = SmallMailroom("reader", "alex", "bo")
    reader, alex, bo = site.trays
    from_alex, alex_end = site.link("from alex", alex, reader)
    from_bo, bo_end = site.link("from bo", bo, reader)
    site.open(lookahead=lookahead)
    assert one_tray({7: bo_end, 5: alex_end}) is reader
    heard = []
    site.open = lambda **_: None
    site.run(reads_all(reader, heard), sends(from_alex, alex, (1, "a")), sends(from_bo, bo, (1, "b")))
    assert heard == [(0, 5, 1, "a"), (0, 7, 1, "b")]


def test_one_tray_is_refused_where_there_are_two(lookahead):
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    ends = [site.link("bo.inbox", alex, bo)[1], site.link("alex.inbox", bo, alex)[1]]
    site.open(lookahead=lookahead)
    with pytest.raises(ValueError, match=r"alex\.inbox does not end in the tray of bo"):
        one_tray(dict(enumerate(ends)))


def test_a_reader_that_goes_home_with_a_timer_set_is_not_called_back(lookahead):
    site = SmallMailroom("reader", "alex")
    reader, alex_ = site.trays
    link, _ = site.link("alex", alex_, reader, "delay 10ns")

    async def goes_home():
        assert await reader.mail_until(50)
        reader.take()
        reader.leave()

    site.run(goes_home, sends(link, alex_, (1, "x")), lookahead=lookahead)
