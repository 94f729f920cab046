"""What users see of the marker `delivery_orders`: their own test files, run by pytest with the plugin."""

import re

import pytest

import office.testing.delivery_orders  # noqa: F401  numpy can be imported only once in a process, so here, first

pytest_plugins = "pytester"

HEAD = """
import pytest
import trio
from office import Client, Team, Worker, in_turn, open_office, simulate

def worker(name):
    return Worker(lambda task: ((name, task), lambda feedback: (name, feedback)), name)

def pair():
    return Team([worker("alex"), worker("bo")], allocate=in_turn)

async def submit(office, tasks):
    for task in range(tasks):
        await office.inbox.send((task, "plan"))

async def results(office, tasks):
    return [(await office.outbox.receive())[0] for _ in range(tasks)]
"""
IN_ORDER = """
@pytest.mark.delivery_orders({orders})
async def test_results_come_in_order():
    async with open_office(pair(), leave_pending=True) as office:
        await submit(office, 3)
        assert await results(office, 3) == [0, 1, 2]
"""
EASY = """
@pytest.mark.delivery_orders({orders})
async def test_results_come():
    async with open_office(worker("alex"), leave_pending=True) as office:
        await submit(office, 3)
        assert sorted(await results(office, 3)) == [0, 1, 2]
"""


@pytest.fixture
def run(pytester):
    """Runs a test file of this text, and returns what pytest printed."""
    pytester.makeini("[pytest]\ntrio_mode = true\nfilterwarnings = error\naddopts = --strict-markers")

    def run_it(text, *options, subprocess=False):
        pytester.makepyfile(test_theirs=HEAD + text)
        how = pytester.runpytest_subprocess if subprocess else pytester.runpytest_inprocess
        return how("-p", "no:cacheprovider", *options)

    return run_it


def lines_of(result):
    return "\n".join(result.outlines)


# What passes


def test_all_orders_of_three_letters_on_one_late_link_are_six(run):
    result = run(EASY.format(orders='"all", late="alex.inbox"'))
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*= delivery orders =*", "test_theirs.py::test_results_come: passes in all 6 orders"])


def test_all_orders_are_all_the_ways_to_interleave_inbox_and_outbox(run):
    result = run(EASY.format(orders='"all"'))
    result.assert_outcomes(passed=1)
    # First any of six messages on two links, each sent before its answer: 6! / 2**3.
    result.stdout.fnmatch_lines(["*: passes in all 90 orders"])


def test_orders_at_random_are_as_many_as_asked_for_and_the_same_every_time(run):
    seen = [lines_of(run(EASY.format(orders=orders))) for orders in ("40", "40", "40, seed=1")]
    counted = [
        re.search(r"test_results_come: passes in 40 orders at random, (\d+) of them different", text) for text in seen
    ]
    first, again, other = (int(match[1]) for match in counted)
    assert 20 < first == again < 40
    assert 20 < other < 40


def test_a_test_with_only_one_order_is_run_in_that_and_says_so(run):
    text = """
@pytest.mark.delivery_orders(50)
async def test_one_after_another():
    async with open_office(worker("alex"), leave_pending=True) as office:
        await submit(office, 1)
        assert await results(office, 1) == [0]
"""
    run(text).stdout.fnmatch_lines(["*: passes in the only order there is"])


def test_a_quiet_run_says_nothing_of_orders_that_pass(run):
    assert "orders" not in lines_of(run(EASY.format(orders="5"), "-q"))


def test_all_stops_at_most_and_is_content_only_if_that_was_asked_for(run, monkeypatch):
    result = run(EASY.format(orders='"all", max_runs=89'))
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*: passes in 89 orders of more"])
    monkeypatch.setattr("office.testing.delivery_orders.marker.MAX_RUNS", 89)
    result = run(EASY.format(orders='"all"'))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["it passed in 89 delivery orders, and there are more: say max_runs=*"])
    monkeypatch.setattr("office.testing.delivery_orders.marker.MAX_RUNS", 90)
    run(EASY.format(orders='"all"')).assert_outcomes(passed=1)


def test_simulate_in_a_test_that_is_not_async_runs_in_every_order_too(run):
    text = """
@pytest.mark.delivery_orders("all", late="alex.outbox")
def test_simulated():
    client = Client([(task, None) for task in "abc"], lambda output, target: (0.0, output))
    said = [task for _, task, _ in simulate(worker("alex"), client).journal.losses]
    assert sorted(said) == [0, 1, 2]
    print("said", said)
    assert said != [2, 1, 0]
"""
    result = run(text)
    result.assert_outcomes(failed=1)
    assert lines_of(result).count("\nsaid [") == 1, "the output of the last run, and of no other"


