"""Seeds in coordinates of their own are compared in those of one of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from symdisc.algebra.spans import cosine
from symdisc.aligning import Aligned, align_seeds
from symdisc.data.samples import Samples
from symdisc.errors import TrainingError
from symdisc.interfaces import Discovery
from symdisc.representations import Representation
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.latent_figures import Coded, CoordinateFigures, LatentLimits

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
GOOD = CoordinateFigures(1e-4, 1.2, 2.0)
LIMITS = LatentLimits.of(DefectOptions())
SEEDS = (10, 11, 12, 13)


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


POINTS = normal(300, 1, 2)
BASES = [torch.eye(2).double(), normal(2, 2, seed=1), normal(2, 2, seed=2), normal(2, 2, seed=3)]


def coded(codes: Tensor, form: str = "V2") -> Coded:
    shape = Representation.parse(form)
    samples = Samples(codes.float(), torch.arange(len(codes)), Representation.vector(shape.size))
    return Coded(samples, codes, codes, shape)


def linear(places: Sequence[int] = range(4)) -> tuple[Tensor, list[Coded]]:
    """Coordinates that differ by their basis, and the turn in each."""
    chosen = [BASES[i] for i in places]
    generators = [b @ TURN @ torch.linalg.inv(b) for b in chosen]
    return torch.stack(generators)[:, None], [coded(POINTS @ b.T) for b in chosen]


def aligned(
    generators: Tensor,
    rows: Sequence[Coded],
    figures: Sequence[CoordinateFigures] | None = None,
    criterion: Sequence[float | None] | None = None,
    mask: Tensor | None = None,
) -> Aligned:
    n = generators.shape[-1]
    found = Discovery(generators, torch.ones(n, n) if mask is None else mask)
    return align_seeds(found, rows, figures or [GOOD] * len(rows), LIMITS, SEEDS, criterion)


def test_generators_are_carried_into_the_coordinates_of_one_seed() -> None:
    generators, rows = linear()
    found = aligned(generators, rows)
    assert found.failed == {}
    assert found.r_squared == pytest.approx((1.0,) * 4)
    target = generators[found.representative, 0]
    assert all(cosine(one, target) > 1 - 1e-9 for one in found.generators[:, 0])


@pytest.mark.parametrize("best", [0, 2])
def test_of_seeds_that_agree_the_best_is_the_representative(best: int) -> None:
    generators, rows = linear()
    figures = [replace(GOOD, reconstruction=1e-5 if e == best else 1e-3) for e in range(4)]
    assert aligned(generators, rows, figures).representative == best
    criterion = [0.5, 0.5, 0.5, 0.1]
    assert aligned(generators, rows, figures, criterion).representative == 3
    assert aligned(generators, rows, figures, [0.5, None, 0.4, math.nan]).representative == 2


def test_agreement_counts_more_than_quality() -> None:
    """The seed that reconstructs best has found something else."""
    generators, rows = linear()
    generators[1, 0] = generators[1, 0] @ generators[1, 0].T
    figures = [replace(GOOD, reconstruction=1e-9 if e == 1 else 1e-3) for e in range(4)]
    found = aligned(generators, rows, figures)
    assert found.representative != 1
    assert found.failed == {}


def test_coordinates_that_are_no_affine_image_are_left_out() -> None:
    generators, rows = linear()
    bent = rows[2].codes.clone()
    bent[..., 0] += 2 * bent[..., 1] ** 2
    rows[2] = coded(bent)
    found = aligned(generators, rows)
    seed = SEEDS[found.representative]
    with pytest.raises(AssertionError, match=rf"those of seed {seed}: R² 0\.\d\d, at least 0.9 is"):
        raise AssertionError(found.failed[2])
    assert list(found.failed) == [2]
    assert found.generators[2].isnan().all()
    assert found.r_squared[2] < 0.9


def test_degenerate_coordinates_are_left_out_before_anything_is_fitted() -> None:
    generators, rows = linear()
    figures = [replace(GOOD, condition=math.inf if e == 0 else 1.0) for e in range(4)]
    found = aligned(generators, rows, figures)
    assert list(found.failed) == [0]
    assert math.isnan(found.r_squared[0])
    assert found.representative != 0


def test_where_no_seed_is_any_good_the_least_bad_one_stands_for_all() -> None:
    generators, rows = linear()
    figures = [replace(GOOD, reconstruction=0.5 - 0.1 * e) for e in range(4)]
    found = aligned(generators, rows, figures)
    assert (found.representative, list(found.failed)) == (3, [0, 1, 2, 3])
    assert torch.equal(found.generators[3], generators[3])


def test_seeds_whose_generators_are_of_no_use_are_left_out() -> None:
    generators, rows = linear()
    generators[0] = math.nan
    generators[1] = 0
    assert aligned(generators, rows).failed == {
        0: "generators are not finite",
        1: "generators are zero",
    }
    with pytest.raises(TrainingError, match=r"\(seed 10: generators are zero; seed 11: "):
        aligned(0 * linear()[0], rows)


def test_blocks_are_aligned_one_by_one() -> None:
    """The second block of the second seed is bent, and the first is not mixed with it."""
    mask = torch.block_diag(torch.ones(2, 2), torch.ones(2, 2))  # type: ignore[no-untyped-call]
    points = normal(300, 1, 4)
    both = torch.block_diag(TURN, 2 * TURN)  # type: ignore[no-untyped-call]
    basis = torch.block_diag(BASES[1], BASES[2])  # type: ignore[no-untyped-call]
    generators = torch.stack([both, basis @ both @ torch.linalg.inv(basis)])[:, None]
    rows = [coded(points, "V4"), coded(points @ basis.T, "V4")]
    found = aligned(generators, rows, mask=mask)
    assert found.failed == {}
    assert torch.allclose(found.generators[0], found.generators[1])
    bent = rows[1].codes.clone()
    bent[..., 3] += 3 * bent[..., 2] ** 2
    assert list(aligned(generators, [rows[0], coded(bent, "V4")], mask=mask).failed) == [1]


def test_coordinates_that_nothing_moves_need_no_map() -> None:
    mask = torch.zeros(3, 3)
    mask[:2, :2] = 1
    points = normal(300, 1, 3)
    other = points.clone()
    other[..., 2] = normal(300, 1, seed=9)
    generators = torch.zeros(2, 1, 3, 3, dtype=torch.float64)
    generators[:, :, :2, :2] = TURN
    assert aligned(generators, [coded(points, "V3"), coded(other, "V3")], mask=mask).failed == {}


def test_vectors_that_turn_in_different_senses_cannot_share_a_generator() -> None:
    points = normal(300, 1, 4)
    mirrored = points * torch.tensor([1.0, 1.0, 1.0, -1.0])
    generators = TURN.expand(2, 1, 2, 2)
    found = aligned(generators, [coded(points, "2*V2"), coded(mirrored, "2*V2")])
    (reason,) = found.failed.values()
    assert "its generators do not move all vectors alike: 100% of them is lost" in reason
