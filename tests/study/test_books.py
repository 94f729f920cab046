"""The books of a journal, against what the office itself kept."""

from hypothesis import given, settings

from office import Journal
from office.study import DeskBook, MailBook, desk_books, mail_books
from tests.engines.building import office_of
from tests.engines.offices import offices, troubled_offices
from tests.study.checks.doctoring import Doctored
from tests.study.journals import clerk, run
from tests.tiers import examples

ROUGH = ["delay 5ms 3ms loss 10%", "delay 5ms 3ms duplicate 30%", "delay 5ms corrupt 10% duplicate 10%", "delay 5ms"]


@given(troubled_offices(ROUGH))
@settings(max_examples=examples(30))
def test_what_is_pending_by_the_books_is_what_the_tables_held_at_the_end(data):
    run, _ = office_of(data)
    if not isinstance(run, str):
        books = desk_books(run.journal)
        assert {name: book.pending for name, book in books.items()} == {
            name: table.size for name, table in run.tables.items()
        }


@given(offices(conditions=ROUGH))
@settings(max_examples=examples(25))
def test_the_books_balance_wherever_a_run_ends(data):
    run, _ = office_of(data)
    if isinstance(run, str):
        return
    books = mail_books(run.journal)
    assert list(books) == run.journal.link_names
    assert all(book.balances and min(book) >= 0 for book in books.values())
    assert sum(book.sent for book in books.values()) == len(run.journal)
    for name, book in desk_books(run.journal).items():
        assert book.filed == book.answered + book.expired + book.forgotten + book.pending
        assert 0 <= book.pending <= run.tables[name].size  # feedback that lies in a tray is answered by the books


def test_strays_answer_nothing():
    counted = Doctored()
    books = desk_books(counted.journal)
    assert books["team/bo"].forgotten == sum(what == "forgotten" for _, what, _ in counted.incidents["team/bo"]) > 0
    strays = sum(what == "stray" for _, what, _ in counted.incidents["team/bo"])
    assert books["team/bo"].answered == len(counted.on("team/bo.feedback_from_above", "came")) - strays
    assert strays > 0


def test_a_message_is_read_or_a_repeat_or_damaged_or_lost_or_on_its_way():
    counted = Doctored()
    assert mail_books(counted.journal, "*/bo.outbox") == {
        "team/bo.outbox": MailBook(sent=58, read=44, repeats=9, damaged=0, lost=0, on_its_way=5)
    }
    assert not MailBook(2, 1, 0, 0, 0, 0).balances


def test_books_of_nobody_are_empty():
    assert (desk_books(Journal()), mail_books(Journal())) == ({}, {})
    assert desk_books(run(clerk("alex"), tasks=0).journal) == {"alex": DeskBook(0, 0, 0, 0, 0)}
