"""Known algebras: dimension, closure, the forms they keep, and messages."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.algebra.brackets import closure_residual
from symdisc.algebra.known import Call, known_algebra, parse_call
from symdisc.errors import OptionError

CASES = {
    "so(2)": (1, 2),
    "so(3)": (3, 3),
    "so(4)": (6, 4),
    "so(1,3)": (6, 4),
    "so(2, 1)": (3, 3),
    "gl(3)": (9, 3),
    "sl(2)": (3, 2),
    "sl(3)": (8, 3),
    "sp(2)": (3, 2),
    "sp(4)": (10, 4),
    "se(2)": (3, 3),
    "se(3)": (6, 4),
    "se(1,2)": (6, 4),
    "aff(1)": (2, 2),
    "aff(3)": (12, 4),
    "heisenberg(3)": (3, 3),
    "heisenberg(7)": (7, 5),
    "scaling(5)": (1, 5),
}


@pytest.mark.parametrize("text", CASES)
def test_dimension_independence_and_closure(text: str) -> None:
    basis = known_algebra(text)
    k, n = CASES[text]
    assert basis.shape == (k, n, n)
    assert np.linalg.matrix_rank(basis.reshape(k, -1)) == k
    if k > 1:
        assert closure_residual(basis) < 1e-12


def kept(text: str, form: NDArray[np.floating]) -> float:
    basis = known_algebra(text)
    return float(np.abs(basis.transpose(0, 2, 1) @ form + form @ basis).max())


def test_orthogonal_algebras_keep_their_metric() -> None:
    assert kept("so(3)", np.eye(3)) == 0
    assert kept("so(1,3)", np.diag([1.0, -1, -1, -1])) == 0
    assert kept("so(2,1)", np.diag([1.0, 1, -1])) == 0
    assert kept("so(2,1)", np.eye(3)) == 2


def test_symplectic_algebras_keep_the_symplectic_form() -> None:
    assert kept("sp(4)", np.kron([[0.0, 1.0], [-1.0, 0.0]], np.eye(2))) == 0


def test_traceless_and_affine_matrices() -> None:
    assert np.abs(np.trace(known_algebra("sl(4)"), axis1=1, axis2=2)).max() == 0
    assert np.abs(known_algebra("se(3)")[:, 3]).max() == 0
    assert np.array_equal(known_algebra("se(2)")[0, :2, :2], known_algebra("so(2)")[0])


def test_poincare_algebra_is_lorentz_and_translations() -> None:
    basis = known_algebra("se(1,3)")
    assert basis.shape == (10, 5, 5)
    assert np.array_equal(basis[:6, :4, :4], known_algebra("so(1,3)"))
    assert np.array_equal(basis[6:, :4, 4], np.eye(4))


def test_heisenberg_has_one_central_bracket() -> None:
    x, z, p = known_algebra("heisenberg(3)")
    assert np.array_equal(x @ p - p @ x, z)


def test_a_turn_is_counter_clockwise() -> None:
    assert known_algebra("so(2)")[0].tolist() == [[0, -1], [1, 0]]


def test_a_boost_raises_energy_along_momentum() -> None:
    boost = known_algebra("so(1,3)")[0]
    assert boost[0, 1] == boost[1, 0] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("so3", r"'so3' is no known Lie algebra; known: so\(n\), so\(p,q\), gl\(n\)"),
        ("scalin(3)", r"'scalin\(3\)' is no known Lie algebra; known: .*Did you mean 'scaling'\?"),
        ("sp(3)", r"'sp\(3\)' is no Lie algebra: the size of sp must be even; got 3; known"),
        ("gl(2,2)", r"'gl\(2,2\)' is no Lie algebra: it takes another number of sizes; known"),
        (
            "heisenberg(4)",
            r"'heisenberg\(4\)' is no Lie algebra: the dimension of heisenberg must be odd, at "
            r"least 3; got 4; known: .*se\(p,q\), aff\(n\), heisenberg\(n\)",
        ),
        ("so(1)", r"'so\(1\)' has dimension 0: it moves nothing"),
        ("sl(1)", r"'sl\(1\)' has dimension 0: it moves nothing"),
        ("gl(0)", r"'gl\(0\)' has dimension 0: it moves nothing"),
    ],
)
def test_messages(text: str, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        known_algebra(text)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("so(3)", Call("so", (3,))),
        (" Learned( 4 , 2 ) ", Call("learned", (4, 2))),
        ("so(1,2,3)", None),
        ("so(-1)", None),
        ("so", None),
    ],
)
def test_calls(text: str, call: Call | None) -> None:
    assert parse_call(text) == call
