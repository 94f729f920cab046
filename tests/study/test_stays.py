import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Chain, Journal, Team, every
from office.engines.own_pace import OwnPace
from office.mail import Tray
from office.study import at_desk, desks, in_office, in_table, in_tray, little, occupancy, on_link
from office.study.ends import channels
from tests.engines.building import office_of
from tests.engines.offices import offices, troubled_offices
from tests.study.journals import ABOVE, BELOW, INBOX, OUTBOX, ROUGH, clerk, made_up, mark, run
from tests.tiers import examples

ROWS = [(0, 2, INBOX, 7), (2, 5, OUTBOX, 7), (5, 9, ABOVE, 7), (9, 11, BELOW, 7)]


def pairs(stays):
    return list(zip(stays.begin.tolist(), stays.end.tolist(), strict=True))


def test_one_task_is_on_each_link_with_the_desk_and_in_its_table_once():
    journal = made_up(ROWS)
    assert pairs(on_link(journal)) == [(0, 2), (2, 5), (5, 9), (9, 11)]
    assert pairs(on_link(journal, "alex.outbox")) == [(2, 5)]
    assert pairs(at_desk(journal, "alex")) == [(2, 2)]
    assert pairs(in_table(journal, "alex")) == [(2, 9)]
    assert pairs(in_office(journal)) == [(0, 11)]
    assert in_table(journal, "alex").lengths.tolist() == [7]


def test_what_is_still_there_counts_up_to_the_end():
    journal = made_up(ROWS[:2], under_way=[(5, ABOVE, 7)])
    stays = in_table(journal, "alex", end=20)
    assert (pairs(stays), stays.lengths.tolist(), stays.lengths_so_far.tolist()) == ([(2, -1)], [], [18])
    assert on_link(journal).lengths_so_far.tolist() == [2, 3, 0]


def test_a_result_still_under_way_is_pending_already():
    assert pairs(in_table(made_up(ROWS[:1], under_way=[(2, OUTBOX, 7)]), "alex")) == [(2, -1)]


def test_a_task_id_that_is_used_again_is_another_stay():
    again = [(sent + 20, arrived + 20, link, task) for sent, arrived, link, task in ROWS]
    assert pairs(in_table(made_up([*ROWS, *again]), "alex")) == [(2, 9), (22, 29)]
    assert pairs(in_table(made_up([*ROWS, *again[:2]]), "alex")) == [(2, 9), (22, -1)]


def test_task_ids_may_be_words():
    rows = [(sent, arrived, link, word) for word in ("rice", "tea") for sent, arrived, link, _ in ROWS]
    assert pairs(in_table(made_up(sorted(rows, key=lambda row: row[1])), "alex")) == [(2, 9), (2, 9)]


@pytest.mark.parametrize("rows", [ROWS[2:3], [(0, 1, OUTBOX, 8), *ROWS[2:3]], [ROWS[2], (10, 12, OUTBOX, 7)]])
def test_feedback_before_any_result_is_named(rows):
    with pytest.raises(ValueError, match="task 7 is done with in this journal before it has begun"):
        in_table(made_up(rows), "alex")


def test_what_comes_after_the_end_does_not_count():
    journal = made_up(ROWS)
    assert pairs(on_link(journal, end=8)) == [(0, 2), (2, 5), (5, -1)]
    assert pairs(in_table(journal, "alex", end=8)) == [(2, -1)]
    assert on_link(journal, end=8).lengths_so_far.tolist() == [2, 3, 3]
    assert little(on_link(journal, end=8)).holds


def test_who_is_not_there_is_named():
    with pytest.raises(ValueError, match=r'no desk is named "nobody"'):
        in_table(made_up(ROWS), "nobody")
    with pytest.raises(ValueError, match=r'no link is named "alex\.post"'):
        on_link(made_up(ROWS), "alex.post")
    with pytest.raises(ValueError, match="links: none"):
        in_office(Journal())


def test_a_lower_department_has_a_pending_table_too():
    result = run(Chain([clerk("low"), clerk("top")]))
    for desk in ("low", "top"):
        assert occupancy(in_table(result.journal, desk)).peak == result.tables[desk].peak > 1


def test_what_is_pending_between_two_instants_is_what_the_tables_held():
    result = run(Team([clerk("alex"), Chain([clerk("low"), clerk("top")], "bo")], "team"), tasks=200)
    for desk in desks(result.journal):
        assert occupancy(in_table(result.journal, desk)).peak == result.tables[desk].peak > 5


def holds_everywhere(result, is_over):
    """Little's law, exactly, for every link, tray, table and desk; and that tables are as full as they say."""
    journal, end = result.journal, result.time
    for link in [None, *journal.link_names]:
        assert little(on_link(journal, link, end)).holds
    assert little(in_office(journal, end)).holds
    for desk in desks(journal):
        assert little(at_desk(journal, desk, end)).holds
        for what in ("tasks", "feedback", None):
            assert little(in_tray(journal, desk, what, end)).holds
        pending = in_table(journal, desk, end)
        assert little(pending).holds
        if is_over or desk not in journal.work:  # else what has arrived may not have been read yet
            assert occupancy(pending).counts[-1] == result.tables[desk].size
            assert occupancy(pending).peak <= result.tables[desk].peak


