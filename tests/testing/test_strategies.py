"""What the strategies draw can be used, is of every kind that they promise, and is the same when it is made again."""

import subprocess
import sys

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from office import Client, compose, simulate
from office.desks import Chain, Team, Worker, workers
from office.mail import Conditions, conditions
from office.orders import explore
from office.testing.recipes import MakeChart, chart_of, estimator_of
from office.testing.strategies import (
    IMPAIRMENTS,
    NUMBERS,
    chart_data,
    charts,
    client_data,
    clients,
    delivery_orders,
    mail_conditions,
    paces,
)
from office.times import nanoseconds
from office.work import parameters_of
from tests.engines.building import bits
from tests.tiers import examples

DELAYS = mail_conditions("delay")
QUICKLY = settings(max_examples=examples(30))
AT_FIRST = settings(max_examples=500, phases=[Phase.generate])


ALONE = ("worker", "words", 0, {})


# Charts and clients


@given(charts(), clients(), DELAYS)
def test_words_go_through_any_chart_and_come_back_from_who_did_the_task(make_chart, client, mail):
    run = simulate(make_chart(), client, mail=mail)
    assert set(run.feedback_below) == set(range(len(run.losses)))
    assert not any(run.pending.values())
    for task, output in run.outputs.items():
        *people, _ = output.split("(")
        assert run.feedback_below[task] == "(".join([*reversed(people), f"re {output}"]) + ")" * len(people)


@given(st.sampled_from(NUMBERS).flatmap(lambda kind: st.tuples(charts(kind), clients(kind))), DELAYS)
def test_numbers_go_through_any_chart_of_layers_and_one_at_a_time_they_are_as_composed(drawn, mail):
    make_chart, client = drawn
    run = simulate(make_chart(), client, mail=mail)
    assert not any(run.pending.values())
    tasks = list(client.tasks)
    one_by_one = simulate(make_chart(), Client(tasks, client.feedback, in_flight=1), mail=mail)
    estimate = compose(make_chart())
    for task, (inputs, target) in enumerate(tasks):
        output, handle_feedback = estimate(inputs)
        below = handle_feedback(client.feedback(output, target)[1])
        assert bits([one_by_one.outputs[task], one_by_one.feedback_below[task]]) == bits([output, below])


