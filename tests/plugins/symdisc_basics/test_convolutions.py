from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor, nn

from symdisc_basics.convolutions import Downward, Upward, halved

GRIDS = [(16,), (13,), (8, 12), (9, 6)]


def test_sides_are_halved_and_rounded_up() -> None:
    assert halved((48, 9), 3) == [(48, 9), (24, 5), (12, 3), (6, 2)]


@pytest.mark.parametrize("circular", [False, True])
@pytest.mark.parametrize("grid", GRIDS)
def test_down_and_up_end_where_they_began(grid: tuple[int, ...], circular: bool) -> None:
    grids = halved(grid, 2)
    down = Downward([3, 4, 5], len(grid), "relu", circular)
    up = Upward([5, 4, 3], grids[::-1], "relu", circular)
    small = down(torch.randn(2, 3, *grid))
    assert small.shape == (2, 5, *grids[-1])
    assert up(small).shape == (2, 3, *grid)


def reference(network: nn.Module, x: Tensor) -> Tensor:
    """Plain torch layers on sides that are powers of two, without circularity."""
    up = isinstance(network, Upward)
    names = [name for name, _ in network.named_parameters() if name.startswith("weight")]
    convolve = nn.functional.conv_transpose2d if up else nn.functional.conv2d
    for i, name in enumerate(names):
        weight, bias = network.get_parameter(name), network.get_parameter(f"bias_{i}")
        x = convolve(x, weight, bias, stride=2, padding=1)
        x = x if up and i == len(names) - 1 else torch.relu(x)
    return x


def test_they_are_torchs_convolutions_of_stride_two() -> None:
    torch.manual_seed(0)
    down = Downward([1, 3, 2], 2, "relu", circular=False)
    up = Upward([2, 3, 1], halved((8, 8), 2)[::-1], "relu", circular=False)
    x = torch.randn(4, 1, 8, 8)
    assert torch.allclose(down(x), reference(down, x), atol=1e-6)
    assert torch.allclose(up(down(x)), reference(up, down(x)), atol=1e-6)


def test_circular_networks_commute_with_shifts() -> None:
    torch.manual_seed(0)
    for dimensions in (1, 2):
        grid = (16,) * dimensions
        down = Downward([1, 3, 2], dimensions, "tanh", circular=True)
        up = Upward([2, 3, 1], halved(grid, 2)[::-1], "tanh", circular=True)
        x = torch.randn(2, 1, *grid)
        shifted = x.roll([4] * dimensions, list(range(2, 2 + dimensions)))
        moved = up(down(x)).roll([4] * dimensions, list(range(2, 2 + dimensions)))
        assert torch.allclose(up(down(shifted)), moved, atol=1e-6)


def test_borders_matter_unless_circular() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 1, 16)
    plain, circular = (Downward([1, 2], 1, "relu", c)(x.roll(2, -1)) for c in (False, True))
    torch.manual_seed(0)
    same = Downward([1, 2], 1, "relu", circular=True)
    assert plain.shape == circular.shape
    assert torch.allclose(same(x.roll(2, -1))[..., 1:], same(x)[..., :-1], atol=1e-6)
    border = Downward([1, 2], 1, "relu", circular=False)
    assert not torch.allclose(border(x.roll(2, -1))[..., 1:], border(x)[..., :-1], atol=1e-3)


def test_every_pixel_is_seen_and_made() -> None:
    for grid in GRIDS:
        down = Downward([1, 2], len(grid), "tanh", circular=False)
        x = torch.randn(1, 1, *grid, requires_grad=True)
        (gradient,) = torch.autograd.grad(down(x).sum(), x)
        assert (gradient != 0).all()


def test_a_layer_for_each_pair_of_channels() -> None:
    channels = [1, 4, 8, 16]
    down = Downward(channels, 1, "relu", circular=False)
    shapes = [tuple(p.shape) for name, p in down.named_parameters() if "weight" in name]
    assert shapes == [(after, before, 4) for before, after in itertools.pairwise(channels)]
