from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc_basics.orthogonal import orthonormal_columns


def gram_defect(q: Tensor) -> float:
    eye = torch.eye(q.shape[-1], dtype=q.dtype)
    return float((q.mT @ q - eye).abs().max())


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (128, 9), (3, 40, 4)])
def test_columns_are_orthonormal(shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    assert gram_defect(orthonormal_columns(torch.randn(shape))) < 2e-6


def test_it_is_gram_and_schmidt() -> None:
    torch.manual_seed(1)
    a = torch.randn(5, 2, dtype=torch.float64)
    first = a[:, 0] / a[:, 0].norm()
    rest = a[:, 1] - (first @ a[:, 1]) * first
    expected = torch.stack([first, rest / rest.norm()], dim=1)
    assert torch.allclose(orthonormal_columns(a), expected)


def test_orthonormal_columns_stay_as_they_are() -> None:
    torch.manual_seed(2)
    q = orthonormal_columns(torch.randn(7, 3, dtype=torch.float64))
    assert torch.allclose(orthonormal_columns(q), q)


def test_it_is_smooth_where_qr_flips_signs() -> None:
    """The sign of a QR decomposition's columns changes with that of a leading entry."""
    path = [orthonormal_columns(torch.tensor([[t], [1.0]])) for t in (-1e-4, 1e-4)]
    assert torch.allclose(path[0], path[1], atol=1e-3)


def test_first_and_second_derivatives() -> None:
    torch.manual_seed(3)
    a = torch.randn(2, 4, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(orthonormal_columns, a)
    assert torch.autograd.gradgradcheck(orthonormal_columns, a)


def test_it_can_be_vmapped() -> None:
    torch.manual_seed(4)
    a = torch.randn(3, 6, 2)
    assert torch.allclose(torch.vmap(orthonormal_columns)(a), orthonormal_columns(a), atol=1e-6)
