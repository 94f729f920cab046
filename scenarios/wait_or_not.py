"""Is it worth waiting? Eight workers share their weights, and learn from each feedback as it comes, or all together.

Covers: shared weights, service times, least_busy, waits_for_all, Accumulate, snapshots, staleness.
Scenario: eight workers with one and the same network read handwritten digits, a batch each. Feedback teaches them when
it comes, late as it may be; or else everybody waits until all eight have theirs, and then there is one step down the
sum. All take about as long; and then again with one of them ten times as slow as the others.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from office import (
    Accumulate,
    Affine,
    Client,
    Run,
    Team,
    Worker,
    in_sequence,
    least_busy,
    relu,
    simulate,
    softmax_cross_entropy,
)
from office.study import staleness

SEEDS, EPOCHS, BATCH, TRAINED = 3, 20, 32, 1437  # images; the other 360 are for the test
WORKERS, RATE = 8, 0.2
ANSWER, REPLY, SPREAD = 30, 60, 10  # ms: to answer, to reply, and by how much that varies, uniformly
SLOW = 10  # times as long takes the straggler
MAIL = "delay 5ms 2ms"
LOOK, TIMES = "500ms", (2, 4, 8, 16, 32)  # s of virtual time
GOAL = 0.95  # of the test images


def taking(time: int) -> str:
    """So many ms, more or less."""
    return f"{time}ms {SPREAD}ms"


def train(seed: int, slow: int, mail: Any, *, waits: bool) -> tuple[Run, list[tuple[float, int, float]]]:
    """Run one office: what came of it, and time (s), updates and accuracy from time to time."""
    known, generator = load_digits(), np.random.default_rng([seed, 2])
    order = generator.permutation(len(known.data))
    images, shown = (known.data[order] / 16).astype(np.float32), known.target[order]

    def batches() -> Iterator[tuple[Any, Any]]:
        for _ in range(EPOCHS):
            rows = generator.permutation(TRAINED)
            yield from (
                (images[rows[at : at + BATCH]], shown[rows[at : at + BATCH]]) for at in range(0, TRAINED, BATCH)
            )

    rule = Accumulate(RATE, WORKERS if waits else 1)
    below = Affine.drawn(64, 128, rule, [seed, 0], dtype=np.float32, says_below=False)
    above = Affine.drawn(128, 10, rule, [seed, 1], dtype=np.float32)
    network = in_sequence(below, relu, above)
    team = [
        Worker(network, f"w{place}", answer_time=taking(ANSWER * pace), reply_time=taking(REPLY * pace))
        for place, pace in enumerate([slow] + [1] * (WORKERS - 1))
    ]
    client = Client(list(batches()), softmax_cross_entropy, in_flight=WORKERS, waits_for_all=waits, keep=False)
    run = simulate(Team(team, allocate=least_busy), client, mail=mail, seed=seed, snapshots=LOOK)
    curve = []
    for snapshot in run.snapshots:
        with snapshot.in_place():
            right = network(images[TRAINED:])[0].argmax(axis=1) == shown[TRAINED:]
        curve.append((snapshot.time / 1e9, snapshot.updates["team/w0"], float(right.mean())))
    return run, curve


def reached(curve: list[tuple[float, int, float]]) -> tuple[float, float]:
    """When, in s and in updates, the goal was first seen to be reached."""
    return next(((time, updates) for time, updates, right in curve if right >= GOAL), (np.inf, np.inf))


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Train every kind of office; accuracy against virtual time and against updates."""
    results: dict[str, dict[str, float]] = {}
    head = "".join(f"{time:5} s" for time in TIMES)
    print(f"test accuracy after    {head}    end   {GOAL:.0%}: when, updates   updates late")
    for slow in (1, SLOW):
        for waits in (False, True):
            runs = [train(seed + number, slow, MAIL if mail is None else mail, waits=waits) for number in range(SEEDS)]
            curves = [curve for _, curve in runs]
            at = [
                np.mean([[right for when, _, right in curve if when <= time][-1] for curve in curves]) for time in TIMES
            ]
            over = [time > max(curve[-1][0] for curve in curves) for time in TIMES]
            late = np.concatenate([staleness(runs[0][0].journal, f"team/w{place}") for place in range(WORKERS)])
            time, updates = np.median([reached(curve) for curve in curves], axis=0)
            end = float(np.mean([curve[-1][2] for curve in curves]))
            name = f"{'all wait' if waits else 'nobody waits'}{', one slow' if slow > 1 else ''}"
            cells = "".join(f"{'':7}" if gone else f"{right:7.3f}" for right, gone in zip(at, over, strict=True))
            print(f"{name:23}{cells} {end:6.3f}{time:7.1f} s {updates:8.0f} {late.mean():9.1f}, at most {late.max()}")
            results[name] = {"end": end, "seconds": float(time), "updates": float(updates), "late": float(late.mean())}
    if journal is not None:
        runs[0][0].journal.save(journal)
    even, slowed = (
        results[f"all wait{kind}"]["seconds"] / results[f"nobody waits{kind}"]["seconds"] for kind in ("", ", one slow")
    )
    fewer = results["nobody waits"]["updates"] / results["all wait"]["updates"]
    holds = slowed > 3 * even > 3 and fewer > 1
    if holds:
        print(
            f"\nWho waits for all needs {fewer:.1f} times fewer updates to read {GOAL:.0%} of the digits, and"
            f" {even:.1f} times as long;\nwith one slow worker, {slowed:.1f} times as long."
            " Late feedback costs less than waiting for it."
        )
    else:
        print(f"\nNot found this time: {even:.1f} and {slowed:.1f} times as long.")
    return results | {"even": even, "one_slow": slowed, "holds": holds}


if __name__ == "__main__":
    main()
