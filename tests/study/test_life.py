"""The life of one task, against the journal, the worker's own count, and `staleness`."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings

from office import Chain, Team, Worker, newest_first
from office.study import desks, find_task, staleness, why
from office.study.ends import channels
from tests.engines.building import office_of
from tests.engines.offices import offices, troubled_offices
from tests.study.checks.doctoring import Doctored
from tests.study.journals import ABOVE, BELOW, INBOX, OUTBOX, clerk, made_up, run
from tests.tiers import examples

ROUGH = [
    "delay 5ms 3ms loss 10%",
    "delay 5ms 3ms duplicate 30%",
    "delay 5ms corrupt 10% duplicate 10%",
    "delay 5ms",
    "",
]
ROWS = [(0, 2, INBOX, 7), (2, 5, OUTBOX, 7), (5, 9, ABOVE, 7), (9, 11, BELOW, 7)]


def lives(journal):
    return [why(journal, journal.task_id(code)) for code in set(journal.mail.task.tolist())]


@given(offices(conditions=ROUGH))
@settings(max_examples=examples(20))
def test_the_lives_of_all_tasks_are_all_of_the_mail(data):
    came = office_of(data)[0]
    if isinstance(came, str):
        return
    hops = [hop for life in lives(came.journal) for hop in life.hops]
    mail = came.journal.mail
    assert len(hops) == len(mail.sent)
    assert sorted(hop.sent for hop in hops) == sorted(mail.sent.tolist())
    fates = [hop.fate for hop in hops]
    assert [fates.count("read"), fates.count("lost")] == [mail.read.sum(), mail.lost.sum()]
    assert fates.count("damaged") == (mail.damaged & (mail.arrived >= 0)).sum()
    assert fates.count("on its way") == ((mail.arrived < 0) & ~mail.lost).sum()
    assert all(life.hops == tuple(sorted(life.hops, key=lambda hop: hop.sent)) for life in lives(came.journal))
    quickest = {link: min((hop.later for hop in hops if hop.link == link and hop.arrived is not None), default=0)
                for link in came.journal.link_names}  # fmt: skip
    assert not any(quickest.values())


def by_staleness(journal):
    """How late feedback came to each worker, in order of arrival."""
    names = desks(journal)
    workers = [name for name in names if not any(other.startswith(f"{name}/") for other in names)]
    return {name: staleness(journal, name).tolist() for name in workers}


def by_lives(journal):
    as_json = {name: [] for name in by_staleness(journal)}
    reader = {channels(journal, name).feedback_from_above: name for name in as_json}
    place = {link: number for number, link in enumerate(journal.link_names)}
    for life in lives(journal):
        for hop in life.hops:
            if hop.staleness is not None:
                as_json[reader[hop.link]].append((hop.arrived, place[hop.link], hop.number, hop.staleness))
    return {name: [late for *_, late in sorted(rows)] for name, rows in as_json.items()}


@given(offices())
@settings(max_examples=examples(20))
def test_feedback_is_as_many_updates_late_as_the_measure_of_staleness_says(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        assert by_lives(came.journal) == by_staleness(came.journal)


@given(troubled_offices(ROUGH))
@settings(max_examples=examples(20))
def test_so_it_is_under_rough_mail_whatever_befalls_the_desks(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        assert by_lives(came.journal) == by_staleness(came.journal)


class Counting:
    """Answers, and keeps for each task how many feedbacks it had heard before."""

    def __init__(self):
        self.heard, self.versions = 0, []

    def __call__(self, task):
        self.versions.append(self.heard)

        def handle_feedback(feedback):
            self.heard += 1
            return feedback

        return task, handle_feedback


@pytest.mark.parametrize("mail", ["delay 10ms 9ms", "delay 5ms loss 10%", ""])
def test_what_a_worker_had_heard_before_he_answered_is_what_he_counted_himself(mail):
    low, top = Counting(), Counting()
    journal = run(Chain([Worker(low, "low"), Worker(top, "top")]), mail=mail, replies=newest_first(3)).journal
    for desk, worker in (("low", low), ("top", top)):
        answers = [hop for life in lives(journal) for hop in life.hops
                   if hop.link == channels(journal, desk).outbox and not hop.copy]  # fmt: skip
        assert [hop.heard for hop in sorted(answers, key=lambda hop: hop.number)] == worker.versions
        assert len(set(worker.versions)) > 5 or mail == ""


def test_only_workers_answers_and_feedback_to_them_count_updates():
    journal = run(Team([clerk("alex"), clerk("bo")], "team")).journal
    for life in lives(journal):
        counted = {hop.link for hop in life.hops if hop.heard is not None or hop.staleness is not None}
        assert counted <= {
            f"team/{name}.{link}" for name in ("alex", "bo") for link in ("outbox", "feedback_from_above")
        }


def test_every_copy_of_a_message_is_told_with_what_became_of_it():
    journal = run(clerk("alex"), mail="delay 10ms 9ms corrupt 20% duplicate 40% loss 10%").journal
    hops = [hop for life in lives(journal) for hop in life.hops]
    counted = Counter(hop.fate for hop in hops)
    mail = journal.mail
    assert counted["damaged"] == (mail.damaged & (mail.arrived >= 0)).sum() > 5
    assert counted["repeat"] == ((mail.arrived >= 0) & ~mail.damaged & ~mail.read).sum() > 5
    assert counted["lost"] == mail.lost.sum() > 5
    assert {hop.heard is None for hop in hops if hop.link == "alex.outbox" and hop.copy} == {True}
    assert {hop.heard is None for hop in hops if hop.link == "alex.outbox" and not hop.copy} == {False}
    above = [hop for hop in hops if hop.link == "alex.feedback_from_above"]
    assert {hop.fate == "read" for hop in above if hop.staleness is not None} == {True}


def test_a_task_that_comes_again_counts_from_its_latest_answer():
    rows, other = [(0, 1, INBOX, 7), (1, 2, OUTBOX, 7), (2, 3, ABOVE, 7), (3, 4, BELOW, 7)], []
    for task, when in ((7, 0), (8, 5), (9, 10), (7, 20), (10, 24)):
        other += [(sent + when, arrived + when, link, task) for sent, arrived, link, _ in rows]
    other[14] = (*other[14][:1], 40, ABOVE, 7)  # the second feedback on it comes last
    other[15] = (40, 41, BELOW, 7)
    journal = made_up(sorted(other, key=lambda row: row[1]))
    assert [hop.staleness for hop in why(journal, 7).hops if hop.staleness is not None] == [0, 1]
    assert [hop.heard for hop in why(journal, 7).hops if hop.heard is not None] == [0, 3]
    assert by_lives(journal) == by_staleness(journal)


def test_a_life_is_json():
    life = why(Doctored().journal, 3)
    as_json = json.loads(json.dumps(life.as_dict()))
    assert [hop["took"] for hop in as_json["hops"]] == [hop.took for hop in life.hops]
    assert as_json["incidents"][0] == {"time": 60_000_000, "desk": "team/bo", "what": "forgotten"}
    assert as_json["work"] == [{"desk": "team/alex", "begin": 29_000_000, "end": 30_000_000}]
    assert why(Doctored().journal, 22).as_dict()["losses"] == [{"time": 116_000_000, "loss": 0.5}]


def words(*tasks):
    return made_up([(k, k + 1, INBOX, task) for k, task in enumerate(tasks)])


@pytest.mark.parametrize(
    ("tasks", "word", "task"),
    [([7, "7"], "7", 7), (["7"], "7", "7"), (["tea", 1], "tea", "tea"), ([-3], "-3", -3), (["07", 7], "07", 7)],
)
def test_a_task_is_found_as_a_number_first_and_then_as_a_word(tasks, word, task):
    as_json = find_task(words(*tasks), word)
    assert (as_json, type(as_json)) == (task, type(task))


@pytest.mark.parametrize("word", ["8", "rice", "", "--", "²", str(2**70)])
def test_a_task_that_is_not_there_is_named_with_some_that_are(word):
    with pytest.raises(
        ValueError, match=r"no message in this journal is about task .* \(tasks: 9, 'tea', 0, 1, 2, 3, 4, 5, …\)"
    ):
        find_task(words(9, "tea", *range(7)), word)
    with pytest.raises(ValueError, match="tasks: none"):
        find_task(words(), word)
    with pytest.raises(ValueError, match="is about task 'rice'"):
        why(words(9), "rice")
