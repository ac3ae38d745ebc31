from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from symdisc.algebra.known import known_algebra
from symdisc.algebra.naming import name_group
from symdisc.algebra.tolerances import GroupName

Matrix = NDArray[np.float64]
N_TRIALS = 20


def pseudo_orthogonal(p: int, q: int) -> Matrix:
    """Standard basis of so(p, q), ``(k, n, n)``."""
    n = p + q
    metric = np.diag([-1.0] * p + [1.0] * q)
    basis = []
    for i in range(n):
        for j in range(i):
            skew = np.zeros((n, n))
            skew[i, j], skew[j, i] = 1.0, -1.0
            basis.append(metric @ skew)
    return np.array(basis)


def conjugated(generators: Matrix, rng: np.random.Generator, condition: float) -> Matrix:
    n = generators.shape[-1]
    left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    change = left @ np.diag(np.geomspace(1, condition, n)) @ right
    return np.asarray(np.linalg.inv(change) @ generators @ change)


def mixed(generators: Matrix, rng: np.random.Generator) -> Matrix:
    k = len(generators)
    rotation = np.linalg.qr(rng.normal(size=(k, k)))[0]
    return np.asarray(np.einsum("ab,bij->aij", rotation, generators))


def noisy(generators: Matrix, rng: np.random.Generator, size: float = 0.01) -> Matrix:
    noise = rng.normal(size=generators.shape)
    noise /= np.linalg.norm(noise, axis=(1, 2), keepdims=True)
    norms = np.linalg.norm(generators, axis=(1, 2), keepdims=True)
    return np.asarray(generators + size * noise * norms)


def name(
    generators: Matrix, blocks: list[list[int]] | None = None, n_vectors: int = 1
) -> GroupName:
    return name_group(torch.tensor(generators), blocks, n_vectors)


TURN = pseudo_orthogonal(0, 2)[0]
PAIRS = [[0, 1], [2, 3], [4, 5], [6, 7]]


@pytest.mark.parametrize("condition", [1.0, 3.0])
@pytest.mark.parametrize(
    ("p", "q", "group"),
    [
        (0, 2, "SO(2)"),
        (0, 3, "SO(3)"),
        (0, 4, "SO(4)"),
        (1, 1, "SO(1,1)"),
        (1, 2, "SO(1,2)"),
        (1, 3, "SO(1,3)"),
    ],
)
def test_groups_that_keep_a_form(p: int, q: int, group: str, condition: float) -> None:
    rng = np.random.default_rng(p + 10 * q)
    for _ in range(N_TRIALS):
        generators = mixed(conjugated(pseudo_orthogonal(p, q), rng, condition), rng)
        found = name(noisy(generators, rng))
        assert found.group == f"{group} on vectors of dimension {p + q}"


def test_evidence_has_the_numbers() -> None:
    assert name(TURN[None]).evidence == (
        "eigenvalues ±1.00i within 0.01 %, kept quadratic form positive definite, condition 1.00"
    )
    assert name(pseudo_orthogonal(1, 3)).evidence.startswith(
        "6 independent generators are those of SO(1,3) up to noise of 0.01 %, in a basis of "
        "condition 1.00; another algebra would need "
    )
    assert name(np.eye(3)[None]).evidence == (
        "the generator is a multiple of the identity within 0.01 %"
    )
    assert name(pseudo_orthogonal(1, 1)).evidence == (
        "eigenvalues ±1.00 (real) within 0.01 %, condition of the eigenvectors 1.00"
    )


def test_scaling() -> None:
    rng = np.random.default_rng(0)
    assert name(noisy(-2 * np.eye(4)[None], rng)).group == "scaling on vectors of dimension 4"


def test_rotation_about_an_axis_says_which() -> None:
    about_z = pseudo_orthogonal(0, 3)[:1]
    assert name(about_z).group == "SO(2) on vectors of dimension 3 (axis (0.00, 0.00, 1.00))"


def test_direct_sum_of_equal_rotations_in_bases_of_their_own() -> None:
    rng = np.random.default_rng(1)
    for _ in range(N_TRIALS):
        generator = np.zeros((8, 8))
        for pair, sign in zip(PAIRS, (1, -1, 1, 1), strict=True):
            block = sign * conjugated(TURN[None], rng, 2.0)[0]
            generator[np.ix_(pair, pair)] = noisy(block[None], rng, 0.02)[0]
        found = name(generator[None], PAIRS)
        assert found.group == "SO(2) on 4 vectors of dimension 2"
        assert "in the other sense" in found.evidence


def test_one_sense() -> None:
    found = name(np.kron(np.eye(4), TURN)[None], PAIRS)
    assert found.evidence.endswith("all turn in the same sense")
    against = name(np.kron(np.diag([1, -1, 1, -1]), TURN)[None], PAIRS)
    assert against.evidence.endswith("vectors 2, 4 in the other sense")


