import numpy as np

from office import Journal
from office.journal import Divergence
from office.show.page.facts import conditions, counts, desk_rows
from office.show.page.page import watch
from office.study import desk_books, mail_books, reordering_by_link
from tests.show.page.offices import mixed


def test_counts_are_those_of_the_journal():
    journal = mixed()
    numbers = counts(watch(journal))
    assert numbers["messages"] == len(journal)
    assert numbers["overtaken"] == sum(measures.reordered for measures in reordering_by_link(journal).values())
    assert numbers["lost"] == sum(book.lost for book in mail_books(journal).values())
    assert numbers["tasks"] == len(np.unique(journal.mail.task)) == 60
    assert numbers["read"] + numbers["repeats"] + numbers["damaged"] + numbers["lost"] + numbers["on_its_way"] == len(
        journal
    )


def test_an_empty_journal_has_counts_too():
    assert set(counts(watch(Journal())).values()) == {0}


def test_links_of_the_same_conditions_are_named_together():
    journal = Journal(
        seed=3, mail={"a": "delay 1ms", "b": "", "c": "delay 1ms"}, faults=["stall", "crash"], expire={"a": 10**9}
    )
    assert conditions(journal) == [
        ("seed", [("3", "")]),
        ("mail", [("delay 1ms", "a, c"), ("no conditions: at once", "b")]),
        ("faults", [("stall", ""), ("crash", "")]),
        ("expire", [("1 s", "a")]),
    ]
    assert conditions(Journal(mail=dict.fromkeys("abc", "loss 1%"))) == [("mail", [("loss 1%", "all 3")])]
    assert conditions(Journal(mail=7, other=None)) == [("mail", [("7", "")]), ("other", [("None", "")])]


def test_it_is_said_where_the_run_diverged():
    journal = Journal(seed=3)
    journal.diverged = Divergence(7_000_000, "alex", 2, "OverflowError: math range error")
    assert conditions(journal) == [
        ("diverged", [("alex, task 2: OverflowError: math range error, at 7 ms", "")]),
        ("seed", [("3", "")]),
    ]


def test_the_books_of_the_desks_are_those_of_the_study():
    journal = mixed()
    books = desk_books(journal)
    rows = desk_rows(watch(journal))
    assert {row["desk"]: (row["filed"], row["answered"], row["pending"]) for row in rows} == {
        name: (book.filed, book.answered, book.pending) for name, book in books.items()
    }
