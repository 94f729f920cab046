"""Batches save letters and time, and their price is fewer updates, each of a bigger sum.

Covers: with_flatten, tables without rows, lists of feedback, answer_time, reply_time, learn_time, in_flight, work.
Scenario: Alex estimates small tables of projects, so many tables a task, two tasks in flight. To answer or to reply
takes 2 ms, and half a millisecond more for each table; to learn takes 2 ms, whatever it is from.
"""

from pathlib import Path
from typing import Any

import numpy as np

from office import Client, Linear, Worker, half_squared_error, simulate, with_flatten

TABLES, MOST_ROWS, COLUMNS, EPOCHS = 128, 4, 3, 4
NOISE = 0.1  # standard deviation of what no column tells about a cost, in $1m
SIZES, IN_FLIGHT = (1, 2, 4, 8, 16, 32), 2  # tables a task; tasks
LOW, HIGH = 0.005, 0.02  # learning rates
TO_OPEN, TO_READ, TO_LEARN = 2_000_000, 500_000, 2_000_000  # ns: a letter; a table in it; a feedback
MAIL = "delay 10ms 2ms"  # of every link, give or take


def feedback(outputs: list[Any], costs: list[Any]) -> tuple[float, list[Any]]:
    """Half the sum of the squared errors of a batch, and a list of feedbacks, one for each table."""
    judged = [half_squared_error(output, cost) for output, cost in zip(outputs, costs, strict=True)]
    return sum(loss for loss, _ in judged), [re_output for _, re_output in judged]


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Let Alex learn in batches of each size, at both rates; the journal is of the biggest batches, at the low one."""
    generator = np.random.default_rng(seed)
    tables = [generator.normal(size=(rows, COLUMNS)) for rows in generator.integers(0, MOST_ROWS + 1, TABLES)]
    wanted = generator.normal(size=COLUMNS)
    costs = [table @ wanted + generator.normal(1.0, NOISE, len(table)) for table in tables]
    all_rows, all_costs = np.concatenate(tables), np.concatenate(costs)
    alex = Linear.drawn(COLUMNS, LOW, seed)
    dealt_out, single = with_flatten(alex)(tables)[0], [alex(table)[0] for table in tables]
    apart = float(np.abs(np.concatenate(dealt_out) - np.concatenate(single)).max())

    rows = []
    print(f"tables a task   letters     time   at work   updates   error at rate {LOW}    at {HIGH}")
    for size in SIZES:
        tasks = [(tables[first : first + size], costs[first : first + size]) for first in range(0, TABLES, size)]
        client = Client(tasks, feedback, in_flight=IN_FLIGHT, epochs=EPOCHS)
        time, errors = TO_OPEN + size * TO_READ, []
        for rate in (HIGH, LOW):
            alex = Linear.drawn(COLUMNS, rate, seed)
            desk = Worker(with_flatten(alex), "alex", answer_time=time, reply_time=time, learn_time=TO_LEARN)
            run = simulate(desk, client, mail=MAIL if mail is None else mail, seed=seed)
            errors.append(float(np.mean((all_rows @ alex.weights + alex.bias - all_costs) ** 2)))
        share = sum(end - start for _, start, end in run.journal.work["alex"]) / run.time
        rows.append((len(run.journal), run.time / 1e9, share, alex.updates, *errors[::-1]))
        shown = f"{errors[0]:.4f}" if errors[0] < all_costs.var() else "diverges"  # worse than always the mean cost
        print("{:13}{:10}{:7.2f} s{:10.0%}{:10}{:22.4f}{:>12}".format(size, *rows[-1][:-1], shown))
    if journal is not None:
        run.journal.save(journal)

    print(f"\nbatches of {SIZES[-1]}, epoch   feedback from above   feedback to below")
    for epoch in (0, 1, EPOCHS - 1):
        ids = range(epoch * len(tasks), (epoch + 1) * len(tasks))
        above = [np.abs(np.concatenate(feedback(run.outputs[k], tasks[k % len(tasks)][1])[1])).mean() for k in ids]
        below = [np.abs(np.concatenate(run.feedback_below[k])).mean() for k in ids]
        print(f"{epoch + 1:20}{np.mean(above):22.2f}{np.mean(below):20.2f}")

    letters, seconds, shares, updates, low, high = zip(*rows, strict=True)
    holds = bool(apart < 1e-12 and low[-1] < 2 * low[0] and high[0] < all_costs.var() < high[-1])
    if holds:
        print(
            f"\nBatches of {SIZES[-1]} take {letters[-1]} letters and {seconds[-1]:.2f} s, where single tables take"
            f" {letters[0]} and {seconds[0]:.2f} s, and the answers dealt out\nare the same. The price is {updates[-1]}"
            f" bigger updates for {updates[0]}: at rate {HIGH} they diverge, where single tables end at {high[0]:.4f}."
        )
    else:
        print(
            f"\nNot found this time: the errors are {low[-1]:.4g} for {low[0]:.4g} at rate {LOW}, {high[-1]:.4g} for"
            f" {high[0]:.4g} at {HIGH}, and answers\nare {apart:.2g} apart."
        )
    columns = {"letters": letters, "seconds": seconds, "at_work": shares, "updates": updates, "low": low, "high": high}
    return {name: list(column) for name, column in columns.items()} | {"apart": apart, "holds": holds}


if __name__ == "__main__":
    main()
