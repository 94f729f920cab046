"""How long it takes to measure and to check a journal of a million messages: ``python -m tests.benchmarks.studying``.

The messages are those of 250,000 tasks of one desk, nearly all of them out of order; in the rough journal some are
lost, damaged or repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from office.journal import Journal
from office.show.journal_diff import partings
from office.study import (
    at_desk,
    checked,
    in_office,
    in_table,
    in_tray,
    latency_by_link,
    little,
    on_link,
    reordering_by_link,
    staleness,
)
from tests.study.journals import a_million_messages


def queues(journal: Journal) -> bool:
    """Little's law for every stay there is."""
    stays = [on_link(journal), in_office(journal), *(of(journal, "alex") for of in (in_tray, in_table, at_desk))]
    return all(little(each).holds for each in stays)


WORK: dict[str, Callable[[Journal], object]] = {
    "reordering, RFC 4737 and RFC 5236": lambda journal: [
        link.as_dict() for link in reordering_by_link(journal).values()
    ],
    "the same with thresholds of 50": lambda journal: [
        link.as_dict() for link in reordering_by_link(journal, dt=50, bt=50).values()
    ],
    "latencies": latency_by_link,
    "staleness": lambda journal: staleness(journal, "alex"),
    "stays, occupancy and Little's law": queues,
    "every check": checked,
    "compared with itself": lambda journal: partings(journal, journal),
}


def main() -> None:
    """Measure and print."""
    journals = [a_million_messages(rough=rough) for rough in (False, True)]
    print(f"{'seconds of CPU':36}{'calm':>8}{'rough':>8}")
    for name, work in WORK.items():
        seconds = []
        for journal in journals:
            begin = time.process_time()
            work(journal)
            seconds.append(time.process_time() - begin)
        print(f"{name:36}" + "".join(f"{taken:8.2f}" for taken in seconds))


if __name__ == "__main__":
    main()
