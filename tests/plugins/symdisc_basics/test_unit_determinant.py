from __future__ import annotations

import torch

from symdisc.representations import Representation
from symdisc_basics.unit_determinant import random_representatives, unit_determinant


def test_the_determinant_becomes_one_and_keeps_its_sign() -> None:
    rng = torch.Generator().manual_seed(0)
    matrices = torch.randn(50, 3, 3, generator=rng, dtype=torch.float64)
    found = torch.linalg.det(unit_determinant(matrices))
    assert torch.allclose(found, torch.linalg.det(matrices).sign())


def test_affine_maps_keep_their_last_row() -> None:
    rng = torch.Generator().manual_seed(1)
    matrices = torch.randn(20, 3, 3, generator=rng, dtype=torch.float64)
    found = unit_determinant(matrices, affine=True)
    assert torch.equal(found[:, 2], torch.tensor([0.0, 0.0, 1.0]).double().expand(20, 3))
    assert torch.allclose(torch.linalg.det(found).abs(), torch.ones(20).double())
    # The direction of the linear part is that of the given one.
    ratio = found[:, :2, :2] / matrices[:, :2, :2]
    assert torch.allclose(ratio, ratio[:, :1, :1].expand_as(ratio))


def test_gradients_follow_the_matrix() -> None:
    matrix = torch.tensor([[2.0, 0.5], [0.1, -1.0]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(unit_determinant, (matrix,))


def test_a_search_starts_on_both_sides() -> None:
    torch.manual_seed(3)
    start = random_representatives(8, Representation.vector(4))
    signs = torch.linalg.det(start).sign()
    assert signs.tolist() == [1, -1] * 4
    # Near orthogonal ones, and no two alike.
    assert float(torch.linalg.cond(start).max()) < 4
    assert float(torch.cdist(start.flatten(1), start.flatten(1)).fill_diagonal_(9).min()) > 0.3


def test_images_are_turned_about_their_middle() -> None:
    torch.manual_seed(4)
    start = random_representatives(6, Representation.image(8, 8))
    assert torch.equal(start[:, 2], torch.tensor([0.0, 0.0, 1.0]).expand(6, 3))
    assert not start[:, :2, 2].any()
