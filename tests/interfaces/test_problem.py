from __future__ import annotations

import numpy as np

from symdisc.interfaces import TrueSymmetry

TURN = np.array([[[0.0, -1.0], [1.0, 0.0]]])


def test_one_matrix_moves_all_vectors_and_no_scalar() -> None:
    truth = TrueSymmetry.linear(TURN, "2*V2 + 1*S")
    assert truth.dimension == 1
    assert truth.fields is not None
    assert truth.elements is None
    moved = truth.fields(np.array([[1.0, 0.0, 0.0, 2.0, 7.0]]))
    assert moved.tolist() == [[[0.0, 1.0, -2.0, 0.0, 0.0]]]


def test_no_generators_give_no_fields() -> None:
    truth = TrueSymmetry.linear(np.zeros((0, 2, 2)), "V2", np.eye(2)[None])
    assert truth.dimension == 0
    assert truth.fields is not None
    assert truth.fields(np.ones((3, 2))).shape == (3, 0, 2)
