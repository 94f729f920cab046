"""Sequences of numbers for Hypothesis, and what the oracles of several modules have in common."""

from hypothesis import strategies as st

orders = st.permutations(range(1, 13))


@st.composite
def shuffled(draw, largest=40):
    """Numbers from 1 on in nearly their own order, some lost, some repeated."""
    numbers = draw(st.lists(st.integers(1, largest), max_size=largest))
    delays = draw(st.lists(st.integers(0, 9), min_size=len(numbers), max_size=len(numbers)))
    return [number for _, number in sorted(zip(map(sum, zip(sorted(numbers), delays)), sorted(numbers)))]  # noqa: B905


streams = st.one_of(st.lists(st.integers(-5, 15), max_size=30), shuffled())


def once_each(sequence):
    """The places of the first copies."""
    return [place for place, number in enumerate(sequence) if number not in sequence[:place]]


def copies(sequence):
    """The first copies."""
    return [sequence[place] for place in once_each(sequence)]


def spread_out(sequence, values):
    """Values of first copies, each at its place, and 0 at later copies."""
    spread_values = [0] * len(sequence)
    for place, value in zip(once_each(sequence), values, strict=True):
        spread_values[place] = value
    return spread_values
