import sys

import numpy as np
import pytest

from office import (
    Affine,
    Chain,
    Dropout,
    Linear,
    LinearTotal,
    Team,
    Worker,
    average,
    compose,
    concatenation,
    in_sequence,
    maximum,
    relu,
    soft_maximum,
    to_torch,
)
from office.errors import AlreadyAnswered

torch = pytest.importorskip("torch", reason="the extra torch is not installed")


def chain():
    return Chain([Worker(in_sequence(Affine.drawn(3, 4, seed=1), relu), "below"), Worker(Affine.drawn(4, 2), "above")])


def team(combine):
    return Team([Worker(Linear.drawn(3, seed=k), f"w{k}") for k in range(3)], combine=combine)


CHARTS = {
    "chain": chain,
    "average": lambda: team(average),
    "maximum": lambda: team(maximum),
    "soft maximum": lambda: team(soft_maximum(1.0)),
    "concatenation": lambda: team(concatenation),
    "a number": lambda: Worker(LinearTotal.drawn(3), "alex"),
    "nested": lambda: Team([chain(), chain().members[0]], combine=concatenation),
}


def inputs(*, requires_grad=True):
    return torch.tensor(np.random.default_rng(0).normal(size=(5, 3)), requires_grad=requires_grad)


@pytest.mark.parametrize("make", CHARTS.values(), ids=CHARTS)
def test_a_chart_passes_gradcheck_though_its_workers_learn(make):
    assert torch.autograd.gradcheck(to_torch(make()), (inputs(),))


def test_it_answers_and_hears_what_the_composed_chart_does():
    tensor = inputs()
    output = to_torch(chain())(tensor)
    output.sum().backward()
    expected, handle_feedback = compose(chain())(tensor.detach().numpy())
    assert output.detach().numpy().tobytes() == expected.tobytes()
    assert tensor.grad.numpy().tobytes() == handle_feedback(np.ones((5, 2))).tobytes()


def test_workers_learn_even_where_the_tensor_asks_for_no_gradient():
    worker = Affine.drawn(3, 2)
    to_torch(Worker(worker, "alex"))(inputs(requires_grad=False)).sum().backward()
    assert worker.updates == 1


def test_layers_of_pytorch_under_an_office_learn_from_what_it_says_below():
    layer = torch.nn.Linear(3, 3).double()
    office = to_torch(chain())
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.05)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = (office(layer(inputs(requires_grad=False))) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 4


def test_a_second_backward_gives_the_same_and_teaches_nothing():
    worker = Affine.drawn(3, 2, rule=1.0)
    tensor = inputs()
    output = to_torch(Worker(worker, "alex"))(tensor).sum()
    first = torch.autograd.grad(output, tensor, retain_graph=True)[0]
    after = worker.weights
    assert torch.equal(torch.autograd.grad(output, tensor, retain_graph=True)[0], first)
    assert worker.weights is after
    assert worker.updates == 1


def test_a_second_backward_is_refused_where_the_answer_cannot_be_had_again():
    chart = Chain([Worker(Affine.drawn(3, 40), "alex"), Worker(Dropout(seed=1), "bo")])
    output = to_torch(chart)(inputs()).sum()
    output.backward(retain_graph=True)
    with pytest.raises(AlreadyAnswered, match="it has changed"):
        output.backward()


def test_without_pytorch_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match=r"to_torch needs torch: pip install 'backprop-office\[torch\]'"):
        to_torch(chain())