@given(offices())
@settings(max_examples=examples(25))
def test_little_s_law_holds_exactly_for_every_link_tray_table_and_desk_of_every_office(data):
    result, _ = office_of(data)
    if not isinstance(result, str):
        holds_everywhere(result, data["until"] is None)


@given(troubled_offices(ROUGH), st.sampled_from(["at most once", "at least once"]))
@settings(max_examples=examples(20))
def test_it_holds_whatever_befalls_the_mail_and_the_desks(data, delivery):
    holds_everywhere(office_of(data | {"delivery": (delivery, ())})[0], is_over=True)


@given(troubled_offices(ROUGH), st.sampled_from(["5ms", "30ms"]))
@settings(max_examples=examples(20))
def test_it_holds_where_a_run_is_cut_short_too(data, until):
    holds_everywhere(office_of(data | {"until": until, "delivery": ("at least once", ())})[0], is_over=False)


def test_a_table_keeps_what_nobody_will_hear_of_again():
    result = run(mail={"*": "delay 5ms", "team.feedback_from_above": "delay 5ms loss 20% corrupt 20%"}, tasks=200)
    stays = in_table(result.journal, "team", result.time)
    assert 40 < (stays.end < 0).sum() == result.tables["team"].size < 120
    assert occupancy(stays).peak == result.tables["team"].peak


def test_what_is_lost_is_not_under_way_but_what_is_damaged_or_repeated_is():
    rows = [(0, 4, INBOX, 7, mark(1, damaged=True)), (0, 6, INBOX, 7, mark(1, 1)), (0, 9, INBOX, 7, mark(1, 2))]
    journal = made_up(rows, lost=[(1, INBOX, 8, mark(2))], under_way=[(2, INBOX, 9, mark(3))])
    assert pairs(on_link(journal, "alex.inbox")) == [(0, 4), (0, 6), (0, 9), (2, -1)]
    assert pairs(on_link(journal)) == pairs(on_link(journal, "alex.inbox"))


def test_a_task_is_at_a_desk_from_its_first_undamaged_copy_and_pending_from_the_first_sending_of_its_result():
    rows = [(0, 2, INBOX, 7, mark(1, damaged=True)), (0, 3, INBOX, 7, mark(1, 1)), (0, 4, INBOX, 7, mark(1, 2))]
    rows += [(8, 9, OUTBOX, 7, mark(1, 1)), (9, 10, ABOVE, 7, mark(1, damaged=True)), (9, 12, ABOVE, 7, mark(1, 1))]
    journal = made_up(rows, lost=[(5, OUTBOX, 7, mark(1))])
    assert pairs(at_desk(journal, "alex")) == [(3, 5)]
    assert pairs(in_table(journal, "alex")) == [(5, 12)]
    assert pairs(in_office(journal)) == [(0, -1)]


@pytest.mark.parametrize("what", ["forgotten", "feedback expired"])
def test_a_task_that_the_desk_lets_go_is_no_longer_in_its_table(what):
    incidents = [(7, what, 7), (9, "stray", 7)]
    assert pairs(in_table(made_up(ROWS[:2], incidents=incidents[:1]), "alex")) == [(2, 7)]
    assert pairs(in_table(made_up(ROWS[:3], incidents=incidents), "alex")) == [(2, 7)]
    unread = in_table(made_up(ROWS[:3], incidents=incidents[:1]), "alex")  # at a desk that is busy, or stalled
    assert pairs(unread) == [(2, 7)]
    with pytest.raises(ValueError, match="task 8 is done with"):
        in_table(made_up([*ROWS[:2], (5, 9, ABOVE, 8)], incidents=incidents), "alex")


def test_a_task_whose_answers_do_not_come_is_at_the_desk_until_it_is_given_up():
    journal = made_up([*ROWS[:1], (1, 3, INBOX, 8)], incidents=[(7, "results expired", 7), (8, "replies expired", 8)])
    assert pairs(at_desk(journal, "alex")) == [(2, 7), (3, -1)]
    assert pairs(in_table(journal, "alex")) == []


def test_what_is_let_go_of_other_drawers_leaves_the_table_as_it_is():
    incidents = [(3, "results expired", 8), (4, "replies expired", 7), (6, "stray", 8), (7, "crashed", None)]
    journal = made_up(ROWS, incidents=incidents)
    assert pairs(in_table(journal, "alex")) == [(2, 9)]
    assert pairs(at_desk(journal, "alex")) == [(2, 2)]


@given(st.lists(st.tuples(st.sampled_from(["answer", "hear", "forgotten", "feedback expired"]), st.integers(1, 3))))
def test_stays_in_a_table_are_those_of_a_desk_that_keeps_one(story):
    table, expected, rows, incidents = {}, {}, [], []
    for now, (what, task) in enumerate(story):
        if what == "answer":
            if task not in table:
                table[task] = now
                expected[now] = -1
                rows.append((now, now, OUTBOX, task))
            continue
        if what == "hear":
            if task in table or task in [other for _, _, other in incidents]:
                rows.append((now, now, ABOVE, task))
            if task not in table:
                continue
        elif task in table:
            incidents.append((now, what, task))
        if task in table:
            expected[table.pop(task)] = now
    assert pairs(in_table(made_up(rows, incidents=incidents), "alex")) == sorted(expected.items())


