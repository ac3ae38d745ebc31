"""Every term against its value where that is known."""

from __future__ import annotations

import math

import pytest
import torch

from symdisc_laligan import terms

RNG = torch.Generator().manual_seed(0)


def test_reconstruction_is_relative_to_the_scale() -> None:
    states = torch.randn(2, 50, 2, 3, generator=RNG)
    scale = torch.tensor([1.0, 10.0, 0.1])
    error = terms.reconstruction(states, states + scale * torch.tensor([0.1, 0.2, 0.3]), scale)
    torch.testing.assert_close(error, torch.full((2,), (0.01 + 0.04 + 0.09) / 3))


def test_predicting_no_change_costs_one() -> None:
    changed = torch.randn(3, 100, 2, generator=RNG) * torch.tensor([1.0, 5.0, 0.01])[:, None, None]
    unit = terms.root_mean_square(changed)
    nothing = terms.conditional(torch.zeros_like(changed), changed, unit)
    torch.testing.assert_close(nothing, torch.ones(3))
    all_of_it = terms.conditional(changed / unit, changed, unit)
    torch.testing.assert_close(all_of_it, torch.zeros(3))


def test_changes_are_those_between_neighbours() -> None:
    codes = torch.tensor([0.0, 1.0, 3.0]).reshape(1, 1, 3, 1)
    assert terms.changes(codes).flatten().tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("stretch", "offset", "expected"),
    [
        ((1.0, 1.0), (0.0, 0.0), 0.0),
        ((2.0, 2.0), (0.0, 0.0), 9.0),  # the mean square is 4 instead of 1
        ((math.sqrt(2), 0.0), (0.0, 0.0), 0.25),  # one variance is half a unit below the floor
        ((1.0, 1.0), (math.sqrt(2), 0.0), 1.0),  # an offset counts as size
        ((math.sqrt(1.4), math.sqrt(0.6)), (0.0, 0.0), 0.0),  # unlike variances above the floor
    ],
)
def test_spread(stretch: tuple[float, float], offset: tuple[float, float], expected: float) -> None:
    angle = torch.linspace(0, 2 * math.pi, 401)[:-1]
    circle = math.sqrt(2) * torch.stack([angle.cos(), angle.sin()], dim=-1)
    codes = (circle * torch.tensor(stretch) + torch.tensor(offset))[None, :, None]
    assert terms.spread(codes, 0.5).item() == pytest.approx(expected, abs=1e-4)


def test_spread_has_gradients_where_variances_are_equal() -> None:
    codes = (0.1 * torch.randn(2, 64, 1, 3, generator=RNG)).requires_grad_()
    (gradient,) = torch.autograd.grad(terms.spread(codes, 0.5).sum(), codes)
    assert gradient.isfinite().all()
    assert gradient.abs().max() > 0


def tumbling(rows: int = 4000) -> torch.Tensor:
    """Windows of a slow and a fast coordinate, independent of each other."""
    start, step = (torch.randn(1, rows, 2, generator=RNG) for _ in range(2))
    share = torch.tensor([0.1, 0.9])
    return torch.stack([start, (1 - share) ** 0.5 * start + share**0.5 * step], dim=2)


def test_slowness_is_the_mean_over_directions_of_change_over_variance() -> None:
    codes = tumbling()
    expected = (2 - 2 * (1 - torch.tensor([0.1, 0.9])) ** 0.5).mean()
    assert terms.slowness(codes).item() == pytest.approx(expected.item(), rel=0.05)
    bent = codes @ torch.tensor([[1.0, 2.0], [0.0, 0.1]]) + 3
    torch.testing.assert_close(terms.slowness(bent), terms.slowness(codes), rtol=0.05, atol=0)


def test_slowness_of_flat_points_is_finite_and_has_gradients() -> None:
    codes = (tumbling(64) * torch.tensor([1.0, 0.0])).requires_grad_()
    slow = terms.slowness(codes)
    (gradient,) = torch.autograd.grad(slow.sum(), codes)
    assert slow.isfinite().all()
    assert gradient.isfinite().all()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (torch.eye(3), 0.0),
        (0 * torch.eye(3), 1.0),
        (2**0.5 * torch.eye(3), 1.0),  # |V|^2 is twice what it should be
        (torch.tensor([[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]]), 2 * 0.6**2 / 3),
    ],
)
def test_crookedness_of_three_vectors(change: torch.Tensor, expected: float) -> None:
    turns = torch.linalg.qr(torch.randn(2, 50, 2, 3, 3, generator=RNG))[0]
    vectors = 3**0.5 * change @ turns  # rows are the vectors
    found = terms.crookedness(vectors.flatten(-2), 3)
    torch.testing.assert_close(found, torch.full((2,), expected), atol=1e-5, rtol=1e-4)


def test_similarity_of_turned_windows() -> None:
    codes = torch.randn(1, 400, 2, 2, generator=RNG)
    quarter = codes @ torch.tensor([[0.0, 1.0], [-1.0, 0.0]])
    assert terms.similarity(codes, codes).item() == pytest.approx(1.0, abs=1e-5)
    assert terms.similarity(codes, -codes).item() == pytest.approx(1.0, abs=1e-5)
    assert terms.similarity(codes, quarter).item() == pytest.approx(0.0, abs=1e-5)


def test_overlap_does_not_depend_on_sizes() -> None:
    turn, scaling = torch.tensor([[0.0, -1.0], [1.0, 0.0]]), torch.eye(2)
    pairs = torch.stack(
        [torch.stack([turn, 3 * turn]), torch.stack([turn, scaling]), torch.stack([turn, -turn])]
    )
    torch.testing.assert_close(terms.overlap(pairs), torch.tensor([1.0, 0.0, 1.0]))
