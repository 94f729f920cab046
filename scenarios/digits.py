"""Handwritten digits, learnt by two departments who write letters to each other.

Covers: Affine, relu, in_sequence, Chain, softmax_cross_entropy, Client, simulate, compose, staleness.
Scenario: the lower department turns 64 pixels into 128 numbers, the upper one those into 10, one for each digit.
Batches of 32 images go up, feedback comes down. Ten offices with one batch in flight and ten with four, each with a
fifth of the images left out for its test; then one more is composed into one function, and one written out in numpy.
Takes: about 12 s on two cores.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from office import Affine, Chain, Client, Worker, compose, in_sequence, relu, simulate, softmax_cross_entropy
from office.study import staleness

SEEDS, EPOCHS, BATCH = 10, 20, 32
TRAINED = 1437  # images; the other 360 are for the test
PIXELS, HIDDEN, DIGITS = 64, 128, 10
RATE = 0.3
MAIL = "delay 10ms 2ms"  # of every link, give or take
CLAIM = 0.97  # the share of test images that offices get right on average

Array = NDArray[Any]


@cache
def digits(seed: int) -> tuple[Array, Array]:
    """Return the images `(1797, 64)`, from 0 to 1, and what they show `(1797,)`, in an order of this seed's."""
    known = load_digits()
    order = np.random.default_rng([seed, 2]).permutation(len(known.data))
    return (known.data[order] / 16).astype(np.float32), known.target[order]


def office(seed: int) -> tuple[Chain, list[Affine]]:
    """Draw the chart, and the workers who learn in it."""
    below = Affine.drawn(PIXELS, HIDDEN, RATE, [seed, 0], dtype=np.float32)
    above = Affine.drawn(HIDDEN, DIGITS, RATE, [seed, 1], dtype=np.float32)
    return Chain([Worker(in_sequence(below, relu), "below"), Worker(above, "above")]), [below, above]


def batches(seed: int) -> Iterator[tuple[Array, Array]]:
    """Go through the images for training, in a new order each epoch."""
    images, shown = digits(seed)
    generator = np.random.default_rng([seed, 3])
    for _ in range(EPOCHS):
        order = generator.permutation(TRAINED)
        for start in range(0, TRAINED, BATCH):
            rows = order[start : start + BATCH]
            yield images[rows], shown[rows]


def by_mail(seed: int, in_flight: int, mail: str | dict[str, str]) -> tuple[list[Affine], Any]:
    """Train an office by messages."""
    chart, learners = office(seed)
    client = Client(list(batches(seed)), softmax_cross_entropy, in_flight=in_flight)
    return learners, simulate(chart, client, mail=mail, seed=seed)


def by_composition(seed: int) -> list[Affine]:
    """Train the same chart as one function."""
    chart, learners = office(seed)
    estimate = compose(chart)
    for images, shown in batches(seed):
        output, handle_feedback = estimate(images)
        handle_feedback(softmax_cross_entropy(output, shown)[1])
    return learners


def by_hand(seed: int) -> list[Array]:
    """Train the same network in plain numpy: weights and biases, first those below."""
    w, b, v, c = (array.copy() for learner in office(seed)[1] for array in learner.parameters.arrays)
    for x, shown in batches(seed):
        h = x @ w + b
        a = np.maximum(h, 0)
        p = a @ v + c
        p = np.exp(p - p.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(x)), shown] -= 1
        p /= len(x)
        g = p @ v.T
        g[h <= 0] = 0
        v -= np.float32(RATE) * (a.T @ p)
        c -= np.float32(RATE) * p.sum(axis=0)
        w -= np.float32(RATE) * (x.T @ g)
        b -= np.float32(RATE) * g.sum(axis=0)
    return [w, b, v, c]


def weights(learners: list[Affine]) -> list[Array]:
    """Everything that two departments have learnt."""
    return [array for learner in learners for array in learner.parameters.arrays]


def accuracy(learners: list[Affine], seed: int) -> float:
    """The share of the test images that they get right."""
    images, shown = (array[TRAINED:] for array in digits(seed))
    below, above = learners
    return float(np.mean(above(relu(below(images)[0])[0])[0].argmax(axis=1) == shown))


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Train every office; print how the corrections go, how many digits they read, and how exactly all agree."""
    conditions = MAIL if mail is None else mail
    accuracies: dict[int, list[float]] = {}
    late: dict[int, float] = {}
    for in_flight in (1, 4):
        offices = [by_mail(seed + number, in_flight, conditions) for number in range(SEEDS)]
        accuracies[in_flight] = [accuracy(learners, seed + number) for number, (learners, _) in enumerate(offices)]
        learners, run = offices[0]
        late[in_flight] = float(staleness(run.journal, "above").mean())
        if in_flight == 1:
            alone, first = learners, run
    if journal is not None:
        first.journal.save(journal)

    epochs = np.array_split(first.losses, EPOCHS)
    below = np.array_split([np.abs(first.feedback_below[task]).mean() for task in range(len(first.losses))], EPOCHS)
    print("epoch    loss    feedback to below   (one batch in flight)")
    for epoch in (1, 2, 5, 10, EPOCHS):
        print(f"{epoch:5}  {epochs[epoch - 1].mean():6.3f}    {1e6 * below[epoch - 1].mean():14.1f} µ")
    print(f"\ntest accuracy of {SEEDS} offices    mean   least    most    updates late")
    for in_flight, reached in accuracies.items():
        numbers = f"{np.mean(reached):.3f}   {min(reached):.3f}   {max(reached):.3f}    {late[in_flight]:12.1f}"
        print(f"{in_flight} in flight                    {numbers}")

    composed, written = weights(by_composition(seed)), by_hand(seed)
    same = all(ours.tobytes() == theirs.tobytes() for ours, theirs in zip(weights(alone), composed, strict=True))
    apart = max(float(np.abs(ours - theirs).max()) for ours, theirs in zip(composed, written, strict=True))
    means = [float(np.mean(reached)) for reached in accuracies.values()]
    holds = min(means) >= CLAIM and same and apart < 1e-6
    print(
        f"\nOf the test images they get {means[0]:.1%} right with one batch in flight, {means[1]:.1%} with four. After"
        f" {len(first.losses)} updates\nthe weights are {'' if same else 'not '}those of the composed function, bit for"
        f" bit, and {'less' if apart < 1e-6 else 'more'} than a millionth from those in plain numpy."
    )
    return {
        "accuracy": means,
        "least": [min(reached) for reached in accuracies.values()],
        "same_as_composed": same,
        "by_hand_apart": apart,
        "holds": holds,
    }


if __name__ == "__main__":
    main()
