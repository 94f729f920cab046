"""Every layer is a worker like any other: in a chain, in a team, by mail and by composition, in either precision."""

import numpy as np
import pytest

from office import (
    Adam,
    Affine,
    Chain,
    Client,
    Dropout,
    Linear,
    Maxout,
    Momentum,
    Team,
    Worker,
    average,
    compose,
    concatenation,
    every,
    examiner,
    identity,
    in_sequence,
    maximum,
    parameters_of,
    relu,
    reshape,
    residual,
    simulate,
    soft_maximum,
    softmax,
    softmax_cross_entropy,
    squared_error,
    with_flatten,
    with_rows,
    with_shuffled,
)
from tests.work.oracles import with_target

ROWS, COLUMNS, TASKS = 4, 3, 12


def affine(dtype, columns=COLUMNS, outputs=COLUMNS, seed=0, rule=0.05):
    return Affine.drawn(columns, outputs, rule, seed, dtype=dtype)


def linear(dtype, seed=0):
    return Linear.drawn(COLUMNS, 0.05, seed, dtype=dtype)


def team(members, combine):
    return Team([Worker(member, f"w{place}") for place, member in enumerate(members)], combine=combine)


def chain(*members):
    return Chain([Worker(member, f"w{place}") for place, member in enumerate(members)])


LAYERS = {
    "affine with relu": lambda dtype: chain(in_sequence(affine(dtype), relu), affine(dtype, seed=1)),
    "momentum": lambda dtype: chain(affine(dtype, rule=Momentum(0.02)), affine(dtype, seed=1, rule=Adam(0.01))),
    "maxout": lambda dtype: chain(Maxout.drawn(COLUMNS, 4, 0.05, pieces=3, dtype=dtype), affine(dtype, 4)),
    "softmax": lambda dtype: chain(affine(dtype), softmax),
    "dropout": lambda dtype: chain(affine(dtype), Dropout(0.3, seed=5), affine(dtype, seed=1)),
    "residual": lambda dtype: chain(residual(in_sequence(affine(dtype), relu)), affine(dtype, seed=1)),
    "residual by mail": lambda dtype: team([identity, affine(dtype)], average),
    "reshape": lambda dtype: chain(reshape(COLUMNS, 1), reshape(-1), affine(dtype)),
    "rows": lambda dtype: chain(reshape(1, COLUMNS), with_rows(affine(dtype)), reshape(-1)),
    "concatenation": lambda dtype: Chain([team([affine(dtype), linear(dtype)], concatenation), affine(dtype, 4)]),
    "maximum": lambda dtype: team([affine(dtype), affine(dtype, seed=1)], maximum),
    "soft maximum": lambda dtype: team([affine(dtype), affine(dtype, seed=1)], soft_maximum(0.5)),
}
either_precision = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def tasks(dtype):
    rng = np.random.default_rng(0)
    return [tuple(rng.normal(size=(2, ROWS, COLUMNS)).astype(dtype)) for _ in range(TASKS)]


def weights(chart):
    return [np.asarray(array).tobytes() for parameters in parameters_of(chart) for array in parameters.arrays]


@either_precision
@pytest.mark.parametrize("name", LAYERS)
def test_with_one_task_in_flight_a_layer_does_by_mail_what_it_does_composed(name, dtype):
    by_mail, composed = LAYERS[name](dtype), LAYERS[name](dtype)
    run = simulate(by_mail, Client(tasks(dtype), squared_error, in_flight=1), mail="delay 5ms 2ms", seed=1)
    estimate = compose(composed)
    for task, (inputs, target) in enumerate(tasks(dtype)):
        output, handle_feedback = estimate(inputs)
        re_inputs = handle_feedback(squared_error(output, target)[1])
        assert output.dtype == re_inputs.dtype == dtype
        assert run.outputs[task].tobytes() == output.tobytes()
        assert run.feedback_below[task].tobytes() == re_inputs.tobytes()
    assert weights(by_mail) == weights(composed)
    assert all(parameters.arrays[0].dtype == dtype for parameters in parameters_of(by_mail))


@either_precision
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_takes_feedback_late_and_out_of_order(name, dtype):
    client = Client(tasks(dtype), squared_error, arrivals=every("1ms"))
    run = simulate(LAYERS[name](dtype), client, mail="delay 10ms 10ms distribution exponential", seed=1)
    assert sorted(run.feedback_below) == list(range(TASKS))
    assert not any(run.pending.values())


@either_precision
@pytest.mark.parametrize("wrapper", [with_flatten, with_shuffled])
def test_wrappers_are_workers_too(wrapper, dtype):
    pairs = [([inputs, inputs[:0]], [target, target[:0]]) for inputs, target in tasks(dtype)]
    pairs = tasks(dtype) if wrapper is with_shuffled else pairs

    def feedback(output, target):
        if wrapper is with_shuffled:
            return squared_error(output, target)
        return 0.0, [squared_error(*pair)[1] for pair in zip(output, target, strict=True)]

    run = simulate(Worker(wrapper(affine(dtype)), "alex"), Client(pairs, feedback), mail="delay 5ms 5ms")
    assert len(run.feedback_below) == TASKS


@pytest.mark.parametrize("loss", [squared_error, softmax_cross_entropy])
def test_the_people_above_may_sit_at_a_desk_as_examiners(loss):
    rng = np.random.default_rng(0)
    rows = [rng.normal(size=(ROWS, COLUMNS)) for _ in range(TASKS)]
    target = rng.normal(size=(ROWS, COLUMNS)) if loss is squared_error else np.arange(ROWS) % COLUMNS
    worker, other = affine(np.float64), affine(np.float64)
    office = chain(with_target(worker), examiner(loss))
    client = Client([((inputs, target), None) for inputs in rows], lambda output, _: (output, 1.0), in_flight=1)
    run = simulate(office, client, mail="delay 5ms")
    plain = simulate(Worker(other, "alex"), Client([(inputs, target) for inputs in rows], loss, in_flight=1))
    assert run.losses.tolist() == plain.losses.tolist()
    assert weights(office) == [array.tobytes() for array in other.parameters.arrays]