def test_a_vector_that_stays_still() -> None:
    generator = np.kron(np.diag([1.0, 0.02, 1.0, 1.0]), TURN)[None]
    assert name(generator, PAIRS).group == "SO(2) on 3 of 4 vectors of dimension 2"


def test_vectors_that_share_the_generator() -> None:
    assert name(TURN[None], n_vectors=4).group == "SO(2) on 4 vectors of dimension 2"
    shared = name(pseudo_orthogonal(1, 3), n_vectors=2)
    assert shared.group == "SO(1,3) on 2 vectors of dimension 4"


def test_angular_speeds() -> None:
    generator = np.kron(np.diag([1.0, 2.0]), TURN)[None]
    blocks = PAIRS[:2]
    assert name(generator, blocks).group == (
        "SO(2) with angular speeds 1:2 on 2 vectors of dimension 2"
    )
    assert name(generator).group == (
        "SO(2) with angular speeds 1:2 on vectors of dimension 4 (2 planes turned)"
    )


def test_planes_and_fixed_directions_of_a_longer_vector() -> None:
    generator = np.zeros((1, 5, 5))
    generator[0, :2, :2] = generator[0, 2:4, 2:4] = TURN
    assert name(generator).group == (
        "SO(2) on vectors of dimension 5 (2 planes turned, 1 direction fixed)"
    )


def test_boosts_in_blocks() -> None:
    generator = np.kron(np.eye(2), pseudo_orthogonal(1, 1)[0])[None]
    assert name(generator, PAIRS[:2]).group == "SO(1,1) on 2 vectors of dimension 2"


def test_rotations_of_two_blocks_must_belong_together() -> None:
    basis = pseudo_orthogonal(0, 3)
    blocks = [[0, 1, 2], [3, 4, 5]]

    def joined(second: Matrix) -> Matrix:
        zero = np.zeros((3, 3))
        pairs = zip(basis, second, strict=True)
        return np.array([np.block([[a, zero], [zero, b]]) for a, b in pairs])

    assert name(joined(basis), blocks).group == "SO(3) on 2 vectors of dimension 3"
    swapped = name(joined(basis[[1, 0, 2]]), blocks)
    assert swapped.group == "unidentified, dimension 3"
    assert "brackets of the generators leave their span by" in swapped.evidence


def shear() -> Matrix:
    return np.array([[[0.0, 1.0], [0.0, 0.0]]])


def spiral() -> Matrix:
    return np.array([TURN + 0.2 * np.eye(2)])


def two_incommensurate_turns() -> Matrix:
    return np.array([np.kron(np.diag([1.0, np.sqrt(2)]), TURN)])


def growing_turn() -> Matrix:
    """Imaginary eigenvalues, but one plane feeds the other."""
    return np.array([np.block([[TURN, 1.5 * np.eye(2)], [np.zeros((2, 2)), TURN]])])


def drift() -> Matrix:
    generator = np.zeros((1, 4, 4))
    generator[0, :2, :2], generator[0, 2, 3] = TURN, 1.0
    return generator


def squashed_turn() -> Matrix:
    return np.array([[[0.0, -6.0], [1 / 6.0, 0.0]]])


def squashed_boost() -> Matrix:
    return np.array([[[0.0, 6.0], [1 / 6.0, 0.0]]])


@pytest.mark.parametrize(
    ("make", "evidence"),
    [
        (shear, "no eigenvalue can be told from zero"),
        (spiral, "neither all imaginary nor those of a boost or a scaling"),
        (two_incommensurate_turns, "stand in no ratio of small whole numbers"),
        (growing_turn, "no positive definite quadratic form is kept|nearly degenerate"),
        (drift, "no positive definite quadratic form is kept|nearly degenerate"),
        (squashed_turn, "kept quadratic form nearly degenerate: condition 6, above 5; if coord"),
        (squashed_boost, "eigenvectors nearly degenerate: condition 6, above 5; if coordinates"),
    ],
)
def test_one_generator_that_is_no_such_group(make: Callable[[], Matrix], evidence: str) -> None:
    found = name(make())
    assert found.group == "unidentified, dimension 1"
    assert any(part in found.evidence for part in evidence.split("|"))


@pytest.mark.parametrize(("n", "k"), [(3, 1), (4, 1), (8, 1), (2, 2), (3, 3), (4, 6)])
def test_random_generators_have_no_name(n: int, k: int) -> None:
    rng = np.random.default_rng(n)
    named = [name(rng.normal(size=(k, n, n))).group for _ in range(N_TRIALS)]
    assert named == [f"unidentified, dimension {k}"] * N_TRIALS


