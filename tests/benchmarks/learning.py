"""What learning costs: `python -m tests.benchmarks.learning [--json]`.

scikit-learn's digits, 64-128-10 with ReLU in batches of 32, in float32 and on one thread: written out in numpy, the
office's chart as a composed function, by messages (two desks, four batches in flight, journal on), in Thinc and in
PyTorch (eager). Ten epochs of each in turn, round after round; all start from the same weights and see the same
batches. Feedback on the images themselves is worked out by Thinc alone: nobody else is asked for it.
"""

import os

for library in ("OPENBLAS", "OMP", "MKL", "BLIS"):  # before numpy is loaded
    os.environ[f"{library}_NUM_THREADS"] = "1"

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from office import Affine, Chain, Client, Worker, compose, in_sequence, relu, simulate, softmax_cross_entropy

BATCH, TRAINED, RATE = 32, 1437, 0.3
ROUNDS, EPOCHS = 9, 10  # a round is a run of so many epochs each
MAIL = "delay 10ms"
IN_FLIGHT = 4

KNOWN = load_digits()
IMAGES, SHOWN = (KNOWN.data / 16).astype(np.float32), KNOWN.target

Run = Callable[[int], Any]
"""Ten epochs; its number is for the order of the batches."""


def first_weights() -> list[Any]:
    """Weights and biases, first those below."""
    rng = np.random.default_rng(0)
    shapes = (64, 128), (128, 10)
    layers = [(rng.normal(0.0, (2 / shape[0]) ** 0.5, shape), np.zeros(shape[1])) for shape in shapes]
    return [array.astype(np.float32) for layer in layers for array in layer]


def batches(run: int) -> Iterator[tuple[Any, Any]]:
    """The batches of a run, each epoch in an order of its own."""
    rng = np.random.default_rng(run)
    for _ in range(EPOCHS):
        order = rng.permutation(TRAINED)
        for start in range(0, TRAINED, BATCH):
            rows = order[start : start + BATCH]
            yield IMAGES[rows], SHOWN[rows]


def by_hand() -> tuple[Run, list[Any]]:
    """Plain numpy as it is taught (Stanford's CS231n, *Neural Networks case study*): weights in place."""
    w, b, v, c = weights = first_weights()
    rate = np.float32(RATE)

    def run(number: int) -> None:
        nonlocal w, b, v, c
        for x, shown in batches(number):
            h = x @ w + b
            a = np.maximum(h, 0)
            p = a @ v + c
            p -= p.max(axis=1, keepdims=True)
            np.exp(p, out=p)
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(x)), shown] -= 1
            p /= len(x)
            g = p @ v.T
            g[h <= 0] = 0
            v -= rate * (a.T @ p)
            c -= rate * p.sum(axis=0)
            w -= rate * (x.T @ g)
            b -= rate * g.sum(axis=0)

    return run, weights


def chart() -> tuple[Chain, list[Affine]]:
    """Two desks, and who learns there."""
    w, b, v, c = first_weights()
    below, above = Affine(w, b, RATE, says_below=False), Affine(v, c, RATE)
    return Chain([Worker(in_sequence(below, relu), "below"), Worker(above, "above")]), [below, above]


def by_composition() -> tuple[Run, list[Affine]]:
    """The chart as one function."""
    drawn, learners = chart()
    estimate = compose(drawn)

    def run(number: int) -> None:
        for x, shown in batches(number):
            output, handle_feedback = estimate(x)
            handle_feedback(softmax_cross_entropy(output, shown)[1])

    return run, learners


def by_mail() -> tuple[Run, list[Affine]]:
    """The chart as an office."""
    drawn, learners = chart()

    def run(number: int) -> None:
        client = Client([*batches(number)], softmax_cross_entropy, in_flight=IN_FLIGHT, keep=False)
        simulate(drawn, client, mail=MAIL)

    return run, learners


def in_thinc() -> tuple[Run, Any]:
    """Thinc, as its own examples have it."""
    from thinc.api import SGD, CategoricalCrossentropy, Linear, Relu, chain

    w, b, v, c = first_weights()
    below, above = Relu(128, 64), Linear(10, 128)
    for layer, matrix, bias in ((below, w, b), (above, v, c)):
        layer.set_param("W", np.ascontiguousarray(matrix.T))
        layer.set_param("b", bias)
    model, loss, optimizer = chain(below, above), CategoricalCrossentropy(), SGD(RATE, use_averages=False, grad_clip=0)

    def run(number: int) -> None:
        for x, shown in batches(number):
            output, backprop = model.begin_update(x)
            shares = np.exp(output - output.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            backprop(loss.get_grad(shares, shown))
            model.finish_update(optimizer)

    return run, model


def in_torch() -> tuple[Run, Any]:
    """PyTorch, eager, as its own examples have it."""
    import torch

    torch.set_num_threads(1)
    w, b, v, c = first_weights()
    model = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    with torch.no_grad():
        for tensor, array in zip(model.parameters(), (w.T, b, v.T, c), strict=True):
            tensor.copy_(torch.from_numpy(array.copy()))
    loss, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=RATE)

    def run(number: int) -> None:
        for x, shown in batches(number):
            optimizer.zero_grad()
            loss(model(torch.from_numpy(x)), torch.from_numpy(shown)).backward()
            optimizer.step()

    return run, model


WAYS = {
    "handwritten numpy": by_hand,
    "compose": by_composition,
    "simulate": by_mail,
    "Thinc": in_thinc,
    "PyTorch eager": in_torch,
}


def measure() -> dict[str, dict[str, float]]:
    """For each way that is installed: the median of ms an epoch, and of its ratio to handwritten numpy in one round."""
    runs: dict[str, Run] = {}
    for name, make in WAYS.items():
        try:
            runs[name] = make()[0]
        except ModuleNotFoundError as error:
            print(f"without {name}: {error.name} is not installed")
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(ROUNDS + 1):
        for name, run in runs.items():
            gc.collect()
            begin = time.perf_counter()
            run(number)
            if number:  # the first is for warming up
                times[name].append((time.perf_counter() - begin) / EPOCHS * 1e3)
    hand = times["handwritten numpy"]
    return {
        name: {
            "ms": statistics.median(taken),
            "ratio": statistics.median(ours / theirs for ours, theirs in zip(taken, hand, strict=True)),
        }
        for name, taken in times.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    as_json = parser.parse_args().json
    figures = measure()
    if as_json:
        print(json.dumps(figures, indent=2))
        return
    print(f"digits, one thread, medians of {ROUNDS} alternating rounds of {EPOCHS} epochs")
    print(f"{'':20}{'ms an epoch':>12}{'times':>8}")
    for name, row in figures.items():
        print(f"{name:20}{row['ms']:12.2f}{row['ratio']:8.2f}")


if __name__ == "__main__":
    main()
