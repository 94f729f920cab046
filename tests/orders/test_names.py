import sys
import types
from functools import partial

import pytest

from office import squared_error
from office.orders.names import Names
from tests.orders import pasting_charts


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
    there = sys.modules[module] if module == "__main__" else module_of_its_own(module, make_chart=mine)
    mine.__module__ = module
    monkeypatch.setitem(sys.modules, module, there)
    monkeypatch.setattr(there, "make_chart", mine, raising=False)
    names = Names()
    assert names.of(mine, "other") == "make_chart"
    assert names.imports() == ["# and make_chart, as it was explored"]


def test_two_things_of_one_name_have_two(monkeypatch):
    one, other = function(), function()
    for name, thing in (("charts_one", one), ("charts_two", other)):
        monkeypatch.setitem(sys.modules, name, module_of_its_own(name, make_chart=thing))
    names = Names()
    given = [names.of(thing, "") for thing in (one, other, one, other)]
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
