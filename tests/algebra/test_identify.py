from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from symdisc.algebra.conjugation import conjugated, orthonormal
from symdisc.algebra.identify import Identification, identify
from symdisc.algebra.known import known_algebra
from symdisc.algebra.table import TABLE

Matrix = NDArray[np.float64]
SMALL = [
    (name, text)
    for name, entry in TABLE.items()
    for text in (entry.matrices, *entry.others)
    if known_algebra(text).shape[-1] <= 5
]
LARGE = [
    ("so(7)", "so(7)"),
    ("so(3,4)", "so(3,4)"),
    ("so(2,6)", "so(2,6)"),
    ("sl(8,R)", "sl(8)"),
    ("sp(6,R)", "sp(6)"),
    ("se(6)", "se(6)"),
    ("aff(7,R)", "aff(7)"),
    ("heisenberg(13)", "heisenberg(13)"),
]


def of(matrices: Matrix, spread: float = 0.0) -> Identification:
    basis = orthonormal(matrices)
    return identify(basis, [list(range(basis.shape[-1]))], spread)


def named(matrices: Matrix) -> str:
    found = of(matrices).algebra
    return "" if found is None else found.name


def spin(matrices: int) -> Matrix:
    """The irreducible action of sl(2) on vectors of this length."""
    n = matrices
    raising, lowering = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n - 1):
        raising[i, i + 1], lowering[i + 1, i] = n - 1 - i, i + 1
    return np.array([raising, lowering, np.diag(np.arange(n - 1.0, -n, -2))])


@pytest.mark.parametrize(("name", "text"), [*SMALL, *LARGE])
def test_every_algebra_in_random_bases_with_and_without_noise(
    name: str, text: str, disturb: Callable[..., Matrix]
) -> None:
    matrices = known_algebra(text)
    for seed, noise in enumerate((0.0, 0.01, 0.02)):
        found = of(disturb(matrices, seed, noise))
        assert found.algebra is not None, found.reason
        assert found.algebra.name == name
        assert found.change is not None


@settings(max_examples=30, deadline=None)
@given(
    case=st.sampled_from([case for case in SMALL if len(known_algebra(case[1])) <= 10]),
    seed=st.integers(0, 10**6),
    condition=st.floats(1.0, 4.5),
)
def test_names_do_not_depend_on_the_basis(
    case: tuple[str, str], seed: int, condition: float
) -> None:
    rng = np.random.default_rng(seed)
    name, matrices = case[0], known_algebra(case[1])
    k, n, _ = matrices.shape
    left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    change = left @ np.diag(np.geomspace(1, condition, n)) @ right
    mixing = rng.normal(size=(k, k)) + 3 * np.eye(k)
    other = np.einsum("ab,bij->aij", mixing, conjugated(matrices, change))
    assert named(other) == name


@pytest.mark.parametrize(
    ("matrices", "name"),
    [
        (spin(4), "so(1,2)"),
        (spin(5), "so(1,2)"),
        (known_algebra("se(3)")[3:], "R^3"),
        (np.concatenate([known_algebra("so(2)"), np.eye(2)[None]]), "R^2"),
        (np.concatenate([known_algebra("so(1,3)"), np.eye(4)[None]]), "so(1,3) ⊕ R"),
    ],
)
def test_algebras_that_act_otherwise(
    matrices: Matrix, name: str, disturb: Callable[..., Matrix]
) -> None:
    for seed, noise in enumerate((0.0, 0.01)):
        assert named(disturb(matrices, seed, noise, condition=1.5)) == name


@pytest.mark.parametrize(
    ("n", "k"), [(2, 3), (3, 2), (3, 3), (3, 8), (4, 2), (4, 6), (4, 7), (4, 10), (5, 10)]
)
def test_random_spans_have_no_name(n: int, k: int) -> None:
    rng = np.random.default_rng(10 * n + k)
    found = [of(rng.normal(size=(k, n, n))) for _ in range(8)]
    assert [one.algebra for one in found] == [None] * 8
    assert all(one.matrices is None and one.change is None for one in found)


@pytest.mark.parametrize("n", [3, 4])
def test_one_generator_replaced_has_no_name(n: int) -> None:
    rng = np.random.default_rng(n)
    for _ in range(8):
        matrices = known_algebra(f"so({n})").copy()
        matrices[0] = rng.normal(size=(n, n))
        assert named(matrices) == ""


def test_a_span_that_is_not_closed() -> None:
    found = of(known_algebra("so(3)")[:2])
    assert found.algebra is None
    assert found.reason.startswith(
        "brackets of the generators leave their span by 71 % of their size, and no closed algebra "
        "is as near as noise would allow; the nearest known action, R^2, would need "
    )
    many = np.random.default_rng(0).normal(size=(5, 2, 2))[:3]
    assert "; the nearest known action, " in of(many).reason


def test_a_closed_algebra_that_the_table_lacks() -> None:
    """Rotations of the plane that also grow, and translations."""
    spiral = known_algebra("se(2)").copy()
    spiral[0, :2, :2] += 0.4 * np.eye(2)
    found = of(spiral)
    assert found.algebra is None
    assert found.reason == (
        "no algebra of the table has its invariants: Killing form +0 −1 0·2, derived series "
        "3, 2, 0, centre of dimension 0, radical of dimension 3, not unimodular"
    )


