"""From a journal to a page."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np

from office.extras import need
from office.files import write_whole
from office.journal import Journal
from office.show.page.facts import conditions, counts, desk_rows
from office.show.page.figures import figures
from office.show.page.packing import packed
from office.show.page.rooms import Rooms, rooms
from office.show.page.stretches import MOST_MESSAGES, stretches
from office.show.page.watched import FATES, NEARLY_ALL, Watched, busy_end
from office.study import feedback_sizes, heard, in_table, in_tray, learning_curve, occupancy, overtaken, run_end
from office.times import exact_time

__all__ = ["replay_page", "watch", "write_replay_page"]

BROWSER = Path(__file__).parent / "browser"
SCRIPTS = (
    "columns", "words", "stretch", "layout", "rooms", "colours", "letters", "diagram", "clock", "task", "charts",
    "controls", "main",
)  # fmt: skip
"""What the page runs, in this order: one script, as if it were one file."""


def write_replay_page(
    journal: Journal, path: str | Path, *, title: str = "", command: str = "", limit: int = MOST_MESSAGES
) -> None:
    """Write the replay page of a run to a file of HTML.

    Args:
        journal: Of the run.
        path: The file.
        title: The page's title; "office" if not given.
        command: The command that makes the page again; the page shows it.
        limit: A run of more messages is replayed in stretches.

    Raises:
        ModuleNotFoundError: The extra `report` is missing.
        ValueError: No run leaves such a journal: a desk lacks a link, or feedback came without an answer.
    """
    # A name that is no Unicode is no reason to have no page.
    page = replay_page(journal, title=title, command=command, limit=limit)
    write_whole(path, [page.encode("utf-8", "backslashreplace")])


def replay_page(journal: Journal, *, title: str = "", command: str = "", limit: int = MOST_MESSAGES) -> str:
    """The replay of a run as one page of HTML, which loads nothing else: the same bytes for the same arguments.

    Args:
        journal: Of the run.
        title: The page's title; "office" if not given.
        command: The command that makes the page again; the page shows it.
        limit: A run of more messages is replayed in stretches; the figures are of all of it.

    Raises:
        ModuleNotFoundError: The extra `report` is missing.
        ValueError: No run leaves such a journal: a desk lacks a link, or feedback came without an answer.
    """
    jinja2 = need("jinja2", "a report", "report")
    watched = watch(journal)
    parts = stretches(watched, limit)
    numbers = counts(watched)
    data = {
        "desks": [journal.desks[desk] for desk in watched.rooms.desks],
        "people": journal.desks,
        "rooms": _rooms(watched.rooms),
        "fates": FATES,
        "run_end": watched.run_end,
        "busy_end": watched.busy_end,
        "messages": numbers["messages"],
        "stretches": parts,
        "figures": figures(watched),
    }
    style, script = _read("page.css"), _script()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(BROWSER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    text: str = environment.get_template("page.html").render(
        title=title or "office",
        command=command,
        counts=numbers,
        conditions=conditions(journal),
        desk_rows=desk_rows(watched),
        run_end=_rounded(watched.run_end),
        shows=_shows(watched, parts, numbers),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"),
    )
    return text


def watch(journal: Journal) -> Watched:
    """Work out what the page shows of a run, but for what is only drawn. Raises `ValueError` as `replay_page` does."""
    plan, mail, end = rooms(journal), journal.mail, run_end(journal)
    names = [journal.desks[desk] for desk in plan.desks]
    return Watched(
        journal,
        mail,
        plan,
        end,
        busy_end(mail, end),
        learning_curve(journal),
        overtaken(journal),
        [occupancy(in_table(journal, name, end)) for name in names],
        [occupancy(in_tray(journal, name, end=end)) for name in names],
        {place: heard(journal, names[place]) for place in plan.workers},
        {place: feedback_sizes(journal, names[place]) for place in plan.workers if journal.learnt.get(names[place])},
    )


def _rooms(plan: Rooms) -> dict[str, Any]:
    """The chart as the page draws it: stacks of desks, and who sends and reads on each link, drawn and by name."""
    drawn, link_ends = np.append(plan.stands_for, -1), plan.ends  # the last is whoever is outside
    is_feedback = (link_ends.feedback_from_above >= 0) | (link_ends.feedback_to_below >= 0)
    return {
        "stacks": plan.stacks,
        "within": {str(place): numbers for place, numbers in sorted(plan.within.items())},
        "links": {
            "names": plan.links,
            "from": packed(drawn[link_ends.sender]),
            "to": packed(drawn[link_ends.reader]),
            "sender": packed(link_ends.sender),
            "reader": packed(link_ends.reader),
            "feedback": packed(is_feedback.astype(int)),
        },
    }


def _shows(watched: Watched, parts: list[dict[str, Any]], numbers: dict[str, int]) -> list[str]:
    """What the page shows of the run, and what it leaves out, in sentences."""
    total, shown = numbers["messages"], []
    for part in parts:
        whole = part["first"] == 1 and part["last"] == total
        which = f"all {total:,} messages" if whole else f"messages {part['first']:,} to {part['last']:,} of {total:,}"
        name = "" if len(parts) == 1 else f" ({part['name']})"
        sample = "" if part["every"] == 1 else f", of them those about every {_nth(part['every'])} task"
        shown.append(f"{which}{name}{sample}")
    lines = [f"It replays {'; '.join(shown)}. The figures are of the whole run."]
    if watched.busy_end < watched.run_end:
        lines.append(
            f"Curves over time end at {_rounded(watched.busy_end)}, when {NEARLY_ALL:.0%} of the mail has come;"
            f" the run goes on until {_rounded(watched.run_end)}."
        )
    drawn = len(watched.rooms.desks)
    if drawn < watched.rooms.all_desks:
        lines.append(
            f"It draws {drawn:,} of {watched.rooms.all_desks:,} desks: mail between those that are drawn as one is not"
            f" seen to move, and tables and trays are those of the one that is named."
        )
    return lines


def _rounded(time: int) -> str:
    """Nanoseconds to five digits, in the unit that suits them."""
    return exact_time(round(time, 5 - len(str(time))))


def _nth(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _script() -> str:
    """All scripts as one, with names of their own."""
    return '"use strict";\n{\n' + "\n".join(_read(f"{name}.js") for name in SCRIPTS) + "}\n"


def _read(name: str) -> str:
    return (BROWSER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
