"""Desks that stall, crash and give up, and mail that is cut."""

import pytest
from hypothesis import given, settings

from office import (
    NO_FEEDBACK,
    Chain,
    Client,
    Crash,
    Partition,
    Stall,
    Team,
    Worker,
    after,
    every,
    in_turn,
    open_office,
    simulate,
)
from office.errors import BadConditions, BadFault, BadTime
from tests.engines.building import all_of_it, office_of
from tests.engines.offices import EITHER, troubled_offices
from tests.tiers import examples

MS = 1_000_000
ROUGH = ["delay 5ms 3ms loss 30%", "delay 5ms 5ms duplicate 30% corrupt 10%", "delay 9ms loss 50%", "loss 20%"]
QUIET = ["delay 5ms", "delay 5ms 3ms", "delay 2ns 1ns", "", "delay 10ms 5ms distribution exponential"]


def clerk(name, heard=None, **pace):
    """A worker that answers in words and replies with a number, and keeps what it hears."""

    def estimate(task):
        def handle_feedback(feedback):
            if heard is not None:
                heard.append((task, feedback))
            return NO_FEEDBACK if feedback is NO_FEEDBACK else 1.0

        handle_feedback.hears_no_feedback = True
        return f"{name} on {task}", handle_feedback

    return Worker(estimate, name, **pace)


def people(output, target):
    return 0.0, f"re {output}"


def run(chart, tasks=10, mail="delay 10ms", gap="10ms", **options):
    client = {name: options.pop(name) for name in ("patience", "in_flight", "replies") if name in options}
    pairs = [(f"plan {task}", None) for task in range(tasks)]
    return simulate(chart, Client(pairs, people, arrivals=every(gap), **client), mail=mail, **options)


def rows(run, link):
    """When each message arrived on a link, in ms, by task."""
    mail = run.journal.mail
    on_it = (mail.link == run.journal.place_of(link)) & mail.read
    return dict(zip(mail.task[on_it].tolist(), (mail.arrived[on_it] / MS).tolist(), strict=True))


@given(troubled_offices(QUIET + ROUGH, EITHER))
@settings(max_examples=examples(60))
def test_an_office_in_trouble_is_the_same_one_instant_at_a_time(data):
    assert all_of_it(*office_of(data)) == all_of_it(*office_of(data, lookahead=False))


@given(troubled_offices(QUIET + ROUGH, EITHER))
@settings(max_examples=examples(60))
def test_every_task_is_done_or_given_up_whatever_befalls_the_desks(data):
    came, _ = office_of(data)
    tasks = data["client"]["tasks"] * data["client"]["epochs"]
    assert set(came.feedback_below) | came.given_up == set(range(tasks))
    assert not set(came.feedback_below) & came.given_up


def test_a_desk_that_stalls_reads_its_mail_when_it_is_back():
    stalled = run(clerk("alex"), 4, faults=[Stall("alex", "15ms", "30ms")])
    assert rows(stalled, "alex.outbox") == {0: 20, 1: 55, 2: 55, 3: 55}
    assert stalled.journal.incidents == {"alex": [(15 * MS, "stalled", None), (45 * MS, "back", None)]}
    assert len(stalled.feedback_below) == 4


def test_a_busy_desk_finishes_what_it_has_in_hand_before_it_stalls():
    stalled = run(clerk("alex", answer_time="8ms"), 2, faults=[Stall("alex", "15ms", "30ms")])
    assert rows(stalled, "alex.outbox") == {0: 28, 1: 63}
    assert stalled.journal.incidents["alex"][0] == (18 * MS, "stalled", None)


def test_feedback_for_what_a_worker_has_forgotten_is_counted_and_passed_down_as_none():
    heard = []
    crashed = run(clerk("alex", heard), 5, faults=[Crash("alex", "35ms")])
    # Tasks 0, 1 and 2 arrive at 10, 20 and 30 ms, and the feedback on the first only at 30.
    assert [task for task, _ in heard] == ["plan 0", "plan 3", "plan 4"]
    assert crashed.strays == {"alex": 2}
    assert [task for task, re in crashed.feedback_below.items() if re is NO_FEEDBACK] == [1, 2]
    assert crashed.journal.incidents["alex"] == [
        (35 * MS, "crashed", None),
        (35 * MS, "forgotten", 1),
        (35 * MS, "forgotten", 2),
        (35 * MS, "back", None),
        (40 * MS, "stray", 1),
        (50 * MS, "stray", 2),
    ]
    assert not any(crashed.pending.values())