def test_noise_that_leaves_open_what_is_zero(disturb: Callable[..., Matrix]) -> None:
    spiral = known_algebra("se(2)").copy()
    spiral[0, :2, :2] += 0.4 * np.eye(2)
    reasons = [of(disturb(spiral, seed, 0.03, 4.0)).reason for seed in range(10)]
    start = "what noise leaves open decides between algebras: one with Killing form +"
    told = [reason for reason in reasons if reason.startswith(start)]
    assert told
    assert all(", or one with Killing form +" in reason for reason in told)


def test_several_algebras_with_the_same_invariants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two Heisenberg algebras of dimensions 3 and 7, or of 5 and 5."""
    small, large = known_algebra("heisenberg(3)"), known_algebra("heisenberg(7)")
    left = np.pad(small, ((0, 0), (0, 5), (0, 5)))
    both = np.concatenate([left, np.pad(large, ((0, 0), (3, 0), (3, 0)))])
    assert named(both) == "heisenberg(3) ⊕ heisenberg(7)"
    monkeypatch.setattr("symdisc.algebra.identify.fits", lambda basis, groups: [])
    found = of(both)
    assert found.algebra is None
    assert found.reason == (
        "several algebras have its invariants (Killing form +0 −0 0·10, derived series 10, 2, 0, "
        "centre of dimension 2, radical of dimension 10): heisenberg(3) ⊕ heisenberg(7), "
        "heisenberg(5) ⊕ heisenberg(5)"
    )


def test_too_skew_a_basis() -> None:
    change = np.diag([1.0, 2.0, 9.0])
    found = of(conjugated(known_algebra("so(3)"), change))
    assert found.reason == (
        "the nearest known action, SO(3), needs a change of basis of condition 9, above 5.5; if "
        "coordinates have very different sizes, rescale them"
    )


def test_two_algebras_that_noise_cannot_tell_apart(disturb: Callable[..., Matrix]) -> None:
    """Rotations in a skew basis are nearly motions of the plane."""
    skew = conjugated(known_algebra("so(3)"), np.diag([1.0, 1.0, 6.5]))
    reasons = [of(disturb(skew, seed, 0.04, 1.0)).reason for seed in range(20)]
    fit = r"[A-Z]\S+( \(dual\))?"
    pattern = rf"{fit} fits up to noise of .* %, but {fit} \(noise .* %, basis of condition .*\) is"
    told = [reason for reason in reasons if reason.endswith("is nearly as likely")]
    assert told
    assert all(re.match(pattern, reason) for reason in told)


def test_the_reason_of_a_name_has_the_numbers(disturb: Callable[..., Matrix]) -> None:
    found = of(disturb(known_algebra("so(3)"), 1, 0.02, 2.0))
    assert found.reason.startswith("3 independent generators are those of SO(3) up to noise of ")
    assert ", in a basis of condition 2" in found.reason
    assert "; another algebra would need " in found.reason
    everything = of(known_algebra("gl(2)"))
    assert everything.reason == (
        "4 independent generators are those of GL(2,R) up to noise of 0.01 %, in a basis of "
        "condition 1.00"
    )
    shifts = of(known_algebra("se(3)")[3:])
    assert shifts.reason.startswith("3 independent generators commute up to noise of 0.01 %")
    assert of(spin(4)).reason.startswith(
        "the 3 independent generators are 0.01 % from a closed algebra with the invariants of "
        "so(1,2) (Killing form +2 −1 0·0, derived series 3, centre of dimension 0, radical of "
        "dimension 0)"
    )


def test_invariants_confirm_an_action_that_is_farther_off() -> None:
    """One generator of seven, the scaling, is much worse than the others."""
    uneven = np.diag([0.73, 1.0, 0.96, 0.95])[None]
    found = of(np.concatenate([known_algebra("so(1,3)"), uneven]))
    assert found.algebra is not None
    assert (found.algebra.name, found.action) == ("so(1,3) ⊕ R", "SO(1,3) × scaling")
    assert found.candidates[0].noise > 0.05
    assert re.search(
        r"with the invariants of so\(1,3\) ⊕ R \(.*\), and are those of SO\(1,3\) × scaling up to "
        r"noise of ",
        found.reason,
    )


def test_candidates_are_listed_best_first(disturb: Callable[..., Matrix]) -> None:
    found = of(disturb(known_algebra("so(1,2)"), 0, 0.01))
    first = found.candidates[0]
    assert (first.algebra, first.action) == ("so(1,2)", "SO(1,2)")
    assert first.noise == pytest.approx(0.01, rel=0.5)
    assert first.condition == pytest.approx(3, rel=0.3)
    actions = [candidate.action for candidate in found.candidates]
    assert len(actions) == len(set(actions)) > 3
    assert all(candidate.noise > 0.05 for candidate in found.candidates if "SE" in candidate.action)


def test_spread_raises_what_is_allowed_at_most_twofold(disturb: Callable[..., Matrix]) -> None:
    moderate = disturb(known_algebra("so(1,3)"), 0, 0.08, 1.5)
    assert of(moderate).algebra is None
    assert of(moderate, spread=0.03).algebra is not None
    assert of(disturb(known_algebra("so(1,3)"), 0, 0.2, 1.5), spread=1.0).algebra is None
