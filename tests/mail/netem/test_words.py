from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from office.errors import BadConditions
from office.mail.netem.words import RATES, Words, percent_text, quoted, rate_text

READS = ["time", "percent", "count", "rate"]


@given(st.text())
def test_words_are_what_split_makes_of_a_text(text):
    assert list(Words(text)) == text.split()


def test_a_look_ahead_takes_only_what_it_asks_for():
    words = Words("gap 5 gap")
    assert not words.is_next("loss", "5")
    assert not words.number_next()
    assert words.is_next("loss", "gap")
    assert words.number_next()
    assert words.number_next()
    assert next(words) == "5"
    assert words.is_next("gap")
    assert not words.is_next("gap", "")
    assert not words.number_next()
    assert next(words, "nothing") == "nothing"


@pytest.mark.parametrize("word", ["7", "-7", ".5", "0x"])
def test_what_begins_like_a_number_is_one_next_whether_or_not_it_can_be_read(word):
    assert Words(word).number_next()


@pytest.mark.parametrize("kind", READS)
@given(word=st.text(min_size=1) | st.text("-.0123456789%bitkmsgpu²٣", min_size=1, max_size=8))
@example(word="1" * 5000)
@example(word="9" * 41)
def test_any_word_is_read_as_a_number_or_is_quoted(kind, word):
    words = Words(f"before {(word.split() or ['x'])[0]}")
    word = words.left[0]
    assert next(words) == "before"
    try:
        assert getattr(words, kind)() >= 0
        assert not words.left
    except BadConditions as error:
        text = str(error)
        assert text.startswith(f"{quoted(words.text)}: ")
        rest = text.removeprefix(f"{quoted(words.text)}: ")
        assert f'"{word[:40]}' in rest or "missing" in rest or "longer than any office lasts" in rest


@pytest.mark.parametrize(
    ("word", "percent"), [("25%", 25), ("25", 25), ("0", 0), ("100%", 100), (".5%", 0.5), ("5.", 5)]
)
def test_a_percentage_needs_no_sign(word, percent):
    assert Words(word).percent() == percent


@pytest.mark.parametrize("word", ["-1%", "100.1%", "101", "%", ".", "1e1%", "5%%", "half", "nan", "9" * 400])
def test_a_percentage_is_from_0_to_100(word):
    with pytest.raises(BadConditions, match="is no percentage from 0% to 100%"):
        Words(word).percent()


@given(st.floats(0, 100))
@example(1e-5)
@example(5e-324)
@example(0.1 + 0.2)
def test_a_percentage_written_down_reads_back_however_small(percent):
    assert Words(percent_text(percent)).percent() == percent


@pytest.mark.parametrize("text", ["25%", "0.1%", "0%", "100%", "99.9%", "0.00001%"])
def test_a_percentage_is_written_as_people_write_it(text):
    assert percent_text(Words(text).percent()) == text


@pytest.mark.parametrize("word", ["0", "-1", "1.5", "five", "²", "٣", "9" * 19, "+1"])
def test_a_count_is_a_whole_number_from_1(word):
    with pytest.raises(BadConditions, match="is no whole number from 1"):
        Words(word).count()
    assert Words("17").count() == 17


@pytest.mark.parametrize(
    ("word", "bits"),
    [
        ("1bit", 1),
        ("1kbit", 1000),
        ("1Kbit", 1000),
        ("1.5mbit", 1_500_000),
        ("2GBIT", 2 * 10**9),
        ("1tbit", 10**12),
        ("1bps", 8),
        ("1kbps", 8000),
        ("1mbps", 8 * 10**6),
        ("1kibit", 1024),
        ("1mibps", 8 * 2**20),
        (".5kbit", 500),
        ("1.9bit", 1),
    ],
)
def test_a_rate_is_bits_a_second_and_bps_are_bytes(word, bits):
    assert Words(word).rate() == bits


@pytest.mark.parametrize("word", ["1", "kbit", "1kb", "-1kbit", "1 kbit", "1kbit/s", "1ſbit", "1" * 40 + "bit"])
def test_a_rate_is_a_number_and_a_unit(word):
    with pytest.raises(BadConditions, match="is no rate"):
        Words(word).rate()


@pytest.mark.parametrize("word", ["0bit", "0.9bit", "0.1bps"])
def test_a_rate_is_at_least_a_bit_a_second(word):
    with pytest.raises(BadConditions, match=f'"{word}" is less than a bit a second'):
        Words(word).rate()


@given(st.integers(1, 10**30))
def test_a_rate_written_down_reads_back(bits):
    assert Words(rate_text(bits)).rate() == bits


@given(st.integers(1, 10**6), st.sampled_from(sorted(RATES)))
def test_a_rate_is_exact_in_every_unit(thousandths, unit):
    number = Fraction(thousandths, 1000)
    bits = int(number * RATES[unit])
    if bits:
        assert Words(f"{float(number):.3f}{unit}").rate() == bits


@pytest.mark.parametrize(("bits", "text"), [(1, "1bit"), (1500, "1500bit"), (10**6, "1mbit"), (3 * 10**13, "30tbit")])
def test_a_rate_is_written_in_the_largest_unit_that_is_exact(bits, text):
    assert rate_text(bits) == text


@pytest.mark.parametrize(
    ("kind", "what"), [("time", "time"), ("percent", "percentage"), ("count", "whole number"), ("rate", "rate")]
)
def test_at_the_end_what_is_missing_is_named(kind, what):
    with pytest.raises(BadConditions, match=f'^"": a {what} is missing at the end$'):
        getattr(Words(""), kind)()
