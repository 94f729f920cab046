import ast
import enum
import math
import sys
import types
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import office
from office import NO_FEEDBACK, squared_error
from office.orders.agreement import distance
from office.orders.python_text import Names, literal
from tests.orders import pasting_charts

# Names


def module_of_its_own(name, **things):
    module = types.ModuleType(name)
    for thing in things.values():
        thing.__module__ = name
    vars(module).update(things)
    return module


def function(name="make_chart"):
    def made():
        return None

    made.__name__ = made.__qualname__ = name
    return made


def test_a_function_has_its_own_name_and_is_imported_from_where_it_is():
    names = Names()
    assert names.of(pasting_charts.words, "make_chart") == "words"
    assert names.of(pasting_charts.say, "feedback") == "say"
    assert names.imports() == ["from tests.orders.pasting_charts import say, words"]


def test_what_is_ours_comes_from_the_face_of_the_office():
    names = Names()
    assert names.of(squared_error, "feedback") == "squared_error"
    assert (names.office("Client"), names.orders("replay")) == ("Client", "replay")
    assert names.imports() == ["from office import Client, squared_error", "from office.orders import replay"]


@pytest.mark.parametrize(
    "thing",
    [lambda: None, partial(function()), pasting_charts.Staff.alone, pasting_charts.Staff(), function("not a name")],
    ids=["lambda", "partial", "method", "object", "no name"],
)
def test_what_cannot_be_imported_has_the_other_name(thing):
    names = Names()
    name = names.of(thing, "make_chart")
    assert name == ("alone" if thing is pasting_charts.Staff.alone else "make_chart")
    assert names.imports() == [f"# and {name}, as it was explored"]


def test_a_function_inside_another_keeps_its_name_though_it_cannot_be_imported():
    def my_chart():
        return None

    names = Names()
    assert names.of(my_chart, "make_chart") == "my_chart"
    assert names.imports() == ["# and my_chart, as it was explored"]


@pytest.mark.parametrize("module", ["__main__", "test-charts", "tests.test charts", "class.charts"])
def test_from_a_module_that_cannot_be_imported_nothing_is(module, monkeypatch):
    mine = function()
    its_module = sys.modules[module] if module == "__main__" else module_of_its_own(module, make_chart=mine)
    mine.__module__ = module
    monkeypatch.setitem(sys.modules, module, its_module)
    monkeypatch.setattr(its_module, "make_chart", mine, raising=False)
    names = Names()
    assert names.of(mine, "other") == "make_chart"
    assert names.imports() == ["# and make_chart, as it was explored"]


def test_two_things_of_one_name_have_two(monkeypatch):
    first, second = function(), function()
    for name, thing in (("charts_one", first), ("charts_two", second)):
        monkeypatch.setitem(sys.modules, name, module_of_its_own(name, make_chart=thing))
    names = Names()
    given = [names.of(thing, "") for thing in (first, second, first, second)]
    assert given == ["make_chart", "make_chart_2"] * 2
    assert names.of(function(), "") == "make_chart_3"
    assert names.imports() == [
        "from charts_one import make_chart",
        "from charts_two import make_chart as make_chart_2",
        "# and make_chart_3, as it was explored",
    ]


def test_a_name_that_the_test_has_for_something_else_is_not_taken():
    names = Names()
    assert names.of(pasting_charts.client, "feedback") == "client_2"
    assert names.imports() == ["from tests.orders.pasting_charts import client as client_2"]


def test_only_what_is_used_is_imported():
    names = Names()
    assert names.imports() == []
    names.numpy = names.pytest = True
    assert names.imports() == ["import numpy as np", "import pytest"]


# Literals

DTYPES = st.sampled_from(["f2", "f4", "f8", ">f8", "i1", "i8", "u2", "?", "U3"])
WORDS = st.text() | st.sampled_from(["'", '"', '"""', "'''", "\\", "a\nb", "\\'", "\x00", "\ud800", "{x}", "#"])
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.binary(), st.just(NO_FEEDBACK))
NUMBERS = npst.arrays(DTYPES, npst.array_shapes(min_dims=0, min_side=0, max_side=3))
ONE_NUMBER = npst.arrays(DTYPES, 1).map(lambda array: array[0])
BODIES = st.recursive(
    PLAIN | NUMBERS | ONE_NUMBER,
    lambda parts: st.one_of(
        st.lists(parts, max_size=3),
        st.lists(parts, max_size=3).map(tuple),
        st.dictionaries(WORDS | st.integers(), parts, max_size=3),
    ),
    max_leaves=6,
)


def read_back(text, names):
    """What the text means to Python, with what it needs."""
    known = {"np": np} if names.numpy else {}
    known |= {name: getattr(office, name) for name in names.imported["office"]}
    return eval(compile(text, "body", "eval"), known)  # noqa: S307  that is what it is for


def same(first, second):
    if isinstance(first, float) and math.isnan(first):
        return math.isnan(second)
    if isinstance(first, (np.ndarray, np.generic)):
        return np.array_equal(first, second, equal_nan=first.dtype.kind == "f") and first.shape == second.shape
    return distance(first, second) == 0.0


@given(BODIES)
def test_a_body_that_is_written_down_means_the_same(body):
    names = Names()
    text = literal(body, names)
    again = read_back(text, names)
    assert type(again) is type(body)
    if not isinstance(body, (list, tuple, dict)):
        assert same(again, body)
        assert getattr(again, "dtype", None) == getattr(body, "dtype", None)
    assert literal(again, Names()) == text
    assert not names.unknown


@given(WORDS)
def test_words_are_written_on_one_line_whatever_is_in_them(words):
    text = literal(words, Names())
    assert text.isprintable()
    assert ast.literal_eval(text) == words


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ((1.0,), "(1.0,)"),
        ([math.nan, -math.inf], "[float('nan'), float('-inf')]"),
        ({"a": (1, "b")}, "{'a': (1, 'b')}"),
        (np.array([[1.0], [2.5]]), "np.array([[1.0], [2.5]], dtype='float64')"),
        (np.array([math.nan]), "np.array([float('nan')], dtype='float64')"),
        (np.zeros((0, 3), "f4"), "np.zeros((0, 3), dtype='float32')"),
        (np.float32(0.5), "np.float32(0.5)"),
        ([np.int64(3)], "[np.int64(3)]"),
        (NO_FEEDBACK, "NO_FEEDBACK"),
    ],
    ids=repr,
)
def test_how_bodies_are_written(body, text):
    names = Names()
    assert literal(body, names) == text
    assert names.numpy == ("np." in text)


class Shade(enum.Enum):
    DARK = 1


class Number(float):
    pass


@pytest.mark.parametrize(
    "body",
    [object(), Shade.DARK, Number(1.0), {1, 2}, np.array([None]), 1j, np.array([1j]), np.longdouble(1), len, range(3)],
    ids=lambda body: type(body).__name__,
)
def test_what_cannot_be_written_gets_a_name_for_who_pastes_the_test(body):
    names = Names()
    assert literal([body, body, "x"], names) == "[body, body, 'x']"
    assert names.imports() == ["# and body, as it was explored"]
    assert literal(object(), names) == "body_2"
    assert names.imports() == ["# and body, body_2, as they were explored"]
