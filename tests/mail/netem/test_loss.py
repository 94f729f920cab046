import math
from dataclasses import astuple
from itertools import groupby, islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import BadConditions
from office.mail.netem import stream
from office.mail.netem.chance import Chance
from office.mail.netem.loss import FourStates, GilbertElliott, read_loss
from office.mail.netem.words import Words

MANY = 60_000
percents = st.floats(0, 100)
bursty = st.builds(GilbertElliott, *[percents] * 4) | st.builds(FourStates, *[percents] * 5)


def losses(model, count=MANY):
    return np.array(list(islice(model.events(stream(0, str(model))), count)))


def agrees(samples, mean):
    """Within five standard errors, for samples that know of each other only so far: from the means of 200 batches."""
    means = samples[: len(samples) // 200 * 200].reshape(200, -1).mean(axis=1)
    assert abs(samples.mean() - mean) <= 5 * means.std(ddof=1) / math.sqrt(200)


def bursts(lost):
    return np.array([len(list(run)) for is_lost, run in groupby(lost.tolist()) if is_lost], dtype=float)


def are_geometric(lengths, chance):
    """Of mean 1/chance, its variance (1 - chance)/chance², and so many of each length, within five standard errors."""
    assert len(lengths) > 500
    assert abs(lengths.mean() - 1 / chance) <= 5 * math.sqrt((1 - chance) / chance**2 / len(lengths))
    for length in (1, 2, 3):
        share = chance * (1 - chance) ** (length - 1)
        assert abs((lengths == length).mean() - share) <= 5 * math.sqrt(share * (1 - share) / len(lengths))


# Gilbert and Elliott


@pytest.mark.parametrize(
    ("p", "r", "bad", "good"),
    [(1, 10, 100, 0), (5, 50, 100, 0), (5, 20, 70, 1), (30, 30, 50, 10), (50, 90, 0, 100), (2, 100, 100, 0)],
)
def test_gilbert_elliott_loses_what_each_time_loses_of_its_share(p, r, bad, good):
    share = p / (p + r)
    agrees(losses(GilbertElliott(p, r, bad, good)), share * bad / 100 + (1 - share) * good / 100)


@pytest.mark.parametrize(("p", "r"), [(1, 10), (5, 50), (20, 25), (10, 100)])
def test_where_all_is_lost_in_bad_times_bursts_are_geometric_of_mean_1_over_r(p, r):
    lost = losses(GilbertElliott(p, r))
    are_geometric(bursts(lost), r / 100)
    are_geometric(bursts(~lost), p / 100)


def test_gilbert_elliott_with_times_that_know_nothing_of_the_last_loses_each_for_itself():
    lost = losses(GilbertElliott(20, 80))
    agrees(lost, 0.2)
    assert abs(np.corrcoef(lost[:-1], lost[1:])[0, 1]) < 5 / math.sqrt(MANY)


def test_the_first_message_comes_in_good_times_and_the_state_changes_after_it():
    assert losses(GilbertElliott(100, 100), 6).tolist() == [False, True] * 3
    assert losses(GilbertElliott(100, 0), 6).tolist() == [False] + [True] * 5


# Four states


def stationary(model):
    """How much of all the time the chain is in each state, and its matrix."""
    p13, p31, p32, p23, p14 = (share / 100 for share in astuple(model))
    steps = np.array(
        [
            [1 - p13 - p14, 0, p13, p14],
            [0, 1 - p23, p23, 0],
            [p31, p32, 1 - p31 - p32, 0],
            [1, 0, 0, 0],
        ]
    )
    shares, *_ = np.linalg.lstsq(np.vstack([steps.T - np.eye(4), np.ones(4)]), np.array([0, 0, 0, 0, 1.0]), rcond=None)
    return shares, steps


CHAINS = [
    FourStates(1, 20),
    FourStates(5, 30, 10, 40, 2),
    FourStates(10, 50, 50, 20, 0),
    FourStates(2, 10, 60, 70, 5),
    FourStates(0, 100, 0, 100, 10),
]


@pytest.mark.parametrize("model", CHAINS, ids=str)
def test_four_states_lose_as_much_as_they_are_in_states_3_and_4(model):
    shares, _ = stationary(model)
    agrees(losses(model), shares[2] + shares[3])


@pytest.mark.parametrize("model", CHAINS, ids=str)
def test_a_loss_in_four_states_follows_a_loss_as_often_as_the_chain_says(model):
    shares, steps = stationary(model)
    lost = losses(model)
    agrees(lost[:-1] & lost[1:], shares[2:] @ steps[2:, 2:].sum(axis=1))


@pytest.mark.parametrize("p13", [1, 10, 60])
def test_p13_alone_loses_each_message_for_itself(p13):
    lost, share = losses(read_loss(Words(f"state {p13}%"))), p13 / 100
    assert abs(lost.mean() - share) < 5 * math.sqrt(share * (1 - share) / MANY)
    for k in (1, 2, 3):
        assert abs(np.corrcoef(lost[:-k], lost[k:])[0, 1]) < 5 / math.sqrt(MANY)
    are_geometric(bursts(lost), 1 - share)


def test_p14_loses_one_at_a_time():
    assert set(bursts(losses(FourStates(0, 100, 0, 100, 40)))) == {1}


def test_without_p32_a_burst_is_geometric_of_mean_1_over_p31():
    are_geometric(bursts(losses(FourStates(5, 25))), 0.25)


# All of them


@given(bursty, st.integers(0, 100))
def test_whatever_the_percentages_each_message_is_lost_or_not(model, count):
    assert set(losses(model, count)) <= {False, True}


@given(
    st.builds(GilbertElliott, percents, percents, st.just(0), st.just(0)) | st.builds(FourStates, st.just(0), percents)
)
def test_where_nothing_is_to_be_lost_nothing_is(model):
    assert not losses(model, 300).any()


@given(bursty | st.builds(Chance, percents, percents))
def test_a_loss_written_down_reads_back(model):
    assert read_loss(Words(str(model))) == model


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("5%", Chance(5)),
        ("random 5%", Chance(5)),
        ("random 5% 25%", Chance(5, 25)),
        ("gemodel 1%", GilbertElliott(1, 99)),
        ("gemodel 1% 10%", GilbertElliott(1, 10, 100, 0)),
        ("gemodel 1% 10% 70%", GilbertElliott(1, 10, 70)),
        ("gemodel 1 10 70 0.1", GilbertElliott(1, 10, 70, 0.1)),
        ("state 1%", FourStates(1, 99, 0, 100, 0)),
        ("state 1% 2%", FourStates(1, 2)),
        ("state 1% 2% 3% 4% 5%", FourStates(1, 2, 3, 4, 5)),
    ],
)
def test_what_is_left_out_of_a_loss_is_as_in_tc(text, model):
    assert read_loss(Words(text)) == model


@pytest.mark.parametrize("text", ["", "gemodel", "state", "state x", "gemodel 1% 101%", "random", "gemodel -1%"])
def test_a_loss_that_cannot_be_read_says_so(text):
    with pytest.raises(BadConditions, match="percentage"):
        read_loss(Words(text))


@pytest.mark.parametrize(("text", "left"), [("gemodel 1 2 3 4 5", ["5"]), ("state 1 2 3 4 5 6", ["6"])])
def test_more_numbers_than_a_model_has_are_left(text, left):
    words = Words(text)
    read_loss(words)
    assert words.left == left
