"""The same numbers as PyTorch, JAX and Thinc: outputs, feedback on the inputs, gradients of the weights."""

import numpy as np
import pytest

from office.work import (
    SGD,
    Adam,
    Affine,
    Linear,
    LinearTotal,
    Maxout,
    Momentum,
    Parameters,
    combine_by_addition,
    combine_by_average,
    combine_by_concatenation,
    combine_by_maximum,
    combine_by_soft_maximum,
    half_squared_error,
    in_sequence,
    parameters_of,
    relu,
    reshape,
    residual,
    softmax,
    softmax_cross_entropy,
    squared_error,
    with_rows,
)

TRIALS = range(4)


def affines(rng, columns, outputs, count=1, dtype=np.float64):
    drawn = [(rng.normal(size=(columns, outputs)).astype(dtype), rng.normal(size=outputs)) for _ in range(count)]
    return [Affine(*each) for each in drawn]


def table(rng, columns, dtype=np.float64):
    return rng.normal(size=(rng.integers(1, 9), columns)).astype(dtype)


def sizes(rng, count):
    return rng.integers(1, 9, count).tolist()


# Each of these draws one of ours, its inputs, and what it ought to be, in terms of a library `lib` and weights `w`.


def affine(rng):
    columns, outputs = sizes(rng, 2)
    return affines(rng, columns, outputs)[0], table(rng, columns), lambda lib, w, x: x @ w[0] + w[1]


def linear(rng):
    (columns,) = sizes(rng, 1)
    worker = Linear(rng.normal(size=columns), rng.normal())
    return worker, table(rng, columns), lambda lib, w, x: x @ w[0] + w[1]


def linear_total(rng):
    (columns,) = sizes(rng, 1)
    worker = LinearTotal(rng.normal(size=columns), rng.normal())
    return worker, table(rng, columns), lambda lib, w, x: (x @ w[0]).sum() + w[1]


def relu_after_affine(rng):
    columns, outputs = sizes(rng, 2)
    worker = in_sequence(*affines(rng, columns, outputs), relu)
    return worker, table(rng, columns), lambda lib, w, x: lib.relu(x @ w[0] + w[1])


def maxout(rng):
    columns, outputs, pieces = sizes(rng, 3)
    worker = Maxout(rng.normal(size=(columns, outputs, pieces)), rng.normal(size=(outputs, pieces)))

    def reference(lib, w, x):
        return lib.greatest((x @ w[0] + w[1]).reshape(len(x), outputs, pieces))

    return worker, table(rng, columns), reference


def softmax_after_affine(rng):
    columns, outputs = sizes(rng, 2)
    worker = in_sequence(*affines(rng, columns, outputs), softmax)
    return worker, table(rng, columns), lambda lib, w, x: lib.softmax(x @ w[0] + w[1])


def residual_affine(rng):
    (columns,) = sizes(rng, 1)
    worker = residual(in_sequence(*affines(rng, columns, columns), relu))
    return worker, table(rng, columns), lambda lib, w, x: x + lib.relu(x @ w[0] + w[1])


def side_by_side(rng):
    columns, outputs, others = sizes(rng, 3)
    worker = combine_by_concatenation([*affines(rng, columns, outputs), *affines(rng, columns, others)])

    def reference(lib, w, x):
        return lib.concatenate([x @ w[0] + w[1], x @ w[2] + w[3]])

    return worker, table(rng, columns), reference


def batch_of_tables(rng):
    first, second, columns, outputs = sizes(rng, 4)
    worker = with_rows(affines(rng, columns, outputs)[0])
    return worker, rng.normal(size=(first, second, columns)), lambda lib, w, x: x @ w[0] + w[1]


def flattened(rng):
    height, width, outputs = sizes(rng, 3)
    worker = in_sequence(reshape(-1), *affines(rng, height * width, outputs))
    inputs = rng.normal(size=(5, height, width))
    return worker, inputs, lambda lib, w, x: x.reshape(5, -1) @ w[0] + w[1]


def team(combine_by, how):
    def drawn(rng):
        columns, outputs, members = sizes(rng, 3)
        worker = combine_by(affines(rng, columns, outputs, members))

        def reference(lib, w, x):
            return how(lib, lib.stack([x @ w[2 * k] + w[2 * k + 1] for k in range(members)]))

        return worker, table(rng, columns), reference

    return drawn


def soft(combined):
    return combine_by_soft_maximum(combined, 2.0)


CASES = {
    "affine": affine,
    "linear": linear,
    "linear total": linear_total,
    "relu": relu_after_affine,
    "maxout": maxout,
    "softmax": softmax_after_affine,
    "residual": residual_affine,
    "concatenation": side_by_side,
    "rows of a batch": batch_of_tables,
    "reshape": flattened,
    "addition": team(combine_by_addition, lambda lib, all_: all_.sum(-1)),
    "average": team(combine_by_average, lambda lib, all_: all_.mean(-1)),
    "maximum": team(combine_by_maximum, lambda lib, all_: lib.greatest(all_)),
    "soft maximum": team(soft, lambda lib, all_: 2.0 * (lib.log_sum_exp(all_ / 2.0) - np.log(all_.shape[-1]))),
}


