import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from office.errors import BadConditions, BadTime
from office.mail.netem import Conditions, Delay, conditions, delay
from office.mail.netem.chance import Chance
from office.mail.netem.conditions import READERS, Rate, Reorder
from office.mail.netem.delays import SHAPES
from office.mail.netem.loss import FourStates, GilbertElliott
from office.mail.netem.slots import Slots
from office.mail.netem.words import quoted

LONG = 10**12

shapes = st.sampled_from(list(SHAPES))
times = st.integers(0, LONG)
percents = st.floats(0, 100)
counts = st.integers(1, 10**18 - 1)
maybe_counts = st.none() | counts
delays = st.builds(Delay, times, st.integers(1, LONG), shapes) | st.builds(Delay, times)
remembering = st.builds(Delay, times, st.integers(1, LONG), shapes, percents) | st.builds(
    Delay, times, correlation=percents
)
chances = st.builds(Chance, percents, percents)
losses = (
    chances | st.builds(GilbertElliott, percents, percents, percents, percents) | st.builds(FourStates, *[percents] * 5)
)


@st.composite
def slots(draw):
    """Slots that open after a while each."""
    first, second, shape = draw(st.integers(1, LONG)), draw(times), draw(st.sampled_from(["", *SHAPES]))
    if shape:
        first += 5 * second
    return Slots(first, second if shape else first + second, shape, draw(maybe_counts), draw(maybe_counts))


everything = st.builds(
    Conditions,
    delay=delays | remembering,
    loss=st.none() | losses,
    duplicate=st.none() | chances,
    corrupt=st.none() | chances,
    reorder=st.none() | st.builds(Reorder, chances, counts),
    rate=st.none()
    | st.builds(Rate, st.integers(1, 10**20), st.integers(-99, 99), st.integers(9, 99), st.integers(-8, 9)),
    slot=st.none() | slots(),
    limit=maybe_counts,
    seed=st.none() | st.integers(0, 10**18 - 1),
).filter(lambda read: read.reorder is None or read.delay.time)


# Reading and writing


@given(everything)
@example(Conditions(loss=Chance(1e-5)))
@example(Conditions(Delay(0, 0, correlation=25.0)))
def test_conditions_written_down_read_back(read):
    assert conditions(str(read)) == read
    assert conditions(read) is read


CANONICAL = [
    "delay 0s",
    "delay 20ms",
    "delay 20ms 5ms",
    "delay 20ms 5ms 25%",
    "delay 20ms 5ms 25% distribution paretonormal",
    "delay 1.5s 1ns distribution exponential",
    "loss 1%",
    "loss 0.3% 25%",
    "loss 0.00001%",
    "loss gemodel 1% 10% 70% 0.1%",
    "loss state 1% 10% 5% 50% 0.1%",
    "duplicate 1%",
    "duplicate 1% 50%",
    "corrupt 0.1%",
    "corrupt 0.1% 5%",
    "delay 10ms reorder 25%",
    "delay 10ms reorder 25% 50%",
    "delay 10ms reorder 25% 50% gap 5",
    "rate 1mbit",
    "rate 1500bit",
    "rate 2mbit 0 48 5",
    "rate 2mbit -14",
    "rate 2mbit 20 100",
    "rate 2mbit 0 48 -5",
    "slot 5ms",
    "slot 800us 1ms packets 4",
    "slot 5ms bytes 1500",
    "slot 5ms 6ms packets 4 bytes 1500",
    "slot distribution normal 5ms 1ms packets 4",
    "limit 1000",
    "seed 0",
    "loss 1% duplicate 2% corrupt 3%",
    "delay 9ms 1ms 25% distribution normal loss gemodel 1% 10% 100% 0% duplicate 1% corrupt 0.1% reorder 25% gap 5",
    "delay 9ms loss 1% duplicate 2% corrupt 3% reorder 4% rate 5mbit slot 6ms limit 7",
]


@pytest.mark.parametrize("text", CANONICAL)
def test_what_is_written_as_it_is_written_down_is_written_down_so_again(text):
    assert str(conditions(text)) == text


