"""Closure, tables, inverses and orders of finite groups of matrices."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from finite_groups import GENERATORS, MIRROR, Matrix, conjugated, permutation, turn

from symdisc.algebra.known import known_algebra
from symdisc.cosets.component import TOLERANCE, IdentityComponent
from symdisc.cosets.products import MOST_ELEMENTS, Products, closed, generated, inverses, orders

METRIC = np.diag([1.0, -1.0, -1.0, -1.0])


def products(matrices: list[Matrix]) -> Products:
    n = len(matrices[0])
    return closed(matrices, IdentityComponent(torch.zeros(0, n, n)), TOLERANCE)


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("noise", [0.0, 0.004])
def test_the_table_is_that_of_a_group(name: str, noise: float) -> None:
    size, matrices = GENERATORS[name]
    found = products(conjugated(matrices, noise, seed=1))
    assert found.table is not None
    assert found.table.shape == (size, size)
    every = np.arange(size)
    assert (found.table[0] == every).all()
    assert (found.table[:, 0] == every).all()
    inverse = np.array(inverses(found.table))
    assert (found.table[every, inverse] == 0).all()
    assert all(size % order == 0 for order in orders(found.table))
    # Averaging makes the matrices a representation, noise or not.
    h = found.elements
    assert np.abs(h[:, None] @ h[None] - h[found.table]).max() < 1e-6


def test_given_elements_come_first() -> None:
    found = products([turn(4), MIRROR])
    assert np.allclose(found.elements[:3], [np.eye(2), turn(4), MIRROR])
    assert found.table is not None
    assert orders(found.table)[:3] == (1, 4, 2)
    assert len(generated(found.table, (1,))) == 4


def test_averaging_lessens_noise() -> None:
    _, matrices = GENERATORS["D_4"]
    rng = np.random.default_rng(0)
    exact = products(matrices).elements[1:]
    noisy = exact + 0.03 * rng.standard_normal(exact.shape)
    found = products(list(noisy))
    assert found.table is not None
    assert 0.01 < found.closure < TOLERANCE
    assert np.abs(found.elements[1:] - exact).mean() < 0.7 * np.abs(noisy - exact).mean()


def test_what_does_not_close_has_no_table() -> None:
    growing = np.diag([1.5, 1 / 1.5])
    found = products([growing])
    assert found.table is None
    assert found.closure == np.inf
    assert np.allclose(found.elements, [np.eye(2), growing])
    # Multiples of this angle come near a whole turn, but not near enough for so many elements.
    assert products([turn(120, 49)]).table is None
    assert MOST_ELEMENTS == 48


def test_components_of_the_lorentz_group() -> None:
    component = IdentityComponent(torch.tensor(known_algebra("so(1,3)")))
    found = closed([METRIC, -METRIC], component, TOLERANCE)
    assert found.table is not None
    assert found.table.tolist() == [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]]


def test_cosets_that_are_not_normal_are_not_multiplied() -> None:
    component = IdentityComponent(torch.tensor(known_algebra("so(3)")))
    shear = np.eye(3) + np.diag([0.9, 0.0], 1)
    found = closed([shear], component, TOLERANCE)
    assert found.table is None
    assert len(found.elements) == 2


def test_subgroups() -> None:
    found = products([permutation(1, 2, 0), permutation(1, 0, 2)])
    assert found.table is not None
    assert len(generated(found.table, (1,))) == 3
    assert len(generated(found.table, (2,))) == 2
    assert generated(found.table, ()) == {0}
