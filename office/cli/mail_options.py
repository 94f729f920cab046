"""Mail conditions as they stand on a command line: one for the whole office, others for links by name or pattern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from office.mail.netem import conditions as check_conditions

__all__ = ["Mail", "mail_of"]

Mail: TypeAlias = str | dict[str, str]
"""Conditions of every link; or by link name or pattern, of which the last that fits counts."""


def mail_of(words: Sequence[str], otherwise: str | Mapping[str, str] = "") -> Mail | None:
    """Read ``CONDITIONS`` and ``LINK=CONDITIONS``, given in any order: what a scenario's ``main`` is to be told.

    Nothing is None, and conditions alone are as they stand. With links there is a mapping: first the conditions of the
    whole office, or else those that hold `otherwise`, and then each link's or pattern's, in the order given. Raises
    `ValueError` where two are for the whole office, or where one is none, whether or not the scenario has a use for it.
    """
    whole: list[str] = []
    by_link: dict[str, str] = {}
    for word in words:
        link, is_for_links, conditions = word.rpartition("=")  # there is no = in conditions, but there may be in names
        check_conditions(conditions)
        if not is_for_links:
            whole.append(word)
            continue
        by_link.pop(link, None)  # what is given later counts for more
        by_link[link] = conditions
    if len(whole) > 1:
        raise ValueError(f'"{whole[0]}" and "{whole[1]}" are both for the whole office: give one, others as LINK=…')
    if not by_link:
        return whole[0] if whole else None
    everywhere = whole[0] if whole else otherwise
    base = {"*": everywhere} if isinstance(everywhere, str) else everywhere
    return {link: conditions for link, conditions in base.items() if link not in by_link} | by_link
