import hashlib
import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from office.mail.netem import stream

seeds = st.integers(0, 2**80)
words = st.lists(st.text(st.characters(exclude_characters="\0"), max_size=5), min_size=1, max_size=3)


def numbers(generator, count=8):
    return generator.integers(0, 2**63, count).tolist()


@given(seeds, words)
def test_one_seed_and_name_are_one_stream(seed, names):
    assert numbers(stream(seed, *names)) == numbers(stream(seed, *names))


@given(seeds, seeds, words, words)
def test_another_seed_or_another_name_is_another_stream(seed, other_seed, names, other_names):
    assume((seed, names) != (other_seed, other_names))
    assert numbers(stream(seed, *names)) != numbers(stream(other_seed, *other_names))


@pytest.mark.parametrize(
    ("names", "others"),
    [(("alex.inbox", "delay"), ("alex.inbox", "loss")), (("ab", "c"), ("a", "bc")), (("a", "b"), ("b", "a"))],
)
def test_link_and_impairment_make_a_name_together(names, others):
    assert numbers(stream(0, *names)) != numbers(stream(0, *others))


def test_no_two_of_many_streams_share_a_beginning():
    draws = [tuple(numbers(stream(seed, f"link {n}"), 2)) for seed in range(20) for n in range(20)]
    assert len(set(draws)) == len(draws)


@given(st.lists(st.text(max_size=3), min_size=2, max_size=6, unique=True), st.randoms())
def test_streams_do_not_depend_on_the_order_in_which_they_are_made_or_used(names, rng):
    apart = {name: numbers(stream(5, name)) for name in names}
    made = {name: stream(5, name) for name in rng.sample(names, len(names))}
    drawn = {name: [] for name in names}
    turns = names * 8
    rng.shuffle(turns)
    for name in turns:
        drawn[name] += numbers(made[name], 1)
    assert drawn == apart


def test_a_stream_neither_reads_nor_moves_the_global_generators():
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    once = numbers(stream(0, "a"))
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002
    random.seed(2)
    np.random.seed(2)  # noqa: NPY002
    assert numbers(stream(0, "a")) == once


def test_a_stream_is_keyed_by_its_seed_and_the_hash_of_its_name():
    """So that it stays what it was: numpy promises the bits of PCG64 and SeedSequence, on every machine."""
    words = np.frombuffer(hashlib.sha256(b"alex.inbox\0delay").digest(), "<u4").tolist()
    bits = np.random.PCG64(np.random.SeedSequence([7, *words])).random_raw(5).tolist()
    assert stream(7, "alex.inbox", "delay").bit_generator.random_raw(5).tolist() == bits


def test_two_streams_do_not_run_alike():
    draws = np.array([stream(0, f"link {number}").random(4000) for number in range(5)])
    for first, second in combinations(draws, 2):
        assert abs(np.corrcoef(first, second)[0, 1]) < 5 / np.sqrt(4000)


@pytest.mark.parametrize("seed", [-1, True, False, 1.0, None, "1", np.True_])
def test_a_seed_that_is_no_whole_number_from_0_is_refused(seed):
    with pytest.raises(ValueError, match="a seed is a whole number from 0, not"):
        stream(seed, "a")
