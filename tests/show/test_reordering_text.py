from hypothesis import given

from office.show.reordering_text import link_table, reordering_tables
from office.study import Reordering, reordering_by_link
from tests.study.journals import INBOX, made_up
from tests.study.streams import streams
from tests.study.test_reordering import EXAMPLE


def text_of(reordering):
    return "\n\n".join(map(str, reordering_tables(reordering)))


def test_an_example_of_the_rfc_is_shown_with_each_reordered_arrival():
    text = text_of(Reordering.of(*EXAMPLE))
    assert "reordered                 2, 20.0%\n" in text
    assert "late time                 mean 1.5 ns, most 2 ns\n" in text
    assert text.endswith(
        "reordered  place  extent  late time  n\n"
        "5              6       1       1 ns  1\n"
        "6              7       2       2 ns  0"
    )  # fmt: skip


def test_only_the_first_reordered_arrivals_are_shown():
    text = text_of(Reordering.of(range(100, 0, -1)))
    assert text.endswith("\n… and 79 more")
    density = next(line for line in text.splitlines() if line.startswith("reorder density"))
    assert density.endswith("  … of 100")
    assert density.count("%") == 20


def test_links_are_shown_a_line_each_whether_they_have_mail_or_not():
    journal = made_up([(1, 5, INBOX, 3), (0, 6, INBOX, 4)])
    assert str(link_table(reordering_by_link(journal, "*box"))) == (
        "link         arrivals  reordered  ratio  extent  most  late time  most  n, most\n"
        "alex.inbox          2          1  50.0%       1     1       1 ns  1 ns        1\n"
        "alex.outbox         0          0   none                                       0"
    )


def test_what_is_beyond_a_threshold_is_counted_as_lost():
    assert ", 1 lost\n" in text_of(Reordering.of([9, *range(1, 9)], dt=2, bt=2)) + "\n"


@given(streams)
def test_any_sequence_can_be_shown(sequence):
    text = text_of(Reordering.of(sequence, range(len(sequence))))
    assert text.startswith(f"arrivals                  {len(set(sequence))}\n")