# What fails


@pytest.mark.parametrize("orders", ["30", '"all"', "30, seed=7"])
def test_a_failing_order_is_made_small_and_fails_again_when_it_is_run_alone(run, orders):
    text = IN_ORDER.format(orders=orders)
    result = run(text)
    result.assert_outcomes(failed=1)
    line = next(line for line in result.outlines if line.startswith("pytest "))
    order = line.rpartition("--delivery-order=")[2]
    # One message passes one other, and nothing is done out of order besides.
    assert re.fullmatch(r"(0\.)*1", order)
    assert line == f"pytest test_theirs.py::test_results_come_in_order --delivery-order={order}"
    result.stdout.fnmatch_lines([f"*test_results_come_in_order: fails in order {order}, found in run *"])
    failure = re.search(r"AssertionError: assert .*", lines_of(result))[0]

    alone = run(text, f"--delivery-order={order}")
    alone.assert_outcomes(failed=1)
    assert failure in lines_of(alone)
    alone.stdout.fnmatch_lines([f"order {order} alone"])
    run(text, "--delivery-order=0").assert_outcomes(passed=1)


def test_the_messages_of_a_failing_order_are_shown_as_they_arrived(run):
    result = run(IN_ORDER.replace("pair()", "worker('alex')").format(orders='"all", late="alex.outbox"'))
    result.stdout.fnmatch_lines([
        "fails in order 0.1, found in run 2",
        "   1  alex.outbox  task 0",
        "   2  alex.outbox  task 2  before 1 that was sent earlier",
        "   3  alex.outbox  task 1",
        "",
    ])  # fmt: skip


def test_an_error_at_a_desk_in_some_order_is_found(run):
    text = """
@pytest.mark.delivery_orders(100)
async def test_the_first_result_is_taken_for_that_of_the_first_task(new_office):
    office = await new_office(pair())
    await submit(office, 2)
    await results(office, 1)
    await office.feedback_from_above.send((0, "re"))
    await results(office, 1)
    await office.feedback_from_above.send((1, "re"))
"""
    result = run(text)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*UnknownTask: team: feedback for task 0, which is not pending here*"])


