import numpy as np
import pytest

from office import Affine, Chain, Client, Linear, Team, Worker, load_weights, parameters_of, save_weights, simulate
from office.errors import BadWeights
from office.work import squared_error

BATCHES = np.random.default_rng(0).normal(size=(12, 5, 4))
CLIENT = Client([(batch, batch[:, 0]) for batch in BATCHES], squared_error, in_flight=2)


def chart(seed=0, columns=4, names=("alex", "bo")):
    team = Team([Worker(Linear.drawn(columns, 0.05, [seed, k]), name) for k, name in enumerate(names)], "crew")
    return Chain([Worker(Affine.drawn(4, columns, 0.05, seed), "first"), team], "line")


def weights(drawn):
    return [np.asarray(array).tobytes() for owner in parameters_of(drawn) for array in owner.arrays]


def test_a_trained_chart_is_saved_loaded_and_goes_on_with_the_same_bits(tmp_path):
    trained, other = chart(), chart(seed=7)
    simulate(trained, CLIENT, mail="delay 3ms")
    save_weights(trained, tmp_path / "crew.npz")
    load_weights(other, tmp_path / "crew.npz")
    assert weights(other) == weights(trained)
    runs = [simulate(each, CLIENT, mail="delay 3ms") for each in (trained, other)]
    assert runs[0].losses.tolist() == runs[1].losses.tolist()
    assert weights(other) == weights(trained)


def test_the_file_names_arrays_after_their_desks_and_is_the_same_each_time(tmp_path):
    save_weights(chart(), tmp_path / "one.npz")
    save_weights(chart(), tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz") as file:
        assert sorted(file.files) == [f"line/{desk}/{k}" for desk in ("crew/alex", "crew/bo", "first") for k in (0, 1)]


def test_a_callback_that_is_pending_differentiates_the_weights_that_gave_its_answer(tmp_path):
    alex = Linear([1.0, 2.0], 0.0, 0.1)
    save_weights(Linear([5.0, 6.0], 7.0), tmp_path / "w.npz")
    _, handle_feedback = alex(np.ones((1, 2)))
    load_weights(alex, tmp_path / "w.npz")
    assert (alex.weights.tolist(), alex.bias, alex.updates) == ([5.0, 6.0], 7.0, 1)
    assert type(alex.bias) is float
    assert not alex.weights.flags.writeable
    assert handle_feedback(np.ones(1)).tolist() == [[1.0, 2.0]]


def test_desks_that_share_weights_save_them_once(tmp_path):
    shared = Linear.drawn(4, 0.1)
    save_weights(Team([Worker(shared, "alex"), Worker(shared, "bo")]), tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz") as file:
        assert sorted(file.files) == ["team/alex/0", "team/alex/1"]


@pytest.mark.parametrize(
    ("other", "complaint"),
    [
        (chart(names=("alex", "cid")), "it has line/crew/bo/0, which the chart has not; .*, and 1 more"),
        (chart(columns=3), r"line/crew/alex/0 is float64 \(4,\), and float64 \(3,\) in the chart; .*, and 1 more"),
        (Linear.drawn(4), "it has line/crew/alex/0, which the chart has not; .*, and 5 more"),
    ],
)  # fmt: skip
def test_weights_of_another_chart_are_refused_and_change_nothing(other, complaint, tmp_path):
    save_weights(chart(), tmp_path / "w.npz")
    before = weights(other)
    with pytest.raises(BadWeights, match="is of another chart: " + complaint):
        load_weights(other, tmp_path / "w.npz")
    assert weights(other) == before


def test_another_dtype_is_refused(tmp_path):
    save_weights(Linear.drawn(4, dtype=np.float32), tmp_path / "w.npz")
    with pytest.raises(BadWeights, match=r"linear/0 is float32 \(4,\), and float64 \(4,\) in the chart"):
        load_weights(Linear.drawn(4), tmp_path / "w.npz")


def test_a_chart_without_weights_has_nothing_to_save(tmp_path):
    with pytest.raises(BadWeights, match="the chart has no weights to save"):
        save_weights(Worker(lambda inputs: (inputs, None), "alex"), tmp_path / "w.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("cut", [0, 1, 10, 100, 500, -1, -30, -200])
def test_a_damaged_file_is_refused_in_one_line(cut, tmp_path):
    save_weights(chart(), tmp_path / "w.npz")
    content = (tmp_path / "w.npz").read_bytes()
    (tmp_path / "w.npz").write_bytes(content[:cut])
    with pytest.raises(BadWeights) as caught:
        load_weights(chart(), tmp_path / "w.npz")
    assert "\n" not in str(caught.value)
    for other in (b"words\n", b"\x80\x04}.", b"\x93NUMPY", bytes(600), content[:50] + bytes(50) + content[100:]):
        (tmp_path / "w.npz").write_bytes(other)
        with pytest.raises(BadWeights):
            load_weights(chart(), tmp_path / "w.npz")


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_where_one_array_is_not_finite_none_is_loaded(number, tmp_path):
    save_weights(chart(), tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz") as file:
        arrays = {name: file[name] for name in file.files}
    for name, array in arrays.items():
        np.savez(tmp_path / "bad.npz", **arrays | {name: np.full_like(array, number)})
        other = chart(seed=7)
        before = weights(other)
        with pytest.raises(BadWeights, match=f"{name} has a NaN or an infinity in it"):
            load_weights(other, tmp_path / "bad.npz")
        assert weights(other) == before
