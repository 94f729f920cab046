"""A shared radio: feedback leaves in slots, finds the queue full, and is lost in bursts.

Covers: slot, limit, loss (random and state), patience, mail by link, mail_on, staleness.
Scenario: Alex learns a line from one table after another. Feedback comes over a radio that is Alex's only now and then,
so many messages at a time. Its queue is short, and in bad weather losses come in bursts, with some luck within them.
"""

from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from office import Client, Linear, Worker, every, simulate, squared_error
from office.study import mail_on, staleness

TASKS, ROWS, COLUMNS = 4000, 4, 3
RATE, NOISE = 0.01, 0.1
GAP, PATIENCE = "2ms", "1s"
WAY = "delay 8ms"
SLOTS = "slot 16ms 24ms packets 16"  # one slot in 20 ms on average, while ten tables come in
BURSTS = "loss state 2% 10% 30% 40% 1%"  # bursts are 26 % of the time, and 57 % are lost in them
RADIOS = {
    "wire": WAY,
    "slots": f"{WAY} {SLOTS}",
    "slots, short queue": f"{WAY} {SLOTS} limit 12",
    "bad weather": f"{WAY} {BURSTS}",
    "as many, one by one": f"{WAY} loss random 15.4%",
}


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Teach Alex over each radio; print what came at once, what was lost, how late feedback was, and the error."""
    rng = np.random.default_rng(seed)
    wanted, tables = rng.normal(size=COLUMNS), rng.normal(size=(TASKS, ROWS, COLUMNS))
    targets = tables @ wanted + rng.normal(0.0, NOISE, (TASKS, ROWS))
    client = Client(list(zip(tables, targets, strict=True)), squared_error, every(GAP), patience=PATIENCE)
    print("feedback by            lost   in a row   at once   updates late, at most   off by")
    rows: dict[str, dict[str, float]] = {}
    for name, radio in RADIOS.items():
        alex = Linear(np.zeros(COLUMNS), 0.0, RATE)
        others = mail if isinstance(mail, dict) else {"*": WAY if mail is None else mail}
        run = simulate(Worker(alex, "alex"), client, mail=others | {"alex.feedback_from_above": radio}, seed=seed)
        if journal is not None:
            run.journal.save(journal)
        feedback, late = mail_on(run.journal, "alex.feedback_from_above"), staleness(run.journal, "alex")
        lost = feedback.lost[np.argsort(feedback.number)]
        rows[name] = {
            "lost": float(lost.mean()),
            "in_a_row": max((len(list(group)) for is_lost, group in groupby(lost) if is_lost), default=0),
            "at_once": int(np.unique(feedback.arrived[feedback.read], return_counts=True)[1].max()),
            "late": float(late.mean()),
            "most_late": int(late.max()),
            "error": float(np.abs(alex.weights - wanted).max()),
        }
        print(
            "{:20}{lost:7.3f}{in_a_row:11}{at_once:10}{late:15.1f}{most_late:9}{error:9.4f}".format(name, **rows[name])
        )

    wire, slots, short, bad, even = rows.values()
    print(
        f"\nSlots bring {slots['at_once']} feedbacks at once, {slots['late']:.1f} updates late where the wire's are"
        f" {wire['late']:.1f}. A short queue loses {short['lost']:.0%} of them.\nBad weather loses as many as are lost"
        f" one by one ({bad['lost']:.0%} and {even['lost']:.0%}), but up to {bad['in_a_row']} in a row, and not"
        f" {even['in_a_row']}."
    )
    holds = wire["late"] < slots["late"] and short["lost"] > 0 and bad["in_a_row"] > even["in_a_row"]
    return {"radios": rows, "holds": holds}


if __name__ == "__main__":
    main()
