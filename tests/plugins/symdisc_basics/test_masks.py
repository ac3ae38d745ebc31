from __future__ import annotations

import torch

from symdisc.representations import Representation
from symdisc_basics.masks import generator_mask


def test_without_blocks_every_entry_is_free() -> None:
    assert generator_mask(None, Representation(2, 3)).tolist() == torch.ones(3, 3).tolist()


def test_entries_between_blocks_are_not() -> None:
    mask = generator_mask(((0, 2), (1,)), Representation.vector(4))
    expected = [[1, 0, 1, 0], [0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    assert mask.tolist() == expected


def test_generators_of_images_are_affine() -> None:
    image = Representation.image(4, 5)
    assert generator_mask(None, image).tolist() == [[1, 1, 1], [1, 1, 1], [0, 0, 0]]
    assert generator_mask(((0, 1), (2,)), image).tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
