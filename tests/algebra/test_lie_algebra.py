from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from symdisc.algebra.brackets import closure_residual, structure_constants
from symdisc.algebra.known import known_algebra
from symdisc.algebra.lie_algebra import RANK_RULE, LieAlgebra, lie_algebra
from symdisc.errors import DataError

Matrix = NDArray[np.float64]


def of(matrices: Matrix) -> LieAlgebra:
    return lie_algebra(torch.tensor(matrices))


@pytest.mark.parametrize("text", ["so(3)", "so(1,3)", "se(2)", "se(3)", "aff(2)", "heisenberg(3)"])
def test_the_canonical_basis_of_standard_matrices_is_theirs(text: str) -> None:
    algebra = of(known_algebra(text)[::-1].copy())
    assert algebra.canonical.numpy() == pytest.approx(known_algebra(text), abs=1e-5)
    assert algebra.change is not None
    assert algebra.distance < 1e-3


def test_a_noisy_span_in_another_basis(disturb: Callable[..., Matrix]) -> None:
    standard = known_algebra("so(1,3)")
    algebra = of(disturb(standard, 0, 0.02))
    assert (algebra.name, algebra.dimension) == ("so(1,3)", 6)
    assert str(algebra) == "so(1,3) ≅ so(3,1) ≅ sl(2,C)"
    assert 0.005 < algebra.closure < 0.2
    assert 0 < algebra.distance < 4
    assert algebra.closed is not None
    assert closure_residual(algebra.closed.numpy()) < 1e-10
    # Brackets of the canonical basis are exactly the standard ones.
    assert algebra.structure_constants.numpy() == pytest.approx(
        structure_constants(standard), abs=1e-8
    )
    eigenvalues = torch.linalg.eigvalsh(algebra.killing_form)
    assert ((eigenvalues > 0).sum(), (eigenvalues < 0).sum()) == (3, 3)
    assert algebra.structure is not None
    assert algebra.structure.killing_signature == (3, 3, 0)
    assert algebra.structure.is_semisimple
    assert algebra.candidates[0].action == "SO(1,3)"


def test_parts_of_an_algebra_are_matrices(disturb: Callable[..., Matrix]) -> None:
    algebra = of(disturb(known_algebra("se(3)"), 1, 0.02))
    assert algebra.name == "se(3)"
    radical, levi = algebra.radical.numpy(), algebra.levi_factor.numpy()
    assert radical.shape == levi.shape == (3, 4, 4)
    assert algebra.centre.shape == (0, 4, 4)
    # Translations commute and are nilpotent; rotations close.
    assert np.abs(radical @ radical).max() < 1e-6
    assert closure_residual(levi) < 1e-6
    assert of(known_algebra("gl(2)")).centre.abs().numpy() == pytest.approx(
        np.eye(2)[None] / np.sqrt(2)
    )


def test_one_generator() -> None:
    algebra = of(known_algebra("so(2)"))
    assert (str(algebra), algebra.synonyms, algebra.candidates) == ("R", (), ())
    assert algebra.identification.reason == (
        "so(2), so(1,1), scalings and shears are all R; their eigenvalues tell them apart"
    )
    assert algebra.structure is not None
    assert algebra.structure.is_abelian
    assert algebra.closure == 0


def test_an_action_without_standard_matrices_has_a_sparse_basis() -> None:
    shifts = known_algebra("se(3)")[3:]
    mixing = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    algebra = of(np.einsum("ab,bij->aij", mixing, shifts))
    assert (algebra.name, algebra.change) == ("R^3", None)
    assert sorted(algebra.canonical.abs().amax(dim=0)[:, 3].tolist()) == pytest.approx([0, 1, 1, 1])


def test_a_closed_algebra_without_a_name() -> None:
    spiral = known_algebra("se(2)").copy()
    spiral[0, :2, :2] += 0.4 * np.eye(2)
    algebra = of(spiral)
    assert (algebra.name, algebra.synonyms) == ("unidentified, dimension 3", ())
    assert algebra.structure is not None
    assert algebra.structure.is_solvable
    assert not algebra.structure.is_unimodular


def test_dependent_generators_count_once() -> None:
    turns = known_algebra("so(3)")
    algebra = of(np.concatenate([turns, turns[:1] + turns[1:2]]))
    assert (algebra.dimension, algebra.name) == (3, "so(3)")
    assert RANK_RULE == (
        "singular values of the generators, each scaled to norm 1, above 0.03 of the largest"
    )


def test_blocks_are_kept_apart() -> None:
    turns = torch.zeros(2, 4, 4, dtype=torch.float64)
    turns[0, :2, :2] = turns[1, 2:, 2:] = torch.tensor(known_algebra("so(2)")[0])
    algebra = lie_algebra(turns, [[0, 1], [2, 3]])
    assert str(algebra) == "R^2"
    assert algebra.identification.action == "SO(2) × SO(2)"


def test_messages() -> None:
    with pytest.raises(DataError, match="all generators are zero: there is no algebra to analyse"):
        of(np.zeros((2, 3, 3)))
    rng = np.random.default_rng(0)
    stray = of(rng.normal(size=(4, 5, 5)))
    assert stray.closed is None
    assert np.isnan(stray.distance)
    for part in ("centre", "radical", "levi_factor"):
        with pytest.raises(DataError, match="near no closed algebra, so its parts are not defined"):
            getattr(stray, part)