def ours(worker, inputs, rng):
    """Output, a random feedback on it, the feedback on the inputs, and the gradient of every array of weights."""
    output, handle_feedback = worker(inputs)
    re_output = rng.normal(size=np.shape(output)).astype(np.asarray(output).dtype)
    places = parameters_of(worker)
    before = [list(parameters.arrays) for parameters in places]
    for parameters in places:  # at rate 1, a step is the gradient
        parameters.rules = [SGD(1.0) for _ in parameters.rules]
    re_inputs = handle_feedback(re_output if np.ndim(output) else float(re_output))
    gradients = [
        np.subtract(then, now)
        for parameters, arrays in zip(places, before, strict=True)
        for then, now in zip(arrays, parameters.arrays, strict=True)
    ]
    return output, re_output, re_inputs, [array for arrays in before for array in arrays], gradients


def compare(result, wanted, tolerance):
    assert len(result) == len(wanted)
    for this, other in zip(result, wanted, strict=True):
        assert np.shape(this) == np.shape(other)
        assert np.asarray(this) == pytest.approx(np.asarray(other), rel=tolerance, abs=tolerance)


class Torch:
    """What the references above need of PyTorch."""

    def __init__(self):
        self.torch = torch = pytest.importorskip("torch", reason="the extra torch is not installed")
        self.relu, self.log_sum_exp = torch.relu, lambda x: torch.logsumexp(x, -1)
        self.greatest, self.softmax = lambda x: x.max(-1).values, lambda x: torch.softmax(x, -1)
        self.concatenate, self.stack = lambda xs: torch.cat(xs, -1), lambda xs: torch.stack(xs, -1)

    def pull_back(self, function, weights, inputs, re_output):
        given = [self.torch.tensor(np.asarray(array), requires_grad=True) for array in (*weights, inputs)]
        output = function(self, given[:-1], given[-1])
        result = self.torch.autograd.grad(output, given, self.torch.tensor(re_output))
        *gradients, re_inputs = (gradient.numpy() for gradient in result)
        return output.detach().numpy(), re_inputs, gradients


class Jax:
    """What they need of JAX."""

    def __init__(self):
        self.jax = jax = pytest.importorskip("jax", reason="the extra jax is not installed")
        jax.config.update("jax_enable_x64", True)  # noqa: FBT003
        self.relu, self.log_sum_exp = jax.nn.relu, lambda x: jax.scipy.special.logsumexp(x, -1)
        self.greatest, self.softmax = lambda x: x.max(-1), lambda x: jax.nn.softmax(x, -1)
        self.concatenate, self.stack = lambda xs: jax.numpy.concatenate(xs, -1), lambda xs: jax.numpy.stack(xs, -1)

    def pull_back(self, function, weights, inputs, re_output):
        arrays = [self.jax.numpy.asarray(array) for array in weights]
        output, back = self.jax.vjp(lambda w, x: function(self, w, x), arrays, self.jax.numpy.asarray(inputs))
        gradients, re_inputs = back(self.jax.numpy.asarray(re_output))
        return output, re_inputs, gradients


@pytest.mark.parametrize("library", [Torch, Jax])
@pytest.mark.parametrize("name", CASES)
def test_a_layer_says_and_hears_what_it_does_elsewhere(name, library):
    lib = library()
    for trial in TRIALS:
        rng = np.random.default_rng(trial)
        worker, inputs, reference = CASES[name](rng)
        output, re_output, re_inputs, weights, gradients = ours(worker, inputs, rng)
        theirs, re_theirs, their_gradients = lib.pull_back(reference, weights, inputs, re_output)
        compare([output, re_inputs, *gradients], [theirs, re_theirs, *their_gradients], 1e-10)


@pytest.mark.parametrize("probable", [False, True])
def test_cross_entropy_is_what_it_is_elsewhere(probable):
    torch, jax = Torch().torch, Jax().jax
    for trial in TRIALS:
        rng = np.random.default_rng(trial)
        (classes,) = sizes(rng, 1)
        logits = 3.0 * table(rng, classes)
        target = rng.dirichlet(np.ones(classes), len(logits)) if probable else rng.integers(0, classes, len(logits))
        loss, re_logits = softmax_cross_entropy(logits, target)
        given = torch.tensor(logits, requires_grad=True)
        theirs = torch.nn.functional.cross_entropy(given, torch.tensor(target))
        theirs.backward()
        compare([loss, re_logits], [theirs.item(), given.grad.numpy()], 1e-10)
        truth = target if probable else np.eye(classes)[target]
        compare(
            [loss, re_logits],
            jax.value_and_grad(lambda z, t=truth: -(t * jax.nn.log_softmax(z)).sum(-1).mean())(logits),
            1e-10,
        )


