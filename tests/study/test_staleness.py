import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import (
    Accumulate,
    Affine,
    Chain,
    Client,
    Crash,
    Journal,
    Linear,
    Team,
    Worker,
    every,
    in_sequence,
    newest_first,
    random_pick,
    relu,
    simulate,
    squared_error,
)
from office.journal import Learnt
from office.study import heard, learners, mail_on, staleness, stashed
from tests.study.journals import ROUGH, clerk, learner, made_up, mark
from tests.study.journals import run as run_of

MAILS = st.sampled_from(
    ["", "delay 10ms", "delay 10ms 5ms", "delay 10ms 10ms distribution exponential", "delay 20ms 15ms"],
)
GAPS = st.sampled_from(["0", "5ms", "10ms", "3ms"])


class Clerk:
    """Answers with a count of the feedbacks heard so far, and keeps for each how many came in between."""

    def __init__(self):
        self.heard = 0
        self.lateness = []

    def __call__(self, inputs):
        then = self.heard

        def handle_feedback(feedback):
            self.lateness.append(self.heard - then)
            self.heard += 1
            return feedback

        return inputs, handle_feedback


class Counting(Clerk):
    """A combination that keeps books in the same way: what the manager of a team knows of lateness."""

    def __call__(self, outputs):
        _, handle_feedback = super().__call__(None)
        return outputs[0], lambda feedback: [handle_feedback(feedback)] * len(outputs)


def words(output, target):
    return 0.0, f"re {output}"


def numbers(output, target):
    return 0.0, 1.0


def run(chart, mail="", tasks=40, feedback=words, **client):
    inputs = [(1.0 if feedback is numbers else "plan", None)] * tasks
    return simulate(chart, Client(inputs, feedback, **client), mail=mail).journal


@given(MAILS, GAPS, st.sampled_from([None, 1, 7]))
def test_lateness_is_what_the_worker_counted_himself(mail, gap, in_flight):
    clerk = Clerk()
    journal = run(Worker(clerk, "alex"), mail, arrivals=every(gap), in_flight=in_flight)
    assert staleness(journal, "alex").tolist() == clerk.lateness


@given(MAILS, GAPS)
def test_lateness_is_what_the_manager_and_each_member_counted(mail, gap):
    combine, alex, bo = Counting(), Clerk(), Clerk()
    inner = Team([Worker(bo, "bo"), Worker(Clerk(), "cy")], "front")
    chart = Team([Worker(alex, "alex"), inner], "estimates", combine=combine)
    journal = run(chart, mail, feedback=numbers, arrivals=every(gap))
    assert staleness(journal, "estimates").tolist() == combine.lateness
    assert staleness(journal, "estimates/alex").tolist() == alex.lateness
    assert staleness(journal, "estimates/front/bo").tolist() == bo.lateness


@given(MAILS, GAPS)
def test_the_manager_of_a_chain_counts_from_the_result_of_its_top_department(mail, gap):
    combine, top = Counting(), Clerk()
    chart = Team([Chain([Worker(Clerk(), "low"), Worker(top, "top")]), Worker(Clerk(), "bo")], "team", combine=combine)
    journal = run(chart, mail, feedback=numbers, arrivals=every(gap))
    assert staleness(journal, "team").tolist() == combine.lateness


@given(st.sampled_from(ROUGH), GAPS, st.integers(0, 5))
def test_lateness_is_what_the_worker_counted_himself_when_mail_is_lost_repeated_and_damaged(mail, gap, seed):
    clerk = Clerk()
    client = Client([("plan", None)] * 40, words, arrivals=every(gap))
    journal = simulate(Worker(clerk, "alex"), client, mail=mail, seed=seed).journal
    assert staleness(journal, "alex").tolist() == clerk.lateness


@given(st.sampled_from(ROUGH), GAPS)
def test_it_is_so_for_the_manager_and_each_member_of_a_team_too(mail, gap):
    combine, alex, bo = Counting(), Clerk(), Clerk()
    chart = Team([Worker(alex, "alex"), Worker(bo, "bo")], "team", combine=combine)
    journal = run(chart, mail, feedback=numbers, arrivals=every(gap))
    assert staleness(journal, "team").tolist() == combine.lateness
    assert staleness(journal, "team/alex").tolist() == alex.lateness
    assert staleness(journal, "team/bo").tolist() == bo.lateness


CRASHES = st.lists(st.sampled_from(["15ms", "35ms", "50ms", "90ms"]), unique=True, max_size=3)


