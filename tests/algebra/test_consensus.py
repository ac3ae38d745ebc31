from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.algebra.consensus import (
    LINKAGE_ANGLE,
    angles_to,
    canonical_scale,
    find_consensus,
    mean_noise,
)
from symdisc.algebra.spans import largest_angle, numerical_rank
from symdisc.errors import TrainingError

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
STRETCH = torch.eye(2, dtype=torch.float64)


def at(degrees: float) -> Tensor:
    """A generator at this angle from a rotation, towards a scaling."""
    angle = math.radians(degrees)
    return (math.cos(angle) * TURN + math.sin(angle) * STRETCH)[None]


def so3() -> Tensor:
    generators = torch.zeros(3, 3, 3, dtype=torch.float64)
    for index, (i, j) in enumerate([(1, 0), (2, 0), (2, 1)]):
        generators[index, i, j], generators[index, j, i] = 1.0, -1.0
    return generators


def test_seeds_that_agree_are_averaged_whatever_their_signs_and_scales() -> None:
    seeds = torch.stack([2 * at(4.0), -0.3 * at(-4.0), at(0.0), at(70.0)])
    found = find_consensus(seeds)
    assert found.members == (True, True, True, False)
    assert found.agreement == 0.75
    assert found.has_consensus
    assert torch.allclose(found.generators, TURN[None], atol=1e-12)
    assert found.angles == pytest.approx((4.0, 4.0, 0.0, 70.0), abs=1e-6)
    assert found.failed == {}


def test_single_linkage_chains() -> None:
    step = LINKAGE_ANGLE - 1
    found = find_consensus(torch.stack([at(0.0), at(step), at(2 * step), at(3 * step + 3)]))
    assert found.members == (True, True, True, False)


def test_exactly_half_is_a_consensus_and_less_is_none() -> None:
    half = find_consensus(torch.stack([at(0.0), at(1.0), at(30.0), at(60.0)]))
    assert half.agreement == 0.5
    assert half.has_consensus
    less = find_consensus(torch.stack([at(0.0), at(1.0), at(30.0), at(60.0), at(88.0)]))
    assert less.members == (True, True, False, False, False)
    assert not less.has_consensus
    assert less.generators.shape == (1, 2, 2)


def test_unusable_seeds_are_left_out_with_the_reason_but_count() -> None:
    seeds = torch.stack([at(0.0), math.nan * at(0.0), 0 * at(0.0)])
    found = find_consensus(seeds)
    assert found.failed == {1: "generators are not finite", 2: "generators are zero"}
    assert found.agreement == pytest.approx(1 / 3)
    assert not found.has_consensus
    assert [math.isnan(angle) for angle in found.angles] == [False, True, True]


def test_no_usable_seed() -> None:
    seeds = torch.stack([math.inf * at(0.0), 0 * at(0.0)])
    with pytest.raises(
        TrainingError,
        match=r"no seed ended with usable generators \(member 0: generators are not finite; "
        r"member 1: generators are zero\)",
    ):
        find_consensus(seeds)


def test_spans_of_different_dimension_do_not_agree() -> None:
    plane = torch.stack([TURN, STRETCH])
    line = torch.stack([TURN, TURN])
    found = find_consensus(torch.stack([plane, plane, line]))
    assert found.members == (True, True, False)
    assert found.angles[2] == 90.0


def test_a_span_of_lower_dimension_gives_as_many_generators() -> None:
    line = torch.stack([TURN, TURN])
    assert find_consensus(torch.stack([line, line])).generators.shape == (1, 2, 2)


def test_basis_depends_on_the_span_only() -> None:
    rng = torch.Generator().manual_seed(0)
    seeds = []
    for _ in range(5):
        mix, _ = torch.linalg.qr(torch.randn(3, 3, generator=rng, dtype=torch.float64))
        noise = 0.01 * torch.randn(3, 3, 3, generator=rng, dtype=torch.float64)
        seeds.append(torch.einsum("ab,bij->aij", mix, so3()) + noise)
    found = find_consensus(torch.stack(seeds))
    assert found.agreement == 1.0
    assert numerical_rank(found.generators) == 3
    assert largest_angle(so3(), found.generators) < 2
    for generator in found.generators:
        assert min(float((generator - truth).abs().max()) for truth in so3()) < 0.05


def test_angles_to() -> None:
    angles = angles_to(TURN[None], torch.stack([at(30.0), math.nan * at(0.0)]))
    assert angles[0] == pytest.approx(30.0)
    assert math.isnan(angles[1])


@pytest.mark.parametrize("factor", [7.0, -0.01])
def test_canonical_scale_of_a_rotation(factor: float) -> None:
    assert torch.allclose(canonical_scale(factor * TURN[None]), TURN[None])


def test_canonical_sign_is_stable_under_noise() -> None:
    for noise in (-0.02, 0.02):
        nearly = torch.tensor([[[0.0, -1.0 - noise], [1.0 + noise, 0.0]]])
        assert canonical_scale(nearly)[0, 1, 0] > 0


def test_canonical_scale_of_a_shear_is_the_norm_and_zero_stays() -> None:
    shear = torch.tensor([[0.0, -5.0], [0.001, 0.0]])
    scaled = canonical_scale(torch.stack([shear, 0 * shear]))
    assert float(torch.linalg.matrix_norm(scaled[0])) == pytest.approx(1.0)
    assert scaled[0, 0, 1] == pytest.approx(1.0, rel=1e-4)
    assert not bool(scaled[1].any())
    assert canonical_scale(torch.zeros(0, 2, 2)).shape == (0, 2, 2)


def test_a_seed_that_agrees_with_itself_only_is_no_consensus() -> None:
    assert not find_consensus(torch.stack([at(0.0), at(60.0)])).has_consensus
    assert find_consensus(at(0.0)[None]).has_consensus


def test_of_two_equally_large_clusters_none_is_a_consensus() -> None:
    tie = find_consensus(torch.stack([at(0.0), at(1.0), at(60.0), at(61.0)]))
    assert tie.agreement == 0.5
    assert not tie.has_consensus


def test_noise_of_the_mean_of_seeds() -> None:
    rng = torch.Generator().manual_seed(0)
    noise = torch.randn(9, 3, 3, 3, generator=rng, dtype=torch.float64)
    noise *= 0.05 * math.sqrt(2) / torch.linalg.matrix_norm(noise)[..., None, None]
    seeds = so3() + noise
    found = find_consensus(seeds)
    # A seed has noise of 5 %, of which 6 of 9 dimensions lie outside the span.
    expected = 0.05 * math.sqrt(6 / 9) / 3
    assert mean_noise(found.generators, seeds) == pytest.approx(expected, rel=0.15)


def test_one_seed_tells_nothing_about_its_noise() -> None:
    assert mean_noise(so3(), so3()[None]) == 0


def test_seeds_with_more_generators_than_the_consensus() -> None:
    more = torch.cat([so3(), torch.eye(3, dtype=torch.float64)[None]])
    assert mean_noise(so3(), torch.stack([more, more])) == pytest.approx(0, abs=1e-12)
