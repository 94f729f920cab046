"""Muon against the loop of its formula."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.work import (
    Adam,
    Muon,
    Parameters,
)
from office.work.rules.muon import orthogonalised
from tests.work.oracles import arrays_of
from tests.work.rules.every_rule import learnt


@given(arrays_of(3, 5), st.booleans())
def test_orthogonalised_has_the_same_directions_and_singular_values_near_one(table, tall):
    left, sizes, right = np.linalg.svd(table, full_matrices=False)
    if sizes[-1] < 0.05 * max(sizes[0], 1e-3):
        return  # smaller ones are still on their way after five iterations
    result = orthogonalised(table.T if tall else table)
    result = result.T if tall else result
    inner = left.T @ result @ right.T
    assert (abs(np.diag(inner) - 0.95) < 0.3).all()
    assert inner - np.diag(np.diag(inner)) == pytest.approx(np.zeros((3, 3)), abs=1e-6)


@given(st.lists(arrays_of(2, 4), min_size=1, max_size=5))
def test_muon_is_the_loop_of_its_formula(gradients):
    weights, memory = np.ones((2, 4)), np.zeros((2, 4))
    for gradient, learnt_by_rule in zip(gradients, learnt(Muon(0.02), gradients), strict=True):
        memory = 0.95 * memory + gradient
        table = gradient + 0.95 * memory
        x = table / (np.sqrt((table**2).sum()) + 1e-7)
        for _ in range(5):
            x = 3.4445 * x - 4.7750 * x @ x.T @ x + 2.0315 * x @ x.T @ x @ x.T @ x
        weights = weights - 0.02 * math.sqrt(2) * x
        assert learnt_by_rule == pytest.approx(weights, abs=1e-9)


def test_whatever_is_no_table_learns_by_the_other_rule():
    first, other = (
        Parameters([1.0, np.ones(3), np.ones((2, 2, 2))], Muon(others=0.5)),
        [1.0, np.ones(3), np.ones((2, 2, 2))],
    )
    first.learn([2.0 * it for it in other], first.answer())
    assert all(np.all(array == 0.0) for array in first.arrays)
    plain, adam = Parameters([1.0], Muon()), Parameters([1.0], Adam(0.0003, (0.9, 0.95), 1e-10))
    for parameters in plain, adam:
        parameters.learn([2.0], parameters.answer())
    assert plain.arrays == adam.arrays
