from __future__ import annotations

import numpy as np
import pytest

from symdisc.algebra.conjugation import orthonormal
from symdisc.algebra.known import known_algebra
from symdisc.algebra.sparse import sparse_basis


@pytest.mark.parametrize("text", ["so(3)", "so(4)", "se(2)", "aff(2)"])
def test_standard_bases_are_found_again(text: str) -> None:
    rng = np.random.default_rng(0)
    standard = orthonormal(known_algebra(text))
    k = len(standard)
    mixing = np.linalg.qr(rng.normal(size=(k, k)))[0]
    found = sparse_basis(np.einsum("ab,bij->aij", mixing, standard)).reshape(k, -1)
    overlaps = np.abs(found @ standard.reshape(k, -1).T)
    assert np.sort(overlaps, axis=1)[:, -1] == pytest.approx(np.ones(k), abs=1e-6)
    assert found @ found.T == pytest.approx(np.eye(k))


def test_signs_are_fixed() -> None:
    basis = orthonormal(known_algebra("so(3)"))
    assert sparse_basis(-basis) == pytest.approx(sparse_basis(basis))
    first = sparse_basis(basis)[0]
    assert first.ravel()[np.flatnonzero(np.abs(first) > 0.1)[0]] > 0
