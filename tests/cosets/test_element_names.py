from __future__ import annotations

import numpy as np
import pytest
from finite_groups import MIRROR, Matrix, permutation, turn

from symdisc.cosets.element_names import Element, element_names


def name(matrix: Matrix, order: int = 0, given: str = "") -> str:
    identity = Element(np.eye(len(matrix)), 1)
    return element_names([identity, Element(matrix, order, given)])[1]


def space(block: Matrix) -> Matrix:
    matrix = np.eye(3)
    matrix[:2, :2] = block
    return matrix


@pytest.mark.parametrize(
    ("matrix", "order", "expected"),
    [
        (MIRROR, 2, "reflection"),
        (-np.eye(2), 2, "half turn"),
        (-np.eye(3), 2, "inversion"),
        (np.diag([1.0, -1, -1]), 2, "half turn"),
        (np.diag([1.0, -1, -1, -1]), 2, "reversal of 3 directions"),
        (turn(5), 5, "rotation by 2π/5"),
        (turn(5, 2), 5, "rotation by 2·2π/5"),
        (turn(5, 4), 5, "rotation by 2π/5"),
        (space(turn(7, 3)), 7, "rotation by 3·2π/7"),
        (turn(5), 0, "rotation"),
        (turn(5), 7, "element of order 7"),
        (-space(turn(3)), 6, "element of order 6"),
        (np.diag([2.0, 0.5]), 0, "element"),
        (np.array([[1.0, 1.0], [0.0, 1.0]]), 0, "element of order 1"),
    ],
)
def test_geometric_names(matrix: Matrix, order: int, expected: str) -> None:
    assert name(matrix, order) == expected
    change = np.array([[1.0, 0.2, 0, 0], [0, 1, 0.1, 0], [0.1, 0, 1, 0.3], [0, 0.2, 0, 1]])
    change = change[: len(matrix), : len(matrix)]
    assert name(change @ matrix @ np.linalg.inv(change), order) == expected


def test_permutations_are_named_by_cycles_where_all_are() -> None:
    elements = [np.eye(3), permutation(1, 0, 2), permutation(1, 2, 0), permutation(2, 1, 0)]
    names = element_names([Element(m + 0.02, 2) for m in elements])
    expected = ("identity", *(f"permutation {c}" for c in ("(1 2)", "(1 2 3)", "(1 3)")))
    assert names == expected
    four = element_names([Element(np.eye(4), 1), Element(permutation(1, 0, 3, 2), 2)])
    assert four[1] == "permutation (1 2)(3 4)"
    mixed = element_names(
        [Element(np.eye(3), 1), *(Element(m, 2) for m in (elements[1], -elements[0]))]
    )
    assert mixed == ("identity", "reflection", "inversion")
    # Swapping two coordinates of a plane is a reflection first of all.
    assert name(permutation(1, 0), 2) == "reflection"


def test_a_given_name_comes_first() -> None:
    assert name(np.diag([1.0, -1, -1, -1]), 2, "parity") == "parity"