@given(st.sampled_from(["delay 10ms", "delay 10ms 5ms", "delay 20ms 15ms"]), CRASHES, st.sampled_from([None, "18ms"]))
def test_it_is_what_the_worker_counted_himself_where_tasks_are_forgotten_and_expire(mail, crashes, expire):
    clerk = Clerk()
    client = Client([("plan", None)] * 40, words, arrivals=every("3ms"))
    faults = [Crash("alex", at) for at in crashes]
    journal = simulate(Worker(clerk, "alex"), client, mail=mail, faults=faults, expire=expire).journal
    assert staleness(journal, "alex").tolist() == clerk.lateness


def test_with_one_task_in_flight_no_feedback_is_late():
    journal = run(Worker(Clerk(), "alex"), "delay 10ms 5ms", in_flight=1)
    assert staleness(journal, "alex").tolist() == [0] * 40


def test_answered_newest_first_the_newest_is_in_time_and_each_older_one_an_update_later():
    journal = run(Worker(Clerk(), "alex"), tasks=8, arrivals=every("1ms"), replies=newest_first(4))
    assert staleness(journal, "alex").tolist() == [0, 1, 2, 3] * 2


def test_picked_at_random_from_a_table_of_eight_the_mean_is_seven():
    journal = run(Worker(Clerk(), "alex"), tasks=4000, arrivals=every("1ms"), replies=random_pick(8))
    assert staleness(journal, "alex").mean() == pytest.approx(7.0, abs=0.01)


@given(st.sampled_from(["delay 10ms", "delay 10ms 5ms"]), st.sampled_from(["3ms", "10ms", "20ms 5ms"]))
def test_a_worker_who_takes_time_answers_when_the_work_ends(mail, answer_time):
    # Learning takes no time, so every feedback that reached it while it answered is learnt from afterwards; it counts
    # from the end of its work, before which those had reached it.
    answered, arrived = {}, []
    journal = run(Worker(Clerk(), "alex", answer_time=answer_time), mail, arrivals=every("9ms"))
    mail = journal.mail
    for sent, link, task in zip(mail.sent, mail.link, mail.task, strict=True):
        if journal.links[link].name == "alex.outbox":
            answered[task] = sent
        if journal.links[link].name == "alex.feedback_from_above":
            arrived.append(task)
    times = mail.arrived[mail.link == journal.place_of("alex.feedback_from_above")]
    by_hand = [place - np.count_nonzero(times < answered[task]) for place, task in enumerate(arrived)]
    assert staleness(journal, "alex").tolist() == by_hand


@given(st.sampled_from(["delay 10ms 10ms", "delay 20ms 15ms"]), st.sampled_from([1, 2, 5]))
def test_a_worker_with_a_limit_answers_the_next_task_after_the_feedback_that_made_room_for_it(mail, limit):
    clerk = Clerk()
    journal = run(Worker(clerk, "alex", max_pending=limit), mail)
    assert staleness(journal, "alex").tolist() == clerk.lateness


def test_a_worker_with_a_limit_is_counted_even_where_everything_happens_in_one_instant():
    lateness = staleness(run(Worker(Clerk(), "alex", max_pending=3)), "alex")
    assert len(lateness) == 40
    assert ((lateness >= 0) & (lateness < 40)).all()


def test_mail_still_under_way_at_the_end_is_not_counted():
    client = Client([("plan", None)] * 40, words, arrivals=every("5ms"))
    clerk = Clerk()
    journal = simulate(Worker(clerk, "alex"), client, mail="delay 10ms 9ms", until="120ms").journal
    assert 0 < len(clerk.lateness) < 30
    assert staleness(journal, "alex").tolist() == clerk.lateness


@pytest.mark.parametrize("pace", [{}, {"answer_time": "2ms"}, {"max_pending": 2}])
def test_a_journal_that_was_saved_says_the_same(tmp_path, pace):
    journal = run(Worker(Clerk(), "alex", **pace), "delay 10ms 9ms", arrivals=every("3ms"))
    journal.save(tmp_path / "journal")
    assert (staleness(Journal.load(tmp_path / "journal"), "alex") == staleness(journal, "alex")).all()


def test_a_link_may_be_named_instead_of_its_desk():
    journal = run(Worker(Clerk(), "alex"), "delay 10ms 9ms", arrivals=every("3ms"))
    assert (staleness(journal, "alex.feedback_from_above") == staleness(journal, "alex")).all()


