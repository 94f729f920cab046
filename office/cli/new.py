"""`office new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from office.cli.output import usage_errors, writable, wrong_use
from office.cli.terminal import say
from office.files import write_whole
from office.show.names import visible

__all__ = ["new"]

SCENARIO = '''"""What it is about, in one line: two workers learn a line from late feedback.

Covers: Team, Worker, Linear, average, every, simulate, staleness.
Scenario: who does what, and what is to be found out. Alex and Bo average their estimates of what tables of projects
cost; the client says how far off they are, by mail, and meanwhile more tables come in.
"""

from pathlib import Path
from typing import Any

import numpy as np

from office import Client, Linear, Team, Worker, average, every, simulate, squared_error
from office.study import staleness

TASKS, ROWS, COLUMNS = 300, 4, 2
RATE = 0.05
GAP = "10ms"  # between one task and the next
MAIL = "delay 20ms 5ms"  # of every link: 20 ms, give or take 5


def chart(seed: int) -> Team:
    """Draw the office: who works there, who gets a task, and how answers become one."""
    members = [Worker(Linear.drawn(COLUMNS, RATE, [seed, place]), name) for place, name in enumerate(("alex", "bo"))]
    return Team(members, "team", combine=average)


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Run the office, print what came of it, and return the numbers."""
    rng = np.random.default_rng(seed)
    wanted, tables = rng.normal(size=COLUMNS), rng.normal(size=(TASKS, ROWS, COLUMNS))
    client = Client([(table, table @ wanted) for table in tables], squared_error, every(GAP))
    run = simulate(chart(seed), client, mail=MAIL if mail is None else mail, seed=seed)
    if journal is not None:
        run.journal.save(journal)

    print("tasks         loss")
    for start in range(0, TASKS, TASKS // 3):
        end = start + TASKS // 3
        print(f"{start:3} to {end - 1:3} {run.losses[start:end].mean():10.4f}")
    late, loss = staleness(run.journal, "team/alex"), float(run.losses[-1])
    print(f"\\nAlex's feedback is {late.mean():.1f} updates late, {late.max()} at most; the last loss is {loss:.2g}.")
    return {"late": float(late.mean()), "loss": loss}


if __name__ == "__main__":
    main()
'''


def new(
    file: Annotated[Path, typer.Argument(metavar="NAME.py", callback=writable, help="Where to write the scenario.")],
) -> None:
    """Write a scenario to start from: a small office that learns by mail, with all that a scenario has.

    Exits with 2 where there is a file of that name already.
    """
    if file.suffix != ".py":
        wrong_use(f"{visible(str(file))}: the name of a scenario ends in .py")
    if file.exists() or file.is_symlink():
        wrong_use(f"{visible(str(file))}: there is such a file, and it stays as it is")
    with usage_errors():
        write_whole(file, [SCENARIO.encode()])
        say(visible(f"{file} is a scenario: change it, and run it by office run {file}"))