def test_feedback_that_never_came_is_told_with_its_order(run):
    result = run("""
@pytest.mark.delivery_orders("all", late="alex.outbox")
async def test_stops_at_the_last_task(new_office):
    office = await new_office(worker("alex"))
    await submit(office, 2)
    for task in await results(office, 2):
        await office.feedback_from_above.send((task, "re"))
        if task == 1:
            break
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "FeedbackNeverCame: alex: 1 task still pending: 0",
        "*- delivery order -*",
        "fails in order 1, found in run 2",
    ])  # fmt: skip


def test_with_several_offices_the_messages_of_each_are_shown(run):
    text = """
@pytest.mark.delivery_orders(1)
async def test_two(new_office):
    for name in ("alex", "bo"):
        office = await new_office(worker(name))
        await submit(office, 2)
        assert await results(office, 2) == [0, 1]
        for task in range(2):
            await office.feedback_from_above.send((task, "re"))
"""
    run(text).assert_outcomes(passed=1)
    # Alex's two tasks and two results are delivered in order; then one of bo's two tasks is lost.
    result = run(text, "--delivery-order=0.0.0.0.1-")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "office 1:",
        "   1  alex.inbox *task 0",
        "office 2:",
        "   1  bo.inbox  task 1  is lost  before 1 that was sent earlier",
    ])  # fmt: skip


def test_a_test_that_is_expected_to_fail_fails_as_expected_in_some_order(run):
    strictly = "\n@pytest.mark.xfail(strict=True)"
    run(strictly + IN_ORDER.format(orders="30")).assert_outcomes(xfailed=1)
    result = run(strictly + EASY.format(orders="30"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["[[]XPASS(strict)*", "*: passes in 30 orders at random*"])


def test_a_test_that_is_skipped_on_its_way_is_skipped(run):
    run("""
@pytest.mark.delivery_orders(3)
async def test_skipped():
    pytest.skip("not today")
""").assert_outcomes(skipped=1)


SOMETIMES_SKIPPED = """
@pytest.mark.delivery_orders("all", late="*.inbox")
async def test_skipped_in_some_orders():
    async with open_office(pair(), leave_pending=True) as office:
        await submit(office, 3)
        came = await results(office, 3)
        if came[0] != {first}:
            pytest.skip("it has to begin with a certain one")
        assert came[1] != {second}
"""


def test_an_order_in_which_a_test_is_skipped_does_not_end_the_search(run):
    run(SOMETIMES_SKIPPED.format(first=2, second=1)).assert_outcomes(failed=1)
    result = run(SOMETIMES_SKIPPED.format(first=2, second=5), "-v")
    result.assert_outcomes(passed=1)
    assert re.search(r"passes in \d+ orders, and is skipped in \d+ others", lines_of(result))
    run(SOMETIMES_SKIPPED.format(first=9, second=9)).assert_outcomes(skipped=1)


@pytest.mark.parametrize("error", ["KeyboardInterrupt()", "BaseExceptionGroup('', [KeyboardInterrupt()])"])
def test_an_interrupt_ends_pytest_and_is_no_order_that_fails(run, error):
    result = run(
        f"""
@pytest.mark.delivery_orders("all")
async def test_interrupted():
    async with open_office(pair(), leave_pending=True) as office:
        await submit(office, 3)
        print("run once")
        raise {error}

def test_after_it():
    pass
""",
        "-s",
        subprocess=True,
    )
    assert (result.ret, lines_of(result).count("run once")) == (pytest.ExitCode.INTERRUPTED, 1)
    assert "delivery order" not in lines_of(result)


def test_an_exit_ends_pytest_and_is_no_order_that_fails(run):
    result = run(
        """
@pytest.mark.delivery_orders("all")
async def test_left():
    async with open_office(pair(), leave_pending=True) as office:
        await submit(office, 3)
        print("run once")
        pytest.exit("enough", 7)
""",
        "-s",
        subprocess=True,
    )
    assert (result.ret, lines_of(result).count("run once")) == (7, 1)


def test_an_error_in_a_fixture_is_an_error(run):
    result = run("""
@pytest.fixture
def broken():
    raise ValueError("broken")

@pytest.mark.delivery_orders(3)
async def test_not_reached(broken):
    pass
""")
    result.assert_outcomes(errors=1)


def test_a_fixture_that_fails_at_the_end_in_some_order_is_an_error(run):
    result = run("""
@pytest.fixture
def heard():
    heard = []
    yield heard
    assert heard == [0, 1, 2]

@pytest.mark.delivery_orders("all")
async def test_heard(heard):
    async with open_office(worker("alex"), leave_pending=True) as office:
        await submit(office, 3)
        heard += await results(office, 3)
""")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*AssertionError", "fails in order 0.*1, found in run *"])


# What is no test of orders


def test_a_test_without_an_office_is_told_so(run):
    for text in ("pass", "simulate(worker('a'), Client([], None), order='0')".replace("None", "print")):
        result = run(f"\n@pytest.mark.delivery_orders(5)\ndef test_nothing():\n    {text}\n")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["this test is to run in other delivery orders, but *it opens no office*"])


@pytest.mark.parametrize("orders", ['"all"', "5"])
def test_a_test_with_another_number_of_messages_each_time_is_told_that_it_differs(run, orders):
    result = run(f"""
seen = []

@pytest.mark.delivery_orders({orders})
async def test_grows():
    seen.append(1)
    async with open_office(worker("alex"), leave_pending=True) as office:
        await submit(office, 2 + len(seen))
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["this test does not do the same again when it is run in the same delivery order (*"])
    result.stdout.re_match_lines([r".*at step 1 there were \d messages under way, and in another run \d\."])


def test_a_test_that_fails_only_once_is_told_that_it_differs(run):
    result = run("""
seen = []

@pytest.mark.delivery_orders(5)
async def test_fails_at_the_third_time():
    seen.append(1)
    async with open_office(worker("alex"), leave_pending=True) as office:
        await submit(office, 3)
        assert len(seen) != 3
""")
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [r".*it failed with AssertionError at .*:\d+, in its call, and in another run it passed"]
    )