@given(MAILS, GAPS)
def test_lateness_is_what_each_department_of_a_chain_counted(mail, gap):
    clerks = [Clerk() for _ in range(3)]
    chart = Chain([Worker(clerk, name) for clerk, name in zip(clerks, ["low", "middle", "top"], strict=True)])
    journal = run(chart, mail, arrivals=every(gap))
    assert [staleness(journal, name).tolist() for name in ("low", "middle", "top")] == [
        clerk.lateness for clerk in clerks
    ]


@pytest.mark.parametrize("desk", ["nobody", "top.inbox", ""])
def test_a_desk_that_is_not_there_is_refused_by_name(desk):
    journal = run(Chain([Worker(Clerk(), "low"), Worker(Clerk(), "top")]))
    with pytest.raises(ValueError, match=rf'no desk is named "{desk}"'):
        staleness(journal, desk)


def test_where_no_feedback_came_there_is_no_lateness():
    assert staleness(made_up([(0, 1, 0, 7), (1, 2, 1, 7)]), "alex").tolist() == []
    assert staleness(made_up([]), "alex").tolist() == []


@pytest.mark.parametrize("rows", [[(0, 1, 2, 7)], [(0, 1, 0, 3), (1, 2, 1, 3), (2, 3, 2, 7)]])
def test_feedback_without_an_answer_is_named(rows):
    with pytest.raises(ValueError, match="task 7 has feedback"):
        staleness(made_up(rows), "alex")


def test_an_id_that_is_used_again_counts_from_its_latest_answer():
    rows = [(0, 1, 0, 7), (0, 2, 0, 8), (1, 3, 1, 7), (2, 3, 1, 8), (3, 4, 2, 7), (3, 5, 2, 8)]
    again = [(5, 6, 0, 7), (6, 7, 1, 7), (7, 8, 2, 7)]
    assert staleness(made_up([*rows, *again]), "alex").tolist() == [0, 1, 0]


def test_repeats_and_what_is_damaged_are_no_feedback():
    rows = [(0, 1, 0, 7), (0, 2, 0, 8), (1, 3, 1, 7), (2, 3, 1, 8)]
    feedback = [
        (3, 4, 2, 7, mark(1, damaged=True)),
        (3, 5, 2, 7, mark(1, 1)),
        (3, 6, 2, 7, mark(1, 2)),
        (4, 7, 2, 8, mark(2)),
    ]
    assert staleness(made_up([*rows, *feedback]), "alex").tolist() == [0, 1]


def test_an_answer_counts_from_its_first_sending_though_only_a_copy_arrives():
    rows = [(0, 1, 0, 7), (0, 1, 0, 8), (1, 3, 1, 8, mark(1)), (3, 4, 2, 8), (9, 10, 1, 7, mark(2, 1)), (10, 11, 2, 7)]
    assert staleness(made_up(rows, lost=[(1, 1, 7, mark(2))]), "alex").tolist() == [0, 1]


def test_stray_feedback_on_a_task_that_was_let_go_is_no_update():
    rows = [(0, 1, 0, task) for task in (7, 8, 9)] + [(1, 2, 1, task) for task in (7, 8, 9)]
    rows += [(2, 5, 2, 8), (2, 6, 2, 7), (2, 7, 2, 9)]
    assert staleness(made_up(rows), "alex").tolist() == [0, 1, 2]
    incidents = [(4, "feedback expired", 8), (5, "stray", 8)]
    assert staleness(made_up(rows, incidents=incidents), "alex").tolist() == [0, 1]


@pytest.mark.parametrize("worker", [clerk, learner])
def test_heard_says_when_and_about_which_task_each_feedback_was(worker):
    journal = run_of(worker("alex"), mail="delay 10ms 9ms").journal
    heard_feedback = heard(journal, "alex")
    assert heard_feedback.staleness.tolist() == staleness(journal, "alex").tolist()
    mail = mail_on(journal, "alex.feedback_from_above").delivered
    assert list(zip(heard_feedback.times.tolist(), heard_feedback.tasks.tolist(), strict=True)) == list(
        zip(mail.arrived.tolist(), mail.task.tolist(), strict=True)
    )


def test_what_was_learnt_about_a_task_without_mail_is_not_heard():
    journal = run_of(learner("alex"), mail="delay 10ms 9ms").journal
    journal.learnt["alex"].append(Learnt(10**9, "nobody's", 3, 40, 1.0, 1.0))
    assert len(heard(journal, "alex").times) == len(staleness(journal, "alex")) - 1


