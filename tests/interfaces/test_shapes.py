from __future__ import annotations

import torch

from symdisc.data.samples import Samples
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation

V3 = Representation.vector(3)


def test_shapes_of_plain_samples() -> None:
    shapes = DataShapes.of(Samples(torch.zeros(4, 2, 3), torch.arange(4), V3))
    assert shapes == DataShapes(2, V3)
    assert (shapes.size, shapes.n_targets, shapes.n_classes) == (3, 0, 0)


def test_shapes_of_samples_with_number_targets() -> None:
    form = Representation(1, 3, 2)
    samples = Samples(torch.zeros(4, 1, 3), torch.arange(4), V3, torch.zeros(4, 5), form)
    assert DataShapes.of(samples).n_targets == 5
    assert DataShapes.of(samples).n_classes == 0


def test_shapes_of_samples_with_labels() -> None:
    samples = Samples(torch.zeros(4, 1, 3), torch.arange(4), V3, torch.tensor([0, 2, 1, 0]))
    assert DataShapes.of(samples).n_targets == 0
    assert DataShapes.of(samples).n_classes == 3
