"""Pieces and paths: counted in the journal, and followed hop by hop."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from office import Chain, Team, Worker, in_turn
from office.study import KINDS, pieces, why
from office.study.ends import ends
from tests.engines.building import office_of
from tests.engines.offices import ANY_MAIL, EITHER, offices, troubled_offices
from tests.study.checks.doctoring import Doctored
from tests.study.journals import ABOVE, BELOW, INBOX, OUTBOX, ROUGH, clerk, made_up, mark, run
from tests.tiers import examples


def in_words(journal):
    """Each piece in words: begin, end, desk, kind, task."""
    done, mail = pieces(journal), journal.mail
    work = [task for desk in journal.desks for task, _, _ in journal.work.get(desk, ())]
    return [
        (begin, end, "client" if desk < 0 else journal.desks[desk], KINDS[kind],
         journal.task_id(int(mail.task[row])) if KINDS[kind] in ("reading", "speaking") else work[row])
        for begin, end, desk, kind, row in zip(*(column.tolist() for column in done[:5]), strict=True)
    ]  # fmt: skip


def paths_of(journal):
    """Each path as the pieces that it leads through, in words."""
    words, steps = in_words(journal), pieces(journal).steps
    return [
        [words[piece] for piece in steps.piece[steps.path == path].tolist()]
        for path in range(steps.path.max(initial=-1) + 1)
    ]


def check(journal):
    done, mail, doctored = pieces(journal), journal.mail, ends(journal)
    kinds = Counter(KINDS[kind] for kind in done.kind.tolist())
    work = [row for desk in journal.desks for row in journal.work.get(desk, ())]
    assert (kinds["reading"], kinds["work"]) == (mail.read.sum(), len(work))
    assert kinds["learning"] <= kinds["work"]
    assert (np.diff(done.begin) >= 0).all()
    assert (done.end >= done.begin).all()
    spans = Counter((desk, task, end - begin) for begin, end, desk, kind, task in in_words(journal)
                    if kind in ("work", "learning"))  # fmt: skip
    together = Counter()
    for desk, task, length in spans.elements():
        together[desk, task] += length
    assert together == +Counter({
        (desk, task): sum(end - begin for about, begin, end in journal.work[desk] if about == task)
        for desk in journal.work for task, _, _ in journal.work[desk]
    })  # fmt: skip

    # Paths: one beginning, one end, through pieces that come one after another.
    steps = done.steps
    for path in range(steps.path.max(initial=-1) + 1):
        of_it = np.flatnonzero(steps.path == path)
        assert len(of_it) >= 2
        assert (np.diff(steps.piece[of_it]) > 0).all()
        assert steps.is_first[of_it].tolist() == [True] + [False] * (len(of_it) - 1)
        assert steps.is_last[of_it].tolist() == [False] * (len(of_it) - 1) + [True]
        words = in_words(journal)
        assert len({words[piece][-1] for piece in steps.piece[of_it].tolist()}) == 1

    # Into the reading of each message leads one path, from where its original was sent, when it was sent.
    before = dict(arrivals(done))
    originals = {(link, number): row for row, (link, number, copy) in enumerate(
        zip(mail.link.tolist(), mail.number.tolist(), mail.copy.tolist(), strict=True)) if not copy}  # fmt: skip
    for piece, row in zip(np.flatnonzero(done.kind == 0).tolist(), done.row[done.kind == 0].tolist(), strict=True):
        link, sent = int(mail.link[row]), int(mail.sent[originals[int(mail.link[row]), int(mail.number[row])]])
        origin = before[piece]
        assert done.desk[origin] == doctored.sender[link]
        assert done.begin[origin] <= sent == done.end[origin]


def arrivals(done):
    """The pieces at which paths arrive, each with the piece before it."""
    steps, last = done.steps, {}
    for piece, path in zip(steps.piece.tolist(), steps.path.tolist(), strict=True):
        if path in last and KINDS[done.kind[piece]] == "reading":
            yield piece, last[path]
        last[path] = piece


@given(offices(conditions=[*ROUGH, *ANY_MAIL]))
@settings(max_examples=examples(30))
def test_pieces_are_what_the_journal_has_and_paths_are_its_messages(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        check(came.journal)


@given(troubled_offices(conditions=ROUGH, delivery=EITHER))
@settings(max_examples=examples(15))
def test_so_it_is_where_mail_is_sent_again_and_desks_are_in_trouble(data):
    came = office_of(data)[0]
    if not isinstance(came, str):
        check(came.journal)


def test_so_it_is_in_a_run_with_everything_in_it():
    check(Doctored().journal)


@pytest.mark.parametrize("chart", [clerk("alex"), Chain([clerk("low"), clerk("top")]),
                                   Team([clerk("alex"), clerk("bo")], "team", allocate=in_turn)])  # fmt: skip
def test_where_one_desk_at_a_time_has_a_task_one_path_leads_through_all_its_hops(chart):
    journal = run(chart, tasks=12).journal
    paths = paths_of(journal)
    assert len(paths) == 12
    for path in paths:
        desks = [desk for place, (*_, desk, _, _) in enumerate(path) if not place or desk != path[place - 1][2]]
        hops = why(journal, path[0][4]).hops
        assert desks == [hops[0].sender, *(hop.reader for hop in hops)]


def test_a_team_that_works_together_has_a_path_for_each_member_who_is_told_and_one_leads_on():
    journal = run(Team([clerk("alex"), clerk("bo"), clerk("casey")], "team"), tasks=1).journal
    paths = paths_of(journal)
    assert [path[0][2] for path in paths] == ["client", "team", "team", "team", "team"]
    assert [path[-1][2] for path in paths].count("client") == 1
    assert sum(len(path) - 1 for path in paths) == len(journal)


def test_a_path_leads_on_to_the_first_message_that_follows_not_to_the_first_that_arrives():
    journal = run(Team([clerk("alex"), clerk("bo"), clerk("casey")], "team"), tasks=20).journal
    inboxes = [journal.place_of(f"team/{name}.inbox") for name in ("alex", "bo", "casey")]
    assert set(journal.mail.link[np.isin(journal.mail.link, inboxes)][:20].tolist()) == set(inboxes)
    from_the_client = [path for path in paths_of(journal) if path[0][2] == "client" and path[1][2] == "team"]
    assert {path[2][2] for path in from_the_client if path[2][3] == "reading"} == {"team/alex"}


def test_what_is_said_as_work_ends_on_a_letter_that_came_meanwhile_is_not_part_of_it():
    journal = made_up([(0, 5, INBOX, 7), (6, 8, ABOVE, 7), (9, 12, OUTBOX, 7), (9, 12, BELOW, 7)])
    journal.work["alex"] = [(7, 5, 9)]
    check(journal)
    assert [kind for *_, kind, _ in in_words(journal)] == ["speaking", "reading", "work", "speaking", "reading",
                                                       "speaking", "reading", "reading"]  # fmt: skip


def test_a_desk_that_takes_its_time_reads_works_and_learns():
    alex = Worker(lambda task: (task, lambda feedback: feedback), "alex", answer_time=10, reply_time=5, learn_time=3)
    assert in_words(run(alex, mail="delay 100ns", tasks=1).journal) == [
        (0, 0, "client", "speaking", 0),
        (100, 100, "alex", "reading", 0),
        (100, 110, "alex", "work", 0),
        (210, 210, "client", "reading", 0),
        (310, 310, "alex", "reading", 0),
        (310, 315, "alex", "work", 0),
        (315, 318, "alex", "learning", 0),
        (415, 415, "client", "reading", 0),
    ]


def test_what_is_said_of_a_letter_that_was_read_before_is_a_piece_of_its_own():
    journal = made_up([(0, 5, INBOX, 7), (5, 9, OUTBOX, 7), (20, 25, ABOVE, 7)])
    assert in_words(journal)[-2:] == [(20, 20, "client", "speaking", 7), (25, 25, "alex", "reading", 7)]
    assert [[begin for begin, *_ in path] for path in paths_of(journal)] == [[0, 5, 9, 20, 25]]


def test_a_desk_that_does_two_things_at_a_time_is_none():
    journal = made_up([(0, 5, INBOX, 7)])
    journal.work["alex"] = [(7, 5, 9), ("tea", 8, 10)]
    with pytest.raises(ValueError, match="alex works on task 'tea' from 8 ns, when the work before it is not done"):
        pieces(journal)


def test_work_on_what_there_is_no_mail_about_is_a_piece_all_the_same():
    journal = made_up([(0, 5, INBOX, 7)])
    journal.work["alex"] = [("tea", 6, 9)]
    assert in_words(journal)[-1] == (6, 9, "alex", "work", "tea")


def test_a_copy_of_what_was_never_sent_is_no_mail():
    with pytest.raises(ValueError, match="a copy of a message in this journal that is not there itself"):
        pieces(made_up([(0, 5, INBOX, 7, mark(1, copy=1))]))


def test_in_an_empty_journal_nobody_does_anything():
    done = pieces(made_up([]))
    assert (len(done.begin), len(done.steps.piece)) == (0, 0)
