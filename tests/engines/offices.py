"""Random offices for Hypothesis: charts, mail, clients, faults, as plain data of which `building` makes them afresh."""

from hypothesis import strategies as st

from office.testing.strategies import chart_data, client_data, paces

SLOW_MAIL = ["delay 5ms", "delay 5ms 3ms", "delay 10ms 2ms distribution normal", "delay 9ms 6ms distribution pareto"]
SLOW_MAIL += ["delay 10ms 5ms distribution exponential", "delay 1ms", "delay 2ns 1ns", "delay 2ns", "delay 5ms 1ns"]
ANY_MAIL = [*SLOW_MAIL, "", "delay 5ms 5ms", "delay 1ns 1ns", "delay 10ms 10ms distribution exponential"]


def mails(conditions):
    """One of these conditions everywhere, and others on some links."""
    each = conditions if isinstance(conditions, st.SearchStrategy) else st.sampled_from(conditions)
    return st.tuples(each, st.lists(st.tuples(st.integers(0, 30), each), max_size=3))


UNTIL = st.sampled_from([None, None, None, 0, 7, "12ms", "30ms", "33333us"])


MOMENTS = st.sampled_from([0, 1, "3ms", "5ms", "11ms", "20ms", "33333us", "70ms"])
FAULTS = st.tuples(st.sampled_from(["stall", "crash", "partition"]), st.integers(0, 9), MOMENTS, MOMENTS)
AT_MOST_ONCE, EITHER = st.just("at most once"), st.sampled_from(["at most once", "at least once"])


@st.composite
def troubled_offices(draw, conditions, delivery=AT_MOST_ONCE, **client):
    """Offices that lose mail, whose desks stall, crash and give up, and whose client has some patience."""
    data = draw(offices(conditions=conditions, until=st.just(None), **client))
    data["client"]["patience"] = draw(st.sampled_from(["40ms", "100ms", "1s"]))
    data["delivery"] = draw(delivery), draw(st.lists(st.tuples(st.integers(0, 30), delivery), max_size=2))
    data["faults"] = draw(st.lists(FAULTS, max_size=4))
    data["expire"] = draw(st.sampled_from([None, "30ms", "100ms", 1]))
    return data


@st.composite
def offices(draw, conditions=ANY_MAIL, capacities=(None,), until=UNTIL, **client):
    """All of an office, see `building.office_of`."""
    each = st.sampled_from(capacities)
    return {
        "chart": draw(chart_data() | chart_data(paces=paces())),
        "mail": draw(mails(conditions)),
        "capacity": draw(st.tuples(each, st.lists(st.tuples(st.integers(0, 30), each), max_size=2))),
        "client": draw(client_data(**client)),
        "seed": draw(st.integers(0, 5)),
        "until": draw(until),
    }
