"""Journals to draw: of random offices, and with names and tasks that a picture might take for its own."""

from hypothesis import strategies as st

from tests.engines.building import office_of
from tests.engines.offices import ANY_MAIL, EITHER, offices, troubled_offices
from tests.study.journals import ROUGH, made_up

HOSTILE = ["<script>alert(1)", "</text><g>", "end", "a;b", "#35;", "x\ny", "]]>", "%%{init: {}}%%", '"q"', "wrap: it"]
HOSTILE += ["\ud800\x00\x1b[31m", "-->>", "é漢🎈", "&amp;", "a:b", "note over d0", "::", " ", "participant", "\u202e"]

any_office = st.one_of(
    offices(conditions=[*ROUGH, *ANY_MAIL]), troubled_offices(conditions=ROUGH, delivery=EITHER)
).map(lambda data: office_of(data)[0])  # fmt: skip
journals = any_office.filter(lambda came: not isinstance(came, str)).map(lambda came: came.journal)
names = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_characters="/."), max_size=9))


def named(desks):
    """A journal in which each of these desks has two tasks, the later one first, and answers one; tasks have the same
    names."""
    links = [f"{desk}.{channel}" for desk in desks for channel in
             ("inbox", "outbox", "feedback_from_above", "feedback_to_below")]  # fmt: skip
    rows = []
    for place, desk in enumerate(desks):
        other = desks[-1 - place]
        rows += [(place, place + 20, 4 * place, desk), (place + 1, place + 15, 4 * place, other)]
        rows += [(place + 15, place + 30, 4 * place + 1, other)]
    return made_up(sorted(rows, key=lambda row: row[1]), links=links, desks=("client", *desks))