@given(charts(NUMBERS, paces=paces()))
def test_a_chart_is_made_afresh_each_time_and_can_be_pasted(make_chart):
    first, second = make_chart(), make_chart()
    assert repr(first) == repr(second)
    mine, theirs = ({id(worker.estimator) for worker in workers(chart)} for chart in (first, second))
    assert not mine & theirs
    pasted = eval(repr(make_chart), {"MakeChart": MakeChart})  # noqa: S307
    assert pasted == make_chart
    for worker, copy in zip(workers(first), workers(pasted()), strict=True):
        arrays = [bits(list(part.arrays)) for chart in (worker, copy) for part in parameters_of(chart.estimator)]
        assert arrays[: len(arrays) // 2] == arrays[len(arrays) // 2 :] != []


def depth(chart):
    return 0 if isinstance(chart, Worker) else 1 + max(depth(member) for member in chart.members)


@given(charts(depth=2, members=2))
def test_a_chart_is_no_deeper_and_no_wider_than_was_said(make_chart):
    def widths(chart):
        return [] if isinstance(chart, Worker) else [len(chart.members), *(w for m in chart.members for w in widths(m))]

    assert depth(make_chart()) <= 2
    assert max(widths(make_chart()), default=1) <= 2


def test_there_are_charts_of_every_shape():
    shapes = [
        lambda chart: isinstance(chart, Worker),
        lambda chart: isinstance(chart, Chain) and isinstance(chart.members[-1], Team),
        lambda chart: isinstance(chart, Team) and len(chart.members) == 3 and isinstance(chart.members[1], Chain),
        lambda chart: depth(chart) == 3,
    ]
    for answers in ("words", NUMBERS):
        for shape in shapes:
            find(charts(answers), lambda make_chart, shape=shape: shape(make_chart()), settings=AT_FIRST)


def test_a_worker_of_ones_own_can_sit_at_any_desk_of_a_drawn_chart():
    data = find(chart_data("words"), lambda data: data[0] == "chain" and len(data[2]) == 3, settings=AT_FIRST)
    seen = []

    def make_estimator(kind, number, name):
        seen.append((kind, name))
        return estimator_of(kind, number, name)

    chart_of(data, make_estimator)
    assert [kind for kind, _ in seen] == ["words"] * 3
    assert len(set(seen)) == 3


def test_there_are_clients_of_every_kind():
    for wish in (
        lambda client: len(client.tasks) == 3 and client.in_flight == 2 and client.epochs == 2,
        lambda client: not callable(client.arrivals) and client.shuffle,
        lambda client: len(client.tasks) > 1 and next(iter(simulate(MakeChart(ALONE)(), client).feedback_below)),
    ):
        find(clients(), wish, settings=AT_FIRST)


@given(clients(tasks=[("mine", 1), ("yours", 2)], feedback=lambda output, target: (float(target), output)))
def test_a_client_may_have_tasks_and_feedback_of_ones_own(client):
    run = simulate(Worker(lambda task: (task, lambda feedback: feedback), "alex"), client)
    assert sorted(run.losses) == sorted([1.0, 2.0] * client.epochs)
    assert set(run.outputs.values()) == {"mine", "yours"}


@given(client_data(max_tasks=5))
def test_the_data_of_a_client_are_plain(data):
    assert eval(repr(data)) == data  # noqa: S307
    assert data["tasks"] <= 5


@given(charts(depth=1, members=2), clients(max_tasks=2, clock=False))
@QUICKLY
def test_clients_without_a_clock_can_be_explored(make_chart, client):
    exploration = explore(make_chart, client, late="*.outbox", max_runs=200, count=False)
    assert not exploration.failing
    assert exploration.runs


# Mail


@given(mail_conditions())
def test_mail_conditions_are_in_tc_netems_words(mail):
    assert isinstance(conditions(mail), Conditions)


SOME = st.sets(st.sampled_from(IMPAIRMENTS), min_size=1)


@given(SOME.flatmap(lambda some: st.tuples(st.just(some), mail_conditions(*some))))
def test_there_are_no_impairments_but_those_that_were_asked_for(drawn):
    asked, mail = drawn
    named = {word for word in mail.split() if word in IMPAIRMENTS}
    assert named <= asked


@given(mail_conditions("delay", longest="3ms"))
def test_no_mean_delay_is_longer_than_was_said(mail):
    delay = conditions(mail).delay
    assert max(delay.time, delay.jitter) <= nanoseconds("3ms")


@given(mail_conditions("loss", "duplicate", "corrupt", percent=4))
def test_nothing_happens_to_more_than_was_said(mail):
    parsed = conditions(mail)
    assert all(chance is None or chance.percent <= 4 for chance in (parsed.duplicate, parsed.corrupt))


@pytest.mark.parametrize("name", IMPAIRMENTS)
def test_every_impairment_is_drawn(name):
    parsed = conditions(find(mail_conditions(), lambda mail: name in mail.split(), settings=AT_FIRST))
    assert getattr(parsed, name) is not None


@pytest.mark.parametrize("words", ["gemodel", "state", "gap", "packets", "bytes", "distribution"])
def test_every_way_to_say_more_is_drawn(words):
    find(mail_conditions(), lambda mail: words in mail.split(), settings=AT_FIRST)


def test_an_impairment_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="'latency' is no impairment of the mail"):
        mail_conditions("latency")


# Delivery orders


@given(charts(), clients(), delivery_orders())
def test_an_office_runs_in_any_order_and_again_in_the_one_that_was_taken(make_chart, client, order):
    run = simulate(make_chart(), client, order=order)
    again = simulate(make_chart(), client, order=str(order))
    assert again.journal.to_bytes() == run.journal.to_bytes()
    assert run.journal.order == str(order)


def test_some_orders_are_not_the_first():
    def swaps(order):
        client = Client([("a", None), ("b", None), ("c", None)], lambda output, target: (0.0, output))
        run = simulate(Worker(lambda task: (task, lambda feedback: feedback), "alex"), client, order=order)
        return list(run.feedback_below) == [2, 1, 0]

    order = find(delivery_orders(), swaps)
    assert repr(order).startswith("Follower(read_order('")


def test_without_hypothesis_the_extra_is_named():
    code = "import sys; sys.modules['hypothesis'] = None; import office.testing.strategies"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "office.testing.strategies needs hypothesis: pip install 'backprop-office[pytest]'" in done.stderr