@pytest.mark.parametrize(
    ("generators", "group", "evidence"),
    [
        (np.zeros((1, 2, 2)), "unidentified, dimension 0", "all generators are zero"),
        (
            np.array([TURN, 2 * TURN]),
            "unidentified, dimension 1",
            "the 2 generators are linearly dependent",
        ),
        (
            pseudo_orthogonal(0, 3)[:2],
            "unidentified, dimension 2",
            "brackets of the generators leave their span by 71 % of their size, and no closed "
            "algebra is as near as noise would allow; the nearest known action, R^2, would need",
        ),
    ],
)
def test_several_generators_without_a_name(generators: Matrix, group: str, evidence: str) -> None:
    found = name(generators)
    assert found.group == group
    assert evidence in found.evidence


def test_several_generators_in_a_basis_that_is_too_skew() -> None:
    squashed = conjugated(pseudo_orthogonal(0, 3), np.random.default_rng(0), 8.0)
    found = name(squashed)
    assert found.group == "unidentified, dimension 3"
    assert found.evidence == (
        "the nearest known action, SO(3), needs a change of basis of condition 8, above 5.5; if "
        "coordinates have very different sizes, rescale them"
    )


def test_blocks_that_do_not_belong_together() -> None:
    rotations, lorentz = pseudo_orthogonal(0, 3), pseudo_orthogonal(1, 2)
    blocks = [[0, 1, 2], [3, 4, 5]]
    both = np.zeros((3, 6, 6))
    both[:, :3, :3], both[:, 3:, 3:] = rotations, lorentz
    assert name(both, blocks).group == "unidentified, dimension 3"


def test_blocks_that_stay_still() -> None:
    both = np.zeros((3, 6, 6))
    both[:, :3, :3] = pseudo_orthogonal(0, 3)
    found = name(both, [[0, 1, 2], [3, 4, 5]])
    assert found.group == "SO(3) on 1 of 2 vectors of dimension 3"


def side_by_side(first: Matrix, second: Matrix) -> Matrix:
    m, n = first.shape[-1], second.shape[-1]
    left = np.pad(first, ((0, 0), (0, n), (0, n)))
    return np.concatenate([left, np.pad(second, ((0, 0), (m, 0), (m, 0)))])


@pytest.mark.parametrize(
    ("generators", "blocks", "group"),
    [
        (
            side_by_side(TURN[None], TURN[None]),
            [[0, 1], [2, 3]],
            "SO(2) × SO(2) on 2 vectors of dimension 2",
        ),
        (
            side_by_side(TURN[None], pseudo_orthogonal(0, 3)),
            [[0, 1], [2, 3, 4]],
            "SO(2) × SO(3) on 2 vectors of dimension 2 and 3",
        ),
        (
            side_by_side(pseudo_orthogonal(0, 3), pseudo_orthogonal(0, 3)),
            None,
            "SO(3) × SO(3) on vectors of dimension 6",
        ),
        (
            np.concatenate([pseudo_orthogonal(1, 3), np.eye(4)[None]]),
            None,
            "SO(1,3) × scaling on vectors of dimension 4",
        ),
        (np.stack([TURN, np.eye(2)]), None, "SO(2) × scaling on vectors of dimension 2"),
        (
            np.array([np.diag([1.0, -1.0, 0]), np.diag([0, 1.0, -1.0]), np.eye(3)]),
            None,
            "scaling × scaling × scaling on vectors of dimension 3",
        ),
        (known_algebra("sl(2)"), None, "SL(2,R) on vectors of dimension 2"),
        (known_algebra("gl(3)"), None, "GL(3,R) on vectors of dimension 3"),
        (known_algebra("se(2)"), None, "SE(2) on vectors of dimension 3"),
        (known_algebra("se(1,3)"), None, "ISO(1,3) on vectors of dimension 5"),
    ],
)
def test_products_and_other_groups(
    generators: Matrix, blocks: list[list[int]] | None, group: str
) -> None:
    rng = np.random.default_rng(0)
    noise = np.abs(generators).sum(axis=0) > 0 if blocks else np.ones(generators.shape[1:])
    for size in (0.0, 0.02):
        assert (
            name(generators + size / 5 * noise * rng.normal(size=generators.shape), blocks).group
            == group
        )


def test_an_action_without_standard_matrices_has_the_name_of_its_algebra() -> None:
    i, j = np.kron(TURN, np.eye(2)), np.kron(np.diag([1.0, -1.0]), TURN)
    quaternions = np.array([i, j, i @ j])
    assert name(quaternions).group == "group with the algebra so(3) on vectors of dimension 4"
    assert "from a closed algebra with the invariants of so(3) (Killing form +0 −3 0·0, " in (
        name(quaternions).evidence
    )


def test_spread_of_seeds_allows_more_noise() -> None:
    rng = np.random.default_rng(3)
    generators = torch.tensor(noisy(pseudo_orthogonal(1, 3), rng, 0.08))
    assert name_group(generators).group == "unidentified, dimension 6"
    assert name_group(generators, spread=0.03).group == "SO(1,3) on vectors of dimension 4"
