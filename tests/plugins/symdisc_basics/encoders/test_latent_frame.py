"""Coordinates that a method chooses."""

from __future__ import annotations

import torch

from symdisc_basics.encoders.latent_frame import LatentFrame


def rows(seed: int = 0) -> torch.Tensor:
    return torch.randn(50, 3, generator=torch.Generator().manual_seed(seed))


def test_at_first_rows_stay_as_they_are() -> None:
    frame, z = LatentFrame(3), rows()
    assert torch.equal(frame.seen(z), z)
    assert torch.equal(frame.restore(z), z)


def test_changes_follow_each_other() -> None:
    frame, z = LatentFrame(3), rows()
    expected = z
    for seed in (1, 2):
        origin, matrix = rows(seed)[:1], rows(seed)[1:4] + 2 * torch.eye(3)
        frame.change(origin, matrix)
        expected = (expected - origin) @ matrix
    torch.testing.assert_close(frame.seen(z), expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(frame.restore(expected), z, atol=1e-4, rtol=1e-4)


def test_with_a_leading_dimension_each_member_has_its_own() -> None:
    frame, z = LatentFrame(3), rows()
    for name in ("origin", "matrix", "back"):
        setattr(frame, name, torch.stack([getattr(frame, name)] * 2))
    frame.change(torch.zeros(2, 1, 3), torch.stack([torch.eye(3), 2 * torch.eye(3)]))
    torch.testing.assert_close(frame.seen(z), torch.stack([z, 2 * z]))


def test_gradients_flow_through_it() -> None:
    frame, z = LatentFrame(3), rows().requires_grad_()
    frame.change(torch.zeros(1, 3), 2 * torch.eye(3))
    (gradient,) = torch.autograd.grad(frame.seen(z).sum(), z)
    assert torch.equal(gradient, torch.full((50, 3), 2.0))
