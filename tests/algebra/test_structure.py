from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from symdisc.algebra.brackets import closure_residual, structure_constants
from symdisc.algebra.conjugation import conjugated, orthonormal
from symdisc.algebra.known import known_algebra
from symdisc.algebra.structure import (
    Structure,
    abelian_invariants,
    span_of_brackets,
    structure,
    sum_of,
)

Matrix = NDArray[np.float64]
FEATURES = {
    # Killing form, derived and lower central series, centre, radical, unimodular.
    "so(3)": ((0, 3, 0), (3,), (3,), 0, 0, True),
    "so(1,2)": ((2, 1, 0), (3,), (3,), 0, 0, True),
    "so(4)": ((0, 6, 0), (6,), (6,), 0, 0, True),
    "so(1,3)": ((3, 3, 0), (6,), (6,), 0, 0, True),
    "sl(3)": ((5, 3, 0), (8,), (8,), 0, 0, True),
    "gl(2)": ((2, 1, 1), (4, 3), (4, 3), 1, 1, True),
    "sp(4)": ((6, 4, 0), (10,), (10,), 0, 0, True),
    "se(2)": ((0, 1, 2), (3, 2, 0), (3, 2), 0, 3, True),
    "se(3)": ((0, 3, 3), (6,), (6,), 0, 3, True),
    "aff(1)": ((1, 0, 1), (2, 1, 0), (2, 1), 0, 2, False),
    "aff(2)": ((3, 1, 2), (6, 5), (6, 5), 0, 3, False),
    "heisenberg(3)": ((0, 0, 3), (3, 1, 0), (3, 1, 0), 1, 3, True),
    "heisenberg(5)": ((0, 0, 5), (5, 1, 0), (5, 1, 0), 1, 5, True),
    "scaling(2)": ((0, 0, 1), (1, 0), (1, 0), 1, 1, True),
}


def of(matrices: Matrix) -> Structure:
    return structure(structure_constants(orthonormal(matrices)))


@pytest.mark.parametrize("text", FEATURES)
def test_invariants(text: str) -> None:
    found = of(known_algebra(text)).invariants
    numbers = (found.killing, found.derived, found.central, found.centre, found.radical)
    assert (*numbers, found.is_unimodular) == FEATURES[text]
    assert found.dimension == sum(found.killing)


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("scaling(3)", "abelian nilpotent solvable"),
        ("heisenberg(3)", "nilpotent solvable"),
        ("se(2)", "solvable"),
        ("so(3)", "semisimple"),
        ("se(3)", ""),
        ("gl(2)", ""),
    ],
)
def test_flags(text: str, flags: str) -> None:
    found = of(known_algebra(text))
    told = {
        "abelian": found.is_abelian,
        "nilpotent": found.is_nilpotent,
        "solvable": found.is_solvable,
        "semisimple": found.is_semisimple,
    }
    assert " ".join(name for name, holds in told.items() if holds) == flags


@settings(max_examples=25, deadline=None)
@given(
    text=st.sampled_from(["so(3)", "se(2)", "se(3)", "aff(2)", "gl(2)", "heisenberg(3)"]),
    seed=st.integers(0, 10**6),
)
def test_invariants_do_not_depend_on_the_basis(text: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrices = known_algebra(text)
    k, n, _ = matrices.shape
    change = np.eye(n) + 0.3 * rng.normal(size=(n, n)) / np.sqrt(n)
    mixing = np.linalg.qr(rng.normal(size=(k, k)))[0]
    other = np.einsum("ab,bij->aij", mixing, orthonormal(conjugated(matrices, change)))
    assert of(other).invariants == of(matrices).invariants


@pytest.mark.parametrize("text", ["se(3)", "aff(2)", "gl(3)", "se(1,3)", "aff(3)"])
def test_the_levi_factor_is_a_semisimple_algebra(text: str) -> None:
    rng = np.random.default_rng(0)
    k, n, _ = known_algebra(text).shape
    change = np.eye(n) + 0.2 * rng.normal(size=(n, n))
    mixing = np.linalg.qr(rng.normal(size=(k, k)))[0]
    basis = np.einsum("ab,bij->aij", mixing, orthonormal(conjugated(known_algebra(text), change)))
    found = structure(structure_constants(basis))
    levi = np.einsum("dk,kij->dij", found.levi, basis)
    assert len(levi) + len(found.radical) == k
    assert closure_residual(levi) < 1e-8
    assert of(levi).is_semisimple


def test_a_levi_factor_inside_a_radical_that_is_not_abelian() -> None:
    """sl(2) acts on the Heisenberg algebra; two layers have to be corrected."""
    jacobi = np.zeros((6, 4, 4))
    jacobi[:3, 1:3, 1:3] = known_algebra("sl(2)")
    jacobi[3, 0, 1] = jacobi[3, 2, 3] = jacobi[4, 0, 2] = jacobi[5, 0, 3] = 1
    jacobi[4, 1, 3] = -1
    rng = np.random.default_rng(2)
    mixing = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    basis = np.einsum("ab,bij->aij", mixing, orthonormal(jacobi))
    found = structure(structure_constants(basis))
    levi = np.einsum("dk,kij->dij", found.levi, basis)
    assert closure_residual(basis) < 1e-10
    assert (len(levi), len(found.radical)) == (3, 3)
    assert closure_residual(levi) < 1e-8
    assert of(levi).killing_signature == (2, 1, 0)


def test_a_centre_commutes_with_everything() -> None:
    basis = orthonormal(known_algebra("gl(3)"))
    centre = np.einsum("dk,kij->dij", structure(structure_constants(basis)).centre, basis)
    assert np.abs(centre[0] / centre[0, 0, 0]) == pytest.approx(np.eye(3))


def test_brackets_below_the_tolerance_are_zero() -> None:
    constants = np.zeros((3, 3, 3))
    constants[0, 1, 2], constants[1, 0, 2] = 0.01, -0.01
    assert structure(constants, 0.1).is_abelian
    assert not structure(constants, 0.001).is_abelian


def test_invariants_of_sums_add_up() -> None:
    first, second = (of(known_algebra(text)).invariants for text in ("se(2)", "heisenberg(3)"))
    joined = np.zeros((7, 7, 7))
    joined[:3, :3, :3], joined[3:6, 3:6, 3:6] = known_algebra("se(2)"), 0
    joined[3:6, 3:6, 3:6] = known_algebra("heisenberg(3)")
    joined[6, 6, 6] = 1
    assert of(joined).invariants == sum_of([first, second], abelian_invariants(1))
    assert sum_of([], abelian_invariants(0)).dimension == 0


def test_span_of_brackets_of_parts() -> None:
    basis = orthonormal(known_algebra("se(2)"))
    rows = span_of_brackets(structure_constants(basis), np.eye(3)[:1], np.eye(3)[1:], 1e-9)
    assert np.abs(rows[:, 0]) == pytest.approx([0, 0])
    assert rows @ rows.T == pytest.approx(np.eye(2))
