"""Perceptrons in a stack."""

from __future__ import annotations

import torch
from torch.nn import functional

from symdisc.verify.stacked_mlp import StackedMLP


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def net(*, alike: bool, last: float) -> StackedMLP:
    return StackedMLP((3, 8, 2), 4, functional.silu, rng(), alike=alike, last=last)


def test_members_alike_or_each_its_own() -> None:
    x = torch.randn(5, 3, generator=rng(1)).expand(4, 5, 3)
    alike, own = net(alike=True, last=1.0)(x), net(alike=False, last=1.0)(x)
    assert alike.shape == (4, 5, 2)
    assert torch.equal(alike[0], alike[3])
    assert not torch.allclose(own[0], own[3])


def test_zero_last_layer_is_the_zero_function() -> None:
    assert (net(alike=True, last=0.0)(torch.ones(4, 5, 3)) == 0).all()


def test_a_member_does_not_see_the_others_inputs_or_gradients() -> None:
    stack = net(alike=False, last=1.0)
    x = torch.randn(4, 5, 3, generator=rng(1))
    changed = x.clone()
    changed[2] += 1
    assert torch.equal(stack(x)[[0, 1, 3]], stack(changed)[[0, 1, 3]])
    torch.autograd.backward(stack(x)[2].sum())
    gradients = [parameter.grad for parameter in stack.parameters()]
    for gradient in gradients:
        assert gradient is not None
        assert (gradient[[0, 1, 3]] == 0).all()
        assert gradient[2].abs().max() > 0


def test_some_of_the_members() -> None:
    stack = net(alike=False, last=1.0)
    x = torch.randn(4, 5, 3, generator=rng(1))
    torch.testing.assert_close(stack(x[1::2], slice(1, None, 2)), stack(x)[1::2])
