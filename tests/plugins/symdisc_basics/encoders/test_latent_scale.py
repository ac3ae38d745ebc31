from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc_basics.encoders.latent_scale import LatentScale, Normalise

ALL = torch.ones(())


def skewed(rows: int = 400) -> Tensor:
    torch.manual_seed(0)
    mix = torch.tensor([[3.0, 0.0, 0.0], [1.0, 0.2, 0.0], [0.0, 0.1, 5.0]])
    return torch.randn(rows, 3) @ mix + torch.tensor([1.0, -2.0, 10.0])


@pytest.mark.parametrize("how", ["none", "centre", "whiten"])
def test_restoring_undoes_it(how: Normalise) -> None:
    scale, z = LatentScale(3, how), skewed()
    scale.update(z, ALL)
    assert torch.allclose(scale.restore(scale.normalise(z)), z, atol=2e-5)


def test_none_leaves_points_alone_and_keeps_nothing() -> None:
    scale, z = LatentScale(3, "none"), skewed()
    scale.update(z, ALL)
    assert scale.normalise(z) is z
    assert scale.restore(z) is z
    assert list(scale.buffers()) == []


def test_centring() -> None:
    scale, z = LatentScale(3, "centre"), skewed()
    scale.update(z, ALL)
    assert torch.allclose(scale.normalise(z), z - z.mean(0), atol=1e-5)


def test_whitening() -> None:
    scale, z = LatentScale(3, "whiten"), skewed()
    scale.update(z, ALL)
    white = scale.normalise(z)
    assert torch.allclose(white.mean(0), torch.zeros(3), atol=1e-4)
    assert torch.allclose(white.T.cov(correction=0), torch.eye(3), atol=1e-4)


def test_the_whitening_matrix_is_symmetric_and_does_not_turn_round_data() -> None:
    scale = LatentScale(3, "whiten")
    scale.update(skewed(), ALL)
    assert torch.allclose(scale.whitener, scale.whitener.T, atol=1e-6)
    assert torch.allclose(scale.whitener @ scale.unwhitener, torch.eye(3), atol=1e-5)
    torch.manual_seed(1)
    scale.update(torch.randn(100_000, 3), ALL)
    assert torch.allclose(scale.whitener, torch.eye(3), atol=0.02)


def test_flat_latents_stay_finite_and_restorable() -> None:
    scale = LatentScale(3, "whiten")
    z = skewed() * torch.tensor([1.0, 0.0, 1.0])
    scale.update(z, ALL)
    assert torch.allclose(scale.restore(scale.normalise(z)), z, atol=1e-4)
    scale.update(torch.zeros(10, 3), ALL)
    assert scale.normalise(torch.zeros(10, 3)).isfinite().all()


def test_statistics_run() -> None:
    scale, z = LatentScale(3, "whiten"), skewed()
    scale.update(z, torch.tensor(0.25))
    assert torch.allclose(scale.mean, 0.25 * z.mean(0, keepdim=True))
    expected = 0.75 * torch.eye(3) + 0.25 * z.T.cov(correction=0)
    assert torch.allclose(scale.covariance, expected, atol=1e-4)