@pytest.mark.parametrize(("loss", "scale"), [(squared_error, 1.0), (half_squared_error, None)])
def test_squared_errors_are_what_they_are_elsewhere(loss, scale):
    torch = Torch().torch
    rng = np.random.default_rng(0)
    output, target = rng.normal(size=(2, 4, 3))
    given = torch.tensor(output, requires_grad=True)
    theirs = torch.nn.functional.mse_loss(given, torch.tensor(target)) * (scale or output.size / 2)
    theirs.backward()
    compare(loss(output, target), [theirs.item(), given.grad.numpy()], 1e-12)


@pytest.mark.parametrize(
    ("rule", "optimizer", "options"),
    [
        (SGD(0.1), "SGD", {"lr": 0.1}),
        (Momentum(0.1, 0.7), "SGD", {"lr": 0.1, "momentum": 0.7}),
        (Adam(0.01, (0.8, 0.95), 1e-6), "Adam", {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-6}),
    ],
    ids=lambda it: type(it).__name__,
)
def test_rules_step_as_optimizers_do_elsewhere(rule, optimizer, options):
    torch = Torch().torch
    rng = np.random.default_rng(0)
    first = rng.normal(size=(3, 2))
    tensor = torch.tensor(first, requires_grad=True)
    stepper = getattr(torch.optim, optimizer)([tensor], **options)
    parameters = Parameters([first], rule)
    for _ in range(20):
        gradient = rng.normal(size=(3, 2))
        tensor.grad = torch.tensor(gradient)
        stepper.step()
        parameters.learn([gradient], parameters.answer())
    compare(parameters.arrays, [tensor.detach().numpy()], 1e-12)


# Thinc has layers rather than functions, and works in float32.


def thinc_pair(name, thinc, rng):
    """One of ours and one of Thinc's with the same weights, and the shapes that Thinc's have."""
    columns, outputs, pieces = sizes(rng, 3)
    (this,) = affines(rng, columns, outputs, dtype=np.float32)
    if name == "maxout":
        worker = Maxout(rng.normal(size=(columns, outputs, pieces)).astype("f"), rng.normal(size=(outputs, pieces)))
        model = thinc.Maxout(outputs, columns, nP=pieces)
        return columns, worker, model, [(model, "W", worker.weights.transpose(1, 2, 0)), (model, "b", worker.bias)]
    if name == "residual":
        (this,) = affines(rng, columns, columns, dtype=np.float32)
        inner = thinc.Linear(columns, columns)
        return columns, residual(this), thinc.residual(inner), [(inner, "W", this.weights.T), (inner, "b", this.bias)]
    if name == "concatenation":
        (other,) = affines(rng, columns, pieces, dtype=np.float32)
        inner = [thinc.Linear(outputs, columns), thinc.Linear(pieces, columns)]
        places = [(i, n, v) for i, a in zip(inner, (this, other), strict=True)
                  for n, v in (("W", a.weights.T), ("b", a.bias))]  # fmt: skip
        return columns, combine_by_concatenation([this, other]), thinc.concatenate(*inner), places
    worker, model = {
        "affine": lambda: (this, thinc.Linear(outputs, columns)),
        "relu": lambda: (in_sequence(this, relu), thinc.Relu(outputs, columns)),
    }[name]()
    return columns, worker, model, [(model, "W", this.weights.T), (model, "b", this.bias)]


@pytest.mark.parametrize("name", ["affine", "relu", "maxout", "residual", "concatenation"])
def test_a_layer_says_and_hears_what_it_does_in_thinc(name):
    thinc = pytest.importorskip("thinc.api", reason="the extra thinc is not installed")
    for trial in TRIALS:
        rng = np.random.default_rng(trial)
        columns, worker, model, places = thinc_pair(name, thinc, rng)
        inputs = table(rng, columns, np.float32)
        for node, key, value in places:
            node.set_param(key, np.array(value, np.float32, order="C"))
        theirs, backprop = model.begin_update(inputs.copy())
        output, re_output, re_inputs, _, gradients = ours(worker, inputs, rng)
        assert output.dtype == re_inputs.dtype == np.float32
        re_theirs = backprop(re_output.copy())
        their_gradients = [node.get_grad(key) for node, key, _ in places]
        if name == "maxout":
            their_gradients = [their_gradients[0].transpose(2, 0, 1).reshape(columns, -1), their_gradients[1].ravel()]
        else:
            their_gradients = [gradient.T for gradient in their_gradients]
        compare([output, re_inputs, *gradients], [theirs, re_theirs, *their_gradients], 1e-5)


def test_losses_are_what_they_are_in_thinc():
    thinc = pytest.importorskip("thinc.api", reason="the extra thinc is not installed")
    rng = np.random.default_rng(0)
    logits, target = rng.normal(size=(6, 4)).astype("f"), rng.integers(0, 4, 6)
    shares, _ = softmax(logits)
    theirs = thinc.CategoricalCrossentropy(normalize=True).get_grad(np.array(shares), target)
    compare([softmax_cross_entropy(logits, target)[1]], [theirs], 1e-5)
    guess, wanted = rng.normal(size=(2, 6, 4)).astype("f")
    compare([half_squared_error(guess, wanted)[1]], [thinc.L2Distance(normalize=False).get_grad(guess, wanted)], 1e-5)
