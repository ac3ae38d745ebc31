from __future__ import annotations

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import parse_options
from symdisc.representations import Representation
from symdisc.testing import check_discriminator
from symdisc_basics.conv_discriminator import ConvDiscriminator, ConvDiscriminatorOptions

GREY = Representation.image(8, 9)
SHAPES = (
    DataShapes(1, GREY),
    DataShapes(2, Representation(3, 3, 2, (5, 6))),
    DataShapes(1, GREY, target_representation=Representation.scalars(2)),
    DataShapes(1, GREY, n_classes=4),
)


@pytest.mark.parametrize("depth", [1, 3])
def test_it_passes_the_suite(depth: int) -> None:
    check_discriminator(ConvDiscriminator, {"width": 2, "depth": depth, "hidden": 4}, shapes=SHAPES)


def discriminator(shapes: DataShapes) -> ConvDiscriminator:
    return ConvDiscriminator(ConvDiscriminatorOptions(width=4, hidden=8), shapes)


def test_sizes_follow_the_options() -> None:
    sizes = [tuple(p.shape) for p in discriminator(SHAPES[1]).parameters() if p.ndim > 1]
    # Two states of three channels; 5×6 becomes 3×3, then 2×2; four scalars join.
    assert sizes == [(4, 6, 3, 3), (8, 4, 3, 3), (8, 8 * 2 * 2 + 4), (1, 8)]


def test_neighbouring_pixels_are_seen_together() -> None:
    module = discriminator(SHAPES[0])
    image = torch.rand(1, 1, 72)
    turned = image.reshape(8, 9).flip(0).reshape(1, 1, 72)
    assert module(image) != module(turned)


def test_labels_scalars_and_targets_matter() -> None:
    x = torch.rand(4, 1, 72)
    same = x[:1].expand(4, 1, 72)
    assert len(discriminator(SHAPES[3])(same, torch.arange(4)).unique()) == 4
    assert len(discriminator(SHAPES[2])(same, torch.randn(4, 2)).unique()) == 4
    with_scalars = torch.rand(1, 2, 92).repeat(2, 1, 1)
    with_scalars[1, :, -1] += 1
    first, second = discriminator(SHAPES[1])(with_scalars)
    assert first != second


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(
        OptionError, match=r"looks at images, but a state is 'V4'; use --discriminator mlp, or"
    ):
        discriminator(DataShapes(1, Representation.vector(4)))


@pytest.mark.parametrize("name", ["width", "depth", "hidden"])
def test_sizes_are_positive(name: str) -> None:
    with pytest.raises(OptionError, match=rf"option 'discriminator\.{name}' = 0: .* equal to 1"):
        parse_options(ConvDiscriminatorOptions, {name: 0}, "discriminator")
