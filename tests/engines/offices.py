"""Random offices for Hypothesis: charts, mail, clients, as the plain data of which `building` makes them afresh."""

from hypothesis import strategies as st

from tests.engines.building import ALLOCATIONS, COMBINATIONS

NO_PACE = st.just({})
TIMES = st.sampled_from([0, "5ms", "1ms", 1, "2ms 1ms", "3ms 3ms distribution exponential"])
PACES = st.fixed_dictionaries(
    {},
    optional={
        "answer_time": TIMES,
        "reply_time": TIMES,
        "learn_time": TIMES,
        "prefers": st.sampled_from(["first come", "feedback first", "tasks first"]),
        "max_pending": st.sampled_from([None, 3, 5]),
    },
)
SLOW_MAIL = ["delay 5ms", "delay 5ms 3ms", "delay 10ms 2ms distribution normal", "delay 9ms 6ms distribution pareto"]
SLOW_MAIL += ["delay 10ms 5ms distribution exponential", "delay 1ms", "delay 2ns 1ns", "delay 2ns", "delay 5ms 1ns"]
ANY_MAIL = [*SLOW_MAIL, "", "delay 5ms 5ms", "delay 1ns 1ns", "delay 10ms 10ms distribution exponential"]
KINDS = st.sampled_from(["table", "row", "total"])


@st.composite
def charts(draw, depth=3, paces=NO_PACE, kinds=KINDS):
    """A chart of any shape, so many deep, whose every answer is of one kind."""
    return _chart(draw, draw(kinds), depth, paces)


def _chart(draw, kind, depth, paces):
    shape = draw(st.sampled_from(["worker", "team", "team", "chain"] if depth else ["worker"]))
    if shape == "worker":
        return "worker", kind, draw(st.integers(0, 99)), draw(paces)
    members = range(draw(st.integers(1, 3)))
    if shape == "chain":
        # Only the top department may answer in another kind than tables.
        tops = [kind if place == members[-1] else "table" for place in members]
        return "chain", draw(st.booleans()), [_chart(draw, top, depth - 1, paces) for top in tops]
    allocate, combine = draw(st.sampled_from(list(ALLOCATIONS))), draw(st.sampled_from(list(COMBINATIONS)))
    limit = draw(st.sampled_from([None, None, 3])) if paces is not NO_PACE else None
    return "team", allocate, combine, [_chart(draw, kind, depth - 1, paces) for _ in members], limit


def mails(conditions):
    """One condition everywhere, and others on some links."""
    one = st.sampled_from(conditions)
    return st.tuples(one, st.lists(st.tuples(st.integers(0, 30), one), max_size=3))


@st.composite
def clients(draw, most=16):
    in_flight = draw(st.sampled_from([None, 1, 2, 5]))
    size = st.integers(1, in_flight or 4)
    return {
        "tasks": draw(st.integers(0, most)),
        "in_flight": in_flight,
        "epochs": draw(st.sampled_from([1, 1, 2])),
        "shuffle": draw(st.booleans()),
        "arrivals": draw(
            st.one_of(
                st.just(["all at once"]),
                st.sampled_from([["every", "5ms"], ["every", 1], ["every", "1ms"], ["poisson", 400]]),
                st.lists(st.integers(0, 40), min_size=2 * most, max_size=2 * most).map(lambda at: ["at", *sorted(at)]),
            ),
        ),
        "replies": draw(
            st.one_of(
                st.sampled_from([["at once"], ["after", "5ms"], ["after", "5ms 5ms distribution exponential"]]),
                st.tuples(st.sampled_from(["newest first", "random pick"]), size).map(list),
            ),
        ),
    }


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
    one = st.sampled_from(capacities)
    return {
        "chart": draw(charts(paces=st.one_of(NO_PACE, PACES))),
        "mail": draw(mails(conditions)),
        "capacity": draw(st.tuples(one, st.lists(st.tuples(st.integers(0, 30), one), max_size=2))),
        "client": draw(clients(**client)),
        "seed": draw(st.integers(0, 5)),
        "until": draw(until),
    }
