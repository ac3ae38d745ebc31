"""Principal axes against a singular value decomposition."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc_basics.encoders.principal_axes import PrincipalAxes


def centred(*shape: int, seed: int = 0) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    x = torch.randn(*shape, generator=rng) * torch.linspace(3, 1, shape[-1]).square()
    return x - x.mean(-2, keepdim=True)


@pytest.mark.parametrize("rows", [200, 6])
def test_axes_and_deviations_are_those_of_the_data(rows: int) -> None:
    x, axes = centred(rows, 8), PrincipalAxes(8, 3)
    axes.fit(x)
    _, values, right = torch.linalg.svd(x, full_matrices=False)
    assert torch.allclose(axes.deviations[0], values[:3] / rows**0.5, rtol=1e-4)
    assert torch.allclose((axes.axes.T @ right[:3].T).abs(), torch.eye(3), atol=1e-3)
    assert torch.allclose(axes.scores(x).std(0, correction=0), axes.deviations[0], rtol=1e-3)
    assert torch.allclose(axes.restore(axes.scores(x)), x @ right[:3].T @ right[:3], atol=1e-3)


def test_signs_do_not_depend_on_the_order_of_rows() -> None:
    x, axes = centred(50, 6), PrincipalAxes(6, 4)
    axes.fit(x)
    before = axes.axes.clone()
    axes.fit(x.flip(0))
    assert torch.allclose(axes.axes, before, atol=1e-4)
    largest = before.gather(0, before.abs().argmax(0, keepdim=True))
    assert bool((largest > 0).all())


def test_what_data_do_not_determine_is_zero() -> None:
    x = centred(40, 2) @ torch.eye(2, 5)
    axes = PrincipalAxes(5, 4)
    axes.fit(x)
    assert torch.equal(axes.axes[:, 2:], torch.zeros(5, 2))
    assert torch.equal(axes.deviations[:, 2:], torch.ones(1, 2))
    few = PrincipalAxes(5, 4)
    few.fit(centred(3, 5))  # three rows about their mean span a plane
    assert torch.equal(few.axes[:, 2:], torch.zeros(5, 2))


def test_before_data_are_known_axes_are_the_first_coordinates() -> None:
    axes, x = PrincipalAxes(5, 2), torch.randn(3, 5)
    assert torch.equal(axes.scores(x), x[:, :2])


def test_members_of_an_ensemble_have_their_own() -> None:
    members, x = [PrincipalAxes(6, 2) for _ in range(3)], centred(3, 50, 6)
    stacked = PrincipalAxes(6, 2)
    stacked.axes, stacked.deviations = torch.empty(3, 6, 2), torch.empty(3, 1, 2)
    for rows in (x, x[:1].expand(3, 50, 6)):  # rows of their own, and the same for all
        stacked.fit(rows)
        for member, own, axes in zip(members, rows, stacked.axes, strict=True):
            member.fit(own)
            assert torch.allclose(axes, member.axes, atol=1e-5)
