import pickle
from copy import deepcopy
from functools import partial
from multiprocessing import get_context

import numpy as np
import pytest

import office
from office import (
    Accumulate,
    Adam,
    Affine,
    Chain,
    Client,
    DelayCompensation,
    Discard,
    Dropout,
    Linear,
    LinearTotal,
    Maxout,
    Momentum,
    Muon,
    Team,
    WeightAverage,
    WeightPrediction,
    Worker,
    after,
    all_at_once,
    by,
    compose,
    cosine_schedule,
    every,
    examiner,
    identity,
    in_sequence,
    in_turn,
    linear_schedule,
    maximum,
    newest_first,
    parameters_of,
    poisson,
    random_pick,
    recorded,
    relu,
    reshape,
    residual,
    simulate,
    soft_maximum,
    softmax,
    squared_error,
    with_flatten,
    with_rows,
    with_shuffled,
)

WAYS = {"pickle": lambda thing: pickle.loads(pickle.dumps(thing)), "deepcopy": deepcopy}  # noqa: S301  our own
BATCHES = np.random.default_rng(0).normal(size=(12, 5, 4))
RULES = {
    "SGD": 0.05,
    "schedule": linear_schedule(0.1, 0.01, 8),
    "Momentum": Momentum(cosine_schedule(0.1, 0.0, 9)),
    "Adam": Adam(0.01),
    "Muon": Muon(0.01),
    "Accumulate": Accumulate(Adam(0.01), 3),
    "around": WeightAverage(DelayCompensation(Discard(Momentum(0.01), 4))),
    "looks ahead": WeightPrediction(Momentum(0.01)),
}
ESTIMATORS = {
    "Linear": lambda rule: Linear.drawn(4, rule),
    "LinearTotal": lambda rule: LinearTotal.drawn(4, rule),
    "Affine": lambda rule: Affine.drawn(4, 3, rule),
    "Maxout": lambda rule: Maxout.drawn(4, 3, rule),
    "sequence": lambda rule: in_sequence(
        Affine.drawn(4, 6, rule), relu, Dropout(0.3), Affine.drawn(6, 2, rule, 1), softmax
    ),
    "residual": lambda rule: residual(in_sequence(Affine.drawn(4, 4, rule), identity)),
    "with_shuffled": lambda rule: with_shuffled(Linear.drawn(4, rule), seed=3),
    "with_rows": lambda rule: with_rows(Linear.drawn(4, rule)),
    "reshape": lambda rule: in_sequence(Affine.drawn(4, 6, rule), reshape(2, 3)),
    "soft team": lambda rule: office.combine_by_soft_maximum(
        [Linear.drawn(4, rule, k) for k in range(3)], linear_schedule(2.0, 0.1, 5)
    ),
    "chart": lambda rule: compose(
        Team([Worker(Linear.drawn(4, rule, k), f"w{k}") for k in range(3)], allocate=in_turn, combine=maximum)
    ),
}  # fmt: skip


def go_on(estimator, batches):
    """All that comes of some more tasks, as bytes."""
    came = []
    for inputs in batches:
        output, handle_feedback = estimator(inputs)
        came += [output, handle_feedback(np.sin(output) if np.ndim(output) else float(np.sin(output)))]
    arrays = [array for owner in parameters_of(estimator) for array in owner.arrays]
    return b"".join(np.asarray(each).tobytes() for each in (*came, *arrays))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ESTIMATORS)
def test_what_comes_back_goes_on_with_the_same_bits_and_shares_nothing(kind, rule, way):
    first = ESTIMATORS[kind](RULES[rule])
    go_on(first, BATCHES[:5])
    copy = WAYS[way](first)
    assert go_on(copy, BATCHES[5:]) == go_on(first, BATCHES[5:])


@pytest.mark.parametrize("way", WAYS)
def test_weights_that_come_back_cannot_be_written_to(way):
    copy = WAYS[way](Linear([1.0, 2.0], 0.0))
    _, handle_feedback = copy(np.ones((1, 2)))
    with pytest.raises(ValueError, match="read-only"):
        copy.weights[0] = 9.0
    assert handle_feedback(np.ones(1)).tolist() == [[1.0, 2.0]]


def longest(outputs):
    return max(outputs, key=len), lambda feedback: [feedback for _ in outputs]


def first_letter(task_id, inputs):
    return "alex" if inputs < "m" else "bo"


def words(inputs):
    return f"re {inputs}", lambda feedback: f"below {feedback}"


def judge(output, target):
    return 0.5, f"re {output} {target}"


