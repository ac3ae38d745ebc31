from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.algebra.conjugation import conjugated, fit_conjugation, orthonormal
from symdisc.algebra.known import known_algebra
from symdisc.algebra.models import LONGEST, aligned, models, without_scaling

Matrix = NDArray[np.float64]


def actions(k: int, n: int) -> set[str]:
    return {model.action for model in models(k, n)}


def test_what_is_compared() -> None:
    assert actions(3, 3) == {
        "SO(3)", "SO(1,2)", "SE(2)", "SE(2) (dual)", "ISO(1,1)", "ISO(1,1) (dual)",
        "Heisenberg(3)", "Heisenberg(3) (dual)",
    }  # fmt: skip
    assert actions(4, 2) == {"GL(2,R)"}
    assert {"SO(1,3) × scaling", "SO(4) × scaling"} <= actions(7, 4)
    assert {"SO(8)", "SO(4,4)", "SE(7)"} <= actions(28, 8)
    assert actions(5, 2) == set()


CASES = [(k, n, model.action) for k, n in ((3, 3), (6, 4), (10, 4), (7, 4), (6, 3)) for model in
         models(k, n)]  # fmt: skip


@pytest.mark.parametrize(("k", "n", "action"), CASES)
def test_starts_lead_to_the_exact_basis(
    k: int, n: int, action: str, disturb: Callable[..., Matrix]
) -> None:
    model = next(model for model in models(k, n) if model.action == action)
    for seed in range(3):
        found = disturb(model.matrices, seed)
        fits = [fit_conjugation(found, model.matrices, start) for start in model.starts(found)]
        assert min(fit.residual for fit in fits) < 1e-5


def test_a_form_with_two_wrong_signs_is_no_start(disturb: Callable[..., Matrix]) -> None:
    euclidean = next(model for model in models(6, 4) if model.action == "SO(4)")
    neutral = next(model for model in models(6, 4) if model.action == "SO(2,2)")
    assert euclidean.starts(disturb(neutral.matrices, 0)) == []


def test_no_start_where_what_all_lose_is_what_all_reach() -> None:
    heisenberg = next(model for model in models(3, 3) if model.action == "Heisenberg(3)")
    diagonal = orthonormal(np.array([np.diag(row) for row in np.diag([0.01, 1.0, 1.0])]))
    assert heisenberg.starts(diagonal) == []


def test_without_scaling() -> None:
    basis = orthonormal(np.concatenate([known_algebra("so(3)"), np.eye(3)[None]]))
    rest = without_scaling(basis).reshape(3, -1)
    rotations = orthonormal(known_algebra("so(3)")).reshape(3, -1)
    assert rest @ rotations.T @ rotations == pytest.approx(rest)


def test_aligned_bases_of_the_standard_span_are_the_identity() -> None:
    rng = np.random.default_rng(0)
    turned = np.eye(4)
    turned[1:, 1:] = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert aligned(turned, (1, 3)) == pytest.approx(np.eye(4))
    matrices = known_algebra("so(1,3)")
    before = orthonormal(conjugated(matrices, turned)).reshape(6, -1)
    after = orthonormal(matrices).reshape(6, -1)
    assert before @ after.T @ after == pytest.approx(before)


@pytest.mark.parametrize("n", range(2, 14))
def test_vectors_of_any_length(n: int) -> None:
    found = [models(k, n) for k in range(2, 2 * n)]
    assert any(found) == (n <= LONGEST)
