"""Latent points as data space shows them."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.representations import Representation
from symdisc.verify.decoded_points import MOST_SEEN, DecodedPoints, DecodedView
from symdisc.verify.displacement import largest_displacement, matched_family

PLANE = Representation.vector(2)
TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64) / math.sqrt(2)


def tripled(codes: Tensor) -> Tensor:
    return 3 * codes


def points(n: int = 50) -> Tensor:
    angle = torch.linspace(0, 6.2, n)
    return torch.stack([angle.cos(), angle.sin()], dim=-1)[:, None]


def view(decode: object = tripled, size: int = 2) -> DecodedView:
    assert callable(decode)
    return DecodedView(decode, torch.zeros(2), torch.ones(size))


def test_small_states_are_seen_whole_in_units_of_their_scales() -> None:
    found = DecodedView.of(
        tripled, torch.tensor([1.0, 0.0]), torch.tensor([1.0, 6.0]), points()[:, 0]
    )
    assert found.directions is None
    assert torch.allclose(found(torch.tensor([0.0, 2.0])), torch.tensor([3.0, 1.0]))


def test_of_large_states_the_principal_coordinates_are_seen() -> None:
    lift = torch.randn(2, 500, generator=torch.Generator().manual_seed(0)).double()
    found = DecodedView.of(lambda z: z @ lift, torch.zeros(2), torch.ones(500), points()[:, 0])
    seen = found(points()[:, 0]).double()
    assert seen.shape == (50, 2)
    whole = points()[:, 0].double() @ lift
    assert torch.allclose(torch.cdist(seen, seen), torch.cdist(whole, whole), atol=1e-4)


def test_no_more_coordinates_are_seen_than_is_affordable() -> None:
    lift = torch.randn(60, 500, generator=torch.Generator().manual_seed(0)).double()
    many = torch.randn(200, 60, generator=torch.Generator().manual_seed(1))
    found = DecodedView.of(lambda z: z @ lift, torch.zeros(60), torch.ones(500), many)
    assert found(many).shape == (200, MOST_SEEN)


def test_few_states_are_decoded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(codes: Tensor) -> Tensor:
        sizes.append(len(codes))
        return 3 * codes

    sizes: list[int] = []
    whole = view()(torch.arange(40.0).reshape(4, 5, 2))
    monkeypatch.setattr("symdisc.verify.decoded_points._NUMBERS", 14)
    assert torch.equal(view(decode)(torch.arange(40.0).reshape(4, 5, 2)), whole)
    assert sizes == [7, 7, 6]


def test_where_a_decoder_breaks_a_point_is_far_away() -> None:
    seen = view(torch.log)(torch.tensor([[-1.0, 0.0], [1.0, 1.0]]))
    assert torch.isfinite(seen).all()
    assert seen[0].abs().min() == 1e6
    assert seen[1].tolist() == [0, 0]


def test_distances_are_those_of_decoded_points() -> None:
    found = DecodedPoints.of(points(), PLANE, view())
    assert found.spread == pytest.approx(3, abs=0.05)
    quarter = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
    distances = found.distances(torch.stack([quarter, torch.eye(2).double()])[None])
    assert distances.shape == (1, 2, 16)
    assert torch.allclose(distances[0, 0], torch.full((16,), 3 * math.sqrt(2)).double(), atol=1e-5)
    assert distances[0, 1].max() < 1e-6


def test_elements_share_the_points_out() -> None:
    """Points at different distances from the origin: together the elements move all of them."""
    line = torch.arange(1.0, 33.0)[:, None, None] * torch.tensor([1.0, 0.0])
    found = DecodedPoints.of(line, PLANE, view())
    double = torch.eye(2).double().expand(8, 2, 2) * 2
    assert sorted(found.distances(double).flatten().tolist()) == [3.0 * i for i in range(1, 33)]
    assert found.distances(double.repeat(8, 1, 1)).shape == (64, 1)


def test_generators_are_matched_by_how_far_they_move_the_data() -> None:
    """Two latent scales, one way to see them: the same displacement in data space."""
    bent = DecodedPoints.of(points(), PLANE, view(lambda z: z * torch.tensor([1.0, 0.1])))
    for target in (0.2, 0.5):
        family = matched_family(TURN, bent, None, target)
        assert float(family.displacement) == pytest.approx(target, rel=0.05)


def test_a_decoder_that_gives_one_state_cannot_be_moved() -> None:
    still = DecodedPoints.of(points(), PLANE, view(lambda z: 0 * z))
    assert still.spread == 0
    assert largest_displacement(TURN, still, None).tolist() == [0]
