"""What is kept of a run that is broken off is the journal of the same run until an earlier time."""

import signal
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from office import Client, Team, Worker, every, in_turn, simulate
from office.engines import BrokenOff, watching
from office.study import check
from tests.engines.frail import Trouble, client_frailties, frail_office, frailties
from tests.engines.offices import ANY_MAIL, EITHER, SLOW_MAIL, offices, troubled_offices
from tests.tiers import examples, is_thorough

OFFICES = offices(conditions=ANY_MAIL) | offices(conditions=SLOW_MAIL) | troubled_offices(ANY_MAIL, EITHER)


def rows(journal):
    """Its head and all its rows: the last line knows what became of weights afterwards."""
    return journal.to_bytes().splitlines()[:-1]


@given(OFFICES, frailties, client_frailties, st.booleans(), st.sampled_from(["trio", "stepped"]))
@settings(max_examples=examples(200))
def test_it_is_the_journal_of_a_run_until_then(data, frail, client_fails, lookahead, tasks):
    broken_off = BrokenOff()
    with watching(broken_off):
        run, _ = frail_office(data, frail, client_fails, lookahead=lookahead, tasks=tasks)
    assume(isinstance(run, Trouble) and broken_off.journal is not None)
    part = broken_off.journal
    whole, _ = frail_office(data, frail, client_fails, lookahead=lookahead, tasks=tasks, until=part.end)
    assert rows(part) == rows(whole.journal)
    assert check(part) == []


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
def test_whatever_breaks_a_run_off_its_journal_until_then_is_kept(kind):
    def tenth(task):
        if task == 9:
            raise kind
        return task, lambda feedback: feedback

    client = Client([(task, None) for task in range(20)], lambda output, _: (0.0, output), in_flight=1)
    broken_off = BrokenOff()
    with watching(broken_off), pytest.raises(kind):
        simulate(Worker(tenth, "alex"), client, mail="delay 10ms")
    assert len(broken_off.journal.losses) == 9
    assert check(broken_off.journal) == []


def interrupted_after(lines, **options):
    """What is kept of a run that is interrupted when so many lines of the office's own code have been run."""
    left = lines

    def count_lines(frame, event, _):
        nonlocal left
        if event == "line":
            left -= 1
            if not left:
                signal.raise_signal(signal.SIGINT)
        return count_lines

    def trace(frame, event, argument):
        return count_lines(frame, event, argument) if "/office/" in frame.f_code.co_filename else None

    client = Client(
        [(float(task), None) for task in range(300)], lambda output, _: (0.0, output), arrivals=every("1ms")
    )
    members = [Worker(lambda task: (task, lambda feedback: feedback), name) for name in ("alex", "bo")]
    broken_off, before = BrokenOff(), sys.gettrace()
    sys.settrace(trace)
    try:
        with watching(broken_off):
            simulate(Team(members, allocate=in_turn), client, **options)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    return broken_off.journal


@pytest.mark.unwatched
@pytest.mark.parametrize("tasks", ["trio", "stepped"])
@pytest.mark.parametrize("mail", ["delay 5ms 1ms", "delay 5ms 5ms distribution exponential"])
def test_wherever_an_interrupt_comes_no_message_is_missing(mail, tasks):
    for lines in range(9_000, 30_000, 50 if is_thorough() else 1_500):
        for more in range(3):
            journal = interrupted_after(lines + 17 * more, mail=mail, tasks=tasks)
            assert journal is None or check(journal) == []


def test_a_run_that_ends_by_itself_leaves_nothing_to_keep():
    broken_off = BrokenOff()
    with watching(broken_off):
        simulate(Worker(lambda task: (task, lambda feedback: feedback)), Client([], lambda output, _: (0.0, output)))
    assert broken_off.journal is None
