from __future__ import annotations

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.options import parse_options
from symdisc_basics.encoders.conv_pair import ConvEncoderOptions, ConvPair


def test_channels_double_and_sides_halve() -> None:
    pair = ConvPair(ConvEncoderOptions(), 3, (48, 32))
    assert pair.channels == [3, 16, 32, 64]
    assert pair.grids == [(48, 32), (24, 16), (12, 8), (6, 4)]
    assert tuple(pair.head.get_parameter("weight_0").shape) == (64 * 6 * 4, 128)


def test_there_and_back() -> None:
    pair = ConvPair(ConvEncoderOptions(width=4, levels=2, hidden=5, latent_dim=3), 2, (5, 6))
    z = pair.encode(torch.randn(7, 60))
    assert z.shape == (7, 3)
    assert pair.decode(z).shape == (7, 60)


@pytest.mark.parametrize(
    ("grid", "problem"),
    [
        ((6, 48), r"at least 8 points along each; got 6x48; use --set encoder.levels=2 or less"),
        ((1,), r"a grid of 1 is too small for convolutions; use --encoder mlp"),
    ],
)
def test_grids_too_small_for_the_levels(grid: tuple[int, ...], problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        ConvPair(ConvEncoderOptions(levels=3), 1, grid)


def test_more_orthonormal_rows_than_units_are_refused() -> None:
    options = {"latent_dim": 9, "hidden": 4, "orthogonal": True}
    with pytest.raises(OptionError, match=r"9 orthonormal rows need hidden=9 or more; got"):
        parse_options(ConvEncoderOptions, options, "encoder")