def test_what_comes_while_a_worker_is_down_waits_for_him():
    heard = []
    run(clerk("alex", heard), 5, faults=[Crash("alex", "5ms", "500ms")])
    assert len(heard) == 5


def test_weights_outlive_a_crash_and_notes_do_not():
    data = {
        "chart": ("worker", "total", 0, {}),
        "mail": ("delay 10ms", ()),
        "client": {"tasks": 20, "arrivals": ["every", "5ms"]},
        "seed": 0,
    }
    _, (quiet,) = office_of(data)
    _, (crashed,) = office_of(data | {"faults": [("crash", 0, "47ms", 0)]})
    assert quiet.parameters.answered == crashed.parameters.answered == 20
    assert quiet.parameters.heard == 20
    assert 10 < crashed.parameters.heard < 20


def test_a_partition_loses_what_is_sent_across_it_and_only_that():
    team = Team([clerk("alex"), clerk("bo")], "desk", allocate=in_turn)
    cut = run(team, 20, faults=[Partition("desk/alex", "45ms", "50ms")])
    mail = cut.journal.mail
    lost = mail.lost
    assert {cut.journal.links[link].name.partition(".")[0] for link in mail.link[lost].tolist()} == {"desk/alex"}
    assert lost.sum() > 4
    assert ((mail.sent[lost] >= 45 * MS) & (mail.sent[lost] < 95 * MS)).all()
    for name in ("desk/alex.inbox", "desk/alex.outbox"):
        on_it = mail.link == cut.journal.place_of(name)
        during = (mail.sent >= 45 * MS) & (mail.sent < 95 * MS)
        assert lost[on_it & during].all()


def test_a_partition_of_two_sides_leaves_the_rest_in_touch():
    team = Team([clerk("alex"), clerk("bo")], "desk", allocate=in_turn)
    cut = run(team, 20, faults=[Partition("client", 0, "1s", others="desk/alex")])
    assert len(cut.feedback_below) == 20  # they write to each other through the manager alone
    cut = run(team, 20, faults=[Partition(["desk/alex", "desk/bo"], 0, "1s")])
    assert not cut.feedback_below


@pytest.mark.parametrize("place", ["inbox", "outbox", "feedback_from_above", "feedback_to_below"])
@pytest.mark.parametrize("desk", ["desk", "desk/alex"])
def test_what_expires_leaves_no_task_pending_wherever_a_message_is_lost(desk, place):
    heard = []
    team = Team([clerk("alex", heard), clerk("bo", heard)], "desk", combine=chorus)
    lossy = {"*": "delay 1ms", f"{desk}.{place}": "delay 1ms loss 40%"}
    came = run(team, 50, mail=lossy, expire="20ms", patience="200ms", seed=1)
    assert 10 < came.journal.mail.lost.sum() < 32
    assert not any(came.pending.values())
    assert set(came.feedback_below) | came.given_up == set(range(50))
    if (desk, place) != ("desk", "inbox"):
        assert len(heard) == 100 - (came.journal.mail.lost.sum() if place == "inbox" else 0)
        expired = [what for rows in came.journal.incidents.values() for _, what, _ in rows if what.endswith("expired")]
        assert (len(expired) > 0) == ((desk, place) != ("desk", "feedback_to_below"))


def chorus(outputs):
    return " and ".join(outputs), lambda feedback: [feedback] * len(outputs)


