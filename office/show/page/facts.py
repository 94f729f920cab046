"""What is said in words: how many messages there were and what became of them, the conditions, each desk's books."""

from __future__ import annotations

from typing import Any

import numpy as np

from office.journal import Journal
from office.show.page.watched import Watched
from office.study import DeskBook, MailBook, desk_books, mail_books, utilisation
from office.times import exact_time

__all__ = ["MOST_ROWS", "conditions", "counts", "desk_rows"]

MOST_ROWS = 200
"""A table has at most so many rows."""


def counts(watched: Watched) -> dict[str, int]:
    """What became of the messages of a run, each under a name, all of them first."""
    journal, books = watched.journal, list(mail_books(watched.journal).values())
    total = {name: sum(getattr(book, name) for book in books) for name in MailBook._fields}
    late = int(np.count_nonzero(watched.overtaken))
    return {
        "messages": total.pop("sent"),
        "overtaken": late,
        **total,
        "tasks": len(np.unique(watched.mail.task)),
        "spoken_of": len(journal.losses),
        "desks": watched.rooms.all_desks,
        "links": len(journal.links),
    }


def conditions(journal: Journal) -> list[tuple[str, list[tuple[str, str]]]]:
    """All that a journal says in its head, and at its end, in words: what, and of whom; the same is said once."""
    sections = []
    rest = {what: value for what, value in journal.head.items() if what != "settings"}
    end = {"order": journal.order, "diverged": journal.diverged}
    known = {what: str(value) for what, value in end.items() if value is not None}
    for what, value in {**journal.settings, **known, **rest}.items():
        if isinstance(value, dict):
            by_words: dict[str, list[str]] = {}
            for name, words in value.items():
                by_words.setdefault(_words(what, words), []).append(str(name))
            rows = [(words, _names(names, len(value))) for words, names in by_words.items()]
        else:
            rows = [(_words(what, item), "") for item in (value if isinstance(value, list) else [value])]
        sections.append((what, rows))
    return sections


def _words(what: str, value: Any) -> str:
    if what in ("expire", "patience", "until") and isinstance(value, int):
        return exact_time(value)
    if what == "weights":
        return "; ".join(f"{each['bytes']} bytes, {each['rule']}, {each['policy']}" for each in value)
    return ("no conditions: at once" if what == "mail" else "none") if value == "" else str(value)


def _names(names: list[str], of: int) -> str:
    if len(names) == of > 1:
        return f"all {of}"
    return ", ".join(names[:8]) + (f", and {len(names) - 8} more" if len(names) > 8 else "")


def desk_rows(watched: Watched) -> list[dict[str, Any]]:
    """The books of each desk that is drawn, with how full and how busy it was; at most `MOST_ROWS` of them."""
    journal, books = watched.journal, desk_books(watched.journal)
    rows = []
    for place, desk in enumerate(watched.rooms.desks[:MOST_ROWS]):
        name, table, tray = journal.desks[desk], watched.pending[place], watched.in_tray[place]
        late = watched.heard[place].staleness if place in watched.heard else np.arange(0)
        book: DeskBook = books[name]
        rows.append(
            {
                "desk": name,
                **book._asdict(),
                "peak": table.peak,
                "mean": f"{table.mean:.3g}",
                "tray": tray.peak,
                "busy": f"{utilisation(journal, name, watched.run_end):.0%}",
                "late": f"{late.mean():.3g}" if len(late) else "–",
                "latest": int(late.max()) if len(late) else "–",
            }
        )
    return rows
