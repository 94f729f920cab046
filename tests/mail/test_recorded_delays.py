import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Client, Worker, simulate, trace
from office.errors import BadConditions
from office.mail import conditions
from office.study import reordered, reordering, staleness
from tests.mail.small_mailroom import BOTH, SmallMailroom, Way, reads_all, rows, sends
from tests.mail.test_link import journey_times, letters
from tests.tiers import examples

waits = st.lists(st.integers(0, 10**6), max_size=40)
slow = st.lists(st.integers(5, 60), min_size=1, max_size=60)
LOUD = "loss 20% duplicate 30% corrupt 10%"


def through(mail, count, **options):
    """The journal of so many letters, sent at one instant on one link."""
    return Way(mail, count, seed=4, gap=0, **options).journal


def without_head(journal):
    """The bytes of the journal, but for its first line, which says the conditions."""
    return journal.to_bytes().partition(b"\n")[2]


# Which message takes which time


@given(waits)
def test_the_first_message_takes_the_first_time_and_so_on(times):
    assert journey_times(through(trace(times), len(times)), "bo.inbox") == times


@pytest.mark.parametrize("count", [8, 9, 16, 17, 4096, 4097, 15_000])
def test_a_busy_link_goes_on_along_its_times(count):
    times = np.random.default_rng(0).integers(0, 10**9, count)
    assert journey_times(through(trace(times), count), "bo.inbox") == times.tolist()


def test_each_link_goes_through_all_the_times_by_itself():
    site = SmallMailroom("reader", "alex", "bo")
    reader, *senders = site.trays
    recorded = trace([30, 10, 20])
    links = [site.link(f"from {tray.name}", tray, reader, recorded)[0] for tray in senders]
    journal = site.run(
        reads_all(reader, []), *(sends(link, tray, *letters(3)) for link, tray in zip(links, senders, strict=True))
    )
    assert [journey_times(journal, link.name) for link in links] == [[30, 10, 20]] * 2


@given(slow, st.booleans())
def test_a_link_that_holds_only_so_many_takes_the_same_times(times, lookahead):
    journal = through(trace(times), len(times), lookahead=lookahead, capacity=3)
    assert journey_times(journal, "bo.inbox") == times


def test_what_is_lost_or_damaged_has_used_its_time_up_and_a_repeat_has_times_of_its_own():
    times = np.random.default_rng(1).integers(10**6, 10**9, 200).tolist()
    mail = through(trace(times, LOUD), 200).mail
    assert min(map(np.count_nonzero, (mail.lost, mail.damaged, mail.copy))) > 10
    took = mail.arrived - mail.sent
    originals = (mail.copy == 0) & ~mail.lost
    assert took[originals].tolist() == np.array(times)[mail.number[originals] - 1].tolist()
    again = np.flatnonzero(mail.copy == 1)
    again = again[np.argsort(mail.number[again])]
    arrived = ~mail.lost[again]
    assert took[again][arrived].tolist() == np.array(times)[: len(again)][arrived].tolist()


@given(slow, st.sampled_from(["", LOUD, "reorder 25%", "rate 1gbit", "slot 7ns", "limit 3"]), st.booleans())
@settings(max_examples=examples(150))
def test_with_lookahead_the_journal_is_the_same_byte_for_byte(times, others, sure):
    at_least_once = sure and others in ("", LOUD)
    patient = times * 40 if at_least_once else times  # acknowledgements and further attempts take times, too
    by_instants, by_windows = (
        through(trace(patient, others), len(times), lookahead=lookahead, at_least_once=at_least_once)
        for lookahead in BOTH
    )
    assert by_instants.to_bytes() == by_windows.to_bytes()


@given(st.integers(0, 10**9), st.sampled_from(["", LOUD, "loss gemodel 5% 30%", "rate 1mbit", "limit 5"]))
def test_the_same_time_again_and_again_is_a_steady_delay(time, others):
    steady = conditions(f"delay {time}ns {others}")
    assert without_head(through(trace([time] * 50, others), 50)) == without_head(through(steady, 50))


# When no time is left


@pytest.mark.parametrize("mail", ["", "loss 1%", "limit 100"])
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 16, 40])
def test_a_message_for_which_no_time_is_left_names_the_link_and_how_many_there_were(mail, count):
    through(trace([1] * count, mail), count)
    text = rf"^bo\.inbox: {count} delays were recorded, and there is none for one message more$"
    with pytest.RaisesGroup(pytest.RaisesExc(BadConditions, match=text)):
        through(trace([1] * count, mail), count + 1)


def test_in_an_office_that_error_says_when_it_was():
    client = Client([(task, None) for task in range(3)], lambda output, _: (0.0, output), arrivals=["0", "1s", "2s"])
    with pytest.raises(BadConditions, match=r"alex\.outbox: 2 delays were recorded") as caught:
        simulate(Worker(lambda task: (task, lambda re: re), "alex"), client, mail={"alex.outbox": trace(["5s", "1s"])})
    assert caught.value.__notes__ == ["at 2 s of virtual time"]


def test_the_journals_head_says_which_links_have_recorded_delays():
    recorded = trace([1, 2])
    run = simulate(
        Worker(lambda task: (task, lambda re: re), "alex"), Client([], None.__eq__), mail={"*.inbox": recorded}
    )
    assert run.journal.settings["mail"]["alex.inbox"] == str(recorded)
    assert run.journal.settings["mail"]["alex.outbox"] == "delay 0s"


# The law


@given(st.data())
@settings(max_examples=examples(100))
def test_in_an_office_arrivals_less_departures_are_the_times_and_so_is_their_order(data):
    """Against a direct count: a message is out of order that arrives after one that left later.

    Of one instant, those who leave come before those who arrive, and of these, those who left first.
    """
    gaps = data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=40))
    leaves = np.cumsum(gaps)
    times = np.array(data.draw(st.lists(st.integers(0, 30), min_size=len(gaps), max_size=len(gaps))))
    client = Client([(None, None)] * len(gaps), lambda _output, _target: (0.0, None), arrivals=leaves.tolist())
    clerk = Worker(lambda _: (None, lambda _: None), "alex")
    run = simulate(clerk, client, mail={"alex.outbox": trace(times)}, lookahead=data.draw(st.booleans()))

    sent = sorted((task, at, came) for link, task, at, came in rows(run.journal) if link == "alex.outbox")
    assert sent == [(task, leaves[task], leaves[task] + times[task]) for task in range(len(gaps))]
    arrives = leaves + times
    overtaken = [bool((arrives[task + 1 :] < arrives[task]).any()) for task in range(len(gaps))]
    order = reordering(run.journal, "alex.outbox")
    assert order.reordered == sum(overtaken)
    assert sorted(order.numbers[reordered(order.numbers)].tolist()) == np.flatnonzero(overtaken).tolist()
    heard = sorted(range(len(gaps)), key=lambda task: (arrives[task], task))
    late = [place - sum(arrives < leaves[task]) for place, task in enumerate(heard)]
    assert staleness(run.journal, "alex").tolist() == late
