from __future__ import annotations

import torch

from symdisc_basics.encoders.data_scale import DataScale


def test_nothing_happens_before_fitting() -> None:
    x = torch.randn(5, 3)
    scale = DataScale(3, 3)
    assert torch.equal(scale.standardise(x), x)
    assert torch.equal(scale.restore(x), x)


def test_each_coordinate_has_its_scale() -> None:
    torch.manual_seed(0)
    x = torch.randn(500, 3) * torch.tensor([1e-3, 1.0, 1e4]) + torch.tensor([5.0, 0.0, -2e4])
    scale = DataScale(3, 3)
    assert torch.equal(scale.fit(x), scale.scale)
    standard = scale.standardise(x)
    assert torch.allclose(standard.mean(0), torch.zeros(3), atol=2e-4)
    assert torch.allclose(standard.std(0, correction=0), torch.ones(3), atol=1e-4)
    assert ((scale.restore(standard) - x).abs() / x.abs().amax(0)).max() < 1e-6


def test_a_channel_has_one_scale() -> None:
    torch.manual_seed(0)
    x = torch.cat([torch.randn(400, 4), 10 * torch.randn(400, 4) + 3], dim=1)
    scale = DataScale(8, 2)
    scale.fit(x)
    assert scale.scale.shape == (1, 8)
    assert len(set(scale.scale[0].tolist())) == 2
    assert torch.allclose(scale.mean, x.mean(0, keepdim=True), atol=1e-6)
    second = x[:, 4:]
    assert torch.allclose(scale.scale[0, 4], (second - second.mean(0)).std(correction=0))


def test_constant_coordinates_are_only_centred() -> None:
    x = torch.stack([torch.full((50,), 0.1), torch.zeros(50), torch.arange(50.0)], dim=1)
    scale = DataScale(3, 3)
    scale.fit(x)
    assert scale.scale[0, :2].tolist() == [1, 1]
    assert torch.allclose(scale.standardise(x)[:, :2], torch.zeros(50, 2), atol=1e-6)


def test_members_of_an_ensemble_have_their_own() -> None:
    x = torch.randn(2, 60, 6) * torch.tensor([1.0, 5.0])[:, None, None]
    together, alone = DataScale(6, 3), DataScale(6, 3)
    for name in ("mean", "scale"):
        setattr(together, name, getattr(together, name).repeat(2, 1, 1))
    together.fit(x)
    for i in range(2):
        alone.fit(x[i])
        assert torch.allclose(together.mean[i], alone.mean, atol=1e-6)
        assert torch.allclose(together.scale[i], alone.scale, atol=1e-6)
