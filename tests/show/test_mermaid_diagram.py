"""The Mermaid text, line by line, against a grammar in which no name can do anything."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from office.show import MERMAID_LIMIT, mermaid_diagram
from office.study import diagram
from tests.show.drawn import HOSTILE, journals, named, names
from tests.study.journals import clerk, run
from tests.tiers import examples

TEXT = r"(?:[A-Za-z0-9 _./,'()-]|#[0-9]+;)+"
PARTICIPANT = re.compile(rf"    participant d(\d+) as ({TEXT})")
MESSAGE = re.compile(rf"    d(\d+)(->>|-->>|-x|--x|-\))d(\d+): (\d+), ({TEXT})")
OVERTAKING = re.compile(r"    Note over d\d+,d\d+: (\d+) overtakes ([\d, ]+)")
ARROWS = {"read": "->>", "repeat": "-->>", "damaged": "-x", "lost": "--x", "on its way": "-)"}


def read_back(text):
    """Participants, messages in their order, and who overtakes whom; whatever else there is fails."""
    head, *lines = text.splitlines()
    assert (head, text[-1]) == ("sequenceDiagram", "\n")
    people = [PARTICIPANT.fullmatch(line) for line in lines if line.startswith("    participant")]
    messages, overtakings = [], {}
    for line in lines[len(people) :]:
        if (note := OVERTAKING.fullmatch(line)) is not None:
            assert messages[-1][3] == note[1], "a note stands below what it is about"
            overtakings[int(note[1])] = tuple(map(int, note[2].split(", ")))
        else:
            messages.append(MESSAGE.fullmatch(line).groups())
    return [shown(match[2]) for match in people], messages, overtakings


def shown(text):
    """What Mermaid makes of its entities."""
    return re.sub(r"#(\d+);", lambda match: chr(int(match[1])), text)


@given(journals)
@settings(max_examples=examples(30))
def test_each_message_is_a_line_in_order_of_arrival_and_overtaking_is_a_note(journal):
    drawn = diagram(journal, limit=None)
    people, messages, overtakings = read_back(mermaid_diagram(drawn))
    assert len(people) == max(len(drawn.desks), 1)
    assert [int(number) for *_, number, _ in messages] == [
        event.arrow.number for event in drawn.events if event.is_arrival or event.arrow.arrived is None
    ]
    for sender, sign, reader, number, words in messages:
        arrow = drawn.arrows[int(number) - 1]
        assert (int(sender), ARROWS[arrow.fate], int(reader)) == (arrow.sender, sign, arrow.reader)
        assert shown(words).startswith(f"task {arrow.task!r}, {arrow.channel.replace('_', ' ')}")
    assert overtakings == {arrow.number: arrow.overtakes for arrow in drawn.arrows if arrow.overtakes}


@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_names_and_tasks_are_text_whatever_stands_in_them(desks):
    drawn = diagram(named(desks))
    people, messages, _ = read_back(mermaid_diagram(drawn))
    assert len(people) == len(drawn.desks)
    assert len(messages) == len(drawn.arrows)


def test_names_are_shown_as_they_are():
    people, messages, _ = read_back(mermaid_diagram(named(HOSTILE)))
    assert people[0] == "client"
    for name in HOSTILE:
        if name.isprintable() and "/" not in name and name.strip():
            assert name in people
    assert any(shown(words).startswith("task 'end'") for *_, words in messages)


def test_what_is_left_out_is_a_note():
    text = mermaid_diagram(diagram(run().journal, limit=9))
    assert text.endswith("    Note over d0,d3: drawn are the first 9 messages, of 480\n")
    assert mermaid_diagram(diagram(run().journal, 10**12)) == "sequenceDiagram\n    participant d0 as no messages\n"


def test_five_hundred_messages_are_not_too_many_for_mermaid():
    journal = run(clerk("alex"), tasks=200).journal
    assert len(journal) > 500
    assert len(mermaid_diagram(journal)) < MERMAID_LIMIT
