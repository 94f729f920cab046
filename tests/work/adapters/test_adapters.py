"""What holds of a model from any other library once it is a worker."""

import pickle
from copy import deepcopy

import numpy as np
import pytest

from office import Chain, Client, Worker, compose, every, simulate
from office.errors import AlreadyAnswered, NotANumber, RefusedMessage
from office.work import (
    NO_FEEDBACK,
    SGD,
    Accumulate,
    Affine,
    Momentum,
    from_jax,
    from_thinc,
    from_torch,
    in_sequence,
    relu,
    squared_error,
)
from tests.work.oracles import bits

COLUMNS, HIDDEN, OUTPUTS = 3, 5, 2


def weights(seed=0):
    rng = np.random.default_rng(seed)
    shapes = (COLUMNS, HIDDEN), (HIDDEN,), (HIDDEN, OUTPUTS), (OUTPUTS,)
    return [rng.normal(size=shape).astype(np.float32) for shape in shapes]


def torch_model():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    module = torch.nn.Sequential(torch.nn.Linear(COLUMNS, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, OUTPUTS))
    with torch.no_grad():
        for tensor, array in zip(module.parameters(), weights(), strict=True):
            tensor.copy_(torch.tensor(array.T))
    return module


def thinc_model():
    thinc = pytest.importorskip("thinc.api", reason="the extra thinc is not installed")
    layers = thinc.Relu(HIDDEN, COLUMNS), thinc.Linear(OUTPUTS, HIDDEN)
    for layer, (matrix, bias) in zip(layers, zip(weights()[::2], weights()[1::2], strict=True), strict=True):
        layer.set_param("W", np.array(matrix.T, order="C"))
        layer.set_param("b", bias)
    return thinc.chain(*layers)


def jax_function(params, inputs):
    jnp = pytest.importorskip("jax.numpy", reason="the extra jax is not installed")
    return jnp.maximum(inputs @ params["w1"] + params["b1"], 0) @ params["w2"] + params["b2"]


def jax_params():
    pytest.importorskip("jax", reason="the extra jax is not installed")
    return dict(zip(("w1", "b1", "w2", "b2"), weights(), strict=True))


MAKERS = {
    "torch": lambda **options: from_torch(torch_model(), **options),
    "thinc": lambda **options: from_thinc(thinc_model(), **options),
    "jax": lambda **options: from_jax(jax_function, jax_params(), **options),
}
each_library = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def native(**options):
    first, second, third, fourth = weights()
    return in_sequence(Affine(first, second, **options), relu, Affine(third, fourth, **options))


def tasks(count=40):
    rng = np.random.default_rng(1)
    return [(rng.normal(size=(4, COLUMNS)).astype("f"), rng.normal(size=(4, OUTPUTS)).astype("f"))
            for _ in range(count)]  # fmt: skip


@each_library
def test_it_learns_in_the_office_what_our_own_layers_learn_however_late_the_feedback(make):
    runs = [
        simulate(
            Chain([Worker(estimator, "alex")]),
            Client(tasks(), squared_error, arrivals=every("1ms")),
            mail="delay 5ms 3ms distribution exponential",
        )
        for estimator in (make(rule=0.05), native(rule=0.05))
    ]
    assert runs[0].journal.mail.arrived.tolist() == runs[1].journal.mail.arrived.tolist()
    assert runs[0].losses == pytest.approx(runs[1].losses, rel=1e-4)
    assert runs[0].losses[-8:].mean() < runs[0].losses[:8].mean()
    for task, re_inputs in runs[1].feedback_below.items():
        assert runs[0].feedback_below[task] == pytest.approx(re_inputs, rel=1e-3, abs=1e-5)


@each_library
def test_late_feedback_speaks_of_the_weights_that_gave_the_answer(make):
    worker, prompt = make(rule=SGD(1.0)), make(rule=SGD(1.0))
    (inputs, target), (other, _) = tasks(2)
    _output, late = worker(inputs)
    for _ in range(3):
        worker(other)[1](np.ones_like(target))
    re_inputs = late(np.ones_like(target))
    assert bits(re_inputs) == bits(prompt(inputs)[1](np.ones_like(target)))
    assert worker.parameters.updates == 4


@each_library
def test_a_second_feedback_is_refused_and_teaches_nothing(make):
    worker = make()
    output, handle_feedback = worker(tasks(1)[0][0])
    handle_feedback(np.ones_like(output))
    before = [bits(array) for array in worker.parameters.arrays]
    with pytest.raises(AlreadyAnswered):
        handle_feedback(np.ones_like(output))
    assert [bits(array) for array in worker.parameters.arrays] == before


