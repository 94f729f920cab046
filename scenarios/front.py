"""Casey is a front for a vast system, and nothing changes for the rest.

Covers: Team, Chain, nesting, addition, average, compose, simulate, with one task in flight.
Scenario: Alex, Bo and Casey add up their estimates of projects. Casey is really a team: Dani, and a chain of a clerk
who doubles the figures and Ely. The office runs by mail, and then the same chart is composed into one function.
"""

from pathlib import Path
from typing import Any

import numpy as np

from office import Chain, Client, LinearTotal, Team, Worker, average, compose, simulate, squared_error

TASKS, ROWS, COLUMNS = 40, 3, 4
RATE = 0.008
MAIL = "delay 10ms 5ms"  # of every link, give or take


def clerk(table: Any) -> tuple[Any, Any]:
    """Double every figure, and so the feedback on it."""
    return 2.0 * table, lambda re_table: 2.0 * re_table


def estimator(seed: int, place: int) -> LinearTotal:
    """Make a worker with weights of its own."""
    return LinearTotal.drawn(COLUMNS, RATE, [seed, place])


def office(seed: int) -> Team:
    """Draw the chart afresh, so that each engine has its own workers to train."""
    alex, bo, dani, ely = (estimator(seed, place) for place in range(4))
    casey = Team([Worker(dani, "dani"), Chain([Worker(clerk, "clerk"), Worker(ely, "ely")])], "casey", combine=average)
    return Team([Worker(alex, "alex"), Worker(bo, "bo"), casey], "estimates")


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Run both, print how the corrections go by the quarter, and count the bits that differ."""
    generator = np.random.default_rng(seed)
    wanted = generator.normal(size=COLUMNS)
    tables = generator.normal(size=(TASKS, ROWS, COLUMNS))
    tasks = [(table, float((table @ wanted).sum())) for table in tables]
    client = Client(tasks, squared_error, in_flight=1)
    run = simulate(office(seed), client, mail=MAIL if mail is None else mail, seed=seed)
    if journal is not None:
        run.journal.save(journal)

    estimate, differing, above, below = compose(office(seed)), 0, [], []
    for task, (table, target) in enumerate(tasks):
        output, handle_feedback = estimate(table)
        _, re_output = squared_error(output, target)
        re_inputs = handle_feedback(re_output)
        differing += output != run.outputs[task]
        differing += int(np.count_nonzero(re_inputs != run.feedback_below[task]))
        above.append(abs(re_output))
        below.append(float(np.linalg.norm(re_inputs)))

    print("tasks      feedback from above   feedback to below")
    quarters = [slice(start, start + TASKS // 4) for start in range(0, TASKS, TASKS // 4)]
    sizes = [(float(np.mean(above[quarter])), float(np.mean(below[quarter]))) for quarter in quarters]
    for quarter, (up, down) in zip(quarters, sizes, strict=True):
        print(f"{quarter.start:2} to {quarter.stop - 1:2} {up:19.2f}  {down:18.2f}")
    compared = TASKS * (1 + ROWS * COLUMNS)
    links = len(run.journal.links)
    print(
        f"\n{TASKS} tasks went through {links // 4} desks on {links} links, {len(run.journal)} letters in all."
        f" Of {compared} numbers that came out,\n{differing} differ from those of the composed function in any bit."
    )
    return {
        "letters": len(run.journal),
        "numbers": compared,
        "differing": differing,
        "feedback_from_above": [up for up, _ in sizes],
        "feedback_to_below": [down for _, down in sizes],
        "holds": differing == 0,
    }


if __name__ == "__main__":
    main()