def test_every_impairment_is_among_the_examples():
    assert set(READERS) <= {word for text in CANONICAL for word in text.split()}


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", "delay 0s"),
        ("loss random 1", "loss 1%"),
        ("loss 1% 0%", "loss 1%"),
        ("loss gemodel 1%", "loss gemodel 1% 99% 100% 0%"),
        ("loss state 1%", "loss state 1% 99% 0% 100% 0%"),
        ("limit 7 delay 1000us", "delay 1ms limit 7"),
        ("delay 5ms 1ms distribution uniform", "delay 5ms 1ms"),
        ("delay 5ms reorder 5 gap 1", "delay 5ms reorder 5%"),
        ("rate 125kbps", "rate 1mbit"),
        ("slot 5ms 5ms bytes 9 packets 3", "slot 5ms packets 3 bytes 9"),
        ("delay 0 loss 1%", "loss 1%"),
    ],
)
def test_other_ways_to_write_the_same_are_written_down_one_way(text, canonical):
    assert str(conditions(text)) == canonical


@given(everything, st.randoms())
def test_impairments_may_stand_in_any_order(read, random):
    parts = [f"{name} {value}" for name in READERS if (value := getattr(read, name)) is not None]
    random.shuffle(parts)
    assert conditions(" ".join(parts)) == read


@given(st.integers(0, 500), st.integers(1, 500), shapes, st.sampled_from(["s", "ms", "us", "ns"]))
def test_each_word_of_a_delay_is_read(time, jitter, shape, unit):
    scale = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}[unit]
    text = f"delay {time}{unit}  {jitter}{unit} distribution {shape}"
    assert conditions(text).delay == Delay(time * scale, jitter * scale, shape)


def test_what_is_left_out_is_nothing_and_a_jitter_alone_is_uniform():
    assert conditions("") == conditions("  ") == Conditions(Delay(0, 0))
    assert conditions("delay 20ms").delay == Delay(20_000_000)
    assert conditions("delay 20ms 5ms").delay == Delay(20_000_000, 5_000_000, "uniform")
    assert conditions("delay 0").delay == Delay(0)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "dalay 20ms",
            'unknown word "dalay" (known: delay, loss, duplicate, corrupt, reorder, rate, slot, limit, seed)',
        ),
        ("delay 20ms 5ms 125%", '"125%" is no percentage from 0% to 100%'),
        ("delay 20ms 5ms 25% 5%", 'unknown word "5%"'),
        ("loss", "a percentage is missing at the end"),
        ("loss random x", '"x" is no percentage'),
        ("loss gemodel", "a percentage is missing at the end"),
        ("reorder 25%", "reorder needs a delay"),
        ("delay 5ms reorder 25% gap 0", '"0" is no whole number from 1'),
        ("rate fast", '"fast" is no rate'),
        ("rate 1mbit 1.5", '"1.5" is no whole number'),
        ("rate 1mbit 0 -48", '"-48" is no whole number from 0'),
        ("rate 1mbit 0 48 -48", "no more bytes can be taken off a cell than it has"),
        ("rate 1mbit 0 0 -1", "no more bytes can be taken off a cell than it has"),
        ("seed -1", '"-1" is no whole number from 0'),
        ("seed", "a whole number is missing at the end"),
        ("delay 9ms reorder gap 0", '"0" is no whole number from 1'),
        ("reorder gap 5", "reorder needs a delay"),
        ("loss 1% ecn", 'unknown word "ecn"'),
        ("rate 0bit", '"0bit" is less than a bit a second'),
        ("slot 0ms", "slots need a time above zero"),
        ("slot 5ms 3ms", "slots need a time above zero"),
        ("slot distribution gauss 5ms 1ms", 'unknown distribution "gauss"'),
        ("limit 0", '"0" is no whole number from 1'),
        ("loss 1% loss 2%", '"loss" stands there twice'),
        ("delay 20xs", 'unknown unit "xs" in "20xs" (s, ms, us, ns)'),
        ("delay 20ms 5xs", 'unknown unit "xs" in "5xs" (s, ms, us, ns)'),
        ("delay ms", '"ms" is no time'),
        ("delay 20ms -5ms", '"-5ms" is no time'),
        ("delay", "a time is missing at the end"),
        (
            "delay 20ms 5ms distribution gauss",
            'unknown distribution "gauss" (known: uniform, normal, pareto, paretonormal, exponential)',
        ),
        ("delay 20ms 5ms distribution", 'unknown distribution ""'),
        ("delay 20ms distribution normal", "a distribution needs a jitter before it"),
        ("delay 20ms 0ms distribution normal", "a distribution needs a jitter before it"),
        ("delay 20ms delay 30ms", '"delay" stands there twice'),
    ],
)
def test_the_word_that_cannot_be_read_is_quoted_and_so_is_the_whole(text, complaint):
    with pytest.raises(BadConditions) as caught:
        conditions(text)
    assert str(caught.value).startswith(f"{quoted(text)}: ")
    assert complaint in str(caught.value)