@each_library
def test_no_feedback_is_passed_down_and_teaches_nothing(make):
    worker = make()
    assert worker(tasks(1)[0][0])[1](NO_FEEDBACK) is NO_FEEDBACK
    assert (worker.parameters.heard, worker.parameters.updates) == (1, 0)


@each_library
def test_nothing_is_changed_in_place_and_nothing_returned_can_be_written_to(make):
    worker = make()
    inputs, re_output = tasks(1)[0]
    given = bits(inputs), bits(re_output)
    output, handle_feedback = worker(inputs)
    results = bits(output)
    re_inputs = handle_feedback(re_output)
    assert (bits(inputs), bits(re_output), bits(output)) == (*given, results)
    assert not output.flags.writeable
    assert not re_inputs.flags.writeable


@each_library
@pytest.mark.parametrize("bad", [np.full((4, OUTPUTS), np.nan, "f"), np.ones((4, 7), "f"), "words", 1.0])
def test_bad_feedback_is_refused_and_the_right_one_still_counts(make, bad):
    worker = make()
    output, handle_feedback = worker(tasks(1)[0][0])
    with pytest.raises(RefusedMessage):
        handle_feedback(bad)
    assert worker.parameters.updates == 0
    handle_feedback(np.ones_like(output))
    assert worker.parameters.updates == 1


@each_library
def test_a_nan_in_the_inputs_is_refused(make):
    with pytest.raises(NotANumber):
        make()(np.full((4, COLUMNS), np.nan, "f"))


@each_library
def test_feedback_accumulates_before_a_step(make):
    worker, plain = make(rule=Accumulate(1.0, 2)), make(rule=0.0)
    inputs, re_output = tasks(1)[0]
    callbacks = [worker(inputs)[1] for _ in range(2)]
    callbacks[1](re_output)
    assert worker.parameters.updates == 0
    callbacks[0](re_output)
    assert worker.parameters.updates == 1
    with plain.parameters.instead(plain.parameters.arrays) as gradients:
        plain(inputs)[1](re_output)
    for now, first, gradient in zip(worker.parameters.arrays, plain.parameters.arrays, gradients[0], strict=True):
        assert now == pytest.approx(first - 2 * gradient, abs=1e-4)


@each_library
@pytest.mark.parametrize("copied", [deepcopy, lambda worker: pickle.loads(pickle.dumps(worker))])  # noqa: S301  our own
def test_a_copy_goes_on_with_the_same_bits_and_shares_nothing(make, copied):
    worker = make(rule=Momentum(0.01))
    batches = tasks(6)

    def learn(learner, some):
        return [bits(learner(inputs)[1](re_output)) for inputs, re_output in some]

    learn(worker, batches[:3])
    copy = copied(worker)
    assert (copy.parameters.updates, copy.parameters.heard) == (3, 3)
    assert learn(copy, batches[3:]) == learn(worker, batches[3:])
    assert [*map(bits, copy.parameters.arrays)] == [*map(bits, worker.parameters.arrays)]
    assert bits(copy(batches[0][0])[0]) == bits(worker(batches[0][0])[0])


def test_a_module_has_the_weights_of_today_and_answers_by_itself_as_the_worker_does():
    module = torch_model()
    worker = from_torch(module)
    inputs, re_output = tasks(1)[0]
    worker(inputs)[1](re_output)
    torch = pytest.importorskip("torch")
    assert module(torch.tensor(inputs)).detach().numpy() == pytest.approx(worker(inputs)[0], abs=1e-6)
    assert next(iter(module.parameters())).detach().numpy() == pytest.approx(worker.parameters.arrays[0])


def test_weights_that_ask_for_no_gradient_stay_as_they_are():
    module = torch_model()
    module[0].weight.requires_grad_(False)  # noqa: FBT003
    before = module[0].weight.detach().numpy().copy()
    worker = from_torch(module)
    worker(tasks(1)[0][0])[1](tasks(1)[0][1])
    assert len(worker.parameters.arrays) == 3
    assert bits(module[0].weight.detach().numpy()) == bits(before)


