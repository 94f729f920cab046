"""Saturation and tipping points: a maximum of workers learns the pockets of a curve, an average only one line.

Covers: average, soft_maximum, Linear with many copies, compose, simulate, every, late feedback, staleness.
Scenario: with too little salt a day one dies; of enough, each gram more is slightly bad; past a point it is deadly.
Four workers learn the harm, which bends upwards only, as any maximum of linear workers does. Turned over, as the good
that salt does, the same curve is beyond them.
"""

from pathlib import Path
from typing import Any

import numpy as np

from office import Client, Linear, Team, Worker, average, compose, every, linear_schedule, simulate, soft_maximum
from office.study import staleness

SALT = np.arange(13.0)  # grams a day
TABLE = ((SALT - 6.0) / 4.0)[:, None]  # as the workers see it
HARM = np.maximum.reduce([10.0 - 4.0 * SALT, 0.25 * SALT - 0.625, 3.0 * SALT - 24.0])  # it tips at 2.5 and 8.5 grams
NAMES = "dani", "ely", "fei", "gil"
TEAMS, TASKS, RATE = 50, 500, 0.6  # first weights are drawn from N(0, 1); a task is the whole table
HOT, COLD_AFTER = 3.0, 150  # the temperature falls from so much harm to 0, in so many tasks
GAP = "30ms"  # between one task and the next, by mail
MAIL = "delay 10ms 5ms distribution exponential"  # of every link
NEAR = 0.5  # a team is right if none of its 13 answers is further off
KINDS = {"average": HARM, "cooled maximum": HARM, "cooled, turned over": -HARM}


def chart(kind: str, first: Any) -> Team:
    """Make a team from weights and biases `(workers, 2)`, or `(workers, copies, 2)`."""
    cooled = soft_maximum(linear_schedule(HOT, 0.0, COLD_AFTER))
    workers = [Linear(drawn[..., :1], drawn[..., 1], RATE) for drawn in first]
    return Team(list(map(Worker, workers, NAMES)), combine=average if kind == "average" else cooled)


def feedback(output: Any, target: Any) -> tuple[float, Any]:
    """The mean squared error of all copies, and the feedback on that of each."""
    return float(np.mean((output - target) ** 2)), (output - target) * (2.0 / len(target))


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Train teams of each kind side by side, and one by mail; print how many are right, and what the one answers."""
    first = np.random.default_rng(seed).standard_normal((len(NAMES), TEAMS, 2))
    right, answers = {}, {}
    print(f"{TEAMS} teams of four   off by at most: median   worst team   right to {NEAR}")
    for kind, target in KINDS.items():
        estimate = compose(chart(kind, first))
        for _ in range(TASKS):
            output, handle_feedback = estimate(TABLE)
            handle_feedback(feedback(output, target)[1])
        answers[kind] = estimate(TABLE)[0]
        off = np.abs(answers[kind] - target).max(axis=1)
        right[kind] = float(np.mean(off < NEAR))
        print(f"{kind:19}{np.median(off):25.2f}{off.max():13.2f}{right[kind]:15.2f}")

    team, client = chart("cooled maximum", first[:, 0]), Client([(TABLE, HARM)] * TASKS, feedback, every(GAP))
    run = simulate(team, client, mail=MAIL if mail is None else mail, seed=seed)
    if journal is not None:
        run.journal.save(journal)
    print("\nby mail, task   feedback from above   feedback to below")
    for task in (1, 50, COLD_AFTER, TASKS):
        above, below = feedback(run.outputs[task - 1], HARM)[1], run.feedback_below[task - 1]
        print(f"{task:13}{np.abs(above).mean():22.3f}{np.abs(below).mean():20.3f}")

    members = np.stack([compose(member)(TABLE)[0] for member in team.members])
    loudest = members.max(axis=0), members.argmax(axis=0)
    print("\nsalt, g    harm   an average   by mail   loudest")
    for salt, harm, line, answer, who in zip(SALT, HARM, answers["average"][0], *loudest, strict=True):
        print(f"{salt:7.0f}{harm:8.2f}{line:13.2f}{answer:10.2f}   {NAMES[who]}")

    late, by_mail = staleness(run.journal, "team/dani"), float(np.abs(loudest[0] - HARM).max())
    lines, bent, turned = right.values()
    holds = lines == turned == 0 and bent >= 0.99 and by_mail < NEAR
    if holds:
        print(
            f"\nMaxima learn the pockets in {bent:.2f} of teams, and one by mail to {by_mail:.2f}, though feedback is"
            f" {late.mean():.1f} updates late, {late.max()} at most.\nNo average does, and no maximum once the curve is"
            " turned over: they bend upwards only."
        )
    else:
        print(f"\nNot found this time: {lines:.2f}, {bent:.2f} and {turned:.2f} are right, by mail {by_mail:.2f} off.")
    return right | {"off_by_mail": by_mail, "mean_lateness": float(late.mean()), "holds": holds}


if __name__ == "__main__":
    main()
