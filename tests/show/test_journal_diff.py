import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Journal
from office.journal import Divergence, LinkEnds
from office.show.journal_diff import partings
from tests.engines.building import office_of
from tests.engines.offices import troubled_offices
from tests.study.checks.doctoring import MARK, SENT, Doctored
from tests.study.journals import clerk, run
from tests.tiers import examples

OTHERS = Doctored().journal


def parted(change):
    """Where a journal parts from the same with a change."""
    doctored = Doctored()
    change(doctored)
    return [(difference.part, difference.where) for difference in partings(OTHERS, doctored.journal)]


@given(troubled_offices(["delay 5ms 3ms loss 10%", "delay 5ms"]))
@settings(max_examples=examples(20))
def test_a_journal_does_not_part_from_itself_nor_from_what_is_read_of_its_file(tmp_path_factory, data):
    came = office_of(data)[0]
    if isinstance(came, str):
        return
    path = tmp_path_factory.mktemp("journal") / "run.jsonl"
    came.journal.save(path)
    assert partings(came.journal, Journal.load(path)) == []
    assert partings(came.journal, came.journal) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda doctored: doctored.head["settings"].update(seed=5), ("head", "seed")),
        (
            lambda doctored: doctored.head["settings"]["mail"].update({"team.inbox": "delay 1s"}),
            ("head", "mail, team.inbox"),
        ),
        (
            lambda doctored: doctored.head["settings"].update(delivery={"team.inbox": "at least once"}),
            ("head", "delivery"),
        ),
        (lambda doctored: doctored.head["settings"]["faults"].pop(), ("head", "faults, 1")),
        (lambda doctored: doctored.links.__setitem__(0, LinkEnds("elsewhere")), ("head", "links, 0")),
        (lambda doctored: doctored.desks.append("zoe"), ("head", "desks, 4")),
        (lambda doctored: doctored.head["settings"].update(faults=["rain", "snow", "hail"]), ("head", "faults, 0")),
        (lambda doctored: doctored.rows[17].__setitem__(SENT, 0), ("mail", "row 17")),
        (lambda doctored: doctored.rows[17].__setitem__(MARK, 0), ("mail", "row 17")),
        (lambda doctored: doctored.rows[17].__setitem__(3, "7"), ("mail", "row 17")),
        (lambda doctored: doctored.rows.pop(), ("mail", f"row {len(OTHERS) - 1}")),
        (lambda doctored: doctored.rows.append([1, -1, 0, 0, 64, 0]), ("mail", f"row {len(OTHERS)}")),
        (lambda doctored: doctored.losses.pop(), ("losses", f"row {len(OTHERS.losses) - 1}")),
        (lambda doctored: doctored.work["team/alex"].insert(0, (1, 2, 3)), ("work", "row 0")),
        (lambda doctored: doctored.incidents["team"].insert(0, (0, "stray", 3)), ("incidents", "row 0")),
    ],
)
def test_the_first_entry_that_differs_is_named(change, where):
    assert parted(change) == [where]


def test_every_setting_that_differs_is_named_and_of_each_table_the_first_entry():
    def change(doctored):
        doctored.head["settings"].update(seed=5)
        doctored.head["settings"]["mail"].update({"team.inbox": "delay 1s", "team.outbox": ""})
        doctored.rows[17][SENT] += 1
        doctored.rows[18][SENT] += 1
        doctored.losses[4] = (0, 0, 0.0)

    places = [("head", "seed"), ("head", "mail, team.inbox"), ("head", "mail, team.outbox"), ("mail", "row 17"),
              ("losses", "row 4")]  # fmt: skip
    assert parted(change) == places


def test_what_each_has_there_is_told_in_words():
    doctored = Doctored()
    doctored.rows[17][SENT] += 1
    doctored.losses.pop()
    mail, losses = partings(OTHERS, doctored.journal)
    begins = f"line {OTHERS.line_numbers()['mail'][17]}, team"
    assert (mail.first.startswith(begins), mail.second.startswith(begins)) == (True, True)
    assert mail.first != mail.second
    assert (losses.first.endswith("loss 0.5"), losses.second) == (True, "nothing")
    assert json.loads(json.dumps(mail.as_dict()))["where"] == "row 17"


def test_losses_that_are_no_numbers_are_the_same():
    ours, theirs = (Doctored() for _ in range(2))
    for doctored in (ours, theirs):
        doctored.losses[0] = (*doctored.losses[0][:2], float("nan"))
    assert partings(ours.journal, theirs.journal) == []
    assert partings(ours.journal, OTHERS)[0].part == "losses"


@given(st.integers(1, 9))
@settings(max_examples=3)
def test_another_seed_parts_in_the_head_and_in_the_mail(seed):
    differences = partings(run(clerk("alex")).journal, run(clerk("alex"), seed=seed).journal)
    assert [difference.part for difference in differences][:2] == ["head", "mail"]
    assert differences[0].second == str(seed)


def test_of_two_runs_that_diverged_it_is_told_where():
    first, second = Journal(), Journal()
    first.diverged = Divergence(7_000_000, "alex", 2, "OverflowError: math range error")
    assert partings(first, first) == []
    (parting,) = partings(first, second)
    assert (parting.part, parting.where, parting.second) == ("head", "diverged", "nothing")
    assert parting.first == "'alex, task 2: OverflowError: math range error, at 7 ms'"