def test_a_half_filled_join_expires_and_those_who_answered_are_told():
    heard = []
    team = Team([clerk("alex", heard), clerk("bo", heard)], "desk", combine=chorus)
    came = run(team, 1, mail={"*": "delay 1ms", "desk/bo.outbox": "loss 100%"}, expire={"desk": "20ms"})
    assert heard == [("plan 0", NO_FEEDBACK)]  # alex; bo does not know that its answer is lost
    assert came.given_up == {0}
    assert came.journal.incidents["desk"] == [(23 * MS, "results expired", 0), (45 * MS, "replies expired", 0)]
    assert came.pending == {"desk": 0, "desk/alex": 0, "desk/bo": 1}


def test_a_worker_gives_up_what_its_manager_has_not_heard_of():
    heard = []
    team = Team([clerk("alex", heard), clerk("bo", heard)], "desk", combine=chorus)
    lossy = {"*": "delay 1ms", "desk/bo.outbox": "loss 100%"}
    came = run(team, 1, mail=lossy, expire={"desk": "60ms", "*/*": "20ms"})
    assert heard == [("plan 0", NO_FEEDBACK)] * 2
    assert came.journal.incidents["desk"] == [(83 * MS, "results expired", 0)]  # 60 ms after it last heard of it
    assert came.given_up == {0}
    assert not any(came.strays.values())
    assert not any(came.pending.values())


def test_an_answer_that_comes_after_its_join_has_expired_is_told_that_there_is_no_feedback():
    heard = []
    team = Team([clerk("alex", heard), clerk("bo", heard)], "desk", combine=chorus)
    came = run(team, 1, mail={"*": "delay 1ms", "desk/bo.outbox": "delay 50ms"}, expire={"desk": "20ms"})
    assert heard == [("plan 0", NO_FEEDBACK)] * 2
    assert came.strays["desk"] == 2  # bo's answer, and what it says when it is told
    assert not any(came.pending.values())


def test_feedback_that_comes_after_its_task_was_given_up_changes_nothing():
    heard = []
    came = run(
        clerk("alex", heard), 3, mail={"*": "delay 1ms", "alex.feedback_from_above": "delay 50ms"}, expire="20ms"
    )
    assert heard == [(f"plan {task}", NO_FEEDBACK) for task in range(3)]
    assert came.strays == {"alex": 3}
    assert list(came.feedback_below.values()) == [NO_FEEDBACK] * 3


def test_nothing_expires_while_it_is_heard_of_in_time():
    plain, patient = run(clerk("alex"), 10), run(clerk("alex"), 10, expire="25ms")
    assert patient.journal.to_bytes().split(b"\n", 1)[1] == plain.journal.to_bytes().split(b"\n", 1)[1]
    assert patient.time == plain.time
    assert "alex" not in patient.journal.incidents


def test_a_chain_passes_down_that_nothing_will_be_heard():
    heard = []
    chain = Chain([clerk("alex", heard), clerk("bo", heard)])
    came = run(chain, 3, mail={"*": "delay 1ms", "bo.inbox": "loss 100%"}, expire="20ms")
    assert heard == [(f"plan {task}", NO_FEEDBACK) for task in range(3)]
    assert came.given_up == {0, 1, 2}


def test_people_who_speak_of_a_task_that_was_given_up_meanwhile_do_not_lose_patience_with_it():
    came = run(clerk("alex"), 3, mail="delay 1ms", expire="20ms", patience="5s", replies=after("100ms"), in_flight=1)
    assert len(came.feedback_below) == 3
    assert not came.given_up
    assert came.strays == {"alex": 3}
    assert came.time < 5_000 * MS


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (Stall("bo", 0, 1), r'"bo" names no desk \(desks: desk, desk/alex\)'),
        (Crash("desk", 0), "desk is a manager, and only workers crash"),
        (Crash("*", 0), "desk is a manager"),
        (Partition("casey", 0, 1), '"casey" names no desk'),
        (Partition("desk", 0, 1, others="casey"), '"casey" names no desk'),
        ("crash", "a fault is a Stall, a Crash or a Partition"),
    ],
)
def test_faults_that_befall_no_desk_are_refused(fault, complaint):
    with pytest.raises(BadFault, match=complaint):
        run(Team([clerk("alex")], "desk"), faults=[fault])


