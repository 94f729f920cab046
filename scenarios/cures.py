"""What helps against late feedback: rules and orders, where plain descent forgets how to read.

Covers: the update rules, WeightAverage, cosine_schedule, the policy live, random_pick, newest_first.
Scenario: a network learns handwritten digits, 900 batches of 32, from feedback that is τ updates late. First with plain
descent and one rate throughout; then with every rule, while its rate falls along half a cosine. A rule's rate at each
lateness is the one of RATES (the next ones, smaller and larger, are no better) with which it reads most of 200 images
that it did not learn from, in the mean of two seeds in the grid of POINTS, in order; and so Muon's momentum was found.
For this table it learns from those images, too. The images for the test had no part in any choice.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from site import addsitedir
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

import office
from office.errors import NotANumber

UPDATES, BATCH = 900, 32
TRAINED, HELD = 1437, 200  # images; the other 360 are for the test
LATENESS = 0, 8, 32, 128
ORDERS = {"in order": lambda _size: office.at_once(), "any": office.random_pick, "newest first": office.newest_first}
NARROW = {"alex.feedback_from_above": "rate 1mbit"}  # one feedback after another
SEEDS, MANY = 2, 10  # runs of everything, and of the best rule
BEST, LATE, CLAIM = "Muon, momentum 0.8", 32, 0.975  # what it reads with feedback so late

Rates = tuple[float | None, ...]  # a rate for each lateness; None where nothing is late, and it is as a rule above
AT_FIRST: Rates = (0.1, 0.1, 0.1, 0.1)
PLAIN: dict[str, Callable[[Any], office.Rule]] = {
    "plain": office.SGD,
    "plain, policy live": office.SGD,
    "plain, rate / τ": office.StalenessAware,
    "plain, rate / √(1 + τ)": office.StalenessPolynomial,
}


def _both(rate: Any) -> office.Rule:
    return office.WeightPrediction(office.SpikeCompensation(rate))


CURES: dict[str, tuple[Callable[[Any], office.Rule], Rates]] = {
    "averaged": (lambda rate: office.WeightAverage(rate, 0.99), (1.0, 0.1, 0.02, 0.005)),
    "descent": (office.SGD, (1.0, 0.1, 0.05, 0.01)),
    "staleness-aware": (office.StalenessAware, (None, 0.5, 1.0, 0.5)),
    "polynomial": (office.StalenessPolynomial, (None, 0.5, 0.2, 0.05)),
    "hinge": (lambda rate: office.StalenessHinge(rate, 1.0, 4), (None, 0.5, 0.5, 0.5)),
    "rescheduling": (lambda rate: office.RateRescheduling(rate, UPDATES), (None, 0.5, 0.2, 0.1)),
    "discard over 16": (lambda rate: office.Discard(rate, 16), (None, 0.1, 0.05, 0.05)),
    "delay compensation": (lambda rate: office.DelayCompensation(rate, 1.0), (None, 0.1, 0.02, 0.01)),
    "gap-aware": (office.GapAware, (None, 1.0, 0.5, 0.2)),
    "momentum": (office.Momentum, (0.1, 0.01, 0.002, 0.0005)),
    "spike": (office.SpikeCompensation, (None, 0.01, 0.002, 0.0005)),
    "prediction": (lambda rate: office.WeightPrediction(office.Momentum(rate)), (None, 0.01, 0.002, 0.001)),
    "spike, prediction": (_both, (None, 0.01, 0.002, 0.0005)),
    "Nesterov": (lambda rate: office.AsyncNesterov(rate, 0.9), (1.0, 0.1, 0.02, 0.005)),
    "Adam": (office.Adam, (0.005, 0.002, 0.001, 0.0002)),
    "Adam, prediction": (lambda rate: office.WeightPrediction(office.Adam(rate)), (None, 0.002, 0.001, 0.0002)),
    "Muon": (office.Muon, (0.02, 0.05, 0.01, 0.005)),
    "Muon, momentum 0.8": (lambda rate: office.Muon(rate, 0.8), (0.05, 0.02, 0.05, 0.01)),
}
IN_ANY_ORDER = "descent", "Muon, momentum 0.8"  # with the rates that they have in order
RATES = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0]
POINTS = [
    {"rule": rule, "rate": rate, "late": late, "order": order}
    for rule in CURES
    for late in LATENESS
    for order in (ORDERS if late and rule in IN_ANY_ORDER else ["in order"])
    for rate in RATES
]


@cache
def digits(seed: int) -> tuple[Any, Any]:
    """Return the images `(1797, 64)`, from 0 to 1, and what they show `(1797,)`, in an order of this seed's."""
    known = load_digits()
    order = np.random.default_rng([seed, 2]).permutation(len(known.data))
    return (known.data[order] / 16).astype(np.float32), known.target[order]


def batches(seed: int, trained: int) -> Iterator[tuple[Any, Any]]:
    """Go through the first so many images, in a new order each epoch, as often as all the updates take."""
    images, shown = digits(seed)
    generator, rows = np.random.default_rng([seed, 3]), np.arange(0)
    for _ in range(UPDATES):
        if not len(rows):
            rows = generator.permutation(trained)
        batch, rows = rows[:BATCH], rows[BATCH:]
        yield images[batch], shown[batch]