CHARTS = {
    "worker": lambda: Worker(Linear.drawn(4, Adam(0.01)), "alex", answer_time="3ms"),
    "team": lambda: Team([Linear.drawn(4, 0.01), Worker(Linear.drawn(4, 0.01, 1), "bo")], combine=soft_maximum(1.0)),
    "chain": lambda: Chain(
        [with_rows(Affine.drawn(4, 4, 1e-4)), Team([identity, residual(identity)]), Linear.drawn(4, 1e-4)]
    ),
}
TASKS = [(batch, batch[:, 0]) for batch in BATCHES]
CLIENTS = {
    "usual": lambda: Client(TASKS, squared_error, in_flight=4),
    "every": lambda: Client(TASKS, squared_error, every("9ms"), replies=after("2ms 1ms")),
    "poisson": lambda: Client(TASKS, squared_error, poisson(50), replies=newest_first(3)),
    "at once": lambda: Client(TASKS, squared_error, all_at_once(), replies=random_pick(3)),
    "recorded": lambda: Client(TASKS, squared_error, replies=recorded(["3ms"] * 12), shuffle=True),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_and_a_client_that_come_back_make_the_same_run_and_so_does_the_run(chart, client, way):
    office, people = CHARTS[chart](), CLIENTS[client]()
    simulate(office, people, mail="delay 9ms 3ms")
    copies = WAYS[way]((office, people))
    runs = [simulate(*both, mail="delay 9ms 3ms", snapshots="20ms") for both in ((office, people), copies)]
    assert runs[0].journal.to_bytes() == runs[1].journal.to_bytes()
    assert runs[0].losses.tolist() == runs[1].losses.tolist()
    again = WAYS[way](runs[0])
    assert again.journal.to_bytes() == runs[0].journal.to_bytes()
    assert again.losses.tolist() == runs[0].losses.tolist()
    assert len(again.snapshots) == len(runs[0].snapshots)


def test_functions_at_the_top_of_a_module_are_pickled_with_a_chart():
    team = Team([Worker(words, "alex"), Worker(partial(words), "bo")], allocate=by(first_letter), combine=longest)
    client = Client([("a", 1), ("z", 2)], judge)
    run, again = simulate(team, client), simulate(*WAYS["pickle"]((team, client)))
    assert run.outputs == again.outputs
    assert WAYS["pickle"](examiner(judge))(("a", 1))[0] == 0.5
    assert WAYS["pickle"](with_flatten(Linear([1.0], 0.0)))([np.ones((2, 1))])[0][0].tolist() == [1.0, 1.0]


def test_a_chart_goes_to_another_process_and_back():
    chart = CHARTS["team"]()
    with get_context("spawn").Pool(1) as pool:
        trained = pool.apply(trained_elsewhere, (chart,))
    assert weights(trained) == weights(trained_elsewhere(chart)) != weights(CHARTS["team"]())


def weights(chart):
    return [np.asarray(array).tobytes() for owner in parameters_of(chart) for array in owner.arrays]


def trained_elsewhere(chart):
    simulate(chart, CLIENTS["usual"](), mail="delay 9ms")
    return chart


class Local:
    def made(self):
        class Within:
            def __call__(self, inputs):
                return inputs, lambda feedback: feedback

        return Within()


@pytest.mark.parametrize(
    ("thing", "complaint"),
    [
        (Worker(lambda inputs: (inputs, None), "alex"), "alex: estimator has <lambda> in it"),
        (Worker(in_sequence(relu, lambda inputs: (inputs, None)), "alex"), "alex: estimator has <lambda> in it"),
        (Worker(partial(lambda inputs, _: (inputs, None), _=0), "alex"), "alex: estimator has <lambda> in it"),
        (Worker(Local().made(), "alex"), r"alex: estimator has Local\.made\.<locals>\.Within in it"),
        (Worker(Linear([1.0], 0.0, lambda _: 0.1), "alex"), "alex: estimator has <lambda> in it"),
        (Team([relu], "crew", allocate=by(lambda *_: 0)), "crew: allocate has <lambda> in it"),
        (Team([relu], "crew", combine=lambda outputs: outputs), "crew: combine has <lambda> in it"),
        (Chain([relu, Team([Worker(lambda inputs: inputs, "bo")])]), "bo: estimator has <lambda> in it"),
        (Client([], lambda *_: (0.0, 0.0)), "client: feedback has <lambda> in it"),
        (Client([], judge, replies=lambda rng: None), "client: replies has <lambda> in it"),
        (Client(((k, k) for k in range(3)), judge), "client: tasks is a generator, which cannot be pickled"),
    ],
)  # fmt: skip
def test_a_lambda_or_a_local_function_is_refused_by_the_name_of_its_owner(thing, complaint):
    with pytest.raises(pickle.PicklingError, match=complaint):
        pickle.dumps(thing)


def test_a_copy_of_a_chart_may_have_lambdas():
    copy = deepcopy(Team([Worker(lambda inputs: (inputs, lambda feedback: feedback), "alex")]))
    assert simulate(copy, Client([("a", 0)], judge)).outputs == {0: "a"}