@pytest.mark.parametrize("fault", [Stall("alex", "-1s", 1), Crash("alex", 0, 1.5), Partition("alex", "soon", 1)])
def test_faults_at_no_time_are_refused(fault):
    with pytest.raises(BadTime):
        run(clerk("alex"), faults=[fault])


@pytest.mark.parametrize("expire", [0, "0ms"])
def test_a_desk_waits_for_a_while(expire):
    with pytest.raises(BadFault, match="expire is a time above zero"):
        run(clerk("alex"), expire=expire)


def test_a_desk_that_is_not_there_does_not_expire():
    with pytest.raises(BadConditions, match=r'"bo" names no desk \(desks: alex\)'):
        run(clerk("alex"), expire={"bo": "1s"})


def test_the_journal_says_what_befell_the_office():
    came = run(
        clerk("alex"),
        faults=[Crash("alex", "1s"), Partition(["alex"], 5, "2ms")],
        expire="1s",
        delivery={"alex.inbox": "at least once"},
    )
    assert came.journal.settings["faults"] == [
        "crash of alex at 1s for 0s",
        "partition of alex and * at 5ns for 2ms",
    ]
    assert came.journal.settings["expire"] == {"alex": 1000 * MS}
    assert came.journal.settings["delivery"] == {"alex.inbox": "at least once"}
    assert set(run(clerk("alex")).journal.settings) == {"seed", "mail"}


def test_the_journal_names_a_set_of_desks_in_one_order_in_every_process():
    names = [f"clerk{place}" for place in range(20)]
    team = Team([clerk(name) for name in names], "desk", allocate=in_turn)
    came = run(team, faults=[Partition({f"desk/{name}" for name in names}, 0, 1)])
    assert came.journal.settings["faults"] == [
        f"partition of {', '.join(sorted(f'desk/{name}' for name in names))} and * at 0s for 1ns"
    ]


def test_faults_may_come_from_anything_that_can_be_gone_through_once():
    crash = Crash("alex", "35ms")
    listed, generated = run(clerk("alex"), faults=[crash]), run(clerk("alex"), faults=(fault for fault in [crash]))
    assert generated.journal.to_bytes() == listed.journal.to_bytes()
    assert generated.strays == {"alex": 2}


def test_learning_goes_on_after_a_crash_of_one_of_many():
    team = Team([clerk("alex"), clerk("bo")], "desk", combine=chorus)
    came = run(team, 30, faults=[Crash("desk/bo", "42ms", "30ms")], expire="300ms")
    assert len(came.feedback_below) == 30
    assert came.strays["desk/bo"] > 0


def test_at_least_once_loses_no_feedback_and_applies_none_twice():
    """At 30 % loss and 10 % duplication, where once at most loses nearly everything."""
    mail = "delay 20ms 5ms loss 30% duplicate 10%"
    by_name = {"alex": [], "bo": []}
    team = Team([clerk(name, heard) for name, heard in by_name.items()], "desk", combine=chorus)
    came = run(team, 500, mail=mail, gap="2ms", delivery="at least once", seed=3)
    for heard in by_name.values():
        assert sorted(heard) == sorted(
            (f"plan {task}", f"re alex on plan {task} and bo on plan {task}") for task in range(500)
        )
    assert len(came.feedback_below) == 500
    assert came.journal.mail.lost.sum() > 1000
    at_most_once = run(team, 500, mail=mail, gap="2ms", seed=3)
    assert len(at_most_once.feedback_below) < 50


async def test_an_open_office_has_faults_too():
    heard = []
    options = {"mail": "delay 1ms", "expire": "20ms", "faults": [Stall("alex", "500us", "5ms")]}
    async with open_office(clerk("alex", heard), **options) as office:
        await office.inbox.send((1, "plan"))
        assert await office.outbox.receive() == (1, "alex on plan")
        assert office.now == 6.5 * MS
        assert await office.feedback_to_below.receive() == (1, NO_FEEDBACK)  # there was no reply
        assert office.now == 26.5 * MS
        await office.feedback_from_above.send((1, "bolder"))
    assert heard == [("plan", NO_FEEDBACK)]
    assert office.journal.incidents["alex"][-1] == (27.5 * MS, "stray", 1)