STASHING_MAILS = ["", "delay 10ms", "delay 10ms 8ms", "delay 10ms 10ms distribution exponential"]


def run_of_a_pipeline(chart, mail="", tasks=40, **client):
    return simulate(chart, Client([(1.0, None)] * tasks, lambda *_: (0.0, 1.0), **client), mail=mail).journal


@given(st.sampled_from(STASHING_MAILS), st.sampled_from([None, 1, 2, 7]))
def test_a_version_is_kept_while_there_is_feedback_to_come_on_an_answer_given_with_it(mail, in_flight):
    journal = run_of_a_pipeline(learner("alex"), mail, arrivals=every("3ms"), in_flight=in_flight)
    heard = [(updates - late, updates) for _, _, late, updates, *_ in journal.learnt["alex"]]
    kept = [
        len({version for version, when in heard if version < updates <= when})
        for _, updates in heard
    ]  # fmt: skip
    assert stashed(journal, "alex").versions.tolist() == kept


@pytest.mark.parametrize("late", [0, 1, 5])
def test_in_order_as_many_versions_are_kept_as_feedback_is_late(late):
    journal = run_of_a_pipeline(learner("alex"), {"alex.feedback_from_above": "rate 1mbit"}, in_flight=late + 1)
    kept = stashed(journal, "alex")
    assert kept.versions.max() == late
    assert (kept.peak_bytes, kept.version_bytes) == (8 * late, 8)
    assert kept.mean_bytes == 8 * kept.versions.mean()


def test_weights_that_are_differentiated_as_they_are_live_keep_no_version():
    worker = Linear([0.0], 0.0, policy="live")
    client = Client([(np.ones((1, 1)), None)] * 20, lambda answer, _: (0.0, answer), arrivals=every("3ms"))
    journal = simulate(Worker(worker, "alex"), client, mail="delay 10ms").journal
    assert staleness(journal, "alex").max() > 0
    assert (stashed(journal, "alex").versions.max(), stashed(journal, "alex").peak_bytes) == (0, 0)


def test_a_version_takes_what_all_the_weights_of_the_desk_take():
    low = in_sequence(Affine.drawn(3, 4, dtype=np.float32), relu, Affine.drawn(4, 2, dtype=np.float32))
    chart = Chain([Worker(low, "low"), Worker(lambda task: (task, lambda re: re), "middle"), Worker(relu, "top")])
    client = Client([(np.ones((2, 3)), np.ones((2, 2)))] * 5, squared_error)
    journal = simulate(chart, client).journal
    assert learners(journal) == ["low"]
    assert stashed(journal, "low").version_bytes == 4 * (3 * 4 + 4 + 4 * 2 + 2)


def test_a_desk_that_heard_nothing_keeps_nothing_and_one_without_weights_has_none_to_keep():
    journal = run_of_a_pipeline(learner("alex"), tasks=1, mail="loss 100%")
    assert (stashed(journal, "alex").peak_bytes, stashed(journal, "alex").mean_bytes) == (0, 0.0)
    with pytest.raises(ValueError, match=r"bo has no weights in this journal \(with weights: alex\)"):
        stashed(journal, "bo")


def test_in_a_chain_the_lower_stage_hears_later_and_keeps_more():
    stages = [Worker(in_sequence(Affine.drawn(1, 1, 0.01, seed), relu), f"stage{seed}") for seed in range(3)]
    client = Client([(np.ones((1, 1)), np.ones((1, 1)))] * 60, squared_error, arrivals=every("10ms"))
    journal = simulate(Chain(stages), client, mail="delay 20ms").journal
    late = [staleness(journal, desk).max() for desk in learners(journal)]
    assert late == sorted(late, reverse=True)
    assert late[0] > late[-1] > 0
    assert late == [stashed(journal, desk).versions.max() for desk in learners(journal)]


def test_updates_count_for_lateness_and_not_what_was_heard():
    alex = Linear(np.zeros(1), 0.0, Accumulate(0.1, 4))
    client = Client([(np.zeros((1, 1)), np.ones(1))] * 16, squared_error, in_flight=8)
    journal = simulate(Worker(alex, "alex"), client, mail={"alex.feedback_from_above": "rate 1mbit"}).journal
    answered = [0] * 8 + [(task - 7) // 4 for task in range(8, 16)]  # the ninth is submitted when one has been heard
    assert staleness(journal, "alex").tolist() == [task // 4 - answered[task] for task in range(16)]
    assert alex.parameters.updates == 4
