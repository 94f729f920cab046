"""The text says what the diagram has, row by row; and an example is shown as it is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.show import text_diagram
from office.show.text_diagram import WIDEST
from office.study import diagram, reordering
from tests.show.drawn import journals, named, names
from tests.study.journals import ABOVE, BELOW, INBOX, OUTBOX, clerk, made_up, run
from tests.tiers import examples

EXAMPLE = made_up(
    [
        (3, 5, INBOX, 1),
        (5, 8, OUTBOX, 1),
        (0, 9, INBOX, 0),
        (9, 12, OUTBOX, 0),
        (12, 12, ABOVE, 0),
        (12, 15, BELOW, 0),
    ],
    under_way=[(8, ABOVE, 1)],
    lost=[(6, INBOX, "tea")],
)
DRAWN = """\
    client           alex  under way  task, channel
 0 ns  ●┄1┄┄┄┄┄┄┄┄┄┄┄┄▷│   1          0 inbox
 3 ns  ●┄2┄┄┄┄┄┄┄┄┄┄┄┄▷│   │ 2        1 inbox
 5 ns  │────────────2─▶●   ╪═▼        overtakes 1
       │◁┄┄┄┄┄┄┄┄┄┄┄┄3┄●   │ 3        1 outbox
 6 ns  ●┄4┄┄┄┄┄┄┄┄┄┄┄┄×│   │ │        'tea' inbox, lost
 8 ns  ●◀─3────────────│   │ ▼
       ●┄5┄┄┄┄┄┄┄┄┄┄┄┄▷│   │ 5        1 feedback from above
 9 ns  │────────────1─▶●   ▼ │        overtaken by 2
       │◁┄┄┄┄┄┄┄┄┄┄┄┄6┄●   6 │        0 outbox
12 ns  ●◀─6────────────│   ▼ │
       ●─7────────────▶●     │        0 feedback from above
       │◁┄┄┄┄┄┄┄┄┄┄┄┄8┄●   8 │        0 feedback to below
15 ns  ●◀─8────────────│   ▼ │

