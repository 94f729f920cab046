import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import TimeStandsStill
from tests.mail.small_mailroom import SmallMailroom, reads_all, rows, sends


def ball_game(in_an_instant, throws=None, mail="", balls=1):
    """Two readers who throw a ball to and fro, so many times or for ever."""
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    to_bo, _ = site.link("bo.inbox", alex, bo, mail)
    to_alex, _ = site.link("alex.inbox", bo, alex, mail)

    def player(tray, link, first):
        async def reader():
            for number in range(first):
                await link.send((number, 1))
            async for letters in tray:
                for _, ball, thrown in letters:
                    if thrown != throws:
                        await link.send((ball, thrown + 1))

        return reader

    return site.run(player(alex, to_bo, balls), player(bo, to_alex, 0), in_an_instant=in_an_instant)


def whole_burst(count, in_an_instant, instants=1):
    """So many letters at each of several instants."""
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo, "delay 10ns")

    async def sender():
        for instant in range(instants):
            await alex.sleep_until(instant)
            for number in range(count):
                await link.send((number, "letter"))
        await alex.mail()

    return site.run(sender, reads_all(bo, []), in_an_instant=in_an_instant)


@pytest.mark.parametrize("in_an_instant", [1, 2, 100, 256, 1000, 5000])
def test_an_office_that_never_leaves_an_instant_says_at_which(in_an_instant):
    with pytest.raises(ExceptionGroup) as caught:
        ball_game(in_an_instant)
    what = rf"more than {in_an_instant:,} events at 0 s: the office never leaves that instant .*in_an_instant="
    assert caught.group_contains(TimeStandsStill, match=what)


def test_time_that_stands_still_later_is_noticed_too():
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    slow, _ = site.link("slow", alex, bo, "delay 3us")
    to_bo, _ = site.link("to bo", alex, bo)
    to_alex, _ = site.link("to alex", bo, alex)

    async def starts():
        await slow.send((1, "go"))
        async for letters in alex:
            for _, task_id, body in letters:
                await to_bo.send((task_id, body))

    async def returns():
        async for letters in bo:
            for _, task_id, body in letters:
                await to_alex.send((task_id, body))

    with pytest.raises(ExceptionGroup) as caught:
        site.run(starts, returns, in_an_instant=50)
    assert caught.group_contains(TimeStandsStill, match="more than 50 events at 3 us")


@given(st.integers(1, 700))
def test_an_instant_may_be_as_busy_as_is_allowed(limit):
    assert len(ball_game(limit, throws=limit)) == limit
    assert len(whole_burst(limit, limit)) == limit


@pytest.mark.parametrize("limit", [3, 256, 300])
def test_many_busy_instants_are_not_one(limit):
    """Each burst comes with the sender's timer; together they are far more than the limit."""
    assert len(whole_burst(limit - 1, limit, instants=20)) == 20 * (limit - 1)
    assert len(ball_game(limit, throws=20 * limit, mail="delay 1ns")) == 20 * limit


def test_at_one_instant_timers_come_first_then_arrivals_by_link_then_readers_that_settle():
    site = SmallMailroom("alex", "bo", "casey", "dani")
    alex, bo, casey, dani = site.trays
    to_casey, _ = site.link("to casey", bo, casey, "delay 10ns")
    to_bo, _ = site.link("to bo", alex, bo, "delay 10ns")
    happened = []

    async def settles():
        await to_bo.send((1, "early"))
        await alex.sleep_until(10)
        happened.append("alex's timer")
        await alex.settle()
        happened.append("alex has settled")
        await alex.mail()

    async def reads(tray, first=None):
        if first:
            await first.send((1, "early"))
        async for letters in tray:
            for letter in letters:
                happened.append(f"{tray.name} reads {letter[2]}")  # noqa: PERF401

    async def rings():
        await dani.sleep_until(10)
        happened.append("dani's timer")
        await dani.mail()

    site.run(settles, lambda: reads(bo, to_casey), lambda: reads(casey), rings)
    assert happened == ["alex's timer", "dani's timer", "casey reads early", "bo reads early", "alex has settled"]


def test_what_takes_no_time_still_comes_in_the_order_of_links():
    site = SmallMailroom("reader", "alex", "bo")
    reader, alex, bo = site.trays
    links = [site.link(name, tray, reader)[0] for name, tray in (("second", bo), ("first", alex))]
    journal = site.run(
        sends(links[1], alex, (1, ""), (2, "")), reads_all(reader, []), sends(links[0], bo, (1, ""), (2, ""))
    )
    assert [row[:2] for row in rows(journal)] == [("second", 1), ("second", 2), ("first", 1), ("first", 2)]