def test_an_order_that_does_not_fit_is_told_so(run):
    result = run(EASY.format(orders="5"), "--delivery-order=0.7")
    result.assert_outcomes(failed=1)
    says = "delivery order 0.7 does not fit this test: step 2 passes over 7 messages, and there were only 3 under way"
    result.stdout.fnmatch_lines([says])
    result = run(EASY.format(orders="5"), f"--delivery-order={'0.' * 20}1")
    result.stdout.fnmatch_lines(["*does not fit this test: it goes on after step 6, when all messages have arrived"])


@pytest.mark.parametrize(
    ("orders", "complaint"),
    [
        ("", "missing 1 required positional argument: 'orders'"),
        ("0", 'orders is a whole number from 1, or "all", not 0'),
        ("True", 'orders is a whole number from 1, or "all", not True'),
        ('"some"', "orders is a whole number from 1, or \"all\", not 'some'"),
        ('"all", max_runs=0', 'max_runs is a whole number from 1, for "all", not 0'),
        ("5, max_runs=3", 'max_runs is a whole number from 1, for "all", not 3 for 5'),
        ("5, sed=3", "unexpected keyword argument 'sed'"),
    ],
)
def test_a_marker_that_asks_for_what_cannot_be_is_wrong_use(run, orders, complaint):
    result = run(EASY.format(orders=orders))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert complaint in result.stderr.str()


