"""What helps against late feedback: rules and orders, where plain descent forgets how to read.

Covers: the update rules, WeightAverage, cosine_schedule, the policy live, random_pick, newest_first.
Scenario: a network learns handwritten digits, 900 batches of 32, from feedback that is τ updates late. First with plain
descent and one rate throughout; then with one rule after another, while its rate falls along half a cosine. A rule's
rate at each lateness is the one of RATES (the next ones, smaller and larger, are no better) with which it reads most of
200 images that it did not learn from, in the mean of two seeds in the grid of POINTS, in order; and so Muon's momentum
was found. For this table it learns from those images, too. The images for the test had no part in any choice.
Takes: about 50 s on two cores.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

import office
from office.cli.progress import progress
from office.errors import NotANumber
from office.grids import Cell, summaries

UPDATES, BATCH = 900, 32
TRAINED, HELD = 1437, 200  # images; the other 360 are for the test
LATENESS = 0, 8, 16, 32, 128
ORDERS = {"in order": lambda _size: office.at_once(), "any": office.random_pick, "newest first": office.newest_first}
NARROW = {"alex.feedback_from_above": "rate 1mbit"}  # one feedback after another
SEEDS, MANY = 2, 10  # runs of everything, and of the best rule where feedback is late
BEST, LATE, CLAIM = "Muon, momentum 0.8", 32, 0.975  # what it reads with feedback so late

Rates = dict[int, float]  # a rate for each lateness that a rule is tried at
AT_FIRST = 0.1  # of plain descent, throughout
PLAIN: dict[str, Callable[[Any], office.Rule]] = {
    "plain": office.SGD,
    "plain, policy live": office.SGD,
    "plain, rate / τ": office.StalenessAware,
    "plain, rate / √(1 + τ)": office.StalenessPolynomial,
}


def _both(rate: Any) -> office.Rule:
    return office.WeightPrediction(office.SpikeCompensation(rate))


CURES: dict[str, tuple[Callable[[Any], office.Rule], Rates]] = {
    "averaged": (lambda rate: office.WeightAverage(rate, 0.99), {0: 1.0, 8: 0.1, 32: 0.02, 128: 0.005}),
    "descent": (office.SGD, {0: 1.0, 8: 0.1, 32: 0.05, 128: 0.01}),
    "staleness-aware": (office.StalenessAware, {8: 0.5, 32: 1.0, 128: 0.5}),
    "polynomial": (office.StalenessPolynomial, {8: 0.5, 32: 0.2, 128: 0.05}),
    "hinge": (lambda rate: office.StalenessHinge(rate, 1.0, 4), {8: 0.5, 32: 0.5, 128: 0.5}),
    "rescheduling": (lambda rate: office.RateRescheduling(rate, UPDATES), {8: 0.5, 32: 0.2, 128: 0.1}),
    "discard over 16": (lambda rate: office.Discard(rate, 16), {8: 0.1, 32: 0.05, 128: 0.05}),
    "delay compensation": (lambda rate: office.DelayCompensation(rate, 1.0), {8: 0.1, 32: 0.02, 128: 0.01}),
    "gap-aware": (office.GapAware, {8: 1.0, 32: 0.5, 128: 0.2}),
    "momentum": (office.Momentum, {0: 0.1, 8: 0.01, 32: 0.002, 128: 0.0005}),
    "spike": (office.SpikeCompensation, {8: 0.01, 32: 0.002, 128: 0.0005}),
    "prediction": (lambda rate: office.WeightPrediction(office.Momentum(rate)), {8: 0.01, 32: 0.002, 128: 0.001}),
    "spike, prediction": (_both, {8: 0.01, 32: 0.002, 128: 0.0005}),
    "Nesterov": (lambda rate: office.AsyncNesterov(rate, 0.9), {0: 1.0, 8: 0.1, 32: 0.02, 128: 0.005}),
    "Adam": (office.Adam, {0: 0.005, 8: 0.002, 32: 0.001, 128: 0.0002}),
    "Adam, prediction": (lambda rate: office.WeightPrediction(office.Adam(rate)), {8: 0.002, 32: 0.001, 128: 0.0002}),
    "Muon": (office.Muon, {0: 0.02, 8: 0.05, 32: 0.01, 128: 0.005}),
    "Muon, momentum 0.8": (lambda rate: office.Muon(rate, 0.8), {0: 0.05, 8: 0.02, 32: 0.05, 128: 0.01}),
}
IN_ANY_ORDER = "descent", "Muon, momentum 0.8"  # with the rates that they have in order, at 32 and 128
RATES = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0]
POINTS = [
    {"rule": rule, "rate": rate, "late": late, "order": order}
    for rule, (_, rates) in CURES.items()
    for late in rates
    for order in (ORDERS if late > 8 and rule in IN_ANY_ORDER else ["in order"])
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


def train(
    seed: int, rule: str, rate: float, late: int, order: str, trained: int, mail: str = "null", journal: Any = None
) -> Any:
    """Let a network learn by mail from so many images: which of all it reads rightly then `(1797,)`."""
    policy: Any = "live" if rule == "plain, policy live" else "stash"
    falls = office.cosine_schedule(rate, 0.0, UPDATES)
    update = PLAIN[rule](rate) if rule in PLAIN else CURES[rule][0](rate if rule == "averaged" else falls)
    below = office.Affine.drawn(64, 128, update, [seed, 0], dtype=np.float32, says_below=False, policy=policy)
    above = office.Affine.drawn(128, 10, update, [seed, 1], dtype=np.float32, policy=policy)
    network = office.in_sequence(below, office.relu, above)
    replies, (images, shown) = ORDERS[order](late + 1), digits(seed)
    tasks = list(batches(seed, trained))
    client = office.Client(tasks, office.softmax_cross_entropy, in_flight=late + 1, replies=replies, keep=False)
    given = json.loads(mail)
    conditions = given if given is not None else NARROW if order == "in order" else ""
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
    right = train(seed, rule, rate, late, order, TRAINED - HELD)
    held, test = right[TRAINED - HELD : TRAINED], right[TRAINED:]
    return {"validation": (int(held.sum()), len(held)), "test": (int(test.sum()), len(test))}


def tested(*, seed: int, mail: str, rule: str, order: str, late: int, rate: float) -> dict[str, tuple[int, int]]:
    """Learn from those, too: how many of the images for the test it gets right."""
    right = train(seed, rule, rate, late, order, TRAINED, mail)[TRAINED:]
    return {"test": (int(right.sum()), len(right))}


def run_all(rows: dict[tuple[str, str], Rates], seeds: range, mail: Any) -> list[Cell]:
    """Train every network on all cores, and test it."""
    points = [
        {"mail": json.dumps(mail), "rule": rule, "order": order, "late": late, "rate": rate}
        for (rule, order), rates in rows.items()
        for late, rate in rates.items()
    ]
    with progress("networks") as show:
        return office.grid(tested, points, seeds, watch=lambda _cell, done, of: show(done, of))


def share_text(share: float | None, decimals: int) -> str:
    """A share of the images; of a run that is near chaos, fewer decimals are worth telling."""
    if share is None:
        return ""
    return f"{share:.{decimals}f}" if share >= 0.5 else "lost"


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Print what the networks read after every rule, and what helps; the journal is of plain descent in time."""
    throughout = dict.fromkeys(LATENESS, AT_FIRST)
    rows = dict.fromkeys([*((rule, "in order") for rule in PLAIN), *(("plain", order) for order in ORDERS)], throughout)
    rows |= {(rule, "in order"): rates for rule, (_, rates) in CURES.items()}
    rows |= {
        (rule, order): {late: CURES[rule][1][late] for late in (32, 128)}
        for order in ORDERS for rule in IN_ANY_ORDER if order != "in order"
    }  # fmt: skip
    best = {(BEST, "in order"): {late: CURES[BEST][1][late] for late in (LATE, 128)}}
    the_rest = {
        row: {late: rate for late, rate in rates.items() if late not in best.get(row, {})}
        for row, rates in rows.items()
    }
    many = run_all(best, range(seed, seed + MANY), mail)
    few = run_all(the_rest, range(seed, seed + SEEDS), mail)
    means = {
        (summary.point["rule"], summary.point["order"], summary.point["late"]): summary.means["test"].mean
        for summary in summaries(few + many)
    }
    (mean, within, _), (latest, within_latest, _) = (summary.means["test"] for summary in summaries(many))
    shares: list[Any] = [summary.values["test"] for summary in many[:MANY]]
    least = min(right / of for right, of in shares)
    if journal is not None:
        train(seed, "plain", AT_FIRST, 0, "in order", TRAINED, json.dumps(mail), journal)

    print("share of the test images read, feedback τ updates late:   0     8    16    32   128")
    for rule, order in rows:
        if (rule, order) == ("averaged", "in order"):
            print("the same, each rule with its best rate, which falls (and for the average stays)")
        each = [
            share_text(means.get((rule, order, late)), 1 if rule == "plain" and late > 8 else 2) for late in LATENESS
        ]
        print(f"{rule:24}{order:29}" + "".join(f"{share:>6}" for share in each).rstrip())
    print(f"\n{BEST}, in order, {MANY} networks: at {LATE} {mean:.3f} ± {within:.3f}, the least {least:.2f};", end=" ")
    print(f"at 128 {latest:.3f} ± {within_latest:.3f}")

    muons = {rule for rule in CURES if rule.startswith("Muon")}
    others = {late: max(means[rule, "in order", late] for rule in CURES if rule not in muons) for late in (LATE, 128)}
    plain, alone = [means["plain", order, LATE] for order in ORDERS], means[BEST, "in order", 0]
    holds = mean >= CLAIM and mean > others[LATE] and latest > others[128] and plain[0] < 0.5 < plain[1]
    if holds:
        print(
            f"\nFeedback {LATE} updates late, in order, undoes plain descent; Muon whose rate falls reads {mean:.3f} of"
            f" the digits, nearly\nas with nothing late ({alone:.2f}), and no other rule more than {others[LATE]:.2f}."
            f" At 128 updates late it reads {latest:.3f}, the others\nat most {others[128]:.2f}."
        )
    else:
        print(f"\nNot found this time: it should read {CLAIM}; the others read {others}, plain descent {plain}.")
    return {
        "means": {f"{rule}, {order}, {late} late": share for (rule, order, late), share in means.items()},
        "mean": mean,
        "least": least,
        "latest": latest,
        "others": list(others.values()),
        "holds": holds,
    }


if __name__ == "__main__":
    main()
