from __future__ import annotations

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation
from symdisc.testing import check_encoder
from symdisc_basics.encoders.conv1d import Conv1dEncoder, Conv1dEncoderOptions

SHAPES = DataShapes(1, Representation.scalars(64))


@pytest.mark.parametrize("circular", [False, True])
@pytest.mark.parametrize("size", [16, 22])
def test_it_passes_the_suite(size: int, circular: bool) -> None:
    options = {"width": 8, "hidden": 6, "channels": 2, "circular": circular}
    check_encoder(Conv1dEncoder, options, shapes=[DataShapes(2, Representation.vector(size))])


def test_by_default_it_has_the_published_channels() -> None:
    encoder = Conv1dEncoder(Conv1dEncoderOptions(), SHAPES)
    assert encoder.networks.channels == [1, 16, 32, 64]
    assert encoder.networks.grids == [(64,), (32,), (16,), (8,)]


def test_signals_stand_one_after_the_other() -> None:
    encoder = Conv1dEncoder(Conv1dEncoderOptions(channels=2), SHAPES)
    assert encoder.networks.grids[0] == (32,)
    x = torch.cat([torch.randn(100, 32), 7 * torch.randn(100, 32)], dim=1)
    encoder.fit(x)
    assert len(set(encoder.data_scale.scale[0].tolist())) == 2


@pytest.mark.parametrize(
    ("form", "channels", "problem"),
    [
        (Representation.image(8, 8), 1, r"a state is of images, 'G8x8'; use --encoder conv2d"),
        (
            Representation.vector(64),
            3,
            r"encoder.channels=3 signals .* a state of 64 coordinates \('V64'\); channels that "
            r"would: 1, 2, 4, 8, 16",
        ),
    ],
)
def test_data_that_are_no_such_signals(form: Representation, channels: int, problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        Conv1dEncoder(Conv1dEncoderOptions(channels=channels), DataShapes(1, form))