╪ overtaken here   × lost
still on the way at the end: 5"""
WIDE = 100_000


def test_an_example():
    assert text_diagram(EXAMPLE) == DRAWN
    narrow = text_diagram(EXAMPLE, width=50).splitlines()
    assert narrow[1] == " 0 ns  ●┄1┄┄▷│   1          0 inbox"
    assert text_diagram(EXAMPLE, width=30).splitlines()[-3:] == [
        "× lost",
        "still on the way at the end: 5",
        "what is under way at each moment would need 11 columns more",
    ]


def rows_of(text, drawn):
    """The rows of a text as lifelines, strips and words."""
    across, body = (len(drawn.desks) - 1) * WIDEST + 1, text.split("\n\n")[0].splitlines()
    first = next(place for place, line in enumerate(body) if "●" in line)
    begin = min(body[first].index(sign) for sign in "●│" if sign in body[first])
    head = body[first - 1]
    end = head.index("task, channel")
    strip = head.index("under way") if "under way" in head[:end] else end
    return [(line[begin : begin + across], line[strip:end], line[end:]) for line in body[first:]]


def read_back(lifelines):
    """Which number a row is about, and where it says that the message is sent, and that it is there."""
    number = int(re.search(r"\d+", lifelines)[0])
    dots = {at // WIDEST: sign for at, sign in enumerate(lifelines) if at % WIDEST == 0 and sign in "●○"}
    (head,) = [(at, sign) for at, sign in enumerate(lifelines) if sign in "▶◀▷◁╳×"]
    reader = round(head[0] / WIDEST)
    sender = reader + (1 if head[1] in "◀◁" else -1)
    return number, dots, reader, sender, head[1]


@given(journals)
@settings(max_examples=examples(40))
def test_every_sending_and_every_arrival_is_a_row_and_whatever_is_overtaken_is_crossed(journal):
    drawn = diagram(journal, limit=None)
    if not drawn.arrows:
        assert text_diagram(drawn) == "no messages"
        return
    events, strips, crossed = list(drawn.events), {}, 0
    for lifelines, strip, words in rows_of(text_diagram(drawn, WIDE), drawn):
        number, dots, reader, _, head = read_back(lifelines)
        event = events.pop(0)
        arrow = event.arrow
        both = bool(events) and events[0].arrow is arrow and len(dots) == 2
        if both:
            assert events.pop(0).time == event.time
        is_sent, is_there = not event.is_arrival, event.is_arrival or both
        assert (number, reader) == (arrow.number, arrow.reader)
        assert sorted(dots) == sorted([arrow.sender] * is_sent + [arrow.reader] * is_there)
        assert {dots[arrow.reader]} == ({"●"} if arrow.fate == "read" else {"○"}) if is_there else True
        fate = arrow.fate if is_there or arrow.fate == "lost" else ""
        assert (head in "▶◀", head == "╳", head == "×") == (fate == "read", fate == "damaged", fate == "lost")
        assert ("overtakes" in words, "overtaken by" in words) == (
            is_there and bool(arrow.overtakes), is_there and bool(arrow.overtaken_by)
        )  # fmt: skip
        if is_sent:
            assert words.startswith(f"{arrow.task!r} {arrow.channel.replace('_', ' ')}")

        # The strips: which message runs down where, and which of them are crossed.
        if is_sent and not is_there and fate != "lost":
            strips[number] = strip.index(str(number)) + len(str(number)) - 1
        now = {at for at, sign in enumerate(strip) if sign == "╪"}
        assert now == {strips[late] for late in arrow.overtakes if is_there and late in strips}
        assert {at for at, sign in enumerate(strip) if sign in "│▼▽╳╪" or sign.isdigit()} >= set(strips.values())
        crossed += len(now)
        if is_there and number in strips:
            assert strip[strips.pop(number)] in "▼▽╳"
    assert not events
    again = [arrow for arrow in drawn.arrows if arrow.copy and arrow.fate == "read" and arrow.overtaken_by]
    assert crossed == sum(len(arrow.overtakes) for arrow in drawn.arrows) or again


@given(st.permutations(range(7)))
def test_what_is_crossed_are_the_inversions_and_what_says_so_is_what_is_reordered(order):
    journal = made_up([(task, 10 + place, INBOX, task) for place, task in enumerate(order)])
    text = text_diagram(journal, WIDE).split("\n\n")[0]
    assert text.count("╪") == sum(early > late for place, early in enumerate(order) for late in order[place:])
    assert text.count("overtaken by") == reordering(journal, "alex.inbox").reordered


@given(st.lists(names, min_size=1, max_size=4, unique=True))
def test_names_stay_on_their_lines_whatever_stands_in_them(desks):
    drawn = diagram(named(desks))
    text = text_diagram(drawn, WIDE)
    assert all(line.isprintable() for line in text.splitlines())
    assert len(rows_of(text, drawn)) == len(drawn.events)


def test_lines_keep_to_the_width_as_far_as_words_and_lifelines_let_them():
    journal = run(tasks=4).journal
    for width in (70, 80, 100, 140):
        assert max(map(len, text_diagram(journal, width).split("\n\n")[0].splitlines())) <= width
    assert "under way" not in text_diagram(journal, 70).splitlines()[0]
    assert "under way" in text_diagram(journal, 140).splitlines()[0]


def test_a_time_stands_once_for_all_that_happens_then():
    lines = text_diagram(run(clerk("alex"), mail="", tasks=2).journal).splitlines()
    assert [line[:4] for line in lines if "●" in line] == ["0 ns", *[" " * 4] * 3, "3 ms", *[" " * 4] * 3]


def test_what_is_left_out_is_said():
    journal = run(tasks=40).journal
    assert text_diagram(diagram(journal, limit=9)).endswith("\ndrawn are the first 9 messages, of 480")
    assert "drawn are the first" not in text_diagram(journal)


def test_many_that_are_overtaken_are_told_as_few_and_how_many_more():
    rows = [(1, 2, INBOX, 9), *((0, 3 + task, INBOX, task) for task in range(6))]
    assert "overtakes 1, 2, 3, 4 and 2 more" in text_diagram(made_up(rows))


@pytest.mark.parametrize("what", [EXAMPLE, diagram(EXAMPLE)])
def test_a_journal_and_its_diagram_are_drawn_alike(what):
    assert text_diagram(what) == DRAWN
