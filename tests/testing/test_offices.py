"""Offices that stay open as long as a test runs, by the fixture `new_office`."""

import pytest
import trio

from office import Worker

pytest_plugins = "pytester"


def named(name):
    return Worker(lambda inputs: (f"{name}: {inputs}", lambda feedback: (name, feedback)), name)


async def test_an_office_is_open_without_a_block(new_office):
    office = await new_office(named("alex"), mail="delay 20ms")
    await office.inbox.send((1, "plan"))
    assert await office.outbox.receive() == (1, "alex: plan")
    assert office.now == 40_000_000
    await office.feedback_from_above.send((1, "more"))
    assert await office.feedback_to_below.receive() == (1, ("alex", "more"))


async def test_several_offices_are_open_at_once_and_each_has_its_own_time(new_office, autojump_clock):
    first, second = [await new_office(named(name), mail="delay 1ms", leave_pending=True) for name in ("alex", "bo")]
    await first.inbox.send((1, "plan"))
    task, result = await first.outbox.receive()
    assert (first.now, second.now) == (2_000_000, 0)
    await second.inbox.send((task, result))
    assert await second.outbox.receive() == (1, "bo: alex: plan")
    await trio.sleep(10)


HEAD = """
import pytest
import trio
from office import Team, Worker, in_turn

def named(name):
    return Worker(lambda inputs: (name, lambda feedback: feedback), name)
"""


@pytest.fixture
def run(pytester):
    pytester.makeini("[pytest]\ntrio_mode = true\nfilterwarnings = error")

    def run_it(text):
        pytester.makepyfile(HEAD + text)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider")

    return run_it


def test_a_test_that_leaves_feedback_pending_fails_and_the_tasks_are_listed(run):
    result = run("""
async def test_forgets(new_office):
    one = await new_office(Team([named("alex"), named("bo")], "estimates", allocate=in_turn))
    for task in range(3):
        await one.inbox.send((task, "plan"))
    await one.quiet()
    await one.feedback_from_above.send((1, "more"))
    other = await new_office(named("casey"))
    await other.inbox.send(("lunch", "plan"))
    content = await new_office(named("dani"), leave_pending=True)
    await content.inbox.send((1, "plan"))
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "FeedbackNeverCame: estimates: 2 tasks still pending: 0 (alex), 2 (alex)",
        "casey: 1 task still pending: 'lunch'",
    ])  # fmt: skip


def test_a_test_that_fails_by_itself_has_that_error_and_no_other(run):
    result = run("""
async def test_forgets(new_office):
    office = await new_office(named("alex"))
    await office.inbox.send((1, "plan"))
    assert 1 + 1 == 3
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*| AssertionError: assert (1 + 1) == 3"])
    assert "FeedbackNeverCame" not in result.stdout.str()


def test_what_goes_wrong_at_a_desk_ends_the_test_and_is_its_error(run):
    result = run("""
async def test_of_a_broken_desk(new_office):
    office = await new_office(Worker(lambda inputs: 1 / 0, "alex"))
    await office.inbox.send((1, "plan"))
    await office.outbox.receive()

async def test_of_a_deadlock(new_office):
    office = await new_office(named("alex"))
    await office.outbox.receive()

async def test_of_another_clock(new_office, autojump_clock):
    office = await new_office(named("alex"))
    with trio.fail_after(10):
        await trio.sleep(20)
""")
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*ZeroDivisionError: division by zero", "*Deadlock: everybody is waiting at 0 s"])
    result.stdout.fnmatch_lines(["*TooSlowError*"])


def test_a_bad_chart_is_an_error_where_the_office_is_opened(run):
    result = run("""
from office.errors import BadChart
async def test_of_a_bad_pattern(new_office):
    with pytest.raises(BaseException) as caught:
        await new_office(named("alex"), mail={"bo.inbox": "delay 1ms"})
    assert "names no link" in repr(caught.value)
""")
    result.assert_outcomes(passed=1)


def test_an_office_that_was_kept_from_a_test_that_is_over_is_closed(run):
    result = run("""
kept = []

async def test_that_keeps_its_office(new_office):
    kept.append(await new_office(named("alex")))

async def test_that_comes_too_late():
    for use in (kept[0].outbox.receive, kept[0].quiet):
        with trio.fail_after(1), pytest.raises(trio.ClosedResourceError):
            await use()
""")
    result.assert_outcomes(passed=2)