@pytest.mark.parametrize(("order", "complaint"), [("0.x", "'x' is no choice"), ("", "'' is no choice")])
def test_a_bad_order_on_the_command_line_is_wrong_use(run, order, complaint):
    result = run(EASY.format(orders="5"), f"--delivery-order={order}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert complaint in result.stderr.str()


def test_hypothesis_and_delivery_orders_do_not_go_together(run):
    result = run("""
from hypothesis import given, strategies as st

@pytest.mark.delivery_orders(5)
@given(st.integers())
async def test_both(number):
    pass
""")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "and so does @given" in result.stderr.str()


def test_a_pattern_that_names_no_link_is_told(run):
    result = run(EASY.format(orders='5, late="bo.inbox"'))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(['*BadOrder: "bo.inbox" names no link (links: alex.inbox, *'])


# Fixtures


def test_every_order_has_fresh_fixtures_a_fresh_instance_and_a_fresh_run_of_trio(run):
    result = run("""
seen = {"module": 0, "function": 0, "async": 0, "closed": 0}
instances, runs = [], []

@pytest.fixture(scope="module")
def once():
    seen["module"] += 1
    yield
    print("module ends")

@pytest.fixture
def plain(tmp_path):
    seen["function"] += 1
    (tmp_path / "file").touch(exist_ok=False)
    return []

@pytest.fixture
async def awaited():
    seen["async"] += 1
    yield []
    await trio.lowlevel.checkpoint()
    seen["closed"] += 1

class TestFresh:
    @pytest.mark.delivery_orders("all", late="alex.inbox")
    async def test_fresh(self, once, plain, awaited, nursery, autojump_clock):
        assert plain == awaited == [] and not hasattr(self, "mark")
        self.mark = 1
        instances.append(self)
        runs.append(trio.lowlevel.current_root_task())
        plain.append(1)
        awaited.append(1)
        assert trio.current_time() == 0
        await trio.sleep(3600)
        assert trio.current_time() == 3600
        async with open_office(worker("alex"), leave_pending=True) as office:
            nursery.start_soon(submit, office, 3)
            assert sorted(await results(office, 3)) == [0, 1, 2]

def test_before_the_end_of_the_module():
    assert seen == {"module": 1, "function": 7, "async": 7, "closed": 7}
    assert len(set(map(id, instances))) == len(set(map(id, runs))) == 7
""")
    result.assert_outcomes(passed=2)  # seven runs: six orders, and the last of them again, to be reported
    result.stdout.fnmatch_lines(["*: passes in all 6 orders"])


def test_what_is_wider_than_a_test_is_torn_down_once_after_the_last_order(run):
    result = run(
        """
@pytest.fixture(scope="module", autouse=True)
def once():
    print("begins")
    yield
    print("ends")
"""
        + EASY.format(orders="3"),
        "-s",
    )
    result.assert_outcomes(passed=1)
    assert [lines_of(result).count(word) for word in ("begins", "ends")] == [1, 1]


def test_tasks_that_share_an_office_by_channel_do_the_same_each_time(run):
    result = run("""
@pytest.mark.delivery_orders(60)
async def test_three_tasks(nursery):
    async def answer(office):
        for _ in range(4):
            task, _ = await office.outbox.receive()
            await office.feedback_from_above.send((task, "re"))
    async with open_office(pair()) as office:
        nursery.start_soon(submit, office, 4)
        nursery.start_soon(answer, office)
        for _ in range(4):
            await office.feedback_to_below.receive()
""")
    result.assert_outcomes(passed=1)


def test_offices_that_are_closed_with_mail_under_way_do_the_same_each_time(run):
    result = run("""
@pytest.mark.delivery_orders(60)
async def test_left_alone(new_office):
    for name in ("alex", "bo", "casey"):
        await submit(await new_office(worker(name), leave_pending=True), 3)
""")
    result.assert_outcomes(passed=1)


@pytest.mark.thorough
def test_two_processes_share_the_tests(run):
    result = run(EASY.format(orders='"all", late="*.inbox"') + IN_ORDER.format(orders=20), "-n2", subprocess=True)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines([
        "fails in order *, found in run *",
        "pytest *::test_results_come_in_order --delivery-order=*",
        "*= delivery orders =*",
    ])  # fmt: skip
    result.stdout.fnmatch_lines(["*::test_results_come: passes in all 6 orders"])


def test_other_tests_are_run_as_always_and_import_nothing_of_ours(run):
    result = run(
        """
import sys

def test_plain():
    assert "office.testing.delivery_orders" not in sys.modules
""",
        subprocess=True,
    )
    result.assert_outcomes(passed=1)
    assert "delivery orders" not in lines_of(result)


NETWORK = """
async def tells(network, order):
    alex, bo = network.mailbox("alex"), network.mailbox("bo")
    for word in ("first", "second"):
        await alex.send("bo", word)
    return [(await bo.receive())[1] for _ in range(2)]

@pytest.mark.delivery_orders("all"{more})
async def test_words_come(new_network):
    async with new_network() as network:
        with trio.move_on_after(3600):
            assert await tells(network, "all") {expected}
"""


def test_a_network_s_mail_comes_in_every_order_and_by_its_clock(run):
    result = run(NETWORK.format(more="", expected='in (["first", "second"], ["second", "first"])'))
    assert "test_theirs.py::test_words_come: passes in all 2 orders" in result.outlines
    result = run(NETWORK.format(more="", expected='== ["first", "second"]'))
    text = lines_of(result)
    assert "fails in order 1, found in run 2" in text
    assert "   1  alex>bo  second  before 1 that was sent earlier" in text
    again = re.search(r"pytest (\S+) (--delivery-order=1)", text)
    assert "order 1 alone" in lines_of(run(NETWORK.format(more="", expected='== ["first", "second"]'), again[2]))


@pytest.mark.parametrize(
    ("more", "orders"), [(", losses=1", 6), (", repeats=1", 8), (", timeouts=1", 5), (", losses=1, timeouts=1", 11)]
)
def test_losses_repeats_and_timers_are_counted_with_the_orders(run, more, orders):
    """Counted by hand, until two messages have been received, or the timer has rung."""
    result = run(NETWORK.format(more=more, expected="is not None"))
    assert f"test_theirs.py::test_words_come: passes in all {orders} orders" in result.outlines


def test_a_timer_of_an_office_may_ring_before_mail_that_is_under_way(run):
    test = """
@pytest.mark.delivery_orders("all", timeouts={timeouts})
async def test_feedback_is_in_time():
    async with open_office(worker("alex"), expire="1s", leave_pending=True) as office:
        await office.inbox.send((1, "plan"))
        await office.outbox.receive()
        await office.feedback_from_above.send((1, "good"))
        assert await office.feedback_to_below.receive() == (1, ("alex", "good"))
"""
    assert "in the only order there is" in lines_of(run(test.format(timeouts=0)))
    assert "fails in order 0.0.1, found in run 3" in lines_of(run(test.format(timeouts=1)))


@pytest.mark.parametrize("setting", ["losses=-1", "repeats=True", "timeouts=1.5"])
def test_how_many_may_be_lost_or_come_again_is_a_whole_number(run, setting):
    result = run(EASY.format(orders=f'"all", {setting}'))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"{setting.partition('=')[0]} is a whole number from 0" in result.stderr.str()


def test_an_office_recognises_repeats_and_so_none_may_come(run):
    assert "BadOrder" in lines_of(run(EASY.format(orders='"all", repeats=1')))
