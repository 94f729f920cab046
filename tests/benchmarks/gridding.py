"""How much sooner two processes are done than one: `python -m tests.benchmarks.gridding [--json]`.

200 cells, each a network of layers by messages (64-32-10 in batches of 32, two desks, on numbers drawn at random), with
everything that a grid does besides: starting the processes, and keeping each cell in a file. One process and two take
turns.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from office import (
    Affine,
    Chain,
    Client,
    Worker,
    every,
    every_point,
    grid,
    in_sequence,
    relu,
    simulate,
    softmax_cross_entropy,
)

ROWS, EPOCHS, BATCH = 1024, 5, 32
SEEDS = range(20)
ROUNDS = 3

POINTS = every_point(rate=[0.3, 0.1, 0.03, 0.01, 0.003], mail=["delay 10ms", "delay 20ms 10ms"])


def cell(*, seed: int, rate: float, mail: str) -> dict[str, float]:
    """A network that learns by heart what there is no telling of."""
    rng = np.random.default_rng(seed)
    images, shown = rng.normal(size=(ROWS, 64)), rng.integers(10, size=ROWS)
    batches = [(images[start : start + BATCH], shown[start : start + BATCH]) for start in range(0, ROWS, BATCH)]
    below = Worker(in_sequence(Affine.drawn(64, 32, rate, seed=seed), relu), "below")
    chart = Chain([below, Worker(Affine.drawn(32, 10, rate, seed=seed + 1), "above")])
    client = Client(batches, softmax_cross_entropy, arrivals=every("10ms"), epochs=EPOCHS, keep=False)
    losses = simulate(chart, client, mail=mail, seed=seed).losses
    return {"loss": float(losses[-len(batches) :].mean())}


def seconds(processes: int) -> tuple[float, Any]:
    """How long the whole grid takes, and what comes of it."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        cells = grid(cell, POINTS, SEEDS, keep=Path(folder) / "kept.sqlite", processes=processes)
        return time.perf_counter() - begin, cells


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    as_json = parser.parse_args().json
    rounds = []
    for _ in range(ROUNDS):
        (alone, cells), (two, others) = seconds(1), seconds(2)
        assert cells == others
        rounds.append((alone, two))
    numbers = {
        "one": statistics.median(alone for alone, _ in rounds),
        "two": statistics.median(two for _, two in rounds),
        "ratio": statistics.median(alone / two for alone, two in rounds),
    }
    if as_json:
        print(json.dumps(numbers, indent=2))
        return
    print(f"{len(POINTS) * len(SEEDS)} cells, medians of {ROUNDS} alternating rounds")
    print(
        f"one process {numbers['one']:.1f} s, two {numbers['two']:.1f} s: {numbers['ratio']:.2f} times sooner"
    )  # fmt: skip


if __name__ == "__main__":
    main()
