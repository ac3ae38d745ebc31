"""What steps share: random moves of the asked size, and the scale of the data."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.representations import Representation
from symdisc_basics.coefficients import IntegerGrid, IntegerGridOptions
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.parts import LatentParts
from tests.plugins.symdisc_laligan.rings import context, rings

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]]).expand(2, 1, 2, 2)


def angles(reach: float, whole: bool) -> Tensor:
    """By how much one and the same draw turns points, ``(2, 5)``."""
    run = context(rings())
    if whole:
        run.make_coefficients = lambda k: IntegerGrid(IntegerGridOptions(largest=1), k)
    group = run.ensemble("group")
    parts = LatentParts.of(run, group, Representation.vector(2), LaLiGANOptions())
    points = torch.tensor([1.0, 0.0]).expand(2, 5, 1, 2)
    rng = torch.Generator().manual_seed(0)
    moved = parts.moved(points, None, TURN, rng, reach).moved
    return torch.atan2(moved[:, :, 0, 1], moved[:, :, 0, 0])


def test_moves_are_scaled_unless_they_are_whole() -> None:
    torch.testing.assert_close(angles(0.5, whole=False), 0.5 * angles(1.0, whole=False))
    torch.testing.assert_close(angles(0.5, whole=True), angles(1.0, whole=True))
    assert set(angles(0.5, whole=True).flatten().round().tolist()) == {-1.0, 0.0, 1.0}


def test_coordinates_of_one_unit_share_a_scale() -> None:
    samples = rings()
    run = context(samples)
    parts = LatentParts.of(run, run.ensemble("group"), Representation.vector(2), LaLiGANOptions())
    variance = samples.states.flatten(0, 1).var(0, correction=0).mean()
    torch.testing.assert_close(parts.scale, variance.sqrt().expand(2))


def test_the_size_of_a_generator_means_something_with_whole_coefficients() -> None:
    run = context(rings())
    run.make_coefficients = lambda k: IntegerGrid(IntegerGridOptions(largest=1), k)
    group = run.ensemble("group")
    parts = LatentParts.of(run, group, Representation.vector(2), LaLiGANOptions())
    torch.testing.assert_close(parts.acting(), group.call("generators"), rtol=0, atol=0)