def test_what_a_module_draws_comes_from_the_seed_and_not_from_pytorch():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    inputs = np.ones((4, COLUMNS), "f")
    answers = []
    for seed, global_seed in ((0, 1), (0, 2), (1, 1)):
        torch.manual_seed(global_seed)
        worker = from_torch(torch.nn.Dropout(), seed=seed)
        answers.append(bits(worker(inputs)[0]) + bits(worker(inputs)[0]))
        assert torch.initial_seed() == global_seed
    assert answers[0] == answers[1] != answers[2]
    assert answers[0][: len(answers[0]) // 2] != answers[0][len(answers[0]) // 2 :]


def test_whole_numbers_are_looked_up_and_have_no_feedback():
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    worker = from_torch(torch.nn.Embedding(7, 2), rule=1.0)
    output, handle_feedback = worker(np.array([3, 3, 5]))
    before = worker.parameters.arrays[0]
    assert handle_feedback(np.ones_like(output)) is NO_FEEDBACK
    moved = before - worker.parameters.arrays[0]
    assert moved.sum(axis=1).tolist() == pytest.approx([0, 0, 0, 4, 0, 2, 0])


def test_a_thinc_model_has_the_weights_of_today_also_while_feedback_is_late():
    model = thinc_model()
    worker = from_thinc(model)
    inputs, re_output = tasks(1)[0]
    _, late = worker(inputs)
    worker(inputs)[1](re_output)
    today = [bits(array) for array in worker.parameters.arrays]
    assert [bits(node.get_param(name)) for node in model.walk() for name in node.param_names] == today
    late(re_output)
    today = [bits(array) for array in worker.parameters.arrays]
    assert [bits(node.get_param(name)) for node in model.walk() for name in node.param_names] == today


def test_a_thinc_layer_that_writes_into_its_inputs_gets_a_copy():
    thinc = pytest.importorskip("thinc.api", reason="the extra thinc is not installed")
    inputs = np.ones((2, 3), "f")
    worker = from_thinc(thinc.add(thinc.noop(), thinc.noop()))
    worker(inputs)
    assert inputs.tolist() == np.ones((2, 3)).tolist()


def test_what_thinc_draws_comes_from_the_seed_and_leaves_numpys_generator_alone():
    thinc = pytest.importorskip("thinc.api", reason="the extra thinc is not installed")
    inputs = np.ones((4, COLUMNS), "f")
    answers = []
    for seed, global_seed in ((0, 1), (0, 2), (1, 1)):
        np.random.seed(global_seed)  # noqa: NPY002
        expected = np.random.random(), np.random.seed(global_seed)  # noqa: NPY002
        answers.append(bits(from_thinc(thinc.Dropout(0.5), seed=seed)(inputs)[0]))
        assert np.random.random() == expected[0]  # noqa: NPY002
    assert answers[0] == answers[1] != answers[2]


def test_a_thinc_model_without_weights_yet_is_refused_by_the_names_of_what_is_missing():
    thinc = pytest.importorskip("thinc.api", reason="the extra thinc is not installed")
    with pytest.raises(ValueError, match=r"not initialized: no linear\.W, linear\.b"):
        from_thinc(thinc.Linear())


def test_a_jax_worker_leaves_the_params_it_was_given_and_has_todays_as_its_model():
    params = jax_params()
    before = {name: bits(array) for name, array in params.items()}
    worker = from_jax(jax_function, params)
    inputs, re_output = tasks(1)[0]
    worker(inputs)[1](re_output)
    assert {name: bits(array) for name, array in params.items()} == before
    assert jax_function(worker.model, inputs) == pytest.approx(worker(inputs)[0], abs=1e-6)
    assert bits(worker.model["w1"]) != before["w1"]


def test_jit_makes_no_difference_but_to_the_speed():
    inputs, re_output = tasks(1)[0]
    compiled, plain = (from_jax(jax_function, jax_params(), jit=jit) for jit in (True, False))
    assert compiled(inputs)[1](re_output) == pytest.approx(plain(inputs)[1](re_output), abs=1e-6)


@pytest.mark.parametrize(("name", "extra"), [("torch", "torch"), ("thinc", "thinc"), ("jax", "jax")])
def test_a_library_that_is_missing_is_named_with_its_extra(name, extra, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, name, None)
    call = {
        "torch": lambda: from_torch(None),
        "thinc": lambda: from_thinc(None),
        "jax": lambda: from_jax(None, None),
    }[name]
    with pytest.raises(ImportError, match=rf"from_{name} needs {name}: pip install 'backprop-office\[{extra}\]'"):
        call()


@each_library
def test_it_composes_with_our_own(make):
    chart = Chain([Worker(make(), "theirs"), Worker(Affine.drawn(OUTPUTS, 2, dtype=np.float32), "ours")])
    output, handle_feedback = compose(chart)(tasks(1)[0][0])
    assert handle_feedback(np.ones_like(output)).shape == (4, COLUMNS)
