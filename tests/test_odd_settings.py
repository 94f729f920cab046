"""Whatever odd kind of value a public function gets for a number or a time, it refuses it by name, and at once."""

import inspect
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
import trio

import office
from office import Client, Linear, Worker, combine_by_soft_maximum, relu, simulate, squared_error
from office.errors import OfficeError

ONES = np.ones((2, 2))
TASKS = [(np.ones((1, 1)), np.zeros((1, 1)))]


def run(**settings):
    return simulate(
        Worker(Linear([1.0], 0.0), "alex"), Client([(np.ones((1, 1)), np.zeros(1))], squared_error), **settings
    )


def explored(**settings):
    return office.explore(lambda: Worker(Linear([1.0], 0.0), "alex"), Client(TASKS[:0], squared_error), **settings)


def networked(**given):
    async def main():
        async with office.open_network(**given):
            pass

    trio.run(main)


MAKERS = {
    "Client": lambda **given: Client(TASKS, squared_error, **given),
    "Worker": lambda **given: simulate(Worker(relu, "alex", **given), Client(TASKS, squared_error)),
    "Team": lambda **given: simulate(office.Team([relu], **given), Client(TASKS, squared_error)),
    "compose": lambda **given: office.compose(relu, **given),
    "combine_by_soft_maximum": lambda temperature: combine_by_soft_maximum([relu], temperature=temperature),
    "Crash": lambda at=0, lasts=1: run(faults=[office.Crash("alex", at, lasts)]),
    "Partition": lambda at=0, lasts=1: run(faults=[office.Partition("alex", at, lasts)]),
    "Stall": lambda at=0, lasts=1: run(faults=[office.Stall("alex", at, lasts)]),
    "explore": explored,
    "open_network": networked,
    "simulate": run,
}
"""How to call what is not called with `REQUIRED`."""
REQUIRED = {
    "Affine": {"weights": ONES, "bias": [0.0, 0.0]},
    "Linear": {"weights": [1.0], "bias": 0.0},
    "LinearTotal": {"weights": [1.0], "bias": 0.0},
    "Maxout": {"weights": np.ones((2, 2, 2)), "bias": ONES},
    "Parameters": {"arrays": [ONES]},
    "late_by": {"order": [0], "tasks": 1},
}
USUAL = {
    "rule": 0.1, "tasks": 2, "delay": 1.0, "schedule": 1.0, "steps": 3, "start": 1.0, "end": 0.0, "gap": 1, "size": 1,
    "per_second": 1.0, "time": 1, "temperature": 1.0, "columns": 2, "outputs": 2,
}  # fmt: skip
"""Arguments that are required, by name."""
ELSEWHERE = {
    "Run": "no caller makes one",
    "grid": "its seeds and processes have tests of their own",
    "open_office": "it takes what simulate takes",
    "replay": "it takes what simulate takes",
    "simulate_in_trio": "it takes what simulate takes",
    "from_jax": "in tests/work/adapters",
    "from_thinc": "in tests/work/adapters",
    "from_torch": "in tests/work/adapters",
    "to_torch": "it is given to compose",
}
ODD = {
    "True": True,
    "False of numpy": np.False_,
    "NaN": np.nan,
    "NaN of float32": np.float32("nan"),
    "below zero": -1,
    "a fraction below zero": -0.5,
    "complex": 1j,
    "text": "0.1",
    "no text": "",
    "bytes": b"1",
    "a list": [1],
    "a dict": {},
    "an object": object(),
    "an array": np.array([1.0, 2.0]),
    "what is masked": np.ma.masked,
    "a time of numpy": np.timedelta64(1, "ms"),
    "a time of numpy in ns": np.timedelta64(3, "ns"),
    "a time of numpy in no unit": np.timedelta64(3),
    "a time of Python": timedelta(1),
    "a date": np.datetime64("2020-01-01"),
    "a decimal": Decimal(1),
    "None": None,
    "a huge number below zero": -(10**5000),
}
FITTING = {
    "start": {"below zero", "a fraction below zero"},
    "end": {"below zero", "a fraction below zero"},
    "seed of numpy": {"a list", "None"},
    "capacity": {"a dict"},
    "expire": {"a dict"},
}
"""Of these arguments, what is not odd."""
KINDS = ("int", "float", "Time", "Schedule")


def numeric(parameter):
    kind = str(parameter.annotation)
    plain = not any(word in kind for word in ("Callable", "Sequence", "tuple", "Iterable", "NDArray", "Arrivals"))
    return (plain and any(word in kind for word in KINDS)) or parameter.name == "seed"


def public():
    functions = {name: getattr(office, name) for name in office.__all__}
    drawn = {f"{name}.drawn": each.drawn for name, each in functions.items() if hasattr(each, "drawn")}
    for name, function in (functions | drawn).items():
        is_error = isinstance(function, type) and issubclass(function, BaseException)
        if callable(function) and not is_error and name not in ELSEWHERE:
            parameters = inspect.signature(function).parameters.values()
            if names := [each for each in parameters if numeric(each) and each.kind is not each.VAR_POSITIONAL]:
                yield name, function, list(parameters), names


def cases():
    return [(name, each.name) for name, _, _, names in public() for each in names]


def call(wanted, **given):
    _, function, parameters, _ = next(row for row in public() if row[0] == wanted)
    if wanted in MAKERS:
        return MAKERS[wanted](**given)
    needed = [each.name for each in parameters if each.default is each.empty]
    return function(**{name: REQUIRED.get(wanted, USUAL).get(name, USUAL.get(name)) for name in needed} | given)


def refused(function, argument, value):
    call(function, **{argument: value})
    pytest.fail(f"{value!r} is taken")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("function", "argument"), cases())
def test_odd_numbers_are_refused_in_words_of_the_office(function, argument):
    (parameter,) = (
        each for name, _, _, names in public() for each in names if (name, each.name) == (function, argument)
    )
    kind = "seed of numpy" if argument == "seed" and "Any" in str(parameter.annotation) else argument
    fitting = FITTING.get(kind, set()) | ({"None"} if "None" in str(parameter.annotation) else set())
    for name, value in ODD.items():
        if name in fitting:
            continue
        with pytest.raises((OfficeError, ValueError, TypeError)) as caught:
            refused(function, argument, value)
        assert "office" in str(caught.traceback[-1].path), name
        assert len(str(caught.value)) < 300, name
