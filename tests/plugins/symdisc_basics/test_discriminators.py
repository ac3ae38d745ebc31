from __future__ import annotations

import pytest
import torch

from symdisc.interfaces import DataShapes
from symdisc.representations import Representation
from symdisc.testing import check_discriminator
from symdisc_basics.discriminators import MLPDiscriminator, MLPDiscriminatorOptions

LABELLED = DataShapes(1, Representation.vector(2), n_classes=3)


@pytest.mark.parametrize("depth", [1, 3])
def test_it_passes_the_suite(depth: int) -> None:
    check_discriminator(MLPDiscriminator, {"width": 16, "depth": depth})


def test_sizes_follow_the_options() -> None:
    shapes = DataShapes(2, Representation.vector(3), Representation.scalars(4))
    options = MLPDiscriminatorOptions(width=7, depth=3)
    sizes = [tuple(p.shape) for p in MLPDiscriminator(options, shapes).parameters()]
    assert sizes == [(10, 7), (1, 7), (7, 7), (1, 7), (7, 7), (1, 7), (7, 1), (1, 1)]


def test_the_order_of_states_matters() -> None:
    shapes = DataShapes(2, Representation.vector(3))
    module = MLPDiscriminator(MLPDiscriminatorOptions(), shapes)
    x = torch.randn(4, 2, 3)
    assert not torch.allclose(module(x), module(x.flip(1)))


def test_labels_matter_and_have_an_embedding() -> None:
    module = MLPDiscriminator(MLPDiscriminatorOptions(embedding=5), LABELLED)
    assert module.embedding is not None
    assert module.embedding.shape == (3, 5)
    x = torch.ones(3, 1, 2)
    assert len(module(x, torch.arange(3)).unique()) == 3


def test_without_labels_there_is_no_embedding() -> None:
    shapes = DataShapes(1, Representation.vector(2))
    module = MLPDiscriminator(MLPDiscriminatorOptions(), shapes)
    assert module.embedding is None
    assert MLPDiscriminator.stack([module, module]).embedding is None


def test_slope_is_that_of_the_activation() -> None:
    linear = MLPDiscriminator(MLPDiscriminatorOptions(slope=1.0), LABELLED)
    x, y = torch.randn(6, 1, 2), torch.zeros(6, dtype=torch.int64)
    middle = linear((x[:3] + x[3:]) / 2, y[:3])
    assert torch.allclose(middle, (linear(x[:3], y[:3]) + linear(x[3:], y[:3])) / 2, atol=1e-6)