def test_an_office_has_as_many_tasks_in_flight_as_the_client_allows():
    result = run(in_flight=3, arrivals=every("0"))
    assert occupancy(in_office(result.journal)).peak == 3
    assert not (in_office(result.journal).end < 0).any()


TRAY_ROWS = [
    (0, 2, INBOX, 7),
    (0, 3, INBOX, 8),
    (6, 7, OUTBOX, 7),
    (7, 8, ABOVE, 7),
    (10, 11, OUTBOX, 8),
    (13, 14, BELOW, 7),
]
WORK = [(7, 2, 6), (8, 6, 10), (7, 12, 15)]


def test_a_letter_waits_until_the_desk_begins_with_it():
    journal = made_up(TRAY_ROWS)
    journal.work["alex"] = WORK
    assert pairs(in_tray(journal, "alex", "tasks")) == [(2, 2), (3, 6)]
    assert pairs(in_tray(journal, "alex", "feedback")) == [(8, 12)]
    assert pairs(in_tray(journal, "alex")) == [(2, 2), (3, 6), (8, 12)]


def test_where_work_takes_no_time_a_letter_waits_until_the_desk_speaks():
    assert pairs(in_tray(made_up(TRAY_ROWS), "alex")) == [(2, 6), (3, 10), (8, 13)]


def test_a_letter_that_nobody_has_turned_to_waits_until_the_end():
    stays = in_tray(made_up(TRAY_ROWS[:4]), "alex", end=20)
    assert (pairs(stays), stays.lengths_so_far.tolist()) == ([(2, 6), (3, -1), (8, -1)], [4, 17, 12])


def test_only_what_comes_to_the_reader_lies_in_his_tray():
    rows = [(0, 2, INBOX, 7, mark(1)), (0, 3, INBOX, 7, mark(1, 1)), (1, 4, INBOX, 8, mark(2, damaged=True))]
    assert pairs(in_tray(made_up(rows, lost=[(1, 0, 9)]), "alex")) == [(2, -1)]


def test_a_stray_letter_waits_until_it_comes_to_nothing():
    assert pairs(in_tray(made_up([(0, 2, ABOVE, 7)], incidents=[(5, "stray", 7)]), "alex")) == [(2, 5)]


def test_a_department_of_a_chain_has_a_tray_too():
    chart = Chain([clerk("low", answer_time="2ms"), clerk("top", answer_time="5ms")])
    journal = run(chart, mail="", arrivals=every("3ms"), tasks=5).journal
    assert in_tray(journal, "low", "tasks").lengths.tolist() == [0] * 5
    assert in_tray(journal, "top", "tasks").lengths.tolist() == [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000]


def test_of_two_tasks_with_one_id_the_one_that_was_answered_is_out_of_the_tray():
    journal = made_up([(0, 2, INBOX, 7), (5, 6, INBOX, 7), (10, 11, OUTBOX, 7)])
    assert pairs(in_tray(journal, "alex", "tasks")) == [(2, -1), (6, 10)]


def test_who_is_not_there_has_no_tray():
    with pytest.raises(ValueError, match=r'no desk is named "nobody"'):
        in_tray(made_up(TRAY_ROWS), "nobody")


def turned_to(data):
    """A run, and for each desk that takes its time what its tray gave out: on which link, when that came, and when."""
    given_out = {}
    taken = Tray.taken

    def begin(pace):
        given_out[pace.tray.name] = []
        return pace

    def spy(tray, entry):
        given_out[tray.name].append((tray.journal.links[entry[1]].name, entry[0], tray.now))
        taken(tray, entry)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tray, "taken", spy)
        patch.setattr(OwnPace, "__aiter__", begin)
        return office_of(data)[0], given_out


@given(offices(until=st.just(None)))
@settings(max_examples=examples(20))
def test_letters_wait_as_long_as_the_desk_let_them_lie(data):
    result, given_out = turned_to(data)
    compare(result, given_out)


@given(troubled_offices(ROUGH))
@settings(max_examples=examples(20))
def test_it_is_so_too_whatever_befalls_the_mail_and_the_desks(data):
    compare(*turned_to(data))


def compare(result, given_out):
    if isinstance(result, str):
        return
    journal = result.journal
    for desk in desks(journal):
        inbox, _, above, _ = channels(journal, desk)
        for what, link in (("tasks", inbox), ("feedback", above)):
            spans = pairs(in_tray(journal, desk, what))
            if desk in given_out:
                ended = [pair for pair in spans if pair[1] >= 0]  # at a full desk a task may lie there for ever
                assert ended == sorted((came, now) for name, came, now in given_out[desk] if name == link)
            else:
                assert all(begin == end for begin, end in spans)
    assert all((at_desk(journal, desk).lengths >= 0).all() for desk in desks(journal))
