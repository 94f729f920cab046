"""A strike at the post office: what lost feedback costs, and what it costs to send everything until it arrives.

Covers: loss, duplicate, corrupt, Crash, Partition, expire, patience, delivery at least once, the books.
Scenario: Alex, Bo and Casey learn to estimate projects together. In one office the mail is as it should be; in two it
loses, repeats and damages letters, Bo loses all notes, and Casey is cut off for a second.
"""

from pathlib import Path
from typing import Any

import numpy as np

from office import Client, Crash, Linear, Partition, Run, Team, Worker, average, every, simulate, squared_error

TASKS, COLUMNS, RATE = 1_200, 3, 0.02
GAP = "5ms"  # between one task and the next
CALM = "delay 20ms 5ms"
STRIKE = f"{CALM} loss gemodel 1% 30% duplicate 2% corrupt 1%"  # one letter in thirty is lost, in bursts
FAULTS = [Crash("team/bo", "1.5s", "200ms"), Partition("team/casey", "3s", "1s")]
PATIENCE = "2s"  # of the client, and of each desk
NOISE = 0.1  # standard deviation of what no column tells about a cost, in $1m
CREW = ("alex", "bo", "casey")
OFFICES: dict[str, dict[str, Any]] = {
    "calm": {},
    "strike": {"faults": FAULTS, "expire": PATIENCE},
    "sent again": {"faults": FAULTS, "expire": PATIENCE, "delivery": "at least once"},
}


def books(run: Run) -> dict[str, int]:
    """What became of every letter, and of every answer of the three."""
    mail, names = run.journal.mail, [f"team/{name}" for name in CREW]
    befell = [what for name in names for _, what, _ in run.journal.incidents.get(name, ())]
    links = {name: mail.link == place for place, name in enumerate(run.journal.link_names)}
    came = mail.arrived >= 0
    answers = sum(int(mail.number[links[f"{name}.outbox"]].max()) for name in names)
    heard = sum(np.count_nonzero(mail.read & links[f"{name}.feedback_from_above"]) for name in names)
    rows: dict[str, Any] = {
        "letters sent": len(mail.sent),
        "read": np.count_nonzero(mail.read),
        "repeats": np.count_nonzero(came & ~mail.damaged & ~mail.read),
        "damaged": np.count_nonzero(came & mail.damaged),
        "lost": np.count_nonzero(mail.lost),
        "answers filed": answers,
        "heard of": heard - befell.count("stray"),
        "expired": befell.count("feedback expired"),
        "forgotten": befell.count("forgotten"),
        "still pending": sum(run.pending[name] for name in names),
    }
    return {what: int(count) for what, count in rows.items()}


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Run the three offices; print the books of each. `mail` stands for the strike's; the journal is of the last."""
    generator = np.random.default_rng(seed)
    tables = generator.normal(size=(TASKS, 1, COLUMNS))
    costs = tables @ [1.0, 3.0, -2.0] + generator.normal(1.0, NOISE, (TASKS, 1))
    client = Client(list(zip(tables, costs, strict=True)), squared_error, arrivals=every(GAP), patience=PATIENCE)
    offices: dict[str, dict[str, Any]] = {}
    for name, trouble in OFFICES.items():
        crew = [Linear.drawn(COLUMNS, RATE, [seed, place]) for place in range(len(CREW))]
        team = Team([Worker(worker, who) for worker, who in zip(crew, CREW, strict=True)], combine=average)
        weather = CALM if name == "calm" else STRIKE if mail is None else mail
        run = simulate(team, client, mail=weather, seed=seed, **trouble)
        estimate = np.mean([tables @ worker.weights + worker.bias for worker in crew], axis=0)
        offices[name] = books(run) | {
            "tasks given up": len(run.given_up),
            "updates": sum(worker.updates for worker in crew),
            "error": float(np.mean((estimate - costs) ** 2)),
        }
    if journal is not None:
        run.journal.save(journal)

    print(" " * 14 + "".join(f"{name:>12}" for name in offices))
    for what in offices["calm"]:
        row = [office[what] for office in offices.values()]
        print(f"{what:14}" + "".join(f"{value:12.4f}" if what == "error" else f"{value:12}" for value in row))
    calm, strike, again = offices.values()
    balanced = all(
        office["letters sent"] == sum(office[what] for what in ("read", "repeats", "damaged", "lost"))
        and office["answers filed"]
        == sum(office[what] for what in ("heard of", "expired", "forgotten", "still pending"))
        for office in offices.values()
    )
    print(
        f"\nThe books balance: {balanced}. The strike cost {strike['tasks given up']} of {TASKS} tasks, and"
        f" {1 - strike['updates'] / calm['updates']:.0%} of the updates."
        f" Sending again saved\nall but {again['tasks given up']}"
        f" and cost {again['letters sent'] / calm['letters sent'] - 1:.0%} more letters, acknowledgements not counted."
    )
    return offices | {"balanced": balanced, "holds": balanced and again["tasks given up"] < strike["tasks given up"]}


if __name__ == "__main__":
    main()
