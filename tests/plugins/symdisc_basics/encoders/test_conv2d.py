from __future__ import annotations

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation
from symdisc.testing import check_encoder
from symdisc_basics.encoders.conv2d import Conv2dEncoder, Conv2dEncoderOptions

IMAGES = (Representation.image(5, 6, 3), Representation.image(8, 7))


@pytest.mark.parametrize("circular", [False, True])
def test_it_passes_the_suite(circular: bool) -> None:
    options = {"width": 8, "hidden": 6, "levels": 2, "circular": circular}
    check_encoder(Conv2dEncoder, options, shapes=[DataShapes(2, form) for form in IMAGES])


def test_plain_coordinates_are_an_image_if_said_so() -> None:
    options = Conv2dEncoderOptions(image=(4, 6), levels=2)
    encoder = Conv2dEncoder(options, DataShapes(1, Representation.scalars(48)))
    assert encoder.networks.channels[0] == 2
    assert encoder.networks.grids[0] == (4, 6)


def test_it_sees_what_an_image_of_the_representation_would_show() -> None:
    torch.manual_seed(0)
    told = Conv2dEncoder(Conv2dEncoderOptions(levels=2), DataShapes(1, IMAGES[0]))
    torch.manual_seed(0)
    plain = Conv2dEncoder(
        Conv2dEncoderOptions(levels=2, image=(5, 6)), DataShapes(1, Representation.vector(90))
    )
    x = torch.randn(4, 90)
    assert torch.equal(told.encode(x), plain.encode(x))


def test_a_channel_has_one_scale() -> None:
    encoder = Conv2dEncoder(Conv2dEncoderOptions(levels=2), DataShapes(1, IMAGES[0]))
    encoder.fit(torch.randn(10, 90))
    assert len(set(encoder.data_scale.scale[0].tolist())) == 3


@pytest.mark.parametrize(
    ("form", "image", "problem"),
    [
        (
            Representation.vector(2304),
            None,
            r"a state is 'V2304'; say what an image is, e.g. --set encoder.image=\[48,48\]; or use",
        ),
        (Representation.vector(6912), None, r"encoder.image=\[48,48\]"),
        (Representation.vector(12), None, r"encoder.image=\[2,2\]"),
        (Representation.vector(10), None, r"encoder.image=\[ROWS,COLUMNS\]"),
        (
            Representation.vector(2304),
            (48, 40),
            r"images of 48x40 do not make a state of 2304 coordinates \('V2304'\); give rows and "
            r"columns, e.g. --set encoder.image=\[48,48\]",
        ),
        (Representation.vector(4), (0, 4), r"images of 0x4 do not make a state of 4"),
        (
            Representation.image(8, 8),
            (8, 9),
            r"encoder.image=8x9, but a state 'G8x8' has images of 8x8; leave out encoder.image",
        ),
        (
            Representation(1, 3, 2, (8, 8)),
            None,
            r"a state 'G8x8 \+ 2\*S' has 2 scalars beside them; leave them out of the data, or use",
        ),
    ],
)
def test_data_that_are_no_such_images(
    form: Representation, image: tuple[int, int] | None, problem: str
) -> None:
    with pytest.raises(OptionError, match=problem):
        Conv2dEncoder(Conv2dEncoderOptions(image=image), DataShapes(1, form))
