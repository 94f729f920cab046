"""The SVG, read as XML: its arrows are the messages, its crossings the overtakings, and its names are text."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.show import svg_diagram
from office.show.svg_style import STYLE
from office.study import diagram, reordering_by_link
from tests.show.drawn import journals, named, names
from tests.study.journals import INBOX, clerk, made_up, run
from tests.tiers import examples

SVG = "{http://www.w3.org/2000/svg}"
CLASSES = {"read": "read", "repeat": "repeat", "damaged": "damaged", "lost": "lost", "on its way": "under-way"}


def drawn(what):
    return ET.fromstring(svg_diagram(what))  # noqa: S314  our own


def arrows_of(picture):
    """The arrows by number: their classes, and where they begin and end."""
    return {
        int(group.get("data-number")): (set(group.get("class").split()), ends_of(group.find(f"{SVG}line")))
        for group in picture.iter(f"{SVG}g") if "sample" not in group.get("class")
    }  # fmt: skip


def ends_of(line):
    return tuple(float(line.get(name)) for name in ("x1", "y1", "x2", "y2"))


def rings_of(picture):
    return [ring for ring in picture.iter(f"{SVG}circle") if ring.get("class") == "ring"]


def cross(first, second):
    """Whether two arrows between the same two lifelines cross: who is higher at one end is lower at the other."""
    if (first[0], first[2]) != (second[0], second[2]):
        return False
    return (first[1] < second[1]) != (first[3] < second[3])


@given(journals)
@settings(max_examples=examples(40))
def test_each_message_is_drawn_once_and_messages_of_a_link_cross_where_one_overtakes_the_other(journal):
    lamport = diagram(journal, limit=None)
    picture = drawn(lamport)
    arrows = arrows_of(picture)
    assert sorted(arrows) == [arrow.number for arrow in lamport.arrows]
    lifelines = sorted({float(line.get("x1")) for line in picture.iter(f"{SVG}line") if line.get("class") == "life"})
    for arrow in lamport.arrows:
        kinds, (x, y, to_x, to_y) = arrows[arrow.number]
        assert kinds - {"feedback", "arrow"} == {CLASSES[arrow.fate]} | ({"overtaken"} if arrow.overtaken_by else set())
        assert x == lifelines[arrow.sender]
        assert (to_x == lifelines[arrow.reader]) == (arrow.arrived is not None)
        assert to_y >= y
    crossings = 0
    originals = [arrow for arrow in lamport.arrows if arrow.fate == "read" and not arrow.copy]
    for place, earlier in enumerate(originals):
        for later in originals[place:]:
            crosses = cross(arrows[earlier.number][1], arrows[later.number][1])
            if earlier.link == later.link:
                assert crosses == (earlier.number in later.overtakes or later.number in earlier.overtakes)
                crossings += crosses
    rings = len(rings_of(picture))
    assert crossings <= rings <= sum(len(arrow.overtakes) for arrow in lamport.arrows)
    overtaken = [arrow for arrow in lamport.arrows if arrow.overtaken_by]
    assert len(overtaken) == sum(measures.reordered for measures in reordering_by_link(journal).values())
    assert sum("overtaken" in kinds for kinds, _ in arrows.values()) == len(overtaken)


@given(st.permutations(range(7)))
def test_rings_stand_at_the_crossings_and_there_are_as_many_as_inversions(order):
    picture = drawn(made_up([(task, 10 + place, INBOX, task) for place, task in enumerate(order)]))
    lines, rings = [line for _, line in arrows_of(picture).values()], rings_of(picture)
    assert len(rings) == sum(early > late for place, early in enumerate(order) for late in order[place:])
    for ring in rings:
        x, y = float(ring.get("cx")), float(ring.get("cy"))
        through = [line for line in lines if abs(height_at(line, x) - y) < 0.2]
        assert len(through) >= 2


def height_at(line, x):
    return line[1] + (x - line[0]) / (line[2] - line[0]) * (line[3] - line[1])


@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_names_and_tasks_stay_text_whatever_stands_in_them(desks):
    lamport = diagram(named(desks))
    picture = drawn(lamport)
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} <= {
        "svg", "title", "style", "rect", "line", "text", "g", "path", "circle"
    }  # fmt: skip
    attributes = {name for element in picture.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name]
    texts = [element.text or "" for element in picture.iter(f"{SVG}text")]
    assert all(text.isprintable() for text in texts)
    titles = [element.text for element in picture.iter(f"{SVG}title")]
    for arrow in lamport.arrows:
        assert any(title.startswith(f"{arrow.number}: ") and repr(arrow.task) in title for title in titles)


def test_a_name_that_looks_like_a_tag_is_shown_as_it_is():
    texts = [element.text for element in drawn(named(["<b>&amp;"])).iter(f"{SVG}text")]
    assert "<b>&amp;" in texts
    assert any("'<b>&amp;'" in text for text in texts)


def test_it_needs_nothing_else_and_the_same_journal_gives_the_same_bytes():
    mail = "delay 10ms 9ms loss 10% duplicate 20% corrupt 10%"
    text = svg_diagram(run(mail=mail, tasks=10).journal)
    assert svg_diagram(run(mail=mail, tasks=10).journal) == text
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|@import|<image|<script|<use", text)


def test_every_sign_in_it_is_explained_and_no_other():
    journal = run(clerk("alex"), mail="delay 10ms 9ms corrupt 20% duplicate 40% loss 10%", until="60ms").journal
    samples = [set(group.get("class").split()) - {"sample", "arrow"} for group in drawn(journal).iter(f"{SVG}g")
               if "sample" in group.get("class")]  # fmt: skip
    assert samples == [{"read"}, {"feedback"}, {"overtaken"}, {"repeat"}, {"damaged"}, {"lost"}, {"under-way"}]
    plain = drawn(made_up([(0, 1, INBOX, 7)]))
    assert [group.get("class") for group in plain.iter(f"{SVG}g") if "sample" in group.get("class")] == [
        "sample arrow read"
    ]


def test_what_is_left_out_is_said_in_the_picture():
    texts = [element.text for element in drawn(diagram(run().journal, limit=9)).iter(f"{SVG}text")]
    assert texts[-1] == "drawn are the first 9 messages, of 480"
    assert [element.text for element in drawn(made_up([])).iter(f"{SVG}text")] == ["no messages"]


def test_all_of_it_is_inside_the_picture():
    picture = drawn(run(mail="delay 1234567891ns 9ms", tasks=8).journal)
    width, height = float(picture.get("width")), float(picture.get("height"))
    for _, (x, y, to_x, to_y) in arrows_of(picture).values():
        assert 0 < min(x, to_x) < max(x, to_x) < width
        assert 0 < y <= to_y < height
    for text in picture.iter(f"{SVG}text"):
        letters = 6.2 * len(text.text)
        x, kind = float(text.get("x")), text.get("class")
        begin = x - (letters if kind in ("time", "to-left") else letters / 2 if kind == "name" else 0)
        assert 0 <= begin < begin + letters <= width
        assert 0 < float(text.get("y")) < height


def test_in_a_long_diagram_the_names_come_again():
    picture = drawn(diagram(run().journal, limit=120))
    names_ = [text for text in picture.iter(f"{SVG}text") if text.get("class") == "name"]
    heights = sorted({float(text.get("y")) for text in names_})
    assert len(heights) > 3
    assert max(after - before for before, after in pairwise(heights)) < 850
    times = {float(text.get("y")) for text in picture.iter(f"{SVG}text") if text.get("class") == "time"}
    assert min(abs(time - height) for time in times for height in heights) > 12


def luminance(colour):
    """Relative luminance, as WCAG 2 has it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(ink, paper):
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_and_arrows_stand_out_from_the_paper_in_light_and_dark(scheme):
    palettes = re.findall(r"--(\w+): (#[0-9a-f]+);", STYLE)
    palette = dict(palettes[6 * scheme : 6 * scheme + 6])
    assert set(palette) == {"paper", "ink", "faint", "line", "work", "feedback"}
    assert contrast(palette["ink"], palette["paper"]) > 7
    for colour in ("faint", "work", "feedback"):
        assert contrast(palette[colour], palette["paper"]) > 4.5
