"""Windows are an optimisation: nothing tells them from one instant at a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.mail.windows import Windows
from tests.mail.networks import MANNERS, networks, run_network
from tests.mail.small_mailroom import SmallMailroom
from tests.tiers import examples

untils = st.none() | st.integers(0, 150)
seeds = st.integers(0, 2**32)


@settings(max_examples=examples(250))
@given(networks(), seeds, untils)
def test_windows_and_single_instants_give_the_same_journal_byte_for_byte(network, seed, until):
    in_windows, read_in_windows = run_network(network, seed=seed, lookahead=True, until=until)
    one_by_one, read_one_by_one = run_network(network, seed=seed, lookahead=False, until=until)
    assert in_windows.to_bytes() == one_by_one.to_bytes()
    assert read_in_windows == read_one_by_one


@pytest.mark.parametrize("manner", MANNERS)
@given(network=networks(MANNERS[:1]), seed=seeds)
@settings(max_examples=examples(20))
def test_so_they_do_where_all_read_alike(manner, network, seed):
    desks, links = network
    network = [(manner, pause, first) for _, pause, first in desks], links
    in_windows, read_in_windows = run_network(network, seed=seed, lookahead=True)
    one_by_one, read_one_by_one = run_network(network, seed=seed)
    assert in_windows.to_bytes() == one_by_one.to_bytes()
    assert read_in_windows == read_one_by_one


@pytest.mark.parametrize(
    ("lookahead", "mail", "capacity", "windows"),
    [
        (True, "delay 5ns", None, True),
        (False, "delay 5ns", None, False),
        (True, "", None, False),
        (True, "delay 5ns 5ns", None, False),
        (True, "delay 5ns", 1, False),
    ],
)
def test_windows_are_for_mail_that_takes_a_while_on_links_without_bounds(lookahead, mail, capacity, windows):
    site = SmallMailroom("alex", "bo")
    site.link("bo.inbox", *site.trays, mail, capacity)
    site.open(lookahead=lookahead)
    assert isinstance(site.room.agenda, Windows) is windows


def test_a_window_is_as_wide_as_the_least_delay_of_all():
    """One passing of the baton serves all the letters of a window, so few passings serve many letters."""
    site = SmallMailroom("alex", "bo")
    alex, bo = site.trays
    link, _ = site.link("bo.inbox", alex, bo, "delay 100ns")
    site.link("alex.inbox", bo, alex, "delay 500ns")
    batches = []

    async def sender():
        for time in range(1000):
            await alex.sleep_until(time)
            await link.send((time, "tick"))
        await alex.mail()

    async def reader():
        async for letters in bo:
            batches.append([time for _, time, _ in letters])  # noqa: PERF401 (it never ends)

    site.run(sender, reader, lookahead=True)
    assert batches == [list(range(start, start + 100)) for start in range(0, 1000, 100)]
