"""Generating matrices of finite groups, for tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

Matrix = NDArray[np.float64]
MIRROR = np.diag([1.0, -1.0])


def turn(order: int, steps: int = 1) -> Matrix:
    angle = 2 * np.pi * steps / order
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def permutation(*images: int) -> Matrix:
    """Coordinate i goes to place images[i]."""
    matrix = np.zeros((len(images), len(images)))
    matrix[list(images), range(len(images))] = 1
    return matrix


def _real(matrix: NDArray[np.complex128]) -> Matrix:
    return np.block([[matrix.real, -matrix.imag], [matrix.imag, matrix.real]])


def _side(*blocks: Matrix) -> Matrix:
    joined: Matrix = np.asarray(block_diag(*blocks))
    return joined


_ONE = np.eye(1)
_QUARTERS = np.diag([1j, -1j])
_SIXTHS = np.diag(np.exp([1j * np.pi / 3, -1j * np.pi / 3]))
_SWAP = np.array([[0, 1], [-1, 0]], dtype=complex)

GENERATORS: dict[str, tuple[int, list[Matrix]]] = {
    "Z2": (2, [MIRROR]),
    "V4": (4, [MIRROR, -MIRROR]),
    **{f"C_{n}": (n, [turn(n)]) for n in range(3, 13)},
    "D_3 ≅ S_3": (6, [turn(3), MIRROR]),
    **{f"D_{n}": (2 * n, [turn(n), MIRROR]) for n in range(4, 7)},
    "Q_8": (8, [_real(_QUARTERS), _real(_SWAP)]),
    "C_4 × Z2": (8, [_side(turn(4), _ONE), _side(np.eye(2), -_ONE)]),
    "Z2 × Z2 × Z2": (8, [np.diag([-1.0, 1, 1]), np.diag([1.0, -1, 1]), np.diag([1.0, 1, -1])]),
    "C_3 × C_3": (9, [_side(turn(3), np.eye(2)), _side(np.eye(2), turn(3))]),
    "C_6 × Z2": (12, [_side(turn(6), _ONE), _side(np.eye(2), -_ONE)]),
    "A_4": (12, [permutation(1, 2, 0, 3), permutation(1, 0, 3, 2)]),
    "Dic_3": (12, [_real(_SIXTHS), _real(_SWAP)]),
    "S_4": (24, [permutation(1, 0, 2, 3), permutation(1, 2, 3, 0)]),
    "A_4 × Z2": (24, [permutation(1, 2, 0), np.diag([-1.0, -1, 1]), -np.eye(3)]),
    "S_4 × Z2": (48, [permutation(1, 2, 0), _side(turn(4), _ONE), -np.eye(3)]),
}
"""Name: number of elements and matrices that generate the group. With the trivial one these are
all groups of up to 12 elements."""


def conjugated(matrices: list[Matrix], noise: float, seed: int) -> list[Matrix]:
    """The same group in other coordinates, each matrix with noise of its own."""
    rng = np.random.default_rng(seed)
    n = len(matrices[0])
    change = np.eye(n) + 0.2 * rng.standard_normal((n, n)) / np.sqrt(n)
    back = np.linalg.inv(change)
    return [change @ m @ back + noise * rng.standard_normal((n, n)) for m in matrices]