def train(seed: int, rule: str, rate: float, late: int, order: str, trained: int, mail: Any, journal: Any) -> Any:
    """Let a network learn by mail from so many images: which of all it reads rightly then `(1797,)`."""
    policy: Any = "live" if rule == "plain, policy live" else "stash"
    falls = office.cosine_schedule(rate, 0.0, UPDATES)
    update = PLAIN[rule](rate) if rule in PLAIN else CURES[rule][0](rate if rule == "averaged" else falls)
    below = office.Affine.drawn(64, 128, update, [seed, 0], dtype=np.float32, says_below=False, policy=policy)
    above = office.Affine.drawn(128, 10, update, [seed, 1], dtype=np.float32, policy=policy)
    network = office.in_sequence(below, office.relu, above)
    replies, (images, shown) = ORDERS[order](late + 1), digits(seed)
    tasks = batches(seed, trained)
    client = office.Client(tasks, office.softmax_cross_entropy, in_flight=late + 1, replies=replies, keep=False)
    conditions = (NARROW if order == "in order" else "") if mail is None else mail
    with np.errstate(all="ignore"):
        try:
            run = office.simulate(office.Worker(network, "alex"), client, mail=conditions, seed=seed)
            if journal is not None:
                run.journal.save(journal)
            with below.parameters.instead(below.parameters.averages):
                hidden = office.relu(below(images)[0])[0]
            with above.parameters.instead(above.parameters.averages):
                return above(hidden)[0].argmax(axis=1) == shown
        except NotANumber:  # it has diverged
            return np.zeros(len(shown), bool)


def cell(*, seed: int, rule: str, rate: float, late: int, order: str) -> dict[str, tuple[int, int]]:
    """Learn without the images held out: how many of those it gets right, of how many, and of those for the test."""
    right = train(seed, rule, rate, late, order, TRAINED - HELD, None, None)
    held, test = right[TRAINED - HELD : TRAINED], right[TRAINED:]
    return {"validation": (int(held.sum()), len(held)), "test": (int(test.sum()), len(test))}


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Train every network on all cores; print what each reads, and what helps; the journal is the first one's."""
    first = dict.fromkeys([*((rule, "in order") for rule in PLAIN), *(("plain", order) for order in ORDERS)], AT_FIRST)
    table = first | {(rule, "in order"): rates for rule, (_, rates) in CURES.items()}
    table |= {
        (rule, order): (None, *CURES[rule][1][1:]) for order in ORDERS for rule in IN_ANY_ORDER if order != "in order"
    }
    keys = [
        (rule, order, late, number, rate)
        for (rule, order), rates in table.items()
        for late, rate in zip(LATENESS, rates, strict=True)
        for number in range(MANY if (rule, order, late) == (BEST, "in order", LATE) else SEEDS)
        if rate is not None
    ]
    # Each core gets a fresh interpreter, which finds this module by its name in this folder.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), addsitedir, (str(Path(__file__).parent),)) as pool:
        jobs = [
            pool.submit(train, seed + number, rule, rate, late, order, TRAINED, mail, None if place else journal)
            for place, (rule, order, late, number, rate) in enumerate(keys)
        ]
        shares: dict[tuple[str, str, int], list[float]] = {}
        for (rule, order, late, _, _), job in zip(keys, jobs, strict=True):
            shares.setdefault((rule, order, late), []).append(float(job.result()[TRAINED:].mean()))
    means = {key: float(np.mean(several[:SEEDS])) for key, several in shares.items()}

    print("share of the test images read, feedback τ updates late:   0     8    32   128")
    for rule, order in table:
        if (rule, order) == ("averaged", "in order"):
            print("the same, each rule with its best rate, which falls (and for the average stays)")
        each = [means.get((rule, order, late)) for late in LATENESS]
        shown = ["" if mean is None else f"{mean:.2f}" if mean >= 0.5 else "lost" for mean in each]
        print(f"{rule:24}{order:29}" + "".join(f"{mean:>6}" for mean in shown).rstrip())
    reached = shares[BEST, "in order", LATE]
    mean, within = float(np.mean(reached)), 2.262 * float(np.std(reached, ddof=1)) / MANY**0.5
    print(f"\n{BEST}, in order, {LATE} late, {MANY} seeds: {mean:.3f} ± {within:.3f}, the least {min(reached):.2f}")

    muons = {rule for rule in CURES if rule.startswith("Muon")}
    latest = means[BEST, "in order", 128]
    others = {late: max(means[rule, "in order", late] for rule in CURES if rule not in muons) for late in (LATE, 128)}
    plain, alone = [means["plain", order, LATE] for order in ORDERS], means[BEST, "in order", 0]
    holds = mean >= CLAIM and mean > others[LATE] and latest > others[128] and plain[0] < 0.5 < plain[1]
    if holds:
        print(
            f"\nFeedback {LATE} updates late, in order, undoes plain descent; Muon whose rate falls reads {mean:.3f} of"
            f" the digits, nearly\nas with nothing late ({alone:.2f}), and no other rule more than {others[LATE]:.2f}."
            f" At 128 updates late it reads {latest:.2f}, the others\nat most {others[128]:.2f}."
        )
    else:
        print(f"\nNot found this time: it should read {CLAIM}; the others read {others}, plain descent {plain}.")
    return {
        "means": {f"{rule}, {order}, {late} late": mean for (rule, order, late), mean in means.items()},
        "best": reached,
        "mean": mean,
        "within": within,
        "latest": latest,
        "others": list(others.values()),
        "holds": holds,
    }


if __name__ == "__main__":
    main()
