"""The settings of a run: written once, shown in every signature, and told in the journal in text."""

from dataclasses import fields
from inspect import signature

import pytest

from office import Client, Team, Worker, open_office, simulate, simulate_in_trio
from office.engines.settings import OfficeKeywords, OfficeSettings, RunKeywords, RunSettings
from office.errors import BadConditions, BadFault, BadTime


def clerk(name):
    return Worker(lambda inputs: (inputs, lambda feedback: feedback), name)


def submit(count=0, **client):
    return Client([(0, 0)] * count, lambda _output, _target: (0.0, 0), **client)


@pytest.mark.parametrize(("keywords", "settings"), [(OfficeKeywords, OfficeSettings), (RunKeywords, RunSettings)])
def test_keywords_and_settings_have_the_same_names_and_types(keywords, settings):
    types = {name: kind.__forward_arg__ for name, kind in keywords.__annotations__.items()}
    assert types == {field.name: field.type for field in fields(settings)}


@pytest.mark.parametrize(
    ("function", "settings"),
    [(simulate, RunSettings), (simulate_in_trio, RunSettings), (open_office, OfficeSettings)],
)
def test_a_signature_shows_every_setting_with_its_default_and_the_docstring_explains_it(function, settings):
    defaults = {name: parameter.default for name, parameter in signature(function).parameters.items()}
    assert {field.name: field.default for field in fields(settings)}.items() <= defaults.items()
    explained = simulate.__doc__.partition("Args:")[2]
    assert all(f"\n        {field.name}: " in explained for field in fields(settings))


def test_a_run_refuses_a_setting_that_there_is_not():
    with pytest.raises(TypeError, match="maill"):
        simulate(clerk("alex"), submit(), maill="delay 5ms")


async def test_an_open_office_refuses_what_is_a_setting_of_runs():
    with pytest.raises(TypeError, match="until"):
        async with open_office(clerk("alex"), until="1s"):
            pass


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"mail": {"nobody.*": ""}}, BadConditions),
        ({"mail": "delya 5ms"}, BadConditions),
        ({"delivery": "twice"}, BadConditions),
        ({"capacity": 0}, BadConditions),
        ({"capacity": True}, BadConditions),
        ({"expire": 0}, BadFault),
        ({"expire": {"nobody": "1s"}}, BadConditions),
        ({"until": "soon"}, BadTime),
        ({"snapshots": 0}, BadTime),
    ],
)
def test_a_bad_setting_is_refused_before_anything_runs(settings, error):
    with pytest.raises(error):
        simulate(clerk("alex"), submit(), **settings)


def test_the_journal_tells_the_settings_that_are_not_as_usual():
    plain = simulate(clerk("alex"), submit()).journal
    assert list(plain.settings) == ["seed", "mail"]
    slow = Worker(lambda inputs: (inputs, lambda feedback: feedback), "alex", learn_time="1ms 1ms", max_pending=2)
    chart = Team([slow], "team", max_pending=3)
    run = simulate(chart, submit(patience="2s"), capacity={"team.inbox": 4}, expire={"team": "1s"}, until="5s", seed=7)
    assert run.journal.settings == {
        "seed": 7,
        "mail": dict.fromkeys(run.journal.link_names, "delay 0s"),
        "capacity": {"team.inbox": 4},
        "expire": {"team": 10**9},
        "paces": {"team": "at most 3 pending", "team/alex": "learn 1ms 1ms, at most 2 pending"},
        "patience": 2 * 10**9,
        "until": 5 * 10**9,
    }


def test_what_makes_no_difference_to_a_journal_does_not_stand_in_it():
    journals = [
        simulate(clerk("alex"), submit(3), **settings).journal
        for settings in ({}, {"lookahead": False}, {"snapshots": "1s"}, {"escapes": "wait"}, {"in_an_instant": 99})
    ]
    assert len({journal.to_bytes() for journal in journals}) == 1