@given(st.text())
def test_any_text_is_conditions_or_bad_conditions(text):
    try:
        assert isinstance(conditions(text), Conditions)
    except BadConditions as error:
        assert quoted(text) in str(error)  # noqa: PT017


GRAMMAR = [*READERS, "distribution", "normal", "random", "state", "gemodel", "gap", "packets", "bytes", "delays"]
GRAMMAR += ["20ms", "5ms", "0", "1.5ns", "-1s", ".", "25%", "125%", "20", "1mbit", "1e3bit", "-"]


@given(st.lists(st.sampled_from(GRAMMAR), max_size=9) | st.lists(st.sampled_from(GRAMMAR) | st.text(), max_size=9))
def test_words_in_any_order_are_conditions_or_bad_conditions(words):
    text = " ".join(words)
    try:
        read = conditions(text)
    except BadConditions as error:
        start = f"{quoted(text)}: "
        assert str(error).startswith(start)  # noqa: PT017
        rest = str(error).removeprefix(start)
        assert any(quoted(word) in rest for word in text.split()) or any(
            what in rest for what in ("missing at the end", "need", 'distribution ""', "stand still", "too long a")
        )
    else:
        assert conditions(str(read)) == read


@given(everything, st.data())
def test_a_word_put_into_good_conditions_is_quoted_where_it_is_a_bad_one(read, data):
    words = str(read).split()
    words.insert(data.draw(st.integers(0, len(words))), "moreover")
    with pytest.raises(BadConditions) as caught:
        conditions(" ".join(words))
    assert '"moreover"' in str(caught.value).removeprefix(quoted(" ".join(words)))


@given(everything, st.data())
def test_conditions_with_a_word_less_are_others_or_bad_ones(read, data):
    words = str(read).split()
    del words[data.draw(st.integers(0, len(words) - 1))]
    try:
        others = conditions(" ".join(words))
    except BadConditions as error:
        assert str(error).startswith(f"{quoted(' '.join(words))}: ")  # noqa: PT017
    else:
        assert conditions(str(others)) == others


@given(st.one_of(st.integers(), st.floats(), st.none(), st.binary()))
def test_conditions_are_a_string(text):
    with pytest.raises(BadConditions, match="mail conditions are a string, not"):
        conditions(text)


@given(delays)
def test_a_delay_alone_is_read_as_after_the_word_delay(read):
    assert delay(str(read)) == read


def test_a_delay_may_be_an_int_of_nanoseconds_and_a_bad_one_says_why():
    assert delay(7) == Delay(7)
    assert delay("7ms") == Delay(7_000_000)
    with pytest.raises(BadTime, match="unknown unit"):
        delay("7xs")
    with pytest.raises(BadTime):
        delay(0.5)
    with pytest.raises(BadConditions, match="how long something takes is TIME"):
        delay("7ms 1ms loss 5%")


# What conditions say of themselves


@given(everything)
def test_only_a_delay_without_memory_is_only_a_delay(read):
    alone = all(getattr(read, name) is None for name in READERS if name != "delay")
    assert read.only_delay == (alone and not (read.delay.jitter and read.delay.correlation))


@given(everything)
def test_no_message_is_sure_to_take_a_while_where_some_go_at_once(read):
    assert read.least == (0 if read.reorder else read.delay.least)
