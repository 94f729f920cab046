"""Room on the desk: what a desk takes first decides how many notes it keeps, and room on the links where tables wait.

Covers: answer_time, reply_time, prefers, max_pending, capacity, Chain, tables, in_tray, occupancy.
Scenario: forty tables come at once to a line of four stages. A reply takes twice as long as an answer. The line runs
with tasks first (as GPipe does), first come first served, feedback first, and feedback first with a limit on what is
pending (1F1B); each with links between the stages that hold any number of tables, and with links that hold two.
"""

from pathlib import Path
from typing import Any

from office import Chain, Client, Worker, simulate
from office.study import in_tray, occupancy
from office.times import SECOND

STAGES, TASKS = 4, 40
ANSWER, REPLY = "10ms", "20ms"
MANNERS = {"tasks first": False, "first come": False, "feedback first": False, "feedback first, a limit": True}
LEAST = (TASKS + STAGES - 1) * 0.03  # seconds: the last stage waits for three answers, the client for three replies
INNER, ROOM = "line/stage[2-4].inbox", (None, 2)  # so many tables fit between one stage and the next


def stage(place: int, manner: str) -> Worker:
    """Make a stage that passes everything on. With the limit, the last has one task pending at most, the first four."""
    return Worker(
        lambda table: (table, lambda feedback: feedback),
        f"stage{place + 1}",
        answer_time=ANSWER,
        reply_time=REPLY,
        prefers=manner.split(",", maxsplit=1)[0],  # type: ignore[arg-type]
        max_pending=STAGES - place if MANNERS[manner] else None,
    )


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Run the line in each manner, with room on its links and without; print its time, its notes and what waits."""
    client = Client([(f"table {number}", None) for number in range(TASKS)], lambda output, _: (0.0, output))
    print("desks take               a link holds   seconds    notes at stages 1 to 4   letters that wait there")
    rows: dict[str, dict[str, Any]] = {}
    for manner in MANNERS:
        for room in ROOM:
            chart = Chain([stage(place, manner) for place in range(STAGES)], "line")
            run = simulate(chart, client, mail="" if mail is None else mail, seed=seed, capacity={INNER: room})
            if journal is not None:
                run.journal.save(journal)
            row: dict[str, Any] = {
                "seconds": run.time / SECOND,
                "notes": [table.peak for table in run.tables.values()],
                "waiting": [occupancy(in_tray(run.journal, desk)).peak for desk in run.tables],
            }
            rows[f"{manner}, {room or 'any'}"] = row
            print(
                f"{manner:25}{room or 'any':>12}{row['seconds']:10.2f}"
                + "".join(f"{number:6}" for number in row["notes"] + row["waiting"])
            )
    limited, free, full = (rows[key] for key in ("feedback first, a limit, any", "first come, any", "first come, 2"))
    notes = [sum(row["notes"]) for row in (limited, free, full)]
    print(
        f"\nThe line can do it in {LEAST:.2f} seconds. Feedback first and a limit takes {limited['seconds']:.2f}, and"
        f" keeps {notes[0]} notes in all; first come\nkeeps {notes[1]}. Where links hold two, it keeps {notes[2]}, and"
        f" takes {full['seconds']:.2f} seconds instead of {free['seconds']:.2f}."
    )
    return {"manners": rows, "holds": notes[0] < notes[2] < notes[1] and full["seconds"] > free["seconds"]}


if __name__ == "__main__":
    main()
