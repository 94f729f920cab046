"""The wisdom of crowds: a sum and an average end at the same answers, but n² apart in how fast they may learn.

Covers: addition, average, Linear, Team, compose, simulate, squared_error.
Scenario: n workers estimate four kinds of project. If their answers are added up, each hears all of the feedback; if
averaged, an n-th of it. The largest rate at which a team still converges is sought by trying; four then learn by mail.
"""

from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from office import Client, Linear, Team, Worker, addition, average, compose, simulate, squared_error

PROJECTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])  # in California, renewable
TARGETS = np.array([1.0, 5.0, 8.0, 10.0])  # millions of dollars
FIT = np.array([1.5, 4.5, 7.5, 10.5])  # 1.5 + 3·California + 6·renewable: nothing linear is closer
CURVATURE = (7 + sqrt(33)) / 4  # λ, the largest one of one worker's error, who converges at rates below 2/λ
KINDS = {"sum": addition, "average": average}
TASKS = 60  # of all four projects each
RATES, HALVINGS = (0.05, 10.0), 13  # where the largest rate is sought, and how often that range is halved
BY_MAIL = {"sum": 0.125, "average": 2.0}  # the rates of teams of four
NEAR = 0.001  # in $1m
MAIL = "delay 20ms 5ms"  # of every link, give or take


def crowd(kind: str, size: int, rate: float, seed: int) -> Team:
    """Draw a team, the same workers for either kind."""
    workers = [Worker(Linear.drawn(2, rate, [seed, place]), f"w{place}") for place in range(size)]
    return Team(workers, combine=KINDS[kind])


def largest_rate(kind: str, size: int, seed: int) -> float:
    """Halve the range of rates until it is known from where on the loss no longer falls in the second half of a run."""
    low, high = RATES
    for _ in range(HALVINGS):
        rate = sqrt(low * high)
        estimate, losses = compose(crowd(kind, size, rate, seed)), []
        for _ in range(TASKS):
            output, handle_feedback = estimate(PROJECTS)
            loss, re_output = squared_error(output, TARGETS)
            handle_feedback(re_output)
            losses.append(loss)
        low, high = (rate, high) if losses[-1] < losses[TASKS // 2] else (low, rate)
    return low


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Seek the largest rate of teams of each size; then let four workers learn by mail, added up and averaged."""
    ratios, wrong, off = [], [], []
    print("workers   largest rate of a sum    2/nλ   of an average    2n/λ   ratio")
    for n in (1, 2, 4, 8):
        measured = largest_rate("sum", n, seed), largest_rate("average", n, seed)
        paper = 2 / (n * CURVATURE), 2 * n / CURVATURE
        ratios.append(measured[1] / measured[0])
        print(f"{n:7}{measured[0]:24.4f}{paper[0]:8.4f}{measured[1]:16.4f}{paper[1]:8.4f}{ratios[-1]:8.2f}")
        wrong += [abs(measured[0] / paper[0] - 1), abs(measured[1] / paper[1] - 1)]

    print("\nfour by mail   task   feedback from above   each hears   feedback to below")
    for kind, rate in BY_MAIL.items():
        client = Client([(PROJECTS, TARGETS)] * TASKS, squared_error, in_flight=1)
        run = simulate(crowd(kind, 4, rate, seed), client, mail=MAIL if mail is None else mail, seed=seed)
        if journal is not None:
            run.journal.save(journal)
        for task in (0, 9, TASKS - 1):
            above, below = squared_error(run.outputs[task], TARGETS)[1], run.feedback_below[task]
            heard = KINDS[kind]([run.outputs[task]] * 4)[1](above)  # the combination shares it out
            sizes = [float(np.abs(feedback).mean()) for feedback in (above, heard, below)]
            print("{:12}{:7}{:22.4f}{:13.4f}{:20.4f}".format(kind, task + 1, *sizes))
        off.append(float(np.abs(run.outputs[TASKS - 1] - FIT).max()))

    holds = max(off) < NEAR and max(wrong) < 0.002
    if holds:
        print(
            f"\nBoth end at the best linear fit, to ${NEAR}m. But whoever is averaged hears an n-th, and is heard to an"
            f" n-th:\nan average of eight converges at rates {ratios[-1]:.1f} times as large as a sum of eight does."
        )
    else:
        print(f"\nNot found this time: ${max(off):.4f}m from the best fit, {max(wrong):.2%} from the closed forms.")
    return {"ratios": ratios, "from_closed_form": max(wrong), "from_best_fit": max(off), "holds": holds}


if __name__ == "__main__":
    main()
