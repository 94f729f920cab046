"""A failing order made smaller: it fails still, it is no larger, and where it can be small it is."""

from hypothesis import given
from hypothesis import strategies as st

from office.engines import OLDEST
from office.orders.smaller import make_smaller, size, without_end

orders = st.lists(st.tuples(st.integers(0, 5), st.just("")), max_size=20)


def tried(choices, fails, max_runs=200):
    """The smallest order found, and all that were run for it."""
    seen = []

    def run(candidate):
        seen.append(list(candidate))
        return list(candidate) if fails(candidate) else None

    return make_smaller(choices, run, max_runs), seen


@given(orders, st.integers(0, 60), st.randoms(use_true_random=False))
def test_what_is_found_fails_as_well_and_is_never_larger_and_takes_no_more_runs_than_it_may(choices, max_runs, random):
    verdicts = {}

    def fails(candidate):
        return candidate == choices or verdicts.setdefault(repr(candidate), random.random() < 0.5)

    smallest, seen = tried(choices, fails, max_runs)
    assert len(seen) <= max_runs
    assert size(smallest) <= size(choices)
    assert smallest == without_end(choices) or any(
        smallest == without_end(candidate) for candidate in seen if fails(candidate)
    )


@given(orders, st.data())
def test_of_many_choices_the_ones_that_matter_are_left(choices, data):
    """It fails while some choices pass over so many messages, or more."""
    steps = data.draw(st.sets(st.sampled_from(range(len(choices))))) if choices else set()
    needed = {step: data.draw(st.integers(0, choices[step][0])) for step in steps}

    def fails(candidate):
        return all(
            place == 0 or (step < len(candidate) and candidate[step][0] >= place) for step, place in needed.items()
        )

    smallest, _ = tried(choices, fails)
    assert {step: place for step, (place, _) in enumerate(smallest) if place} == {s: p for s, p in needed.items() if p}


def test_what_was_taken_counts_and_not_what_was_told():
    """Under another order there may be fewer messages, and a choice is the nearest that there is."""
    smallest = make_smaller([(3, ""), (3, "")], lambda candidate: [(min(place, 1), "") for place, _ in candidate], 50)
    assert smallest == []


def test_without_runs_the_order_stays_as_it_is():
    assert make_smaller([(3, ""), (1, ""), OLDEST], lambda _: [], 0) == [(3, ""), (1, "")]


def test_one_choice_among_hundreds_is_found_in_few_runs():
    choices = [(2, "")] * 256
    smallest, seen = tried(choices, lambda candidate: len(candidate) > 100 and candidate[100][0] == 2)
    assert smallest == [*[OLDEST] * 100, (2, "")]
    assert len(seen) < 30
